"""Sessions end, clocks go wrong, folders are copied: who signs, at which desk, and when."""

import shutil
from pathlib import Path

import pytest

from db import members, records
from db.errors import Locked, Refused
from db.vault import journal, opening, signing
from db.vault.store import Face, Member, Signer, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit

FACE = Face("script", "test")


# sessions


@pytest.fixture
def session_store(store: Store, unit: Unit, clock: Clock) -> Store:
    session = opening.begin_session(store, unit.opened)
    opened = opening.with_session(unit.folder, session, FACE)
    opened.clock = clock
    return opened


def test_a_session_signs_within_its_time_and_verifies(session_store: Store) -> None:
    with session_store:
        records.add(session_store, "person", {"pseudonym": "Willow-27"})
        assert verify(session_store).ok


def test_an_expired_session_neither_writes_nor_looks(session_store: Store, clock: Clock) -> None:
    with session_store:
        clock.forward(8 * 3600 + 1)
        with pytest.raises(Locked, match="beech unlock"):
            records.add(session_store, "person", {"pseudonym": "Willow-27"})
        with pytest.raises(Locked, match="beech unlock"):
            records.listing(session_store, "person")


def test_an_entry_signed_after_the_session_ended_is_a_fault(session_store: Store, clock: Clock) -> None:
    with session_store:
        clock.forward(9 * 3600)
        session_store.signer = session_store.signer._replace(not_after=None)
        records.add(session_store, "person", {"pseudonym": "Willow-27"})
        assert [fault.name for fault in verify(session_store).faults] == ["certificate-expired"]


def test_a_session_cannot_certify_another_nor_erase(session_store: Store, unit: Unit) -> None:
    with session_store:
        ref = records.add(session_store, "person", {"pseudonym": "Willow-27"})["ref"]
        with pytest.raises(Locked, match="passphrase"):
            opening.begin_session(session_store, unit.opened)
        with pytest.raises(Locked, match="passphrase"), session_store.write() as tx:
            tx.erase(records.find(tx, session_store.id_key, ref, ("person",)).id)


def test_a_session_does_not_open_a_copy_of_the_folder(
    session_store: Store, unit: Unit, tmp_path: Path
) -> None:
    with session_store:
        records.add(session_store, "person", {"pseudonym": "Willow-27"})
        shutil.copytree(unit.folder, tmp_path / "copy")
        session_store.folder = tmp_path / "copy"
        with pytest.raises(Locked, match="beech unlock"):
            records.add(session_store, "person", {"pseudonym": "Rowan-04"})


def test_a_session_ends_when_its_members_way_in_is_reset(store: Store, unit: Unit) -> None:
    session = opening.begin_session(store, unit.opened)
    members.reset(store, unit.opened, "Sam")
    with pytest.raises(Locked, match="members join"):
        opening.with_session(unit.folder, session, FACE)


def test_an_officer_may_not_erase(store: Store, unit: Unit) -> None:
    ref = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    store.member = Member(store.member.id, store.member.name, ())
    with pytest.raises(Refused, match="supervisor"), store.write() as tx:
        tx.erase(records.find(tx, store.id_key, ref, ("person",)).id)


def test_an_entry_signed_by_a_strangers_key_is_a_fault(store: Store) -> None:

    store.signer = Signer(lambda message: signing.sign(bytes(32), message), None, None, None)
    records.add(store, "person", {"pseudonym": "Willow-27"})
    assert [fault.name for fault in verify(store).faults] == ["signature-wrong"]


# clocks and desks


def test_a_clock_set_back_is_journalled_and_the_clock_of_the_journal_still_rises(
    store: Store, clock: Clock
) -> None:
    records.add(store, "person", {"pseudonym": "Willow-27"})
    clock.forward(-3600)
    for pseudonym in ("Rowan-04", "Hazel-11"):
        records.add(store, "person", {"pseudonym": pseudonym})
    rows = store.cipher.execute("select at, detail from entry order by desk, seq").fetchall()
    jumps = [detail for _, detail in rows if "clock_jump" in detail]
    assert len(jumps) == 1
    assert '"behind_ms":3600000' in jumps[0]
    last = [at for (at,) in store.cipher.execute("select at from entry order by at desc limit 2")]
    assert last[0] > last[1]
    assert journal.wall_ms(last[0]) > clock.ms
    assert verify(store).ok


def test_a_clock_set_back_further_is_journalled_again(store: Store, clock: Clock) -> None:
    for seconds in (0, -3600, -3600):
        clock.forward(seconds)
        with store.write() as tx:
            tx.chain.event("lock")
    (jumps,) = store.cipher.execute("select count(*) from entry where detail like '%clock_jump%'").fetchone()
    assert jumps == 2


def test_a_session_begun_while_the_clock_was_behind_is_no_fault(
    store: Store, unit: Unit, clock: Clock
) -> None:
    clock.forward(400 * 24 * 3600)
    records.add(store, "person", {"pseudonym": "Willow-27"})
    clock.forward(-400 * 24 * 3600)
    session = opening.begin_session(store, unit.opened)
    with opening.with_session(unit.folder, session, FACE) as opened:
        opened.clock = clock
        records.add(opened, "person", {"pseudonym": "Rowan-04"})
    assert verify(store).ok


def test_a_copied_unit_folder_starts_a_new_desk(
    store: Store, unit: Unit, clock: Clock, tmp_path: Path
) -> None:
    records.add(store, "person", {"pseudonym": "Willow-27"})
    mine = store.known_desk()
    shutil.copytree(unit.folder, tmp_path / "copy")
    with opening.with_opened(tmp_path / "copy", unit.opened, FACE) as copy:
        copy.clock = clock
        assert copy.known_desk() is None
        records.add(copy, "person", {"pseudonym": "Rowan-04"})
        assert copy.known_desk() not in (None, mine)
        said = copy.cipher.execute(
            "select detail from entry where desk = ? and seq = 1", (copy.known_desk(),)
        )
        assert '"event":"desk_new"' in said.fetchone()[0]
        assert verify(copy).ok
    assert store.known_desk() == mine
