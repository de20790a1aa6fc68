// The player's pure parts: the clock, paces, where steps lead, what is read aloud,
// and the strip of events.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptyModel, foldMany } from '../../../web/js/model.js';
import { goal } from '../../../web/js/moments.js';
import {
  advance, clockOf, gapBefore, PACES, paceOf, positionAt, timeAt,
} from '../../../web/js/playback.js';
import { layoutStrip, xOf } from '../../../web/js/strip.js';
import { newestShown, toRead, VOICES } from '../../../web/js/voice.js';
import { recorded } from './data.mjs';
import { randomRun } from './random-run.mjs';

const { events } = recorded('open');
const at = (...times) => times.map((t, i) => ({ id: i + 1, t_ns: t }));

describe('the clock', () => {
  test('never goes back, and ends with the latest time', () => {
    assert.deepEqual([...clockOf(at(0, 50, 30, 90))], [0, 50, 50, 90]);
    const clock = clockOf(events);
    clock.forEach((t, i) => assert.ok(i === 0 || t >= clock[i - 1]));
    assert.equal(clock.at(-1), Math.max(...events.map((e) => e.t_ns)));
  });

  test('finds the position of every time, and the time of every position', () => {
    const clock = clockOf(at(0, 100, 100, 400));
    assert.deepEqual(positionAt(0, clock), { id: 1, part: 0 });
    assert.deepEqual(positionAt(50, clock), { id: 1, part: 0.5 });
    assert.deepEqual(positionAt(100, clock), { id: 3, part: 0 });
    assert.deepEqual(positionAt(250, clock), { id: 3, part: 0.5 });
    assert.deepEqual(positionAt(1e9, clock), { id: 4, part: 0 });
    assert.deepEqual(positionAt(10, clock, 3), { id: 3, part: 0 });
    for (let t = 0; t <= 400; t += 7) assert.ok(Math.abs(timeAt(positionAt(t, clock), clock) - t) < 1e-6);
  });

  test('knows how long it was since the event before', () => {
    assert.deepEqual([1, 2, 3, 4].map((id) => gapBefore(id, clockOf(at(5, 50, 30, 90)))), [0, 45, 0, 40]);
  });
});

describe('playing', () => {
  /* Frames of 16 ms until the end; how many there were, and each event met. */
  function play(list, pace) {
    const clock = clockOf(list);
    const seen = [1];
    let frames = 0;
    for (let p = { id: 1, part: 0 }; p.id < list.length && frames < 1e5; frames += 1) {
      const next = advance(p, 16, pace, clock);
      assert.ok(next.id > p.id || (next.id === p.id && next.part >= p.part), 'goes on');
      if (next.id !== p.id) seen.push(next.id);
      p = next;
    }
    return { ms: frames * 16, seen };
  }

  test('in even steps takes as long for every event, whatever the gaps', () => {
    const pace = paceOf('even-10');
    const gaps = play(at(0, 1, 60e9, 60e9 + 5), pace);
    assert.deepEqual(gaps.seen, [1, 2, 3, 4]);
    assert.ok(Math.abs(gaps.ms - 300) <= 16, `${gaps.ms} ms`);
  });

  test('in true time takes as long as it took, times the factor', () => {
    const run = at(0, 0.2e9, 0.2e9, 1e9);
    assert.ok(Math.abs(play(run, paceOf('true-1')).ms - 1000) <= 16);
    assert.ok(Math.abs(play(run, paceOf('true-10')).ms - 100) <= 16);
    assert.ok(Math.abs(play(run, paceOf('true-0.1')).ms - 10000) <= 16);
  });

  test('comes to the end at every pace', () => {
    for (const pace of PACES) {
      const clock = clockOf(events);
      assert.deepEqual(advance({ id: events.length - 1, part: 0.5 }, 1e12, pace, clock),
        { id: events.length, part: 0 });
    }
  });
});

describe('where a step leads', () => {
  const last = events.length;
  const segments = events.filter((e) => e.kind === 'segment').map((e) => e.id);
  const from = (moment, wanted) => goal({ events, moment }, wanted);

  test('one event on or back, and from all of it to the last but one', () => {
    assert.equal(from(5, { by: 1, of: 'event' }), 6);
    assert.equal(from(5, { by: -1, of: 'event' }), 4);
    assert.equal(from(null, { by: -1, of: 'event' }), last - 1);
  });

  test('stays within the run, and its last event is all of it', () => {
    assert.equal(from(1, { by: -1, of: 'event' }), 1);
    assert.equal(from(last - 1, { by: 1, of: 'event' }), null);
    assert.equal(from(null, { by: 1, of: 'event' }), null);
    assert.equal(from(9, { to: 'last' }), null);
    assert.equal(from(null, { to: 'first' }), 1);
    assert.equal(from(3, { id: 1e9 }), null);
    assert.equal(from(3, { id: -4 }), 1);
    assert.equal(from(1e9, { by: -1, of: 'event' }), last - 1);
  });

  test('from segment to segment, and beyond the outer ones to the ends', () => {
    assert.equal(from(1, { by: 1, of: 'segment' }), segments[0]);
    assert.equal(from(segments[0], { by: 1, of: 'segment' }), segments[1]);
    assert.equal(from(segments[1] + 1, { by: -1, of: 'segment' }), segments[1]);
    assert.equal(from(segments[1], { by: -1, of: 'segment' }), segments[0]);
    assert.equal(from(segments.at(-1), { by: 1, of: 'segment' }), null);
    assert.equal(from(segments[0], { by: -1, of: 'segment' }), 1);
  });
});

describe('what is read aloud', () => {
  const shown = (count, moment, more) => ({ events: events.slice(0, count), moment, voice: 'all', playing: false, ...more });
  const ids = (before, after) => toRead(before, after).map((e) => e.id);

  test('live, each event that came', () => {
    assert.deepEqual(ids(shown(3, null), shown(6, null)), [4, 5, 6]);
    assert.deepEqual(ids(shown(6, null), shown(6, null)), []);
  });

  test('playing, each event passed; of a leap where it leads', () => {
    const playing = { playing: true };
    assert.deepEqual(ids(shown(20, 3, playing), shown(20, 6, playing)), [4, 5, 6]);
    assert.deepEqual(ids(shown(20, 3), shown(20, 9)), [9]);
    assert.deepEqual(ids(shown(20, 9), shown(20, 3)), [3]);
    assert.deepEqual(ids(shown(20, 9), shown(20, null)), [20]);
    assert.deepEqual(ids(shown(20, 5), shown(25, 5)), []);
  });

  test('only segments, the beginning and the end; or nothing', () => {
    const all = shown(events.length, null, { voice: 'segments' });
    const kinds = new Set(toRead(shown(0, null), all).map((e) => e.kind));
    assert.deepEqual([...kinds].sort(), ['run', 'segment']);
    assert.deepEqual(ids(shown(3, null), shown(6, null, { voice: 'none' })), []);
    assert.equal(VOICES[0], 'all');
  });

  test('a moment ahead of a live run is as far as it has come', () => {
    assert.equal(newestShown({ events: events.slice(0, 4), moment: 9 }), 4);
  });
});

describe('the strip', () => {
  const frame = { width: 700, height: 54, margin: 8 };
  const stripOf = (list) => layoutStrip({ model: foldMany(emptyModel, list), events: list }, frame);
  const numbers = ({ d }) => d.match(/-?\d+(\.\d+)?/g).map(Number);

  test('gives every event the same room, from edge to edge', () => {
    const strip = stripOf(events);
    assert.equal(xOf(1, strip), 8);
    assert.equal(xOf(events.length, strip), 692);
    const steps = events.slice(1).map(({ id }) => xOf(id, strip) - xOf(id - 1, strip));
    steps.forEach((step) => assert.ok(Math.abs(step - steps[0]) < 1e-9));
    assert.equal(xOf(1, { ...frame, count: 1 }), 8);
  });

  test('stays in its frame, and torn places do not cover each other', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const { paths, bands, tears } = stripOf(randomRun(seed, 40));
      for (const path of paths) assert.ok(numbers(path).every((n) => n >= -8 && n <= 700), path.d);
      for (const { x, y, width, height } of bands) {
        assert.ok(x >= 8 && x + width <= 692.01 && width >= 0 && y >= 0 && y + height <= 54);
      }
      const sorted = [...tears].sort((a, b) => a.left - b.left);
      sorted.slice(1).forEach((tear, i) => {
        assert.ok(tear.left - tear.half >= sorted[i].left + sorted[i].half - 0.01);
      });
      for (const { left, half } of tears) assert.ok(left - half >= 0 && left + half <= 700);
    }
  });

  test('has a line for each segment, a cross for each that was lost, and the verdict', () => {
    const count = (strip, name) => strip.paths
      .filter((path) => path.name === name).reduce((sum, { d }) => sum + d.split('M').length - 1, 0);
    const strip = stripOf(events);
    const sent = (host) => events.filter((e) => e.kind === 'segment' && e.from === host).length;
    assert.equal(count(strip, 'is-client'), sent('client'));
    assert.equal(count(strip, 'is-server'), sent('server'));
    assert.equal(strip.end.id, events.length);
    const lossy = randomRun(4, 60);
    const lost = lossy.filter((e) => e.kind === 'copy' && e.fate === 'dropped').length;
    assert.ok(lost > 0);
    assert.equal(count(stripOf(lossy), 'is-lost'), lost);
    assert.equal(stripOf(lossy.slice(0, -1)).end, null);
  });

  test('colours a host by its state', () => {
    const families = stripOf(events).bands.filter(({ y }) => y === 0).map(({ family }) => family);
    assert.deepEqual(families.slice(0, 2), ['opening', 'established']);
  });
});
