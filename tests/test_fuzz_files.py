"""Files of any bytes, units and copies that were meddled with: taken, or refused by one of our own errors."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import records
from db.exchange import KINDS, importing, reading
from db.records import Why
from db.rules.records import KINDS as FIELDS
from db.vault import backup, keys, opening, restoring
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import PASSPHRASE, Unit
from tests.fuzzed import SELDOM, VALUES, WORDS, for_its_share, only_ours, undurable
from tests.test_db_workbooks import book, packed, saved
from tests.torture import FACE


@pytest.fixture
def calm(store: Store) -> Store:
    return undurable(store)


def _sheet(rows: list[list[Any]]) -> bytes:
    """The part of a workbook that is its sheet; of a cell that is a pair the first says its type."""
    said = []
    for row in rows:
        cells = [cell if isinstance(cell, tuple) else ("inlineStr", "0", "is", cell) for cell in row]
        said.append("".join(_cell(*map(str, cell)) for cell in cells))
    body = "".join(f"<row>{cells}</row>" for cells in said)
    start = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    return f"{start}<sheetData>{body}</sheetData></worksheet>".encode("utf-8", "surrogatepass")


def _cell(how: str, style: str, part: str, value: str) -> str:
    inside = f"<is><t>{escape(value)}</t></is>" if part == "is" else f"<{part}>{escape(value)}</{part}>"
    return f'<c t="{how}" s="{style}">{inside}</c>'


CELLS = st.one_of(
    VALUES,
    st.tuples(
        st.sampled_from(["n", "s", "str", "b", "d", "e", "inlineStr", "zz"]),
        st.sampled_from(["0", "1", "14", "99", "x"]),
        st.sampled_from(["v", "is", "f"]),
        st.one_of(WORDS, st.integers(), st.floats()),
    ),
)


def _text(rows: list[list[Any]], how: str) -> bytes:
    if how == "csv":
        made = io.StringIO()
        csv.writer(made).writerows([[str(cell) for cell in row] for row in rows])
        return made.getvalue().encode("utf-8", "surrogatepass")
    head, *rest = rows
    objects = [dict(zip(map(str, head), row, strict=False)) for row in rest]
    if how == "xlsx":
        return packed(saved(book([])), xl__worksheets__sheet1_DOT_xml=_sheet(rows))
    if how == "ndjson":
        return "\n".join(json.dumps(one) for one in objects).encode()
    return json.dumps(objects).encode()


@pytest.mark.parametrize("how", ["csv", "json", "ndjson", "xlsx"])
@for_its_share
@given(data=st.data())
@SELDOM
def test_a_file_of_any_bytes_is_imported_whole_or_refused(
    calm: Store, tmp_path_factory: pytest.TempPathFactory, how: str, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(sorted(KINDS)))
    fields = [field.name for field in FIELDS[KINDS[word]].fields]
    head = data.draw(st.lists(st.sampled_from(fields), min_size=1, max_size=5, unique=True))
    cells = CELLS if how == "xlsx" else VALUES
    rows = data.draw(st.lists(st.lists(cells, min_size=len(head), max_size=len(head)), max_size=4))
    raw = bytearray(_text([head, *rows], how))
    places = st.integers(0, 6000 if how == "xlsx" else 400).map(lambda place: place % (len(raw) + 1))
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=3)):
        raw[place : place + 1] = bytes([byte])
    path = tmp_path_factory.mktemp("fuzz") / f"rows.{how}"
    path.write_bytes(bytes(raw))

    def take() -> None:
        source = reading.Source(path)
        try:
            importing.run(calm, KINDS[word], source, apply=data.draw(st.booleans()))
        finally:
            source.close()

    only_ours(take)


@pytest.fixture(scope="module")
def copied(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """A unit with a copy of it, and room to meddle."""
    folder = tmp_path_factory.mktemp("meddled") / "unit"
    shutil.copytree(founded.folder, folder)
    return founded._replace(folder=folder)


@for_its_share
@given(data=st.data())
@SELDOM
def test_a_members_json_of_any_shape_opens_or_is_refused(copied: Unit, data: st.DataObject) -> None:
    real = json.loads((copied.folder / opening.MEMBERS).read_bytes())
    place: Any = real
    for _ in range(data.draw(st.integers(0, 4))):
        inner = [one for one in (place if isinstance(place, list) else place.values()) if _holds(one)]
        if not inner:
            break
        place = data.draw(st.sampled_from(inner))
    key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
    place[key] = data.draw(VALUES)
    path = copied.folder / "meddled.json"
    path.write_text(json.dumps(real))

    def load() -> None:
        members = keys.load(path)
        keys.open_slot(members, members.slots[0], PASSPHRASE)

    only_ours(load)


def _holds(value: object) -> bool:
    return isinstance(value, dict | list) and bool(value)


@for_its_share
@given(where=st.integers(0, 1 << 20), what=st.binary(min_size=1, max_size=40))
@SELDOM
def test_a_unit_or_a_copy_with_any_bytes_changed_verifies_or_is_damaged(
    copied: Unit, where: int, what: bytes
) -> None:
    place = copied.folder.parent / "copy"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(copied.folder, place)
    raw = bytearray((place / opening.DATABASE).read_bytes())
    at = where % len(raw)
    raw[at : at + len(what)] = what[: len(raw) - at]
    (place / opening.DATABASE).write_bytes(bytes(raw))

    def open_it() -> None:
        slot = keys.load(place / opening.MEMBERS).named(copied.opened.slot.member)
        opened = keys.Opened(slot, copied.opened.seed, copied.opened.unit, copied.opened.genesis)
        with opening.with_opened(place, opened, FACE) as store:
            verify(store)
            backup.make(store)

    only_ours(open_it)


@pytest.fixture(scope="module")
def kept(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """A unit with one copy of it, ``copy`` beside it."""
    folder = tmp_path_factory.mktemp("kept") / "unit"
    shutil.copytree(founded.folder, folder)
    with opening.with_opened(folder, founded.opened, FACE) as store:
        records.add(store, "engagement", {"at": "now"}, Why("correction"))
        made = backup.make(store)
    shutil.move(made.folder, folder.parent / "copy")
    return founded._replace(folder=folder)


def _meddle(copy: Path, data: st.DataObject) -> None:
    """Change, cut, empty or take away a file of a copy, or put one beside it."""
    path = copy / data.draw(st.sampled_from([opening.DATABASE, opening.MEMBERS]))
    raw = bytearray(path.read_bytes())
    how = data.draw(st.sampled_from(["change", "change", "cut", "longer", "missing", "folder", "beside"]))
    at = data.draw(st.integers(0, 1 << 20)) % len(raw)
    what = data.draw(st.binary(min_size=1, max_size=40))
    if how == "beside":
        path = copy / f"{opening.DATABASE}{data.draw(st.sampled_from(['-wal', '-shm', '-journal', '.new']))}"
        raw = bytearray()
    if how in ("missing", "folder"):
        path.unlink()
    if how == "folder":
        path.mkdir()
    if how == "change":
        raw[at : at + len(what)] = what[: len(raw) - at]
    elif how == "cut":
        del raw[at:]
    else:
        raw += what
    if how not in ("missing", "folder"):
        path.write_bytes(bytes(raw))


@for_its_share
@given(data=st.data())
@SELDOM
def test_a_meddled_copy_is_checked_and_put_back_or_refused_and_the_unit_is_whole(
    kept: Unit, data: st.DataObject
) -> None:
    place = kept.folder.parent / "tried"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(kept.folder, place / "unit")
    shutil.copytree(kept.folder.parent / "copy", place / "copy")
    _meddle(place / "copy", data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(place / "state"))  # no desk remembers what was tried before
        only_ours(lambda: backup.check(place / "copy", PASSPHRASE, None, FACE))
        only_ours(lambda: backup.named(place / "unit", str(place / "copy")))
        only_ours(lambda: restoring.restore(place / "unit", place / "copy", (PASSPHRASE, None), FACE))
        store, _ = opening.with_passphrase(place / "unit", PASSPHRASE, None, FACE)
        with store:
            assert verify(store).faults == ()
            assert len(records.listing(store, "engagement")) == 1
