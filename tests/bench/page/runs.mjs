// runs.mjs - real runs for the page to draw: two kernels that talk as long as it
// takes for so many segments.

/* The least segments that Linux makes: many of them for few bytes. */
const SMALL = [{ call: 'socket' }, { call: 'option', name: 'TCP_MAXSEG', value: 100 }];
const BYTES = 71; // sent for each segment, with the ACKs among them

const hosts = (client, server) => ({
  client: [...SMALL, { call: 'connect' }, ...client, { call: 'close' }],
  server: [{ call: 'listen' }, { call: 'accept' }, ...server, { call: 'recv' }, { call: 'close' }],
});
const send = (segments) => ({ call: 'send', bytes: Math.round(segments * BYTES) });
const recv = (segments) => ({ call: 'recv', bytes: Math.round(segments * BYTES) });
const sleep = (ms) => ({ call: 'sleep', ms });
const named = (id, steps) => ({ id, title: id, ...steps });

/** Some `count` segments as fast as they go: first the client sends, then the
 * server. */
export function talk(count) {
  const half = count / 2;
  return named(`talk-${count}`, hosts([send(half), recv(half)], [recv(half), send(half)]));
}

/** After `count` segments a little more about each 50 ms, `times` times from each
 * side: one event after another for a page that shows many already. */
export function trickle(count, times) {
  const drops = Array.from({ length: times }, () => [sleep(100), { call: 'send', text: 'a drop' }]);
  return named(`trickle-${count}`, hosts(
    [send(count), sleep(2500), ...drops.flat(), sleep(300)],
    [recv(count), sleep(2550), ...drops.flat()],
  ));
}

/** `count` segments in each of `times` bursts, with time to breathe between. */
export function bursts(count, times) {
  const all = Array.from({ length: times }, () => [send(count), sleep(300)]).flat();
  return named(`bursts-${count}`, hosts(all, []));
}

async function post(url, body) {
  const answer = await fetch(`${url}/api/runs`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`no run: ${await answer.text()}`);
  return answer.json();
}

/** Start a run and let it end; resolves to all of it. */
export async function finished(url, scenario) {
  const { id } = await post(url, { scenario, wait: true });
  const run = await (await fetch(`${url}/api/runs/${id}`)).json();
  const segments = run.events.filter(({ kind }) => kind === 'segment').length;
  return { ...run, segments };
}

/** Start a run; resolves to its id. */
export const started = async (url, scenario) => (await post(url, { scenario })).id;

/** Resolves when a run has ended. */
export async function ended(url, id) {
  for (;;) {
    const { phase } = (await (await fetch(`${url}/api/runs`)).json()).runs
      .find((run) => run.id === id) ?? {};
    if (phase === 'ended') return;
    await pause(100);
  }
}

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
