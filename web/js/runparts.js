/* runparts.js - the parts of the page that show a run: loaded together, so that
 * they come together and nothing moves afterwards. */
export * as announce from './announce.js';
export * as diagram from './diagram.js';
export * as gauges from './gauges.js';
export * as player from './player.js';
export * as save from './save.js';
export * as tape from './tape.js';
export * as terminals from './terminals.js';
export * as verdict from './verdict.js';
