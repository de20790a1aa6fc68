// A saved run in the page without the program: the page's files on a web server
// that has nothing else, in a folder of its own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { recorded } from '../unit/data.mjs';
import { dice } from '../unit/random-run.mjs';
import {
  downloaded, eventually, keepShot, openPage, startBrowser, startProgram, texts,
} from './lab.mjs';
import { startPlain } from './plain.mjs';

const UNDER = '/somewhere/';
const lab = {};
let saved; // the file: a run of the program, with all of its fields

/* A run of the program as the page saves it. */
async function makeSaved() {
  const program = await startProgram();
  const ask = async (path, options) => (await fetch(program.url + path, options)).json();
  const run = await ask('/api/runs', {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ scenario: 'classic', wait: true }),
  });
  const details = {};
  for (const { n } of run.events.filter(({ kind }) => kind === 'segment')) {
    details[n] = await ask(`/api/runs/${run.id}/segments/${n}`);
  }
  const about = await ask('/api/scenarios/classic');
  await program.stop();
  return { ...run, details, about };
}

before(async () => {
  saved = await makeSaved();
  lab.plain = await startPlain({
    under: UNDER, more: { 'run.json': JSON.stringify(saved), 'bad.json': '{"events": 7}' },
  });
  lab.browser = await startBrowser();
});

after(async () => {
  await lab.browser?.close();
  await lab.plain?.stop();
});

/* A page on the plain files, on which nothing may go wrong and which asks its
 * own server alone. */
function onPlain(name, path, work) {
  test(name, async () => {
    const opened = await openPage(lab.browser, lab.plain.url, { path: UNDER + path });
    try {
      await work(opened);
      assert.deepEqual(opened.wrong, []);
      for (const answer of opened.answers) {
        const { origin, pathname } = new URL(answer.url());
        assert.ok(answer.url().startsWith('blob:') || pathname.startsWith(UNDER), answer.url());
        assert.equal(origin, lab.plain.url);
      }
    } finally {
      await opened.close();
    }
  });
}

const segments = () => saved.events.filter(({ kind }) => kind === 'segment');

describe('without the program', () => {
  onPlain('the page says so, and offers what it can', '', async ({ page }) => {
    await page.waitForSelector('.is-alone');
    assert.match(await page.locator('#alone').textContent(), /The program is not here[^]*no handshake can be started/);
    for (const gone of ['.controls', '.machine', '#tab-wire', '#tab-forge']) {
      assert.ok(await page.locator(gone).isHidden(), gone);
    }
    await keepShot(page, 'alone');
  });

  onPlain('a run that is in no file is not looked for', '#run/k3x9', async ({ page }) => {
    await page.waitForSelector('.notice:not([hidden])');
    assert.match(await page.locator('.notice__text').textContent(), /open its file again/);
  });

  onPlain('a file named by the address opens', '?run=run.json', async ({ page }) => {
    await page.waitForSelector('.arrow');
    assert.equal(await page.locator('.arrow').count(), segments().length);
    assert.equal(await page.locator('.verdict__text').textContent(), saved.verdict.text);
    assert.equal(await page.locator('.story__step').count(), saved.events.length);
    assert.deepEqual(await texts(page, '.teaches__list li'), saved.about.teaches);
    assert.match(page.url(), new RegExp(`\\?run=run\\.json#run/${saved.id}$`));
    const lines = saved.events.filter(({ kind, host }) => kind === 'message' && host === 'client');
    assert.deepEqual(await texts(page, '.terminal.is-client .terminal__line'), lines.map(({ text }) => text));
    await keepShot(page, 'saved');
  });

  onPlain('fields and bytes come out of the file', '?run=run.json', async ({ page }) => {
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.waitForSelector('.field');
    assert.equal(await page.locator('.field.is-first').count(), saved.details[2].fields.length);
    assert.equal((await texts(page, '.byte')).join(''), saved.details[2].hex);
  });

  test('a link to a step of it leads there', async () => {
    const [, second] = segments();
    const path = `${UNDER}?run=run.json#run/${saved.id}/all/${second.id}`;
    const { page, wrong, close } = await openPage(lab.browser, lab.plain.url, { path });
    await page.waitForSelector('.field');
    assert.equal(await page.locator('.arrow.is-selected').getAttribute('data-n'), '2');
    assert.deepEqual(wrong, []);
    await close();
  });

  onPlain('it can be saved again, the same', '?run=run.json', async ({ page }) => {
    await page.click('.save__button');
    assert.deepEqual(await page.locator('.menu__item').evaluateAll((nodes) => nodes.map((node) => node.dataset.id)),
      ['svg', 'png', 'text', 'mermaid', 'json', 'link', 'print']);
    const again = JSON.parse((await downloaded(page, () => page.click('.menu__item[data-id=json]'))).bytes);
    for (const part of ['id', 'events', 'details', 'about', 'verdict', 'title']) {
      assert.deepEqual(again[part], saved[part], part);
    }
  });

  onPlain('a file from this machine opens, by button and by drop', '', async ({ page }) => {
    const choosing = page.waitForEvent('filechooser');
    await page.click('#alone .open-file');
    await (await choosing).setFiles(join(import.meta.dirname, '../../data/run-open.json'));
    const run = recorded('open');
    await page.waitForSelector('.arrow');
    assert.match(page.url(), new RegExp(`#run/${run.id}$`));
    await page.locator('.arrow[data-n="1"] .arrow__flags').click();
    await page.waitForSelector('.byte'); // bytes are all that this file has
    const [syn] = run.events.filter(({ kind }) => kind === 'segment');
    assert.equal((await texts(page, '.byte')).join(''), syn.hex);
    await drop(page, 'run.json', JSON.stringify(saved));
    await eventually(async () =>
      assert.equal(await page.locator('.verdict__text').textContent(), saved.verdict.text));
    assert.equal(await page.locator('.runs__link').count(), 2);
    await page.click(`.runs__link[href="#run/${run.id}"]`);
    await eventually(async () =>
      assert.equal(await page.locator('.verdict__text').textContent(), run.verdict.text));
  });

  onPlain('what is no run is refused with a sentence', '?run=bad.json', async ({ page }) => {
    await page.waitForSelector('.notice:not([hidden])');
    assert.match(await page.locator('.notice__text').textContent(),
      /bad\.json is not a saved run: it has no id/);
    await drop(page, 'x.json', '<script>');
    await eventually(async () =>
      assert.match(await page.locator('.notice__text').textContent(), /x\.json .* not JSON/));
    assert.equal(await page.locator('.arrow').count(), 0);
  });

  onPlain('whatever stands in a file, the page shows it or says why not', '', async ({ page }) => {
    const values = [null, -1, 1e99, '', [], {}, true, 'client', '<b>x</b>'];
    let shown = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const next = dice(seed);
      const pick = (list) => list[Math.floor(next() * list.length)];
      const file = structuredClone(saved);
      const part = pick([...file.events, ...Object.values(file.details).map(({ fields }) => pick(fields)), file]);
      part[pick(Object.keys(part))] = pick(values);
      await drop(page, 'x.json', JSON.stringify(file));
      await page.waitForFunction(() => document.querySelector('.arrow, .notice:not([hidden])'));
      const arrow = page.locator('.arrow__flags').first();
      if (await page.locator('.notice').isVisible()) continue;
      await arrow.click();
      await page.waitForSelector('.byte');
      shown += 1;
    }
    assert.ok(shown > 5 && shown < 60, `${shown} of 60 were shown`);
  });

  onPlain('nothing from elsewhere is opened', '?run=http://192.0.2.1/run.json', async ({ page }) => {
    await page.waitForSelector('.notice:not([hidden])');
    assert.match(await page.locator('.notice__text').textContent(), /Only files beside this page/);
  });
});

/* Let a file fall on the page. */
async function drop(page, name, text) {
  const transfer = await page.evaluateHandle(([fileName, content]) => {
    const data = new DataTransfer();
    data.items.add(new File([content], fileName, { type: 'application/json' }));
    return data;
  }, [name, text]);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('with the program, a file opens beside its runs', async () => {
  const program = await startProgram();
  const { page, wrong, close } = await openPage(lab.browser, program.url);
  await page.waitForSelector('.start:not([disabled])');
  assert.ok(await page.locator('#alone').isHidden());
  await drop(page, 'run.json', JSON.stringify(saved));
  await page.waitForSelector('.arrow');
  assert.equal(await page.locator('.verdict__text').textContent(), saved.verdict.text);
  await page.locator('.arrow[data-n="3"] .arrow__flags').click();
  await page.waitForSelector('.field');
  assert.deepEqual(wrong, []);
  await close();
  await program.stop();
});
