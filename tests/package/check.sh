# shellcheck shell=bash
# Sourced by the scripts beside it: compare, report, count.

failures=0

# check WHAT EXPECTED FOUND
check() {
  if [ "$2" = "$3" ]; then
    echo "ok: $1"
  else
    echo "FAILED: $1: expected '$2', found '$3'"
    failures=$((failures + 1))
  fi
}

# check_that WHAT COMMAND...: the command's output is shown when it fails.
check_that() {
  local what=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "ok: $what"
  else
    echo "FAILED: $what: $*"
    echo "$output"
    failures=$((failures + 1))
  fi
}

# json NAME.NAME: that member of the document on standard input.
json() {
  python3 -c 'import functools, json, sys
print(functools.reduce(lambda value, name: value[name], sys.argv[1].split("."),
                       json.load(sys.stdin)))' "$1"
}

skip() {
  echo "skipped: $*"
  exit 77
}

# need TOOL...: skip, with the reason, where one is missing.
need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
  done
}

summary() {
  [ "$failures" -eq 0 ] || echo "$failures checks failed"
  exit $((failures > 0))
}
