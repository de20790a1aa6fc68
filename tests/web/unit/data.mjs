// data.mjs - recorded runs of tests/data.
import { readFileSync } from 'node:fs';

/** A recorded run: "open" or "classic". */
export function recorded(name) {
  const path = new URL(`../../data/run-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}
