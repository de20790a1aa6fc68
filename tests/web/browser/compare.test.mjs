// Two runs side by side: pairs that are run at once, what is said to differ
// against the API's own events, pointing, keys, links, small screens, live runs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { duration } from '../../../web/js/format.js';
import {
  eventually, keepShot, openPage, overflow, startRun, texts, useLab,
} from './lab.mjs';
import { startPlain } from './plain.mjs';

const lab = useLab();
const { onPage } = lab;

const getRun = async (id) => (await fetch(`${lab.program.url}/api/runs/${id}`)).json();
const begin = (scenario, options = {}) =>
  startRun(lab.program.url, { scenario, wait: true, options });

/* Open two runs beside each other; resolves to their documents. */
async function openPair(page, a, b, rest = '') {
  await page.goto(`${lab.program.url}/#compare/${a}/${b}${rest}`);
  await page.waitForSelector('.pair__picture .arrow');
  return [await getRun(a), await getRun(b)];
}

const segmentsOf = ({ events }) => events.filter((event) => event.kind === 'segment');
/* Kernels may send the ACK of a FIN with their own FIN or before it, so segments are
 * known by what they say, not by their numbers. */
const isSame = (one, other) => ['from', 'seq_rel', 'ack_rel', 'len'].every((name) => one[name] === other[name])
  && one.flags.join() === other.flags.join();

const lostAndNot = async (page, rest) => openPair(page, await begin('open'),
  await begin('open', { rules: ['client SYN nth 1 drop'] }), rest);

/* An answer that was meant to come is nothing wrong. */
const refused = (wrong, status) =>
  wrong.splice(0, wrong.length, ...wrong.filter((text) => !text.includes(`status of ${status}`)));

const differences = (page) => texts(page, '.diff > span');
const picture = (page, side) => page.locator('.pair__picture').nth(side);
const heightOf = (page, side, n) => picture(page, side).locator(`.way[data-n="${n}"] .arrow__start`)
  .evaluate((node) => node.getBoundingClientRect().top
    - document.querySelector('.pair__sheet').getBoundingClientRect().top);
const idsOf = (page) => /#compare\/(\w+)\/(\w+)/.exec(page.url())?.slice(1);

describe('a pair', () => {
  onPage('loss against none: runs both, and names what differs', {}, async ({ page }) => {
    await page.click('.views__link[data-view=compare]');
    await page.click('[data-pair=loss]');
    await page.waitForSelector('.pair__card[data-mood=good] >> nth=1');
    const runs = await Promise.all(idsOf(page).map(getRun));
    await eventually(async () => assert.ok((await differences(page)).length >= 6));
    const list = await differences(page);
    assert.ok(list.includes('Only B has the rule “client SYN nth 1 drop”.'), list.join('\n'));
    assert.ok(list.includes('Only in B: segment 2, SYN from the client, which repeats segment 1.'));
    const took = runs.map(({ events }) =>
      events.find(({ name, phase, host }) => host === 'client' && name === 'connect' && phase === 'end').took_ns);
    assert.ok(list.includes(`connect() of the client took: A ${duration(took[0])}, B ${duration(took[1])}`));
    const row = page.locator('.figures__table tr', { hasText: 'connect() took' });
    assert.deepEqual((await row.locator('td > span').allTextContents()), took.map(duration));
    await keepShot(page, 'compare-loss', { fullPage: true });
  });

  onPage('what stands for each other stands side by side', {}, async ({ page }) => {
    const [a, b] = (await lostAndNot(page)).map(segmentsOf);
    const pairs = a.map((one) => [one, b.find((other) => isSame(one, other) && (other.of ?? 0) === (one.of ?? 0))
      ?? b.find((other) => isSame(one, other))]).filter(([, other]) => other);
    assert.ok(pairs.length >= 5, 'the handshake, and FINs of both');
    for (const [one, other] of pairs) {
      const [y, z] = [await heightOf(page, 0, one.n), await heightOf(page, 1, other.n)];
      assert.ok(Math.abs(y - z) < 1, `segments ${one.n} and ${other.n}: ${y} and ${z}`);
    }
    const only = a.length + b.length - 2 * pairs.length;
    assert.equal(await page.locator('.mark').count(), pairs.length + only);
    assert.equal(await page.locator('.mark.is-only').count(), only);
    assert.ok(await page.locator('.mark.is-differs').count() >= 1);
  });

  onPage('one clock and true to scale: who is later stands lower', {}, async ({ page }) => {
    const runs = await lostAndNot(page);
    const sent = (side, n) => segmentsOf(runs[side]).find((segment) => segment.n === n).t_ns;
    for (const scale of ['clock', 'true']) {
      await page.check(`[name=pair-scale][value=${scale}]`, { force: true });
      await eventually(async () => {
        assert.ok(await heightOf(page, 1, 3) > await heightOf(page, 0, 6) + 50, scale);
      });
    }
    const [y1, y2] = [await heightOf(page, 1, 1), await heightOf(page, 1, 3)];
    const perNs = (y2 - y1) / (sent(1, 3) - sent(1, 1));
    const y = y1 + (sent(0, 6) - sent(1, 1)) * perNs;
    assert.ok(Math.abs(await heightOf(page, 0, 6) - y) < 2);
  });

  onPage('two runs of the same thing: nothing is said to differ', {}, async ({ page }) => {
    await openPair(page, await begin('classic'), await begin('classic'));
    await page.waitForSelector('.figures__table tbody tr');
    const list = await differences(page);
    // How long a call waits is measured; on a busy machine it may differ.
    assert.deepEqual(list.filter((text) => !/took/.test(text)), []);
    assert.match(await page.locator('.diffs__note').textContent(), /other in every run/);
  });

  onPage('IPv4 against IPv6: the version, the MSS, and no noise', {}, async ({ page }) => {
    await openPair(page, await begin('open', { ip: 4 }), await begin('open', { ip: 6 }));
    const list = (await differences(page)).join('\n');
    assert.match(list, /IP version: A IPv4, B IPv6/);
    assert.match(list, /SYN from the client \(segment 1\): .*MSS: A 1460, B 1440/);
    assert.doesNotMatch(list, /Timestamps|seq|port/i);
  });
});

describe('two segments field by field', () => {
  onPage('an option taken on the way: as it arrived, and only what differs', {}, async ({ page }) => {
    await openPair(page, await begin('open'), await begin('open', { rules: ['client SYN strip WScale'] }));
    await picture(page, 0).locator('.arrow[data-n="1"] .arrow__flags').click();
    await page.waitForSelector('.sheet__table tbody tr');
    const heads = await texts(page, '.sheet__table thead th');
    assert.deepEqual(heads, ['Field', 'A: segment 1, SYN', 'B: segment 1, SYN, as it arrived']);
    const names = (await texts(page, '.sheet__table tbody th')).join('\n');
    assert.match(names, /Window Scale Shift/);
    assert.doesNotMatch(names, /TTL|Checksum|Source Port/);
    await page.check('.sheet input');
    const all = (await texts(page, '.sheet__table tbody th')).join('\n');
    assert.match(all, /TTL/);
    assert.match(all, /Checksum.*other in every run/);
  });

  onPage('a difference leads to its place, by keyboard too, and has a link', {}, async ({ page }) => {
    const [a, b] = await lostAndNot(page);
    const only = page.locator('.diff', { hasText: 'Only in B: segment 2' });
    await only.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.sheet:not([hidden])');
    const event = b.events.find((e) => e.kind === 'segment' && e.n === 2);
    assert.ok(page.url().endsWith(`#compare/${a.id}/${b.id}/0/${event.id}`), page.url());
    assert.equal(await only.getAttribute('aria-current'), 'true');
    assert.ok(await only.evaluate((node) => node === document.activeElement), 'the focus stays');
    assert.match((await texts(page, '.sheet__table thead th'))[1], /no such segment/);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.sheet', { state: 'hidden' });
    assert.ok(page.url().endsWith(`#compare/${a.id}/${b.id}`));
  });

  onPage('a link to a pair of segments opens on it', {}, async ({ page }) => {
    const [a, b] = [await begin('open'), await begin('open', { ip: 6 })];
    const runs = [await getRun(a), await getRun(b)];
    const [one, two] = runs.map(({ events }) => events.find((e) => e.kind === 'segment' && e.n === 2).id);
    await openPair(page, a, b, `/${one}/${two}`);
    await page.waitForSelector('.sheet:not([hidden])');
    assert.match((await texts(page, '.sheet__table thead th')).join(), /A: segment 2, SYN,ACK.*B: segment 2, SYN,ACK/);
    assert.equal(await page.locator('.arrow.is-selected').count(), 2);
  });

  onPage('pointing at a segment of one shows its like in the other', {}, async ({ page }) => {
    await lostAndNot(page);
    await picture(page, 0).locator('.arrow[data-n="2"] .arrow__flags').hover();
    await eventually(async () =>
      assert.deepEqual(await page.locator('.arrow.is-looked').evaluateAll((all) => all.map((n) => n.dataset.n)), ['2', '3']));
  });
});

describe('choosing', () => {
  onPage('a pair of one’s own, by keyboard', {}, async ({ page }) => {
    await page.goto(`${lab.program.url}/#compare`);
    await page.waitForSelector('.pair__own option:nth-child(5)', { state: 'attached' });
    await page.selectOption('.pair__own [name=scenario]', 'open');
    await page.selectOption('.pair__own [name=change]', 'rule');
    // Longer than a busy machine adds to the other run, shorter than the client's timer.
    await page.fill('.pair__own [name=words]', 'server SYN,ACK nth 1 delay 700ms');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.pair__picture .arrow');
    await eventually(async () =>
      assert.ok((await differences(page)).includes('Only B has the rule “server SYN,ACK nth 1 delay 700ms”.')));
    await eventually(async () =>
      assert.ok((await differences(page)).some((text) => /^B took \d+(\.\d+)? m?s longer up to here/.test(text))));
  });

  onPage('a rule that is not understood is explained, and nothing is opened', {}, async ({ page, wrong }) => {
    await page.goto(`${lab.program.url}/#compare`);
    await page.waitForSelector('.pair__own option:nth-child(5)', { state: 'attached' });
    await page.selectOption('.pair__own [name=change]', 'rule');
    await page.fill('.pair__own [name=words]', 'client explode');
    await page.click('.pair__own .start');
    await page.waitForSelector('.notice:not([hidden])');
    assert.match(await page.locator('.notice__text').textContent(), /explode/);
    assert.ok(page.url().endsWith('#compare'));
    refused(wrong, 400);
  });

  onPage('from the lab: a recent run beside the one that is shown; swapped; and back', {}, async ({ page }) => {
    const [a, b] = [await begin('open'), await begin('closed-port')];
    await page.goto(`${lab.program.url}/#run/${a}`);
    await page.click(`.runs__compare[href="#compare/${a}/${b}"]`);
    await page.waitForSelector('.pair__picture .arrow');
    assert.deepEqual(await texts(page, '.pair__badge'), ['Established', 'Refused']);
    await page.click('.pair__swap');
    await eventually(async () => assert.deepEqual(await texts(page, '.pair__badge'), ['Refused', 'Established']));
    await page.goBack();
    await eventually(async () => assert.deepEqual(await texts(page, '.pair__badge'), ['Established', 'Refused']));
    await page.click('.pair__card >> nth=0');
    await page.waitForSelector('#view-lab:not([hidden])');
    assert.ok(page.url().endsWith(`#run/${a}`));
  });

  onPage('a run that is not there is explained', {}, async ({ page, wrong }) => {
    await page.goto(`${lab.program.url}/#compare/${await begin('open')}/nonesuch`);
    await page.waitForSelector('.notice:not([hidden])');
    assert.match(await page.locator('.notice__text').textContent(), /run/);
    refused(wrong, 404);
  });
});

describe('wherever', () => {
  onPage('while both run: what comes is drawn, to the end', {}, async ({ page }) => {
    const ids = [];
    for (const rules of [[], ['client SYN nth 1-4 drop']]) {
      ids.push(await startRun(lab.program.url, { scenario: 'open', options: { rules } }));
    }
    await page.goto(`${lab.program.url}/#compare/${ids.join('/')}`);
    await page.waitForSelector('.pair__card[data-mood=running]');
    await page.waitForSelector('.pair__picture >> nth=1 >> .arrow');
    assert.equal(await page.locator('.pair__badge >> nth=1').textContent(), 'Running');
    await page.waitForSelector('.pair__card[data-mood=good] >> nth=1');
    const segments = (await getRun(ids[1])).events.filter(({ kind }) => kind === 'segment');
    await eventually(async () =>
      assert.equal(await picture(page, 1).locator('.arrow').count(), segments.length));
  });

  onPage('on a phone one at a time, at the same height, and no sideways scrolling',
    { viewport: { width: 390, height: 844 } }, async ({ page }) => {
      await lostAndNot(page);
      assert.equal(await overflow(page), 0);
      assert.deepEqual([await picture(page, 0).isVisible(), await picture(page, 1).isVisible()], [true, false]);
      const before = await heightOf(page, 0, 3);
      await page.check('[name=pair-side][value="1"]', { force: true });
      await eventually(async () => assert.equal(await picture(page, 1).isVisible(), true));
      assert.ok(Math.abs(await heightOf(page, 1, 4) - before) < 1);
    });

  onPage('a flood opens where it is folded', {}, async ({ page }) => {
    await openPair(page, await begin('open'), await begin('syn-flood-cookies'));
    const flood = picture(page, 1).locator('.arrow.is-flood').first();
    const count = await picture(page, 1).locator('.arrow').count();
    await flood.locator('.arrow__flags').click();
    await eventually(async () => assert.ok(await picture(page, 1).locator('.arrow').count() > count + 5));
  });

  onPage('numbers change over in both', {}, async ({ page }) => {
    const [a] = await lostAndNot(page);
    const { seq } = a.events.find((e) => e.kind === 'segment');
    await page.evaluate(() => document.dispatchEvent(new CustomEvent('lab-numbers', { detail: { relative: false } })));
    await eventually(async () =>
      assert.equal(await picture(page, 0).locator('.arrow[data-n="1"] .arrow__numbers').textContent(), `seq ${seq}`));
  });

  onPage('on paper: what differs, and both pictures within the sheet', {}, async ({ page }) => {
    await lostAndNot(page);
    const count = await page.locator('.diff').count();
    await page.setViewportSize({ width: 700, height: 1000 }); // A4 without its margins
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('.diff:visible').count(), count);
    for (const side of [0, 1]) {
      const box = await page.locator('.pair__letter:visible').nth(side).boundingBox();
      assert.ok(box.x > 0 && box.x + box.width < 700, `${side}: ${box.x}`);
    }
    assert.equal(await overflow(page), 0);
    assert.equal(await page.locator('.pair__swap:visible').count(), 0);
  });

  test('two saved runs, without the program', async () => {
    const runs = await Promise.all(['open', 'closed-port'].map(async (id) => getRun(await begin(id))));
    const plain = await startPlain();
    const { page, wrong, close } = await openPage(lab.browser, plain.url);
    try {
      await page.waitForSelector('.is-alone');
      for (const run of runs) {
        await page.setInputFiles('input[type=file]', {
          name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(run)),
        });
        await page.waitForFunction((id) => window.location.hash.includes(id), run.id);
      }
      await page.click('.views__link[data-view=compare]');
      await page.click('.pair__kept .start');
      await page.waitForSelector('.pair__picture .arrow');
      assert.equal(await page.locator('[data-pair]:visible').count(), 0, 'nothing can be run');
      assert.deepEqual((await texts(page, '.pair__badge')).sort(), ['Established', 'Refused']);
      await picture(page, 0).locator('.arrow[data-n="1"] .arrow__flags').click();
      await page.waitForSelector('.sheet:not([hidden])');
      assert.deepEqual(wrong, []);
    } finally {
      await close();
      await plain.stop();
    }
  });
});
