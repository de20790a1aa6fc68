// diagram.test.mjs - the drawn diagram of a run, as a file of its own: no text
// meets another, none is cut, all can be read, in light and dark.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startBrowser, startProgram } from './lab.mjs';

const RUNS = [
  { scenario: 'classic' },
  { scenario: 'open', options: { ip: 6 } },
  { scenario: 'accept-queue-full-abort' },
  { scenario: 'syn-flood-cookies' },
  { scenario: 'icmp-too-big' },
  { scenario: 'checksum-broken' },
  { scenario: 'open', link: 'loopback' },
  { scenario: 'open', link: 'sockets' },
  { scenario: 'classic',
    options: { latency_ms: 3, jitter_ms: 2, loss: 0.2, duplicate: 0.2, reorder: 0.2, seed: 7 } },
];

const AA = 4.5;

let program, browser, folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handshake-svg-'));
  program = await startProgram();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await program?.stop();
  rmSync(folder, { recursive: true });
});

const post = (path, body) => fetch(program.url + path, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

/** The file of a run, opened as a file. */
async function openPicture(id, colorScheme) {
  const answer = await fetch(`${program.url}/api/runs/${id}.svg`);
  assert.equal(answer.headers.get('content-type'), 'image/svg+xml');
  const file = join(folder, `${id}.svg`);
  writeFileSync(file, await answer.text());
  const page = await browser.newPage({ colorScheme });
  await page.goto(`file://${file}`);
  return page;
}

/** Every text: where it is, how it looks, what colour is behind it. */
function textsOf(page) {
  return page.evaluate(() => {
    const boxOf = (node) => {
      const { x, y, width, height } = node.getBBox();
      return { left: x, top: y, right: x + width, bottom: y + height };
    };
    const rects = [...document.querySelectorAll('rect')]
      .filter((rect) => getComputedStyle(rect).fill !== 'none')
      .map((rect) => ({ ...boxOf(rect), fill: getComputedStyle(rect).fill }));
    const behind = ({ left, right, top, bottom }) => {
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      return rects.findLast((r) => r.left <= x && r.right >= x && r.top <= y && r.bottom >= y)?.fill;
    };
    return [...document.querySelectorAll('text')].filter((node) => node.textContent).map((node) => {
      const box = boxOf(node);
      const fills = [node, ...node.children].map((part) => getComputedStyle(part).fill);
      return { text: node.textContent, ...box, fills, behind: behind(box) };
    });
  });
}

const frameOf = (page) => page.evaluate(() => {
  const { width, height } = document.documentElement.viewBox.baseVal;
  const lifelines = [...document.querySelectorAll('.life')].map((line) => line.x1.baseVal.value);
  return { width, height, lifelines };
});

/** How much two boxes lie over each other, in pixels of the smaller side. */
const overlap = (a, b) => Math.min(
  Math.min(a.right, b.right) - Math.max(a.left, b.left),
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

function checkApart(texts) {
  const sorted = [...texts].sort((a, b) => a.top - b.top);
  sorted.forEach((a, i) => {
    for (let j = i + 1; j < sorted.length && sorted[j].top < a.bottom; j++) {
      const b = sorted[j];
      assert.ok(overlap(a, b) <= 1, `"${a.text}" and "${b.text}" meet`);
    }
  });
}

function checkWithin(texts, frame) {
  for (const { text, left, right, top, bottom } of texts) {
    assert.ok(left >= 0 && top >= 0 && right <= frame.width && bottom <= frame.height, `"${text}" is cut`);
    const inHead = top < 124;
    const crossed = frame.lifelines.filter((x) => left < x && right > x);
    assert.ok(inHead || bottom > frame.height - 200 || crossed.length === 0, `"${text}" lies on a lifeline`);
  }
}

function light(color) {
  const [r, g, b] = color.match(/\d+/g).map((v) => Number(v) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function checkContrast(texts) {
  for (const { text, fills, behind } of texts) {
    for (const fill of fills) {
      const [a, b] = [light(fill), light(behind)].sort((x, y) => y - x);
      assert.ok((a + 0.05) / (b + 0.05) >= AA, `"${text}": ${fill} on ${behind}`);
    }
  }
}

async function checkPicture(id, colorScheme) {
  const page = await openPicture(id, colorScheme);
  const texts = await textsOf(page);
  assert.ok(texts.length > 20);
  checkApart(texts);
  checkWithin(texts, await frameOf(page));
  checkContrast(texts);
  const paper = await page.evaluate(() => getComputedStyle(document.querySelector('.paper')).fill);
  await page.close();
  return light(paper);
}

for (const request of RUNS) {
  test(`the picture of ${JSON.stringify(request)} can be read`, async () => {
    const answer = await post('/api/runs', { wait: true, ...request });
    assert.equal(answer.status, 201);
    const { id } = await answer.json();
    const bright = await checkPicture(id, 'light');
    assert.ok(bright > 0.9 && await checkPicture(id, 'dark') < 0.1);
  });
}

test('the picture of a run in somebody\'s hands shows what waits', async () => {
  const { id } = await (await post('/api/runs', { scenario: 'open', link: 'wire', hold: true })).json();
  const held = async () => (await (await fetch(`${program.url}/api/runs/${id}`)).json()).wire.held > 0;
  for (let i = 0; i < 200 && !await held(); i++) await new Promise((done) => setTimeout(done, 20));
  const page = await openPicture(id, 'light');
  const texts = await textsOf(page);
  assert.ok(texts.some(({ text }) => text === 'held by hand'));
  assert.ok(texts.some(({ text }) => /still going on/.test(text)));
  checkApart(texts);
  await page.close();
  await post(`/api/runs/${id}/reset`, {});
});
