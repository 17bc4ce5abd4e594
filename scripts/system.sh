#!/usr/bin/env bash
# What Orderpoint needs from a Debian system. Installs it where one is root, names the command where one is not.
#
#   scripts/system.sh venv PYTHON   can this Python make virtual environments?       needed: exit 1 where it stays missing
#   scripts/system.sh chromium      the browser of the page tests                    needed: exit 1 where it stays missing
#   scripts/system.sh openmp        GNU OpenMP, for kernels on several cores         wished: a sentence where it stays missing
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin # ldconfig is not on the path of everyone

install() { # install PACKAGE: true where the package is there afterwards
  [ "$(id -u)" = 0 ] && type -P apt-get >/dev/null || return 1
  echo "Installing Debian's $1 (this may take some minutes) ..."
  export DEBIAN_FRONTEND=noninteractive
  # The package lists of a fresh machine are empty or old: a second try reads them anew.
  apt-get install -y --no-install-recommends "$1" >/dev/null 2>&1 ||
    { apt-get update >/dev/null && apt-get install -y --no-install-recommends "$1" >/dev/null; }
}

missing() { # missing WHAT PACKAGE
  echo "$1 is missing. Install it, then call make again:" >&2
  echo "    sudo apt-get install $2" >&2
}

venv() {
  local python=$1 package
  if ! type -P "$python" >/dev/null; then
    missing "Python 3.11 or newer ('$python')" "python3 python3-venv"
    return 1
  fi
  if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Orderpoint needs Python 3.11 or newer; '$python' is $("$python" -V). Name another: make PYTHON=python3.11 ..." >&2
    return 1
  fi
  "$python" -c 'import ensurepip, venv' 2>/dev/null && return
  # Debian keeps the module in a package of its own, one for each version of Python.
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  install "$package" && "$python" -c 'import ensurepip, venv' || { missing "Python's module venv" "$package"; return 1; }
}

chromium() {
  type -P chromium >/dev/null || install chromium || { missing "The browser of the page tests" chromium; return 1; }
}

openmp() {
  if ldconfig -p 2>/dev/null | grep -q 'libgomp\.so\.1' || install libgomp1; then return; fi
  echo "GNU OpenMP is missing; kernels use a slower way to share work. To have it: sudo apt-get install libgomp1"
}

"$@"
