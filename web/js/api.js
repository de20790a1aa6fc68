/* api.js - the program's HTTP interface: fetch and server-sent events. Addresses
 * are those beside the page, wherever it is served.
 *
 * Whatever goes wrong becomes an Error whose message is a sentence for the
 * person at the page. */
import { createFeed } from './feed.js';
import { keepKey, keyHeaders, keyedAddress, setPrivate } from './runkeys.js';
import { texts } from './texts.js';

/** Ask, and read the answer's JSON. */
export async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(texts.problem.unreachable);
  }
  if (!response.ok) {
    throw Object.assign(new Error(await sentenceOf(response)), { status: response.status });
  }
  return response.json();
}

/* RFC 9457: `detail` is the sentence; faults say where. */
async function sentenceOf(response) {
  try {
    const problem = await response.json();
    const fault = ({ pointer, detail }) => `${pointer || '/'}: ${detail}`;
    const faults = (problem.faults ?? []).map(fault);
    return [problem.detail ?? problem.title, ...faults].join(' ');
  } catch {
    return texts.problem.status(response.status);
  }
}

/* Of every scenario what a list needs; all of every one; all of one. */
export const listScenarios = async () => (await ask('api/scenarios?brief=true')).scenarios;
export const wholeScenarios = async () => (await ask('api/scenarios')).scenarios;
export const getScenario = (id) => ask(`api/scenarios/${encodeURIComponent(id)}`);
export const listRuns = async () => (await ask('api/runs')).runs;
export const getRun = (id) =>
  ask(`api/runs/${encodeURIComponent(id)}`, { headers: keyHeaders(id) });
export const getSegment = (id, n) =>
  ask(`api/runs/${encodeURIComponent(id)}/segments/${n}`, { headers: keyHeaders(id) });

export async function getCapabilities() {
  const capabilities = await ask('api/capabilities');
  setPrivate(capabilities.private_runs);
  return capabilities;
}

/** Send JSON, and read the answer's. */
export const tell = (method, path, body, headers = {}) => ask(path, {
  method, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body),
});

/** Begin a run; resolves to its id. */
export async function startRun(body) {
  const { id, key } = await tell('POST', 'api/runs', body);
  keepKey(id, key);
  return id;
}

/* The wire of a live run. Each resolves to its settings as they stand. */
const pathOf = (id, rest) => `api/runs/${encodeURIComponent(id)}/${rest}`;
const change = (method, id, rest, body) => tell(method, pathOf(id, rest), body, keyHeaders(id));
export const getWire = async (id) =>
  (await ask(pathOf(id, 'wire'), { headers: keyHeaders(id) })).wire;
export const patchWire = async (id, patch) => (await change('PATCH', id, 'wire', patch)).wire;
export const resetWire = async (id) => (await change('POST', id, 'reset', {})).wire;

/** Stop a run; it is forgotten then. */
export async function stopRun(id) {
  const response = await fetch(`api/runs/${encodeURIComponent(id)}`, {
    method: 'DELETE', headers: keyHeaders(id),
  });
  if (!response.ok) throw new Error(await sentenceOf(response));
}

/** Decide about a held segment; make one by hand. */
export const decide = (id, n, body) => change('POST', id, `segments/${n}`, body);
export const inject = (id, body) => change('POST', id, 'inject', body);

/** Something that follows one run at a time: follow(id, after, onEvents,
 * onStatus, {known, over}) and stop(). onEvents gets the events that are known,
 * then, unless the run is over, those after that id, in batches; onStatus
 * "live", "lost" (the browser reconnects by itself and resumes after the last id
 * it saw), "refused" or "ended". */
export function createFollower() {
  let source = null;
  let feed = null;
  const stop = () => {
    feed?.stop();
    source?.close();
    source = null;
  };
  const follow = (id, after, onEvents, onStatus, { known = [], over = false } = {}) => {
    stop();
    feed = createFeed(onEvents);
    feed.add(known);
    if (over) feed.end(() => onStatus('ended'));
    else listen(keyedAddress(id, pathOf(id, `events?after=${after}`)), feed, onStatus);
  };
  const listen = (path, { add, end }, onStatus) => {
    const mine = new EventSource(path);
    source = mine;
    mine.onopen = () => onStatus('live');
    mine.onmessage = (message) => add([JSON.parse(message.data)]);
    mine.onerror = () => onStatus(mine.readyState === EventSource.CLOSED ? 'refused' : 'lost');
    mine.addEventListener('end', () => {
      mine.close();
      end(() => onStatus('ended'));
    });
  };
  return { follow, stop };
}
