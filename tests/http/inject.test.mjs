/* inject.test.mjs - segments and ICMP errors made by hand, and handshakes that
 * a person does instead of a kernel. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertProblem, post, startServer, until } from './server.mjs';
import { grip, gripSyn, letGo } from './wire.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/** The client is ours: its kernel hears nothing and says nothing. */
async function asClient() {
  const scenario = { id: 'by-hand', title: 'By hand',
    server: [{ call: 'listen' }, { call: 'accept' }, { call: 'recv', text: 'by hand' }, { call: 'close' }] };
  const run = await grip(server, { scenario });
  await run.state('server', 'LISTEN');
  const answer = await run.patch({ rules: { add: [{ name: 'deaf', from: 'server', do: 'drop' }] } });
  assert.equal(answer.status, 200, answer.text);
  return run;
}

test('a person as the client: SYN, ACK, data, FIN by hand; the kernel is convinced', async () => {
  const run = await asClient();
  const first = await run.inject({ to: 'server', flags: 'SYN', seq: 1000, options: { mss: 1400 } });
  assert.equal(first.status, 200, first.text);
  assert.equal(first.json.n, 1);
  await run.state('server', 'SYN-RECEIVED');
  const synack = await run.see('SYN,ACK', (e) => e.kind === 'segment' && e.from === 'server');
  assert.deepEqual(synack.flags, ['SYN', 'ACK']);
  assert.equal(synack.ack, 1001);
  assert.equal(synack.forged, false);
  assert.equal((await run.inject({ to: 'server', flags: 'ACK', ack: 'server.isn+1' })).status, 200);
  await run.state('server', 'ESTABLISHED');
  assert.equal((await run.inject({ to: 'server', flags: 'PSH,ACK', payload: 'by hand' })).status, 200);
  const got = await run.see('recv', (e) => e.kind === 'call' && e.name === 'recv' && e.phase === 'end');
  assert.equal(got.data, 'by hand');
  await run.see('its FIN', (e) => e.kind === 'segment' && e.from === 'server' && e.flags[0] === 'FIN');
  await run.inject({ to: 'server', flags: 'FIN,ACK', seq: 'client.next', ack: 'server.next' });
  await run.see('the end of it', (e) => e.kind === 'state' && e.host === 'server' && e.new === 'TIME-WAIT');
  const whole = await run.ended();
  const ours = whole.events.filter((e) => e.kind === 'segment' && e.from === 'client');
  assert.ok(ours.every((e) => e.forged && e.checksum_ok));
  assert.deepEqual(ours.map((e) => e.seq), [1000, 1001, 1001, 1008]);
  const landed = whole.events.filter((e) => e.kind === 'copy' && e.n === 1);
  assert.deepEqual(landed.map((e) => [e.fate, e.by]), [['arrived', 'person']]);
});

test('a wrong acknowledgement convinces nobody', async () => {
  const run = await asClient();
  await run.inject({ to: 'server', flags: 'SYN', seq: 5 });
  await run.state('server', 'SYN-RECEIVED');
  await run.inject({ to: 'server', flags: 'ACK', ack: 'server.isn+2' });
  const rst = await run.see('RST', (e) => e.kind === 'segment' && e.flags[0] === 'RST');
  assert.equal(rst.from, 'server');
  await ask(server, run.at, { method: 'DELETE' });
});

test('a person as the server: the held SYN is answered by hand', async () => {
  const run = await gripSyn(server);
  await run.decide(1, { do: 'drop' });
  assert.equal((await run.inject({ to: 'client', flags: 'SYN,ACK', seq: 77, ack: 'client.isn+1' })).status, 200);
  await run.state('client', 'ESTABLISHED');
  await letGo(run);
});

test('every field arrives as it was given', async () => {
  const run = await gripSyn(server);
  const answer = await run.inject({ to: 'client', flags: 'SYN,ECE', seq: 1, ack: 2, window: 3, urgent: 4, ttl: 5,
    src_port: 6, dst_port: 7, options: '0204000b', payload: 'abc', bad_checksum: true });
  const { n } = answer.json;
  const made = await run.see('it', (e) => e.kind === 'segment' && e.n === n);
  assert.equal(made.from, 'server');
  assert.deepEqual([made.seq, made.ack, made.window, made.len], [1, 2, 3, 3]);
  assert.deepEqual(made.flags, ['SYN', 'ECE']);
  assert.equal(made.checksum_ok, false);
  assert.equal(made.forged, true);
  const { fields } = (await ask(server, `${run.at}/segments/${n}`)).json;
  const raw = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  assert.equal(Number(raw['Source Port']), 6);
  assert.equal(Number(raw['Destination Port']), 7);
  assert.equal(made.hex.slice(80, 88), '0204000b');
  assert.equal(made.hex.slice(16, 18), '05', 'TTL');
  await letGo(run);
});

test('RST to the client ends its connect', async () => {
  const run = await gripSyn(server);
  await run.inject({ to: 'client', flags: 'RST,ACK', ack: 'client.isn+1' });
  const whole = await letGo(run);
  assert.equal(whole.verdict.code, 'refused');
});

test('an ICMP error ends the connect, and is told in words', async () => {
  const run = await gripSyn(server);
  const answer = await run.inject({ to: 'client', icmp: { type: 3, code: 1 } });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.n, null);
  const failed = await run.see('connect', (e) => e.kind === 'call' && e.name === 'connect' && e.phase === 'end');
  assert.equal(failed.errno, 'EHOSTUNREACH');
  const [icmp] = await run.events('icmp');
  assert.deepEqual([icmp.type, icmp.code, icmp.to, icmp.answers, icmp.forged], [3, 1, 'client', 1, true]);
  assert.match(icmp.meaning, /host/);
  assert.match(icmp.rfc, /RFC 792/);
  assert.match(icmp.sentence, /forged ICMP message leaves for the client, about segment 1: type 3, code 1/);
  assert.equal((await letGo(run)).verdict.code, 'unreachable');
});

test('a flood: many SYNs, each from somebody else', async () => {
  const run = await asClient();
  const { json } = await run.inject({ to: 'server', flags: 'SYN', count: 40, vary_source: true });
  assert.equal(json.n, 1);
  const made = await until('forty', async () => {
    const all = (await run.events('segment')).filter((e) => e.forged);
    return all.length === 40 && all;
  });
  assert.equal(new Set(made.map((e) => e.hex.slice(24, 32) + e.hex.slice(40, 44))).size, 40);
  await ask(server, run.at, { method: 'DELETE' });
});

test('what cannot be made', async () => {
  const run = await gripSyn(server);
  assertProblem(await run.inject({ to: 'client', flags: 'ACK', ack: 'server.isn+1', seq: 'server.next' }), 400,
    /nobody has said/);
  const rows = [
    ['', ''],
    [{ flags: 'SYN' }, ''],
    [{ to: 'nobody', flags: 'SYN' }, '/to'],
    [{ to: 'client', flags: 'SNY' }, '/flags'],
    [{ to: 'client', flags: 'SYN', window: 65536 }, '/window'],
    [{ to: 'client', flags: 'SYN', seq: 4294967296 }, '/seq'],
    [{ to: 'client', flags: 'SYN', options: 'xyz' }, '/options'],
    [{ to: 'client', flags: 'SYN', payload: 'a'.repeat(513) }, '/payload'],
    [{ to: 'client', flags: 'SYN', count: 1000 }, '/count'],
    [{ to: 'client', icmp: { type: 3 } }, '/icmp'],
  ];
  for (const [body, pointer] of rows) {
    const answer = await run.inject(body);
    assertProblem(answer, 400, /faults/);
    assert.equal(answer.json.faults[0].pointer, pointer, answer.text);
  }
  assertProblem(await post(server, '/api/runs/nonesuch/inject', { to: 'client', flags: 'RST' }), 404, /no run/);
  assert.equal((await run.events('segment')).length, 1);
  await letGo(run);
});

test('every header field can be set by hand; what is not set is computed', async () => {
  const run = await asClient();
  const answer = await run.inject({ to: 'server', flags: 'SYN,URG', seq: 5, ack: 6, window: 7, ttl: 9, urgent: 11,
    src_port: 4000, tos: 16, ip_id: 777, reserved: 5, checksum: 0x1234 });
  assert.equal(answer.status, 200, answer.text);
  const made = await run.see('the forged segment', (e) => e.kind === 'segment' && e.n === answer.json.n);
  const bytes = Buffer.from(made.hex, 'hex');
  const tcp = bytes.subarray(20);
  assert.deepEqual(
    [bytes[1], bytes.readUInt16BE(4), bytes[8], tcp.readUInt16BE(0), tcp.readUInt32BE(4), tcp.readUInt32BE(8),
      tcp[12], tcp[13], tcp.readUInt16BE(14), tcp.readUInt16BE(16), tcp.readUInt16BE(18)],
    [16, 777, 9, 4000, 5, 6, 0x5a, 0x22, 7, 0x1234, 11]);
  const short = await run.inject({ to: 'server', flags: 'SYN', offset: 15 });
  assert.equal(short.status, 200, short.text);
  const bad = await run.inject({ to: 'server', flags: 'SYN', offset: 16 });
  assertProblem(bad, 400, /faults/);
  await ask(server, run.at, { method: 'DELETE' });
});
