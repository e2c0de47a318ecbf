"""The zip for a locked Windows desk holds what Windows needs, and lists it."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GATE = os.environ.get("BEECH_REQUIRE_KEYRING") == "1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, made of a Python that is only its names."""
    place = tmp_path_factory.mktemp("windows")
    embeddable = place / "python-3.12.0-embed-amd64.zip"
    with zipfile.ZipFile(embeddable, "w") as python:
        python.writestr("python312._pth", "python312.zip\n.\n\n#import site\n")
        for name in ("python.exe", "python312.dll", "python312.zip"):
            python.writestr(name, b"invented")
    out = place / "beech.zip"
    line = [sys.executable, str(ROOT / ".ci" / "windows_zip.py"), str(embeddable), str(out)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=place)
    if done.returncode and not GATE:
        pytest.skip("the packages for Windows could not be had here; the gate makes the zip")
    assert done.returncode == 0, done.stderr
    return out


def test_the_windows_zip_holds_python_the_packages_for_windows_and_beech(made: Path) -> None:
    with zipfile.ZipFile(made) as held:
        names = held.namelist()
    for part in (
        *("python/python.exe", "app/commands/__main__.py", "app/db/vault/FORMAT.md", "beech.cmd"),
        *("app/win32ctypes/__init__.py", "app/colorama/__init__.py", "app/tzdata/__init__.py"),
    ):
        assert f"beech/{part}" in names
    binaries = [name for name in names if name.startswith("beech/app/") and name.endswith((".so", ".pyd"))]
    assert any("sqlcipher3" in name for name in binaries)
    assert not [name for name in binaries if name.endswith(".so")]
    assert not [name for name in names if "secretstorage" in name.lower() or "__pycache__" in name]


def test_the_windows_zip_starts_beech_by_its_own_python(made: Path) -> None:
    with zipfile.ZipFile(made) as held:
        assert b'"%~dp0python\\python.exe" -X utf8 -m commands %*' in held.read("beech/beech.cmd")
        paths = held.read("beech/python/python312._pth").decode().split("\r\n")
    assert paths == ["python312.zip", ".", "..\\app", ""]


def test_the_windows_zip_lists_every_file_with_its_sum(made: Path) -> None:
    with zipfile.ZipFile(made) as held:
        lines = held.read("beech/SHA256SUMS").decode().splitlines()
        assert all(re.fullmatch(r"[0-9a-f]{64}  .+", line) for line in lines)
        listed = {line[66:]: line[:64] for line in lines}
        files = {name.removeprefix("beech/") for name in held.namelist()} - {"SHA256SUMS"}
        assert set(listed) == files
        for name, stated in listed.items():
            assert hashlib.sha256(held.read(f"beech/{name}")).hexdigest() == stated


def test_a_zip_that_is_no_python_is_refused_by_a_sentence(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.zip"
    with zipfile.ZipFile(wrong, "w") as held:
        held.writestr("readme.txt", "nothing")
    line = [sys.executable, str(ROOT / ".ci" / "windows_zip.py"), str(wrong), str(tmp_path / "out.zip")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no embeddable Python" in done.stderr
    assert not (tmp_path / "out.zip").exists()
