// views.mjs - every view and panel of the page, for the tests that go through all
// of them. To add one: a row with its name, the address it begins at, and what a
// person does until it is all there; `options` are those of its page.
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

const practised = (kind, selector) => async (page, url) => {
  const id = await startRun(url, { scenario: 'open', wait: true });
  await page.goto(`${url}/#practice/${kind}/${id}`);
  await page.waitForSelector(selector);
};

/* The first question of predicting; then a class votes on it. */
async function openQuestion(page) {
  await page.waitForSelector('.start:not([disabled])');
  await page.click('#tab-predict');
  await page.click('.predict__begin');
  await page.waitForSelector('.guess input:enabled');
}

async function openRoom(page) {
  await openQuestion(page);
  await page.click('.room summary');
  await page.click('.room__open');
  await page.waitForSelector('.room__link:visible');
}

/* As the class sees it, by an address of this server. */
async function openPoster(page, url) {
  await page.route('**/api/capabilities', async (route) => {
    const answer = await route.fetch();
    const addresses = [url, url.replace('127.0.0.1', 'localhost')];
    await route.fulfill({ json: { ...await answer.json(), loopback_only: false, addresses } });
  });
  await page.reload();
  await openRoom(page);
  await page.waitForSelector('.room__addresses:visible');
  await page.click('.join__enlarge');
  await page.waitForSelector('.poster[open]');
}

async function openVote(page) {
  await openRoom(page);
  await page.goto(await page.getAttribute('.room__link', 'href'));
  await page.waitForSelector('.vote__choice');
}

/* Two runs, a pair of segments looked at field by field. */
async function comparePair(page, url) {
  const ids = [await startRun(url, { scenario: 'open', wait: true }),
    await startRun(url, { scenario: 'open', wait: true, options: { rules: ['client SYN nth 1 drop'] } })];
  await page.goto(`${url}/#compare/${ids.join('/')}`);
  await page.locator('.pair__picture .arrow .arrow__flags').first().click();
  await page.waitForSelector('.sheet__table, .sheet .quiet:not([hidden])');
  await page.check('.sheet input');
  await page.waitForSelector('.sheet__table tbody tr');
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
  { name: 'projector', prepare: afterRun(async (page) => {
    await page.locator('body').press('p');
    await page.waitForSelector('[data-projector]');
  }) },
  { name: 'projected picker', prepare: afterRun(async (page) => {
    await page.locator('body').press('p');
    await page.click('.picker__button');
    await page.waitForSelector('.picker__option');
  }) },
  { name: 'wire', prepare: withPanel('wire', '.slider, .sliders input') },
  { name: 'forge', prepare: afterRun(async (page) => {
    await page.click('#tab-forge');
    for (const fold of await page.locator('.forge__fold summary').all()) await fold.click();
    await page.selectOption('[name=checksum]', 'chosen');
  }) },
  { name: 'held', prepare: openHeld },
  { name: 'downloads', prepare: afterRun(async (page) => {
    await page.click('.save__button');
    await page.waitForSelector('.menu__item:focus');
  }) },
  { name: 'predict', prepare: openQuestion },
  { name: 'told', prepare: async (page) => {
    await openQuestion(page);
    await page.locator('.guess').first().click();
    await page.click('.predict__commit');
    await page.waitForSelector('.predict__verdict');
  } },
  { name: 'room', prepare: openRoom },
  { name: 'poster', prepare: openPoster },
  { name: 'vote', prepare: openVote },
  { name: 'no room', path: '/#vote/nones', prepare: opened('.vote__enter input:visible') },
  { name: 'practice', path: '/#practice', prepare: opened('.maker .start') },
  { name: 'fill', prepare: practised('fill', '.filling input') },
  { name: 'order', prepare: practised('order', '.ordering__item') },
  { name: 'pairs', path: '/#compare', prepare: opened('.case') },
  { name: 'compare', prepare: comparePair },
  { name: 'scenarios', path: '/#scenarios', prepare: opened('.scene') },
  { name: 'editor', path: '/#edit/syn-lost', prepare: opened('.editor__text') },
  { name: 'fault', path: '/#edit', prepare: async (page) => {
    await page.waitForSelector('.editor__text');
    await page.fill('.editor__text', '{"id": 7}');
    await page.waitForSelector('.editor__faults li');
  } },
  { name: 'moment', prepare: async (page, url) => {
    const id = await startRun(url, { scenario: 'classic', wait: true });
    await page.goto(`${url}/#run/${id}/31`);
    await page.waitForSelector('#player:not([hidden])');
    await page.waitForSelector('.arrow');
  } },
  { name: 'flood', prepare: async (page, url) => {
    const id = await startRun(url, { scenario: 'syn-flood-cookies', wait: true });
    await page.goto(`${url}/#run/${id}`);
    await page.waitForSelector('.arrow');
  } },
  { name: 'German', options: { locale: 'de-DE' }, prepare: withPanel('wire', '.sliders input') },
  { name: 'Chinese', options: { locale: 'zh-CN' }, prepare: withPanel('forge', '.forge__header') },
  { name: 'phone', options: { viewport: { width: 390, height: 844 } },
    prepare: afterRun(async (page) => {
      await page.locator('.arrow[data-n="2"] .arrow__flags').click();
      await page.waitForSelector('.field');
    }) },
  { name: 'problem', path: '/#run/nonesuch', prepare: opened('.notice:not([hidden])') },
];
