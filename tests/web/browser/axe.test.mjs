// Every view and panel, light and dark, by axe-core: it finds nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { openPage, useLab } from './lab.mjs';
import { startPlain } from './plain.mjs';
import { VIEWS } from './views.mjs';

const lab = useLab();

/** What axe-core finds, each as a line with its places. */
async function findings(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.map(({ target, failureSummary }) => `  ${target}: ${failureSummary}`);
    return [`${id}: ${help}`, ...places.slice(0, 8)].join('\n');
  });
}

/* Open a view, and let axe-core look at it. */
async function look(url, { path, prepare, options }, colorScheme) {
  const settings = { path, colorScheme, ...options };
  const { page, close } = await openPage(lab.browser, url, settings);
  try {
    await prepare(page, url);
    const found = await findings(page);
    assert.equal(found.length, 0, found.join('\n'));
  } finally {
    await close();
  }
}

for (const colorScheme of ['light', 'dark']) {
  for (const view of VIEWS) {
    test(`${view.name} in ${colorScheme}`, () => look(lab.program.url, view, colorScheme));
  }
  test(`without the program, in ${colorScheme}`, async () => {
    const plain = await startPlain();
    const prepare = (page) => page.waitForSelector('.is-alone');
    await look(plain.url, { prepare }, colorScheme).finally(plain.stop);
  });
}
