#!/bin/sh
# Resolve pyproject.toml anew for every platform and Python at once, each file by its hash.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install -qq uv

resolve() { # FILE [OPTION...]
    file=$1
    shift
    printf '# make lock writes this file from pyproject.toml.\n' >"$work/lock"
    "$work/venv/bin/uv" pip compile --quiet --universal --generate-hashes --no-header \
        --python-version 3.11 "$@" pyproject.toml >>"$work/lock"
    cp "$work/lock" "$file"
}

resolve requirements.lock --upgrade
resolve requirements-dev.lock --extra dev --constraint requirements.lock
