// Numbers, times and references as text; the header cut into rows; links.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as format from '../../../web/js/format.js';
import { bytesOf, cutHeader, fieldsOfByte } from '../../../web/js/header.js';
import { addressOf, formatRoute, formatView, parseRoute } from '../../../web/js/route.js';
import { stateClass } from '../../../web/js/states.js';
import { texts } from '../../../web/js/texts.js';

test('durations have about three digits', () => {
  const cases = [[0, '0 µs'], [812, '0.81 µs'], [9858, '9.85 µs'], [56138, '56.1 µs'],
    [512000, '512 µs'], [1234567, '1.23 ms'], [1003000000, '1.00 s'], [131e9, '131 s']];
  for (const [ns, text] of cases) assert.equal(format.duration(ns), text);
});

test('stamps tell microseconds apart at any size', () => {
  assert.equal(format.stamp(0), '0 µs');
  assert.equal(format.stamp(93512), '93.5 µs');
  assert.equal(format.stamp(19473123), '19.473 ms');
  assert.equal(format.stamp(1003412000), '1.003412 s');
});

test('numbers are relative where asked and known', () => {
  const segment = { flags: ['SYN', 'ACK'], seq: 7000, ack: 9001, seq_rel: 0, ack_rel: null };
  assert.deepEqual(format.numbers(segment, true), { seq: 0, ack: 9001 });
  assert.deepEqual(format.numbers(segment, false), { seq: 7000, ack: 9001 });
  assert.equal(format.numbers({ ...segment, flags: ['SYN'] }, true).ack, null);
});

test('references lead to their section', () => {
  const site = 'https://www.rfc-editor.org/rfc';
  assert.equal(format.rfcLink('RFC 9293 3.5'), `${site}/rfc9293#section-3.5`);
  assert.equal(format.rfcLink('RFC 6528'), `${site}/rfc6528`);
  assert.equal(format.rfcLink('javascript:alert(1)'), null);
  assert.equal(format.rfcLink(null), null);
});

test('long texts are shortened with a sign, control characters made visible', () => {
  assert.equal(format.shorten('abcdef', 4), 'abc…');
  assert.equal(format.shorten('abc', 4), 'abc');
  assert.equal(format.oneLine('a\nb\tc'), 'a↵b·c');
});

test('a sentence beside its time does not say it again', () => {
  const sentence = 'At 56.1 µs the server calls socket().';
  assert.equal(format.withoutTime(sentence), 'The server calls socket().');
  assert.equal(format.withoutTime('The run ends.'), 'The run ends.');
});

test('addresses take their port as URLs do', () => {
  assert.equal(format.endpointText({ address: '192.0.2.2', port: 1337 }), '192.0.2.2:1337');
  assert.equal(format.endpointText({ address: '2001:db8::2', port: 1337 }), '[2001:db8::2]:1337');
  assert.equal(format.endpointText(undefined), '');
});

test('a header is cut into rows of 32 bits', () => {
  const fields = [
    { part: 'tcp', bit_offset: 160, bit_width: 16 },
    { part: 'tcp', bit_offset: 176, bit_width: 16 },
    { part: 'tcp', bit_offset: 192, bit_width: 32 },
    { part: 'option', bit_offset: 224, bit_width: 16 },
    { part: 'option', bit_offset: 240, bit_width: 80 },
  ];
  const [tcp, option] = cutHeader(fields);
  assert.deepEqual([tcp.rows, option.rows], [2, 3]);
  const numbers = ({ row, rows, column, width, main }) => [row, rows, column, width, main];
  assert.deepEqual(option.pieces.map(numbers),
    [[0, 1, 0, 16, true], [0, 1, 16, 16, false], [1, 2, 0, 32, true]]);
});

test('pieces cover each bit of a field once', () => {
  for (let offset = 0; offset < 64; offset += 1) {
    for (const width of [1, 3, 13, 32, 33, 80, 128]) {
      const before = { part: 'x', bit_offset: 0, bit_width: offset };
      const fields = [before, { part: 'x', bit_offset: offset, bit_width: width }];
      const pieces = cutHeader(fields)[0].pieces.filter((piece) => piece.field === 1);
      assert.equal(pieces.reduce((sum, piece) => sum + piece.width * piece.rows, 0), width);
      assert.equal(pieces.filter((piece) => piece.main).length, 1);
      for (const piece of pieces) assert.ok(piece.column + piece.width <= 32);
    }
  }
});

test('bytes and fields name each other', () => {
  const fields = [[0, 4], [4, 4], [8, 16]]
    .map(([offset, width]) => ({ bit_offset: offset, bit_width: width }));
  assert.deepEqual(bytesOf(fields[2]), { first: 1, last: 2 });
  assert.deepEqual(fieldsOfByte(fields, 0), [0, 1]);
  assert.deepEqual(fieldsOfByte(fields, 2), [2]);
});

test('links to runs, moments and steps go both ways', () => {
  const nowhere = { view: 'lab', args: [], run: null, moment: null, step: null };
  const run = { ...nowhere, run: 'k3x9' };
  for (const [hash, moment, step] of [
    ['#run/k3x9', null, null], ['#run/k3x9/7', 7, 7], ['#run/k3x9/12/7', 12, 7],
    ['#run/k3x9/12/0', 12, null], ['#run/k3x9/all/7', null, 7],
  ]) {
    assert.deepEqual(parseRoute(hash), { ...run, moment, step });
    assert.equal(formatRoute('k3x9', moment, step), hash);
    assert.equal(addressOf({ run: { id: 'k3x9' }, moment, step }), hash);
  }
  assert.equal(addressOf({ run: null, moment: null, step: null }), '#');
  assert.deepEqual(parseRoute(formatView('compare', 'a b', 'c/d'), ['compare']),
    { ...nowhere, view: 'compare', args: ['a b', 'c/d'] });
  assert.deepEqual(parseRoute('#compare/%E0', ['compare']).args, ['%E0']);
  assert.equal(parseRoute('#compare/a').view, 'lab');
  for (const hash of ['', '#', '#run/', '#run/a/b', '#run/a/1/2/3', '#run/../x', '#diagram']) {
    assert.deepEqual(parseRoute(hash), nowhere);
  }
});

test('every state has a colour', () => {
  assert.equal(stateClass('ESTABLISHED'), 'established');
  assert.equal(stateClass('FIN-WAIT-2'), 'closing');
});

test('every text that index.html asks for exists', () => {
  const html = readFileSync(new URL('../../../web/index.html', import.meta.url), 'utf8');
  const asked = [...html.matchAll(/data-(?:text|label)="([^"]+)"/g)].map(([, path]) => path);
  assert.ok(asked.length > 20);
  for (const path of asked) {
    const text = path.split('.').reduce((part, name) => part?.[name], texts);
    assert.equal(typeof text, 'string', path);
  }
});

test('the page has no inline script or style', () => {
  const html = readFileSync(new URL('../../../web/index.html', import.meta.url), 'utf8');
  assert.doesNotMatch(html, /<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=/);
});
