#!/usr/bin/env bash
# The part of install_deb.sh that runs in the container.
# Usage: in_container.sh PACKAGE VERSION
set -euo pipefail
# shellcheck source=tests/package/check.sh
. /tests/check.sh
deb=$1 version=$2
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

quietly() {
  "$@" >/tmp/log 2>&1 || {
    echo "FAILED: $*"
    cat /tmp/log
    exit 1
  }
}
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp \
    -o -path /run -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/log \
    -o -path /var/cache -o -path /root \) -prune -o -print | sort
}

quietly apt-get update -qq
# Not part of the package: what reads its manual page and completions, and curl.
quietly apt-get install -y -qq --no-install-recommends \
  man-db bash-completion zsh fish curl
files >/tmp/before
dpkg-query -W -f '${Package}\n' | sort >/tmp/packages-before

quietly apt-get install -y -qq --no-install-recommends "$deb"
check "apt-get installed it" "install ok installed $version" \
  "$(dpkg-query -W -f '${Status} ${Version}' handshake-lab)"
check "what it brought along are libraries only" "" \
  "$(dpkg-query -W -f '${Package}\n' | sort | comm -13 /tmp/packages-before - |
    grep -vE '^(lib.*|zlib1g|handshake-lab)$' || :)"
check "dpkg finds no changed file" "" "$(dpkg --verify handshake-lab)"
check "handshake --version" "handshake $version" "$(handshake --version)"
check_that "handshake run open --quiet" handshake run open --quiet
check_that "handshake run syn-lost --quiet, as an ordinary user" \
  setpriv --reuid=65534 --regid=65534 --clear-groups handshake run syn-lost --quiet
check "handshake doctor: the wire" wire \
  "$(handshake doctor --json | sed -n 's/.*"link":"\([^"]*\)".*/\1/p')"
check "man -w handshake" /usr/share/man/man1/handshake.1.gz "$(man -w handshake)"
check "man handshake renders without a warning" "" \
  "$(MANWIDTH=80 man --warnings -E UTF-8 handshake 2>&1 >/tmp/page || :)"
check_that "the rendered page is whole" grep -q '^EXIT STATUS' /tmp/page

check "bash-completion loads the completion" "complete -F _handshake handshake" \
  "$(bash -c '. /usr/share/bash-completion/bash_completion
    _completion_loader handshake; complete -p handshake' 2>&1 || :)"
check "zsh's compinit finds the completion" _handshake \
  "$(zsh -fc 'autoload -U compinit; compinit -D -u; print $_comps[handshake]' 2>&1)"
check "fish completes" doctor \
  "$(fish -c "complete -C 'handshake doc'" 2>&1 | cut -f1)"

# The port is free where the system chooses it; the address is printed when the
# program listens.
coproc handshake serve --listen 127.0.0.1:0
read -r -t 20 line <&"${COPROC[0]}"
[[ $line =~ (http://[^ ]+) ]]
check "served with the command of the unit: /healthz" 200 \
  "$(curl -s -m 20 -o /dev/null -w '%{http_code}' "${BASH_REMATCH[1]%/}/healthz")"
server=$COPROC_PID status=0
kill "$server"
wait "$server" || status=$?
check "it ends on SIGTERM with" 0 "$status"

quietly apt-get install -y -qq --reinstall "$deb"
check_that "installed over itself, as an upgrade does" handshake run open --quiet

quietly apt-get purge -y -qq --autoremove handshake-lab
check "purged, dpkg does not know it" "" \
  "$(dpkg-query -W -f '${Status}' handshake-lab 2>/dev/null || :)"
files >/tmp/after
check "purged, no file stays behind and none is missing" "" \
  "$(diff /tmp/before /tmp/after || :)"
summary
