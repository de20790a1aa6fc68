/* predicttext.js - numbers of a prediction as the page shows numbers. Pure. */
import { heardNumbers } from './forging.js';

/** A sequence number that answers the question's sender: relative to where that
 * began, where the page says so and that is known. */
export function numberText(choice, { from }, { model, relative }) {
  const isn = heardNumbers(model)[from]?.isn;
  if (!relative || isn === undefined) return choice;
  const away = ((Number(choice) - isn) % 2 ** 32 + 2 ** 32) % 2 ** 32;
  return away < 2 ** 31 ? String(away) : choice;
}
