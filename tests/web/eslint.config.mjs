/* eslint.config.mjs - what the page's modules and the tests written in
 * JavaScript are held to. Run from the project's root by run-lint.sh.
 *
 * A module whose opening comment says "Pure" is held to that: it touches
 * nothing of the browser and imports pure modules and texts alone. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import js from '@eslint/js';
import globals from 'globals';

/* Markup from strings is how foreign text becomes code. */
const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe',
  'createContextualFragment'].map((property) => ({
  property, message: 'Text goes in by textContent; elements are made by dom.js and svg.js.',
}));

const BROWSER = ['document', 'window', 'navigator', 'location', 'history', 'localStorage',
  'sessionStorage', 'fetch', 'EventSource', 'requestAnimationFrame', 'setTimeout', 'setInterval',
  'performance', 'getComputedStyle', 'matchMedia'].map((name) => ({
  name, message: 'This module says it is pure.',
}));

/* Its first comment. */
const opening = (text) => /^\/\*[\s\S]*?\*\//.exec(text)?.[0] ?? '';
const saysPure = (text) => /\bPure\b/.test(opening(text));
const isTexts = (file) => path.basename(file).startsWith('texts');

/* A module opens with its name and purpose, a test with a comment that says what
 * it tries. */
const purpose = {
  meta: { type: 'suggestion', schema: [] },
  create: (context) => ({
    Program(node) {
      const { text } = context.sourceCode;
      const name = path.basename(context.filename);
      const fits = name.endsWith('.js') ? text.startsWith(`/* ${name} - `) : /^\/[/*] /.test(text);
      if (!fits) context.report({ node, message: `Opens with "/* ${name} - its purpose".` });
    },
  }),
};

/* A pure module does nothing of the browser, nor through what it imports. */
const pure = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    if (!saysPure(context.sourceCode.text)) return {};
    const banned = new Map(BROWSER.map(({ name, message }) => [name, message]));
    return {
      'Program:exit'(node) {
        for (const { name, references } of context.sourceCode.getScope(node).variables) {
          const message = banned.get(name);
          for (const { identifier } of message ? references : []) {
            context.report({ node: identifier, message });
          }
        }
      },
      ImportDeclaration(node) {
        const file = path.resolve(path.dirname(context.filename), node.source.value);
        if (isTexts(file) || saysPure(readFileSync(file, 'utf8'))) return;
        context.report({ node, message: 'A pure module imports pure modules and texts alone.' });
      },
    };
  },
};

const common = {
  'eqeqeq': 'error',
  'prefer-const': 'error',
  'no-var': 'error',
  'no-unused-vars': ['error', {
    args: 'after-used', caughtErrors: 'all', ignoreRestSiblings: true, varsIgnorePattern: '^_$',
  }],
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'object-shorthand': 'error',
  'prefer-template': 'error',
  'lab/purpose': 'error',
};

/* The gates of the page's code. */
const gates = {
  'max-len': ['error', { code: 100, ignoreUrls: true }],
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60 }],
  'complexity': ['error', 12],
  'max-depth': ['error', 3],
  'max-params': ['error', 5],
};

const lab = { rules: { purpose, pure } };

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['web/js/**/*.js'],
    plugins: { lab },
    languageOptions: { ecmaVersion: 'latest', globals: globals.browser },
    rules: {
      ...common,
      ...gates,
      'lab/pure': 'error',
      'no-restricted-properties': ['error', ...MARKUP,
        { object: 'document', property: 'write' }, { object: 'document', property: 'writeln' }],
      'no-shadow': 'error',
      'no-console': 'error',
      'no-alert': 'error',
    },
  },
  {
    // Tests are lists of cases: these may be as long and as wide as they are.
    files: ['tests/**/*.mjs'],
    plugins: { lab },
    languageOptions: { ecmaVersion: 'latest', globals: { ...globals.node, ...globals.browser } },
    rules: { ...common, 'no-control-regex': 'off' }, // a terminal's escapes
  },
];

