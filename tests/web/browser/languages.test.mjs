// The page in other languages: chosen, remembered, from the browser; nothing cut.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually, keepShot, overflow, runScenario, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

describe('languages', () => {
  onPage('German is chosen and kept; what the program says stays English', {}, async ({ page }) => {
    await Promise.all([page.waitForEvent('load'), page.selectOption('#language', 'de')]);
    await eventually(async () =>
      assert.equal(await page.textContent('.start__text'), 'Handshake starten'));
    assert.equal(await page.getAttribute('html', 'lang'), 'de');
    await runScenario(page, lab.program.url);
    assert.equal(await page.textContent('#tab-card'), 'Segment');
    assert.match(await page.textContent('.verdict__text'), /handshake completed/);
    assert.equal(await overflow(page), 0);
    await keepShot(page, 'language-de');
    await page.reload();
    await eventually(async () => assert.equal(await page.inputValue('#language'), 'de'));
  });

  for (const width of [390, 1440]) {
    onPage(`Chinese as the browser asks, ${width} px`, { locale: 'zh-CN', viewport: { width, height: 900 } },
      async ({ page }) => {
        await page.waitForSelector('.start:not([disabled])');
        await eventually(async () =>
          assert.equal(await page.textContent('.start__text'), '开始握手'));
        await runScenario(page, lab.program.url);
        assert.equal(await overflow(page), 0);
        await keepShot(page, `language-zh-${width}`, { fullPage: true });
      });
  }
});
