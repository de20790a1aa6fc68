#!/bin/sh
# run-browser.sh NODE - the page in a real browser. Ends with 77 (skipped) when
# Chromium or playwright-core is not installed, unless REQUIRE_BROWSER is set.
cd "$(dirname "$0")" || exit 1
miss() {
    echo "$1"
    [ -n "$REQUIRE_BROWSER" ] && exit 1
    exit 77
}
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || miss "chromium is missing: apt-get install chromium"
[ -d node_modules/playwright-core ] || miss "playwright-core is missing: npm ci in tests/web"
exec "$1" --test --test-concurrency=1 --test-reporter=./reporter.mjs browser/*.test.mjs
