/* run-browser.mjs - the page in a real browser: `node run-browser.mjs [FILE...]`,
 * without files all of browser/. One browser serves all files, each of which is a
 * process with a server and pages of its own; as many run at once as there are
 * processors. Ends with 77 (skipped) where the browser or playwright-core is not
 * installed, unless REQUIRE_BROWSER is set. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import report from './reporter.mjs';

const FOLDER = join(import.meta.dirname, 'browser');

function leaveOut(why) {
  console.log(why);
  process.exit(process.env.REQUIRE_BROWSER ? 1 : 77);
}

/* The longest file first, so that none is left alone at the end. */
function allFiles() {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.test.mjs'));
  const sizes = new Map(names.map((name) => [name, statSync(join(FOLDER, name)).size]));
  return names.sort((a, b) => sizes.get(b) - sizes.get(a)).map((name) => join(FOLDER, name));
}

const lab = await import('./browser/lab.mjs')
  .catch((error) => leaveOut(`${error.message}: npm ci in tests/web`));
if (!existsSync(lab.BROWSER)) leaveOut(`${lab.BROWSER} is missing: apt-get install chromium-headless-shell`);

const named = process.argv.slice(2);
const browser = await lab.launchSharedBrowser();
process.env.HANDSHAKE_BROWSER = browser.wsEndpoint();
const tests = run({
  files: named.length > 0 ? named : allFiles(),
  concurrency: availableParallelism(),
});
tests.on('test:fail', () => { process.exitCode = 1; });
for await (const text of tests.compose(report)) process.stdout.write(text);
await browser.close();
