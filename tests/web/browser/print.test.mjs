// On paper: the picture, and the story or the segment, in light colours, with
// nothing to press.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { overflow, startRun, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;
const dark = { colorScheme: 'dark' };

async function openRun(page, scenario) {
  const id = await startRun(lab.program.url, { scenario, wait: true });
  await page.goto(`${lab.program.url}/#run/${id}`);
  await page.waitForSelector('.arrow');
}

async function onPaper(page) {
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize({ width: 703, height: 1017 }); // A4 within its margins
}

/* What could be pressed, and is visible. */
const controls = (page) => page.locator('button, input, select, a.views__link, summary')
  .evaluateAll((nodes) => nodes.filter((node) => node.checkVisibility()
    && !node.matches('.story__step, .field, .verdict__count')).map((node) => node.className));

/* The pages of a PDF. */
async function sheets(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const [, width, height] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf).map(Number);
  return { count: pdf.match(/\/Type\s*\/Page\b/g).length, width, height };
}

describe('on paper', () => {
  onPage('the picture and the story, no controls, light', dark, async ({ page }) => {
    await openRun(page, 'open');
    await onPaper(page);
    assert.deepEqual(await controls(page), []);
    for (const shown of ['.diagram__frame > svg', '.verdict__text', '.teaches', '.story__list']) {
      assert.ok(await page.locator(shown).first().isVisible(), shown);
    }
    assert.equal(await overflow(page), 0);
    const ink = await page.locator('.verdict__text').evaluate((el) => getComputedStyle(el).color);
    const ground = await page.locator('body').evaluate((el) => getComputedStyle(el).backgroundColor);
    assert.deepEqual([ink, ground], ['rgb(24, 32, 44)', 'rgb(255, 255, 255)']);
    const steps = page.locator('.story__step');
    assert.ok(await steps.last().isVisible());
    const list = await page.locator('.story__list').evaluate((el) => el.scrollHeight - el.clientHeight);
    assert.equal(list, 0, 'nothing of the story is hidden by scrolling');
  });

  onPage('the segment’s card instead, in the flow of the page', dark, async ({ page }) => {
    await openRun(page, 'open');
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.waitForSelector('.field');
    await onPaper(page);
    assert.deepEqual(await controls(page), []);
    assert.ok(await page.locator('.field').first().isVisible());
    assert.ok(await page.locator('.story').isHidden());
    const position = await page.locator('.side').evaluate((el) => getComputedStyle(el).position);
    assert.equal(position, 'static');
  });

  onPage('A4; the picture of a longer run is made to fit one sheet', {}, async ({ page }) => {
    await openRun(page, 'classic');
    const { count, width, height } = await sheets(page);
    assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2, `${width} x ${height}`);
    assert.ok(count >= 2 && count <= 6, `${count} sheets`);
    await onPaper(page);
    const drawn = await page.locator('.diagram__frame > svg').boundingBox();
    assert.ok(drawn.height <= 860, `${drawn.height} px high`);
  });
});
