// page.mjs - what the page weighs and how fast it is, in Chromium, with the real
// program: distributions over fresh loads, drawing a thousand segments, one event
// more, and the longest tasks while real runs stream. Not a test. Times are by the
// clock and by the processor; where other programs want it too, the second is the
// steadier one, and both are longer than alone.
//   page.mjs [LOADS [PART...]]      parts: load draw append stream memory
// HANDSHAKE_BIN is the program, HANDSHAKE_ARGS its options, as for the browser tests.
import { loadavg } from 'node:os';
import { startBrowser, startProgram } from '../web/browser/lab.mjs';
import {
  freshPage, longTasks, memoryOf, processorTime, tasksDuring, timesOf,
} from './page/chrome.mjs';
import { bursts, ended, finished, pause, started, talk, trickle } from './page/runs.mjs';

const PARTS = { load, draw, append, stream, memory };
const SETTLED_MS = 700; // no task is left after that
const RUNS = 3; // of each scenario that streams

const [loads = '15', ...parts] = process.argv.slice(2);
const sorted = (list) => list.filter((each) => !Number.isNaN(each)).sort((a, b) => a - b);
const part = (list, p) => list[Math.min(list.length - 1, Math.floor(list.length * p))] ?? NaN;

/* One line: a name and the distribution of its values. */
function print(name, values, unit, digits = 1) {
  const list = sorted(values);
  const say = ([label, p]) => `${label} ${part(list, p).toFixed(digits)}`;
  const line = [['p50', 0.5], ['p95', 0.95], ['p99', 0.99], ['max', 1]].map(say).join('  ');
  console.log(`  ${name.padEnd(46)} ${line} ${unit}  (${list.length})`);
}

/* By the clock, and by the processor. */
function printTasks(name, tasks) {
  print(name, tasks.map(({ ms }) => ms), 'ms');
  print('  processor time of these', tasks.map(({ cpu }) => cpu), 'ms');
}

const longest = (tasks) => tasks.reduce((most, task) => (task.cpu > most.cpu ? task : most));
const sum = (tasks) => ({
  ms: tasks.reduce((all, { ms }) => all + ms, 0), cpu: tasks.reduce((all, { cpu }) => all + cpu, 0),
});

/* --- the first load -------------------------------------------------------- */

async function load({ browser, url }) {
  console.log('== first load, nothing in the cache');
  const times = [];
  const sent = [];
  for (let i = 0; i < Number(loads); i += 1) {
    const opened = await freshPage(browser);
    await opened.page.goto(url, { waitUntil: 'networkidle' });
    times.push({ ...await timesOf(opened.page), cpu: await processorTime(opened) });
    sent.push(opened.sent);
    await opened.close();
  }
  print('first contentful paint', times.map(({ paint }) => paint), 'ms');
  print('start button answers', times.map(({ interactive }) => interactive), 'ms');
  print('processor time of the main thread in all', times.map(({ cpu }) => cpu), 'ms');
  print('sent to the browser', sent.map(({ bytes }) => bytes / 1e3), 'kB');
  print('requests', sent.map(({ requests }) => requests), '', 0);
}

/* --- drawing a thousand segments ------------------------------------------ */

async function draw({ browser, url }) {
  const run = await finished(url, talk(1000));
  console.log(`== drawing a run of ${run.segments} segments, ${run.events.length} events`);
  const cold = [];
  const warm = [];
  for (let i = 0; i < 5; i += 1) {
    const { page, close } = await freshPage(browser);
    await page.goto(url, { waitUntil: 'networkidle' });
    for (const list of [cold, warm, warm]) list.push(await opening(browser, page, run.id));
    await close();
  }
  for (const [name, list] of [['first time', cold], ['again', warm]]) {
    printTasks(`the page shows it, ${name}: longest task`, list.map(longest));
    printTasks(`the page shows it, ${name}: all tasks`, list.map(sum));
  }
  await drawPictures({ browser, url }, run);
}

/* The tasks of a page that goes to a run. */
async function opening(browser, page, id) {
  await page.evaluate(() => { window.location.hash = ''; });
  await pause(SETTLED_MS);
  return tasksDuring(browser, page, async () => {
    await page.evaluate((hash) => { window.location.hash = hash; }, `run/${id}`);
    await pause(SETTLED_MS + 800);
  });
}

/* The picture alone and whole, as for a file: events to numbers, to SVG, laid out
 * by the browser. */
async function drawPictures({ browser, url }, run) {
  const { page, close } = await freshPage(browser);
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.evaluate(prepareWhole, run.events);
  const tasks = [];
  for (let i = 0; i < 10; i += 1) {
    tasks.push(longest(await tasksDuring(browser, page, () =>
      page.evaluate(() => window.bench.drawWhole()))));
  }
  const { part, more } = await page.evaluate(() => window.bench.drawInSight());
  await close();
  printTasks('the whole picture, as for a file', tasks.slice(1));
  print('the picture, what is in sight of it', part, 'ms');
  print('one event more in it, each of the last 200', more, 'ms');
}

/* In the page. */
async function prepareWhole(events) {
  const [{ createLayouter, layout }, { drawPicture }, { emptyModel, foldMany }, { s }, { inSight }] = await Promise.all(
    ['geometry', 'picture', 'model', 'svg', 'sight'].map((name) => import(`/js/${name}.js`)));
  const state = { events, step: null, pointed: null, relative: true };
  window.bench.drawWhole = () => {
    const root = s('svg', { 'aria-hidden': 'true' });
    document.querySelector('.diagram__sheet').append(root);
    const model = foldMany(emptyModel, events);
    drawPicture(root, layout(model, 1000), { ...state, model });
    root.getBoundingClientRect();
    root.remove();
  };
  /* As the page does it: laid out as a whole, drawn two windows high at the end. */
  const step = (layOut, root, model) => {
    const begin = performance.now();
    const shapes = layOut(model, 1000);
    const from = Math.max(0, Math.floor((shapes.height - 1800) / 600) * 600);
    const to = from + 2400;
    drawPicture(root, inSight(shapes, from, to), { ...state, model }, { from, to });
    root.getBoundingClientRect();
    return performance.now() - begin;
  };
  window.bench.drawInSight = () => {
    const [part, more] = [[], []];
    for (let i = 0; i < 5; i += 1) {
      const root = s('svg', { 'aria-hidden': 'true' });
      document.querySelector('.diagram__sheet').append(root);
      const layOut = createLayouter();
      let model = foldMany(emptyModel, events.slice(0, -200));
      part.push(step(layOut, root, model));
      for (const event of events.slice(-200)) {
        model = foldMany(model, [event]);
        more.push(step(layOut, root, model));
      }
      root.remove();
    }
    return { part, more };
  };
}

/* --- one event more --------------------------------------------------------- */

const POINTS = {
  'story': async () => {},
  'card open': async (page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
  },
  'player back at event 40': async (page, id) => {
    await page.evaluate((hash) => { window.location.hash = hash; }, `run/${id}/40`);
  },
};

async function append({ browser, url }) {
  console.log('== one send more (some 6 events) in a run of 1,000 segments: frames');
  for (const [name, prepare] of Object.entries(POINTS)) {
    const { page, close } = await freshPage(browser);
    await page.goto(url, { waitUntil: 'networkidle' });
    const id = await started(url, trickle(1000, 24));
    await page.evaluate((hash) => { window.location.hash = hash; }, `run/${id}`);
    await pause(1500);
    await prepare(page, id);
    await pause(1000);
    const tasks = await tasksDuring(browser, page, () => pause(2000));
    printTasks(name, tasks.filter(({ inside }) => inside.FireAnimationFrame > 0));
    await ended(url, id);
    await close();
  }
}

/* --- while runs stream ------------------------------------------------------ */

const STREAMED = {
  'classic': 'classic',
  'a flood (syn-flood-cookies)': 'syn-flood-cookies',
  '1,000 segments at once': talk(1000),
  '600 segments in bursts': bursts(100, 6),
};

async function stream({ browser, url }) {
  console.log('== tasks while a run streams');
  for (const [name, scenario] of Object.entries(STREAMED)) {
    for (const [point, prepare] of Object.entries(POINTS)) {
      const tasks = [];
      let over = 0;
      for (let i = 0; i < RUNS; i += 1) {
        const seen = await streamed({ browser, url }, scenario, prepare);
        tasks.push(longest(seen.tasks));
        over += seen.long.length;
      }
      printTasks(`${name}, ${point}: longest task`, tasks);
      console.log(`    tasks over 50 ms by the clock: ${over} in ${RUNS} runs`);
    }
  }
}

/* A page that has shown a run before; what it does later than the first of it. */
async function streamed({ browser, url }, scenario, prepare) {
  const { page, close } = await freshPage(browser);
  await page.goto(url, { waitUntil: 'networkidle' });
  await finishedInPage({ page, url }, 'open', async () => {});
  const before = (await longTasks(page)).length;
  const tasks = await tasksDuring(browser, page, () =>
    finishedInPage({ page, url }, scenario, prepare));
  const long = (await longTasks(page)).slice(before);
  await close();
  return { tasks, long };
}

/* As the editor and the start button do. */
async function finishedInPage({ page, url }, scenario, prepare) {
  const about = typeof scenario === 'string' ? { id: scenario } : { document: scenario };
  await page.hover('.start');
  await page.evaluate(async (detail) => {
    const { WISH, wish } = await import('/js/events.js');
    wish(document.body, WISH.RUN_SCENARIO, detail);
  }, about);
  await page.waitForURL(/#run\//);
  const id = /#run\/([^/]+)/.exec(page.url())[1];
  await prepare(page, id);
  await ended(url, id);
  await pause(SETTLED_MS);
}

/* --- memory ------------------------------------------------------------------ */

async function memory({ browser, url }) {
  console.log('== memory of the page');
  for (const count of [0, 1000, 10000]) {
    const opened = await freshPage(browser);
    await opened.page.goto(url, { waitUntil: 'networkidle' });
    const run = count > 0 ? await finished(url, talk(count)) : { segments: 0 };
    if (run.id) await opened.page.evaluate((hash) => { window.location.hash = hash; }, `run/${run.id}`);
    await pause(count > 1000 ? 6000 : 1500);
    const { bytes, nodes } = await memoryOf(opened);
    console.log(`  ${run.segments} segments: ${(bytes / 1e6).toFixed(1)} MB, ${nodes} nodes`);
    await opened.close();
  }
}

const program = await startProgram();
const browser = await startBrowser();
try {
  for (const name of parts.length > 0 ? parts : Object.keys(PARTS)) {
    await PARTS[name]({ browser, url: program.url });
    console.log(`  load of the machine: ${loadavg()[0].toFixed(1)}`);
  }
} finally {
  await browser.close();
  await program.stop();
}
