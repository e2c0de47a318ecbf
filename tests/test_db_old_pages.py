"""A page, a log or a whole file of an earlier day put back: each is sealed well, and verify or opening tells.

What a put-back page changes nothing in (the file's counters, a page that is free) may pass.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from db import erasure, members, people, records
from db.errors import BeechError
from db.records import Why
from db.rules.records import KINDS
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Unit
from tests.pages import SIZE, plain

FACE = Face("script", "test")
WHY = Why("correction")
WORDS = "quiet saddle orchard ninepins"
# The box of a data key is opened by the liaison alone: an old one is found when the name is next asked for.
SEALED = {"data_key"}


def one(store: Store, kind: str, **fields: object) -> str:
    return str(records.add(store, kind, dict(fields), WHY)["ref"])


def work(store: Store, unit: Unit, member: str) -> None:
    """Change something in every table there is."""
    her = one(store, "person", pseudonym=f"Willow-{member}")
    people.seal_identity(store, her, {"given_name": "Testina"}, WHY)
    met = one(store, "engagement", at="now", people=[her], narrative=f"a heron and {member}")
    man = one(store, "offender", aliases=["Spider"])
    car = one(store, "vehicle", offender=man, vrm="NA12 XBO")
    one(store, "concern", engagement=met, person=her, weapon="knife")
    one(store, "referral", person=her, service="Housing")
    one(store, "followup", what="ring her", about=her, due_on="today")
    one(store, "sighting", at="now", vehicle=car)
    one(store, "action", offender=man, on="today", action="arrest")
    one(store, "order", offender=man, type="cbo")
    one(store, "call", month="2026-10", source="101", category=f"kerb {member}", count=3)
    gone = one(store, "offender", aliases=["Gaz"])
    for _ in range(2):
        erasure.erase(store, "offender", gone, WHY)
    members.add(store, unit.opened, member, ())


class Two(NamedTuple):
    """A unit as it was and as it is: the files' bytes, and in which table a page is."""

    folder: Path
    was: bytes
    now: bytes
    log: bytes
    tables: dict[int, str]
    rows: dict[str, list[Any]]


@pytest.fixture(scope="module")
def two(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    place = tmp_path_factory.mktemp("two")
    folder = place / "unit"
    shutil.copytree(founded.folder, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(place / "state"))
        unit = founded._replace(folder=folder)
        with opened(folder, unit) as store:
            work(store, unit, "Jo")
        was = (folder / "unit.db").read_bytes()
        with opened(folder, unit) as store:
            work(store, unit, "Alex")
            log = (folder / "unit.db-wal").read_bytes()
        with opened(folder, unit) as store:
            for kind in ("person", "engagement", "offender"):
                for record in records.listing(store, kind):
                    records.strike(store, kind, record["ref"], WHY)
            work(store, unit, "Robin")
        now = (folder / "unit.db").read_bytes()
        with opened(folder, unit) as store:
            assert verify(store).ok
            tables, rows = pages_of(store, now), everything(store)
        yield Two(folder, was, now, log, tables, rows)


def opened(folder: Path, unit: Unit) -> Store:
    return opening.with_opened(folder, unit.opened, FACE)


def pages_of(store: Store, raw: bytes) -> dict[int, str]:
    """Return in which table or index each page is, by walking the trees."""
    found: dict[int, str] = {}
    roots = store.cipher.execute("select tbl_name, rootpage from sqlite_schema where rootpage > 0")
    left = [(1, "sqlite_schema"), *((root, table) for table, root in roots)]
    while left:
        number, table = left.pop()
        found[number] = table
        page = plain(store.store_key, raw[(number - 1) * SIZE : number * SIZE], first=number == 1)
        head = page[100 - 16 :] if number == 1 else page
        if head[0] not in (2, 5):
            continue
        left.append((int.from_bytes(head[8:12], "big"), table))
        for cell in range(int.from_bytes(head[3:5], "big")):
            place = int.from_bytes(head[12 + 2 * cell : 14 + 2 * cell], "big") - (16 if number == 1 else 0)
            left.append((int.from_bytes(page[place : place + 4], "big"), table))
    return found


def everything(store: Store) -> dict[str, list[Any]]:
    """Return every row of every table."""
    tables = store.cipher.execute("select name from sqlite_schema where type = 'table'").fetchall()
    return {
        table: sorted(store.cipher.execute(f'select * from "{table}"').fetchall(), key=repr)  # noqa: S608 - its own names
        for (table,) in tables
    }


def noticed(two: Two, unit: Unit, raw: bytes, log: bytes | None = None) -> bool:
    """Tell whether opening or verify says that something is wrong, or nothing is other than it was."""
    (two.folder / "unit.db").write_bytes(raw)
    (two.folder / "unit.db-shm").unlink(missing_ok=True)
    (two.folder / "unit.db-wal").unlink(missing_ok=True)
    if log is not None:
        (two.folder / "unit.db-wal").write_bytes(log)
    try:
        with opened(two.folder, unit) as store:
            return not verify(store).ok or everything(store) == two.rows
    except BeechError:
        return True


@pytest.fixture
def at_that_desk(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(two.folder.parent / "state"))


def test_every_table_changed_in_a_page_that_was_there_before(two: Two) -> None:
    changed = {two.tables.get(number) for number in changed_pages(two)}
    tables = {"entry", "payload", "desk", "erased", "member", "record", "link", "identity", *KINDS, *SEALED}
    words = {f"engagement_words_{part}" for part in ("data", "docsize")}
    assert tables | words <= changed


def changed_pages(two: Two) -> list[int]:
    return [
        number + 1
        for number in range(len(two.was) // SIZE)
        if two.was[number * SIZE : (number + 1) * SIZE] != two.now[number * SIZE : (number + 1) * SIZE]
    ]


def test_an_old_page_put_back_is_noticed_whatever_its_table(
    two: Two, founded: Unit, at_that_desk: None
) -> None:
    passed: dict[int, str] = {}
    for number in changed_pages(two):
        begin = (number - 1) * SIZE
        raw = two.now[:begin] + two.was[begin : begin + SIZE] + two.now[begin + SIZE :]
        if not noticed(two, founded, raw):
            passed[number] = two.tables.get(number, "free")
    assert set(passed.values()) <= SEALED, passed


def test_all_old_pages_of_one_table_put_back_are_noticed(two: Two, founded: Unit, at_that_desk: None) -> None:
    by_table: dict[str, list[int]] = {}
    for number in changed_pages(two):
        by_table.setdefault(two.tables.get(number, "free"), []).append(number)
    passed = []
    for table, numbers in by_table.items():
        raw = bytearray(two.now)
        for number in numbers:
            raw[(number - 1) * SIZE : number * SIZE] = two.was[(number - 1) * SIZE : number * SIZE]
        if not noticed(two, founded, bytes(raw)):
            passed.append(table)
    assert set(passed) <= SEALED


def test_an_old_log_put_back_is_noticed(two: Two, founded: Unit, at_that_desk: None) -> None:
    assert noticed(two, founded, two.now, two.log)
    assert noticed(two, founded, two.was, two.log)


def test_an_old_file_put_back_is_noticed_at_the_desk_that_wrote_since(
    two: Two, founded: Unit, at_that_desk: None
) -> None:
    assert noticed(two, founded, two.was)
