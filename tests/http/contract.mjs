/* contract.mjs - holds what the server answers against schema/openapi.json, the
 * document it serves: the status must be one the document names for that route,
 * headers it promises must be there, the type and the body must fit. Members
 * that the document does not name are errors here, though clients must bear
 * them: nothing is to be answered that is not written down. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';

const HOME = new URL('../../', import.meta.url);
const require = createRequire(new URL('tests/web/package.json', HOME));

function load(name) {
  try {
    return require(name);
  } catch {
    throw new Error(`${name} is missing: npm ci --prefix tests/web`);
  }
}

/** The document as it stands in the repository. */
export const openapi = JSON.parse(fs.readFileSync(new URL('schema/openapi.json', HOME)));

/** A copy in which objects take no members but those named. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  const open = !('properties' in copy) || copy.type !== 'object' || 'oneOf' in copy || 'additionalProperties' in copy;
  return open ? copy : { ...copy, additionalProperties: false };
}

/* Each schema is known to the validator by its name and made once. */
const REF = /"#\/components\/schemas\/([\w-]+)"/g;
const renamed = (schema) => JSON.parse(JSON.stringify(schema).replaceAll(REF, '"$1"'));

const ajv = (() => {
  const { default: Ajv } = load('ajv/dist/2020');
  const made = new Ajv({ strict: true, strictTypes: false, strictRequired: false, inlineRefs: false,
    validateSchema: false, code: { optimize: false } });
  for (const [name, schema] of Object.entries(openapi.components.schemas)) {
    made.addSchema(closed(renamed(schema)), name);
  }
  return made;
})();

const checks = new Map();

/** The faults of value by a schema of the document. */
export function faultsBy(schema, value) {
  const key = JSON.stringify(schema);
  if (!checks.has(key)) checks.set(key, ajv.compile(renamed(schema)));
  const check = checks.get(key);
  return check(value) ? [] : check.errors.map(({ instancePath, message, params }) =>
    `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`);
}

/* Now, not while a test waits for its first answer. */
for (const name of ['problem', 'run', 'run-summary', 'run-request', 'wire-answer', 'segment', 'capabilities']) {
  faultsBy({ $ref: `#/components/schemas/${name}` }, {});
}

/** The schema of that name in the document. */
export const named = (name) => ({ $ref: `#/components/schemas/${name}` });

function assertFits(schema, value, what) {
  const found = faultsBy(schema, value);
  assert.equal(found.length, 0, `${what} is not as the document says: ${found.slice(0, 3).join('; ')}`);
}

const EVENT = named('event');
const seen = new Set(); // events come to many viewers, documents are asked for again

/** One event as text, as it came over the wire. */
export function checkEvent(text) {
  if (seen.has(text)) return;
  assertFits(EVENT, JSON.parse(text), `the event ${text.slice(0, 200)}`);
  if (seen.size < 100000) seen.add(text);
}

const templates = Object.keys(openapi.paths).map((path) => ({
  path,
  item: openapi.paths[path],
  fits: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[A-Za-z0-9_-]+')}$`),
  params: path.split('{').length,
})).sort((a, b) => a.params - b.params);

function decoded(path) {
  try {
    return decodeURIComponent(path.split('?')[0]);
  } catch {
    return path;
  }
}

const resolve = (part) => (part.$ref ? part.$ref.slice(2).split('/').reduce((at, name) => at[name], openapi) : part);
const typeOf = (answer) => (answer.headers['content-type'] ?? '').split(';')[0];

/* Problems by their status, for what no operation names. */
const problems = new Map([['405', openapi.components.responses['method-not-allowed']]]);
for (const item of Object.values(openapi.paths)) {
  for (const { responses } of Object.values(item)) {
    for (const [status, response] of Object.entries(responses)) {
      if (response.$ref) problems.set(status, resolve(response));
    }
  }
}

/** What no operation answers: a file of the page, OPTIONS, or a problem. */
function checkOther(method, answer, what) {
  if (typeOf(answer) !== 'application/problem+json') {
    assert.ok(answer.status < 400, `${what} is no problem`);
    if (method === 'OPTIONS') assert.ok(answer.headers.allow, `${what} lacks Allow`);
    return;
  }
  const response = problems.get(String(answer.status));
  assert.ok(response, `the document knows no problem ${answer.status}: ${answer.text}`);
  checkHeaders(response, answer, what);
  if (method !== 'HEAD') checkBody(response, answer, what);
}

function checkHeaders(response, answer, what) {
  for (const [name, header] of Object.entries(response.headers ?? {})) {
    if (header.required) assert.ok(answer.headers[name.toLowerCase()], `${what} lacks ${name}`);
  }
}

const lately = new Map(); // of each schema the text that fitted last

function checkJson(schema, { json, text }, what) {
  const key = JSON.stringify(schema);
  if (lately.get(key) === text) return;
  assertFits(schema, json, what);
  lately.set(key, text);
}

function checkBody(response, answer, what) {
  if (!response.content) {
    assert.equal(answer.text, '', `${what} has a body`);
    return;
  }
  const content = response.content[typeOf(answer)];
  assert.ok(content, `${what} comes as ${typeOf(answer)}, not ${Object.keys(response.content)}`);
  if (answer.json !== null) checkJson(content.schema, answer, what);
  else if (content['x-item-schema']) eventsIn(answer.text).forEach(checkEvent);
}

/** The events in a stream of either kind. */
const eventsIn = (text) => (text.startsWith('{') ? text.trim().split('\n')
  : [...text.matchAll(/^id: \d+\ndata: (.*)$/gm)].map(([, data]) => data));

/** What was asked and got its way must be as the document says, too. */
function checkRequest(operation, body, what) {
  const schema = operation.requestBody?.content['application/json'].schema;
  if (schema?.$ref.endsWith('/anything')) return; // not even JSON
  if (schema && typeof body === 'string') assertFits(schema, JSON.parse(body), `the body of ${what}`);
}

/** Hold one answer against the document. asked: { method, path, body }. */
export function checkAnswer({ method, path, body }, answer) {
  const what = `${method} ${path} (${answer.status})`;
  const template = templates.find(({ fits }) => fits.test(decoded(path)));
  const operation = template?.item[method === 'HEAD' ? 'get' : method.toLowerCase()];
  if (!operation) {
    checkOther(method, answer, what);
    return;
  }
  const response = operation.responses[answer.status];
  assert.ok(response, `the document has no ${answer.status} of ${method} ${template.path}: ${answer.text.slice(0, 200)}`);
  checkHeaders(resolve(response), answer, what);
  if (method !== 'HEAD') checkBody(resolve(response), answer, what);
  if (answer.status < 300) checkRequest(operation, body, what);
}
