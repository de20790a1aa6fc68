# shellcheck shell=bash
# Sourced by tests that run containers, with the repository as the working
# directory: podman with a storage of its own, and Debian 12 as a base image made
# from the machine's own package sources, without asking a registry of images.

skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "podman is used as root here"
for tool in podman runc mmdebstrap curl unshare ip flock; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done

work=${HANDSHAKE_IMAGE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/handshake-image}
base=docker.io/library/debian:bookworm-slim
mkdir -p "$work"

pod() {
  podman --root "$work/root" --runroot "$work/run" \
    --storage-driver "${STORAGE_DRIVER:-overlay}" --cgroup-manager cgroupfs \
    --events-backend none --runtime runc "$@"
}

# shellcheck disable=SC2034 # used by the scripts that source this
# Limits that can be set even where this machine is itself a container.
limits=(--ulimit nofile=1024:4096 --ulimit nproc=1024:4096)

# The machine's way to its package sources, for containers.
volumes=()
for apt in /etc/apt/apt.conf.d /etc/apt/sources.list.d; do
  [ -d "$apt" ] && volumes+=(-v "$apt:$apt:ro")
done

# One test at a time makes the base image; kept for the next run.
import_base() {
  pod image exists "$base" && return 0
  if [ ! -s "$work/base.tar" ]; then
    local sources=() file
    for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list; do
      [ ! -e "$file" ] || sources+=("$file")
    done
    mmdebstrap --quiet --variant=minbase --mode=root --format=tar bookworm \
      "$work/base.tar.new" "${sources[@]}" ||
      skip "mmdebstrap cannot make a base system here"
    mv "$work/base.tar.new" "$work/base.tar"
  fi
  pod import -q "$work/base.tar" "$base" >/dev/null ||
    skip "podman cannot import an image here"
}
exec {base_lock}>"$work/lock"
flock "$base_lock"
import_base
exec {base_lock}>&-
