"""Files as they come: encodings, marks, malformed rows, whatever stands in a cell, and how large they are."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.errors import BeechError, Usage
from db.exchange import importing
from db.exchange.reading import Source
from db.exchange.rows import Bad, Reader
from db.rules import text
from db.rules.records import KINDS
from db.vault.store import Store
from tests.imports import CSV, ONE, Desk, changed


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_with_and_without_bom_and_utf_16_are_read(desk: Desk, encoding: str) -> None:
    row = "X1,2026-11-01T10:00,spoke,3,,Şîlan çû malê \u2013 naïve\n"
    assert changed(desk.take("engagement", (CSV + row).encode(encoding))) == {"create": 1}
    assert desk.engagements()["X1"]["narrative"] == "Şîlan çû malê \u2013 naïve"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "no header row"),
        (b"# only a marking\n", "no header row"),
        (CSV.encode() + b"X1,2026-11-01T10:00\n", "row 2: has 2 cells, the header has 6"),
        (CSV.encode() + b'X1,2026-11-01T10:00,spoke,3,,"open\n' * 2, "is not CSV"),
        (CSV.encode() + b'X1,2026-11-01T10:00,spoke,3,,"a"b\n', "row 2: is not CSV"),
        (CSV.encode() + b"X1,2026-11-01T10:00,spoke,3,,\xff\xfe\n", "is not UTF-8 or UTF-16 text"),
        (CSV.encode() + b"X1,2026-11-01T10:00,spoke,3,,a\0b\n", "row 2: holds a NUL"),
        ((CSV + ONE).encode("utf-16")[2:], "row 1: holds a NUL"),
        (b"external_ref,at,at\n", "column 3: its name stands twice"),
        (b"external_ref,,at\n", "column 2: has no name"),
    ],
)
def test_a_malformed_csv_is_usage_by_row_and_nothing_is_written(
    desk: Desk, content: bytes, fault: str
) -> None:
    before = desk.entries()
    with pytest.raises(Usage, match=fault):
        desk.take("engagement", content)
    assert desk.entries() == before


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"pseudonym": "Willow-1"}\n{"pseudonym": }\n', r"row 2, character 15: is not JSON"),
        ('{"pseudonym": "Willow-1"}\n[1]\n', "row 2: is not a JSON object"),
        ("[" * 100_000 + "\n", "row 1: is not JSON"),
        ('{"pseudonym": "a\0b"}\n', "row 1: holds a NUL"),
    ],
)
def test_a_malformed_ndjson_is_usage_by_row_and_character(desk: Desk, content: str, fault: str) -> None:
    with pytest.raises(Usage, match=fault):
        desk.take("person", content, name="rows.ndjson")


def test_a_line_without_end_is_refused_before_it_fills_the_memory(desk: Desk) -> None:
    with pytest.raises(Usage, match="row 2: is longer"):
        desk.take("engagement", CSV + "x" * 5_000_000)


def test_json_is_an_array_or_an_export_with_its_rows(desk: Desk) -> None:
    rows = [{"external_ref": "W1", "pseudonym": "Willow-1"}]
    assert changed(desk.take("person", json.dumps(rows), name="a.json")) == {"create": 1}
    wrapped = {"marking": "OFFICIAL-SENSITIVE", "release": "r1", "rows": rows}
    assert changed(desk.take("person", json.dumps(wrapped), name="a.json")) == {"same": 1}
    for bad in ('{"a": 1}', "[1]", "[", "\ufeff"):
        with pytest.raises(Usage):
            desk.take("person", bad, name="a.json")


def test_a_marking_in_front_is_passed_over(desk: Desk) -> None:
    marked = "# OFFICIAL-SENSITIVE release=r1\r\n\r\n" + (CSV + ONE).replace("\n", "\r\n")
    assert changed(desk.take("engagement", marked)) == {"create": 1}
    first = {"marking": "OFFICIAL-SENSITIVE", "release": "r1"}
    assert changed(desk.lines("engagement", first, {"external_ref": "X1", "sector": "3"})) == {"same": 1}


def test_a_format_that_is_not_known_is_usage(desk: Desk) -> None:
    with pytest.raises(Usage, match="format is not known"):
        desk.take("person", "x", name="rows.txt")


def test_rows_keep_the_numbers_an_editor_shows(desk: Desk) -> None:
    content = CSV + 'X1,2026-11-01T10:00,spoke,3,,"two\nlines"\n\n' + "X2,never,spoke,3,,\n"
    done = desk.take("engagement", content)
    assert (done.problems[0].row, str(done.problems[0].why).startswith("at: ")) == (5, True)


_words = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(narrative=_words)
def test_a_cell_is_read_as_a_form_reads_it_and_comes_back_from_its_shield(desk: Desk, narrative: str) -> None:
    """Whatever stands in a cell, columns, rows and forms agree; export's shield is taken off again."""
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ["external_ref", "at", "narrative"],
            ["X1", "2026-11-01T10:00", text.shield_cell(narrative)],
            ["X2", "2026-11-01T10:00", "the other"],
        ]
    )
    made: list[str | None] = []
    # a refused row beside it sends the batch through row by row
    for other in ("2026-11-01T10:00,the other", "never,the other"):
        content = out.getvalue().replace("2026-11-01T10:00,the other", other)
        path = desk.folder / "cell.csv"
        path.write_text(content, encoding="utf-8", newline="")
        made.append(_read(desk.store, path)[0].get("narrative"))
    assert made[0] == made[1] == (text.clean(narrative).strip() or None)


def _read(store: Store, path: Path) -> list[dict[str, Any]]:
    source = Source(path)
    try:
        with store.write() as tx:
            (batch,) = source.batches(10, "engagement")
            read = Reader(store, tx, "engagement").read(batch)
    finally:
        source.close()
    return [one.fields for one in read if not isinstance(one, Bad)]


_PLAIN = [k for k in KINDS if k not in ("order",)]
_FIELDS = [(kind, field.name) for kind in _PLAIN for field in KINDS[kind].fields]
_SECRET = "zebracanary"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    place=st.sampled_from(_FIELDS),
    value=st.sampled_from(
        [
            *(_SECRET, f"=@{_SECRET}", f"E-{_SECRET}", f"{_SECRET}:x", f"housing:{_SECRET}"),
            *(f"2026-11-21 {_SECRET}", _SECRET * 3000, [_SECRET], [[_SECRET]], {"x": [_SECRET]}),
            *(f"{_SECRET};{_SECRET}", [{"y": _SECRET}], f"\x1b[31m{_SECRET}", f"{_SECRET}\ud800"),
        ]
    ),
)
def test_no_error_repeats_a_value(desk: Desk, place: tuple[str, str], value: object) -> None:
    kind, field = place
    try:
        done = desk.lines(kind, {field: value}, apply=False)
    except BeechError as error:
        said = str(error)
    else:
        said = "".join(str(problem.why) for problem in done.problems)
    assert _SECRET not in said.lower()


# --- large files


def test_memory_does_not_grow_with_the_file(desk: Desk, store: Store) -> None:
    class Endless(Source):
        """A file that is longer than it takes room."""

        def __init__(self, rows: int) -> None:
            path = desk.folder / "empty.csv"
            path.write_text("")
            super().__init__(path)
            self._rows = rows

        def _lines(self) -> Any:
            return _Lines(self._rows)

    peaks = []
    for rows in (4_000, 16_000):
        tracemalloc.start()
        source = Endless(rows)
        importing.run(store, "engagement", source, apply=False)
        source.close()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.25


class _Lines:
    def __init__(self, rows: int) -> None:
        self._lines = self._made(rows)

    def _made(self, rows: int) -> Iterator[str]:
        yield CSV
        for number in range(rows):
            yield f"X{number},2026-11-01T10:00,spoke,3,housing,{number:06d} {'word ' * 90}\n"

    def readline(self, _most: int) -> str:
        return next(self._lines, "")
