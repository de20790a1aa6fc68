/* timed.mjs - how long a program took to do something, on a busy machine. */

const TICK_MS = 5;

/** The ms until `ended` resolves, less what the machine kept this process waiting
 * meanwhile: the program was kept waiting likewise, and cannot help it. */
export async function timed(ended) {
  const begun = performance.now();
  let lost = 0;
  let last = begun;
  const look = () => {
    lost += Math.max(0, performance.now() - last - 2 * TICK_MS);
    last = performance.now();
  };
  const ticks = setInterval(look, TICK_MS);
  await ended;
  clearInterval(ticks);
  return performance.now() - begun - lost;
}
