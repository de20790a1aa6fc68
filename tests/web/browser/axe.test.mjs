// Every view and panel, light and dark, by axe-core: it finds nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { openPage, useLab } from './lab.mjs';
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

for (const colorScheme of ['light', 'dark']) {
  for (const { name, path, prepare } of VIEWS) {
    test(`${name} in ${colorScheme}`, async () => {
      const { page, close } = await openPage(lab.browser, lab.program.url, { path, colorScheme });
      try {
        await prepare(page, lab.program.url);
        const found = await findings(page);
        assert.equal(found.length, 0, found.join('\n'));
      } finally {
        await close();
      }
    });
  }
}
