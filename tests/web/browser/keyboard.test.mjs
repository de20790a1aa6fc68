// The lab with Tab alone: everything is reached, in the order in which it is read,
// and whoever looks sees where the focus is.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually, startRun, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

/* What can be pressed or filled in and is seen, but not what a group leads to with
 * arrow keys: of those, one is a stop. Each gets a number, in data-stop. */
const mark = (page) => page.evaluate(() => {
  const all = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const stops = [...document.querySelectorAll(all)].filter((el) => {
    const isOther = el.matches('[tabindex="-1"], :disabled') || !el.checkVisibility();
    const radio = el.matches('[type=radio]:not(:checked)');
    return !isOther && !radio && !el.closest('[hidden]');
  });
  stops.forEach((el, i) => { el.dataset.stop = i; });
  return stops.map((el) => el.id || el.getAttribute('class') || `${el.tagName} ${el.name}`);
});

/* Where the focus is: the number of the stop, and the part of the page. */
const focused = (page) => page.evaluate(() => {
  const parts = ['.skip', '.top', '#controls', '#machine', '#verdict', '.diagram__bar', '#gauges',
    '.diagram__frame', '#player', '#tape', '#terminals', '#side', '#runs'];
  const el = document.activeElement;
  const part = parts.findIndex((selector) => el.closest(selector));
  const stop = el.dataset.stop === undefined ? el.outerHTML.slice(0, 90) : Number(el.dataset.stop);
  return { isEnd: el === document.body, stop, part };
});

/* Press Tab until the focus leaves the page; the stops passed. */
async function tabThrough(page, most, look = () => {}) {
  const passed = [];
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.isEnd) return passed;
    passed.push(at);
    await look(at);
  }
  return assert.fail(`no end after ${most} stops`);
}

/* What has the focus lies below what stays in sight: the heads, the player. */
const isBehind = (page) => page.evaluate(() => {
  const over = '.diagram__heads, .player';
  const el = document.activeElement;
  const { x, y, width, height } = (el.querySelector('.arrow__flags') ?? el).getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  return Boolean(top?.closest(over)) && !el.closest(over);
});

async function openRun(page, path = '') {
  const { url } = lab.program;
  const id = await startRun(url, { scenario: 'classic', wait: true });
  await page.goto(`${url}/#run/${id}${path}`);
  await page.waitForSelector('#player:not([hidden])');
  await page.waitForSelector('.tape__item');
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.activeElement.blur());
}

describe('with Tab alone', () => {
  onPage('everything is reached, once, in the order of reading', {}, async ({ page }) => {
    await openRun(page);
    const names = await mark(page);
    const passed = await tabThrough(page, names.length + 10);
    const reached = new Set(passed.map(({ stop }) => stop));
    assert.deepEqual(names.filter((_, i) => !reached.has(i)), [], 'out of reach');
    assert.deepEqual([...reached].filter((stop) => typeof stop === 'string'), [], 'a stop for nothing');
    assert.equal(reached.size, passed.length, 'a stop came twice');
    const parts = passed.map(({ part }) => part);
    assert.ok(parts.every((part) => part >= 0), 'each stop belongs to a part of the page');
    assert.deepEqual(parts, [...parts].sort((a, b) => a - b), 'from the top to the bottom');
    const last = passed.at(-1);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    assert.ok((await focused(page)).stop < last.stop, 'and back');
  });

  onPage('the focus is seen at every stop', {}, async ({ page }) => {
    await openRun(page);
    const names = await mark(page);
    const unseen = [];
    await tabThrough(page, names.length + 10, async ({ stop }) => {
      const clip = await page.evaluate(() => {
        const el = document.activeElement;
        const seen = el.closest('label') ?? el; // a switch shows it around its label
        const box = seen.getBoundingClientRect();
        const [x, y] = [Math.max(0, box.x - 8), Math.max(0, box.y - 8)];
        const width = Math.min(window.innerWidth - x, box.width + 16);
        const height = Math.min(window.innerHeight - y, box.height + 16);
        return { x, y, width, height };
      });
      if (clip.width <= 0 || clip.height <= 0 || await isBehind(page)) {
        unseen.push(`${names[stop]}: out of sight`);
        return;
      }
      const before = await page.screenshot({ clip });
      await page.evaluate(() => {
        window.was = document.activeElement;
        window.was.blur();
      });
      const after = await page.screenshot({ clip });
      await page.evaluate(() => window.was.focus({ preventScroll: true, focusVisible: true }));
      if (before.equals(after)) unseen.push(names[stop]);
    });
    assert.deepEqual(unseen, []);
  });

  onPage('who comes back from below finds the segment, not the heads over it', {}, async ({ page }) => {
    await openRun(page);
    await page.locator('.player__range').focus();
    await page.evaluate(() => {
      const { y } = document.querySelector('.arrow[tabindex="0"] .arrow__flags').getBoundingClientRect();
      window.scrollBy(0, y - 30); // in sight, but for the heads
    });
    await page.keyboard.press('Shift+Tab');
    assert.ok(await page.evaluate(() => document.activeElement.matches('.arrow')));
    await eventually(async () => assert.ok(!await isBehind(page)));
  });

  onPage('the skip link leads to the diagram', {}, async ({ page }) => {
    await openRun(page);
    await page.keyboard.press('Tab');
    assert.ok(await page.locator('.skip').evaluate((el) => el === document.activeElement));
    const box = await page.locator('.skip').boundingBox();
    assert.ok(box.y >= 0, 'it is seen when it has the focus');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('#diagram').contains(document.activeElement)));
    assert.match(page.url(), /#run\//, 'the run stays');
  });

  onPage('the arrows lead to every segment, from one stop', {}, async ({ page }) => {
    await openRun(page);
    const all = await page.locator('.arrow').count();
    await page.locator('.arrow[tabindex="0"]').focus();
    const seen = [];
    for (let i = 0; i < all; i += 1) {
      seen.push(await page.evaluate(() => Number(document.activeElement.dataset.n)));
      await page.keyboard.press('ArrowDown');
    }
    assert.deepEqual(seen, Array.from({ length: all }, (_, i) => i + 1));
    assert.equal(await page.locator('.arrow[tabindex="0"]').count(), 1);
  });

  onPage('the tabs beside it open each panel', {}, async ({ page }) => {
    await openRun(page);
    await page.locator('#tab-story').focus();
    for (const name of ['card', 'wire', 'forge', 'predict', 'story']) {
      await page.keyboard.press('ArrowRight');
      await eventually(async () => assert.ok(await page.locator(`#${name}`).isVisible(), name));
      assert.equal(await page.evaluate(() => document.activeElement.id), `tab-${name}`);
    }
  });
});
