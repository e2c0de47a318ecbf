#!/bin/sh
# Build the wheel and use it as a stranger would: a fresh virtual environment, an empty home, no terminal.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=$PWD/.venv/bin/python
"$python" -m build --no-isolation --outdir "$work/dist" . >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install -qq --require-hashes -r requirements.lock
"$work/venv/bin/pip" install -qq --no-deps "$work"/dist/*.whl
mkdir -m 700 "$work/home" "$work/run"

beech() {
    (cd "$work/home" && env -u BEECH_UNIT -u PYTHONPATH HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
        XDG_DATA_HOME="$work/home/data" XDG_STATE_HOME="$work/home/state" XDG_CONFIG_HOME="$work/home/config" \
        "$work/venv/bin/beech" "$@" </dev/null)
}

for line in "--help" "demo --dir $work/unit"; do
    # shellcheck disable=SC2086
    beech $line >"$work/log" 2>&1 || { cat "$work/log" >&2; echo "the wheel fails at: beech $line" >&2; exit 1; }
done
echo "wheel: builds, installs, beech --help and beech demo work"
