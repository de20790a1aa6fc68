// Every view and panel, light and dark: axe-core finds nothing, no words lie under
// something else, and on a phone nothing is wider than the screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { covered } from './covered.mjs';
import { eventually, openPage, overflow, useLab } from './lab.mjs';
import { startPlain } from './plain.mjs';
import { VIEWS } from './views.mjs';

const lab = useLab();

/* What the colours and the height of the window decide; all else axe-core has
 * seen in light. */
const DARK_RULES = { type: 'rule', values: ['color-contrast', 'scrollable-region-focusable'] };

/** What axe-core finds, each as a line with its places. */
async function findings(page, runOnly) {
  const { violations } = await page.evaluate((only) =>
    globalThis.axe.run(document, { resultTypes: ['violations'], ...only && { runOnly: only } }), runOnly);
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.map(({ target, failureSummary }) => `  ${target}: ${failureSummary}`);
    return [`${id}: ${help}`, ...places.slice(0, 8)].join('\n');
  });
}

async function checkWords(page, where) {
  assert.deepEqual(await covered(page), [], where);
  assert.ok(await overflow(page) <= 0, `it scrolls sideways ${where}`);
}

async function checkAxe(page, where, rules) {
  const found = await findings(page, rules);
  assert.equal(found.length, 0, `${where}: ${found.join('\n')}`);
}

/* A view as it was opened, then dark in a lower window (its panels scroll), then on
 * a phone: one page, whose size and colours change as a person would change them. */
async function look(url, { path, prepare, options }) {
  const { page, close } = await openPage(lab.browser, url, { path, ...options });
  try {
    await prepare(page, url);
    await page.evaluate(axe.source);
    await checkAxe(page, 'in light');
    await checkWords(page, 'in light');
    await page.emulateMedia({ colorScheme: 'dark' });
    if (!options?.viewport) await page.setViewportSize({ width: 1440, height: 720 });
    await checkAxe(page, 'in dark', DARK_RULES);
    await checkWords(page, 'in dark');
    if (options?.viewport) return;
    await page.setViewportSize({ width: 390, height: 844 });
    await eventually(() => checkWords(page, 'on a phone'));
  } finally {
    await close();
  }
}

for (const view of VIEWS) test(view.name, () => look(lab.program.url, view));

test('without the program', async () => {
  const plain = await startPlain();
  const prepare = (page) => page.waitForSelector('.is-alone');
  await look(plain.url, { prepare }).finally(plain.stop);
});
