// The picture's promises, over recorded and random runs, many widths and all three
// scales: labels never overlap and are never cut, everything is in the frame,
// time never runs up.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textWidth } from '../../../web/js/columns.js';
import { halfHeight } from '../../../web/js/arrowlabel.js';
import { tickText } from '../../../web/js/format.js';
import { createLayouter, eventY, layout } from '../../../web/js/geometry.js';
import { foldedAway, isHeld } from '../../../web/js/held.js';
import { emptyModel, fold, foldMany } from '../../../web/js/model.js';
import { SCALES, squeeze } from '../../../web/js/scales.js';
import { inSight, movedUp } from '../../../web/js/sight.js';
import { recorded } from './data.mjs';
import { randomRun } from './random-run.mjs';

const SERVER = '192.0.2.2:1337';
const WIDTHS = [290, 320, 354, 640, 860, 1280, 1900, 3800];
const modelOf = (events) => foldMany(emptyModel, events);
const runs = [
  { name: 'held', events: heldRun() },
  { name: 'late answer', events: lateAnswer() },
  { name: 'crowd', events: crowd() },
  ...['open', 'classic'].map((name) => ({ name, events: recorded(name).events })),
  ...Array.from({ length: 24 }, (_, i) => ({ name: `seed ${i + 1}`, events: randomRun(i + 1) })),
  ...Array.from({ length: 3 }, (_, i) =>
    ({ name: `long ${i + 1}`, events: randomRun(i + 50, 60) })),
  ...Array.from({ length: 4 }, (_, i) =>
    ({ name: `loopback ${i + 1}`, events: randomRun(i + 1, 12, 'loopback').map(withoutWay) })),
];

/* The first SYN waits on the wire, and the client's timer runs. */
function heldRun() {
  const { events } = recorded('open');
  const sent = events.findIndex(({ kind }) => kind === 'segment');
  const copy = events.find(({ kind }) => kind === 'copy');
  const state = events.find(({ kind, new: now }) => kind === 'state' && now === 'SYN-SENT');
  const known = events.slice(0, sent + 1);
  const more = [state, { ...copy, fate: 'held', by: 'person' }];
  return [...known, ...more.map((event, i) => ({ ...event, id: known.length + i + 1 }))];
}

/* The SYN,ACK arrives late: the SYN is sent again meanwhile. */
function lateAnswer() {
  const { events } = recorded('open');
  const syn = events.find(({ kind }) => kind === 'segment');
  const late = events.findIndex((each) => each.kind === 'copy' && each.n === 2);
  const [at, n] = [events[late].id, events.filter(({ kind }) => kind === 'segment').length + 1];
  const moved = (id) => (id >= at ? id + 2 : id);
  const after = events.slice(late).map((event) => ({ ...event, id: moved(event.id),
    t_ns: event.t_ns + 13e8, cause: moved(event.cause), begin: moved(event.begin) }));
  const again = { ...syn, id: at, n, of: syn.n, t_ns: syn.t_ns + 102e7 };
  const copy = { kind: 'copy', id: at + 1, n, copy: 1, fate: 'arrived', by: 'link', t_ns: again.t_ns + 3e4 };
  return [...events.slice(0, late), again, copy, ...after];
}

/* Thirty SYNs are on their way at once, each is answered as it arrives. */
function crowd() {
  const [begin] = recorded('open').events;
  const drafts = Array.from({ length: 30 }, (_, i) => {
    const src = `192.0.2.${20 + i}:1024`;
    const syn = { n: i + 1, t_ns: 1e5 + i * 7e3, from: 'client', to: 'server', flags: ['SYN'], src, dst: SERVER };
    const landed = 3e5 + i * 5e4;
    const answer = { n: 31 + i, t_ns: landed + 2e4, from: 'server', to: 'client', flags: ['SYN', 'ACK'], src: SERVER, dst: src };
    return [...sentAndLanded(syn, landed), ...sentAndLanded(answer, 2e6 + i * 2e4)];
  });
  const sorted = drafts.flat().sort((a, b) => a.t_ns - b.t_ns);
  return [begin, ...sorted.map((event, i) => ({ ...event, id: i + 2 }))];
}

function sentAndLanded(segment, t_ns) {
  const more = { seq: 7, ack: 8, seq_rel: 0, ack_rel: 1, len: 0, text: '', of: null, answers: null };
  return [
    { kind: 'segment', forged: segment.from === 'client', ...more, ...segment },
    { kind: 'copy', n: segment.n, copy: 1, fate: 'arrived', by: 'link', t_ns },
  ];
}

/* On the loopback a segment arrives in the moment it is sent. */
function withoutWay(event, _, all) {
  if (event.kind !== 'copy') return event;
  const sent = all.find((each) => each.kind === 'segment' && each.n === event.n);
  return { ...event, fate: 'arrived', t_ns: sent.t_ns };
}

/* As the page shows a live run: what waits has its buttons. */
function viewOf(model, more) {
  const away = foldedAway(model);
  const waiting = model.segments.filter((each_) => isHeld(each_) && !away.has(each_.n));
  return { away, inHand: waiting.map(({ n }) => n), ...more };
}

const layouts = runs.flatMap(({ name, events }, i) => {
  const model = modelOf(events);
  return WIDTHS.flatMap((width, w) => SCALES.map((scale, at) => {
    const relative = (i + at) % 2 === 0;
    const unfolded = (i + at + w) % 3 === 0 ? model.segments.map(({ n }) => n) : [];
    const say = `${name} at ${width} px, ${scale}, ${relative ? 'relative' : 'absolute'}`;
    const shapes = layout(model, width, viewOf(model, { relative, scale, unfolded, tall: 700 }));
    return { shapes, about: { say, model, events, scale } };
  }));
});

/* Every layout to be checked; say tells which one failed. */
function each(check) {
  for (const { shapes, about } of layouts) check(shapes, about);
}

/* A rectangle turned about its centre, as its corners. */
function turned({ x, y, angle }, width, [top, bottom]) {
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return [[-1, top], [1, top], [1, bottom], [-1, bottom]].map(([side, dy]) => {
    const dx = (side * width) / 2;
    return { x: x + dx * cos - dy * sin, y: y + dx * sin + dy * cos };
  });
}

/* Corners of an arrow's label as it is turned on the screen. */
function corners(label, { line, font }) {
  return turned(label, label.width, [-line * 0.38 - font * 0.8, line * 0.92 + font * 0.22]);
}

/* The two lines of a label, each as wide as it is. */
function rowsOf(label, { line, font }) {
  const { flags, extra, below } = label;
  const row = (text, top, bottom) => turned(label, textWidth(text, font), [top, bottom]);
  return [
    row(extra ? `${flags} ${extra}` : flags, -line * 0.38 - font * 0.7, -line * 0.38),
    row(below, line * 0.92 - font * 0.7, line * 0.92),
  ];
}

function between(a, b, far) {
  const part = far / Math.hypot(b.x - a.x, b.y - a.y);
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/* The head of an arrow from a to b. */
function headOf(a, b, { font }) {
  const back = between(b, a, font * 0.8);
  const [dx, dy] = [(b.x - back.x) * 0.3, (b.y - back.y) * 0.3];
  return [b, { x: back.x - dy, y: back.y + dx }, { x: back.x + dy, y: back.y - dx }];
}

/* A level line of text. */
function lineBox({ x, y, text, anchor }, { font }) {
  const width = textWidth(text, font);
  const left = x - { start: 0, middle: width / 2, end: width }[anchor];
  const [top, bottom] = [y - font * 0.5, y + font * 0.5];
  return [{ x: left, y: top }, { x: left + width, y: top }, { x: left + width, y: bottom }, { x: left, y: bottom }];
}

/* A line of text that stands upright. */
function upright({ x, y, text }, { font }) {
  const [half, tall] = [font * 0.4, textWidth(text, font * 0.85) / 2];
  return [{ x: x - half, y: y - tall }, { x: x + half, y: y - tall }, { x: x + half, y: y + tall }, { x: x - half, y: y + tall }];
}

/* Everything that is written on the wire: {what, box}. */
function writtenOnWire({ arrows, floods, notes, clusters, timers, ruler, columns }) {
  const labelled = [...arrows, ...floods].filter(({ bare }) => !bare);
  return [
    ...[ruler?.words].filter(Boolean).map((words) => ({ what: 'ruler', box: upright(words, columns) })),
    ...timers.filter(({ words }) => words).map(({ host, words }) =>
      ({ what: `timer of the ${host}`, box: lineBox(words, columns) })),
    ...labelled.map(({ n, label }) => ({ what: `label of ${n}`, box: corners(label, columns) })),
    ...notes.map((note) => ({ what: `note "${note.text}"`, box: lineBox(note, columns) })),
    ...clusters.map(({ x, y, width, half, text }) =>
      ({ what: `cluster "${text}"`, box: turned({ x, y, angle: 0 }, width, [-half, half]) })),
  ];
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

/* Pairs near enough in height to meet. */
function pairs(boxes) {
  const sorted = boxes.map((each_) => ({
    ...each_, top: Math.min(...each_.box.map(({ y }) => y)), end: Math.max(...each_.box.map(({ y }) => y)),
  })).sort((a, b) => a.top - b.top);
  return sorted.flatMap((a, i) => sorted.slice(i + 1).filter((b) => b.top < a.end).map((b) => [a, b]));
}

describe('geometry', () => {
  test('the runs hold what is to be tested', () => {
    const count = (pick) => layouts.reduce((sum, { shapes }) => sum + pick(shapes).length, 0);
    assert.ok(count(({ floods }) => floods) > 50, 'folded floods');
    assert.ok(count(({ notes }) => notes.filter(({ flood }) => flood)) > 20, 'open floods');
    assert.ok(count(({ timers }) => timers.filter(({ words }) => words)) > 50, 'running timers');
    assert.ok(count(({ arrows }) => arrows.filter(({ hand }) => hand !== null)) > 50, 'what waits');
  });

  test('what is written on the wire never overlaps', () => each((shapes, { say }) => {
    for (const [a, b] of pairs(writtenOnWire(shapes))) {
      assert.ok(apart(a.box, b.box), `${say}: ${a.what}, ${b.what}`);
    }
  }));

  test('what is written on the wire stays there, and in the frame', () => each((shapes, { say }) => {
    const { wire } = shapes.columns;
    for (const { what, box } of writtenOnWire(shapes)) {
      for (const { x, y } of box) {
        assert.ok(x >= wire.left - 6 && x <= wire.right + 6, `${say}: ${what} leaves the wire`);
        assert.ok(y >= shapes.top - 1 && y <= shapes.height, `${say}: ${what} leaves the frame`);
      }
    }
  }));

  test('buttons of what waits stand clear of labels', () => each((shapes, { say, scale }) => {
    if (scale === 'true') return;
    const { columns: { wire, hand }, height } = shapes;
    const boxes = shapes.arrows.filter((arrow) => arrow.hand !== null).map(({ n, hand: y }) => {
      assert.ok(y + hand <= height, `${say}: buttons of ${n} are cut`);
      return { what: `buttons of ${n}`, box: turned({ x: wire.middle, y, angle: 0 }, wire.width, [0, hand]) };
    });
    for (const [a, b] of pairs([...boxes, ...writtenOnWire(shapes)])) {
      assert.ok(apart(a.box, b.box), `${say}: ${a.what}, ${b.what}`);
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

  test('a label stands at its own arrow, and never on its head', () => each((shapes, { say, scale }) => {
    const { columns } = shapes;
    if (scale === 'true' || columns.level) return; // there arrows may be level
    for (const { n, label, legs: [{ points, end }] } of shapes.arrows) {
      const [a, b] = points;
      const line = [a, b, { x: b.x, y: b.y + 0.1 }];
      if (label.width <= Math.abs(b.x - a.x)) {
        const near = { ...label, width: label.width + columns.font * 2 };
        assert.ok(!apart(corners(near, columns), line), `${say}: label of ${n} is elsewhere`);
      }
      if (end !== 'arrived' || points.length > 2 || label.width > Math.abs(b.x - a.x) - columns.font) continue;
      const tip = headOf(a, b, columns);
      for (const row of rowsOf(label, columns)) assert.ok(apart(row, tip), `${say}: head of ${n}`);
    }
  }));

  test('a picture grows with what is in it, not faster', () => each((shapes, { say, model, scale }) => {
    if (scale === 'true') return;
    const { columns: { line }, height } = shapes;
    const most = 20 + 9 * (model.events ?? []).length + 14 * model.segments.length
      + 5 * model.calls.length + 4 * shapes.bands.length + 3 * shapes.folds.length;
    assert.ok(height < most * line, `${say}: ${Math.round(height / line)} lines, at most ${most}`);
  }));

  test('everything is within the frame', () => each((shapes, { say }) => {
    const { columns, height } = shapes;
    const inside = ({ x, y }) => x >= 0 && x <= columns.width && y >= 0 && y <= height;
    for (const { n, legs } of shapes.arrows) {
      for (const { points } of legs) assert.ok(points.every(inside), `${say}: arrow ${n}`);
    }
    for (const { n, points } of shapes.floods) assert.ok(points.every(inside), `${say}: flood ${n}`);
    for (const box of [...shapes.bands, ...shapes.stays, ...shapes.tracks]) {
      assert.ok(box.height >= 0, `${say}: ${box.id} is upside down`);
      assert.ok(inside(box) && inside({ x: box.x + box.width, y: box.y + box.height }), `${say}: ${box.id}`);
    }
    for (const tick of shapes.ticks) assert.ok(tick.y <= height, say);
  }));

  test('columns stand side by side', () => each(({ columns }, { say }) => {
    const { client, server, wire } = columns;
    assert.ok(wire.width > columns.font * 12, `${say}: the wire is ${wire.width} wide`);
    for (const { dir, edge, connections, listeners, queue, bar } of [client, server]) {
      let at = edge;
      for (const { x, width } of [...connections, ...listeners, ...queue, bar]) {
        const [near, far] = dir < 0 ? [x + width, x] : [x, x + width];
        assert.ok((near - at) * dir >= -0.01, `${say}: columns overlap`);
        at = far;
      }
    }
  }));

  test('arrows fall, and end no earlier than they begin', () => each((shapes, { say, scale }) => {
    const { arrows, columns } = shapes;
    for (const { n, legs } of arrows) {
      for (const { points } of legs) {
        points.slice(1).forEach((p, i) => assert.ok(p.y >= points[i].y, `${say}: arrow ${n}`));
        if (columns.level) assert.equal(points.at(-1).y, points[0].y, `${say}: arrow ${n} leans`);
        else if (scale !== 'true') assert.ok(points.at(-1).y > points[0].y, `${say}: arrow ${n} is level`);
      }
    }
  }));

  test('what is later stands no higher', () => each(({ y }, { say, events, scale }) => {
    const placed = events.filter((e) => y.has(e.id)).sort((a, b) => a.t_ns - b.t_ns);
    placed.slice(1).forEach((event, i) => {
      const before = placed[i];
      if (before.t_ns === event.t_ns) return;
      const [a, b] = [y.get(before.id), y.get(event.id)];
      assert.ok(scale === 'true' ? b >= a : b > a, `${say}: ${before.id} and ${event.id}`);
    });
  }));

  test('the true scale is true', () => each(({ y }, { say, events, scale }) => {
    if (scale !== 'true') return;
    const placed = events.filter((e) => y.has(e.id));
    const [first, last] = [placed[0], placed.reduce((a, b) => (b.t_ns > a.t_ns ? b : a))];
    const perNs = (y.get(last.id) - y.get(first.id)) / (last.t_ns - first.t_ns);
    for (const { id, t_ns: t } of placed) {
      const want = y.get(first.id) + (t - first.t_ns) * perNs;
      assert.ok(Math.abs(y.get(id) - want) < 0.01, `${say}: ${id}`);
    }
  }));

  test('labels of calls and states never overlap', () => each((shapes, { say }) => {
    const { columns } = shapes;
    for (const host of ['client', 'server']) {
      const calls = shapes.calls.filter((call) => call.host === host)
        .flatMap((call) => [call.name && call.y, call.result?.y]).filter((y) => typeof y === 'number');
      const states = columns.compact
        ? shapes.bands.filter((band) => band.host === host && band.label).map((band) => band.label.y) : [];
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
    const { font, line } = shapes.columns;
    for (const { label, width, height, state, sub } of shapes.bands.filter((band) => band.label)) {
      if (state === 'CLOSED') continue;
      const [across, along] = label.upright ? [height, width] : [width, height];
      assert.ok(textWidth(label.text, font * 0.95) <= across + 1, `${say}: ${label.text} across`);
      assert.ok(along >= font + sub.length * line * 0.85, `${say}: ${label.text} along`);
      for (const text of sub) assert.ok(textWidth(text, font * 0.82) <= across + 1, `${say}: ${text}`);
    }
  }));

  test('times at the axis do not overlap, nor lengths of folds', () => each((shapes, { say }) => {
    const ys = [...shapes.ticks, ...(shapes.columns.compact ? [] : shapes.folds)].map(({ y }) => y)
      .sort((a, b) => a - b);
    ys.slice(1).forEach((y, i) => assert.ok(y - ys[i] >= shapes.columns.font, `${say}: ${y}`));
  }));

  test('times at the axis are not cut', () => each(({ ticks, columns }, { say }) => {
    if (columns.compact) return;
    for (const { t } of ticks) {
      const width = textWidth(tickText(t), columns.font * 0.9);
      assert.ok(width <= columns.axisX, `${say}: ${tickText(t)}`);
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

  test('no segment is lost: each has an arrow, or stands in a flood or under another', () =>
    each(({ arrows, floods }, { say, model }) => {
      const away = foldedAway(model).size;
      const counted = floods.reduce((sum, { count }) => sum + count, 0);
      const drawn = arrows.filter(({ icmp }) => !icmp).length;
      assert.equal(drawn + counted + away, model.segments.length, say);
    }));

  test('clusters count what they hide', () => each(({ arrows, floods, clusters }, { say }) => {
    const hidden = [...arrows, ...floods].filter(({ bare }) => bare)
      .reduce((sum, { count = 1 }) => sum + count, 0);
    assert.equal(clusters.reduce((sum, { count }) => sum + count, 0), hidden, say);
  }));

  test('laid out event by event it is the same as at once', () => {
    for (const { name, events } of runs.filter((_, i) => i % 3 === 0)) {
      for (const scale of ['squeezed', 'even']) {
        const next = createLayouter();
        let model = emptyModel;
        for (const event of events) {
          model = fold(model, event);
          const shapes = next(model, 900, viewOf(model, { scale }));
          if (event.id % 5 && event.id < events.length) continue;
          const { y: ys, ...rest } = shapes;
          const { y: whole, ...plain } = layout(model, 900, viewOf(model, { scale }));
          assert.deepEqual(rest, plain, `${name}, ${scale}, event ${event.id}`);
          for (const { id } of events) assert.equal(ys.get(id), whole.get(id));
        }
      }
    }
  });

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
    for (const scale of SCALES) {
      const shapes = layout(emptyModel, 860, { scale });
      assert.ok(shapes.height > 0);
      assert.deepEqual(shapes.arrows, []);
    }
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

test('a picture moved up is the same picture, so much higher', () => {
  const by = 400;
  const whole = layout(foldMany(emptyModel, randomRun(7)), 1000);
  const seen = inSight(whole, by, by + 900);
  const up = movedUp(seen, by);
  assert.ok(seen.arrows.length > 3);
  for (const [i, arrow] of seen.arrows.entries()) {
    assert.equal(up.arrows[i].top, arrow.top - by);
    assert.equal(up.arrows[i].label.y, arrow.label.y - by);
    for (const [j, leg] of arrow.legs.entries()) {
      assert.equal(up.arrows[i].legs[j].end, leg.end, 'its end is a word');
      assert.deepEqual(up.arrows[i].legs[j].points, leg.points.map(({ x, y }) => ({ x, y: y - by })));
    }
  }
});
