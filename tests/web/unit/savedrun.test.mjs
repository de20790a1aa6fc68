// A run as a file: what was saved is read again, and what is no run is refused
// with a sentence, never drawn.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { layout } from '../../../web/js/geometry.js';
import { emptyModel, foldMany } from '../../../web/js/model.js';
import { readRun, savedRun } from '../../../web/js/savedrun.js';
import { recorded } from './data.mjs';
import { dice, randomRun } from './random-run.mjs';

const field = (at, width, more) => ({
  part: 'ip', name: 'Version', bit_offset: at, bit_width: width, value: '4', meaning: 'IPv4',
  rfc: 'RFC 791 3.1', ...more,
});
const detail = { n: 1, hex: '45', fields: [field(0, 4), field(4, 4, { name: 'IHL' })], copies: [] };
const read = (value) => readRun(JSON.stringify(value));
const changed = (change) => {
  const run = recorded('open');
  change(run);
  return run;
};

describe('a saved run', () => {
  test('is read as it was saved', () => {
    const run = recorded('open');
    const about = { id: 'open', title: 'x', teaches: ['a'], why: 'b' };
    const file = read(savedRun(run, { 1: detail }, about));
    assert.deepEqual(file.run.events, run.events);
    assert.equal(file.run.id, run.id);
    assert.equal(file.run.segment_count, 6);
    assert.deepEqual(file.details[1], detail);
    assert.deepEqual(file.about, about);
  });

  test('is read from the program’s answer too; then bytes are all there is', () => {
    const run = recorded('classic');
    const { details, about } = read(run);
    const segments = run.events.filter(({ kind }) => kind === 'segment');
    assert.equal(Object.keys(details).length, segments.length);
    const { hex, fields: [bytes, ...more] } = details[2];
    assert.equal(hex, segments[1].hex);
    assert.deepEqual([bytes.name, bytes.bit_width, more.length], ['Bytes', hex.length * 4, 0]);
    assert.equal(about, null);
  });

  test('is read from events as lines', () => {
    const { events } = recorded('open');
    const { run } = readRun(`${events.map((each) => JSON.stringify(each)).join('\n')}\n`);
    assert.equal(run.id, 'xxgqr3');
    assert.equal(run.title, 'open');
    assert.deepEqual(run.events, events);
  });

  test('random runs are read', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const events = randomRun(seed).map((each) =>
        ({
        sentence: '', ...each, ...(each.kind === 'segment' ? { hex: '45', seq: 1, ack: 0 } : {}),
      }));
      assert.equal(read({ id: 'a', scenario: 's', events }).run.events.length, events.length);
    }
  });
});

describe('what is no run is refused', () => {
  const refused = (value, why) => assert.throws(() => read(value), { message: why });
  const cases = {
    'no JSON': ['<html>', 'it is not JSON'],
    'a number': ['7', 'it has no id or no list of events'],
    'null': ['null', 'it has no id or no list of events'],
    'an empty list': ['[]', 'it has no id or no list of events'],
    'nothing': ['', 'it has no id or no list of events'],
  };
  for (const [name, [text, why]] of Object.entries(cases)) {
    test(name, () => assert.throws(() => readRun(text), { message: why }));
  }

  test('an id that is none, events that are none', () => {
    refused(changed((run) => { run.id = '../x'; }), 'it has no id or no list of events');
    refused(changed((run) => { run.events = {}; }), 'it has no id or no list of events');
    refused(changed((run) => { run.events.shift(); }), 'event 1 is not the beginning of a run');
  });

  test('events out of order, of no kind, or without what belongs to them', () => {
    refused(changed((run) => run.events.splice(4, 1)), 'event 5 is out of order');
    refused(changed((run) => { run.events[3] = null; }), 'event 4 is out of order');
    refused(changed((run) => { run.events[4].kind = 'constructor'; }), 'event 5 has no proper “kind”');
    refused(changed((run) => { run.events[4].t_ns = -1; }), 'event 5 has no proper “t_ns”');
    const at = recorded('open').events.findIndex(({ kind }) => kind === 'segment');
    const bad = { from: 'moon', flags: 'SYN', hex: 'xyz', seq: null, says: [null], text: {} };
    for (const [name, value] of Object.entries(bad)) {
      refused(changed((run) => { run.events[at][name] = value; }),
        `event ${at + 1} has no proper “${name}”`);
    }
    refused(changed((run) => { run.events[0].hosts = { client: { address: 1 } }; }),
      'event 1 has no proper “hosts”');
  });

  test('fields that do not stand bit after bit are not believed', () => {
    const fieldsOf = (fields) =>
      read(savedRun(recorded('open'), { 1: { ...detail, fields } })).details[1].fields;
    assert.deepEqual(fieldsOf(detail.fields), detail.fields);
    const bad = [
      [field(0, 4), field(5, 4)], [field(0, 1e9)], [field(0, 4, { meaning: null })], [null],
      [field(0, 4, { rfc: 7 })], [field(0, 4, { value_rel: {} })],
    ];
    for (const fields of bad) assert.equal(fieldsOf(fields)[0].name, 'Bytes');
  });
});

test('whatever is changed in a file, it is refused or can be drawn', () => {
  const values = [null, 0, -1, 1e99, '', 'x', [], {}, true, [null], 'client', 'SYN-SENT'];
  let drawn = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const next = dice(seed);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const run = recorded('open');
    const event = pick(run.events);
    event[pick(Object.keys(event))] = pick(values);
    let file;
    try {
      file = read(run);
    } catch (error) {
      assert.match(error.message, /^event \d+ |^it /);
      continue;
    }
    layout(foldMany(emptyModel, file.run.events), 900);
    drawn += 1;
  }
  assert.ok(drawn > 40, `${drawn} were drawn`);
});
