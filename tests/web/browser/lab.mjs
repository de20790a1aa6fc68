// lab.mjs - what the browser tests share: the real program on a free port, a
// real Chromium, and a page that notes everything it must not do.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const CHROMIUM_ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Start the program; resolves to {url, stop()}. */
export function startProgram({ listen = '127.0.0.1:0' } = {}) {
  const binary = process.env.HANDSHAKE_BIN;
  if (!binary) throw new Error('HANDSHAKE_BIN must name the program to test.');
  const more = (process.env.HANDSHAKE_ARGS ?? '').split(' ').filter(Boolean);
  const args = ['serve', '--listen', listen, ...more];
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk) => {
      said += chunk;
      const found = /http:\/\/(127\.0\.0\.1|0\.0\.0\.0):(\d+)/.exec(said);
      if (found) resolve({ url: `http://127.0.0.1:${found[2]}`, stop });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The program ended with ${code}: ${said}`)));
  });
}

/** Debian's Chromium: its build without windows, which opens a page with a third of
 * the processor time; CHROMIUM names another one. */
export const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const LAUNCH = { executablePath: BROWSER, args: CHROMIUM_ARGS };

/** A browser for several processes, which find it by HANDSHAKE_BROWSER. */
export const launchSharedBrowser = () => chromium.launchServer(LAUNCH);

/** The shared browser, or where there is none one of this process's own. */
export function startBrowser() {
  const shared = process.env.HANDSHAKE_BROWSER;
  return shared ? chromium.connect(shared) : chromium.launch(LAUNCH);
}

/** Open the page; `wrong` collects console errors, page errors, requests to
 * elsewhere and violations of the Content-Security-Policy; `answers` is every
 * answer got. */
export async function openPage(browser, url, options = {}) {
  const { path = '/', ...contextOptions } = options;
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...contextOptions,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const wrong = [];
  const answers = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    const own = [`${url}/`, `blob:${url}/`].some((start) => request.url().startsWith(start));
    if (!own) wrong.push(`request to ${request.url()}`);
  });
  page.on('response', (response) => answers.push(response));
  await page.goto(url + path);
  return { page, wrong, answers, close: () => context.close() };
}

/** One program and one browser for the tests of a file. Returns {program,
 * browser, onPage}: onPage(name, options, work) is a test with a page of its
 * own, on which nothing may go wrong. */
export function useLab() {
  const lab = {};
  before(async () => {
    lab.program = await startProgram(); // first: a browser alone would not end
    lab.browser = await startBrowser();
  });
  after(async () => {
    await lab.browser?.close();
    await lab.program?.stop();
  });
  lab.onPage = (name, options, work) => test(name, async () => {
    const opened = await openPage(lab.browser, lab.program.url, options);
    try {
      await work(opened);
      assert.deepEqual(opened.wrong, []);
    } finally {
      await opened.close();
    }
  });
  return lab;
}

/** Ask the program for a run; resolves to its id. */
export async function startRun(url, body) {
  const answer = await fetch(`${url}/api/runs`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  assert.equal(answer.status, 201);
  return (await answer.json()).id;
}

/** Sideways scrolling of the page: what is more than the window holds. */
export const overflow = (page) => page.evaluate(() =>
  document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The texts of all elements that match. */
export const texts = (page, selector) => page.locator(selector).allTextContents();

/** Press Start and wait until the run has ended; resolves to the whole run. */
export async function runScenario(page, url) {
  const before = page.url();
  await page.click('.start');
  await page.waitForFunction((old) => window.location.href !== old, before);
  await page.waitForSelector('.verdict:not([data-mood=running]) .verdict__badge');
  const id = /#run\/([^/]+)/.exec(page.url())[1];
  return (await fetch(`${url}/api/runs/${id}`)).json();
}

/** Try a check again until it holds; after eight seconds, or as many as said, its
 * failure counts. What a wish changes is drawn with the next frame, but a busy
 * machine takes its time. */
export async function eventually(check, ms = 8000) {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 30); });
    }
  }
}

/** Do what saves a file; resolves to {name, bytes} of it. */
export async function downloaded(page, work) {
  const [download] = await Promise.all([page.waitForEvent('download'), work()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** Keep a screenshot among the artefacts. */
export async function keepShot(page, name, options = {}) {
  const folder = process.env.ARTEFACTS ?? join(import.meta.dirname, '../../../artefacts');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), ...options });
}
