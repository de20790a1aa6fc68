# Sourced by tools/run and tools/test: installs Debian packages that are missing.
# Asks for sudo only when something is missing and the caller is not root.

# need_packages WHAT-FOR PACKAGE...
need_packages() {
  local purpose=$1 package missing=()
  shift
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
      grep -q '^install ok installed$' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing for $purpose: ${missing[*]}"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "These packages are missing and there is no sudo here. As root:" >&2
      echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    }
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build_packages=(gcc libc6-dev cmake ninja-build pkg-config libmicrohttpd-dev
  libcjson-dev libpcap-dev libmnl-dev libcap-dev libseccomp-dev
  zlib1g-dev libqrencode-dev)
