"""A beech for a locked Windows desk, without network or administrator: one zip to unpack and start.

Made of the embeddable zip of Python for Windows (an argument: it is not fetched), the packages of
requirements.lock as they are for Windows, by hash, and beech itself. SHA256SUMS lists every file.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOMENT = (2026, 1, 1, 0, 0, 0)  # of every file, so that the same parts make the same zip
START = '@echo off\r\n"%~dp0python\\python.exe" -X utf8 -m commands %*\r\n'
_PTH = re.compile(r"python3(\d+)\._pth")


def main(embeddable: str, out: str) -> None:
    """Make the zip *out* of Python's *embeddable* zip."""
    with tempfile.TemporaryDirectory() as held:
        place = Path(held)
        tree = place / "beech"
        version = unpacked(Path(embeddable), tree / "python")
        app = tree / "app"
        installed(place, app, version)
        (tree / "beech.cmd").write_text(START, newline="")
        for name in ("README.md", "SECURITY.md"):
            shutil.copy(ROOT / name, tree / name)
        written(tree, Path(out))


def unpacked(embeddable: Path, into: Path) -> str:
    """Unpack Python, let it look into ``app`` as well; returns its version, as 3.12."""
    with zipfile.ZipFile(embeddable) as given:
        found = [match for name in given.namelist() if (match := _PTH.fullmatch(name))]
        if not found:
            raise SystemExit(f"{embeddable} is no embeddable Python for Windows: it has no python3NN._pth")
        given.extractall(into)
    paths = into / found[0].group()
    lines = [line for line in paths.read_text().splitlines() if line.strip() and not line.startswith("#")]
    paths.write_text("\r\n".join([*lines, "..\\app", ""]), newline="")
    return f"3.{found[0].group(1)}"


def installed(place: Path, app: Path, version: str) -> None:
    """Put the packages for Windows and beech's own wheel into *app*."""
    venv.create(place / "tools", with_pip=True)
    python = place / "tools" / "bin" / "python"
    run(python, "-m", "pip", "install", "-qq", "uv")
    uv = (python, "-m", "uv", "pip", "install", "--quiet", "--target", app)
    windows = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", version)
    run(*uv, *windows, "--only-binary", ":all:", "--require-hashes", "-r", ROOT / "requirements.lock")
    source = place / "source"  # what a build leaves beside it is in nobody's way
    for package in ("commands", "db", "tui"):
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", place / "dist", source)
    run(*uv, *windows, "--no-deps", *(place / "dist").glob("*.whl"))
    for made in (app / "bin", app / "Scripts"):  # starters with this machine's paths in them
        shutil.rmtree(made, ignore_errors=True)
    for cache in list(app.rglob("__pycache__")):
        shutil.rmtree(cache)
    (app / ".lock").unlink(missing_ok=True)


def run(*words: object) -> None:
    """Run a program; say what it said where it fails."""
    done = subprocess.run([str(word) for word in words], check=False, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode:
        raise SystemExit(f"{words[0]} {words[1]} {words[2]} failed:\n{done.stdout}{done.stderr}")


def written(tree: Path, out: Path) -> None:
    """Write the zip, each file with its SHA-256 in SHA256SUMS."""
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    sums = "".join(
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(tree).as_posix()}\n" for p in files
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path in files:
            put(made, f"beech/{path.relative_to(tree).as_posix()}", path.read_bytes())
        put(made, "beech/SHA256SUMS", sums.encode())
    print(f"{out}: {len(files)} files, {out.stat().st_size // 1_000_000} MB")


def put(made: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add one file, at the moment that all of them have."""
    made.writestr(zipfile.ZipInfo(name, MOMENT), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: make windows-zip PYTHON_ZIP=python-3.N.N-embed-amd64.zip")
    main(*sys.argv[1:])
