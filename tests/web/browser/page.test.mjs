// The page as a person uses it, in a real browser, on the real program.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recorded } from '../unit/data.mjs';
import {
  eventually, keepShot, openPage, overflow, runScenario, startRun, startProgram, texts, useLab,
} from './lab.mjs';
import { contrasts } from './contrast.mjs';

const lab = useLab();
const { onPage } = lab;

const segmentsOf = (run) => run.events.filter((event) => event.kind === 'segment');

describe('the page', () => {
  onPage('invites before the first run, and invents nothing', {}, async ({ page }) => {
    assert.equal(await page.title(), 'Handshake Lab');
    assert.ok(await page.locator('.invite__title').isVisible());
    assert.equal(await page.locator('.arrow').count(), 0);
    await page.waitForSelector('.start:not([disabled])');
    await keepShot(page, 'empty');
  });

  onPage('draws SYN, SYN,ACK and ACK with the numbers of the API', {}, async ({ page }) => {
    const segments = segmentsOf(await runScenario(page, lab.program.url));
    assert.deepEqual((await texts(page, '.arrow__flags')).slice(0, 3), ['SYN', 'SYN,ACK', 'ACK']);
    assert.deepEqual((await texts(page, '.arrow__numbers')).slice(0, 3),
      ['seq 0', 'seq 0  ack 1', 'seq 1  ack 1']);
    await page.click('#toolbar label:has([value=absolute])');
    const [syn, synAck, ack] = segments;
    const absolute = [
      `seq ${syn.seq}`, `seq ${synAck.seq}  ack ${synAck.ack}`, `seq ${ack.seq}  ack ${ack.ack}`,
    ];
    await eventually(async () =>
      assert.deepEqual((await texts(page, '.arrow__numbers')).slice(0, 3), absolute));
    assert.equal(await page.locator('.arrow').count(), segments.length);
    await keepShot(page, 'open');
  });

  onPage('shows the kernel states of both hosts, and who was first', {}, async ({ page }) => {
    await runScenario(page, lab.program.url);
    const states = await texts(page, '.state__name');
    for (const state of ['LISTEN', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED']) {
      assert.ok(states.includes(state), state);
    }
    assert.match(await page.locator('.note.is-split').textContent(), /only the client is ESTABLISHED/);
  });

  onPage('tells each event in a sentence', {}, async ({ page }) => {
    const { events } = await runScenario(page, lab.program.url);
    assert.equal(await page.locator('.story__step').count(), events.length);
    const last = await page.locator('#announce p').last().textContent();
    assert.equal(last, events.at(-1).sentence);
  });

  onPage('opens a segment: each field and byte as the API has it', {}, async ({ page }) => {
    const run = await runScenario(page, lab.program.url);
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.waitForSelector('.field');
    const path = `/api/runs/${run.id}/segments/2`;
    const detail = await (await fetch(lab.program.url + path)).json();
    assert.equal(await page.locator('.field.is-first').count(), detail.fields.length);
    assert.equal((await texts(page, '.byte')).join(''), detail.hex);
    const ack = detail.fields.findIndex((field) => field.name.startsWith('Acknowledgment'));
    await page.locator(`.field.is-first[data-field="${ack}"]`).hover();
    assert.equal(await page.locator('.byte.is-marked').count(), 4);
    const { meaning_rel: meaning } = detail.fields[ack];
    assert.ok((await page.locator('.meaning').textContent()).includes(meaning));
    await page.locator('.byte').nth(0).hover();
    assert.ok(await page.locator('.field.is-marked').count() >= 2);
    assert.match(page.url(), /#run\/\w+\/all\/\d+$/);
    await keepShot(page, 'card');
  });

  onPage('runs classic: both terminals print their half', {}, async ({ page }) => {
    await page.click('.picker__button');
    await page.locator('.picker__option', { hasText: 'rehearsed' }).click();
    const run = await runScenario(page, lab.program.url);
    for (const host of ['client', 'server']) {
      const printed = run.events
        .filter((e) => e.kind === 'message' && e.host === host).map((e) => e.text);
      assert.deepEqual(await texts(page, `.terminal.is-${host} .terminal__line`), printed);
      assert.ok(printed.includes('CONNECTION ESTABLISHED!'));
    }
    await keepShot(page, 'classic', { fullPage: true });
  });

  onPage('runs over IPv6', {}, async ({ page }) => {
    await page.click('.segmented label:has([value="6"])');
    await runScenario(page, lab.program.url);
    assert.deepEqual((await texts(page, '.diagram__heads .head__address')), ['2001:db8::1', '[2001:db8::2]:1337']);
    await page.locator('.arrow[data-n="1"] .arrow__flags').click();
    await page.waitForSelector('.field');
    await keepShot(page, 'ipv6');
  });

  onPage('opens a run and a segment from a link, and lists the run', {}, async ({ page }) => {
    const run = await runScenario(page, lab.program.url);
    const [, second] = segmentsOf(run);
    const other = await openPage(lab.browser, lab.program.url, { path: `/#run/${run.id}/${second.id}` });
    await other.page.waitForSelector('.field');
    assert.equal(await other.page.locator('.card__title').textContent(), 'Segment 2');
    assert.equal(await other.page.locator('.arrow.is-selected').getAttribute('data-n'), '2');
    await other.page.waitForSelector(`.runs__link[href="#run/${run.id}"][aria-current]`);
    assert.deepEqual(other.wrong, []);
    await other.close();
  });

  onPage('shows the same run to two pages', {}, async ({ page }) => {
    const run = await runScenario(page, lab.program.url);
    const other = await openPage(lab.browser, lab.program.url, { path: `/#run/${run.id}` });
    await other.page.waitForSelector('.arrow');
    assert.deepEqual(await texts(other.page, '.story__step'), await texts(page, '.story__step'));
    await other.close();
  });

  onPage('works with the keyboard alone', {}, async ({ page }) => {
    await page.waitForSelector('.start:not([disabled])');
    const focused = (selector) =>
      page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
    const focusOn = async (selector) => {
      for (let i = 0; i < 40; i += 1) {
        if (await focused(selector)) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`Tab never reaches ${selector}`);
    };
    await focusOn('.picker__button');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(async () =>
      assert.match(await page.locator('.picker__title').textContent(), /rehearsed/));
    await focusOn('.start');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.verdict:not([data-mood=running]) .verdict__badge');
    await focusOn('.arrow');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.field');
    const shows = (title) => page.waitForFunction((text) =>
      document.querySelector('.card__title').textContent === text, title);
    await shows('Segment 2');
    const outline = await page.locator('.arrow:focus-visible .arrow__hit')
      .evaluate((el) => getComputedStyle(el).stroke);
    assert.notEqual(outline, 'rgba(0, 0, 0, 0)');
    await page.keyboard.press('j');
    await shows('Segment 3');
    await eventually(async () => assert.ok(await focused('.arrow[data-n="3"]')));
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await shows('Segment 1');
    await focusOn('.field');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.field), '1');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#story:not([hidden])');
  });

  for (const [name, colorScheme] of [['light', 'light'], ['dark', 'dark']]) {
    onPage(`is readable in ${name}: contrast AA`, { colorScheme }, async ({ page }) => {
      await runScenario(page, lab.program.url);
      await page.locator('.arrow[data-n="2"] .arrow__flags').click();
      await page.waitForSelector('.field');
      await keepShot(page, `open-${name}`);
      const selector = 'p, h2, h3, dt, dd, small, a, summary, label span, li, button span, [role=tab]';
      const poor = (await contrasts(page, selector)).filter(({ ratio }) => ratio < 4.5);
      assert.deepEqual(poor, []);
    });
  }

  onPage('keeps the theme that was chosen', {}, async ({ page }) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.click('#theme');
    await page.click('#theme');
    const dark = await paper();
    assert.notEqual(dark, light);
    await page.reload();
    assert.equal(await paper(), dark);
  });

  for (const [width, height] of [[390, 844], [320, 640], [820, 1180], [1920, 1080], [3840, 2160]]) {
    onPage(`fits ${width} px`, { viewport: { width, height } }, async ({ page }) => {
      await runScenario(page, lab.program.url);
      assert.ok(await overflow(page) <= 0, 'the page scrolls sideways');
      await keepShot(page, `width-${width}`, { fullPage: width < 1000 });
    });
  }

  const phone = { viewport: { width: 390, height: 844 } };
  onPage('data without a gap does not widen the page', phone, async ({ page }) => {
    const scenario = {
      id: 'one-word', title: 'One word', server: [{ call: 'listen' }, { call: 'accept' }, { call: 'recv' }],
      client: [{ call: 'connect' }, { call: 'send', text: 'a'.repeat(90) }, { call: 'close' }],
    };
    const id = await startRun(lab.program.url, { scenario, wait: true });
    await page.evaluate((run) => { window.location.hash = `run/${run}`; }, id);
    await page.waitForSelector('.story__item :text("aaaaaaaaaaaaaaaaaaaa")');
    assert.equal(await overflow(page), 0);
  });

  onPage('on a phone a card is a sheet, its arrow stays in sight', phone, async ({ page }) => {
    await runScenario(page, lab.program.url);
    await page.locator('.arrow[data-n="4"] .arrow__flags').click();
    await page.waitForSelector('.field');
    await eventually(async () => {
      const arrow = await page.locator('.arrow[data-n="4"] .arrow__label').boundingBox();
      const sheet = await page.locator('#side').boundingBox();
      assert.ok(arrow.y >= 0 && arrow.y + arrow.height <= sheet.y);
    });
    await keepShot(page, 'phone-card');
  });
});

describe('the page when things go wrong', () => {
  test('a run that does not exist is explained in a sentence', async () => {
    const { page, close } = await openPage(lab.browser, lab.program.url, { path: '/#run/nosuch' });
    await page.waitForSelector('.notice__text:not(:empty)');
    assert.match(await page.locator('.notice__text').textContent(), /\w+ \w+ .*\./);
    await page.click('.notice__close');
    await page.waitForSelector('#notice', { state: 'hidden' });
    await close();
  });

  test('a program that has ended is noticed', async () => {
    const mortal = await startProgram();
    const { page, close } = await openPage(lab.browser, mortal.url);
    await page.waitForSelector('.start:not([disabled])');
    await mortal.stop();
    await page.click('.start');
    await page.waitForSelector('.notice__text:not(:empty)');
    assert.match(await page.locator('.notice__text').textContent(), /does not answer/);
    assert.ok(await page.locator('.start').isEnabled());
    await close();
  });
});

describe('a run that goes on while it is watched', () => {
  /* The recorded run, served as if it were going on: the stream breaks in the
   * middle and is taken up again. */
  test('a broken stream is said so, resumed, and nothing is lost or doubled', async () => {
    const run = recorded('classic');
    const { page, wrong, close } = await openPage(lab.browser, lab.program.url);
    const asked = [];
    const block = (event) => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
    await page.route('**/api/runs/slow', (route) => route.fulfill({
      json: { ...run, phase: 'running', verdict: null, expect: [], events: run.events.slice(0, 4) },
    }));
    await page.route('**/api/runs/slow/events*', (route) => {
      asked.push(route.request().url());
      const body = asked.length === 1
        ? run.events.slice(2, 30).map(block).join('')
        : `${run.events.slice(28).map(block).join('')}event: end\ndata: {}\n\n`;
      return route.fulfill({ contentType: 'text/event-stream', body: `retry: 1500\n\n${body}` });
    });
    await page.evaluate(() => { window.location.hash = '#run/slow'; });
    await page.waitForFunction(() =>
      /lost/.test(document.querySelector('.verdict__text').textContent));
    assert.equal(await page.locator('.story__step').count(), 30);
    await page.waitForSelector('.verdict[data-mood=good]');
    assert.equal(await page.locator('.story__step').count(), run.events.length);
    assert.match(asked[0], /after=4$/);
    assert.equal(asked.length, 2);
    assert.deepEqual(wrong, []);
    await close();
  });
});

describe('what the page asks of the network', () => {
  test('under 150 kB in all, from nowhere else, and a policy without inline code', async () => {
    const { page, wrong, answers, close } = await openPage(lab.browser, lab.program.url);
    await page.waitForSelector('.start:not([disabled])');
    await page.waitForLoadState('networkidle');
    const files = answers.filter((answer) => !answer.url().includes('/api/'));
    const sizes = await Promise.all(answers.map((answer) => answer.request().sizes()));
    const total = sizes.reduce((sum, { responseBodySize: body, responseHeadersSize: head }) =>
      sum + body + head, 0);
    assert.ok(files.length > 20 && total > 10e3, `${files.length} files, ${total} bytes`);
    assert.ok(total < 150e3, `the page weighs ${total} bytes`);
    const policy = files[0].headers()['content-security-policy'];
    assert.match(policy, /script-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.deepEqual(wrong, []);
    await close();
  });
});
