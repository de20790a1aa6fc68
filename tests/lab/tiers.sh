#!/usr/bin/env bash
# tiers.sh HANDSHAKE REFUSE - where something is refused, the program takes the
# best link left, says what is missing and how to get it, and a real handshake
# works there. Needs root to play the tiers; skipped (77) otherwise.
set -u
bin=$1 refuse=$2
[ "$(id -u)" -eq 0 ] || { echo "skipped: playing tiers needs root"; exit 77; }
fails=0
as_user=(setpriv --reuid 1000 --regid 1000 --clear-groups)
no_caps=(setpriv --bounding-set=-all --inh-caps=-all)

# tier NAME LINK WORDS COMMAND... : doctor must name LINK and say WORDS, and a
# run must end established.
tier() {
  local name=$1 link=$2 words=$3 report
  shift 3
  report=$("$@" "$bin" doctor 2>&1)
  if ! grep -q "runs use $link\." <<<"$report"; then
    echo "FAILED: $name: expected the $link link:"; echo "$report"; fails=$((fails + 1))
  elif ! grep -qE "$words" <<<"$report"; then
    echo "FAILED: $name: does not say \"$words\":"; echo "$report"; fails=$((fails + 1))
  elif ! "$@" "$bin" run open 2>&1 | grep -q '^established'; then
    echo "FAILED: $name: no handshake:"; "$@" "$bin" run open; fails=$((fails + 1))
  else
    echo "ok: $name: $link"
  fi
}

tier "root" wire "root became an ordinary user"
tier "ordinary user" wire "started as an ordinary user" "${as_user[@]}"
tier "root, namespaces refused" loopback "unshare\(\) of a user and network namespace is refused" \
  "$refuse" unshare
tier "ordinary user, namespaces refused" sockets "has no CAP_NET_RAW" \
  "${as_user[@]}" "$refuse" unshare
tier "root without a capability" sockets "cannot become an ordinary user" "${no_caps[@]}"
tier "no user namespaces left" sockets "user.max_user_namespaces" \
  "${as_user[@]}" unshare -U --map-root-user sh -c \
  'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all "$@"' --
tier "no Landlock" wire "no +landlock +the kernel has no Landlock" \
  "$refuse" landlock_create_ruleset
[ "$fails" -eq 0 ]
