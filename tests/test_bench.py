"""The benchmarks' table: what a script reports is read back, judged, laid out, and its growth told."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture(autouse=True)
def bench_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def test_what_is_reported_is_read_back_judged_and_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import everything
    import table

    monkeypatch.setenv(table.PLACE, str(tmp_path / "rows"))
    table.at_most(10, table.Row("a save, p95", 10_000, 2.0, "ms", 0.5, "plain"))
    table.at_most(10, table.Row("a save, p95", 1_000_000, 12.5, "ms"))
    table.no_slower(table.Row("find", 100_000, 90, "ms", 120, "a peer"))
    table.report(table.Row("memory", 0, 304, "MB"))
    rows = table.read(tmp_path / "rows")
    assert [row.met for row in rows] == [True, False, True, None]
    lines = everything.told(rows, [everything.Run("plates", ["--men", "9"])]).splitlines()
    cells = [" ".join(line.split()) for line in lines]
    assert "a save, p95 10,000 2.00 ms 0.50 ms plain 4.00 <= 10 ms met" in cells
    assert "a save, p95 1,000,000 12.5 ms <= 10 ms MISSED" in cells
    assert "find 100,000 90.0 ms 120 ms a peer 0.75 <= 1.00 of the peer met" in cells
    assert "a save, p95: 2.00 at 10,000, 12.5 at 1,000,000 (ms); x6.25 for x100" in lines
    assert lines[-2:] == ["1 of 3 targets are missed", "did not end well: plates --men 9"]


def test_a_script_alone_reports_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    import table

    monkeypatch.delenv(table.PLACE, raising=False)
    table.report(table.Row("memory", 0, 304, "MB"))
    assert table.read(Path("nowhere")) == []


@pytest.mark.parametrize("quick", [True, False])
def test_every_script_of_the_plan_is_there_and_takes_what_it_is_given(quick: bool) -> None:
    import everything

    runs = everything.plan(quick, peers=True, kept=Path("kept"))
    assert {run.script for run in runs} >= {"summary", "save", "large", "verify", "asked", "instead"}
    helps = {
        script: (BENCH / f"{script}.py").read_text(encoding="utf-8")
        for script in {run.script for run in runs}
    }
    for script, given in runs:
        for option in given:
            assert not option.startswith("--") or f'"{option}"' in helps[script], (script, option)


def test_a_script_that_fails_is_told_and_the_rest_goes_on() -> None:
    code = (
        "import everything, sys; everything.plan = lambda quick, peers, kept: "
        "[everything.Run('nowhere', []), everything.Run('keystrokes', ['--help'])]; "
        "sys.argv = ['x', '--no-peers']; sys.exit(everything.main())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=BENCH, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 1
    assert "--- keystrokes --help" in ran.stderr
    assert ran.stdout.endswith("did not end well: nowhere\n")
