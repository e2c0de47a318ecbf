#!/bin/sh
# What beech runs on, in an environment of its own: known weaknesses, licences, and a list of parts (CycloneDX).
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$work/parts"
"$work/parts/bin/pip" install -qq --require-hashes -r requirements.lock
"$python" -m venv "$work/tools"
"$work/tools/bin/pip" install -qq pip-audit cyclonedx-bom
mkdir -p build
"$work/tools/bin/cyclonedx-py" environment --output-reproducible --pyproject pyproject.toml \
    --output-file build/beech.cdx.json "$work/parts/bin/python"
"$work/tools/bin/python" .ci/licences.py build/beech.cdx.json
"$work/tools/bin/pip-audit" --require-hashes --disable-pip -r requirements.lock >"$work/audit" 2>&1 || {
    cat "$work/audit" >&2
    exit 1
}
if grep -q "could not be audited" "$work/audit"; then
    echo "audit: the advisory service does not answer here, so known weaknesses were not looked up" >&2
    exit 1
fi
cat "$work/audit"
