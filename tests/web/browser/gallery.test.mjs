// The gallery, the editor and what a teacher uses, by mouse and keyboard.
import assert from 'node:assert/strict';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'node:test';
import { recorded } from '../unit/data.mjs';
import { covered } from './covered.mjs';
import { downloaded, eventually, keepShot, overflow, texts, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

const MINE = {
  id: 'my-own', title: 'One SYN too few',
  server: [{ call: 'listen' }, { call: 'accept' }, { call: 'close' }],
  client: [{ call: 'connect' }, { call: 'close' }],
  wire: ['client SYN nth 1 drop'],
  expect: { client: { connect: 'ok' } },
};
const text = (document) => JSON.stringify(document, null, 2);
const ended = '.verdict:not([data-mood=running]) .verdict__badge';
const write = async (page, value) => {
  await page.fill('.editor__text', value);
  await page.waitForFunction(() => !document.querySelector('.editor .start').disabled
    || document.querySelector('.editor__faults li'));
};

describe('the gallery', () => {
  onPage('shows every scenario of the API in groups, finds and runs one', {}, async ({ page }) => {
    await page.click('[data-view=scenarios]');
    const { scenarios } = await (await fetch(`${lab.program.url}/api/scenarios`)).json();
    await eventually(async () =>
      assert.equal(await page.locator('.scene').count(), scenarios.length));
    await keepShot(page, 'gallery');
    await page.fill('.gallery__search', 'closed port');
    await eventually(async () =>
      assert.ok(await page.locator('.scene').count() < scenarios.length / 10));
    const scene = page.locator('#scene-closed-port');
    await scene.locator('summary').focus();
    await page.keyboard.press('Enter');
    const closed = scenarios.find(({ id }) => id === 'closed-port');
    assert.ok((await scene.locator('details').textContent()).includes(closed.why));
    assert.ok((await scene.locator('.scene__notes').textContent()).includes(closed.notes));
    await scene.locator('.scene__run').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector(ended);
    assert.match(await page.textContent('.verdict__badge'), /Refused/);
  });

  onPage('leads to the next step, and an address to its scenario', {}, async ({ page }) => {
    const isThere = (id) => eventually(async () => {
      const scene = page.locator(`#scene-${id}.is-meant`);
      const { y, height } = await scene.boundingBox();
      assert.ok(y >= 0 && y + height <= 900, `${id} is in sight`);
      assert.ok(await scene.evaluate((el) => el.contains(document.activeElement)), 'and has the focus');
    });
    await page.goto(`${lab.program.url}/#scenarios/syn-lost`);
    await isThere('syn-lost');
    const { next } = await (await fetch(`${lab.program.url}/api/scenarios/syn-lost`)).json();
    await page.fill('.gallery__search', 'first SYN is lost');
    await page.locator('#scene-syn-lost .scene__next a').click();
    await isThere(next);
    assert.match(page.url(), new RegExp(`#scenarios/${next}$`));
  });

  onPage('fits every width', { viewport: { width: 320, height: 640 } }, async ({ page }) => {
    for (const width of [320, 390, 1440, 3840]) {
      await page.setViewportSize({ width, height: 900 });
      for (const view of ['scenarios', 'edit', 'practice']) {
        await page.goto(`${lab.program.url}/#${view}`);
        await page.waitForSelector(`#view-${view} h1`);
        assert.equal(await overflow(page), 0, `${view} at ${width}`);
      }
      await page.goto(`${lab.program.url}/#scenarios`);
      await page.waitForSelector('.scene');
      await keepShot(page, `gallery-${width}`);
    }
  });
});

describe('the editor', () => {
  onPage('a scenario is written, checked, and run', {}, async ({ page }) => {
    await page.click('[data-view=edit]');
    await page.waitForSelector('.editor__text');
    await write(page, text(MINE));
    assert.match(await page.textContent('.editor__standing'), /No faults/);
    await keepShot(page, 'editor');
    await page.click('.editor .start');
    await page.waitForSelector(ended);
    const id = /#run\/([^/]+)/.exec(page.url())[1];
    const run = await (await fetch(`${lab.program.url}/api/runs/${id}`)).json();
    assert.equal(run.title, MINE.title);
    assert.deepEqual(run.expect.map(({ met }) => met), [true]);
    assert.ok(run.events.some((e) => e.kind === 'copy' && e.fate === 'dropped'));
  });

  onPage('every fault stands at its place', {}, async ({ page }) => {
    await page.goto(`${lab.program.url}/#edit`);
    await page.waitForSelector('.editor__text');
    const bad = { ...MINE, client: [{ call: 'conect' }, { call: 'close' }], colour: 'red' };
    await write(page, text(bad));
    await page.waitForSelector('.editor__faults li');
    const lines = text(bad).split('\n');
    const faults = await texts(page, '.editor__faults li');
    assert.equal(faults.length, 2);
    for (const [word, place] of [['/client/0/call', '"conect"'], ['colour', '"colour"']]) {
      const line = lines.findIndex((each) => each.includes(place)) + 1;
      const fault = faults.find((each) => each.includes(word));
      assert.ok(fault.startsWith(`line ${line} `), `${fault} is not at line ${line}`);
    }
    assert.ok(await page.locator('.editor .start').isDisabled());
    await page.locator('.editor__faults button').first().click();
    const chosen = await page.evaluate(() => window.getSelection().toString()
      || document.activeElement.value.slice(
        document.activeElement.selectionStart, document.activeElement.selectionEnd));
    assert.match(chosen, /conect|colour/);
    await keepShot(page, 'editor-faults');
    await write(page, '{"id": ');
    await eventually(async () =>
      assert.match(await page.textContent('.editor__faults'), /line 1/));
  });

  onPage('saved as a file, loaded from one, shared by a link', { acceptDownloads: true },
    async ({ page }) => {
      await page.goto(`${lab.program.url}/#edit`);
      await page.waitForSelector('.editor__text');
      await write(page, text(MINE));
      const { name, bytes } = await downloaded(page, () => page.click('.editor__bar .plain:nth-of-type(2)'));
      assert.equal(name, 'my-own.json');
      assert.deepEqual(JSON.parse(bytes), MINE);
      const file = join(mkdtempSync(join(tmpdir(), 'lab-')), 'other.json');
      writeFileSync(file, text({ ...MINE, title: 'From a file' }));
      await page.setInputFiles('.editor__bar input[type=file]', file);
      await eventually(async () =>
        assert.match(await page.inputValue('.editor__text'), /From a file/));
      await page.click('.editor__bar .plain:nth-of-type(3)');
      await page.waitForFunction(() => window.location.hash.length > 80);
      const link = page.url();
      await page.goto('about:blank');
      await page.goto(link);
      await eventually(async () =>
        assert.match(await page.inputValue('.editor__text'), /From a file/));
      await page.goto(`${lab.program.url}/#edit/~damaged`);
      await eventually(async () =>
        assert.match(await page.textContent('.editor__standing'), /damaged/));
    });

  onPage('begins with a built-in one, and tells what may stand in it', {}, async ({ page }) => {
    await page.goto(`${lab.program.url}/#edit/syn-lost`);
    await eventually(async () =>
      assert.equal(JSON.parse(await page.inputValue('.editor__text')).id, 'syn-lost'));
    await page.click('.reference:nth-of-type(2) > summary');
    const steps = await texts(page, '.reference__step > summary');
    for (const step of ['listen', 'connect', 'shutdown', 'inject']) assert.ok(steps.includes(step));
  });
});

describe('teaching', () => {
  onPage('keys: projector, notes, begin anew', { viewport: { width: 1920, height: 1080 } },
    async ({ page }) => {
      await page.click('.start');
      await page.waitForSelector(ended);
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
      const before = await size();
      await page.locator('body').press('p');
      await eventually(async () => assert.ok(await size() > before * 1.1));
      assert.ok(await page.locator('#machine').isHidden());
      assert.equal(await overflow(page), 0);
      await keepShot(page, 'projector');
      await page.locator('body').press('n');
      await page.waitForSelector('.presenter:not([hidden])');
      assert.ok((await page.textContent('.presenter p')).length > 40);
      await page.locator('body').press('r');
      await page.waitForSelector('.diagram.is-empty');
      assert.equal(new URL(page.url()).hash, '');
      await page.locator('body').press('p');
      await eventually(async () => assert.equal(await size(), before));
    });

  /* Where an arrow ends follows from what was measured: another run is up to 150 px
   * longer. So this one was recorded. */
  for (const [width, height, seen] of [[1920, 1080, 3], [1440, 900, 3], [1280, 720, 2]]) {
    onPage(`of a projected handshake ${seen} segments are in sight: ${width} x ${height}`, { viewport: { width, height } },
      async ({ page }) => {
        const run = recorded('open');
        await page.route(`**/api/runs/${run.id}`, (route) => route.fulfill({ json: run }));
        await page.evaluate((id) => { window.location.hash = `run/${id}`; }, run.id);
        await page.waitForSelector(ended);
        await page.locator('body').press('p');
        const box = (selector) => page.locator(selector).boundingBox();
        await eventually(async () => {
          const top = await box('.diagram__heads');
          const player = await box('.player');
          for (const n of [1, 2, 3].slice(0, seen)) {
            const { y, height: high } = await box(`.diagram .way[data-n="${n}"]`);
            assert.ok(y > top.y + top.height, `segment ${n} is under the heads`);
            assert.ok(y + high < player.y, `segment ${n} ends at ${y + high}, the player begins at ${player.y}`);
          }
        });
        assert.equal(await page.evaluate(() => window.scrollY), 0);
        assert.equal(await overflow(page), 0);
        assert.deepEqual(await covered(page), []);
        await keepShot(page, `projector-${width}`);
      });
  }
});
