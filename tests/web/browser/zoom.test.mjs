// The hand on the picture: buttons, keys, wheel, mouse and two fingers enlarge and
// move it, and what is looked at stays where it is.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually, startRun, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

async function openRun(page, scenario = 'classic') {
  const { url } = lab.program;
  const id = await startRun(url, { scenario, wait: true });
  await page.goto(`${url}/#run/${id}`);
  await page.waitForSelector('.arrow');
  await page.waitForSelector('#player:not([hidden])'); // it takes room: then nothing moves
  await page.evaluate(() => document.fonts.ready);
}

const percentOf = (page) => page.locator('.zoom__percent').textContent();
const isAt = (page, percent) =>
  eventually(async () => assert.equal(await percentOf(page), `${percent} %`));
const sheetOf = (page) => page.locator('.diagram__sheet').boundingBox();
const labelOf = (page, n) => page.locator(`.arrow[data-n="${n}"] .arrow__flags`);

/* The middle of a segment's flags on the screen. */
async function placeOf(page, n) {
  const { x, y, width, height } = await labelOf(page, n).boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

function assertNear(place, want, most, say) {
  const far = Math.hypot(place.x - want.x, place.y - want.y);
  assert.ok(far <= most, `${say}: ${far.toFixed(1)} px off`);
}

/* A picture that can be moved in all directions, its segment 4 in the middle. */
async function openEnlarged(page) {
  await openRun(page);
  for (let i = 0; i < 3; i += 1) await page.click('.zoom__in');
  await isAt(page, 195);
  await page.locator('.diagram__frame').evaluate((frame) => {
    const view = frame.getBoundingClientRect();
    const label = document.querySelector('.arrow[data-n="4"] .arrow__flags').getBoundingClientRect();
    frame.scrollBy(label.left - view.left - view.width / 2, label.top - view.top - 150);
  });
}

describe('buttons', () => {
  onPage('enlarge, shrink, show all of it, and go back', {}, async ({ page }) => {
    await openRun(page);
    const before = await sheetOf(page);
    await isAt(page, 100);
    await page.click('.zoom__in');
    await isAt(page, 125);
    assert.ok(Math.abs((await sheetOf(page)).width / before.width - 1.25) < 0.01);
    await page.click('.zoom__out');
    await page.click('.zoom__out');
    await isAt(page, 80);
    await page.click('.zoom__fit');
    await eventually(async () => {
      const [sheet, frame] = [await sheetOf(page), await page.locator('.diagram__frame').boundingBox()];
      assert.ok(sheet.height <= 900 && sheet.height <= frame.height + 40, `${sheet.height} px`);
    });
    await page.click('.zoom__percent');
    await isAt(page, 100);
    assert.deepEqual((await sheetOf(page)).width, before.width);
  });

  onPage('keep what is in the middle of the view there', {}, async ({ page }) => {
    await openEnlarged(page);
    const view = await page.locator('.diagram__frame').evaluate((frame) => {
      const { top, bottom, left, right } = frame.getBoundingClientRect();
      const floor = Math.min(window.innerHeight, bottom);
      return { x: (left + right) / 2, y: (Math.max(0, top) + floor) / 2 };
    });
    const before = await placeOf(page, 4);
    await page.click('.zoom__in');
    await isAt(page, 244);
    const want = {
      x: view.x + (before.x - view.x) * 1.25, y: view.y + (before.y - view.y) * 1.25,
    };
    assertNear(await placeOf(page, 4), want, 4, 'segment 4');
  });

  onPage('end where there is no more', {}, async ({ page }) => {
    await openRun(page, 'open');
    for (let i = 0; i < 7; i += 1) if (await page.isEnabled('.zoom__in')) await page.click('.zoom__in');
    await isAt(page, 400);
    assert.ok(await page.isDisabled('.zoom__in'));
    await page.click('#toolbar label:has([value=true])');
    await eventually(async () => assert.ok(await page.isDisabled('.zoom__out')));
  });
});

describe('keys', () => {
  onPage('+ and - and 0 do the same, but not where one writes', {}, async ({ page }) => {
    await openRun(page);
    await page.locator('.arrow').first().focus();
    await page.keyboard.press('+');
    await isAt(page, 125);
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    await isAt(page, 80);
    await page.click('.zoom__fit');
    const fitted = await percentOf(page);
    await page.keyboard.press('+');
    await eventually(async () => assert.notEqual(await percentOf(page), fitted));
    await page.keyboard.press('0');
    await eventually(async () => assert.equal(await percentOf(page), fitted));
    await page.click('.picker__button');
    await page.locator('.picker__search').pressSequentially('++');
    assert.equal(await page.inputValue('.picker__search'), '++');
    assert.equal(await percentOf(page), fitted);
  });
});

describe('the wheel with Ctrl', () => {
  onPage('enlarges around the pointer; without Ctrl it scrolls', {}, async ({ page }) => {
    await openEnlarged(page);
    const before = await placeOf(page, 4);
    await page.mouse.move(before.x, before.y);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -60);
    await page.keyboard.up('Control');
    await eventually(async () => assert.notEqual(await percentOf(page), '195 %'));
    assertNear(await placeOf(page, 4), before, 3, 'segment 4');
    const percent = await percentOf(page);
    await page.mouse.wheel(0, 90);
    await eventually(async () => {
      const moved = before.y - (await placeOf(page, 4)).y;
      assert.ok(Math.abs(moved - 90) < 5, `moved by ${moved}`);
    });
    assert.equal(await percentOf(page), percent);
  });
});

describe('a picture of its usual size', () => {
  onPage('keeps its place when it gets a frame of its own', {}, async ({ page }) => {
    await openRun(page);
    await labelOf(page, 6).evaluate((node) => node.scrollIntoView({ block: 'center' }));
    const before = await placeOf(page, 6);
    await page.mouse.move(before.x, before.y);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await eventually(async () => assert.notEqual(await percentOf(page), '100 %'));
    await page.waitForSelector('.diagram__frame.is-bounded');
    assertNear(await placeOf(page, 6), before, 3, 'segment 6');
  });
});

describe('the mouse', () => {
  onPage('moves the picture by its ground, and a click still opens', {}, async ({ page }) => {
    await openEnlarged(page);
    const before = await placeOf(page, 4);
    const ground = await page.evaluate(({ x, y }) => {
      const free = (at) => document.elementFromPoint(at.x, at.y)?.matches('.wire, .split, .paper, svg');
      for (let dy = -120; dy < 200; dy += 10) if (free({ x: x + 60, y: y + dy })) return { x: x + 60, y: y + dy };
      return null;
    }, before);
    assert.ok(ground, 'there is ground to take hold of');
    await page.mouse.move(ground.x, ground.y);
    await page.mouse.down();
    await page.mouse.move(ground.x - 70, ground.y - 50, { steps: 4 });
    await page.mouse.up();
    await eventually(async () =>
      assertNear(await placeOf(page, 4), { x: before.x - 70, y: before.y - 50 }, 3, 'segment 4'));
    assert.equal(await page.locator('.card__body:visible').count(), 0, 'a drag opens nothing');
    await labelOf(page, 4).click();
    await page.waitForSelector('.field');
  });
});

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

describe('two fingers', () => {
  onPage('enlarge what is between them', phone, async ({ page }) => {
    await openRun(page);
    await labelOf(page, 4).evaluate((node) => node.scrollIntoView({ block: 'center' }));
    const middle = await placeOf(page, 4);
    const before = await sheetOf(page);
    const cdp = await page.context().newCDPSession(page);
    const touch = (type, apart) => cdp.send('Input.dispatchTouchEvent', {
      type, touchPoints: apart === null ? [] : [-apart, apart].map((dy, id) =>
        ({ x: middle.x, y: middle.y + dy, id })),
    });
    await touch('touchStart', 40);
    for (const apart of [48, 56, 64, 72, 80]) await touch('touchMove', apart);
    await touch('touchEnd', null);
    await eventually(async () => {
      const ratio = (await sheetOf(page)).width / before.width;
      assert.ok(ratio > 1.6 && ratio < 2.4, `${ratio} times as large`);
    });
    const far = Math.abs((await placeOf(page, 4)).y - middle.y);
    assert.ok(far < 12, `what was between the fingers is ${far} px away`);
    assert.equal(await page.evaluate(() => window.visualViewport.scale), 1, 'the page is as it was');
  });
});

describe('the true scale', () => {
  onPage('is stretched: time grows, letters do not', {}, async ({ page }) => {
    await openRun(page, 'accept-later');
    await page.click('#toolbar label:has([value=true])');
    await page.waitForSelector('.cluster');
    const [sheet, letters] = [await sheetOf(page), await labelHeight(page)];
    await page.click('.zoom__in');
    await eventually(async () => assert.ok((await sheetOf(page)).height > sheet.height * 1.1));
    assert.equal((await sheetOf(page)).width, sheet.width);
    assert.equal(await labelHeight(page), letters);
  });

  onPage('what has no room is counted, and opens by keyboard', {}, async ({ page }) => {
    await openRun(page, 'accept-later');
    await page.click('#toolbar label:has([value=true])');
    await page.waitForSelector('.cluster');
    const counted = async () => (await page.locator('.cluster').allTextContents())
      .reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
    const labelled = () => page.locator('.arrow .arrow__label').count();
    const all = await page.locator('.arrow').count();
    assert.equal(await counted() + await labelled(), all);
    await page.locator('.cluster').first().focus();
    await page.keyboard.press('Enter');
    await eventually(async () => assert.doesNotMatch(await percentOf(page), /^100 %$/));
  });

  onPage('a second stretched to microseconds is drawn to its end', {}, async ({ page }) => {
    await openRun(page, 'syn-lost');
    await page.click('#toolbar label:has([value=true])');
    await page.waitForSelector('.cluster');
    for (let i = 0; i < 40; i += 1) await page.keyboard.press('+');
    await eventually(async () => assert.ok((await sheetOf(page)).height > 2e6));
    const id = /run\/(\w+)/.exec(page.url())[1];
    const { events } = await (await fetch(`${lab.program.url}/api/runs/${id}`)).json();
    const part = events.find(({ kind, n }) => kind === 'segment' && n === 3).t_ns / events.at(-1).t_ns;
    await page.locator('.diagram__frame').evaluate((el, at) => {
      el.scrollTop = el.scrollHeight * at - el.clientHeight / 2;
    }, part);
    await page.waitForSelector('.arrow[data-n="3"] .arrow__label', { state: 'attached' });
  });

  const labelHeight = (page) => page.locator('.arrow__flags, .tick').first()
    .evaluate((node) => node.getBBox().height);
});
