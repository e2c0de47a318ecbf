#!/bin/sh
# What beech runs on, and what it is built and tested with: licences, lists of parts (CycloneDX), known weaknesses.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$work/tools"
"$work/tools/bin/pip" install -qq pip-audit==2.10.1 cyclonedx-bom==7.5.0
mkdir -p build

list() { # LOCK LIST: in an environment of its own
    "$python" -m venv "$work/$2"
    "$work/$2/bin/pip" install -qq --require-hashes -r "$1"
    "$work/tools/bin/cyclonedx-py" environment --output-reproducible --pyproject pyproject.toml \
        --output-file "build/$2" "$work/$2/bin/python"
    "$work/tools/bin/python" .ci/licences.py "build/$2"
}

list requirements.lock beech.cdx.json
list requirements-dev.lock beech-dev.cdx.json
"$work/tools/bin/pip-audit" --require-hashes --disable-pip \
    -r requirements.lock -r requirements-dev.lock >"$work/audit" 2>&1 || {
    cat "$work/audit" >&2
    exit 1
}
if grep -q "could not be audited" "$work/audit"; then
    echo "audit: the advisory service does not answer here, so known weaknesses were not looked up" >&2
    exit 1
fi
cat "$work/audit"
