#!/usr/bin/env bash
# The version is stated once, in the project() line of CMakeLists.txt. Checks
# that everything which prints it prints that one, and that no file of the
# repository states another one.
# Usage: version.sh HANDSHAKE MANUAL-DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
handshake=$1 manual=$2
. tests/package/check.sh

expected=$(tools/version)

check "handshake --version" "handshake $expected" "$("$handshake" --version)"
check "the manual page's footer" ".Os Handshake Lab $expected" \
  "$(grep '^\.Os' "$manual/handshake.1")"
check "schema/openapi.json (written by tools/schema)" "$expected" \
  "$(json info.version <schema/openapi.json)"
check "handshake doctor --json" "$expected" \
  "$("$handshake" doctor --json | json version)"

coproc "$handshake" serve --listen 127.0.0.1:0
server=$COPROC_PID
trap 'kill "$server" 2>/dev/null || :' EXIT
read -r -t 20 line <&"${COPROC[0]}"
[[ $line =~ (http://[^ ]+) ]]
url=${BASH_REMATCH[1]%/}
check "GET /api/capabilities" "$expected" \
  "$(curl -fsS -m 20 "$url/api/capabilities" | json version)"
check "GET /api/openapi.json" "$expected" \
  "$(curl -fsS -m 20 "$url/api/openapi.json" | json info.version)"
check "GET /metrics" "handshake_build_info{version=\"$expected\"" \
  "$(curl -fsS -m 20 "$url/metrics" | grep -o '^handshake_build_info{version="[^"]*"')"

check "CHANGELOG.md has a section for it" "## [$expected]" \
  "$(grep -o "^## \[$expected\]" CHANGELOG.md || :)"
# Addresses and other people's versions look like 1.2.3 too: only lines that
# name this program are read.
check "no source states a version of its own" "" \
  "$(grep -rnEi '(handshake[ -]lab|handshake)[ /_:v]+[0-9]+\.[0-9]+\.[0-9]+' \
    src include web deploy tests tools cmake Dockerfile compose.yaml README.md \
    --exclude-dir=node_modules --exclude-dir=package || :)"
summary
