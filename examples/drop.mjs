/* drop.mjs - hold a handshake, drop its first SYN by hand, let the rest go. */
const server = process.env.HANDSHAKE_URL ?? 'http://localhost:8080';

async function ask(path, method = 'GET', body = undefined) {
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  const answer = await fetch(server + path, { method, headers, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.detail); // a sentence that says what to do
  return json;
}

const { id } = await ask('/api/runs', 'POST', { scenario: 'open', hold: true });
while (!(await ask(`/api/runs/${id}/wire`)).wire.held) await new Promise((done) => setTimeout(done, 10));
await ask(`/api/runs/${id}/segments/1`, 'POST', { do: 'drop' });
await ask(`/api/runs/${id}/wire`, 'PATCH', { hold: false });

const events = await fetch(`${server}/api/runs/${id}/events`, { headers: { Accept: 'application/x-ndjson' } });
const log = (await events.text()).trim().split('\n').map(JSON.parse); // comes when the run has ended
const again = log.find((event) => event.kind === 'segment' && event.of === 1);
console.log(`The SYN came again after ${(again.t_ns / 1e9).toFixed(2)} s; ${log.at(-1).verdict.text}`);
