/* calm.js - what need not follow each event at once: it is told of more events when
 * the browser has time, and of all else in the same frame. */

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
  const tell = () => {
    asked = null;
    told = newest;
    update(newest);
  };
  return (state) => {
    newest = state;
    if (told?.run?.id === state.run?.id && told?.events !== state.events) {
      asked ??= ask(tell);
      return;
    }
    if (asked !== null) cancel(asked);
    tell();
  };
}
