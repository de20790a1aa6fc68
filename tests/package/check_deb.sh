#!/usr/bin/env bash
# The Debian package of this build: its files, its control fields, lintian.
# Usage: check_deb.sh BUILD-DIRECTORY
set -euo pipefail
build=$(realpath "$1")
cd "$(dirname "$0")/../.."
. tests/package/check.sh
need cpack dpkg-deb dpkg-shlibdeps file

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cpack --config "$build/CPackConfig.cmake" -B "$work/pack" >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
version=$(tools/version)
deb=$work/pack/handshake-lab_${version}_$(dpkg --print-architecture).deb
check "one package, named as Debian names them" "$deb" "$(echo "$work"/pack/*.deb)"

dpkg-deb -x "$deb" "$work/root"
dpkg-deb -e "$deb" "$work/control"
check "its files" "$(sort <<END
usr/bin/handshake
usr/lib/systemd/system/handshake-lab.service
usr/share/bash-completion/completions/handshake
usr/share/doc/handshake-lab/CHANGELOG.md.gz
usr/share/doc/handshake-lab/README.md
usr/share/doc/handshake-lab/SECURITY.md
usr/share/doc/handshake-lab/changelog.gz
usr/share/doc/handshake-lab/copyright
usr/share/doc/handshake-lab/examples/drop.mjs
usr/share/doc/handshake-lab/examples/follow.py
usr/share/fish/vendor_completions.d/handshake.fish
usr/share/handshake-lab/Caddyfile
usr/share/handshake-lab/apparmor/handshake
usr/share/handshake-lab/nginx.conf
usr/share/handshake-lab/seccomp.json
usr/share/man/man1/handshake.1.gz
usr/share/zsh/vendor-completions/_handshake
END
)" "$(cd "$work/root" && find . -type f | sed 's#^\./##' | sort)"
check "owners and modes" "-rw-r--r-- root/root -rwxr-xr-x root/root drwxr-xr-x root/root" \
  "$(dpkg-deb -c "$deb" | awk '{ print $1, $2 }' | sort -u | paste -sd' ')"
check "maintainer scripts" "prerm" \
  "$(cd "$work/control" && find . -type f -perm /111 | sed 's#^\./##')"
check "no absolute path of the build is inside" "" \
  "$(grep -rlF "$build" "$work/root/usr/share" "$work/root/usr/lib" || :)"

field() { dpkg-deb -f "$deb" "$1"; }
check "Package" handshake-lab "$(field Package)"
check "Version" "$version" "$(field Version)"
check "Section" net "$(field Section)"
check "Maintainer" "Handshake Lab developers <handshake-lab@example.org>" \
  "$(field Maintainer)"
check "Depends: each library by its package" \
  "libc6 libcap2 libcjson1 libmicrohttpd12 libmnl0 libpcap0.8 libqrencode4 libseccomp2 zlib1g" \
  "$(field Depends | sed 's/([^)]*)//g; s/, */ /g' | tr -s ' ' '\n' | sort | paste -sd' ')"
check "the packaged program's version" "handshake $version" \
  "$("$work/root/usr/bin/handshake" --version)"
check "the unit's program" "ExecStart=/usr/bin/handshake" \
  "$(grep -o '^ExecStart=[^ ]*' "$work/root/usr/lib/systemd/system/handshake-lab.service")"

# The exception: the unit is enabled by the administrator, with systemctl; the
# helpers that lintian prefers undo only what they did themselves.
if command -v lintian >/dev/null; then
  check "lintian has no error and no warning" "" \
    "$(lintian --allow-root --fail-on none \
      --suppress-tags maintainer-script-calls-systemctl "$deb" 2>&1)"
else
  echo "not checked: lintian is not installed"
fi
summary
