// data.mjs - the runs recorded in tests/data/run-*.json: answers of the program to
// POST /api/runs with "wait": true over the wire link, as they came except for the
// kernel's release, which is shortened.
import { readFileSync } from 'node:fs';

/** A recorded run: "open" or "classic". */
export function recorded(name) {
  const path = new URL(`../../data/run-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}
