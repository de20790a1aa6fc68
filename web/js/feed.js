/* feed.js - hands events on as fast as the page can show them. Two kernels say in
 * milliseconds what takes a browser half a second to draw: a burst goes on in
 * slices, one a frame, as large as a part of a frame allows, so that the page
 * answers meanwhile. */

const TOGETHER_MS = 8; // events arrive within microseconds of each other
const FRAME_MS = 10; // what drawing a slice may take
const FIRST = 48; // events of the first slice
const LEAST = 16;
const MOST = 4096;

/** deliver(list) gets what was given to add(list), in order; what is drawn of it
 * is drawn in the next frame. end(work): work() is called when all has been handed
 * on. stop(): nothing comes any more. */
export function createFeed(deliver) {
  let waiting = [];
  let size = FIRST;
  let busy = false;
  let whenDone = null;
  const next = () => {
    const slice = waiting.slice(0, document.hidden ? Infinity : size);
    waiting = waiting.slice(slice.length);
    if (slice.length > 0) deliver(slice);
    busy = waiting.length > 0;
    if (busy) drawn((ms) => {
      size = sizeAfter(size, ms);
      next();
    });
    else whenDone?.();
  };
  return {
    add(list) {
      for (const each of list) waiting.push(each);
      if (!busy) setTimeout(next, TOGETHER_MS);
      busy = true;
    },
    end(work) {
      whenDone = work;
      if (!busy) work();
    },
    stop() {
      waiting = [];
      whenDone = null;
    },
  };
}

/* From twice as many to half as many as before. */
function sizeAfter(size, ms) {
  const fits = Math.min(size * 2, Math.max(size / 2, (size * FRAME_MS) / Math.max(ms, 0.1)));
  return Math.min(MOST, Math.max(LEAST, Math.round(fits)));
}

/* Calls work(ms) after the next frame, with how long it took to make. A page that
 * is not seen has no frames. */
function drawn(work) {
  if (document.hidden) {
    setTimeout(work, 0, FRAME_MS);
    return;
  }
  requestAnimationFrame(() => {
    const begin = performance.now();
    setTimeout(() => work(performance.now() - begin));
  });
}
