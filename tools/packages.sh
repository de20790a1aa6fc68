# shellcheck shell=bash disable=SC2034 # the scripts that source this use the arrays
# Sourced by the other tools: Debian packages by purpose, and a function that
# installs the missing ones. Asks for sudo only when something is missing and
# the caller is not root.

# The compiler and the libraries.
build_packages=(gcc libc6-dev cmake ninja-build pkg-config libmicrohttpd-dev
  libcjson-dev libpcap-dev libmnl-dev libcap-dev libseccomp-dev
  zlib1g-dev libqrencode-dev)
# The unit tests' library; part of every build with tests.
unit_test_packages=(libcmocka-dev)
# Programs which the tests run, or whose output they compare with.
test_packages=(chromium-headless-shell curl netcat-openbsd nftables tshark python3 python3-yaml
  iproute2 util-linux man-db groff-base zbar-tools binutils)
# The configurations of deploy/: a proxy, its certificate, the unit.
deploy_test_packages=(nginx-light openssl systemd)
# The command line: its manual page, completions, terminals and JUnit reports.
cli_test_packages=(mandoc zsh fish libxml2-utils bsdutils)
# The page's tests and the linters; another Node.js will do as well.
node_packages=(nodejs npm)
# tools/lint. Layout and findings differ between versions; 14 is the one of
# Debian 12.
lint_packages=(clang-format-14 clang-tidy-14 shellcheck)
# The container image and the installed Debian package, in podman.
image_packages=(podman runc mmdebstrap)
# Making the Debian package; CPack finds the libraries with file.
package_packages=(dpkg-dev file)
# Checking it: lintian, and systemd-analyze for the unit.
package_test_packages=(lintian systemd git)
# tools/lint.
lint_packages=(clang-format-14 clang-tidy-14 shellcheck)
# tools/bench and tools/fuzz.
bench_packages=(nginx-light curl wrk)
fuzz_packages=(clang)

# Seconds to wait while another program installs or updates packages.
apt_lock_seconds=${apt_lock_seconds:-300}

# apt_update [SUDO]: apt-get update that waits for its lock. apt 2.6 has an
# option for dpkg's lock (below) but none for that of the package lists.
apt_update() {
  local deadline=$((SECONDS + apt_lock_seconds)) message waiting=
  until message=$("$@" env LC_ALL=C apt-get update -qq 2>&1); do
    if [[ $message != *"Could not get lock"* ]] || [ $SECONDS -ge $deadline ]; then
      printf '%s\n' "$message" >&2
      return 1
    fi
    [ -n "$waiting" ] || echo "Waiting up to $apt_lock_seconds s for the package lists' lock"
    waiting=1
    sleep 1
  done
}

# need_packages PURPOSE PACKAGE...: installs those that are missing. Fails,
# with a sentence, where it cannot.
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
  apt_update "${sudo[@]}" &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get -o DPkg::Lock::Timeout="$apt_lock_seconds" install -y -qq \
      --no-install-recommends "${missing[@]}" >/dev/null
}

# The page's tests and the linters: Node.js and what tests/web lists for npm.
need_page_packages() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    need_packages "testing the page" "${node_packages[@]}"
  fi
  if ! cmp -s tests/web/package-lock.json tests/web/node_modules/.installed; then
    echo "Installing the development packages of tests/web"
    npm ci --prefix tests/web --no-audit --no-fund --silent
    cp tests/web/package-lock.json tests/web/node_modules/.installed
  fi
}
