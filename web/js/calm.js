/* calm.js - what need not follow each event of a stream at once: of events that come
 * close upon others it is told when the browser has time, of all else in the same
 * frame, so that what it moves moves together with the rest. */

const LATEST_MS = 200;

const hasIdle = 'requestIdleCallback' in window;
const ask = (work) => (hasIdle ? window.requestIdleCallback(work, { timeout: LATEST_MS })
  : setTimeout(work, LATEST_MS / 4));
const cancel = (asked) => (hasIdle ? window.cancelIdleCallback(asked) : clearTimeout(asked));

/** update(state), told so. */
export function calmly(update) {
  let newest = null;
  let told = null;
  let asked = null;
  let at = -Infinity; // when it was told of events last
  const tell = () => {
    asked = null;
    if (told?.events !== newest.events) at = performance.now();
    told = newest;
    update(newest);
  };
  return (state) => {
    newest = state;
    const isStream = told?.run?.id === state.run?.id && performance.now() - at < LATEST_MS;
    if (isStream && told.events !== state.events) {
      asked ??= ask(tell);
      return;
    }
    if (asked !== null) cancel(asked);
    tell();
  };
}
