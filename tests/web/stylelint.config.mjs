/* stylelint.config.mjs - what the page's styles are held to: the standard rules
 * with the exceptions argued here. */
export default {
  extends: 'stylelint-config-standard',
  rules: {
    // Classes name a component and its part: "card", "card__title", "is-open".
    'selector-class-pattern': '^[a-z][a-z0-9]*(-[a-z0-9]+)*(__[a-z0-9]+(-[a-z0-9]+)*)?$',
    // A part of a few declarations reads best as one line, and the lines of one
    // component stand together; the width of the page's code bounds them.
    'declaration-block-single-line-max-declarations': null,
    'rule-empty-line-before': null,
    'at-rule-empty-line-before': null,
    'comment-empty-line-before': null,
    'custom-property-empty-line-before': null,
    // Parts stand in the order in which they are read, each with its states.
    'no-descending-specificity': null,
    // Names of fonts are written as their makers write them.
    'value-keyword-case': ['lower', { ignoreProperties: ['--sans', '--mono'] }],
    // Safari knows this property by no other name.
    'property-no-vendor-prefix': [true, { ignoreProperties: ['-webkit-text-size-adjust', 'text-size-adjust'] }],
    'color-named': 'never',
    'selector-max-id': 0,
  },
};
