#!/bin/sh
# Make .venv where there is none, put into it what LOCK pins (by hash), and beech itself from this tree.
set -eu
cd "$(dirname "$0")/.."
lock=$1

say() { printf '%s\n' "$*" >&2; }

python=
for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "beech needs Python 3.11 or newer, and none is on the PATH: install one, or name it with PYTHON=..."
    exit 1
fi

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "Making a virtual environment in .venv"
    if ! "$python" -m venv --clear .venv >&2; then
        say "$python could not make a virtual environment; on Debian and Ubuntu the package python3-venv mends that"
        exit 1
    fi
fi

say "Installing what $lock pins"
if ! .venv/bin/python -m pip install -qq --require-hashes -r "$lock" ||
    ! .venv/bin/python -m pip install -qq --no-deps --config-settings editable_mode=compat --editable .; then
    say "The packages could not be installed; pip says why above. It needs an index or a folder of wheels it can reach."
    exit 1
fi
