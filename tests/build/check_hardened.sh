#!/usr/bin/env bash
# check_hardened.sh SOURCE BUILD COMPILER - build a release as a package would and
# read the program: is everything on that cmake/Hardening.cmake promises?
set -euo pipefail
source=$1 build=$2 compiler=$3
for tool in readelf objdump; do
  command -v "$tool" >/dev/null || { echo "skipped: there is no $tool"; exit 77; }
done
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_C_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=Release -DHANDSHAKE_TESTS=OFF -DBUILD_TESTING=OFF >/dev/null
nice cmake --build "$build" --target handshake >"$build/log" 2>&1 || { cat "$build/log"; exit 1; }
program=$build/handshake
fails=0

has() { # has WHAT PATTERN TEXT
  if grep -qE "$2" <<<"$3"; then
    echo "ok: $1"
  else
    echo "FAILED: $1"
    fails=$((fails + 1))
  fi
}
at_least() { # at_least WHAT LEAST COUNT
  if [ "$3" -ge "$2" ]; then
    echo "ok: $1 ($3)"
  else
    echo "FAILED: $1: $3, expected at least $2"
    fails=$((fails + 1))
  fi
}

headers=$(readelf -W -h -l -d "$program")
symbols=$(readelf -W --dyn-syms "$program")
code=$(objdump -d --no-show-raw-insn "$program")

has "position-independent" 'Type: +DYN' "$headers"
has "marked as PIE" 'FLAGS_1.*PIE' "$headers"
has "RELRO" 'GNU_RELRO' "$headers"
has "bound at start (full RELRO)" 'FLAGS_1.*NOW' "$headers"
has "no executable stack" 'GNU_STACK.* RW +0x' "$headers"
has "stack protector" '__stack_chk_fail' "$symbols"
for call in snprintf memcpy vsnprintf; do
  has "fortified ${call}" "__${call}_chk" "$symbols"
done
# Nearly every function has an array or is jumped to by its address.
case $(uname -m) in
x86_64)
  at_least "functions that begin with a landing mark" 500 \
    "$(grep -cE '\bendbr64' <<<"$code")"
  at_least "large frames that are touched page by page" 20 \
    "$(grep -cE 'or[ql]? +[$]0x0,.*[(]%rsp[)]' <<<"$code")"
  ;;
aarch64)
  at_least "functions that sign their return address" 300 \
    "$(grep -cE '\bpaciasp' <<<"$code")"
  ;;
esac
at_least "functions that check their canary" 200 \
  "$(grep -cE '(call|bl) .*__stack_chk_fail' <<<"$code")"
[ "$fails" -eq 0 ]
