// Every view and panel, light and dark: axe-core finds nothing, no words lie under
// something else, and on a phone nothing is wider than the screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { covered } from './covered.mjs';
import { openPage, overflow, useLab } from './lab.mjs';
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

/* Open a view, and let axe-core look at it; and see that all can be read. */
async function look(url, { path, prepare, options }, colorScheme) {
  const viewport = { width: 1440, height: colorScheme === 'dark' ? 720 : 900 }; // panels scroll
  const settings = { path, colorScheme, viewport, ...options };
  const { page, close } = await openPage(lab.browser, url, settings);
  try {
    await prepare(page, url);
    const found = await findings(page);
    assert.equal(found.length, 0, found.join('\n'));
    assert.deepEqual(await covered(page), []);
    assert.ok(await overflow(page) <= 0, 'it scrolls sideways');
  } finally {
    await close();
  }
}

const phone = { viewport: { width: 390, height: 844 } };
for (const view of VIEWS.filter(({ options }) => !options?.viewport)) {
  test(`${view.name} on a phone`, async () => {
    const { page, close } = await openPage(lab.browser, lab.program.url, { path: view.path, ...view.options, ...phone });
    try {
      await view.prepare(page, lab.program.url);
      assert.deepEqual(await covered(page), []);
      assert.ok(await overflow(page) <= 0, 'it scrolls sideways');
    } finally {
      await close();
    }
  });
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
