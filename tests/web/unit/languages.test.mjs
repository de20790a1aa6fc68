// Translations: the same words, none unknown, none of another kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, translated } from '../../../web/js/language.js';
import { texts } from '../../../web/js/texts.js';

/* Every text by its path, the inner ones of a function left out. */
function leaves(words, at = '', found = new Map()) {
  for (const [name, value] of Object.entries(words)) {
    const path = at ? `${at}.${name}` : name;
    if (value !== null && typeof value === 'object') leaves(value, path, found);
    else found.set(path, value);
  }
  return found;
}

const english = leaves(texts);
/* Names and signs that are the same in every language. */
const SAME = /^(name|host\.|ip\.[46]|hand\.decisions\..*\.(sign|key|keyName)|forge\.fields\.|rules\.choices\.flags|.*\.(seq|ack)$|ladder\.|mermaid\.|tape\.(block|folded|marks|ack|fates|says)|editor\.ruleExamples|verdict\.codes|rules\.hint|card\.(byteIs|place|title|way|tab)|machine\.(summary|sections)|practice\.way|group$|diagram\.(codes|fold|icmp|roundTrip|crowd|more|zoom\.(percent|times))|forge\.(ecn|auto|optionsHint|comesTo$|foldOf)|gauges\.left|file\.bare|player\.(live|real)|predict\.choice|gallery\.takes)/;

/* What the wordings of the diagram are made of. */
const SAMPLES = {
  disagree: ['client', 1500], timer: ['SYN', false, '1 s', '1.01 s'], runs: ['1 s'],
  firstData: ['2 ms'], flood: [40, 'SYN', 40], cluster: [3, ['SYN']],
};

for (const language of Object.keys(LANGUAGES).filter((each) => each !== 'en')) {
  const load = async () => (await import(`../../../web/js/texts-${language}.js`)).texts;

  test(`${language}: every text is one of the page's, and of the same kind`, async () => {
    for (const [path, value] of leaves(await load())) {
      assert.ok(english.has(path), `${path} is no text of the page`);
      assert.equal(typeof value, typeof english.get(path), path);
    }
  });

  test(`${language}: nearly nothing is missing`, async () => {
    const own = leaves(await load());
    const missing = [...english.keys()].filter((path) => !own.has(path) && !SAME.test(path));
    assert.ok(missing.length <= english.size / 20, `${missing.length} missing: ${missing.join(' ')}`);
  });

  test(`${language}: texts made of numbers and names can be made`, async () => {
    const over = await load();
    const all = translated(texts, over);
    assert.match(all.verdict.expectations(3, 8), /3.*8|8.*3/);
    assert.ok(all.predict.about({ n: 1, flags: 'SYN', from: 'client', to: 'server' }).includes('SYN'));
    assert.ok(all.diagram.disagree('client', 1500)[0].includes('1.50 µs'));
    for (const name of ['disagree', 'timer', 'runs', 'firstData', 'flood', 'cluster']) {
      const made = (words) => words.diagram[name](...SAMPLES[name]);
      assert.ok(Array.isArray(made(all)) && Array.isArray(made(texts)), name);
    }
    assert.equal(all.name, texts.name, 'what is missing stays English');
  });
}
