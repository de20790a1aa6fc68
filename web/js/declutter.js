/* declutter.js - labels in the true scale, where nothing can move apart: what
 * has no room is left out and counted where it would stand, to be seen when the
 * picture is stretched. Pure. */
import { textWidth } from './columns.js';
import { texts } from './texts.js';

/** The shapes without the labels that would overlap. Arrows whose labels have no
 * room beside each other become a cluster, {id, ids, count, text, x, y, half,
 * width, top, end}: top and end are the y between which they lie. */
export function declutter(shapes) {
  const { line } = shapes.columns;
  const { arrows, floods, clusters, taken } = clustered(shapes);
  const free = ({ y }) => claimed(taken, y - line * 0.6, y + line * 0.6);
  return {
    ...shapes, arrows, floods, clusters, ...beside(shapes), notes: shapes.notes.filter(free),
    ticks: everySo(shapes.ticks, line),
  };
}

/* Sweep from top to bottom: a label that reaches into the one above joins it. */
function clustered({ arrows, floods, columns }) {
  const groups = [];
  const all = [...arrows, ...floods];
  const topOf = ({ label }) => label.y - label.half;
  for (const arrow of [...all].sort((a, b) => topOf(a) - topOf(b))) {
    const last = groups.at(-1);
    if (last && topOf(arrow) < last.end) last.members.push(arrow);
    else groups.push({ end: arrow.label.y + arrow.label.half, members: [arrow] });
  }
  const crowds = groups.filter(({ members }) => members.length > 1);
  const hidden = new Set(crowds.flatMap(({ members }) => members));
  const clusters = crowds.map(({ members }) => cluster(members, columns));
  const alone = all.filter((arrow) => !hidden.has(arrow)).map(({ label }) => label);
  const shown = (list) =>
    list.map((arrow) => (hidden.has(arrow) ? { ...arrow, bare: true } : arrow));
  return {
    arrows: shown(arrows),
    floods: shown(floods),
    clusters,
    taken: [...clusters, ...alone].map(({ y, half }) => [y - half, y + half]),
  };
}

/* One line stands where the first of its labels would: that is two lines high. */
function cluster(arrows, { line, wire, font }) {
  const [first] = arrows;
  const count = arrows.reduce((sum, each) => sum + (each.count ?? 1), 0);
  const wordings = texts.diagram.cluster(count, arrows.map(({ label }) => label.flags));
  const fits = (words) => textWidth(words, font) <= wire.width - font * 3;
  const text = wordings.find(fits) ?? wordings.at(-1);
  return {
    id: first.id,
    ids: arrows.map(({ id }) => id),
    count,
    text,
    x: wire.middle,
    y: first.label.y,
    half: line * 0.8,
    width: textWidth(text, font) + font * 1.6,
    top: Math.min(...arrows.map(({ top }) => top)),
    end: Math.max(...arrows.map(({ end }) => end)),
  };
}

/* Take the room from top to end if it is free. */
function claimed(taken, top, end) {
  if (taken.some(([a, b]) => top < b && a < end)) return false;
  taken.push([top, end]);
  return true;
}

/* Labels of calls, and on a narrow screen those of states in the same column,
 * from top to bottom; what has no room is counted at the last that has. */
function beside({ calls, bands, columns }) {
  const kept = new Set();
  const more = new Map();
  for (const host of ['client', 'server']) {
    sweep(itemsOf(host, calls, bands, columns), columns, { kept, more });
  }
  return {
    calls: calls.map((call) => ({
      ...call,
      name: kept.has(call) ? call.name : '',
      result: kept.has(call.result) ? call.result : null,
      more: more.get(call) ?? 0,
    })),
    bands: bands.map((band) => bandWith(band, kept, columns)),
  };
}

function itemsOf(host, calls, bands, { compact }) {
  const own = calls.filter((call) => call.host === host);
  const items = [
    ...own.map((call) => ({ what: call, y: call.y, counts: true })),
    ...own.filter(({ result }) => result).map(({ result }) => ({ what: result, y: result.y })),
  ];
  const states = compact ? bands.filter((band) => band.host === host && band.label) : [];
  items.push(...states.map((band) => ({ what: band, y: band.label.y })));
  return items.sort((a, b) => a.y - b.y);
}

function sweep(items, { line }, { kept, more }) {
  let free = -Infinity;
  let last = null;
  for (const { what, y, counts } of items) {
    if (y - line / 2 >= free) {
      free = y + line / 2;
      kept.add(what);
      if (counts) last = what;
    } else if (counts && last) {
      more.set(last, (more.get(last) ?? 0) + 1);
    }
  }
}

function bandWith(band, kept, { compact, line }) {
  if (!band.label) return band;
  const fits = compact ? kept.has(band) : band.height >= line * 1.25;
  if (!fits) return { ...band, label: null, sub: [] };
  return band.height < line * 3.2 ? { ...band, sub: [] } : band;
}

function everySo(ticks, line) {
  let free = -Infinity;
  return ticks.filter(({ y }) => {
    if (y < free) return false;
    free = y + line;
    return true;
  });
}
