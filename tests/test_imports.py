"""Start-up stays quick, and the storeys stay apart: what an import drags in, seen from a fresh process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SLOW = ("keyring", "phonenumbers", "rapidfuzz", "rich", "sqlite_utils", "textual", "xlsxwriter")
FACES = ("click", "rich", "textual", "commands", "tui")

# Imports each module in turn and notes which of the unwanted ones it was the first to bring.
PROBE = """
import importlib, json, sys
modules, unwanted = json.loads(sys.argv[1])
brought, seen = {}, set()
for module in modules:
    importlib.import_module(module)
    new = {name for name in unwanted if name in sys.modules} - seen
    if new:
        brought[module] = sorted(new)
        seen |= new
print(json.dumps(brought))
"""


def modules_of(package: str) -> list[str]:
    """Every module of a package by its dotted name, the package first."""
    names = (path.relative_to(ROOT).with_suffix("").parts for path in (ROOT / package).rglob("*.py"))
    return sorted(".".join(name[:-1] if name[-1] == "__init__" else name) for name in names)


def brought_by(modules: list[str], unwanted: tuple[str, ...]) -> dict[str, list[str]]:
    """Which module, imported in a fresh process, is the first to load which of the unwanted."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps([modules, unwanted])],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    brought: dict[str, list[str]] = json.loads(done.stdout)
    return brought


@pytest.mark.parametrize("package", ["commands", "db"])
def test_importing_a_module_loads_nothing_that_is_slow_before_a_command_needs_it(package: str) -> None:
    assert brought_by(modules_of(package), SLOW) == {}


def test_the_records_know_neither_face() -> None:
    assert brought_by(modules_of("db"), FACES) == {}


def test_the_rules_open_no_database() -> None:
    assert brought_by(modules_of("db/rules"), ("sqlcipher3", "sqlite3", "db.vault")) == {}


def test_the_probe_sees_what_a_module_brings() -> None:
    assert brought_by(["json", "sqlite_utils"], SLOW) == {"sqlite_utils": ["sqlite_utils"]}
