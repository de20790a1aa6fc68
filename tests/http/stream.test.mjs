/* stream.test.mjs - one viewer: server-sent events, NDJSON, coming back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask, assertProblem, assertSecureData, begin, drip, raw, startServer, until, upTo, view,
} from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const whole = async (id) => (await ask(server, `/api/runs/${id}`)).json;

test('events come as blocks with id and data, then an end', async () => {
  const id = await begin(server, 'open');
  const viewer = await view(server, id).ended;
  assert.equal(viewer.status, 200);
  assert.equal(viewer.headers['content-type'], 'text/event-stream');
  assert.equal(viewer.headers['cache-control'], 'no-store');
  assertSecureData(viewer);
  const { events } = await whole(id);
  const blocks = viewer.blocks;
  assert.match(blocks[0].retry, /^\d+$/);
  assert.deepEqual(blocks.at(-1), { event: 'end', data: {} });
  const shown = blocks.slice(1, -1);
  assert.deepEqual(shown.map((block) => block.id), upTo(events.length));
  assert.deepEqual(shown.map((block) => block.data), events);
  assert.equal(events[0].phase, 'begin');
  assert.equal(events.at(-1).phase, 'end');
});

test('events come while the run goes on', async () => {
  const id = await begin(server, drip(5, 100));
  const viewer = view(server, id);
  await until('the SYN', () => viewer.blocks.some((block) => block.data?.flags?.[0] === 'SYN'));
  const early = viewer.ids().length;
  assert.equal((await whole(id)).phase, 'running');
  await viewer.ended;
  assert.ok(viewer.ids().length > early);
  assert.deepEqual(viewer.ids(), upTo((await whole(id)).events.length));
});

test('a viewer that comes back misses nothing and sees nothing twice', async () => {
  const id = await begin(server, drip(20, 25));
  const seen = [];
  let last = 0;
  for (let cut = 1; ; cut++) {
    const viewer = view(server, id, { headers: last > 0 ? { 'Last-Event-ID': String(last) } : {} });
    const enough = until('events or the end', () =>
      viewer.ids().length >= cut * 2 || viewer.blocks.some((block) => block.event === 'end'));
    await enough;
    const ids = viewer.ids();
    const ended = viewer.blocks.some((block) => block.event === 'end');
    viewer.cut();
    seen.push(...ids);
    last = seen.at(-1);
    if (ended) break;
  }
  assert.deepEqual(seen, upTo((await whole(id)).events.length));
});

test('?after=N does the same, Last-Event-ID wins over it', async () => {
  const id = await begin(server, 'open');
  await view(server, id).ended;
  const { events } = await whole(id);
  const after5 = await view(server, id, { query: '?after=5' }).ended;
  assert.deepEqual(after5.ids(), upTo(events.length).slice(5));
  const both = await view(server, id, { query: '?after=5', headers: { 'Last-Event-ID': '7' } }).ended;
  assert.deepEqual(both.ids(), upTo(events.length).slice(7));
  const all = await view(server, id, { query: `?after=${events.length}` }).ended;
  assert.deepEqual(all.ids(), []);
  assert.equal(all.blocks.at(-1).event, 'end');
  const beyond = await view(server, id, { query: '?after=4000000000' }).ended;
  assert.deepEqual(beyond.ids(), []);
});

test('a position that is no number is refused', async () => {
  const id = await begin(server, 'open');
  for (const after of ['x', '-1', '1.5', '4294967295', '4294967296', '']) {
    assertProblem(await ask(server, `/api/runs/${id}/events?after=${after}`), 400, /Last-Event-ID/);
  }
  const answer = await ask(server, `/api/runs/${id}/events`, { headers: { 'Last-Event-ID': 'abc' } });
  assertProblem(answer, 400, /Last-Event-ID/);
});

test('NDJSON: the same lines, ended with the run', async () => {
  const id = await begin(server, drip(3, 30));
  const viewer = await view(server, id, { headers: { Accept: 'application/x-ndjson' } }).ended;
  assert.equal(viewer.headers['content-type'], 'application/x-ndjson');
  const { events } = await whole(id);
  assert.deepEqual(viewer.lines.map((line) => JSON.parse(line)), events);
  const rest = await view(server, id, { headers: { Accept: 'application/x-ndjson' }, query: '?after=4' }).ended;
  assert.deepEqual(rest.lines.map((line) => JSON.parse(line).id), upTo(events.length).slice(4));
});

test('the kind of stream follows Accept', async () => {
  const id = await begin(server, 'open');
  const type = async (Accept) => {
    const answer = await ask(server, `/api/runs/${id}/events`, { headers: Accept === null ? {} : { Accept } });
    return answer.status === 200 ? answer.headers['content-type'] : answer.status;
  };
  const sse = 'text/event-stream', ndjson = 'application/x-ndjson';
  assert.equal(await type(null), sse);
  for (const accept of ['*/*', 'text/event-stream', 'text/*', 'text/html, */*;q=0.1',
    'application/x-ndjson;q=0.5, text/event-stream']) assert.equal(await type(accept), sse, accept);
  for (const accept of ['application/x-ndjson', 'application/x-ndjson, */*', 'application/*',
    'text/event-stream;q=0, */*']) assert.equal(await type(accept), ndjson, accept);
  for (const accept of ['text/html', 'application/json', 'image/*', '*/*;q=0']) {
    assert.equal(await type(accept), 406, accept);
  }
  const refused = await ask(server, `/api/runs/${id}/events`, { headers: { Accept: 'text/html' } });
  assertProblem(refused, 406, /text\/event-stream/);
});

test('no run, no events', async () => {
  assertProblem(await ask(server, '/api/runs/none/events'), 404, /no run none/);
});

test('a run deleted while watched ends its stream', async () => {
  const id = await begin(server, drip(20, 200));
  const viewer = view(server, id);
  await until('events', () => viewer.ids().length > 3);
  await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
  await viewer.ended;
  assert.equal(viewer.blocks.at(-1).event, 'end');
  const last = viewer.blocks.at(-2);
  assert.equal(last.data.verdict.code, 'cancelled');
  assert.deepEqual(viewer.ids(), upTo(last.id));
});

test('HTTP/1.0 gets the events and then the end of the connection', async () => {
  const id = await begin(server, 'open');
  const got = await raw(server, [`GET /api/runs/${id}/events HTTP/1.0\r\nHost: localhost\r\n\r\n`]);
  assert.match(got, /id: 1\ndata: \{/);
  assert.match(got, /event: end\ndata: \{\}\n\n$/);
  assert.doesNotMatch(got, /chunked/);
});

test('a quiet stream carries a heartbeat, and no event is lost by it', async () => {
  const brisk = await startServer({ args: ['--max-heartbeat-seconds', '1'] });
  try {
    const id = await begin(brisk, drip(1, 2500));
    const viewer = view(brisk, id);
    await until('a heartbeat', () => viewer.blocks.some((block) => block.comment));
    const before = viewer.ids().length;
    await viewer.ended;
    assert.ok(viewer.ids().length > before);
    assert.deepEqual(viewer.ids(), upTo(viewer.ids().length));
  } finally {
    await brisk.stop();
  }
});
