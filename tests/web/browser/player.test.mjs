// The player: every moment of a run, by mouse, by keyboard and by link. What the
// page shows is compared with the events of the API up to that moment.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { stamp } from '../../../web/js/format.js';
import { recorded } from '../unit/data.mjs';
import {
  eventually, keepShot, openPage, overflow, runScenario, startRun, texts, useLab,
} from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

const getRun = async (id) => (await fetch(`${lab.program.url}/api/runs/${id}`)).json();
const finished = async (scenario) =>
  getRun(await startRun(lab.program.url, { scenario, wait: true }));

/* Open a run in the page that is there already. */
async function goTo(page, address) {
  await page.evaluate((hash) => { window.location.hash = hash; }, address);
  await page.waitForSelector('#player:not([hidden])');
}

const position = (page) => page.locator('.player__count').textContent();
const isAt = (page, id, count) => eventually(async () =>
  assert.equal(await position(page), `${id} of ${count}`));

/** The whole page shows the events up to `id` and nothing else. */
async function showsExactly(page, { events }, id) {
  const seen = events.slice(0, id);
  const of = (kind) => seen.filter((event) => event.kind === kind);
  await isAt(page, id, events.length);
  const newest = events[id - 1];
  await eventually(async () =>
    assert.equal(await page.locator('.player__time').textContent(), stamp(newest.t_ns)));
  const story = await page.locator('.story__step').evaluateAll((all) =>
    all.map((node) => Number(node.dataset.id)));
  assert.deepEqual(story, seen.map((event) => event.id), 'story');
  const arrows = await page.locator('.arrow').evaluateAll((all) =>
    all.map((node) => Number(node.dataset.id)).sort((a, b) => a - b));
  assert.deepEqual(arrows, of('segment').map((event) => event.id), 'arrows');
  const states = (await texts(page, '.state__name')).sort();
  assert.deepEqual(states, of('state').map((event) => event.new).sort(), 'states');
  assert.equal(await page.locator('.call').count(),
    of('call').filter(({ phase }) => phase === 'begin').length, 'calls');
  for (const host of ['client', 'server']) {
    assert.deepEqual(await texts(page, `.terminal.is-${host} .terminal__line`),
      of('message').filter((event) => event.host === host).map((event) => event.text), host);
  }
  const fates = await page.locator('.way').evaluateAll((all) =>
    Object.fromEntries(all.map((node) =>
      [node.dataset.n, node.querySelector('.arrow__line').getAttribute('class').split('is-')[1]])));
  for (const { n } of of('segment')) {
    const copy = of('copy').findLast((event) => event.n === n);
    assert.equal(fates[n].trim(), copy?.fate ?? 'flying', `segment ${n}`);
  }
  await showsVerdict(page, newest);
}

/* The verdict is shown when it is reached, and not before. */
async function showsVerdict(page, newest) {
  const shown = await page.locator('.verdict__text').textContent();
  if (newest.verdict) assert.equal(shown, newest.verdict.text);
  else assert.match(shown, /as it stood/);
  assert.equal(await page.locator('.verdict__count').isVisible(), Boolean(newest.verdict));
}

describe('a link to a moment', () => {
  onPage('shows exactly that, at the beginning, in the middle and at the end', {}, async ({ page }) => {
    const run = await finished('classic');
    const count = run.events.length;
    const sent = run.events.find((event) => event.kind === 'segment' && event.n === 2);
    for (const id of [1, sent.id, sent.id + 1, Math.floor(count / 2), count - 1, count]) {
      await goTo(page, `#run/${run.id}/${id}`);
      await showsExactly(page, run, id);
      assert.match(page.url(), new RegExp(`#run/${run.id}/${id}$`));
    }
    await goTo(page, `#run/${run.id}/${sent.id}`);
    await page.waitForSelector('.field');
    assert.equal(await page.locator('.card__title').textContent(), 'Segment 2');
    assert.match(await page.locator('.card__facts').textContent(), /arrived\s*not yet/);
    await keepShot(page, 'player-moment');
  });

  onPage('shows the same to two people, and what was selected', {}, async ({ page }) => {
    const run = await finished('syn-lost');
    const [first] = run.events.filter((event) => event.kind === 'segment');
    await goTo(page, `#run/${run.id}/20`);
    await isAt(page, 20, run.events.length);
    await page.locator(`.story__step[data-id="${first.id}"]`).click();
    await eventually(async () => assert.match(page.url(), new RegExp(`/20/${first.id}$`)));
    const path = `/${new URL(page.url()).hash}`;
    const other = await openPage(lab.browser, lab.program.url, { path });
    await isAt(other.page, 20, run.events.length);
    for (const selector of ['.diagram__sheet', '.story__list', '.gauges', '.verdict']) {
      assert.equal(await other.page.locator(selector).textContent(),
        await page.locator(selector).textContent(), selector);
    }
    assert.equal(await other.page.locator('.arrow.is-selected').getAttribute('data-id'), String(first.id));
    assert.deepEqual(other.wrong, []);
    await other.close();
  });

  onPage('to all of it is another one, and End leads there', {}, async ({ page }) => {
    const run = await finished('open');
    const { id } = run.events.find((event) => event.kind === 'copy');
    await goTo(page, `#run/${run.id}/${id}`);
    await showsExactly(page, run, id);
    await page.keyboard.press('End');
    await eventually(async () => assert.match(page.url(), new RegExp(`#run/${run.id}$`)));
    await showsExactly(page, run, run.events.length);
  });
});

describe('steps', () => {
  onPage('by keyboard: events, segments, beginning and end', {}, async ({ page }) => {
    const run = await finished('classic');
    const count = run.events.length;
    const segments = run.events.filter((event) => event.kind === 'segment').map((event) => event.id);
    await goTo(page, `#run/${run.id}`);
    await isAt(page, count, count);
    await page.keyboard.press('ArrowLeft');
    await showsExactly(page, run, count - 1);
    await page.keyboard.press('Home');
    await showsExactly(page, run, 1);
    for (const id of [2, 3, 4]) {
      await page.keyboard.press('ArrowRight');
      await showsExactly(page, run, id);
    }
    await page.keyboard.press('Shift+ArrowRight');
    await showsExactly(page, run, segments[0]);
    await page.keyboard.press('Shift+ArrowRight');
    await showsExactly(page, run, segments[1]);
    await page.keyboard.press('Shift+ArrowLeft');
    await showsExactly(page, run, segments[0]);
  });

  onPage('on the slider: a key is one event, not a hundredth', {}, async ({ page }) => {
    const run = await finished('classic');
    await goTo(page, `#run/${run.id}/30`);
    await page.locator('.player__range').focus();
    for (const [key, id] of [['ArrowRight', 31], ['ArrowUp', 32], ['ArrowLeft', 31], ['PageDown', 21],
      ['PageUp', 31], ['Home', 1]]) {
      await page.keyboard.press(key);
      await isAt(page, id, run.events.length);
    }
    const value = await page.locator('.player__range').getAttribute('aria-valuetext');
    assert.match(value, new RegExp(`^Event 1 of ${run.events.length}, 0 µs\\. Run ${run.id}`));
  });

  onPage('by mouse: buttons, a click on the strip, a drag along it', {}, async ({ page }) => {
    const run = await finished('classic');
    const count = run.events.length;
    await goTo(page, `#run/${run.id}/30`);
    for (const [name, id] of [['back', 29], ['forward', 30], ['first', 1]]) {
      await page.click(`.player__button.is-${name}`);
      await showsExactly(page, run, id);
    }
    const { x, y, width, height } = await page.locator('.player__range').boundingBox();
    const placeOf = (id) => x + 8 + ((width - 16) * (id - 1)) / (count - 1);
    await page.mouse.click(placeOf(20), y + height / 2);
    await showsExactly(page, run, 20);
    await page.mouse.move(placeOf(20), y + height / 2);
    await page.mouse.down();
    await page.mouse.move(placeOf(35), y + height / 2, { steps: 6 });
    await page.mouse.up();
    await showsExactly(page, run, 35);
    await page.click('.player__button.is-last');
    await showsExactly(page, run, count);
  });

  onPage('leave everything on the page where it is', {}, async ({ page }) => {
    const run = await finished('syn-lost');
    await goTo(page, `#run/${run.id}/1`);
    const places = () => page.evaluate(() => {
      const boxOf = (name) => document.querySelector(name).getBoundingClientRect();
      const fixed = ['.verdict', '.diagram', '.diagram__frame', '.wire'].map((name) => {
        const { top, left, width, height } = boxOf(name);
        return [name, ...[top + window.scrollY, left, width, height].map(Math.round)].join(' ');
      });
      return [...fixed, boxOf('.player').height]; // which keeps to the window
    });
    await isAt(page, 1, run.events.length);
    const before = await places();
    for (let id = 2; id <= run.events.length; id += 3) {
      await page.evaluate((hash) => { window.location.hash = hash; }, `#run/${run.id}/${id}`);
      await isAt(page, id, run.events.length);
      assert.deepEqual(await places(), before, `event ${id}`);
    }
  });
});

describe('what the kernels had at a moment', () => {
  onPage('the queues hold what was in them then', {}, async ({ page }) => {
    const run = await finished('accept-later');
    await goTo(page, `#run/${run.id}/1`);
    const own = (e) => e.kind === 'state' && e.host === 'server' && e.peer;
    const accepted = run.events.find((e) => e.kind === 'call' && e.name === 'accept' && e.phase === 'end');
    const moments = [...run.events.filter(own).map((e) => e.id), accepted.id - 1, accepted.id];
    const counts = [];
    for (const id of moments.sort((a, b) => a - b)) {
      await goTo(page, `#run/${run.id}/${id}`);
      await isAt(page, id, run.events.length);
      const last = run.events.slice(0, id).findLast(own).new;
      const ready = !['SYN-RECEIVED', 'CLOSED'].includes(last) && id < accepted.id;
      const gauges = await texts(page, '.gauge__count');
      counts.push(gauges.map((text) => parseInt(text, 10)));
      assert.deepEqual(counts.at(-1), [Number(last === 'SYN-RECEIVED'), Number(ready)], `event ${id}`);
    }
    assert.deepEqual(new Set(counts.map(String)), new Set(['1,0', '0,1', '0,0']));
  });

  onPage('a timer that ran then is shown as far as it had run', {}, async ({ page }) => {
    const run = await finished('syn-lost');
    const [syn, again] = run.events.filter((e) => e.kind === 'segment');
    const waiting = run.events.findLast((e) => e.id < again.id && e.kind === 'copy' && e.n === syn.n);
    await goTo(page, `#run/${run.id}/${waiting.id}`);
    await isAt(page, waiting.id, run.events.length);
    const left = Math.ceil((1e9 - (waiting.t_ns - syn.t_ns)) / 1e8) / 10;
    assert.equal(await page.locator('.countdown').textContent(), `${left.toFixed(1)} s`);
    await page.keyboard.press('End');
    await eventually(async () => assert.equal(await page.locator('.countdown').count(), 0));
  });
});

describe('playing', () => {
  for (const reducedMotion of ['reduce', 'no-preference']) {
    onPage(`goes through every event to the end (motion: ${reducedMotion})`, { reducedMotion }, async ({ page }) => {
      const run = await finished('open');
      const count = run.events.length;
      await goTo(page, `#run/${run.id}`);
      await page.locator('.player__pace').selectOption('even-30');
      await page.evaluate(() => {
        const node = document.querySelector('.player__count');
        window.seen = [];
        new MutationObserver(() => window.seen.push(parseInt(node.textContent, 10)))
          .observe(node, { childList: true, characterData: true, subtree: true });
        document.activeElement.blur();
      });
      await page.keyboard.press(' ');
      await page.waitForSelector('.player__button.is-play[title^=Pause]');
      await isAt(page, count, count);
      const seen = await page.evaluate(() => window.seen);
      assert.ok(seen.length > 5, `${seen.length} of ${count} seen`); // a slow browser leaps
      assert.ok(seen.every((id, i) => i === 0 || id > seen[i - 1]), seen.join(' '));
      assert.equal(seen.at(-1), count);
      await showsExactly(page, run, count);
      assert.equal(await page.locator('.player__button.is-play').getAttribute('title'), 'Play (space)');
    });
  }

  onPage('in true time keeps the gaps; a second press holds the moment', {}, async ({ page }) => {
    const run = await finished('syn-lost'); // a second of silence in the middle
    const again = run.events.filter((e) => e.kind === 'segment')[1];
    const silent = run.events.findLast((e) => e.id < again.id && e.t_ns < again.t_ns / 2).id;
    await goTo(page, `#run/${run.id}/${silent}`);
    await page.locator('.player__pace').selectOption('true-0.1'); // ten seconds now
    await page.click('.player__button.is-play');
    await new Promise((resolve) => { setTimeout(resolve, 400); });
    assert.equal(await position(page), `${silent} of ${run.events.length}`);
    assert.notEqual(await page.locator('.player__time').textContent(), stamp(run.events[silent - 1].t_ns));
    await page.click('.player__button.is-play');
    await showsExactly(page, run, silent);
    await page.locator('.player__pace').selectOption('true-100');
    await page.click('.player__button.is-play');
    await isAt(page, run.events.length, run.events.length);
  });

  onPage('says which gaps it shortens, and keeps the pace that was chosen', {}, async ({ page }) => {
    const run = await finished('syn-lost');
    const again = run.events.filter((e) => e.kind === 'segment')[1];
    await goTo(page, `#run/${run.id}/${again.id}`);
    await eventually(async () =>
      assert.match(await page.locator('.player__gap').textContent(), /^\+1\.0\d s, shortened$/));
    await page.locator('.player__pace').selectOption('true-1');
    await eventually(async () =>
      assert.match(await page.locator('.player__gap').textContent(), /^\+1\.0\d s$/));
    await page.reload();
    await page.waitForSelector('#player:not([hidden])');
    assert.equal(await page.locator('.player__pace').inputValue(), 'true-1');
  });
});

describe('a run that goes on', () => {
  const held = async (page) => {
    const id = await startRun(lab.program.url, { scenario: 'open', hold: true });
    await goTo(page, `#run/${id}`);
    await page.waitForSelector('.hand .decide');
    return id;
  };

  onPage('is left by a step back and joined again by Live; space then delivers', {}, async ({ page }) => {
    const id = await held(page);
    assert.ok(await page.locator('.player__live.is-on').isVisible());
    await page.keyboard.press('ArrowLeft');
    await eventually(async () => {
      assert.equal(await page.locator('.hand').count(), 0);
      assert.equal(await page.locator('.player__live.is-on').count(), 0);
    });
    await page.click('.player__live');
    await page.waitForSelector('.hand .decide');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press(' ');
    await eventually(async () => {
      const { events } = await getRun(id);
      assert.ok(events.some((e) => e.kind === 'copy' && e.n === 1 && e.fate === 'arrived'));
    });
  });

  onPage('keeps the moment while more happens', {}, async ({ page }) => {
    const id = await held(page);
    await page.keyboard.press('Home');
    await eventually(async () => assert.match(await position(page), /^1 of \d+$/)); // SYNs go on coming
    await fetch(`${lab.program.url}/api/runs/${id}/wire`, {
      method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"hold": false}',
    });
    await eventually(async () => assert.equal((await getRun(id)).phase, 'ended'));
    const run = await getRun(id);
    await showsExactly(page, run, 1);
    await page.keyboard.press('End');
    await showsExactly(page, run, run.events.length);
  });

  /* The recorded run, served as if it were going on: the stream breaks in the
   * middle and is taken up again, while somebody looks at an earlier moment. */
  onPage('a broken stream is resumed behind an earlier moment', {}, async ({ page }) => {
    const run = recorded('classic');
    let asked = 0;
    const block = (event) => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
    await page.route('**/api/runs/slow', (route) => route.fulfill({
      json: { ...run, id: 'slow', phase: 'running', verdict: null, expect: [], events: run.events.slice(0, 12) },
    }));
    await page.route('**/api/runs/slow/events*', (route) => {
      asked += 1;
      const body = asked === 1
        ? run.events.slice(10, 30).map(block).join('')
        : `${run.events.slice(28).map(block).join('')}event: end\ndata: {}\n\n`;
      return route.fulfill({ contentType: 'text/event-stream', body: `retry: 1500\n\n${body}` });
    });
    await goTo(page, '#run/slow/9');
    await isAt(page, 9, 30);
    await isAt(page, 9, run.events.length);
    await showsExactly(page, run, 9);
    assert.equal(asked, 2);
    await page.keyboard.press('End');
    await showsExactly(page, run, run.events.length);
  });
});

describe('what is read aloud', () => {
  const said = (page) => texts(page, '#announce p');

  onPage('the event a step leads to; only segments; nothing', {}, async ({ page }) => {
    const run = await finished('open');
    const sentence = (id) => run.events[id - 1].sentence_rel ?? run.events[id - 1].sentence;
    const [segment] = run.events.filter((e) => e.kind === 'segment');
    await goTo(page, `#run/${run.id}/3`);
    assert.deepEqual(await said(page), []);
    await page.keyboard.press('ArrowRight');
    await eventually(async () => assert.deepEqual(await said(page), [sentence(4)]));
    await page.locator('.player__voice select').selectOption('segments');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('ArrowRight');
    await isAt(page, 5, run.events.length);
    await page.keyboard.press('Shift+ArrowRight');
    await eventually(async () =>
      assert.deepEqual(await said(page), [sentence(4), sentence(segment.id)]));
    await page.locator('.player__voice select').selectOption('none');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('Shift+ArrowRight');
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    assert.equal((await said(page)).length, 2);
    await page.reload();
    await page.waitForSelector('#player:not([hidden])');
    assert.equal(await page.locator('.player__voice select').inputValue(), 'none');
  });
});

describe('the player', () => {
  for (const [width, height] of [[320, 640], [390, 844], [820, 1180], [3840, 2160]]) {
    onPage(`fits ${width} px and is in sight`, { viewport: { width, height } }, async ({ page }) => {
      await runScenario(page, lab.program.url);
      await page.keyboard.press('Home');
      for (let i = 0; i < 14; i += 1) await page.keyboard.press('ArrowRight');
      assert.ok(await overflow(page) <= 0, 'the page scrolls sideways');
      const { y, height: high } = await page.locator('#player').boundingBox();
      assert.ok(y >= 0 && y + high <= height, `${y} + ${high}`);
      for (const button of await page.locator('#player :is(button, select):visible').all()) {
        const box = await button.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width && box.width >= 24 && box.height >= 24);
      }
      await keepShot(page, `player-${width}`);
    });
  }
});
