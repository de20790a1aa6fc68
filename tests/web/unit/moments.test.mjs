// Moments: the model and the picture as they stood when an event had happened.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutAt } from '../../../web/js/cut.js';
import { eventY, layout } from '../../../web/js/geometry.js';
import { foldedAway } from '../../../web/js/held.js';
import { emptyModel, fold } from '../../../web/js/model.js';
import { emptyHistory, foldMore, modelAt } from '../../../web/js/moments.js';
import { initialState, reduce } from '../../../web/js/store.js';
import { recorded } from './data.mjs';
import { dice, randomRun } from './random-run.mjs';

const plainly = (events, moment) => events.slice(0, moment).reduce(fold, emptyModel);
const long = randomRun(7, 600); // beyond several checkpoints
const run = { id: 'r1', title: 'A run', scenario: 'open', phase: 'ended', link: 'wire' };
const opened = (events, of = run) =>
  [{ type: 'opened', run: of }, { type: 'events', run: 'r1', list: events }].reduce(reduce, initialState);

describe('the model at a moment', () => {
  test('is that of the events up to it, wherever one comes from', () => {
    const next = dice(3);
    let state = opened(long);
    for (let i = 0; i < 60; i += 1) {
      const id = 1 + Math.floor(next() * long.length);
      state = reduce(state, { type: 'moment', id });
      assert.deepEqual(state.model, plainly(long, id), `moment ${id}`);
    }
    state = reduce(state, { type: 'moment', id: null });
    assert.equal(state.model, state.whole);
    assert.deepEqual(state.whole, plainly(long, long.length));
  });

  test('folds a few hundred events at most', () => {
    let asked = 0;
    const events = new Proxy(long, {
      get(list, name) {
        if (/^\d+$/.test(name)) asked += 1;
        return list[name];
      },
    });
    const history = { events, ...foldMore(emptyHistory, long) };
    for (let moment = 1; moment <= long.length; moment += 13) {
      asked = 0;
      assert.equal(modelAt(history, moment).last.id, moment);
      assert.ok(asked <= 256, `${asked} events for moment ${moment}`);
    }
  });

  test('stays while a live run goes on, and one ahead is reached', () => {
    const live = opened(long.slice(0, 100), { ...run, phase: 'running' });
    const more = { type: 'events', run: 'r1', list: long.slice(100, 700) };
    const behind = reduce(reduce(live, { type: 'moment', id: 40 }), more);
    assert.deepEqual(behind.model, plainly(long, 40));
    assert.equal(behind.events.length, 700);
    const ahead = reduce(live, { type: 'moment', id: 300 });
    assert.deepEqual(ahead.model, plainly(long, 100));
    assert.deepEqual(reduce(ahead, more).model, plainly(long, 300));
  });

  test('lies within a run that has ended', () => {
    assert.equal(reduce(opened(long), { type: 'moment', id: 1e6 }).moment, long.length);
  });
});

describe('what is selected', () => {
  const { events } = recorded('open');
  const [first, second] = events.filter((e) => e.kind === 'segment').map((e) => e.id);
  const state = opened(events);

  test('goes with the moment, unless it is named', () => {
    assert.equal(reduce(state, { type: 'moment', id: 5 }).step, 5);
    assert.equal(reduce(state, { type: 'moment', id: 5, step: 2 }).step, 2);
    assert.equal(reduce(state, { type: 'moment', id: 5, step: null }).step, null);
  });

  test('is the segment a moment is about while a card is open', () => {
    const card = reduce(state, { type: 'step', id: second, open: true });
    const landed = events.find((e) => e.kind === 'copy' && e.n === 1).id;
    const at = reduce(card, { type: 'moment', id: landed });
    assert.deepEqual([at.step, at.panel], [first, 'card']);
    assert.equal(reduce(card, { type: 'moment', id: events.length }).step,
      events.findLast((e) => e.kind === 'segment').id);
    assert.equal(reduce(at, { type: 'moment', id: null }).step, first);
  });
});

describe('the picture at a moment', () => {
  const runs = [recorded('open').events, recorded('classic').events,
    ...Array.from({ length: 25 }, (_, i) => randomRun(i + 1))];

  /* Every third moment of every run, at a wide and a narrow width. */
  function each(check) {
    runs.forEach((events, at) => {
      const whole = plainly(events, events.length);
      for (const width of [354, 1280]) {
        const shapes = layout(whole, width, { away: foldedAway(whole) });
        for (let moment = 1; moment < events.length; moment += 3) {
          const model = plainly(events, moment);
          const now = eventY(shapes, events, moment) ?? shapes.top;
          const say = `run ${at}, moment ${moment}, ${width} px`;
          check(cutAt(shapes, { moment, model, now }), { shapes, moment, model, now, say });
        }
      }
    });
  }

  test('shows what had happened and nothing else', () => each((cut, { shapes, moment, model, say }) => {
    const drawn = new Set(shapes.arrows.map(({ id }) => id));
    const sent = model.segments.filter(({ id }) => drawn.has(id)).map(({ id }) => id);
    const icmp = model.icmp.map(({ id }) => id);
    const byId = (list) => [...list].sort((a, b) => a - b);
    assert.deepEqual(byId(cut.arrows.map(({ id }) => id)), byId([...sent, ...icmp]), say);
    assert.deepEqual(cut.calls.map(({ id }) => id), model.calls.map(({ id }) => id), say);
    const bands = new Set(shapes.bands.map(({ id }) => id)); // but those of floods
    const spans = model.sockets.flatMap((socket) => socket.spans.map(({ id }) => id));
    assert.deepEqual(byId(cut.bands.map(({ id }) => id)), byId(spans.filter((id) => bands.has(id))), say);
    assert.ok(cut.ticks.every(({ id }) => id <= moment), say);
  }));

  test('draws each copy with the fate it had then', () => each((cut, { model, say }) => {
    for (const { id, legs } of cut.arrows) {
      const segment = model.segments.find((one) => one.id === id);
      if (!segment || segment.saved) continue;
      const fates = segment.copies.map(({ fate }) => fate);
      assert.deepEqual(legs.map(({ end }) => end), fates.length > 0 ? fates : ['flying'], `${say}, ${id}`);
    }
  }));

  test('says what the wire did only when it has done it', () => each((cut, { model, say }) => {
    for (const { id, label } of cut.arrows) {
      const segment = model.segments.find((one) => one.id === id);
      const lost = segment?.copies.some(({ fate }) => fate === 'dropped');
      if (segment && !lost) assert.doesNotMatch(label.extra, /dropped|lost/, `${say}, ${id}`);
    }
  }));

  test('leaves everything where it stands, and opens what had not ended', () =>
    each((cut, { shapes, moment, model, now, say }) => {
      assert.equal(cut.height, shapes.height);
      assert.equal(cut.columns, shapes.columns);
      for (const band of cut.bands) {
        const { x, y, until, state } = shapes.bands.find(({ id }) => id === band.id);
        assert.deepEqual([band.x, band.y], [x, y], say);
        if (state === 'CLOSED' && until === null) continue;
        assert.equal(band.open, until === null || until > moment, say);
        if (band.open) assert.ok(band.y + band.height <= Math.max(now, band.y) + 0.01, say);
      }
      for (const { id, open } of cut.calls) {
        assert.equal(open, model.calls.find((call) => call.id === id).end === null, say);
      }
      for (const { id, label, legs } of cut.arrows) {
        const arrow = shapes.arrows.find((one) => one.id === id);
        assert.deepEqual([label.x, label.y, label.angle],
          [arrow.label.x, arrow.label.y, arrow.label.angle], say);
        assert.deepEqual(legs[0].points[0], arrow.legs[0].points[0], say);
      }
    }));

  test('at the last event is the whole picture', () => {
    for (const events of runs) {
      const model = plainly(events, events.length);
      const shapes = layout(model, 1280, { away: foldedAway(model) });
      const last = events.length;
      const now = shapes.bottom;
      const { arrows, bands, calls, ticks, split } = cutAt(shapes, { moment: last, model, now });
      assert.deepEqual({ arrows: arrows.map(({ legs }) => legs), ticks, split }, {
        arrows: shapes.arrows.map(({ legs }) => legs), ticks: shapes.ticks, split: shapes.split,
      });
      assert.deepEqual({ bands, calls: calls.map(({ height }) => height) },
        { bands: shapes.bands, calls: shapes.calls.map(({ height }) => height) });
    }
  });
});
