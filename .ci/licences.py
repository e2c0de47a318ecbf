"""Print each part's licence from a CycloneDX list; fail where one is not on the list of those that fit."""

import json
import sys
from pathlib import Path

FITTING = (
    *("MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "zlib", "Zlib", "MPL-2.0", "0BSD"),
    *("Mozilla Public License 2.0", "CC0", "Unlicense", "Python-2.0", "Public Domain"),
)
READ = {
    "sqlcipher3": "zlib",
    "sqlite-fts4": "Apache-2.0",
}  # in the file that comes with them: their metadata is silent
TOOLS = ("pip", "setuptools")  # of the environment, not of beech


def licences(part: dict[str, object]) -> list[str]:
    """Return the names, ids or expressions of a part's licences."""
    listed = part.get("licenses") or []
    assert isinstance(listed, list)  # noqa: S101 - the schema says so
    found = []
    for one in listed:
        named = one.get("license") or {}
        found.append(one.get("expression") or named.get("id") or named.get("name") or "")
    return [name.splitlines()[0][:60] for name in found if name]


def main(path: str) -> int:
    """Print a line for each part; return 1 where a licence is missing or not known to fit."""
    parts = [one for one in json.loads(Path(path).read_text())["components"] if one["name"] not in TOOLS]
    wrong = 0
    for part in sorted(parts, key=lambda one: one["name"]):
        found = licences(part) or ([f"{READ[part['name']]} (read)"] if part["name"] in READ else [])
        fits = any(word in name for name in found for word in FITTING)
        wrong += not fits
        said = "; ".join(found) or "not said"
        print(f"{part['name']:24} {part.get('version', ''):12} {said}{'' if fits else '  does not fit'}")
    print(f"{len(parts)} parts, their list is {path}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
