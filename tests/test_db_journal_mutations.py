"""Whoever has the store key but no member's key cannot change the unit unseen: 2,000 random tamperings."""
# ruff: noqa: S608 - SQL is built from the file's own names

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import journals, records
from db.errors import Damaged
from db.vault import opening, verify_apart
from db.vault.faults import Faults
from db.vault.rebuild import rebuild
from db.vault.store import Store
from db.vault.verify import look, verify
from tests.conftest import Unit
from tests.forged import Forger
from tests.furnished import FACE, copied, dump, furnish, tampering, without_triggers
from tests.torture import LONG

SEEDS = 10
EACH = 200
FLIPS = 1000 if LONG else 24


@pytest.fixture(scope="module")
def furnished(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    folder = copied(founded.folder, tmp_path_factory.mktemp("furnished") / "unit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
        furnish(folder, founded)
    return founded._replace(folder=folder)


@pytest.fixture
def furnished_store(furnished: Unit) -> Iterator[Store]:
    with opening.with_opened(furnished.folder, furnished.opened, FACE) as store:
        yield store


def test_the_furnished_unit_has_no_fault(furnished_store: Store) -> None:
    assert verify(furnished_store).faults == ()


def test_the_tamperings_are_two_thousand() -> None:
    assert SEEDS * EACH >= 2000


class Seen(Exception):
    """The first fault that a look finds."""


def sees(store: Store, witnesses: list[tuple[int, int, str]] | None = None) -> bool:
    """Whether a look finds a fault, or was ended by the first."""
    try:
        return not look(store, witnesses=witnesses or ()).ok
    except Seen:
        return True


def ended_by_the_first_fault(*_: object) -> None:
    raise Seen


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_random_tampering_goes_unseen(
    furnished_store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_apart, "WORTH_IT", 1 << 62)  # what is not committed shows here alone
    if seed:  # one seed looks to the end: the others ask only whether there is a fault
        monkeypatch.setattr(Faults, "add", ended_by_the_first_fault)
    seen: Counter[str] = Counter()
    with tampering(furnished_store) as c:
        before = dump(c)
        witnesses = [(d, s, h.hex()) for d, s, h in c.execute("select desk, seq, hash from desk").fetchall()]
        tamperer = Forger(furnished_store, c, seed)
        while seen.total() < EACH:
            c.execute("savepoint one")
            said = tamperer.one()
            if said and sees(furnished_store):
                seen[said.split(".")[0]] += 1
            elif said == "cut":  # a whole transaction, and nothing hung on it: its witness alone tells
                assert sees(furnished_store, witnesses)
            elif said:
                assert dump(c) == before, f"unseen: {said}"
            c.execute("rollback to one")
            c.execute("release one")
    assert len(seen) > 30


def test_no_byte_of_the_file_changes_unseen(furnished: Unit, tmp_path: Path) -> None:
    draw = random.Random(1)  # noqa: S311 - seeded, and nothing secret
    folder = copied(furnished.folder, tmp_path / "unit")
    path = folder / "unit.db"
    whole = path.read_bytes()
    assert not (folder / "unit.db-wal").exists() or not (folder / "unit.db-wal").stat().st_size
    for _ in range(FLIPS):
        place = draw.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :])
        assert not opens_and_verifies(folder, furnished), f"unseen: byte {place}"


def test_no_page_changes_place_and_no_page_is_lost_unseen(furnished: Unit, tmp_path: Path) -> None:
    draw = random.Random(2)  # noqa: S311 - seeded, and nothing secret
    folder = copied(furnished.folder, tmp_path / "unit")
    path = folder / "unit.db"
    whole = path.read_bytes()
    pages = [whole[i : i + 4096] for i in range(0, len(whole), 4096)]
    for _ in range(20):
        one, other = draw.sample(range(len(pages)), 2)
        swapped = dict(enumerate(pages)) | {one: pages[other], other: pages[one]}
        path.write_bytes(b"".join(swapped.values()))
        assert not opens_and_verifies(folder, furnished), f"unseen: pages {one} and {other}"
    for left in (0, 1, len(pages) // 2, len(pages) - 1):
        path.write_bytes(b"".join(pages[:left]))
        assert not opens_and_verifies(folder, furnished), f"unseen: {left} pages left"


def opens_and_verifies(folder: Path, unit: Unit) -> bool:
    try:
        with opening.with_opened(folder, unit.opened, FACE) as store:
            return verify(store).ok
    except Damaged:
        return False


# what FORMAT.md says that verify alone cannot see


def cut_tail(store: Store) -> tuple[int, int, str]:
    """Take back a desk's last transaction and all that came of it; returns the entry that was its end."""
    with store.cipher.trusted() as c:
        c.execute("pragma foreign_keys = off")
        desk, seq, tx, hashed = c.execute(
            "select desk, seq, tx, hash from entry where signature is not null order by at desc limit 1"
        ).fetchone()
        c.execute("begin")
        without_triggers(
            c,
            lambda: [
                c.execute(f"delete from {table} where desk = ? and seq >= ?", (desk, tx))
                for table in ("payload", "entry")
            ],
        )
        c.execute("commit")
    rebuild(store)
    return desk, seq, hashed.hex()


def test_a_tail_cut_off_whole_is_seen_by_its_witness_alone(furnished: Unit, tmp_path: Path) -> None:
    folder = copied(furnished.folder, tmp_path / "unit")
    with opening.with_opened(folder, furnished.opened, FACE) as store:
        witness = cut_tail(store)
        assert verify(store).faults == ()
        faults = verify(store, witness=witness).faults
    assert [fault.name for fault in faults] == ["witness-missing"]


def test_a_tail_cut_off_is_seen_at_the_desk_that_wrote_it(furnished: Unit, tmp_path: Path) -> None:
    folder = copied(furnished.folder, tmp_path / "unit")
    with opening.with_opened(folder, furnished.opened, FACE) as store:
        with store.write() as tx:
            tx.chain.event("lock")
        cut_tail(store)
        assert [fault.name for fault in verify(store).faults] == ["witness-missing"]


def test_another_data_key_is_seen_only_when_the_name_is_to_be_opened(furnished_store: Store) -> None:
    with tampering(furnished_store) as c:
        c.execute("update data_key set sealed = zeroblob(80)")
        assert look(furnished_store).ok


def test_local_numbers_may_be_others_where_all_that_points_at_them_follows(furnished_store: Store) -> None:
    with tampering(furnished_store) as c:
        for table, column in (("record", "n"), ("identity", "n"), ("call", "n")):
            c.execute(
                f'update "{table}" set {column} = {column} + 1000 where {column} = (select max(n) from call)'
            )
        assert look(furnished_store).ok


def test_since_last_sees_what_was_changed_since_and_that_the_accepted_heads_stand(
    furnished: Unit, tmp_path: Path
) -> None:
    folder = copied(furnished.folder, tmp_path / "unit")
    with opening.with_opened(folder, furnished.opened, FACE) as store:
        journals.record_verification(store, verify(store))
        records.amend(store, "offender", "M4", {"hair": "white"})
        report = verify(store, since_last=True)
        assert (report.faults, report.records, report.entries < 10) == ((), 1, True)
        with tampering(store) as c:
            c.execute("update offender set hair = 'black' where external_ref = 'M4'")
            assert [f.name for f in look(store, since_last=True).faults] == ["row-differs"]
        with tampering(store) as c:
            change = "update entry set hash = zeroblob(32) where detail like '%\"genesis\"%'"
            without_triggers(c, lambda: c.execute(change))
            assert "last-verify-differs" in {f.name for f in look(store, since_last=True).faults}


def test_a_long_journal_is_looked_at_by_two_processors_and_shows_the_same(
    furnished: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(furnished.folder, tmp_path / "unit")
    with opening.with_opened(folder, furnished.opened, FACE) as store:
        sound = verify(store)
        usual = verify_apart.WORTH_IT
        monkeypatch.setattr(verify_apart, "WORTH_IT", 0)
        assert verify(store) == sound
        with store.cipher.trusted() as c:
            c.execute("update offender set hair = 'black' where external_ref = 'M4'")
            c.execute("insert into engagement_words (rowid, narrative) values (77, 'slander')")
        apart = verify(store)
        monkeypatch.setattr(verify_apart, "WORTH_IT", usual)
        assert {fault.name for fault in apart.faults} == {"row-differs", "words-differ", "likeness-differs"}
        assert sorted(apart.faults) == sorted(verify(store).faults)
