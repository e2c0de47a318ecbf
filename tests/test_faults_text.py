"""Text that steers a terminal, a page or a spreadsheet, and any JSON or bytes at all."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands import rooms
from commands.subjects import SUBJECTS
from db import engagements, records, watchlist
from db.errors import BeechError
from db.exchange import importing, reading
from db.rules.records import KINDS
from db.vault.store import Store
from db.vault.verify import verify
from tests.attacks import beech
from tests.conftest import Unit

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07 she said \u202eevil\u202c [bold red]x[/] <b>y</b>\r\n"
    "second\x00 line \u200b\ufeff\U000e0041\x9b31m \ud83d end"
)
TIDY = "[2J]0;owned she said evil [bold red]x[/] <b>y</b>\nsecond line 31m \ufffd end"
FORMULA = '=HYPERLINK("http://example.invalid","x")'


@pytest.fixture
def hostile(unit: Unit) -> Unit:
    said = {
        "at": "2026-11-21T23:40",
        "narrative": HOSTILE,
        "sector": FORMULA,
        "officers": ["@SUM(A1)", "-1+1"],
    }
    ran = beech(unit, "log", "--from-json", "-", "-f", "json", stdin=json.dumps(said))
    assert ran.code == 0, ran
    return unit


def test_text_that_steers_is_stored_clean(hostile: Unit) -> None:
    (shown,) = beech(hostile, "engagements", "list", "-f", "json").json
    assert shown["narrative"] == TIDY
    assert shown["sector"] == FORMULA  # as it was said: only a spreadsheet would run it


@pytest.mark.parametrize("how", ["table", "json", "ndjson", "csv", "md"])
def test_no_format_hands_on_what_steers(hostile: Unit, how: str) -> None:
    for words in (("engagements", "list"), ("find", "evil"), ("journal", "list")):
        ran = beech(hostile, *words, "-f", how)
        assert ran.code == 0, ran
        assert not [char for char in ran.out + ran.err if not char.isprintable() and char not in "\n\ufeff"]


def test_a_cell_that_a_spreadsheet_would_run_is_shielded_and_comes_back_the_same(
    hostile: Unit, tmp_path: Path
) -> None:
    ran = beech(hostile, "engagements", "list", "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert row["sector"] == "'" + FORMULA
    assert row["officers"].startswith("'@")
    assert all(not cell.startswith(("=", "+", "-", "@", "\t")) for cell in row.values())
    back = tmp_path / "back.csv"
    back.write_text(ran.out)
    planned = beech(hostile, "import", "engagements", str(back), "-f", "json")
    assert (planned.code, planned.json["same"]) == (0, 1), planned


def test_markup_in_a_record_is_no_markup_on_a_page(hostile: Unit) -> None:
    ran = beech(hostile, "engagements", "list", "-f", "md")
    assert "<b>" not in ran.out.replace("\\<b\\>", "")
    assert "[bold red]" not in ran.out


# --- any JSON at all

ODD = st.sampled_from(
    [
        *("", " ", "\x00", "\ud800", "\u202e", "=1+1", "9" * 5000, "P-7KQ2", "now", "2130", "99/99/9999"),
        *(
            "0000-00-00",
            "9999-12-31T23:59-14:00",
            "0001-01-01T00:00+14:00",
            "-999999999h",
            "2026-10-25T01:30",
        ),
        *(
            "a;b;c",
            ":",
            "bwv:x",
            "housing:accepted",
            "07700 900123",
            "NA12 ?B*",
            "?" * 30,
            "1985-13",
            "２０２６",
        ),
    ]
)
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), ODD)
KEYS = st.one_of(st.text(max_size=4), st.sampled_from(["vrm", "make", "pseudonym", "age_band", "name"]))
ANY = st.recursive(
    SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=5,
)


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_json_a_field_gets_it_is_taken_or_refused_by_a_rule(
    store: Store, data: st.DataObject
) -> None:
    bases: dict[str, dict[str, Any]] = {
        "person": {"pseudonym": "Willow-1"},
        "offender": {"name": "Gary Example"},
    }
    bases |= {"engagement": {"at": "2026-11-21T23:40"}, "vehicle": {"make": "Vauxhall"}}
    kind = data.draw(st.sampled_from([made.kind for made in SUBJECTS.values()]))
    named = [field.name for field in KINDS[kind].fields]
    field = data.draw(st.sampled_from([*named, "external_ref", "vehicles", "age_text", "height_text"]))
    raw = bases.get(kind, {}) | {field: data.draw(ANY)}
    made, said = None, "taken"
    try:
        if kind == "offender":
            watchlist.match(store, raw)
        elif kind == "engagement":
            engagements.log(store, raw)
        made = rooms.of(kind).add(store, raw, records.Why())
    except BeechError as error:
        said = str(error).strip()
    assert said
    assert "\n" not in said
    if made is not None:
        assert records.show(store, kind, made["ref"], records.Why())["ref"] == made["ref"]


FILES = st.one_of(
    st.binary(max_size=40),
    st.text('",\n\r;at=[]{}:0123 \x00\ufeff', max_size=40).map(str.encode),
    ANY.map(lambda value: json.dumps([{"at": value}]).encode()),
    st.sampled_from([b"\xff\xfe\x00", b"[" * 100_000, b"at\n" + b"x" * 1_100_000, "[{}]".encode("utf-16")]),
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=FILES,
    suffix=st.sampled_from(["csv", "json", "ndjson"]),
    kind=st.sampled_from(["engagement", "person"]),
)
def test_whatever_bytes_a_file_holds_it_is_taken_or_refused_by_a_rule(
    store: Store, tmp_path: Path, text: bytes, suffix: str, kind: str
) -> None:
    path = tmp_path / f"rows.{suffix}"
    path.write_bytes(text)
    source = reading.Source(path)
    try:
        done = importing.run(store, kind, source, apply=True)
    except BeechError:
        return
    finally:
        source.close()
    assert done.applied is not bool(done.problems)


def test_after_all_that_was_taken_the_journal_verifies(store: Store, tmp_path: Path) -> None:
    for number, text in enumerate([HOSTILE, "\ud800", "=1+1", "a" * 20_000, "\u0130\u0131ß" * 300]):
        said = {"at": "2026-11-21T23:40", "narrative": text, "external_ref": f"x{number}"}
        engagements.log(store, said)
    assert verify(store).ok
