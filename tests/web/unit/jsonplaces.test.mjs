// Where values stand in a JSON text, for faults at their place.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lineAt, offsetAt, placedFaults, placesOf } from '../../../web/js/jsonplaces.js';
import { isPacked, packed, unpacked } from '../../../web/js/sharing.js';

const home = new URL('../../../scenarios/', import.meta.url);
const documents = readdirSync(home).map((name) => readFileSync(new URL(name, home), 'utf8'));

/* Every pointer of a value, with the value. */
function pointers(value, at = '', found = new Map()) {
  found.set(at, value);
  if (value && typeof value === 'object') {
    for (const [name, each] of Object.entries(value)) {
      pointers(each, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
    }
  }
  return found;
}

test('every value of every scenario is found where it stands', () => {
  for (const text of documents) {
    const places = placesOf(text);
    const values = pointers(JSON.parse(text));
    assert.deepEqual(new Set(places.keys()), new Set(values.keys()));
    for (const [pointer, value] of values) {
      const { start, end } = places.get(pointer);
      const member = text.slice(start, end).replace(/^"(?:[^"\\]|\\.)*"\s*:/, '');
      const whole = text.slice(start, end);
      const parses = (each) => { try { return JSON.parse(each); } catch { return undefined; } };
      assert.deepEqual(parses(whole) ?? parses(member), value, pointer);
    }
  }
});

test('names with slashes, tildes and escapes are pointed at as RFC 6901 says', () => {
  const text = '{"a/b": {"c~d": [1, {"\\u0041": true}]}}';
  assert.deepEqual([...placesOf(text).keys()].sort(),
    ['', '/a~1b', '/a~1b/c~0d', '/a~1b/c~0d/0', '/a~1b/c~0d/1', '/a~1b/c~0d/1/A'].sort());
});

test('a broken text gives the places before the break, and never fails', () => {
  for (const text of documents) {
    for (let cut = 0; cut < text.length; cut += 7) placesOf(text.slice(0, cut));
  }
  assert.ok(placesOf('{"id": "x", "title": ').has('/id'));
  assert.equal(placesOf('['.repeat(5000)).size > 0, true);
});

test('a fault about something missing stands at what it is missing in', () => {
  const text = '{\n  "client": [\n    { "call": "send" }\n  ]\n}';
  const [fault] = placedFaults(text, [{ pointer: '/client/0/text', detail: 'is missing' }]);
  assert.equal(fault.line, 3);
  assert.equal(text.slice(fault.start, fault.end), '{ "call": "send" }');
  const [syntax] = placedFaults(text, [{ pointer: '', detail: 'line 2, column 5: what is this' }]);
  assert.equal(syntax.line, 2);
});

test('lines and offsets agree', () => {
  const text = 'ab\ncde\n\nf';
  for (let i = 0; i <= text.length; i += 1) {
    const { line, column } = lineAt(text, i);
    assert.equal(offsetAt(text, line, column), i);
  }
});

test('a scenario fits into a link and comes out as it was; nonsense gives nothing', async () => {
  for (const text of documents.slice(0, 8)) {
    const part = await packed(text);
    assert.ok(isPacked(part) && /^~[\w-]+$/.test(part));
    assert.ok(part.length < text.length);
    assert.equal(await unpacked(part), text);
  }
  assert.equal(await unpacked('~nonsense!'), null);
  assert.equal(await unpacked(await packed('x'.repeat(300 * 1024))), null);
});
