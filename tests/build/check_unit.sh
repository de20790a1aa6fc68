#!/usr/bin/env bash
# check_unit.sh UNIT PROGRAM - systemd's own opinion of the unit: well formed, and
# an exposure of 2.0 or less.
set -u
unit=$1 program=$2
command -v systemd-analyze >/dev/null || { echo "skipped: there is no systemd-analyze"; exit 77; }
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
fails=0

# The program is where it was built; the manual is not installed.
copy=$work/handshake-lab.service
sed -E "s#^ExecStart=[^ ]+#ExecStart=$program#" "$unit" >"$copy"
grep -q "^ExecStart=$program " "$copy" || { echo "FAILED: there is no ExecStart"; exit 1; }
if said=$(systemd-analyze verify --man=no "$copy" 2>&1) && [ -z "$said" ]; then
  echo "ok: systemd-analyze verify"
else
  echo "FAILED: systemd-analyze verify: $said"
  fails=1
fi
if report=$(systemd-analyze security --offline=true --threshold=20 "$copy" 2>&1); then
  echo "ok: $(grep 'Overall exposure' <<<"$report")"
else
  grep -E '✗|Overall' <<<"$report"
  echo "FAILED: the exposure is above 2.0"
  fails=1
fi
for line in ProtectProc=invisible IPAddressDeny=any; do
  grep -qx "$line" "$unit" || { echo "FAILED: no $line"; fails=1; }
done
[ "$fails" -eq 0 ]
