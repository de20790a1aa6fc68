// What index.html asks for ahead of time is what the page begins with: every module
// that main.js imports, at whatever distance, and none besides.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const web = join(import.meta.dirname, '../../../web');
const read = (path) => readFileSync(join(web, path), 'utf8');
const IMPORT = /^(?:import|export)\s[^;]*?from '\.\/([\w-]+\.js)';|^import '\.\/([\w-]+\.js)';/gm;

/* The module and all that it imports when it is loaded. */
function graph(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, from, alone] of read(`js/${name}`).matchAll(IMPORT)) graph(from ?? alone, found);
  return found;
}

test('the page asks ahead for the modules it begins with, and for no others', () => {
  const html = read('index.html');
  const asked = [...html.matchAll(/<link rel="modulepreload" href="js\/([\w-]+\.js)">/g)];
  const begun = graph('main.js');
  begun.delete('main.js');
  assert.ok(begun.size > 40);
  assert.deepEqual(asked.map(([, name]) => name).sort(), [...begun].sort());
});
