// The wire in a person's hands: holding, deciding, rules, conditions, forging.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { contrasts } from './contrast.mjs';
import { eventually, keepShot, overflow, startRun, texts, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

const idOf = (page) => /#run\/([^/]+)/.exec(page.url())[1];
const runOf = async (page) => (await fetch(`${lab.program.url}/api/runs/${idOf(page)}`)).json();
const copiesOf = (run, n) => run.events.filter((e) => e.kind === 'copy' && e.n === n);
const handOf = (page, n) => page.locator(`.hand[aria-label^="Segment ${n},"]`);

/* Start the chosen scenario with Hold on and wait for its first segment. */
async function startHeld(page) {
  await page.waitForSelector('.start:not([disabled])');
  await page.click('.switch');
  await page.click('.start');
  await page.waitForSelector('.hand .decide');
}

/* Decide by a button at the segment. */
const press = (page, n, what) => handOf(page, n).locator(`.decide.is-${what}`).click();

/* Chromium itself notes an answer that refuses; it was asked for. */
function forgive(wrong, status) {
  assert.equal(wrong.length, 1);
  assert.match(wrong.pop(), new RegExp(`status of ${status}`));
}

/* The kernel of one host says so. */
const shows = (page, state) => eventually(async () =>
  assert.ok((await texts(page, '.state__name')).includes(state)));

const ended = (page) => page.waitForSelector('.verdict:not([data-mood=running])');

describe('a held segment', () => {
  onPage('waits in the middle of the wire and is delivered by hand', {}, async ({ page }) => {
    await startHeld(page);
    assert.match(await page.locator('.verdict__text').textContent(), /waits on the wire/);
    assert.equal(await page.locator('.arrow__held').count(), 1);
    assert.equal(await page.locator('.countdown').count(), 1);
    await keepShot(page, 'held');
    for (const n of [1, 2, 3]) {
      await handOf(page, n).waitFor();
      await press(page, n, 'deliver');
    }
    await shows(page, 'ESTABLISHED');
    await page.click('.switch'); // lets the rest go
    await ended(page);
    const run = await runOf(page);
    assert.deepEqual(copiesOf(run, 1).map(({ fate, by }) => [fate, by]),
      [['held', 'person'], ['arrived', 'person']]);
  });

  onPage('each fate is drawn as what it is', {}, async ({ page }) => {
    await startHeld(page);
    await press(page, 1, 'duplicate');
    await eventually(async () => assert.ok(await page.locator('.arrow__copy').count() >= 2));
    await handOf(page, 2).waitFor();
    await press(page, 2, 'corrupt');
    await page.waitForSelector('.arrow__bolt', { state: 'attached' });
    await handOf(page, 3).waitFor();
    await press(page, 3, 'drop');
    await page.waitForSelector('.arrow__cross', { state: 'attached' });
    const labels = (await texts(page, '.arrow__flags')).join('\n');
    for (const word of [/SYN twice/, /damaged/, /dropped by hand/]) assert.match(labels, word);
    await keepShot(page, 'fates');
    await page.locator('.arrow[data-n="3"] .arrow__flags').click();
    await page.waitForSelector('.field');
    assert.match(await page.locator('.card__facts').textContent(), /lost on the wire by hand/);
  });

  onPage('is decided by key: space, d, 2, x, l', {}, async ({ page }) => {
    await startHeld(page);
    for (const [key, n, action] of [['2', 1, 'duplicate'], ['x', 2, 'corrupt'], ['d', 3, 'drop']]) {
      await handOf(page, n).waitFor();
      await page.keyboard.press(key);
      await eventually(async () => {
        const [last] = copiesOf(await runOf(page), n).slice(-1);
        assert.deepEqual([last.by, last.action], ['person', action], `key ${key}`);
      });
    }
    await page.waitForSelector('.arrow__cross', { state: 'attached' });
    await page.locator('.hand .decide').first().waitFor();
    const name = await page.locator('.hand').first().getAttribute('aria-label');
    const n = Number(/Segment (\d+),/.exec(name)[1]);
    await page.keyboard.press(' ');
    await eventually(async () =>
      assert.equal(copiesOf(await runOf(page), n).at(-1).action, 'deliver'));
    assert.equal(await page.evaluate(() => window.scrollY), 0, 'space must not scroll');
    await page.locator('.hand .decide').first().waitFor();
    await page.keyboard.press('l');
    await eventually(async () => {
      const { events } = await runOf(page);
      assert.ok(events.some((e) => e.action === 'delay' && e.fate === 'arrived'));
    });
  });

  onPage('keeps the focus in hand, and can be decided in its card', {}, async ({ page }) => {
    await startHeld(page);
    await handOf(page, 1).locator('.decide.is-deliver').focus();
    await page.keyboard.press('Enter');
    await handOf(page, 2).waitFor();
    await eventually(async () => assert.ok(await page.evaluate(() =>
      document.activeElement.matches('.decide, .diagram'))));
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.locator('.card__decide .is-deliver').click();
    await handOf(page, 3).waitFor();
    assert.equal(copiesOf(await runOf(page), 2).at(-1).fate, 'arrived');
  });

  onPage('its repeats are folded, unfolded, and their timer was measured', {}, async ({ page }) => {
    await startHeld(page);
    await page.locator('.hand__tries', { hasText: 'tried again 1 time' }).waitFor();
    assert.equal(await page.locator('.arrow').count(), 1);
    assert.equal(await page.locator('.hand').count(), 1);
    await page.locator('.hand__tries').click();
    await eventually(async () => assert.ok(await page.locator('.arrow').count() >= 2));
    assert.match((await texts(page, '.arrow__extra')).join('\n'), /repeats 1/);
    assert.match((await texts(page, '.note.is-timer')).join('\n'), /nominal 1 s, measured 1\.\d+ s/);
    assert.equal(await page.locator('.hand__tries').first().getAttribute('aria-expanded'), 'true');
    await page.locator('.hand__tries').first().click();
    await eventually(async () => assert.equal(await page.locator('.arrow').count(), 1));
  });

  onPage('a refused decision is said in a sentence', {}, async ({ page, wrong }) => {
    await startHeld(page);
    await page.route('**/segments/1', (route) => (route.request().method() === 'POST'
      ? route.fulfill({ status: 409, json: { detail: 'segment 1 is not held any more' } })
      : route.continue()));
    await press(page, 1, 'drop');
    await page.waitForSelector('.notice__text:not(:empty)');
    assert.match(await page.locator('.notice__text').textContent(), /not held any more/);
    await handOf(page, 1).waitFor();
    forgive(wrong, 409);
  });
});

describe('the panel of the wire', () => {
  onPage('adds a rule in words, sees it work, and removes it', {}, async ({ page }) => {
    await startHeld(page);
    await page.click('#tab-wire');
    await page.selectOption('.rules [name=from]', 'server');
    await page.selectOption('.rules [name=flags]', 'SYN,ACK');
    await page.selectOption('.rules [name=which]', 'nth 1');
    assert.equal(await page.inputValue('.rules__words'), 'server SYN,ACK nth 1 drop');
    await page.click('.rules__form [type=submit]');
    await page.waitForSelector('.rule');
    assert.deepEqual(await texts(page, '.rule__words'), ['server SYN,ACK nth 1 drop']);
    await keepShot(page, 'rules');
    await press(page, 1, 'deliver');
    await eventually(async () => {
      const run = await runOf(page);
      const answer = run.events.find((e) => e.kind === 'segment' && e.from === 'server');
      const [last] = copiesOf(run, answer?.n).slice(-1); // the SYN may have been repeated
      assert.deepEqual([last?.fate, last?.by], ['dropped', 'rule']);
    });
    await eventually(async () =>
      assert.match((await texts(page, '.arrow__extra')).join('\n'), /dropped by rule-1/));
    await page.click('.rule__remove');
    await eventually(async () => assert.equal(await page.locator('.rule').count(), 0));
  });

  onPage('a rule that is not understood is explained', {}, async ({ page, wrong }) => {
    await startHeld(page);
    await page.click('#tab-wire');
    await page.fill('.rules__words', 'client SYN explode');
    await page.click('.rules__form [type=submit]');
    await page.waitForSelector('.notice__text:not(:empty)');
    assert.match(await page.locator('.notice__text').textContent(), /explode/);
    forgive(wrong, 400);
  });

  onPage('holds one way only, swallows retries, resets, stops', {}, async ({ page }) => {
    await startHeld(page);
    await page.click('#tab-wire');
    await page.waitForSelector('.wire__live:not([disabled])');
    await page.locator('[name=hold-from][value=server]').uncheck();
    await page.locator('[name=swallow]').check();
    const wire = async () =>
      (await (await fetch(`${lab.program.url}/api/runs/${idOf(page)}/wire`)).json()).wire;
    await eventually(async () => {
      const { hold, swallow } = await wire();
      assert.deepEqual([hold, swallow], [{ client: true, server: false }, true]);
    });
    await page.locator('#condition-latency_ms').focus();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight');
    await eventually(async () => assert.equal((await wire()).path.server.latency_ms, 30));
    await page.click('.wire__stop');
    await ended(page);
    assert.equal(await page.locator('.verdict__badge').textContent(), 'Cancelled');
  });

  onPage('conditions chosen before go into the run', {}, async ({ page }) => {
    await page.waitForSelector('.start:not([disabled])');
    await page.click('#tab-wire');
    await page.locator('#condition-latency_ms').fill('50');
    await page.click('.start');
    await ended(page);
    const { events } = await runOf(page);
    const sent = events.find((e) => e.kind === 'segment' && e.n === 1);
    const took = events.find((e) => e.kind === 'copy' && e.n === 1).t_ns - sent.t_ns;
    assert.ok(took > 49e6 && took < 1e9, `${took} ns`); // a busy machine adds to it
  });
});

describe('a person as the client', () => {
  const scenario = {
    id: 'by-hand', title: 'You are the client', group: 'strange', summary: 'Open it by hand.',
    server: [
      { call: 'listen', backlog: 2 }, { call: 'accept' }, { call: 'recv' }, { call: 'close' },
    ],
    client: [],
  };

  onPage('completes a handshake with a real server through the page', {}, async ({ page }) => {
    const id = await startRun(lab.program.url, { scenario, hold: true });
    await page.evaluate((run) => { window.location.hash = `#run/${run}`; }, id);
    await page.click('#tab-forge');
    await page.selectOption('[name=seq-base]', 'absolute');
    await page.fill('[name=seq-plus]', '1000');
    await page.fill('[name=mss]', '1460');
    assert.equal(await page.locator('.forge__send').textContent(), 'Send SYN to the server');
    await page.locator('.forge__send').click();
    await handOf(page, 2).waitFor();
    assert.deepEqual((await texts(page, '.slots')).length, 2);
    assert.equal(await page.locator('.gauge.is-syn .slot.is-taken').count(), 1);
    await press(page, 2, 'drop'); // the client's kernel knows nothing of it
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.getByText('Forge an answer to it').click();
    await eventually(async () =>
      assert.equal(await page.locator('.bit[aria-pressed=true]').textContent(), 'ACK 1'));
    assert.equal(await page.inputValue('[name=ack-base]'), 'server.isn');
    assert.equal(await page.locator('[data-result=seq]').textContent(), '= 1 (absolute 1001)');
    await page.locator('.forge__send').click();
    await shows(page, 'ESTABLISHED');
    const run = await runOf(page);
    const accepted = run.events.find((e) => e.name === 'accept' && e.phase === 'end');
    assert.ok(accepted.result >= 0);
    assert.equal(await page.locator('.arrow.is-forged').count(), 2);
    await keepShot(page, 'by-hand');
  });

  onPage('an ICMP error made by hand ends a waiting connect()', {}, async ({ page }) => {
    await startHeld(page);
    await page.click('#tab-forge');
    await page.selectOption('[name=kind]', 'icmp');
    await page.selectOption('.forge [name=to]', 'client');
    await page.selectOption('[name=icmp]', '3/3');
    await page.locator('.forge__send').click();
    await page.waitForSelector('.arrow.is-icmp');
    await eventually(async () =>
      assert.ok((await texts(page, '.call__result')).some((text) => /ECONNREFUSED/.test(text))));
    await keepShot(page, 'icmp');
  });
});

describe('the wire for everyone', () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [390, 1440]) {
      const options = { viewport: { width, height: 900 }, colorScheme };
      onPage(`is readable and fits: ${width} px, ${colorScheme}`, options, async ({ page }) => {
        await startHeld(page);
        await page.locator('.hand__tries:not([hidden])').waitFor();
        const small = await page.locator('.hand button:visible').evaluateAll((buttons) =>
          buttons.map((each) => each.getBoundingClientRect()).filter((box) => box.width < 24));
        assert.deepEqual(small, []);
        for (const tab of ['story', 'wire', 'forge']) {
          await page.click(`#tab-${tab}`);
          await page.waitForSelector(`#${tab}:not([hidden])`);
          const selector = '.hand button, .gauge span, .wire-panel :is(p, h3, span, code), '
            + '.forge :is(p, span, em, button), .machine :is(p, summary), .switch__text';
          const poor = (await contrasts(page, selector))
            .filter(({ ratio, text }) => text && ratio < 4.5);
          assert.deepEqual(poor, [], tab);
          assert.ok(await overflow(page) <= 0, `${tab} scrolls sideways`);
        }
        await keepShot(page, `held-${width}-${colorScheme}`);
      });
    }
  }
});
