#!/bin/sh
# run-unit.sh NODE - the tests of the page's pure modules.
cd "$(dirname "$0")" || exit 1
exec "$1" --test --test-reporter=./reporter.mjs unit/*.test.mjs
