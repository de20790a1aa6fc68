/* metrics.test.mjs - GET /metrics: well formed, true, and bounded. promtool
 * looks at it, too, where it is installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { readMetrics } from './prometheus.mjs';
import { ask, begin, drip, post, startServer, until, upTo, view } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const metrics = async () => readMetrics((await ask(server, '/metrics')).text);

/** The value of a series; 0 when it is not there. */
function value(families, name, labels = {}) {
  const family = families.get(name);
  assert.ok(family, `no family ${name}`);
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const sample = family.samples.find((other) => JSON.stringify(Object.entries(other.labels).sort()) === wanted);
  return sample?.value ?? 0;
}

/** Wait until all runs are counted. */
const settled = (runs) => until('the count', async () => {
  const now = await metrics();
  const sum = now.get('handshake_runs_total').samples.reduce((all, { value: n }) => all + n, 0);
  return sum === runs && now;
});

test('it is what a scraper expects', async () => {
  const answer = await ask(server, '/metrics');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const families = readMetrics(answer.text);
  for (const { name, help, samples } of families.values()) {
    assert.match(name, /^(handshake|process)_/);
    assert.match(help, /\.$/);
    for (const { labels } of samples) assert.ok(Object.keys(labels).length <= 3);
  }
  const { version } = (await ask(server, '/api/capabilities')).json;
  assert.equal(value(families, 'handshake_build_info', { version }), 1);
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

test('promtool finds nothing to say', { skip: promtool ? false : 'promtool is not installed' }, async () => {
  await post(server, '/api/runs', { scenario: 'open', wait: true });
  const { text } = await ask(server, '/metrics');
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});

test('runs are counted by scenario and outcome, with what passed in them', async () => {
  const total = (await metrics()).get('handshake_runs_total').samples.reduce((all, { value: n }) => all + n, 0);
  const before_ = await settled(total);
  const refused = { link: 'wire', scenario: 'reject-rst', wait: true };
  const runs = [await post(server, '/api/runs', { scenario: 'open', wait: true }),
    await post(server, '/api/runs', refused),
    await post(server, '/api/runs', { scenario: { ...drip(2, 1), id: 'open' }, wait: true })].map(({ json }) => json);
  const now = await settled(total + runs.length);
  const grown = (name, labels) => value(now, name, labels) - value(before_, name, labels);
  assert.equal(grown('handshake_runs_total', { scenario: 'open', outcome: runs[0].verdict.code }), 1);
  assert.equal(grown('handshake_runs_total', { scenario: 'reject-rst', outcome: runs[1].verdict.code }), 1);
  assert.equal(grown('handshake_runs_total', { scenario: 'own', outcome: runs[2].verdict.code }), 1);
  const events = runs.flatMap((run) => run.events);
  const of = (kind, fits = () => true) => events.filter((e) => e.kind === kind && fits(e)).length;
  for (const kind of ['run', 'call', 'segment', 'copy', 'state', 'counter', 'message', 'icmp']) {
    assert.equal(grown('handshake_events_total', { kind }), of(kind), kind);
  }
  assert.equal(grown('handshake_segments_total', { origin: 'forged' }), of('segment', (e) => e.forged));
  assert.ok(of('segment', (e) => e.forged) > 0);
  assert.equal(grown('handshake_segments_total', { origin: 'kernel' }), of('segment', (e) => !e.forged));
  for (const fate of ['held', 'arrived', 'dropped']) {
    for (const by of ['link', 'rule', 'person']) {
      const expected = of('copy', (e) => e.fate === fate && e.by === by);
      assert.equal(grown('handshake_copies_total', { fate, by }), expected, `${fate} ${by}`);
    }
  }
  const failed = (e) => e.phase === 'end' && e.errno !== null;
  assert.equal(grown('handshake_calls_total', { result: 'error' }), of('call', failed));
  assert.equal(value(now, 'handshake_runs_alive'), 0);
  assert.ok(value(now, 'handshake_runs_kept') >= 3);
  assert.ok(value(now, 'handshake_run_log_bytes') > 3000);
});

test('viewers and what they were sent', async () => {
  const before_ = await metrics();
  const id = await begin(server, drip(2, 300));
  const viewers = upTo(3).map(() => view(server, id));
  await until('all watching', () => viewers.every((viewer) => viewer.ids().length > 0));
  assert.equal(value(await metrics(), 'handshake_viewers'), 3);
  await Promise.all(viewers.map((viewer) => viewer.ended));
  await until('all gone', async () => value(await metrics(), 'handshake_viewers') === 0);
  const now = await metrics();
  const sent = viewers.reduce((sum, viewer) => sum + viewer.ids().length, 0);
  assert.equal(value(now, 'handshake_viewers_total') - value(before_, 'handshake_viewers_total'), 3);
  assert.equal(value(now, 'handshake_viewer_events_total') - value(before_, 'handshake_viewer_events_total'), sent);
});

test('requests by route, method and status; what is no route cannot make series', async () => {
  const name = 'handshake_http_requests_total';
  const before_ = await metrics();
  await ask(server, '/');
  await ask(server, '/js/main.js', { method: 'HEAD' });
  await ask(server, '/api/runs/nonesuch');
  await ask(server, '/api/runs/nonesuch', { method: 'DELETE' });
  await ask(server, '/api/runs', { method: 'PUT' });
  await ask(server, '/api/runs', { method: 'OPTIONS' });
  await ask(server, '/healthz', { headers: { Host: 'evil.example' } });
  for (const i of upTo(50)) await ask(server, `/nothing/${i}`, { method: i % 2 ? 'GET' : 'BREW' }).catch(() => {});
  const now = await metrics();
  const grown = (route, method, code) =>
    value(now, name, { route, method, code }) - value(before_, name, { route, method, code });
  assert.equal(grown('/metrics', 'GET', '200'), 1);
  assert.equal(grown('page', 'GET', '200'), 1);
  assert.equal(grown('page', 'HEAD', '200'), 1);
  assert.equal(grown('/api/runs/{id}', 'GET', '404'), 1);
  assert.equal(grown('/api/runs/{id}', 'DELETE', '404'), 1);
  assert.equal(grown('/api/runs', 'other', '405'), 1);
  assert.equal(grown('/api/runs', 'OPTIONS', '204'), 1);
  assert.equal(grown('none', 'GET', '403'), 1);
  assert.equal(grown('none', 'GET', '404'), 25);
  assert.ok(now.get(name).samples.length < 60);
  for (const { labels } of now.get(name).samples) assert.match(labels.code, /^[2-5]\d\d$/, 'a status without a place');
});

test('figures of the process are those of /proc', async () => {
  const { pid } = server.child;
  const now = await metrics();
  const near = (name, expected, part) => {
    const measured = value(now, name);
    assert.ok(Math.abs(measured - expected) <= expected * part + 2, `${name}: ${measured}, not ${expected}`);
  };
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]);
  near('process_resident_memory_bytes', field('VmRSS') * 1024, 0.2);
  near('process_threads', field('Threads'), 0);
  near('process_open_fds', fs.readdirSync(`/proc/${pid}/fd`).length, 0.5);
  assert.ok(value(now, 'process_cpu_seconds_total') > 0);
  assert.ok(value(now, 'process_max_fds') >= value(now, 'process_open_fds'));
  const age = Date.now() / 1000 - value(now, 'process_start_time_seconds');
  assert.ok(age > 0 && age < 120, `${age} s`);
});
