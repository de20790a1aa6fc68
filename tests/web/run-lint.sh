#!/bin/sh
# run-lint.sh NODE - the page's modules and styles, and the tests in JavaScript,
# against eslint, stylelint and the types in the modules' comments. Ends with 77
# (skipped) when these are not installed, unless REQUIRE_LINT is set.
cd "$(dirname "$0")/../.." || exit 1
modules=tests/web/node_modules
if [ ! -d $modules/eslint ] || [ ! -d $modules/stylelint ] || [ ! -d $modules/typescript ]; then
    echo "eslint, stylelint or typescript is missing: npm ci in tests/web"
    [ -n "$REQUIRE_LINT" ] && exit 1
    exit 77
fi
status=0
"$1" $modules/eslint/bin/eslint.js -c tests/web/eslint.config.mjs web/js tests || status=1
"$1" $modules/stylelint/bin/stylelint.mjs --config tests/web/stylelint.config.mjs \
    'web/css/*.css' || status=1
"$1" tests/web/check-types.mjs || status=1
exit $status
