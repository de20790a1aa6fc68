// check-types.mjs - the types in the modules' comments, by tsc: of all modules as
// far as they are written, of those that all others stand on without any gap.
// Strictness is a matter of the whole program to tsc, so its second look is at
// everything and what it says of other modules is left out.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const STRICT = new Set([
  'format', 'held', 'ladder', 'ladderrows', 'links', 'mermaid', 'model', 'moments', 'numbering',
  'request', 'route', 'savedrun', 'savedshape', 'states', 'store',
]);

const TSC = join(import.meta.dirname, 'node_modules/typescript/bin/tsc');

/* What tsc says, a list of {module, text}. */
function look(more) {
  const args = [TSC, '-p', import.meta.dirname, '--pretty', 'false', ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const faults = stdout.split('\n').filter((line) => /: error TS\d+/.test(line));
  if (status !== 0 && faults.length === 0) throw new Error(`tsc ended with ${status}: ${stdout}${stderr}`);
  return faults.map((text) => ({ module: /([\w-]+)\.js\(/.exec(text)?.[1], text }));
}

const faults = [
  ...look([]), ...look(['--strict', '--noImplicitAny', 'true']).filter(({ module }) => STRICT.has(module)),
];
for (const text of new Set(faults.map((fault) => fault.text))) console.log(text);
process.exitCode = faults.length > 0 ? 1 : 0;
