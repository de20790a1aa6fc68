// views.mjs - every view and panel of the page, for the tests that go through all
// of them. To add one: a row with its name, the address it begins at, and what a
// person does until it is all there.
import { runScenario, startRun } from './lab.mjs';

const opened = (selector) => async (page) => {
  await page.waitForSelector(selector);
};

const afterRun = (work) => async (page, url) => {
  await page.waitForSelector('.start:not([disabled])');
  await runScenario(page, url);
  await work(page, url);
};

const withPanel = (name, selector) => afterRun(async (page) => {
  await page.click(`#tab-${name}`);
  await page.waitForSelector(selector);
});

/* A run that waits in a person's hands at its first segment. */
async function openHeld(page, url) {
  const id = await startRun(url, { scenario: 'open', hold: true });
  await page.goto(`${url}/#run/${id}`);
  await page.waitForSelector('.hand__row');
}

export const VIEWS = [
  { name: 'empty', prepare: opened('.start:not([disabled])') },
  { name: 'machine', prepare: async (page) => {
    await page.click('.machine__summary');
    await page.waitForSelector('.machine__panel > *');
  } },
  { name: 'picker', prepare: async (page) => {
    await page.click('.picker__button');
    await page.waitForSelector('.picker__option');
  } },
  { name: 'story', prepare: afterRun(async (page) => {
    await page.click('.verdict__expect summary');
  }) },
  { name: 'card', prepare: afterRun(async (page) => {
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.waitForSelector('.field');
  }) },
  { name: 'annotated', prepare: afterRun(async (page) => {
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.locator('.annotate').click();
    await page.locator('.byte').nth(33).focus();
  }) },
  { name: 'wire', prepare: withPanel('wire', '.slider, .sliders input') },
  { name: 'forge', prepare: withPanel('forge', '.forge__header') },
  { name: 'held', prepare: openHeld },
  { name: 'problem', path: '/#run/nonesuch', prepare: opened('.notice:not([hidden])') },
];
