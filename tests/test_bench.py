"""The benchmarks' table: what a script reports is read back, judged, laid out, and its growth told."""

import ast
import re
import subprocess
import sys
from collections import Counter
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


def test_what_has_a_budget_runs_at_three_sizes_and_what_is_taken_was_left_before() -> None:
    import everything

    runs = everything.plan(quick=False, peers=False, kept=Path("kept"))
    sizes: dict[str, set[str]] = {}
    left: set[Path] = set()
    for script, given in runs:
        sizes.setdefault(script, set()).update(word for word in given if word.isdigit())
        folders = {word: Path(given[at + 1]) for at, word in enumerate(given) if word in ("--made", "--keep")}
        if "--made" in folders:
            assert {folders["--made"], folders["--made"].parent} & left, (script, given)
        left.update(folders.values())
    for script in (
        "summary",
        "find",
        "asked",
        "save",
        "large",
        "tallies",
        "import_csv",
        "export",
        "matching",
        "screens",
    ):
        assert sizes[script] >= {"10000", "100000", "1000000"}, script
    assert everything.Run("verify", ["--made", "kept"]) in runs


def test_the_tallies_unit_is_given_its_ledgers_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import data
    import tallies

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with data.found(tmp_path / "unit") as store:
        data.fill(store, 60)
    counts = []
    for _ in range(2):
        tallies.build(tmp_path / "unit", 60)
        with data.opened(tmp_path / "unit") as store:
            counts.append(dict(store.cipher.execute("select kind, count(*) from record group by kind")))
    assert counts[0] == counts[1]
    assert (counts[0]["engagement"], counts[0]["concern"]) == (60, 5)


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


def test_growth_never_follows_one_name_from_one_unit_into_another() -> None:
    import table

    rows = [table.Row("a save", 10, 2.0, "ms"), table.Row("a save", 100, 9.0, "a second")]
    assert table.growth(rows) == ""
    assert table.growth([*rows, table.Row("a save", 100, 4.0, "ms")]).startswith(
        "a save: 2.00 at 10, 4.00 at"
    )


def test_what_could_not_be_measured_has_a_row_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import table

    monkeypatch.setenv(table.PLACE, str(tmp_path / "rows"))
    table.absent("a contact logged", "jrnl absent")
    rows = table.read(tmp_path / "rows")
    assert table.shown(rows).splitlines()[1].split() == [
        *("a", "contact", "logged", "-", "jrnl", "absent", "not", "measured"),
    ]
    assert rows[0].met is None
    assert table.growth(rows) == ""


def test_data_of_others_that_are_not_here_have_rows_that_say_where_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import febrl
    import matching
    import table

    monkeypatch.setenv(table.PLACE, str(tmp_path / "rows"))
    matching.name_pairs(tmp_path / "none.csv")
    febrl.both(None, None)
    febrl.not_asked()
    rows = table.read(tmp_path / "rows")
    assert {row.what for row in rows} >= {
        "name pairs, AUC",
        "FEBRL4, recall at 1",
        "FEBRL query, recall at 1",
    }
    assert {row.target for row in rows} == {"not measured"}
    assert {row.by.split()[0] for row in rows} == {"no", "recordlinkage"}


def test_the_machine_is_told_with_its_disk() -> None:
    import table

    assert " ms an fsync" in table.machine()


def _names(tree: ast.Module) -> list[str]:
    """Return the names of rows that a script reports, each as often as it writes one; a value in it is {}."""
    kept = [
        (target.id, one.value)
        for one in ast.walk(tree)
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name) and isinstance(one.value, ast.Constant | ast.JoinedStr)
    ]
    given = [
        word.value if isinstance(word, ast.keyword) else word
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for word in (
            call.args[:1]
            if isinstance(call.func, ast.Name) and call.func.id == "Row"
            else [word for word in call.keywords if word.arg == "what"]
        )
    ]
    named = {word.id for word in given if isinstance(word, ast.Name)}
    written = [word for word in given if not isinstance(word, ast.Name)]
    written += [value for name, value in kept if name in named]
    texts = [ast.unparse(word).removeprefix("f")[1:-1] for word in written]
    return [re.sub(r"\{[^}]*\}", "{}", text) for text in texts]


def test_no_two_rows_are_reported_under_one_name() -> None:
    told = [
        name
        for script in sorted(BENCH.glob("*.py"))
        for name in _names(ast.parse(script.read_text(encoding="utf-8")))
    ]
    assert len(told) > 30
    # a name that is made of another's differs as that one does
    assert [name for name, times in Counter(told).items() if times > 1] == ["{}, beside the limit"]
