// The picture on the page, of real runs: labels apart, three scales, floods that
// open, lines to partners; by mouse and by keyboard, with the numbers of the API.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { duration } from '../../../web/js/format.js';
import { eventually, startRun, texts, useLab } from './lab.mjs';
import { isApart, writtenOn } from './written.mjs';

const lab = useLab();
const { onPage } = lab;

/* A finished run on the page, and what the API says of it. */
async function openFinished(page, body) {
  const { url } = lab.program;
  const id = await startRun(url, { wait: true, ...body });
  await page.goto(`${url}/#run/${id}`);
  await page.waitForSelector('.arrow');
  return (await fetch(`${url}/api/runs/${id}`)).json();
}

const segmentsOf = (run) => run.events.filter(({ kind }) => kind === 'segment');
const choose = (page, scale) => page.click(`#toolbar label:has([value=${scale}])`);
const drawnIn = (page, scale) => page.waitForSelector(`[name=scale][value=${scale}]:checked`);

/* What stands at the axis, from top to bottom: {text, y}. */
const axisOf = (page, selector = '.tick') => page.locator(selector).evaluateAll((nodes) =>
  nodes.map((node) => ({ text: node.textContent, y: Number(node.getAttribute('y')) })));

/* A time as the axis writes it: to a tenth of a microsecond, a microsecond, ... */
const written = (ns) => {
  if (ns === 0) return '0 µs';
  if (ns < 1e6) return `${(ns / 1e3).toFixed(1)} µs`;
  return ns < 1e9 ? `${(ns / 1e6).toFixed(3)} ms` : `${(ns / 1e9).toFixed(6)} s`;
};

describe('labels of the picture', () => {
  const RUNS = [
    { scenario: 'classic' }, { scenario: 'accept-queue-full-abort' }, { scenario: 'synack-late' },
    { scenario: 'syn-flood-cookies' }, { scenario: 'open', options: { ip: 6 } },
  ];
  for (const body of RUNS) {
    onPage(`never overlap and are never cut: ${JSON.stringify(body)}`, {}, async ({ page }) => {
      await openFinished(page, body);
      for (const width of [320, 390, 1440, 3840]) {
        await page.setViewportSize({ width, height: 1000 });
        for (const scale of ['squeezed', 'true', 'even']) {
          await choose(page, scale);
          await drawnIn(page, scale);
          await eventually(() => checkLabels(page, `${width} px, ${scale}`));
        }
      }
    });
  }

  async function checkLabels(page, say) {
    const { labels, sheet } = await writtenOn(page);
    assert.ok(labels.length > 8, `${say}: ${labels.length} labels`);
    labels.forEach((a, i) => {
      for (const { x, y } of a.box) {
        const inside = x >= sheet.left - 1 && x <= sheet.right + 1 && y >= sheet.top - 1
          && y <= sheet.bottom + 1;
        assert.ok(inside, `${say}: "${a.text}" is cut`);
      }
      for (const b of labels.slice(i + 1)) {
        assert.ok(isApart(a.box, b.box), `${say}: "${a.text}" and "${b.text}" meet`);
      }
    });
  }

  onPage('stand above every line', {}, async ({ page }) => {
    await openFinished(page, { scenario: 'syn-flood-cookies' });
    const isAbove = await page.evaluate(() => {
      const last = [...document.querySelectorAll('#diagram :is(.arrow__line, .flood__area)')].at(-1);
      const first = document.querySelector('#diagram .arrow__label');
      return Boolean(last.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING);
    });
    assert.ok(isAbove);
  });
});

describe('three scales', () => {
  onPage('write the times of the API, each event once', {}, async ({ page }) => {
    const { events } = await openFinished(page, { scenario: 'syn-lost' });
    const known = new Set(events.map((event) => written(event.t_ns)));
    for (const scale of ['squeezed', 'true', 'even']) {
      await choose(page, scale);
      await drawnIn(page, scale);
      await eventually(async () => {
        const ticks = await axisOf(page);
        assert.ok(ticks.length >= (scale === 'true' ? 2 : 8), `${scale}: ${ticks.length} times`);
        assert.deepEqual(ticks.filter(({ text }) => !known.has(text)), [], scale);
        assert.equal(new Set(ticks.map(({ text }) => text)).size, ticks.length, scale);
      });
    }
  });

  onPage('squeezed: each fold says how long nothing happened', {}, async ({ page }) => {
    const { events } = await openFinished(page, { scenario: 'syn-lost' });
    const times = events.map((event) => event.t_ns).sort((a, b) => a - b);
    const longest = Math.max(...times.slice(1).map((t, i) => t - times[i]));
    const folds = await texts(page, '.fold__label'); // a busy machine may make others
    const fold = folds.find((label) => label.endsWith(' s'));
    const [, seconds] = /^\+([\d.]+) s$/.exec(fold);
    assert.ok(Math.abs(Number(seconds) * 1e9 - longest) / longest < 0.01, `${fold}, ${longest} ns`);
    await choose(page, 'even');
    await eventually(async () => assert.deepEqual(await texts(page, '.fold__label'), []));
  });

  onPage('true: the distance is the time', {}, async ({ page }) => {
    const { events } = await openFinished(page, { scenario: 'accept-later' });
    await choose(page, 'true');
    await drawnIn(page, 'true');
    for (let i = 0; i < 3; i += 1) await page.click('.zoom__in'); // more times have room
    const byText = new Map(events.map((event) => [written(event.t_ns), event.t_ns]));
    await eventually(async () => {
      const ticks = (await axisOf(page)).map(({ text, y }) => ({ t: byText.get(text), y }));
      assert.ok(ticks.length >= 3, `${ticks.length} times`);
      const [first, last] = [ticks[0], ticks.at(-1)];
      const perNs = (last.y - first.y) / (last.t - first.t);
      for (const { t, y } of ticks) {
        assert.ok(Math.abs(first.y + (t - first.t) * perNs - y) < 1.5, `${t} ns at ${y}`);
      }
    });
  });

  onPage('are chosen by keyboard, and kept', {}, async ({ page }) => {
    await openFinished(page, { scenario: 'open' });
    await page.locator('[name=scale]:checked').focus();
    for (const [key, scale] of [['ArrowRight', 'true'], ['ArrowRight', 'even'], ['ArrowLeft', 'true']]) {
      await page.keyboard.press(key);
      await drawnIn(page, scale);
    }
    await eventually(async () =>
      assert.match(await page.locator('.diagram__note').textContent(), /true to scale/));
    assert.equal(await page.evaluate(() => document.activeElement.value), 'true');
    assert.doesNotMatch(page.url(), /\/\d+$/, 'the keys did not step through the run');
  });
});

describe('a flood', () => {
  const FLOOD = { scenario: 'syn-flood-cookies' };
  const folded = (page) => texts(page, '.arrow.is-flood .arrow__flags');
  const many = (run, flags, more) => segmentsOf(run).filter((each) =>
    each.flags.join() === flags && more(each)).length;

  /* Everything is drawn, or counted in a flood. */
  async function countsAre(page, run) {
    const counts = (await folded(page)).map((text) => Number.parseInt(text, 10));
    const single = await page.locator('.arrow:not(.is-flood)').count();
    assert.equal(counts.reduce((a, b) => a + b, 0) + single, segmentsOf(run).length);
  }

  onPage('is folded with the counts of the API, and opens by mouse', {}, async ({ page }) => {
    const run = await openFinished(page, FLOOD);
    const forged = segmentsOf(run).filter((each) => each.forged);
    const addresses = new Set(forged.map(({ src }) => src.replace(/:\d+$/, '')));
    const answers = many(run, 'SYN,ACK', ({ dst }) => addresses.has(dst.replace(/:\d+$/, '')));
    assert.deepEqual(await folded(page), [
      `${forged.length} × SYN from ${addresses.size} addresses`,
      `${answers} × SYN,ACK from ${addresses.size} addresses`,
    ]);
    await countsAre(page, run);
    await page.locator('.arrow.is-flood .arrow__flags').first().click();
    await page.waitForSelector('.note.is-flood');
    await eventually(async () => assert.equal((await folded(page)).length, 1));
    await countsAre(page, run);
    await page.locator('.note.is-flood text').first().click();
    await eventually(async () => assert.equal((await folded(page)).length, 2));
  });

  onPage('opens and folds by keyboard', {}, async ({ page }) => {
    const run = await openFinished(page, FLOOD);
    const flood = page.locator('.arrow.is-flood').first();
    assert.equal(await flood.getAttribute('aria-expanded'), 'false');
    await flood.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.note.is-flood[aria-expanded=true]');
    await eventually(() => countsAre(page, run));
    await page.locator('.note.is-flood').focus();
    await page.keyboard.press(' ');
    await eventually(async () => assert.equal((await folded(page)).length, 2));
  });
});

describe('pointing at a segment', () => {
  const twice = (list) => [...list, ...list];
  const lines = (page, kind) => texts(page, `.partner.is-${kind} .partner__text`);

  onPage('leads to what it answers and agrees to, in the numbers that are shown', {}, async ({ page }) => {
    const run = await openFinished(page, { scenario: 'open' });
    const [syn, synAck, ack] = segmentsOf(run);
    await page.locator('.arrow[data-n="2"] .arrow__flags').hover();
    await page.waitForSelector('.partner.is-ack');
    assert.deepEqual(await lines(page, 'ack'), twice(['ack 1 =', 'seq 0 + 1 for SYN']));
    assert.match((await lines(page, 'options')).join(' '), /agreed:.*timestamps.*MSS 1460/);
    await page.waitForSelector('.arrow.is-partner[data-n="1"]');
    await page.click('#toolbar label:has([value=absolute])');
    await page.locator('.arrow[data-n="2"] .arrow__flags').hover();
    await eventually(async () => assert.deepEqual((await lines(page, 'ack')).sort(), [
      `ack ${synAck.ack} =`, `seq ${syn.seq} + 1 for SYN`, // what it acknowledges
      `ack ${ack.ack} =`, `seq ${synAck.seq} + 1 for SYN`, // and what acknowledges it
    ].sort()));
    await page.mouse.move(5, 5);
    await eventually(async () => assert.equal(await page.locator('.partner').count(), 0));
  });

  onPage('leads to what it repeats; the focus does as the mouse', {}, async ({ page }) => {
    const run = await openFinished(page, { scenario: 'syn-lost' });
    const [first, again] = segmentsOf(run);
    assert.equal(again.of, first.n);
    await page.locator('.arrow[data-n="2"]').focus();
    await page.waitForSelector('.partner.is-repeat');
    const words = (await lines(page, 'repeat')).join(' ');
    assert.match(words, new RegExp(`segment ${first.n} again, ${duration(again.t_ns - first.t_ns)} later`));
    await page.keyboard.press('Tab');
    await eventually(async () => assert.equal(await page.locator('.partner').count(), 0));
  });

  onPage('stays within the picture on a phone', { viewport: { width: 390, height: 844 } }, async ({ page }) => {
    await openFinished(page, { scenario: 'syn-lost' });
    for (const n of [1, 2, 3]) {
      await page.locator(`.arrow[data-n="${n}"]`).focus();
      await page.waitForSelector('.partner__box');
      const frame = await page.locator('.diagram__sheet').boundingBox();
      for (const box of await page.locator('.partner__box').all()) {
        const { x, width } = await box.boundingBox();
        assert.ok(x >= frame.x - 1 && x + width <= frame.x + frame.width + 1, `of ${n}`);
      }
    }
  });
});

