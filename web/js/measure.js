/* measure.js - sizes as the browser reports them after it has laid out the page.
 * Who asks for one in between has all laid out that changed so far, and after the
 * next change again; of a long run that is most of a frame's time. */

/** Keeps the width of el's content: returns a function that gives it, 0 until it
 * is known. changed() is called when it is another, before that is painted. */
export function widthOf(el, changed) {
  let width = 0;
  new ResizeObserver((entries) => {
    const now = Math.floor(entries.at(-1).contentRect.width);
    if (now === width) return;
    width = now;
    changed();
  }).observe(el);
  return () => width;
}
