// A run as text and as Mermaid: what stands there is what the events say.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ladderText } from '../../../web/js/ladder.js';
import { mermaidText } from '../../../web/js/mermaid.js';
import { emptyModel, foldMany } from '../../../web/js/model.js';
import { recorded } from './data.mjs';
import { randomRun } from './random-run.mjs';

const modelOf = ({ events }) => foldMany(emptyModel, events);
const about = (run, more = {}) => ({ title: run.title, scenario: run.scenario, ...more });
const ladderOf = (run, more) => ladderText(modelOf(run), about(run, more));
const mermaidOf = (run, more) => mermaidText(modelOf(run), about(run, more));

const event = (id, kind, more) => ({ id, t_ns: id * 1e6, kind, ...more });
const begin = event(1, 'run', {
  phase: 'begin', run: 'a', scenario: 's', link: 'wire',
  hosts: { client: { address: '2001:db8::1' }, server: { address: '2001:db8::2', port: 1337 } },
});
const segment = (id, n, more) => event(id, 'segment', {
  n, from: 'client', to: 'server', flags: ['SYN'], seq: 1000, ack: 0, seq_rel: 0, ack_rel: null,
  len: 0, of: null, hex: '', says: [], ...more,
});
const copy = (id, n, more) => event(id, 'copy', { n, fate: 'arrived', by: 'link', copy: 1, ...more });
const made = (...events) => ({ title: 'made', scenario: 's', events: [begin, ...events] });

describe('the ladder', () => {
  test('shows the handshake as the RFC draws it', () => {
    const lines = ladderOf(recorded('open')).split('\n');
    assert.equal(lines[0], 'A normal three-way handshake (open)');
    assert.ok(lines.some((line) => /^ +ms client 192\.0\.2\.1 +server 192\.0\.2\.2:1337$/.test(line)));
    const rows = lines.filter((line) => line.includes('CTL='));
    assert.match(rows[0], /SYN-SENT +-- <SEQ=0><CTL=SYN> -+> SYN-RECEIVED$/);
    assert.match(rows[1], /ESTABLISHED +<- <SEQ=0><ACK=1><CTL=SYN,ACK> -+ SYN-RECEIVED$/);
    assert.match(rows[2], /ESTABLISHED +-- <SEQ=1><ACK=1><CTL=ACK> -+> ESTABLISHED$/);
    assert.ok(lines.some((line) => /listen\(backlog 4096\) = 0 LISTEN$/.test(line)));
    assert.ok(lines.includes('7 of 7 expectations met.'));
  });

  test('has a row for each segment, message and end of a call, none wider than 80', () => {
    const run = recorded('classic');
    const text = ladderOf(run);
    assert.ok(text.split('\n').every((line) => line.length <= 80), text);
    const count = (kind) => run.events.filter((each) => each.kind === kind).length;
    assert.equal(text.match(/<CTL=/g).length, count('segment'));
    const said = run.events.filter((each) => each.kind === 'message' && each.text);
    assert.equal(text.split('\n').filter((line) => /^ +[\d.]+ +(\| |.* \|$)/.test(line)).length, said.length);
    assert.match(text, /"\[1\] SYN\/seq=1207"/);
  });

  test('absolute numbers are the segment’s own', () => {
    const run = recorded('open');
    const [, synAck] = run.events.filter((each) => each.kind === 'segment');
    assert.ok(ladderOf(run, { relative: false }).includes(`<SEQ=${synAck.seq}><ACK=${synAck.ack}>`));
  });

  test('what was lost, late, repeated, doubled or made by hand is said', () => {
    const text = ladderOf(made(
      segment(2, 1), copy(3, 1, { t_ns: 2.1e6, fate: 'dropped', by: 'rule', rule: 'r-1' }),
      segment(4, 2, { of: 1 }), copy(40, 2), copy(41, 2, { copy: 2 }),
      segment(50, 3, { forged: true, from: 'server', to: 'client', flags: ['RST'] }),
      copy(51, 3, { t_ns: 50.1e6, by: 'person', changed: 'window 1 -> 2' }),
    ));
    assert.match(text, /2\.000 +-- <SEQ=0><CTL=SYN> -+X\n +dropped by rule r-1/);
    assert.match(text, /4\.000 +-- <SEQ=0><CTL=SYN> \.+\n +segment 1 again/);
    assert.match(text, /40\.000 +\.\. <SEQ=0><CTL=SYN> -+>\n/);
    assert.match(text, /41\.000 +\.\. <SEQ=0><CTL=SYN> -+>\n/);
    assert.match(text, /50\.000 +<- <SEQ=0><CTL=RST> -+\n +made by hand, arrived by hand, window 1 -> 2/);
    assert.match(text, /client 2001:db8::1 +server \[2001:db8::2\]:1337/);
    assert.match(text, /The run has not ended yet\./);
  });
});

describe('the Mermaid diagram', () => {
  test('names both hosts and has an arrow for each segment', () => {
    const run = recorded('classic');
    const lines = mermaidOf(run).split('\n');
    assert.deepEqual(lines.slice(0, 6), [
      '---', 'title: "The handshake rehearsed in words"', '---', 'sequenceDiagram',
      '    participant client as Client 192.0.2.1', '    participant server as Server 192.0.2.2:1337',
    ]);
    const segments = run.events.filter((each) => each.kind === 'segment');
    assert.equal(lines.filter((line) => /^ {4}(client|server)-+>>/.test(line)).length, segments.length);
    assert.ok(lines.includes('    Note over client: SYN-SENT'));
  });

  test('signs that would end or change a statement are written as entities', () => {
    const text = mermaidOf(made(
      event(2, 'message', { host: 'client', text: 'a; b #x\n%% end <br> "q" {c}' }),
    ));
    const line = text.split('\n').find((each) => each.includes('“'));
    assert.equal(line, '    Note left of client: “a#59; b #35;x↵#37;#37; end #60;br#62; #34;q#34; #123;c#125;”');
  });

  test('a dropped segment ends in a cross, a repeat is dashed', () => {
    const text = mermaidOf(made(
      segment(2, 1), copy(3, 1, { t_ns: 2.1e6, fate: 'dropped', by: 'rule', rule: 'r-1' }),
      segment(4, 2, { of: 1 }), copy(5, 2),
    ));
    assert.match(text, /client-xserver: 2\.000 ms SYN seq 0\n +Note over client,server: dropped by r-1/);
    assert.match(text, /Note over client: 4\.000 ms SYN/);
    assert.match(text, /client-->>server: 5\.000 ms SYN seq 0/);
  });
});

test('any run has a text, each moment in it once and in order', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const run = { title: 't', scenario: 's', events: randomRun(seed) };
    const lines = ladderOf(run).split('\n');
    const times = lines.flatMap((line) => /^ *(\d+\.\d{3}) /.exec(line)?.slice(1) ?? []).map(Number);
    assert.deepEqual(times, times.toSorted((a, b) => a - b), `seed ${seed}`);
    assert.ok(lines.every((line) => line.length <= 80), `seed ${seed}`);
    assert.ok(mermaidOf(run).startsWith('---\n'));
  }
});
