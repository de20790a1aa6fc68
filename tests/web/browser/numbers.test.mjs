// What the page writes is what the API says: segments, calls, states, times,
// verdicts, expectations, of several scenarios that ran at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, openPage, startRun, texts, useLab } from './lab.mjs';

const SCENARIOS = ['classic', 'syn-lost', 'synack-lost', 'closed-port', 'accept-queue-full-abort',
  'icmp-host-unreachable', 'checksum-broken'];

const lab = useLab();

const of = ({ events }, kind) => events.filter((event) => event.kind === kind);

/* A time as the story writes it. */
function written(ns) {
  if (ns < 1e6) return ns === 0 ? '0 µs' : `${(ns / 1e3).toFixed(1)} µs`;
  return ns < 1e9 ? `${(ns / 1e6).toFixed(3)} ms` : `${(ns / 1e9).toFixed(6)} s`;
}

/* Numbers of a segment: those that are counted from the first, where it is known. */
function numbersOf({ seq, ack, seq_rel: seqRel, ack_rel: ackRel, flags }, relative) {
  const own = relative ? seqRel ?? seq : seq;
  const other = relative ? ackRel ?? ack : ack;
  return flags.includes('ACK') ? `seq ${own} ack ${other}` : `seq ${own}`;
}

async function checkSegments(page, run, relative) {
  const want = of(run, 'segment').map((each) => ({
    n: String(each.n), flags: each.flags.join(','), numbers: numbersOf(each, relative),
  }));
  await eventually(async () => {
    const seen = await page.locator('.arrow:not(.is-icmp)').evaluateAll((all) => all.map((node) => ({
      n: node.dataset.n,
      flags: node.querySelector('.arrow__flags').firstChild.textContent,
      numbers: node.querySelector('.arrow__numbers').textContent.replaceAll(/\s+/g, ' '),
    })));
    assert.deepEqual(seen, want);
  });
}

async function checkCalls(page, run) {
  const calls = of(run, 'call');
  const ends = new Map(calls.filter(({ phase }) => phase === 'end').map((e) => [e.begin, e]));
  const shown = new Map(await page.locator('.call').evaluateAll((all) =>
    all.map((node) => [Number(node.dataset.id), node.textContent])));
  const begun = calls.filter(({ phase }) => phase === 'begin');
  assert.equal(shown.size, begun.length);
  for (const call of begun) {
    const end = ends.get(call.id);
    const text = shown.get(end?.id ?? call.id);
    assert.ok(text.includes(`${call.name}()`), `${call.name}: ${text}`);
    if (end) assert.ok(text.includes(end.errno ?? `= ${end.result}`), `${call.name}: ${text}`);
  }
}

async function checkStory(page, run) {
  assert.deepEqual(await texts(page, '.story__time'), run.events.map(({ t_ns: t }) => written(t)));
  const { expect, verdict } = run.events.at(-1);
  assert.equal(await page.locator('.verdict__text').textContent(), verdict.text);
  const met = expect.filter((each) => each.met).length;
  assert.match(await page.locator('.verdict__count').textContent(), new RegExp(`${met} of ${expect.length}`));
  const { length } = run.events;
  assert.match(await page.locator('.player__count').textContent(), new RegExp(`^${length} of ${length}$`));
}

async function checkStates(page, run) {
  const titles = await texts(page, '.band title');
  const want = new Set(of(run, 'state').map((e) => e.new).filter((name) => name !== 'CLOSED'));
  for (const name of want) assert.ok(titles.some((title) => title.endsWith(name)), name);
}

test('the numbers on the page are those of the API, whatever else runs', async () => {
  const { url } = lab.program;
  const runs = await Promise.all(SCENARIOS.map(async (scenario) => {
    const id = await startRun(url, { scenario, wait: true });
    return (await fetch(`${url}/api/runs/${id}`)).json();
  }));
  const { page, wrong, close } = await openPage(lab.browser, url, { viewport: { width: 1900, height: 1000 } });
  for (const run of runs) {
    await page.goto(`${url}/#run/${run.id}`);
    await page.waitForSelector(`.verdict__meta:has-text("${run.id}")`);
    await page.waitForSelector('#player:not([hidden])');
    await eventually(() => checkStory(page, run));
    await checkCalls(page, run);
    await checkStates(page, run);
    for (const [value, relative] of [['absolute', false], ['relative', true]]) {
      await page.click(`#toolbar label:has([value=${value}])`);
      await checkSegments(page, run, relative);
    }
  }
  assert.deepEqual(wrong, []);
  await close();
});
