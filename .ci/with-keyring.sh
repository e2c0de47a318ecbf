#!/bin/sh
# Run a command beside a Secret Service of its own, so that no test meets the person's keyring.
# Where gnome-keyring or dbus is missing the command runs without one, and what needs one skips itself.
set -eu
if ! command -v dbus-run-session >/dev/null || ! command -v gnome-keyring-daemon >/dev/null; then
    echo "no dbus-run-session with gnome-keyring-daemon here: what needs a Secret Service is skipped" >&2
    DBUS_SESSION_BUS_ADDRESS=disabled: exec "$@"
fi
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/run"
export KEYRING_HOME="$home"
dbus-run-session -- sh -c '
    printf any | env HOME="$KEYRING_HOME" XDG_DATA_HOME="$KEYRING_HOME" XDG_RUNTIME_DIR="$KEYRING_HOME/run" \
        gnome-keyring-daemon --daemonize --unlock --components=secrets >/dev/null
    unset KEYRING_HOME
    exec "$@"
' with-keyring "$@"
