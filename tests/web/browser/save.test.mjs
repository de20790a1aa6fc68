// Downloads: what the menu offers, by mouse and by keyboard, and that each file
// holds what the page shows.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { downloaded, eventually, keepShot, openPage, runScenario, startRun, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

/* Choose from the menu; resolves to {name, bytes} of the file. */
async function take(page, what) {
  await page.click('.save__button');
  return downloaded(page, () => page.click(`.menu__item[data-id=${what}]`));
}

const textOf = async (page, what) => (await take(page, what)).bytes.toString();

describe('the menu of downloads', () => {
  onPage('is there with a run, and none before', {}, async ({ page }) => {
    assert.ok(await page.locator('#save').isHidden());
    await runScenario(page, lab.program.url);
    assert.ok(await page.locator('.save__button').isVisible());
  });

  onPage('is worked with keys alone', {}, async ({ page }) => {
    const { id } = await runScenario(page, lab.program.url);
    const focused = () => page.evaluate(() => document.activeElement.dataset.id);
    await page.focus('.save__button');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'svg');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'png');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused(), 'print');
    await page.keyboard.press('m');
    assert.equal(await focused(), 'mermaid');
    await page.keyboard.press('Home');
    assert.equal(await focused(), 'svg');
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('#save-menu').isHidden());
    assert.ok(await page.locator('.save__button').evaluate((el) => el === document.activeElement));
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('t');
    const { name } = await downloaded(page, () => page.keyboard.press('Enter'));
    assert.equal(name, `handshake-open-${id}.txt`);
    await eventually(async () =>
      assert.match(await page.locator('.save__told').textContent(), /Saved as handshake-open/));
    assert.ok(await page.locator('#save-menu').isHidden());
  });

  onPage('closes when the focus goes elsewhere', {}, async ({ page }) => {
    await runScenario(page, lab.program.url);
    await page.click('.save__button');
    await keepShot(page, 'downloads');
    await page.click('#tab-story');
    assert.ok(await page.locator('#save-menu').isHidden());
    assert.equal(await page.getAttribute('.save__button', 'aria-expanded'), 'false');
  });

  onPage('a run that goes on has no whole file yet', {}, async ({ page }) => {
    const id = await startRun(lab.program.url, { scenario: 'open', hold: true });
    await page.goto(`${lab.program.url}/#run/${id}`);
    await page.waitForSelector('.hand__row');
    await page.click('.save__button');
    const json = page.locator('.menu__item[data-id=json]');
    assert.equal(await json.getAttribute('aria-disabled'), 'true');
    await json.click({ force: true });
    assert.ok(await page.locator('#save-menu').isVisible());
  });

  const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
  onPage('copies the link to the run and step', clipboard, async ({ page }) => {
    await runScenario(page, lab.program.url);
    await page.locator('.arrow[data-n="2"] .arrow__flags').click();
    await page.waitForSelector('.arrow.is-selected[data-n="2"]');
    await page.click('.save__button');
    await page.click('.menu__item[data-id=link]');
    await eventually(async () =>
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url()));
  });
});

describe('what is downloaded', () => {
  onPage('text: the ladder, with the numbers that are shown', {}, async ({ page }) => {
    const { events } = await runScenario(page, lab.program.url);
    const [syn] = events.filter(({ kind }) => kind === 'segment');
    assert.match(await textOf(page, 'text'), /SYN-SENT +-- <SEQ=0><CTL=SYN> [-.]+/);
    await page.click('#toolbar label:has([value=absolute])');
    await eventually(async () =>
      assert.ok((await textOf(page, 'text')).includes(`<SEQ=${syn.seq}><CTL=SYN>`)));
  });

  onPage('JSON: the whole run, with each field of each segment', {}, async ({ page }) => {
    const run = await runScenario(page, lab.program.url);
    const saved = JSON.parse(await textOf(page, 'json'));
    assert.deepEqual(saved.events, run.events);
    assert.deepEqual(saved.verdict, run.verdict);
    assert.equal(saved.about.title, run.title);
    for (const { n } of run.events.filter(({ kind }) => kind === 'segment')) {
      const path = `/api/runs/${run.id}/segments/${n}`;
      assert.deepEqual(saved.details[n], await (await fetch(lab.program.url + path)).json());
    }
  });

  onPage('pcapng: the program’s own capture', {}, async ({ page }) => {
    const { id } = await runScenario(page, lab.program.url);
    const { bytes } = await take(page, 'pcapng');
    assert.equal(bytes.readUInt32BE(0), 0x0a0d0d0a);
    const own = await fetch(`${lab.program.url}/api/runs/${id}.pcapng`);
    assert.deepEqual(bytes, Buffer.from(await own.arrayBuffer()));
  });

  onPage('Mermaid: its own parser takes it', {}, async ({ page }) => {
    const parser = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
    const other = await openPage(lab.browser, lab.program.url, { bypassCSP: true });
    await other.page.addScriptTag({ path: parser });
    const typeOf = (text) => other.page.evaluate(async (each) =>
      (await globalThis.mermaid.parse(each)).diagramType, text);
    for (const scenario of ['classic', 'syn-duplicated', 'icmp-filtered', 'icmp6-no-route']) {
      const id = await startRun(lab.program.url, { scenario });
      await page.goto(`${lab.program.url}/#run/${id}`);
      await page.waitForSelector('.verdict:not([data-mood=running]) .verdict__badge');
      await eventually(async () => assert.ok(page.url().includes(id)
        && (await page.locator('.verdict__meta').textContent()).includes(id)));
      assert.equal(await typeOf(await textOf(page, 'mermaid')), 'sequence', scenario);
    }
    await assert.rejects(typeOf('sequenceDiagram\n client-?server: x'));
    await other.close();
  });
});

/* How much two pictures differ: the part of their pixels that are not alike. */
async function difference(page, first, second) {
  const urls = [first, second].map((png) => `data:image/png;base64,${png.toString('base64')}`);
  return page.evaluate(async (sources) => {
    const read = async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const { width, height } = image;
      const canvas = new OffscreenCanvas(width, height).getContext('2d');
      canvas.drawImage(image, 0, 0);
      return { width, height, data: canvas.getImageData(0, 0, width, height).data };
    };
    const [a, b] = [await read(sources[0]), await read(sources[1])];
    if (a.width !== b.width || a.height !== b.height) return 1;
    const unlike = a.data.filter((value, i) => Math.abs(value - b.data[i]) > 48).length;
    return unlike / a.data.length;
  }, urls);
}

/* The picture, and where between two pixels it begins. */
async function pictureShot(page) {
  const svg = page.locator('.diagram__sheet > svg');
  const { y, height } = await svg.boundingBox();
  await page.setViewportSize({ width: 1440, height: Math.ceil(y + height + 200) });
  const box = await svg.boundingBox();
  return { png: await svg.screenshot(), place: `${box.y % 1}px 0 0 ${box.x % 1}px` };
}

for (const colorScheme of ['light', 'dark']) {
  describe(`pictures, ${colorScheme}`, () => {
    test('SVG: opens elsewhere and looks as here', async () => {
      const { page, wrong, close } = await openPage(lab.browser, lab.program.url, { colorScheme });
      await runScenario(page, lab.program.url);
      await page.evaluate(() => new Promise((done) => { // the last of it is drawn
        requestAnimationFrame(() => requestAnimationFrame(done));
      }));
      const svg = await textOf(page, 'svg');
      await page.mouse.move(0, 0);
      assert.ok(svg.length < 60000);
      assert.doesNotMatch(svg, /var\(| (class|style|href|tabindex|role|data-\w+)=|<script/);
      assert.match(svg, /font-family="[^"]*monospace"/);
      const here = await pictureShot(page);
      const elsewhere = await (await lab.browser.newContext()).newPage();
      await elsewhere.setViewportSize({ width: 1600, height: 1600 });
      const ground = colorScheme === 'light' ? '#fffefc' : '#161d27';
      const inner = svg.replace(/^<\?xml.*\n/, '');
      await elsewhere.setContent(
        `<body style="margin: ${here.place}; background: ${ground}">${inner}`);
      const there = await elsewhere.locator('svg').screenshot();
      const unlike = await difference(elsewhere, here.png, there);
      assert.ok(unlike < 0.0005, `${(unlike * 100).toFixed(3)} % of the pixels differ`);
      const parsed = await elsewhere.evaluate((text) =>
        new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.localName, svg);
      assert.equal(parsed, 'svg');
      assert.deepEqual(wrong, []);
      await elsewhere.context().close();
      await close();
    });

    test('PNG: twice as sharp, the same colours', async () => {
      const { page, wrong, close } = await openPage(lab.browser, lab.program.url, { colorScheme });
      await runScenario(page, lab.program.url);
      const { name, bytes } = await take(page, 'png');
      assert.match(name, /^handshake-open-\w+\.png$/);
      const box = await page.locator('.diagram__sheet > svg').boundingBox();
      assert.equal(bytes.readUInt32BE(16), Math.round(box.width) * 2);
      assert.equal(bytes.readUInt32BE(20), Math.round(box.height) * 2);
      const corner = await page.evaluate(async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = new OffscreenCanvas(2, 2).getContext('2d');
        canvas.drawImage(image, 0, 0);
        return [...canvas.getImageData(1, 1, 1, 1).data];
      }, `data:image/png;base64,${bytes.toString('base64')}`);
      assert.deepEqual(corner, colorScheme === 'light' ? [255, 254, 252, 255] : [22, 29, 39, 255]);
      assert.deepEqual(wrong, []);
      await close();
    });
  });
}
