/* prometheus.mjs - a strict reader of Prometheus' text format 0.0.4: what a
 * scraper would stumble over is an error here. */
import assert from 'node:assert/strict';

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\[\\\\"n])*)"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$`);
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/** One sample as [name, labels, value]. */
function readSample(line) {
  const found = SAMPLE.exec(line);
  assert.ok(found, `no sample: ${line}`);
  const labels = [...(found[2] ?? '').matchAll(new RegExp(LABEL, 'g'))].map(([, name, value]) => [name, value]);
  assert.equal(new Set(labels.map(([name]) => name)).size, labels.length, `a label twice: ${line}`);
  const value = Number(found.at(-1));
  assert.ok(Number.isFinite(value), line);
  return [found[1], Object.fromEntries(labels), value];
}

/** Families by name: { type, help, samples: [{ labels, value }] }. */
export function readMetrics(text) {
  assert.ok(text.endsWith('\n'), 'the last line is not ended');
  const families = new Map();
  let current = null;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name, rest] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line) ?? [];
    if (kind === 'HELP') {
      assert.ok(!families.has(name), `${name} comes in two places`);
      current = { name, help: rest, type: null, samples: [] };
      families.set(name, current);
    } else if (kind === 'TYPE') {
      assert.equal(name, current.name);
      assert.equal(current.type, null);
      assert.ok(TYPES.includes(rest), line);
      current.type = rest;
    } else {
      const [sample, labels, value] = readSample(line);
      assert.equal(sample, current.name, 'a sample stands below its family');
      assert.ok(current.type, `${sample} has no type`);
      current.samples.push({ labels, value });
    }
  }
  for (const family of families.values()) check(family);
  return families;
}

function check({ name, type, samples }) {
  const keys = samples.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()));
  assert.equal(new Set(keys).size, keys.length, `${name}: a series twice`);
  if (type !== 'counter') return;
  assert.match(name, /_total$/, 'a counter ends in _total');
  for (const { value } of samples) assert.ok(value >= 0, name);
}
