/* hold.test.mjs - segments held on the wire, and every fate somebody can choose
 * for them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertProblem, post, startServer, until } from './server.mjs';
import { grip, gripSyn, letGo } from './wire.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

test('held: nothing arrives until somebody decides', async () => {
  const run = await gripSyn(server);
  await run.held(2); // the kernel has heard nothing, and sends it again
  assert.deepEqual((await run.copies(1)), []);
  const { json } = await run.wire();
  assert.deepEqual(json.wire.hold, { client: true, server: true });
  assert.equal(json.wire.held, 2);
  assert.equal((await run.get()).wire.held, 2);
  const { json: list } = await ask(server, '/api/runs');
  assert.equal(list.runs.find((other) => other.id === run.id).wire.held, 2);
  const whole = await letGo(run);
  assert.equal(whole.verdict.code, 'established');
  assert.equal(whole.wire, undefined);
});

test('deliver: segment by segment to the end of the handshake', async () => {
  const run = await gripSyn(server);
  for (let n = 1; n <= 3; n++) {
    await run.held(n);
    const answer = await run.decide(n, { do: 'deliver' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.n, n);
    assert.equal(answer.json.do, 'deliver');
    const copy = await run.fate(n);
    assert.equal(copy.fate, 'arrived');
    assert.equal(copy.by, 'person');
    assert.equal(copy.action, 'deliver');
  }
  await run.state('server', 'ESTABLISHED');
  assert.equal((await letGo(run)).verdict.code, 'established');
});

test('drop: the kernel sends it again', async () => {
  const run = await gripSyn(server);
  await run.decide(1, { do: 'drop' });
  const copy = await run.fate(1);
  assert.equal(copy.fate, 'dropped');
  assert.equal(copy.by, 'person');
  await run.held(2);
  const again = (await run.events('segment'))[1];
  assert.equal(again.of, 1);
  assert.deepEqual(again.flags, ['SYN']);
  assert.ok(again.t_ns > 9e8, 'after the retransmission timer');
  assert.equal((await letGo(run)).verdict.code, 'established');
});

test('duplicate: as many copies as asked for, that far apart', async () => {
  const run = await gripSyn(server);
  await run.decide(1, { do: 'duplicate', copies: 3, gap_ms: 40 });
  const copies = await until('three copies', async () => {
    const all = await run.copies(1);
    return all.length === 3 && all;
  });
  assert.deepEqual(copies.map((c) => c.copy), [1, 2, 3]);
  assert.ok(copies.every((c) => c.fate === 'arrived' && c.action === 'duplicate'));
  const held = (await run.events('copy')).find((e) => e.n === 1 && e.fate === 'held');
  copies.forEach((copy, i) => {
    const after = (copy.t_ns - held.t_ns) / 1e6; // none comes early, however late it may be
    assert.ok(after >= i * 40, `copy ${i + 1} after ${after} ms`);
  });
  await letGo(run);
});

test('corrupt: it arrives damaged, and the kernel throws it away', async () => {
  const run = await gripSyn(server);
  await run.decide(1, { do: 'corrupt' });
  const copy = await run.fate(1);
  assert.equal(copy.fate, 'arrived');
  assert.ok(copy.changed.length > 0);
  const [sent] = await run.events('segment');
  const differ = [...sent.hex].filter((digit, i) => digit !== copy.hex[i]).length;
  assert.equal(copy.hex.length, sent.hex.length);
  assert.equal(differ, 1, 'one bit is one digit');
  await run.held(2); // again, for nobody answered
  const segments = await run.events('segment');
  assert.ok(segments.every((e) => e.from === 'client'));
  assert.equal((await letGo(run)).verdict.code, 'established');
});

test('delay: it arrives that much later', async () => {
  const run = await gripSyn(server);
  const decided = Date.now();
  await run.decide(1, { do: 'delay', delay_ms: 300 });
  const copy = await run.fate(1);
  assert.equal(copy.action, 'delay');
  const took = Date.now() - decided;
  assert.ok(took >= 290, `${took} ms`);
  const held = (await run.events('copy')).find((e) => e.n === 1);
  assert.ok(copy.t_ns - held.t_ns >= 299e6);
  await letGo(run);
});

test('rewrite: changed fields arrive with a right checksum', async () => {
  const run = await gripSyn(server);
  await run.decide(1, { do: 'rewrite', set: { window: 1000, mss: 600 }, strip: ['Timestamps'] });
  const copy = await run.fate(1);
  assert.match(copy.changed, /window/);
  assert.match(copy.changed, /1000/);
  assert.equal(copy.hex.slice(68, 72), '03e8');
  const answer = await run.see('the SYN,ACK', (e) => e.kind === 'segment' && e.from === 'server');
  assert.deepEqual(answer.flags, ['SYN', 'ACK']);
  assert.ok(!answer.options.some((o) => o.name === 'Timestamps'), 'nobody offered them');
  assert.equal((await letGo(run)).verdict.code, 'established');
});

test('held for longer than a retransmission; one dropped while another waits', async () => {
  const run = await gripSyn(server);
  await run.held(2);
  assert.equal((await run.events('segment'))[1].of, 1);
  assert.equal((await run.wire()).json.wire.held, 2);
  assert.equal((await run.decide(1, { do: 'drop' })).json.held, 1);
  assert.equal((await run.decide(2, { do: 'deliver' })).status, 200);
  await run.state('server', 'SYN-RECEIVED');
  assert.equal((await letGo(run)).verdict.code, 'established');
});

test('swallow: what repeats a held segment is dropped', async () => {
  const run = await gripSyn(server);
  const answer = await run.patch({ swallow: true });
  assert.equal(answer.json.wire.swallow, true);
  const copy = await run.fate(2);
  assert.equal(copy.fate, 'dropped');
  assert.equal((await run.wire()).json.wire.held, 1);
  assert.equal((await letGo(run)).verdict.code, 'established');
});

test('hold in one direction, on and off while it runs', async () => {
  const run = await gripSyn(server);
  let { json } = await run.patch({ hold: { client: false } });
  assert.deepEqual(json.wire.hold, { client: false, server: true });
  await run.held(2);
  assert.equal((await run.wire()).json.wire.held, 1, 'what waited went on, its answer waits');
  assert.deepEqual((await run.events('segment')).map((e) => e.from), ['client', 'server']);
  ({ json } = await run.patch({ hold: true }));
  assert.deepEqual(json.wire.hold, { client: true, server: true });
  await run.decide(2, { do: 'deliver' });
  await run.held(3);
  ({ json } = await run.patch({ hold: false }));
  assert.deepEqual(json.wire.hold, { client: false, server: false });
  assert.equal((await run.ended()).verdict.code, 'established');
});

test('decided twice, never there, no such run, over', async () => {
  const run = await gripSyn(server);
  assert.equal((await run.decide(1, { do: 'deliver' })).status, 200);
  assertProblem(await run.decide(1, { do: 'deliver' }), 409, /segment 1 is not held/);
  assertProblem(await run.decide(1, { do: 'drop' }), 409, /segment 1 is not held/);
  assertProblem(await run.decide(999, { do: 'drop' }), 404, /no segment 999/);
  assertProblem(await run.decide(0, { do: 'drop' }), 404, /no segment 0/);
  assertProblem(await post(server, '/api/runs/nonesuch/segments/1', { do: 'drop' }), 404, /no run nonesuch/);
  assertProblem(await post(server, `${run.at}/segments/one`, { do: 'drop' }), 404, /nothing at this address/);
  await letGo(run);
  assertProblem(await run.decide(2, { do: 'deliver' }), 409, /over/);
  const last = await run.wire();
  assert.equal(last.status, 200, 'how the wire stood can still be asked');
  assert.deepEqual(last.json.wire.hold, { client: false, server: false });
  assert.equal(last.json.wire.held, 0);
  for (const answer of [await run.patch({ hold: true }), await run.reset(),
    await run.inject({ to: 'client', flags: 'RST' })]) {
    assertProblem(answer, 409, /over/);
  }
});

test('decisions that make no sense', async () => {
  const run = await gripSyn(server);
  const rows = [
    ['', /faults/, ''],
    [{}, /faults/, ''],
    [{ do: 'lose' }, /faults/, '/do'],
    [{ do: 'delay' }, /faults/, ''],
    [{ do: 'delay', delay_ms: 600001 }, /faults/, '/delay_ms'],
    [{ do: 'duplicate', copies: 17 }, /faults/, '/copies'],
    [{ do: 'rewrite', set: { window: 65536 } }, /faults/, '/set/window'],
    [{ do: 'drop', why: 'x' }, /faults/, '/why'],
  ];
  for (const [body, sentence, pointer] of rows) {
    const answer = await run.decide(1, body);
    assertProblem(answer, 400, sentence);
    assert.equal(answer.json.faults[0].pointer, pointer);
  }
  assert.equal((await run.wire()).json.wire.held, 1, 'it waits all the same');
  await letGo(run);
});

test('decisions racing the end of a run: an answer to each, and no crash', async () => {
  for (let round = 0; round < 8; round++) {
    const run = await gripSyn(server);
    const all = [];
    for (let i = 0; i < 12; i++) {
      all.push(run.decide(1 + (i % 3), { do: i % 2 ? 'duplicate' : 'deliver' }));
      all.push(run.patch({ hold: i % 2 === 0, rules: { add: ['client nth 9 drop'] } }));
      if (i === 4 + round % 4) all.push(ask(server, run.at, { method: 'DELETE' }));
    }
    for (const { status, text } of await Promise.all(all)) {
      assert.ok([200, 204, 404, 409].includes(status), text);
    }
  }
  assert.equal((await ask(server, '/healthz')).status, 200);
});

test('links without a wire: 422 with a sentence', async () => {
  const { json } = await ask(server, '/api/capabilities');
  const link = ['loopback', 'sockets'].find((name) => json.links.find((l) => l.name === name)?.on);
  if (!link) return;
  const drip = { id: 'slow', title: 'Slow', server: [{ call: 'listen' }, { call: 'accept' }, { call: 'recv' }],
    client: [{ call: 'connect' }, { call: 'sleep', ms: 3000 }, { call: 'close' }] };
  const run = await grip(server, { scenario: drip, link });
  for (const answer of [await run.patch({ hold: true }), await run.wire(), await run.reset(),
    await run.decide(1, { do: 'drop' }), await run.inject({ to: 'client', flags: 'RST' })]) {
    assertProblem(answer, 422, /no wire/);
  }
  await ask(server, run.at, { method: 'DELETE' });
  for (const asked of [{ hold: true }, { options: { loss: 0.1 } }]) {
    assertProblem(await post(server, '/api/runs', { scenario: 'open', link, ...asked }), 422, /Only the wire/);
  }
});

test('to hold no more answers with the settings, though the run may be over by then', async () => {
  for (let i = 0; i < 20; i++) {
    const { json } = await post(server, '/api/runs', { scenario: 'open', hold: true });
    await until('a held segment', async () =>
      (await ask(server, `/api/runs/${json.id}`)).json.wire?.held > 0);
    const body = JSON.stringify({ hold: false });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await ask(server, `/api/runs/${json.id}/wire`, { method: 'PATCH', headers, body });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.wire.hold, { client: false, server: false });
  }
});
