// Exercises and goals as a learner does them; every goal brought about on the real
// kernels.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GOALS } from '../../../web/js/goals.js';
import { emptyModel, fold } from '../../../web/js/model.js';
import { eventually, keepShot, overflow, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

const call = async (method, path, body) => {
  const answer = await fetch(lab.program.url + path, {
    method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${await answer.clone().text()}`);
  return answer.json();
};

/* A held run and the hands to work on it. */
async function grip({ body }) {
  const { id } = await call('POST', '/api/runs', { scenario: body, hold: true });
  const at = `/api/runs/${id}`;
  const look = async () => (await call('GET', at)).events.reduce(fold, emptyModel);
  const segment = (fits) => eventually(async () => {
    const found = (await look()).segments.find(fits);
    assert.ok(found);
    return found;
  });
  const decide = async (fits, what) => {
    const { n } = await segment((each) => fits(each) && each.copies.at(-1)?.fate === 'held');
    await call('POST', `${at}/segments/${n}`, { do: what });
  };
  return {
    look,
    segment,
    deliver: (fits) => decide(fits, 'deliver'),
    drop: (fits) => decide(fits, 'drop'),
    inject: (made) => call('POST', `${at}/inject`, made),
    wire: (change) => call('PATCH', `${at}/wire`, change),
    stop: () => fetch(lab.program.url + at, { method: 'DELETE' }),
  };
}

const syn = ({ flags }) => flags.join() === 'SYN';
const synAck = ({ flags }) => flags.join() === 'SYN,ACK';
const clientAck = ({ from, flags }) => from === 'client' && flags.join() === 'ACK';
const pass = { hold: false };

/* How each goal is reached. To hold no more lets go what waits. */
const WAYS = {
  'refused': async (run) => {
    await run.drop(syn);
    await run.inject({ to: 'client', flags: 'RST,ACK', seq: 0, ack: 'client.isn+1' });
  },
  'timeout': async (run) => {
    await run.segment(syn); // already held: the rule is for those that follow
    await run.wire({ rules: { add: ['client SYN drop'] } });
    await run.drop(syn);
  },
  'unreachable': async (run) => {
    await run.drop(syn);
    await run.inject({ to: 'client', icmp: { type: 3, code: 1 } });
  },
  'late': async (run) => {
    await run.drop(syn);
    await run.wire(pass);
  },
  'two-answers': async (run) => {
    await run.wire({ rules: { add: ['server SYN,ACK nth 1 drop'] } });
    await run.wire(pass);
  },
  'one-sided': async (run) => {
    await run.deliver(syn);
    await run.deliver(synAck);
  },
  'data-opens': async (run) => {
    await run.wire({ rules: { add: ['client ACK nth 1 drop'] } });
    await run.wire(pass);
  },
  'reset': async (run) => {
    await run.wire({ hold: { client: false } });
    await run.deliver(synAck);
    await run.segment(({ len }) => len > 0);
    await run.inject({ to: 'client', flags: 'RST', seq: 'server.isn+1' });
  },
  'by-hand': async (run) => {
    await run.deliver(syn);
    await run.deliver(synAck);
    await run.segment(clientAck);
    await run.inject({ to: 'server', flags: 'ACK', seq: 'client.isn+1', ack: 'server.isn+1' });
  },
};

describe('goals', () => {
  for (const goal of GOALS) {
    test(`can be met: ${goal.id}`, async () => {
      const run = await grip(goal);
      assert.equal(goal.met(await run.look()), null);
      await WAYS[goal.id](run);
      for (let i = 0; i < 120 && goal.met(await run.look()) === null; i += 1) {
        await new Promise((resolve) => { setTimeout(resolve, 100); });
      }
      assert.ok(goal.met(await run.look()) > 0);
      await run.stop();
    });
  }

  onPage('a goal is tried, met, and ticked off', {}, async ({ page }) => {
    await page.click('[data-view=practice]');
    await keepShot(page, 'practice');
    await page.click('[data-goal=late]');
    await page.waitForSelector('#goal:not([hidden])');
    assert.match(await page.textContent('.goal__standing'), /Not met yet/);
    await page.waitForSelector('.decide.is-drop');
    await page.click('.decide.is-drop');
    await eventually(async () => { // what comes is delivered, until that is enough
      const deliver = page.locator('.decide.is-deliver').first();
      if (await deliver.isVisible()) await deliver.click({ timeout: 1000 });
      assert.equal(await page.locator('#goal.is-met').count(), 1);
    }, 20000);
    await keepShot(page, 'goal-met');
    await page.click('[data-view=practice]');
    await page.waitForSelector('.goal-row.is-met');
  });
});

const begin = async (page, kind) => {
  await page.click('[data-view=practice]');
  await page.locator('.maker').nth(kind === 'fill' ? 0 : 1).locator('.start').click();
  await page.waitForSelector('.exercise h1');
  const id = /practice\/\w+\/(\w+)/.exec(page.url())[1];
  return call('GET', `/api/runs/${id}`);
};

describe('exercises', () => {
  onPage('blanks filled with the numbers of the run are right, others are not', {}, async ({ page }) => {
    const run = await begin(page, 'fill');
    const segments = run.events.filter((e) => e.kind === 'segment' && !e.of);
    await page.waitForSelector('.filling input');
    const rows = page.locator('.filling tbody tr:not(.filling__says)');
    for (const [i, segment] of segments.slice(0, await rows.count()).entries()) {
      const truth = {
        flags: segment.flags.join(','), seq: segment.seq_rel, ack: segment.ack_rel, len: segment.len,
      };
      for (const input of await rows.nth(i).locator('input').all()) {
        await input.fill(String(truth[await input.getAttribute('data-name')]));
      }
    }
    await page.keyboard.press('Enter');
    const all = await page.locator('.filling input').count();
    assert.equal(await page.textContent('.exercise__score'), `${all} of ${all} right`);
    await page.locator('.filling input').first().fill('nonsense');
    await page.keyboard.press('Enter');
    assert.equal(await page.textContent('.exercise__score'), `${all - 1} of ${all} right`);
    assert.ok(await page.locator('.filling__says').first().isVisible(), 'the reason is given');
    await keepShot(page, 'practice-fill');
    assert.equal(await overflow(page), 0);
  });

  onPage('segments put in order by keyboard', {}, async ({ page }) => {
    const run = await begin(page, 'order');
    const truth = run.events.filter((e) => e.kind === 'segment' && !e.of).slice(0, 8).map(({ n }) => String(n));
    await page.waitForSelector('.ordering__item');
    await page.click('.exercise .start');
    assert.match(await page.textContent('.exercise__score'), /cannot be|could have been/);
    await keepShot(page, 'practice-order');
    const orderNow = () => page.locator('.ordering__item').evaluateAll((all) => all.map((el) => el.dataset.key));
    for (const [to, n] of truth.entries()) {
      const up = page.locator(`.ordering__item[data-key="${n}"] [data-by="-1"]`);
      await up.focus();
      for (let at = (await orderNow()).indexOf(n); at > to; at -= 1) await page.keyboard.press('Enter');
    }
    assert.deepEqual(await orderNow(), truth);
    await page.click('.exercise .start');
    assert.match(await page.textContent('.exercise__score'), /Exactly/);
  });

  onPage('on a phone, and by its address', { viewport: { width: 390, height: 844 } }, async ({ page }) => {
    const run = await begin(page, 'fill');
    await page.goto(`${lab.program.url}/#practice/order/${run.id}`);
    await page.waitForSelector('.ordering__item');
    assert.equal(await overflow(page), 0);
    await keepShot(page, 'practice-order-390');
  });
});
