// A run while it goes on: a stream that breaks and comes back, two pages on one
// run, and a page that stays where it is while more is drawn.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { eventually, openPage, startRun, texts, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

/* A run in hand: it waits until somebody decides, so nothing here is timed. */
const HELD = { scenario: 'classic', hold: true, options: { max_seconds: 60 } };

const OVER = '.verdict:not([data-mood=running]) .verdict__badge';

const runOf = async (id) => (await fetch(`${lab.program.url}/api/runs/${id}`)).json();
const post = (path, body, method = 'POST') => fetch(`${lab.program.url}/api/runs/${path}`, {
  method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

/* Deliver what waits, and wait until the next waits or the run is over. */
async function deliver(id) {
  const held = (run) => heldOf(run).length > 0;
  await eventually(async () => assert.ok(held(await runOf(id))));
  for (const n of heldOf(await runOf(id))) await post(`${id}/segments/${n}`, { do: 'deliver' });
}

/* Numbers of the segments that wait. */
function heldOf({ events }) {
  const fates = new Map();
  for (const { kind, n, fate } of events) if (kind === 'copy') fates.set(n, fate);
  return [...fates].filter(([, fate]) => fate === 'held').map(([n]) => n);
}

async function openHeld() {
  const id = await startRun(lab.program.url, HELD);
  return { id, path: `/#run/${id}` };
}

const sentences = (events) => events.map(({ sentence }) => sentence);
const told = async (page) => (await texts(page, '.story__text')).map((text) => text.trim());

/* The page shows every event of the API once and in order. */
function showsAll(page, id) {
  return eventually(async () => {
    const { events } = await runOf(id);
    const steps = await page.locator('.story__step').evaluateAll((all) =>
      all.map(({ dataset }) => Number(dataset.id)));
    assert.deepEqual(steps, events.map((event) => event.id));
    const drawn = await page.locator('.arrow').evaluateAll((all) => all.map(({ dataset }) => dataset.n));
    assert.equal(new Set(drawn).size, drawn.length);
  });
}

/* A cable to the program that can be cut: {url, cut(), mend(), stop()}. */
function startCable() {
  const { port } = new URL(lab.program.url);
  const ends = new Set();
  let isCut = false;
  const join = (from, to) => {
    for (const end of [from, to]) {
      ends.add(end);
      end.on('error', () => end.destroy()).on('close', () => ends.delete(end));
    }
    from.pipe(to).pipe(from);
  };
  const server = createServer((socket) => {
    if (isCut) socket.destroy();
    else join(socket, connect(port, '127.0.0.1'));
  });
  const cut = () => {
    isCut = true;
    for (const end of ends) end.destroy();
  };
  const mend = () => { isCut = false; };
  const stop = () => {
    cut();
    server.close();
  };
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ url: `http://127.0.0.1:${server.address().port}`, cut, mend, stop }));
  });
}

describe('a stream that breaks', () => {
  test('in the middle of a run: no event is missed or doubled', async () => {
    const cable = await startCable();
    const { id, path } = await openHeld();
    const { page, wrong, close } = await openPage(lab.browser, cable.url, { path });
    try {
      await page.waitForSelector('.hand__row');
      await deliver(id);
      await showsAll(page, id);
      cable.cut();
      await page.waitForFunction(() =>
        /lost/.test(document.querySelector('.verdict__text').textContent));
      const before = await page.locator('.story__step').count();
      await deliver(id); // meanwhile it goes on
      await eventually(async () => assert.ok((await runOf(id)).events.length > before));
      assert.equal(await page.locator('.story__step').count(), before, 'nothing is made up');
      cable.mend();
      await showsAll(page, id);
      await post(`${id}/wire`, { hold: false }, 'PATCH');
      await page.waitForSelector(OVER, { timeout: 20000 });
      await showsAll(page, id);
      assert.deepEqual(wrong.filter((text) => !/net::ERR_/.test(text)), []);
    } finally {
      await close();
      cable.stop();
    }
  });
});

describe('two pages on one run', () => {
  onPage('show the same while it goes on; what one decides the other sees', {}, async ({ page }) => {
    const { id, path } = await openHeld();
    await page.goto(lab.program.url + path);
    const other = await openPage(lab.browser, lab.program.url, { path });
    for (const each of [page, other.page]) await each.waitForSelector('.hand__row');
    await other.page.locator('.hand .decide').first().click();
    await eventually(async () => assert.ok((await runOf(id)).events.some(({ fate }) =>
      ['arrived', 'dropped'].includes(fate))));
    await showsAll(page, id);
    await showsAll(other.page, id);
    await page.click('#toolbar label:has([value=even])');
    await page.waitForSelector('[name=scale][value=even]:checked');
    assert.ok(await other.page.isChecked('[name=scale][value=squeezed]'), 'each looks in its own way');
    await post(`${id}/wire`, { hold: false }, 'PATCH');
    for (const each of [page, other.page]) {
      await each.waitForSelector(OVER, { timeout: 20000 });
      await showsAll(each, id);
    }
    assert.deepEqual(await told(page), await told(other.page));
    assert.equal((await told(page)).length, sentences((await runOf(id)).events).length);
    assert.deepEqual(other.wrong, []);
    await other.close();
  });
});

describe('nothing jumps', () => {
  const SHIFTS = () => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries()) {
        const what = sources.map(({ node }) => node?.parentElement?.id || node?.className || '?');
        if (!hadRecentInput) window.shifts.push({ value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  };
  const shifted = async (page) => {
    const all = await page.evaluate(() => window.shifts);
    const sum = all.reduce((total, { value }) => total + value, 0);
    return { sum, say: JSON.stringify(all.slice(0, 4)) };
  };
  /* As a key, but not as input: that would excuse what shifts after it. */
  const press = (page, name) => page.evaluate((key) => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    return new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
  }, name);
  const MOST = 0.007; // of what would be a whole window moved by its height

  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    onPage(`while a run streams: ${viewport.width} px`, { viewport }, async ({ page }) => {
      await page.waitForSelector('.start:not([disabled])');
      await page.waitForLoadState('networkidle');
      const { id, path } = await openHeld();
      await page.evaluate((hash) => { window.location.hash = hash; }, path.slice(1));
      await page.waitForSelector('.hand__row');
      await page.waitForSelector('#player:not([hidden])');
      await page.waitForLoadState('networkidle'); // its parts have come
      await page.evaluate(SHIFTS);
      await page.evaluate(() => { window.shifts = []; });
      for (let i = 0; i < 3; i += 1) {
        await deliver(id);
        await showsAll(page, id);
      }
      const { sum, say } = await shifted(page);
      assert.ok(sum < MOST, `${sum}: ${say}`);
    });

    onPage(`while one steps: ${viewport.width} px`, { viewport }, async ({ page }) => {
      const id = await startRun(lab.program.url, { scenario: 'syn-lost', wait: true });
      await page.goto(`${lab.program.url}/#run/${id}`);
      await page.waitForSelector('#player:not([hidden])');
      await page.waitForLoadState('networkidle');
      await page.evaluate(SHIFTS);
      await page.evaluate(() => { window.shifts = []; });
      await press(page, 'Home');
      for (let i = 0; i < 40; i += 1) await press(page, 'ArrowRight');
      await eventually(() => assert.match(page.url(), /\/4\d$/));
      const { sum, say } = await shifted(page);
      assert.ok(sum < MOST, `${sum}: ${say}`);
    });
  }
});
