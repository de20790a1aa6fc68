#!/usr/bin/env bash
# cmake --install: every file in its place, with the installed path inside it,
# and each read by the program that is meant to read it.
# Usage: install.sh BUILD-DIRECTORY
set -euo pipefail
build=$(realpath "$1")
cd "$(dirname "$0")/../.."
. tests/package/check.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_to() { # install_to DESTDIR PREFIX
  DESTDIR=$1 cmake --install "$build" --prefix "$2" >"$work/log" 2>&1 || {
    cat "$work/log"
    exit 1
  }
}

expected() { # expected ZSH-DIRECTORY
  sort <<END
bin/handshake
lib/systemd/system/handshake-lab.service
share/bash-completion/completions/handshake
share/doc/handshake-lab/CHANGELOG.md
share/doc/handshake-lab/LICENSE
share/doc/handshake-lab/README.md
share/doc/handshake-lab/SECURITY.md
share/doc/handshake-lab/examples/drop.mjs
share/doc/handshake-lab/examples/follow.py
share/fish/vendor_completions.d/handshake.fish
share/handshake-lab/Caddyfile
share/handshake-lab/apparmor/handshake
share/handshake-lab/nginx.conf
share/handshake-lab/seccomp.json
share/man/man1/handshake.1
share/zsh/$1/_handshake
END
}

for row in /usr:vendor-completions /usr/local:site-functions; do
  prefix=${row%:*}
  root=$work/root${prefix//\//-}
  install_to "$root" "$prefix"
  check "the files below $prefix" "$(expected "${row#*:}")" \
    "$(cd "$root$prefix" && find . -type f | sed 's#^\./##' | sort)"
  check "nothing is outside $prefix" "" \
    "$(cd "$root" && find . -type f -not -path ".$prefix/*")"
  check "no file of $prefix is empty" "" "$(find "$root" -type f -empty)"
  check "the unit starts the program below $prefix" \
    "ExecStart=$prefix/bin/handshake serve --listen 127.0.0.1:8080" \
    "$(grep ^ExecStart= "$root$prefix/lib/systemd/system/handshake-lab.service")"
  check "the AppArmor profile names the program below $prefix" \
    "profile handshake $prefix/bin/handshake flags=(unconfined) {" \
    "$(grep ^profile "$root$prefix/share/handshake-lab/apparmor/handshake")"
done

# At its final place, so that everything can be tried.
prefix=$work/prefix
install_to "" "$prefix"
check "the installed program runs" "handshake $(tools/version)" \
  "$("$prefix/bin/handshake" --version)"
check_that "the installed program completes a handshake" \
  "$prefix/bin/handshake" run open --quiet
check_that "the seccomp profile is JSON" \
  python3 -m json.tool "$prefix/share/handshake-lab/seccomp.json"
check "only the program is executable" "$prefix/bin/handshake" \
  "$(find "$prefix" -type f -perm /111)"

if command -v systemd-analyze >/dev/null; then
  check "systemd-analyze verify has no complaint" "" \
    "$(systemd-analyze verify --man=no \
      "$prefix/lib/systemd/system/handshake-lab.service" 2>&1 || :)"
else
  echo "not checked: systemd-analyze verify (package systemd is not installed)"
fi
if command -v man >/dev/null; then
  check "man finds the page" "$prefix/share/man/man1/handshake.1" \
    "$(man -M "$prefix/share/man" -w handshake)"
  check "man renders it without a warning" "" \
    "$(MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -E UTF-8 -M "$prefix/share/man" \
      handshake 2>&1 >"$work/page" || :)"
  check_that "the rendered page is whole" grep -q "^EXIT STATUS" "$work/page"
else
  echo "not checked: the manual page (package man-db is not installed)"
fi
summary
