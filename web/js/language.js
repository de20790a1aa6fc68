/* language.js - the language of the page's own words: what was chosen here, else
 * the browser's, else English. What the program says stays in English. */

export const LANGUAGES = Object.freeze({ en: 'English', de: 'Deutsch', zh: '中文' });
const KEY = 'handshake-language';

/** The language to use: 'en', 'de' or 'zh'. */
export const language = chosen();

function chosen() {
  const wanted = [kept(), ...(globalThis.navigator?.languages ?? [])];
  const found = wanted.map((each) => each?.slice(0, 2)).find((each) => each in LANGUAGES);
  return globalThis.document ? (found ?? 'en') : 'en';
}

function kept() {
  try {
    return globalThis.localStorage?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}

/** Use another one from the next load on. */
export function keepLanguage(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // nothing to keep it in
  }
}

/** The words with those of a translation over them; what that lacks stays. */
export function translated(words, over) {
  const merged = Array.isArray(words) ? [...words] : { ...words };
  for (const [name, value] of Object.entries(over ?? {})) {
    const inner = value !== null && typeof value === 'object' && typeof words[name] === 'object';
    merged[name] = inner ? translated(words[name], value) : value;
  }
  return merged;
}

/** A list to choose the language from, in el; the page is loaded anew then. */
export function mount(el) {
  for (const [name, text] of Object.entries(LANGUAGES)) {
    const option = document.createElement('option');
    Object.assign(option, { value: name, textContent: text, lang: name });
    option.selected = name === language;
    el.append(option);
  }
  el.addEventListener('change', () => {
    keepLanguage(el.value);
    window.location.reload();
  });
}
