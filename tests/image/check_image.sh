#!/usr/bin/env bash
# Build the unmodified Dockerfile with podman and try the image as its users do:
# which link each way of running it gives, that a real handshake works there,
# that it is small, not root, healthy, and ends on SIGTERM with 0.
# Exit 77 (skipped) with a reason where podman cannot do this.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/image/podman.sh

image=localhost/handshake-lab-check
name=handshake-lab-check

cleanup() { pod rm -f -t 1 "$name" >/dev/null 2>&1 || :; }
trap cleanup EXIT
cleanup

echo "building"
pod build --quiet --pull=never --format docker --isolation=chroot \
  --network=host "${volumes[@]}" --build-arg VERSION="$(tools/version)" \
  -t "$image" . >/dev/null

fails=0
check() { # check WHAT EXPECTED SEEN
  if [ "$2" = "$3" ]; then
    echo "ok: $1"
  else
    echo "FAILED: $1: expected $2, saw $3"
    fails=$((fails + 1))
  fi
}

base_bytes=$(pod image inspect -f '{{.Size}}' "$base")
bytes=$(pod image inspect -f '{{.Size}}' "$image")
echo "size: $((bytes / 1000000)) MB, $(((bytes - base_bytes) / 1000000)) MB over its base"
check "the image is under 100 MB, or under 15 MB over a base that is not slim" \
  yes "$([ "$bytes" -lt 100000000 ] || [ $((bytes - base_bytes)) -lt 15000000 ] &&
    echo yes || echo no)"
check "it runs as an ordinary user" "65534:65534" \
  "$(pod image inspect -f '{{.Config.User}}' "$image")"
check "it has a health check" yes \
  "$(pod image inspect "$image" | grep -q '"Healthcheck"' && echo yes || echo no)"
check "it has a title" "Handshake Lab" \
  "$(pod image inspect -f \
    '{{index .Config.Labels "org.opencontainers.image.title"}}' "$image")"
check "its label has the program's version" \
  "$(pod run --rm --network=none "${limits[@]}" "$image" --version)" \
  "handshake $(pod image inspect -f \
    '{{index .Config.Labels "org.opencontainers.image.version"}}' "$image")"

json_string() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# In a network namespace of its own: no bridge, no host port, no iptables.
try() { # try WHAT LINK FLAGS...
  local what=$1 link=$2
  shift 2
  # Docker's timers for health checks want systemd; we ask ourselves below.
  pod run -d --name "$name" --no-healthcheck --network=host \
    "${limits[@]}" "$@" "$image" >/dev/null
  for _ in $(seq 50); do
    curl -fsS -m 2 http://127.0.0.1:8080/healthz >/dev/null 2>&1 && break
    sleep 0.1
  done
  check "$what: the link" "$link" \
    "$(curl -sS -m 5 http://127.0.0.1:8080/api/capabilities | json_string link)"
  check "$what: a handshake" established \
    "$(curl -sS -m 20 -H 'Content-Type: application/json' \
      -d '{"scenario":"open","wait":true}' http://127.0.0.1:8080/api/runs |
      json_string code)"
  check "$what: its own health check" 0 \
    "$(pod exec "$name" handshake health >/dev/null 2>&1; echo $?)"
  pod stop -t 5 "$name" >/dev/null
  check "$what: ends on SIGTERM with" 0 \
    "$(pod inspect -f '{{.State.ExitCode}}' "$name")"
  pod rm "$name" >/dev/null
}

# Docker's own profile refuses what the wire needs: ours without those two lines.
docker_like() {
  sed '/"names": \["unshare"\]/d' deploy/seccomp.json >"$work/docker_like.json"
  [ "$(grep -c unshare deploy/seccomp.json)" -eq 2 ] &&
    ! grep -q unshare "$work/docker_like.json"
}

# An allow-list: what it does not name is refused, whatever it is.
check_profile() {
  check "our profile refuses by default" yes "$(grep -q \
    '"defaultAction": "SCMP_ACT_ERRNO"' deploy/seccomp.json && echo yes || echo no)"
  local name found=none
  for name in acct add_key bpf chroot clock_settime delete_module finit_module fsmount \
    fsopen init_module io_uring_setup kexec_load keyctl mount mount_setattr move_mount \
    open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root \
    process_vm_readv ptrace quotactl reboot request_key setns settimeofday swapon \
    syslog umount2 userfaultfd; do
    ! grep -q "\"$name\"" deploy/seccomp.json || found=$name
  done
  check "our profile names no call that reaches beyond the program" none "$found"
}

try_all() {
  ip link set lo up
  local here=$PWD
  check_profile
  check "our profile names what the wire needs in two lines" yes \
    "$(docker_like && echo yes || echo no)"
  try "podman" wire
  try "podman, nothing granted" wire --cap-drop ALL --read-only \
    --security-opt no-new-privileges
  # Docker grants NET_RAW where podman does not.
  try "seccomp as docker's" loopback --cap-add NET_RAW \
    --security-opt "seccomp=$work/docker_like.json"
  try "seccomp as docker's, no capability" sockets --cap-drop ALL \
    --security-opt "seccomp=$work/docker_like.json"
  try "our seccomp profile" wire --cap-drop ALL --read-only \
    --security-opt no-new-privileges \
    --security-opt "seccomp=$here/deploy/seccomp.json"
}

if [ "${1:-}" = inside ]; then
  try_all
  exit $((fails > 0))
fi
unshare -n "$0" inside || fails=$((fails + 1))
[ "$fails" -eq 0 ]
