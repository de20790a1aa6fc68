#!/usr/bin/env bash
# tools/release-notes prints the section of the version asked for and no other,
# and refuses a version without one.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/package/check.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CHANGELOG=$work/CHANGELOG.md
cat >"$CHANGELOG" <<'END'
# Changelog

## [Unreleased]

## [1.10.0] - 2026-03-01

### Added

- ten

### Fixed

- eleven

## [1.1.0] - 2026-02-01

- one

[1.1.0]: https://example.org/
END

notes() { tools/release-notes "$@" 2>"$work/error"; }

check "a section of several parts" "$(printf '%s\n' "Handshake Lab 1.10.0" "" \
  "### Added" "" "- ten" "" "### Fixed" "" "- eleven")" "$(notes 1.10.0)"
check "the last section, without the links below it" \
  "$(printf '%s\n' "Handshake Lab 1.1.0" "" "- one")" "$(notes 1.1.0)"
check "a tag's name in place of the version" "$(notes 1.1.0)" "$(notes v1.1.0)"

refused() { # refused STATUS SENTENCE ARGUMENT...
  local status=0 expected=$1 sentence=$2
  shift 2
  check "no notes on standard output for: $*" "" "$(notes "$@")"
  notes "$@" >/dev/null || status=$?
  check "exit status for: $*" "$expected" "$status"
  check_that "the reason for: $*" grep -F "$sentence" "$work/error"
}
refused 1 "found Unreleased, 1.10.0, 1.1.0" 1.1
refused 1 "found Unreleased, 1.10.0, 1.1.0" 9.9.9
refused 1 "the section of Unreleased in $CHANGELOG is empty" Unreleased
refused 2 "Usage: tools/release-notes" 1.1.0 1.10.0
refused 2 "Usage: tools/release-notes" --help

# git must take it as a tag's message: headings begin with #, a comment to git.
unset CHANGELOG
git init -q "$work/repository"
tools/release-notes >"$work/notes"
git -C "$work/repository" -c user.name=a -c user.email=a@example.org \
  commit -q --allow-empty -m "a: b"
git -C "$work/repository" -c user.name=a -c user.email=a@example.org \
  tag -a v1 --cleanup=verbatim -F "$work/notes"
check "the notes of the project's version as a tag's message" \
  "$(cat "$work/notes")" \
  "$(git -C "$work/repository" tag -l --format='%(contents)' v1 | sed -e '${/^$/d}')"

check "each version is newer than the one below it" \
  "$(sed -nE 's/^## \[([0-9.]+)\].*/\1/p' CHANGELOG.md)" \
  "$(sed -nE 's/^## \[([0-9.]+)\].*/\1/p' CHANGELOG.md | sort -rV)"
check "headings are of the kind the format has" "" "$(grep '^##' CHANGELOG.md |
  grep -vE '^## \[(Unreleased|[0-9]+\.[0-9]+\.[0-9]+)\]( - [0-9]{4}-[0-9]{2}-[0-9]{2})?$|^### (Added|Changed|Deprecated|Removed|Fixed|Security)$' || :)"
summary
