// The picture's promises, over recorded and random runs and many widths: labels
// never overlap and are never cut, everything is in the frame, time never runs
// up.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textWidth } from '../../../web/js/columns.js';
import { halfHeight } from '../../../web/js/arrowlabel.js';
import { eventY, layout } from '../../../web/js/geometry.js';
import { foldedAway, isHeld } from '../../../web/js/held.js';
import { emptyModel, fold } from '../../../web/js/model.js';
import { squeeze } from '../../../web/js/rows.js';
import { recorded } from './data.mjs';
import { randomRun } from './random-run.mjs';

const WIDTHS = [340, 354, 420, 640, 760, 860, 1000, 1280, 1700, 2600];
const modelOf = (events) => events.reduce(fold, emptyModel);
const runs = [
  ...['open', 'classic'].map((name) => ({ name, events: recorded(name).events })),
  ...Array.from({ length: 60 }, (_, i) => ({ name: `seed ${i + 1}`, events: randomRun(i + 1) })),
  ...Array.from({ length: 12 }, (_, i) =>
    ({ name: `loopback ${i + 1}`, events: randomRun(i + 1, 12, 'loopback').map(withoutWay) })),
];

/* On the loopback a segment arrives in the moment it is sent. */
function withoutWay(event, _, all) {
  if (event.kind !== 'copy') return event;
  const sent = all.find((each) => each.kind === 'segment' && each.n === event.n);
  return { ...event, fate: 'arrived', t_ns: sent.t_ns };
}

/* As the page shows a live run: what waits has its buttons. */
function viewOf(model, relative) {
  const away = foldedAway(model);
  const waiting = model.segments.filter((each_) => isHeld(each_) && !away.has(each_.n));
  return { relative, away, inHand: waiting.map(({ n }) => n) };
}

/* Every layout to be checked; say() tells which one failed. */
function each(check) {
  for (const { name, events } of runs) {
    const model = modelOf(events);
    for (const width of WIDTHS) {
      for (const relative of [true, false]) {
        const say = `${name} at ${width} px, ${relative ? 'relative' : 'absolute'}`;
        check(layout(model, width, viewOf(model, relative)), { say, model, events });
      }
    }
  }
}

/* Corners of an arrow's label as it is turned on the screen. */
function corners({ x, y, width, angle }, { line, font }) {
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const top = -line * 0.38 - font * 0.8;
  const bottom = line * 0.92 + font * 0.22;
  return [[-1, top], [1, top], [1, bottom], [-1, bottom]].map(([side, dy]) => {
    const dx = (side * width) / 2;
    return { x: x + dx * cos - dy * sin, y: y + dx * sin + dy * cos };
  });
}

/* Two convex shapes are apart if some edge of one separates them. */
function apart(a, b) {
  return [a, b].some((shape) => shape.some((p, i) => {
    const q = shape[(i + 1) % shape.length];
    const along = ({ x, y }) => (q.y - p.y) * x - (q.x - p.x) * y;
    const [as, bs] = [a.map(along), b.map(along)];
    return Math.max(...as) <= Math.min(...bs) + 0.5 || Math.max(...bs) <= Math.min(...as) + 0.5;
  }));
}

describe('geometry', () => {
  test('labels of arrows never overlap', () => each(({ arrows, columns }, { say }) => {
    const boxes = arrows.map(({ label }) => corners(label, columns));
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) {
        assert.ok(apart(boxes[i], boxes[j]), `${say}: labels of ${i + 1} and ${j + 1}`);
      }
    }
  }));

  test('buttons of what waits stand clear of labels', () => each((shapes, { say }) => {
    const { columns: { wire, hand, ...columns }, arrows, height } = shapes;
    const boxes = arrows.filter((arrow) => arrow.hand !== null)
      .map(({ n, hand: y }) => ({ n, y }));
    const corner = ({ y }) => [
      { x: wire.left, y }, { x: wire.right, y },
      { x: wire.right, y: y + hand }, { x: wire.left, y: y + hand },
    ];
    boxes.forEach((box, i) => {
      assert.ok(box.y + hand <= height, `${say}: buttons of ${box.n} are cut`);
      for (const other of boxes.slice(i + 1)) assert.ok(apart(corner(box), corner(other)), say);
      for (const { n, label } of arrows) {
        const clear = apart(corner(box), corners(label, columns));
        assert.ok(clear, `${say}: buttons of ${box.n}, label of ${n}`);
      }
    });
  }));

  test('labels of arrows stay on the wire', () => each(({ arrows, columns }, { say }) => {
    for (const { n, label } of arrows) {
      assert.ok(label.width <= columns.wire.width, `${say}: label of ${n} is too wide`);
      for (const { x } of corners(label, columns)) {
        const inside = x >= columns.wire.left - 6 && x <= columns.wire.right + 6;
        assert.ok(inside, `${say}: label of ${n} leaves the wire`);
      }
    }
  }));

  test('the room booked for a label holds it', () => each(({ arrows, columns }, { say }) => {
    for (const { n, label, legs: [{ points: [a, b] }] } of arrows) {
      const half = halfHeight(label, b.y - a.y, Math.abs(b.x - a.x), columns);
      for (const { y } of corners(label, columns)) {
        assert.ok(Math.abs(y - label.y) <= half + 1.5, `${say}: label of ${n}`);
      }
    }
  }));

  test('everything is within the frame', () => each((shapes, { say }) => {
    const { columns, height } = shapes;
    const inside = ({ x, y }) => x >= 0 && x <= columns.width && y >= 0 && y <= height;
    for (const { n, legs } of shapes.arrows) {
      for (const { points } of legs) assert.ok(points.every(inside), `${say}: arrow ${n}`);
    }
    for (const band of shapes.bands) {
      assert.ok(inside(band) && inside({ x: band.x + band.width, y: band.y + band.height }), say);
    }
    for (const tick of shapes.ticks) assert.ok(tick.y <= height, say);
  }));

  test('arrows fall, and end no earlier than they begin', () => each((shapes, { say }) => {
    const { arrows, columns } = shapes;
    for (const { n, legs } of arrows) {
      for (const { points } of legs) {
        points.slice(1).forEach((p, i) => assert.ok(p.y >= points[i].y, `${say}: arrow ${n}`));
        if (columns.level) assert.equal(points.at(-1).y, points[0].y, `${say}: arrow ${n} leans`);
        else assert.ok(points.at(-1).y > points[0].y, `${say}: arrow ${n} is level`);
      }
    }
  }));

  test('what is later stands no higher', () => each(({ y }, { say, events }) => {
    const placed = events.filter((e) => y.has(e.id)).sort((a, b) => a.t_ns - b.t_ns);
    placed.slice(1).forEach((event, i) => {
      const before = placed[i];
      if (before.t_ns === event.t_ns) return;
      assert.ok(y.get(event.id) > y.get(before.id), `${say}: ${before.id} and ${event.id}`);
    });
  }));

  test('labels of calls and states never overlap', () => each((shapes, { say }) => {
    const { columns } = shapes;
    for (const host of ['client', 'server']) {
      const calls = shapes.calls.filter((call) => call.host === host)
        .flatMap((call) => (call.result ? [call.y, call.result.y] : [call.y]));
      const states = columns.compact
        ? shapes.bands.filter((band) => band.host === host).map((band) => band.label.y) : [];
      const ys = [...calls, ...states].sort((a, b) => a - b);
      ys.slice(1).forEach((y, i) => assert.ok(y - ys[i] >= columns.font, `${say}: ${host} at ${y}`));
    }
  }));

  test('labels of calls are not cut', () => each(({ calls, columns }, { say }) => {
    for (const { host, name, result, text } of calls) {
      for (const words of [name, result?.text ?? '']) {
        const end = text.x + columns[host].dir * textWidth(words, columns.font);
        assert.ok(end >= -1 && end <= columns.width + 1, `${say}: ${words}`);
      }
    }
  }));

  test('a state has room for its name in its band', () => each((shapes, { say }) => {
    if (shapes.columns.compact) return;
    const { font } = shapes.columns;
    for (const band of shapes.bands.filter((each_) => each_.state !== 'CLOSED')) {
      const across = band.label.upright ? band.height : band.width;
      const along = band.label.upright ? band.width : band.height;
      assert.ok(textWidth(band.state, font * 0.95) <= across, `${say}: ${band.state} across`);
      assert.ok(along >= font, `${say}: ${band.state} along`);
    }
  }));

  test('times at the axis do not overlap', () => each(({ ticks, columns }, { say }) => {
    ticks.slice(1).forEach((tick, i) =>
      assert.ok(tick.y - ticks[i].y >= columns.font, `${say}: ${tick.text}`));
  }));

  test('lengths of folds stand clear of the times beside them', () => each((shapes, { say }) => {
    if (shapes.columns.compact) return;
    for (const fold of shapes.folds) {
      for (const tick of shapes.ticks) {
        assert.ok(Math.abs(tick.y - fold.y) >= shapes.columns.font, `${say}: ${tick.text}`);
      }
    }
  }));

  test('what is made by hand begins on the wire', () => each(({ arrows, columns }, { say }) => {
    for (const { n, forged, legs: [{ points: [start] }] } of arrows) {
      const inside = start.x > columns.wire.left + 1 && start.x < columns.wire.right - 1;
      assert.equal(inside, forged, `${say}: arrow ${n}`);
    }
  }));

  test('every event has a place', () => each((shapes, { events }) => {
    for (const event of events) assert.equal(typeof eventY(shapes, events, event.id), 'number');
  }));

  test('the SYN that a kernel kept is level, has no time at the axis, and says so', () => {
    const [begin, ...rest] = recorded('open').events;
    const syn = rest.find((e) => e.kind === 'segment');
    const events = [{ ...begin, link: 'sockets' }, { ...syn, id: 2, saved: true }];
    const { arrows: [arrow], ticks, veil } = layout(modelOf(events), 1400);
    const [{ end, points: [a, b] }] = arrow.legs;
    assert.deepEqual({ end, level: a.y === b.y }, { end: 'saved', level: true });
    assert.ok(veil);
    assert.ok(ticks.every((tick) => tick.id !== 2));
    assert.match(arrow.label.extra, /kept by the server’s kernel/);
    assert.match(arrow.label.below, /when.* not observable here/);
  });

  test('an empty run has a frame', () => {
    const shapes = layout(emptyModel, 860);
    assert.ok(shapes.height > 0);
    assert.deepEqual(shapes.arrows, []);
  });

  test('the squeeze never turns time around', () => {
    let last = 0;
    for (let ns = 1; ns < 1e12; ns *= 3) {
      assert.ok(squeeze(ns) >= last);
      last = squeeze(ns);
    }
    assert.equal(squeeze(0), 0);
  });
});
