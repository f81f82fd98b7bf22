#!/bin/sh
# Puts the calendar readers of this folder in place: sh tests/clients/install.sh VENV
# Debian's libical, a C compiler, Evolution's data server, Node.js, shells, editors and systemd by
# apt; ical.js, node-ical and yaml-language-server by npm; the rest by pip into VENV.
# What is there already is left alone, so it can run before every test.
# A system package that cannot be installed is only named, as its tests skip; with CI=true it is
# an error.

set -eu

if [ $# -ne 1 ] || [ ! -x "$1/bin/python" ]; then
    echo "usage: install.sh VENV (a folder made by python -m venv)" >&2
    exit 2
fi
venv=$(cd "$1" && pwd)
cd "$(dirname "$0")"

missing_packages() {
    command -v gcc >/dev/null || echo gcc libc6-dev
    command -v pkg-config >/dev/null || echo pkg-config
    pkg-config --exists libical 2>/dev/null || echo libical-dev
    [ -x /usr/libexec/evolution-calendar-factory ] || echo evolution-data-server
    command -v dbus-run-session >/dev/null || echo dbus-daemon
    /usr/bin/python3 -c 'import gi; gi.require_version("ECal", "2.0")' 2>/dev/null ||
        echo python3-gi gir1.2-ecal-2.0
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
    command -v vim >/dev/null || echo vim
    command -v nano >/dev/null || echo nano
    command -v emacs >/dev/null || echo emacs-nox
    command -v rsync >/dev/null || echo rsync
    command -v zsh >/dev/null || echo zsh
    command -v fish >/dev/null || echo fish
    [ -x /lib/systemd/systemd ] || echo systemd
}

# Never asks for a password: nobody may be there to type it.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

install_packages() {
    as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$@"
}

packages=$(missing_packages | tr '\n' ' ')
if [ -n "$packages" ]; then
    # shellcheck disable=SC2086  # one word for each package
    if ! install_packages $packages; then
        echo "install by hand: apt-get install $packages" >&2
        [ "${CI:-}" != true ] || exit 1
    fi
fi

# npm ci removes and fetches everything each time, so only when the lock is another one.
if command -v npm >/dev/null && ! cmp -s package-lock.json node_modules/installed-lock; then
    npm ci --silent
    cp package-lock.json node_modules/installed-lock
fi

"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt
