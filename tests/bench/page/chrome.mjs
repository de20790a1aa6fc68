// chrome.mjs - what Chromium says of a page: bytes, paints, memory, and each task
// of its main thread with the processor time it took, which other programs on
// the machine disturb less than time by the clock.

const TASK = 'ThreadControllerImpl::RunTask';
const CATEGORIES = ['toplevel', 'devtools.timeline', 'blink.user_timing', 'v8'];

/* Before the page's own code: when it can be used, and what took long. */
function watch() {
  const marks = { interactive: null, long: [] };
  window.bench = marks;
  const look = () => {
    const start = document.querySelector('.start');
    if (marks.interactive !== null || !start || start.disabled) return;
    if (!document.querySelector('.picker__title')?.textContent) return;
    observer.disconnect();
    // And it answers: the next task is done with nothing before it.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { marks.interactive = performance.now(); };
    channel.port2.postMessage(null);
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true });
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries()) marks.long.push({ duration, startTime });
  }).observe({ type: 'longtask', buffered: true });
}

/** A page with an empty cache. Returns {page, cdp, sent, close()}; sent is
 * what the network gave: {bytes, requests}. */
export async function freshPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await page.addInitScript(watch);
  const sent = { bytes: 0, requests: 0 };
  await cdp.send('Network.enable');
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    sent.bytes += encodedDataLength;
    sent.requests += 1;
  });
  return { page, cdp, sent, close: () => context.close() };
}

/** When it painted first, and when it could be used: ms since the navigation. */
export function timesOf(page) {
  return page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    interactive: window.bench.interactive ?? NaN,
  }));
}

/** Milliseconds that the main thread's tasks have had of a processor so far. */
export async function processorTime({ cdp }) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1e3;
}

/** Tasks over 50 ms by the clock, as a PerformanceObserver reports them. */
export const longTasks = (page) => page.evaluate(() => window.bench.long);

/** What is in memory when all that can be has been let go. */
export async function memoryOf({ cdp }) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes } = await cdp.send('Memory.getDOMCounters');
  return { bytes: usedSize, nodes };
}

/** The tasks of the page's main thread while work() lasts: [{ms, cpu, at,
 * inside}], inside: what they did, name -> ms. */
export async function tasksDuring(browser, page, work) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const main = mainThread(traceEvents);
  const own = traceEvents.filter((e) => e.ph === 'X' && `${e.pid} ${e.tid}` === main);
  const tasks = own.filter(({ name }) => name === TASK)
    .map(({ ts, dur = 0, tdur = 0 }) => ({ at: ts / 1e3, ms: dur / 1e3, cpu: tdur / 1e3, inside: {} }))
    .sort((a, b) => a.at - b.at);
  addInside(tasks, own);
  return tasks;
}

/* Of all renderers' main threads, that which did most. */
function mainThread(events) {
  const names = events.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain');
  const work = new Map(names.map((e) => [`${e.pid} ${e.tid}`, 0]));
  for (const { name, pid, tid, dur = 0 } of events) {
    const key = `${pid} ${tid}`;
    if (name === TASK && work.has(key)) work.set(key, work.get(key) + dur);
  }
  return [...work].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function addInside(tasks, events) {
  let at = 0;
  for (const { ts, name, dur = 0 } of events.filter((e) => e.name !== TASK)
    .sort((a, b) => a.ts - b.ts)) {
    const ms = ts / 1e3;
    while (at < tasks.length && tasks[at].at + tasks[at].ms < ms) at += 1;
    const task = tasks[at];
    if (task && ms >= task.at) task.inside[name] = (task.inside[name] ?? 0) + dur / 1e3;
  }
}
