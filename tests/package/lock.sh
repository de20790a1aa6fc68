#!/usr/bin/env bash
# tools/packages.sh waits while another program holds apt's or dpkg's lock, and
# gives up with apt's own message. On directories of its own: the
# machine's lists are left alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/package/check.sh
need apt-get python3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists,archives}/partial "$work/dpkg"
touch "$work/dpkg/status"
cat >"$work/apt.conf" <<END
Dir::State::lists "$work/lists";
Dir::State::status "$work/dpkg/status";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/archives";
END
touch "$work/sources.list"
export APT_CONFIG=$work/apt.conf

# hold FILE: holds that lock until release.
hold() {
  coproc python3 -c 'import fcntl, sys
lock = open(sys.argv[1], "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()' "$1"
  holder=$COPROC_PID
  read -r <&"${COPROC[0]}"
}
release() {
  local input=${COPROC[1]}
  exec {input}>&-
  wait "$holder" || :
}

. tools/packages.sh
check "apt-get update without a lock" "" "$(apt_update 2>&1)"

hold "$work/lists/lock"
check_that "the lock held here stops apt-get" \
  grep "Could not get lock" <(apt-get update 2>&1)
apt_lock_seconds=1
check "a lock that stays: apt's message" "Could not get lock" \
  "$(apt_update 2>&1 | grep -o "Could not get lock")"
check "a lock that stays: the exit status" 1 \
  "$(apt_update >/dev/null 2>&1; echo $?)"

apt_lock_seconds=100
mkfifo "$work/waiting"
apt_update >"$work/waiting" 2>&1 &
update=$!
read -r said <"$work/waiting"
check "it is said that the lock is waited for" \
  "Waiting up to 100 s for the package lists' lock" "$said"
release
status=0
wait "$update" || status=$?
check "released, apt-get update goes on" 0 "$status"

# dpkg's lock: apt's option makes it wait, here for two seconds. Its message
# differs from that of the lists.
if [ "$(id -u)" -eq 0 ]; then
  apt_lock_seconds=2
  hold "$work/dpkg/lock-frontend"
  SECONDS=0 status=0
  need_packages "a test" no-such-package >"$work/said" 2>&1 || status=$?
  check "dpkg's lock that stays: the exit status is apt's" 100 "$status"
  check_that "dpkg's lock that stays: apt's message" \
    grep "dpkg frontend lock" "$work/said"
  check "dpkg's lock is waited for" yes \
    "$([ $SECONDS -ge 2 ] && echo yes || echo "no, $SECONDS s")"
  release
fi
summary
