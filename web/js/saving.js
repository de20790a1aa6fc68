/* saving.js - a run goes into a file, a run comes out of one. What makes and
 * reads them is asked for when it is first needed. */
import { getRun, getSegment } from './api.js';
import { shownScenario } from './links.js';
import { formatRoute, parseRoute } from './route.js';
import { withPicture } from './shown.js';
import { texts } from './texts.js';

const TOLD_MS = 5000;
const AT_ONCE = 6; // requests for segments under way together

/** Take something of the run shown: a file, the link, or paper. */
export async function save({ state, dispatch }, { what }) {
  const text = await WORK[what]?.(state());
  if (!text) return;
  dispatch({ type: 'told', text });
  setTimeout(() => state().told === text && dispatch({ type: 'told', text: null }), TOLD_MS);
}

/** Open a file and show its run. */
export async function open({ dispatch }, { file }) {
  const read = await readFile(file);
  dispatch({ type: 'file', id: read.run.id, file: read });
  if (isAt(read.run)) window.dispatchEvent(new Event('hashchange'));
  else window.location.hash = formatRoute(read.run.id);
}

/** Open a file beside the page, whose run the address is to name. */
export async function openNamed({ dispatch }, name) {
  const read = await fetchFile(name);
  dispatch({ type: 'file', id: read.run.id, file: read });
  if (!isAt(read.run)) window.history.replaceState(null, '', formatRoute(read.run.id));
}

const isAt = ({ id }) => parseRoute(window.location.hash).run === id;

async function readFile(file) {
  const { MOST_BYTES } = await import('./savedrun.js');
  if (file.size > MOST_BYTES) {
    throw new Error(texts.file.fault(file.name, texts.file.large(MOST_BYTES / 1e6)));
  }
  const text = await file.text().catch(() => {
    throw new Error(texts.file.unreadable(file.name));
  });
  return parse(text, file.name, null);
}

/* A file beside the page; nothing from elsewhere. */
async function fetchFile(name) {
  const url = new URL(name, document.baseURI);
  if (url.origin !== window.location.origin) throw new Error(texts.file.elsewhere);
  const answer = await fetch(url).catch(() => {
    throw new Error(texts.file.unreadable(name));
  });
  if (!answer.ok) throw new Error(texts.file.missing(name, answer.status));
  return parse(await answer.text(), name, window.location.search);
}

async function parse(text, name, address) {
  const { readRun } = await import('./savedrun.js');
  try {
    return { ...readRun(text), address };
  } catch (error) {
    throw new Error(texts.file.fault(name, error.message));
  }
}

const WORK = {
  svg: async (state) => {
    const { standalone } = await import('./svgfile.js');
    const text = await withPicture(state, (root) => standalone(root, state.run.title));
    return keep(state, 'svg', new Blob([text], { type: 'image/svg+xml' }));
  },
  png: async (state) => {
    const { pngOf } = await import('./svgfile.js');
    const blob = await withPicture(state, pngOf);
    if (!blob) throw new Error(texts.save.failed.picture);
    return keep(state, 'png', blob);
  },
  text: async (state) => {
    const { ladderText } = await import('./ladder.js');
    return keepText(state, 'txt', ladderText(state.whole, aboutOf(state)));
  },
  mermaid: async (state) => {
    const { mermaidText } = await import('./mermaid.js');
    return keepText(state, 'mmd', mermaidText(state.whole, aboutOf(state)));
  },
  json: async (state) => {
    const { savedRun } = await import('./savedrun.js');
    const { run, details, about } = state.files[state.run.id] ?? await gather(state);
    return keepText(state, 'json', JSON.stringify(savedRun(run, details, about)));
  },
  link: async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
    } catch {
      throw new Error(texts.save.failed.link(window.location.href));
    }
    return texts.save.done.link;
  },
  print: async () => {
    window.print();
  },
};

function aboutOf(state) {
  const { run, relative } = state;
  const { title, scenario } = run;
  return { title, scenario, summary: shownScenario(state)?.summary ?? '', relative };
}

/* The run as it stands, and what the program says of each of its segments. */
async function gather(state) {
  const { id } = state.run;
  const run = await getRun(id);
  const wanted = run.events.filter(({ kind }) => kind === 'segment').map(({ n }) => n);
  const details = {};
  const one = async () => {
    for (let n = wanted.shift(); n; n = wanted.shift()) details[n] = await getSegment(id, n);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return { run, details, about: shownScenario(state) };
}

const keepText = (state, ending, text) =>
  keep(state, ending, new Blob([text], { type: 'text/plain;charset=utf-8' }));

/* Hand a file to the browser, which puts it where downloads go. */
function keep({ run }, ending, blob) {
  const name = `handshake-${run.scenario}-${run.id}.${ending}`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), TOLD_MS);
  return texts.save.done.saved(name);
}
