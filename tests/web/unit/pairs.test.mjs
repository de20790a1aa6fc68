// Two runs side by side: which segment stands for which, one time for both, rows
// that both share, and what is said to differ.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptyModel, foldMany } from '../../../web/js/model.js';
import { CASES, caseBodies, CHANGES, needsWire, ownBodies } from '../../../web/js/paircases.js';
import { differencesOf, GROUPS, wireDifferences } from '../../../web/js/pairdiff.js';
import { fieldRows } from '../../../web/js/pairfields.js';
import { figuresOf, ratioOf } from '../../../web/js/pairfigures.js';
import { likeness, pairSegments } from '../../../web/js/pairing.js';
import { PAIR_SCALES, pairLayout } from '../../../web/js/pairlayout.js';
import { commonTime } from '../../../web/js/pairtime.js';
import { differenceText } from '../../../web/js/pairwords.js';
import { texts } from '../../../web/js/texts.js';
import { recorded } from './data.mjs';
import { dice, randomRun } from './random-run.mjs';

const modelOf = (events) => foldMany(emptyModel, events);
const segment = (n, from, flags, more = {}) => ({
  kind: 'segment', id: n, n, t_ns: n * 1000, from, flags: flags.split(','), len: 0, seq_rel: 0, of: null,
  options: [], window: 64240, ttl: 64, text: '', copies: [{ fate: 'arrived', t: n * 1000 + 10 }], ...more,
});
const numbersOf = (steps) => steps.map(({ a, b }) => [a?.n ?? null, b?.n ?? null]);

/* The run "open" as if its first SYN had been lost for a second. */
function withLostSyn() {
  const { events } = recorded('open');
  const at = events.findIndex((e) => e.kind === 'segment');
  const first = events[at];
  const copy = events.find((e) => e.kind === 'copy' && e.n === 1);
  const list = events.flatMap((e) => {
    if (e === first) return [e, { ...copy, fate: 'dropped', by: 'rule', rule: 'rule-1', t_ns: e.t_ns + 900 }];
    const late = { ...e, t_ns: e.id > first.id ? e.t_ns + 1e9 : e.t_ns };
    if (e.kind === 'segment') return [{ ...late, n: e.n + 1 }];
    return [e.kind === 'copy' ? { ...late, n: e.n + 1 } : late];
  });
  const again = { ...first, n: 2, of: 1, t_ns: first.t_ns + 1e9 };
  const next = list.findIndex((e) => e.kind === 'copy' && e.n === 2);
  list.splice(next, 0, again);
  return renumbered(list);
}

function renumbered(list) {
  const ids = new Map(list.map((e, i) => [e.id, i + 1]));
  return list.map((e, i) => ({
    ...e, id: i + 1, ...(e.begin ? { begin: ids.get(e.begin) } : {}), ...(e.cause ? { cause: ids.get(e.cause) } : {}),
  }));
}

const sideOf = (events, run = {}) =>
  ({ run: { title: 'A run', link: 'wire', ip: 4, ...run }, model: modelOf(events) });

describe('which segment stands for which', () => {
  test('of a run with itself: each for its own', () => {
    const { segments } = modelOf(recorded('classic').events);
    assert.deepEqual(numbersOf(pairSegments(segments, segments)), segments.map(({ n }) => [n, n]));
  });

  test('a lost SYN stands for the one that arrived, its repeat for none', () => {
    const steps = pairSegments(modelOf(recorded('open').events).segments, modelOf(withLostSyn()).segments);
    assert.deepEqual(numbersOf(steps),
      [[1, 1], [null, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 7]]);
  });

  test('what has another sender or another purpose is never alike', () => {
    assert.equal(likeness(segment(1, 'client', 'SYN'), segment(1, 'server', 'SYN')), 0);
    assert.equal(likeness(segment(1, 'client', 'SYN'), segment(1, 'client', 'ACK')), 0);
    assert.equal(likeness(segment(1, 'server', 'SYN,ACK'), segment(1, 'server', 'RST,ACK')), 0);
    assert.equal(likeness(segment(1, 'client', 'ACK'), segment(1, 'client', 'PSH,ACK', { len: 3 })), 0);
    assert.ok(likeness(segment(1, 'client', 'SYN'), segment(7, 'client', 'SYN')) > 0);
  });

  test('order is kept on both sides and nothing is left out, whatever the runs', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const [a, b] = [modelOf(randomRun(seed, 30)), modelOf(randomRun(seed + 100, 25))].map((m) => m.segments);
      const steps = pairSegments(a, b);
      assert.deepEqual(steps.flatMap((step) => step.a?.n ?? []), a.map(({ n }) => n), `seed ${seed}`);
      assert.deepEqual(steps.flatMap((step) => step.b?.n ?? []), b.map(({ n }) => n), `seed ${seed}`);
      for (const step of steps) assert.ok(!step.a || !step.b || likeness(step.a, step.b) > 0);
    }
  });

  test('of long runs too, window after window: one thing missing is found where it is', () => {
    const next = dice(5);
    const kinds = [['client', 'PSH,ACK', 5], ['server', 'ACK', 0], ['server', 'PSH,ACK', 9], ['client', 'ACK', 0]];
    const long = Array.from({ length: 3000 }, (_, i) => {
      const [from, flags, len] = kinds[Math.floor(next() * kinds.length)];
      return segment(i + 1, from, flags, { len, seq_rel: i * 7 });
    });
    for (const gone of [0, 419, 600, 1777, 2999]) {
      const steps = pairSegments(long, long.filter((_, i) => i !== gone));
      assert.deepEqual(steps.filter(({ b }) => !b).map(({ a }) => a.n), [gone + 1]);
      assert.equal(steps.filter(({ a }) => !a).length, 0);
    }
  });
});

test('what is missing near the end of a window is not paired with what follows', () => {
  const long = Array.from({ length: 1500 }, (_, i) =>
    segment(i + 1, 'client', 'PSH,ACK', { len: (i % 251) + 1, seq_rel: i * 7 }));
  const steps = pairSegments(long, [...long.slice(0, 560), ...long.slice(660)]);
  assert.deepEqual(steps.filter(({ a, b }) => a && b && a !== b), []);
  assert.deepEqual(steps.filter(({ b }) => !b).map(({ a }) => a.n), long.slice(560, 660).map(({ n }) => n));
});

describe('one time for both', () => {
  const [a, b] = commonTime([[100, 200], [150, 1000], [400, 1100]]);

  test('what belongs together happens at the same moment', () => {
    for (const [t, u] of [[0, 0], [100, 200], [150, 1000], [400, 1100]]) assert.equal(a.to(t), b.to(u));
  });

  test('time goes on by the longer of the two gaps, and neither is stretched', () => {
    assert.deepEqual([0, 100, 120, 150, 400].map(a.to), [0, 200, 220, 1000, 1250]);
    assert.deepEqual([0, 200, 500, 1000, 1050, 1100].map(b.to), [0, 200, 500, 1000, 1050, 1250]);
  });

  test('back again; who waits for the other has no time of its own', () => {
    for (const t of [0, 99, 100, 149, 150, 399, 400, 5000]) assert.equal(a.back(a.to(t)), t);
    assert.equal(a.back(900), 150, 'A has nothing there: it stands at its next moment');
    assert.equal(b.back(900), 900);
  });

  test('moments that would turn time back are left out, the weightier stay', () => {
    const [one, other] = commonTime([[500, 500], [400, 600], [600, 700]]);
    assert.deepEqual([one.to(500), other.to(500)], [500, 500]);
    assert.notEqual(one.to(400), other.to(600));
    assert.equal(one.to(600), other.to(700));
  });

  test('is monotone on both sides for any moments', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const next = dice(seed);
      const some = () => Math.floor(next() * 1e6);
      const times = commonTime(Array.from({ length: 40 }, () => [some(), some()]));
      for (const time of times) {
        let before = -1;
        for (let t = 0; t <= 1e6; t += 9973) {
          const v = time.to(t);
          assert.ok(v > before && v >= t, `seed ${seed} at ${t}`);
          assert.equal(time.back(v), t);
          before = v;
        }
      }
    }
  });
});

describe('rows that both share', () => {
  const view = { relative: true, unfolded: [[], []], tall: 700 };
  const layoutOf = (models, scale, width = 640) => {
    const steps = pairSegments(models[0].segments, models[1].segments);
    return { steps, shapes: pairLayout(models, width, steps, { ...view, scale }) };
  };

  test('step by step: segments that stand for each other leave at the same height', () => {
    const models = [modelOf(recorded('open').events), modelOf(withLostSyn())];
    const { steps, shapes: [a, b] } = layoutOf(models, 'steps');
    const both = steps.filter((step) => step.a && step.b);
    assert.equal(both.length, 6);
    for (const step of both) assert.equal(a.y.get(step.a.id), b.y.get(step.b.id), `segment ${step.a.n}`);
    assert.deepEqual(a.folds.map(({ ns }) => ns), [], 'nothing happened in A meanwhile');
    assert.equal(b.folds.length, 1);
    assert.ok(Math.abs(b.folds[0].ns - 1e9) < 1e6, `${b.folds[0].ns}`);
  });

  test('one clock: who is later stands lower, in whichever run', () => {
    const models = [modelOf(recorded('open').events), modelOf(withLostSyn())];
    const { shapes } = layoutOf(models, 'clock');
    const all = models.flatMap(({ segments }, side) =>
      segments.map(({ id, t_ns: t }) => ({ t, y: shapes[side].y.get(id) })));
    all.sort((one, other) => one.t - other.t || one.y - other.y);
    all.forEach(({ y }, i) => assert.ok(i === 0 || y >= all[i - 1].y));
    assert.equal(shapes[0].folds.length, 1, 'the same second passes for both');
    assert.equal(shapes[0].folds[0].y, shapes[1].folds[0].y);
  });

  test('true: the height is the time, the same for both', () => {
    const models = [modelOf(recorded('open').events), modelOf(withLostSyn())];
    const { shapes } = layoutOf(models, 'true');
    const points = models.flatMap(({ segments }, side) =>
      segments.map(({ id, t_ns: t }) => ({ t, y: shapes[side].y.get(id) })));
    const [first, last] = [points[0], points.at(-1)];
    const slope = (last.y - first.y) / (last.t - first.t);
    for (const { t, y } of points) assert.ok(Math.abs(first.y + (t - first.t) * slope - y) < 1e-6);
  });

  test('for any runs, at any width: rows in order, bounds alike, labels apart', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const models = [modelOf(randomRun(seed, 14)), modelOf(randomRun(seed + 50, 10))];
      for (const width of [340, 640, 900, 1800]) {
        for (const scale of PAIR_SCALES) {
          const { shapes } = layoutOf(models, scale, width);
          const about = `seed ${seed}, ${width} px, ${scale}`;
          assert.equal(shapes[0].height, shapes[1].height, about);
          shapes.forEach((each, side) => checkOne(each, models[side], scale, about));
        }
      }
    }
  });

  function checkOne(shapes, { segments }, scale, about) {
    const ys = segments.flatMap(({ id }) => shapes.y.get(id) ?? []);
    ys.forEach((y, i) => assert.ok(Number.isFinite(y) && (i === 0 || y >= ys[i - 1]), about));
    for (const { top, end } of shapes.arrows) assert.ok(top >= 0 && end <= shapes.height, about);
    if (scale === 'true') return;
    const labels = shapes.arrows.map(({ label }) => [label.y - label.half, label.y + label.half])
      .sort((a, b) => a[0] - b[0]);
    labels.forEach(([top], i) => assert.ok(i === 0 || top >= labels[i - 1][1] - 0.51, about));
  }
});

describe('what differs', () => {
  const open = recorded('open').events;
  const found = (a, b) => differencesOf([a, b], pairSegments(a.model.segments, b.model.segments));
  const told = (a, b) => found(a, b).map(differenceText);

  test('a run and itself: nothing', () => {
    for (const name of ['open', 'classic']) {
      const side = sideOf(recorded(name).events);
      assert.deepEqual(told(side, side), []);
    }
  });

  test('what is other in every run is no difference', () => {
    const other = open.map((e) => (e.kind !== 'segment' ? e : {
      ...e, seq: e.seq + 12345, ack: e.ack + 777, t_ns: e.t_ns + 3000,
      options: e.options.map((o) => (o.name === 'Timestamps' ? { ...o, value: { val: 1, echo: 2 } } : o)),
    }));
    assert.deepEqual(told(sideOf(open), sideOf(other)), []);
  });

  test('a lost SYN: its fate, its repeat, and the second that it cost', () => {
    const list = found(sideOf(open), sideOf(withLostSyn()));
    const wire = list.filter(({ group }) => group === 'wire');
    assert.deepEqual(wire.map(({ kind }) => kind), ['segment', 'only', 'later']);
    assert.deepEqual(wire[0].list, [{ name: 'fate', a: 'arrived', b: 'dropped' }]);
    assert.deepEqual([wire[1].side, wire[1].segment.n], [1, 2]);
    assert.deepEqual([wire[2].side, Math.round(wire[2].ns / 1e6)], [1, 1000]);
    assert.match(differenceText(wire[1]), /^Only in B: segment 2, SYN from the client, which repeats segment 1\.$/);
    const took = list.find(({ kind, name }) => kind === 'took' && name === 'connect');
    assert.ok(took.b - took.a > 0.9e9);
    const ids = list.map(({ id }) => id);
    assert.deepEqual(ids, [...ids.keys()], 'each has a number of its own');
  });

  test('an option that one run lacks, and a value that is another', () => {
    const strip = open.map((e) => (e.kind === 'segment' && e.flags.join() === 'SYN,ACK' ? {
      ...e, options: e.options.filter((o) => o.name !== 'Window Scale')
        .map((o) => (o.name === 'MSS' ? { ...o, value: 1440 } : o)),
    } : e));
    assert.deepEqual(told(sideOf(open), sideOf(strip)),
      ['SYN,ACK from the server (segment 2): MSS: A 1460, B 1440; Window Scale only in A.']);
  });

  test('the same difference again is told once, with how often', () => {
    const acks = (window) => Array.from({ length: 5 }, (_, i) => segment(i + 1, 'client', 'ACK', { window }));
    const steps = pairSegments(acks(100), acks(900));
    assert.equal(wireDifferences(steps).length, 5);
    const sides = [100, 900].map((window) =>
      ({ run: {}, model: { ...emptyModel, segments: acks(window) } }));
    const [only, ...rest] = differencesOf(sides, steps).filter(({ group }) => group === 'wire');
    assert.deepEqual([only.again, rest], [4, []]);
    assert.match(differenceText(only), /window: A 100, B 900\. And so 4 more times\.$/);
  });

  test('a longer text shifts the numbers behind it, and only the text is told', () => {
    const says = (text) => [
      segment(1, 'client', 'PSH,ACK', { text, len: text.length, seq_rel: 1, ack_rel: 1 }),
      segment(2, 'server', 'ACK', { seq_rel: 1, ack_rel: 1 + text.length }),
      segment(3, 'client', 'FIN,ACK', { seq_rel: 1 + text.length, ack_rel: 1 }),
    ];
    const sides = ['hello', 'good morning'].map((text) =>
      ({ run: {}, model: { ...emptyModel, segments: says(text) } }));
    const list = found(...sides);
    assert.deepEqual(list.map(({ list: aspects }) => aspects), [[{ name: 'text', a: 'hello', b: 'good morning' }]]);
    const wrong = says('good morning');
    wrong[1].ack_rel += 100;
    const [, odd] = found(sides[0], { run: {}, model: { ...emptyModel, segments: wrong } });
    assert.deepEqual(odd.list, [{ name: 'ack', a: 6, b: 113 }]);
  });

  test('how they were begun: conditions of both ways in one, rules of either', () => {
    const way = { latency_ms: 0, jitter_ms: 0, loss: 0, duplicate: 0, reorder: 0 };
    const began = (client, server, ...rules) => ({
      path: { client: { ...way, ...client }, server: { ...way, ...server } }, rules: rules.map((words) => ({ words })),
    });
    const a = sideOf(open, { began: began({}, {}, 'client SYN nth 1 drop', 'both have it') });
    const b = sideOf(open, { ip: 6, began: began({ latency_ms: 5, loss: 0.1 }, { latency_ms: 5 }, 'both have it') });
    assert.deepEqual(told(a, b), [
      'IP version: A IPv4, B IPv6',
      'latency: A 0 ms, B 5 ms', 'loss from the client: A 0 %, B 10 %',
      'Only A has the rule “client SYN nth 1 drop”.',
    ]);
  });

  test('results of calls, states and counters', () => {
    const failed = open.map((e) => (e.kind === 'call' && e.phase === 'end' && e.name === 'connect'
      ? { ...e, result: -1, errno: 'ETIMEDOUT' } : e))
      .filter((e) => !(e.kind === 'state' && e.host === 'server' && e.new === 'ESTABLISHED'));
    failed.push({ id: 999, t_ns: 1e9, kind: 'counter', host: 'client', counter: 'TCPTimeouts', delta: 2, meaning: 'm' });
    const lines = told(sideOf(open), sideOf(failed));
    assert.ok(lines.includes('connect() of the client: A succeeds, B ETIMEDOUT'), lines.join('\n'));
    assert.ok(lines.includes('TCPTimeouts of the client: A +0, B +2 (m)'));
    assert.ok(lines.some((line) => /^server: A .*ESTABLISHED.*; B /.test(line)));
  });

  test('every difference of any two runs has a group and a sentence', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const sides = [sideOf(randomRun(seed, 20)), sideOf(randomRun(seed + 7, 20))];
      for (const each of found(...sides)) {
        assert.ok(GROUPS.includes(each.group));
        assert.match(differenceText(each), /\S/);
        assert.doesNotMatch(differenceText(each), /undefined|null|NaN|\[object/, JSON.stringify(each));
      }
    }
  });
});

describe('figures', () => {
  test('of a run that lost its SYN against one that did not', () => {
    const figures = new Map(figuresOf([modelOf(recorded('open').events), modelOf(withLostSyn())])
      .map((each) => [each.name, each]));
    assert.deepEqual(figures.get('segments').values, [6, 7]);
    assert.deepEqual(figures.get('lost').values, [0, 1]);
    assert.deepEqual(ratioOf(figures.get('repeats')), { more: 1 });
    assert.ok(ratioOf(figures.get('connect')).times > 1000);
  });

  test('microseconds, and what a run does not have, are no difference', () => {
    assert.equal(ratioOf({ unit: 'ns', values: [100e3, 480e3] }), null);
    assert.equal(ratioOf({ unit: 'ns', values: [1e9, 1.1e9] }), null);
    assert.equal(ratioOf({ unit: 'ns', values: [null, 1e9] }), null);
    assert.equal(figuresOf([emptyModel, emptyModel]).some(({ name }) => name === 'connect'), false);
  });
});

describe('fields beside each other', () => {
  const field = (name, value, part = 'tcp', more = {}) => ({ name, value, part, meaning: `${name} is ${value}`, ...more });
  const seq = (value, rel) => field('Sequence Number', value, 'tcp', { value_rel: rel });

  test('in the order of the header, also what only one has', () => {
    const rows = fieldRows(
      [seq('900', '1'), field('Window', '63'), field('Option Kind', '8', 'option'), field('TSval', '5', 'option')],
      [seq('700', '1'), field('Window', '64'), field('Option Kind', '2', 'option'), field('MSS', '1440', 'option'),
        field('Option Kind', '8', 'option'), field('TSval', '9', 'option')], true);
    assert.deepEqual(rows.map(({ name, differs, expected }) => [name, differs, expected]), [
      ['Sequence Number', false, false], ['Window', true, false], ['Option Kind', true, false],
      ['MSS', true, false], ['Option Kind', false, false], ['TSval', true, true],
    ]);
    assert.equal(rows[3].a, null);
    assert.equal(rows[0].b.value, '1');
  });

  test('ports that a kernel chose are expected to differ, others are not', () => {
    const port = (value) => [field('Source Port', value)];
    assert.equal(fieldRows(port('40000'), port('51234'), true)[0].expected, true);
    assert.equal(fieldRows(port('1337'), port('80'), true)[0].expected, false);
  });
});

describe('pairs to run', () => {
  test('each has words, two requests, and one thing that is different', () => {
    for (const each of CASES) {
      assert.equal(texts.compare.cases[each.id].length, 2, each.id);
      const [a, b] = caseBodies(each);
      assert.notDeepEqual(a, b, each.id);
      assert.ok(a.scenario === b.scenario || !each.options, each.id);
    }
  });

  test('of one’s own: B is A with the change', () => {
    const chosen = { scenario: 'open', ip: 4, words: 'client drop', other: 'classic' };
    for (const change of Object.keys(CHANGES)) {
      assert.ok(texts.compare.own.changes[change], change);
      const [a, b] = ownBodies({ ...chosen, change });
      assert.deepEqual(a, { scenario: 'open', options: { ip: 4 } });
      assert.notDeepEqual(b, a, change);
    }
    assert.deepEqual(ownBodies({ ...chosen, change: 'rule' })[1].options.rules, ['client drop']);
    assert.equal(ownBodies({ ...chosen, change: 'ip' })[1].options.ip, 6);
    assert.equal(needsWire('ip') || needsWire('scenario'), false);
    assert.equal(needsWire('syn'), true);
  });
});
