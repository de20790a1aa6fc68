// A class that votes, as one would: a projector, phones that come, change their
// mind, leave and return, and a teacher who lets go, closes, or starts anew.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  eventually as within, keepShot, openPage, overflow, startBrowser, startProgram, useLab,
} from './lab.mjs';

/* Phones ask once a second. */
const eventually = (check) => within(check, 15000);
const PHONE = { viewport: { width: 390, height: 844 } };
const WALL = { viewport: { width: 1920, height: 1080 } };
const RIGHT = 'the server sends SYN,ACK';
const NONE = 'nobody sends anything';

/* The first question of a round, and a room to vote in. */
async function openRoom(page) {
  await page.waitForSelector('.start:not([disabled])');
  await page.click('#tab-predict');
  await page.click('.predict__begin');
  await page.waitForSelector('.guess input:enabled');
  await page.click('.room summary');
  await page.click('.room__open');
  await page.waitForSelector('.room__link[href]', { state: 'attached' });
  return page.getAttribute('.room__link', 'href');
}

/* A phone that follows a link; `heard` is all that the program told it. */
async function openPhone(browser, link, options = {}) {
  const { origin, pathname, hash } = new URL(link);
  const phone = await openPage(browser, origin, { ...PHONE, ...options, path: pathname + hash });
  phone.heard = [];
  phone.page.on('response', async (answer) => {
    if (!answer.url().includes('/api/rooms/')) return;
    phone.heard.push(await answer.json().catch(() => null));
  });
  return phone;
}

const vote = async ({ page }, words) => {
  await page.locator('.vote__choice', { hasText: words }).click();
  await page.waitForSelector(`.vote__choice.is-mine:has-text("${words}")`);
};
const note = (page, text) => eventually(async () =>
  assert.equal(await page.textContent('.vote__note'), text));
const votes = (page, text) => eventually(async () =>
  assert.equal(await page.textContent('.predict__votes'), text));
const counts = (page) => page.locator('.guess__count').allTextContents();
const countAt = (page, words) =>
  page.locator('.guess', { hasText: words }).locator('.guess__count').textContent();
/* Chromium has a word to say about every page that comes neither by TLS nor from
 * this machine; phones bear it. */
const closeAll = async (phones) => {
  for (const { wrong, close } of phones) {
    assert.deepEqual(wrong.filter((text) => !text.startsWith('The Cross-Origin-Opener')), []);
    await close();
  }
};

describe('a class', () => {
  const lab = useLab();
  const { onPage } = lab;

  onPage('phones vote, the projector counts, the kernels decide', WALL, async ({ page }) => {
    const link = await openRoom(page);
    const phones = [];
    for (let i = 0; i < 3; i += 1) phones.push(await openPhone(lab.browser, link));
    for (const [i, phone] of phones.entries()) {
      await vote(phone, i === 1 ? RIGHT : NONE);
      await note(phone.page, 'Your vote is in. You may change it until the question is closed.');
      assert.equal(await overflow(phone.page), 0);
    }
    await vote(phones[0], RIGHT); // another mind, no second vote
    await votes(page, '3 votes');
    assert.deepEqual([...new Set(await counts(page))], [''], 'counts stay hidden while they vote');
    await keepShot(phones[0].page, 'vote-phone');
    for (const { heard } of phones) {
      assert.ok(heard.length > 1);
      for (const room of heard) assert.deepEqual([room?.counts, room?.question.answer], [null, null]);
    }
    await page.click('.predict__commit'); // without a guess of the teacher's own
    await page.waitForSelector('.guess.is-true');
    await eventually(async () => assert.equal(await countAt(page, RIGHT), '2 of 3'));
    assert.equal(await countAt(page, NONE), '1 of 3');
    assert.equal(await page.textContent('.predict__verdict'), `What happened: ${RIGHT}.`);
    await keepShot(page, 'class-told');
    for (const [i, { page: phone }] of phones.entries()) {
      await note(phone, i < 2 ? 'You were right.' : 'Not this time.');
      assert.match(await phone.textContent('.vote__choice.is-true'), /2 of 3/);
      assert.equal(await phone.locator('.vote__choice:enabled').count(), 0);
    }
    await page.click('.predict__next');
    await eventually(async () =>
      assert.match(await phones[2].page.textContent('.vote__text'), /Segment \d+, SYN,ACK/));
    assert.equal(await phones[2].page.locator('.is-mine').count(), 0);
    await votes(page, '0 votes');
    await closeAll(phones);
  });

  onPage('votes end before anybody can see what comes of it', {}, async ({ page }) => {
    const phone = await openPhone(lab.browser, await openRoom(page));
    await vote(phone, NONE);
    const closings = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/close')) closings.push(request.postDataJSON());
      if (/segments\/1$/.test(request.url())) closings.push('let go');
    });
    await page.click('.predict__commit');
    await page.waitForSelector('.guess.is-true');
    await note(phone.page, 'Not this time.');
    assert.deepEqual(closings[0], {}, 'the question is closed first');
    assert.equal(closings[1], 'let go');
    assert.equal(typeof closings[2].answer, 'number');
    await closeAll([phone]);
  });

  onPage('a phone that leaves and comes back is the same voter', {}, async ({ page }) => {
    const link = await openRoom(page);
    const phone = await openPhone(lab.browser, link);
    await vote(phone, NONE);
    const again = await phone.page.context().newPage(); // the camera opens another tab
    await phone.page.close();
    await again.goto(link);
    await again.waitForSelector(`.vote__choice.is-mine:has-text("${NONE}")`);
    await vote({ page: again }, RIGHT);
    await votes(page, '1 vote');
    await phone.close();
  });

  onPage('another fate is another question', {}, async ({ page }) => {
    const phone = await openPhone(lab.browser, await openRoom(page));
    await vote(phone, NONE);
    await page.click('.predict__fate label:last-child');
    await eventually(async () =>
      assert.match(await phone.page.textContent('.vote__text'), /It is lost/));
    await votes(page, '0 votes');
    const [asked, shown] = [await page.locator('.guess__text').allTextContents(),
      await phone.page.locator('.vote__choice > span:first-child').allTextContents()];
    assert.deepEqual(shown, asked);
    await closeAll([phone]);
  });

  onPage('counts while they vote, if the teacher likes', {}, async ({ page }) => {
    const phone = await openPhone(lab.browser, await openRoom(page));
    await vote(phone, NONE);
    await page.check('[name=room-live]');
    await eventually(async () => assert.equal(await countAt(page, NONE), '1 of 1'));
    assert.equal(await phone.page.textContent('.vote__choice.is-mine .vote__count'), '');
    await closeAll([phone]);
  });

  onPage('a reload of the teacher’s page loses no class', {}, async ({ page }) => {
    const link = await openRoom(page);
    await page.reload();
    await page.click('#tab-predict');
    await eventually(async () =>
      assert.equal(await page.getAttribute('.room__link', 'href'), link));
    await page.click('.predict__begin');
    const phone = await openPhone(lab.browser, link);
    await vote(phone, NONE);
    await votes(page, '1 vote');
    await closeAll([phone]);
  });

  onPage('the teacher closes the room: phones say so and ask for another', {}, async ({ page }) => {
    const first = await openRoom(page);
    const phone = await openPhone(lab.browser, first);
    await vote(phone, NONE);
    await page.click('.room__close');
    assert.ok(await page.locator('.room__open').isVisible());
    const isGone = /no such room/;
    await eventually(async () => assert.match(await phone.page.textContent('.vote__note'), isGone));
    assert.equal(await phone.page.locator('.vote__choice').count(), 0);
    await page.click('.room__open');
    await page.waitForSelector(`.room__link:visible:not([href="${first}"])`);
    const { hash } = new URL(await page.getAttribute('.room__link', 'href'));
    await phone.page.fill('.vote__enter input', ` ${hash.split('/')[1].toUpperCase()}`);
    await phone.page.click('.vote__enter button');
    await phone.page.waitForSelector('.vote__choice');
    await phone.close(); // a 404 is an error in its console
  });

  onPage('a late answer about the last room leaves the next one open', {}, async ({ page, wrong }) => {
    const first = await openRoom(page);
    const late = [];
    await page.route(`**/api/rooms/${first.split('/').at(-1)}`, (route) =>
      (route.request().method() === 'GET' ? late.push(route) : route.continue()));
    await eventually(() => assert.ok(late.length > 0));
    await page.click('.room__close');
    await page.click('.room__open');
    await page.waitForSelector(`.room__link:visible:not([href="${first}"])`);
    const answered = page.waitForResponse((answer) => answer.status() === 404);
    for (const route of late) await route.continue();
    await answered;
    await page.evaluate(() => new Promise(requestAnimationFrame));
    assert.ok(await page.locator('.room__link').isVisible());
    wrong.splice(0, wrong.length, ...wrong.filter((text) => !/404/.test(text)));
  });

  onPage('on loopback alone the page says how phones get in', {}, async ({ page }) => {
    await openRoom(page);
    const { port } = new URL(lab.program.url);
    assert.match(await page.textContent('.room__why'), /this machine alone/);
    assert.equal(await page.textContent('.room__command'), `handshake serve --listen 0.0.0.0:${port}`);
    assert.ok(!(await page.locator('.join__enlarge').isVisible()));
  });
});

describe('a class on the network', () => {
  const lab = {};
  before(async () => {
    lab.program = await startProgram({ listen: '0.0.0.0:0' });
    lab.browser = await startBrowser();
    lab.folder = await mkdtemp(join(tmpdir(), 'room-'));
  });
  after(async () => {
    await lab.browser?.close();
    await lab.program?.stop();
    await rm(lab.folder, { recursive: true, force: true });
  });

  /* What a phone's camera makes of a part of the screen, once it is painted. */
  const assertCode = (page, selector, link) => eventually(async () =>
    assert.equal(await scan(page, selector), link));
  async function scan(page, selector) {
    const path = join(lab.folder, 'code.png');
    await page.locator(selector).screenshot({ path });
    const { stdout } = await promisify(execFile)('zbarimg', ['-q', '--raw', path]).catch((error) => {
      if (error.code !== 'ENOENT') return { stdout: 'no code is seen' };
      throw new Error('zbarimg is missing: apt-get install zbar-tools');
    });
    return stdout.trim();
  }

  /* null where the machine is on no network. */
  async function addressOf(url) {
    const { addresses } = await (await fetch(`${url}/api/capabilities`)).json();
    return addresses[0] ?? null;
  }

  for (const colorScheme of ['light', 'dark']) {
    test(`the wall shows a code that leads a phone into the room, ${colorScheme}`, async () => {
      const { url } = lab.program;
      const address = await addressOf(url);
      if (address === null) return; // what is shown then is tested on loopback
      const { page, wrong, close } = await openPage(lab.browser, url, { ...WALL, colorScheme });
      await page.waitForSelector('.start:not([disabled])');
      await page.keyboard.press('p');
      const link = await openRoom(page);
      assert.ok(link.startsWith(`${address}/#vote/`), link);
      await page.waitForSelector('.poster[open]');
      await assertCode(page, '.poster__code', link);
      assert.equal(await page.textContent('.poster__link'), link);
      assert.equal(await page.getAttribute('.poster__code', 'alt'), `QR code of ${link}`);
      const { width } = await page.locator('.poster__code').boundingBox();
      assert.ok(width > 900, `${width} px on a wall of 1920`);
      await keepShot(page, `class-poster-${colorScheme}`);
      await page.keyboard.press('Escape');
      assert.ok(await page.locator('#predict').isVisible(), 'Escape closes the poster alone');
      await assertCode(page, '.join__code', link);
      const phone = await openPhone(lab.browser, link, { colorScheme });
      await vote(phone, RIGHT);
      await votes(page, '1 vote');
      await closeAll([phone, { wrong, close }]);
    });
  }
});

test('a program that is started anew knows no room: both sides say so', async () => {
  let program = await startProgram();
  const browser = await startBrowser();
  try {
    const { page } = await openPage(browser, program.url);
    const { page: phone } = await openPhone(browser, await openRoom(page));
    await phone.waitForSelector('.vote__choice');
    await program.stop();
    await note(phone, 'The room cannot be reached; trying again…');
    program = await startProgram({ listen: new URL(program.url).host });
    await eventually(async () =>
      assert.match(await page.textContent('.room__problem'), /started anew/));
    assert.ok(await page.locator('.room__open').isVisible());
    await eventually(async () =>
      assert.match(await phone.textContent('.vote__note'), /no such room/));
    assert.ok(await phone.locator('.vote__enter').isVisible());
  } finally {
    await browser.close();
    await program.stop();
  }
});
