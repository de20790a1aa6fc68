#!/usr/bin/env bash
# Build the Debian package, install it with apt-get on a minimal Debian 12 in a
# container, use it as its users do, purge it: nothing stays behind.
# Exit 77 (skipped) with the reason where podman cannot do this.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/image/podman.sh

name=handshake-lab-package-check
output=$(mktemp -d)
cleanup() {
  pod rm -f -t 1 "$name" >/dev/null 2>&1 || :
  rm -rf "$output"
}
trap cleanup EXIT
cleanup
mkdir -p "$output"

deb=$(tools/package "$output" | tail -n 1)
pod run -d --name "$name" --network=host "${limits[@]}" "${volumes[@]}" \
  -v "$output:/package:ro" -v "$PWD/tests/package:/tests:ro" \
  "$base" sleep infinity >/dev/null
pod exec "$name" bash /tests/in_container.sh "/package/$(basename "$deb")" \
  "$(tools/version)"
