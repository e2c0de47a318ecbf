"""What is shipped: the wheel's contents, pinned dependencies, and a reason for each of them."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("commands", "db", "tui")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def name_of(requirement: str) -> str:
    """The package a requirement asks for, spelled the one way."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def pinned_in(lock: str) -> dict[str, str]:
    """Each package of a lock file with the lines that pin it."""
    blocks = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text())
    return {name_of(block): block for block in blocks if not block.startswith("#")}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel, built from a copy of the tree."""
    work = tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, work / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, work)
    build = [sys.executable, "-c", "import setuptools.build_meta as b; print(b.build_wheel('.'))"]
    done = subprocess.run(build, cwd=work, capture_output=True, check=True, text=True)
    with zipfile.ZipFile(work / done.stdout.splitlines()[-1]) as wheel:
        return {name for name in wheel.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_of_the_three_packages_and_nothing_else(shipped: set[str]) -> None:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    ours = {str(path.relative_to(ROOT)) for path in paths if "__pycache__" not in path.parts}
    assert shipped == ours


def test_the_command_is_called_beech_and_starts_in_commands() -> None:
    assert PROJECT["scripts"] == {"beech": "commands.__main__:main"}
    assert callable(EntryPoint("beech", PROJECT["scripts"]["beech"], "console_scripts").load())


def test_textual_is_pinned_to_one_version_because_its_private_names_are_used() -> None:
    assert [need for need in PROJECT["dependencies"] if name_of(need) == "textual"] == ["textual==8.2.8"]


def test_what_beech_runs_on_is_locked_by_hash() -> None:
    locked = pinned_in("requirements.lock")
    assert {name_of(need) for need in PROJECT["dependencies"]} <= locked.keys()
    assert all("--hash=sha256:" in block and "==" in block for block in locked.values())


def test_the_tools_are_locked_by_hash_beside_the_same_versions_of_what_beech_runs_on() -> None:
    runtime, tools = pinned_in("requirements.lock"), pinned_in("requirements-dev.lock")
    assert {name_of(need) for need in PROJECT["optional-dependencies"]["dev"]} <= tools.keys()
    assert all("--hash=sha256:" in block for block in tools.values())
    version = re.compile(r"==(\S+)")
    assert {name: version.findall(block)[0] for name, block in runtime.items()}.items() <= {
        name: version.findall(block)[0] for name, block in tools.items()
    }.items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_index_and_no_host(lock: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links", (ROOT / lock).read_text())


def test_every_dependency_has_a_reason_in_the_readme() -> None:
    rows = re.findall(r"^\| ([a-z0-9, -]+) \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    given = {name for names, reason in rows if reason.strip() for name in names.split(", ")}
    needs = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert {name_of(need) for need in needs} <= given
