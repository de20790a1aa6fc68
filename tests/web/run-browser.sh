#!/bin/sh
# run-browser.sh NODE [FILE...] - the page in a real browser, all tests or those of
# these files. Ends with 77 (skipped) when Chromium or playwright-core is not
# installed, unless REQUIRE_BROWSER is set.
cd "$(dirname "$0")" || exit 1
miss() {
    echo "$1"
    [ -n "$REQUIRE_BROWSER" ] && exit 1
    exit 77
}
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || miss "chromium is missing: apt-get install chromium"
[ -d node_modules/playwright-core ] || miss "playwright-core is missing: npm ci in tests/web"
node=$1
shift
[ $# -gt 0 ] || set -- browser/*.test.mjs
exec "$node" --test --test-concurrency=1 --test-reporter=./reporter.mjs "$@"
