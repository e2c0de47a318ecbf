"""With a woman go the words of the looks that name her; that somebody looked, when and at whom stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db import finding, looking, records, watchlist
from db.engagements import answers
from db.errors import NotFound
from db.records import Why
from db.vault import backup, opening, restoring
from db.vault.rebuild import rebuild
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Unit
from tests.desks import At, exchange, two_of
from tests.erased import FACE, ask_and_empty, one
from tests.furnished import without_triggers
from tests.pages import raw_pages


def looked(store: Store) -> None:
    """Look for her in several ways, and for somebody else."""
    for text in ("zebraname 27", "saw Zébrastreet there", "ZEBRAN"):
        finding.search(store, text)
    answers.who(store, "Zebraname-27")
    finding.search(store, "heron", why=Why("welfare", "for zebrastreet's sister"))
    with pytest.raises(NotFound):
        answers.who(store, "Heronstreet")


def her(store: Store) -> str:
    ref = one(store, "person", pseudonym="Zebraname-27", known_as=["Zebraold"])
    records.amend(store, "person", ref, {"known_as": ["zebrastreet"]})
    return ref


def named(store: Store) -> set[bytes]:
    raw = raw_pages(store).lower()
    return {word for word in (b"zebran", b"zebraold", b"brastreet", b"heronstreet") if word in raw}


def test_the_words_of_looks_that_name_her_go_with_her_and_the_others_stay(store: Store) -> None:
    ref = her(store)
    looked(store)
    finding.search(store, "zebraold")
    ask_and_empty(store, "person", ref)
    assert named(store) == {b"heronstreet"}
    assert verify(store).ok
    before = store.cipher.execute("select * from emptied").fetchall()
    assert len(before) == 6
    rebuild(store)
    assert store.cipher.execute("select * from emptied").fetchall() == before


def test_whom_else_an_emptied_look_showed_is_still_told(store: Store) -> None:
    ref, other = her(store), one(store, "person", pseudonym="Rowan-04")
    records.amend(store, "person", other, {"known_as": ["zebrastreet"]})
    answers.who(store, "zebrastreet")

    def told() -> list[dict[str, Any]]:
        return [look for look in looking.looks(store, other, Why()) if look["how"] == "one of 2 shown"]

    before = told()
    assert len(before) == 1
    ask_and_empty(store, "person", ref)
    assert told() == before


MAN = {"name": "Zebraman Example", "aliases": ["Zebragaz"], "telephones": ["07700 900123"]}


def sought(store: Store) -> None:
    """Look for a man by all that he is called, and for another."""
    for text in ("zebraman example", "ZEBRAGAZ by the bridge", "07700900123", "zebram", "heronstreet"):
        finding.search(store, text)
    watchlist.match(store, {"name": "Zebraman Example", "build": "stocky"})


def told_of_him(store: Store) -> set[bytes]:
    raw = raw_pages(store).lower()
    return {word for word in (b"zebra", b"07700900123", b"heronstreet") if word in raw}


def test_the_words_of_looks_that_name_a_man_go_with_him(store: Store) -> None:
    ref = one(store, "offender", **MAN)
    sought(store)
    ask_and_empty(store, "offender", ref)
    assert told_of_him(store) == {b"heronstreet"}
    assert verify(store).ok


def test_verify_names_a_look_that_came_back_and_one_emptied_without_her(store: Store) -> None:
    ref = her(store)
    answers.who(store, "Zebraname-27")
    answers.who(store, ref)
    sql = "select p.desk, p.seq, p.salt, p.body from payload as p where instr(body, ?) > 0"
    row = store.cipher.execute(sql, (b'"search":"Zebra',)).fetchone()
    ask_and_empty(store, "person", ref)
    with store.cipher.trusted() as c:
        c.execute("insert into payload (desk, seq, salt, body) values (?, ?, ?, ?)", row)
        assert {fault.name for fault in verify(store).faults} == {"payload-after-erasure"}
        c.execute("delete from payload where desk = ? and seq = ?", row[:2])
        assert verify(store).ok
        without_triggers(c, lambda: c.execute("delete from emptied where seq = ?", (row[1],)))
    assert {fault.name for fault in verify(store).faults} == {"erasure-unmatched", "payload-missing"}


def test_only_looks_are_emptied_so_and_only_with_a_woman_who_is_erased(store: Store) -> None:
    ref = her(store)
    answers.who(store, "Zebraname-27")
    from db.vault import emptying

    with store.write() as tx:
        record = tx.execute("select id from record where ref = ?", (ref,)).fetchone()[0]
        tx.quieten(record, emptying.find(tx, {"zebraname 27"}), emptying.LATE)
    assert {fault.name for fault in verify(store).faults} == {"erasure-not-agreed"}
    ask_and_empty(store, "person", ref)
    assert verify(store).ok
    kept = one(store, "engagement", at="now", narrative="lionkept")
    with store.write() as tx:
        head = tx.execute(
            "select e.desk, e.seq from entry as e join record as r on r.id = e.record where r.ref = ?",
            (kept,),
        ).fetchone()
        tx.quieten(record, [emptying.Named(head, {})], emptying.LATE)
    assert b"lionkept" in raw_pages(store)
    assert {fault.name for fault in verify(store).faults} == {"erasure-unmatched"}


def test_a_restored_copy_loses_again_the_words_that_went_with_her(store: Store, unit: Unit) -> None:
    ref = one(store, "person", pseudonym="Zebraname-27")
    looked_at_first = "zebrastreet"  # what nobody knew yet to be hers
    finding.search(store, looked_at_first)
    made = backup.make(store)
    records.amend(store, "person", ref, {"known_as": ["zebrastreet"]})
    ask_and_empty(store, "person", ref)
    store.close()
    restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        assert named(restored) == set()
        assert verify(restored).ok


# several desks


@pytest.fixture
def two(founded: Unit, tmp_path: Path) -> Iterator[tuple[At, At]]:
    """Two desks of one unit."""
    with two_of(founded, tmp_path) as desks:
        yield desks


def test_what_another_desk_looked_for_before_it_heard_of_her_erasure_goes_too(two: tuple[At, At]) -> None:
    a, b = two
    ref = her(a.store)
    looked(a.store)
    exchange(a, b)
    ask_and_empty(a.store, "person", ref)
    b.clock.forward(3600)
    answers.who(b.store, "Zebraname-27")
    records.amend(b.store, "person", ref, {"known_as": ["zebran"]})
    finding.search(b.store, "zebran by the bridge")
    for taken in (*exchange(a, b), *exchange(a, b)):
        assert taken.faults == ()
    for desk in two:
        assert named(desk.store) == {b"heronstreet"}
        assert verify(desk.store).faults == ()
    assert a.rows() == b.rows()
    rows = b.rows()
    rebuild(b.store)
    assert b.rows() == rows


def test_a_desk_that_hears_late_tells_the_others_which_looks_are_emptied(two: tuple[At, At]) -> None:
    a, b = two
    ref = her(a.store)
    exchange(a, b)
    ask_and_empty(a.store, "person", ref)
    answers.who(b.store, "Zebraname-27")
    b.bring(a.parts())
    assert a.bring(b.parts()).faults == ()
    for desk in two:
        assert named(desk.store) == set()
        assert verify(desk.store).faults == ()
    assert a.rows() == b.rows()


def test_what_another_desk_looked_for_before_it_heard_of_a_mans_erasure_goes_too(two: tuple[At, At]) -> None:
    a, b = two
    ref = one(a.store, "offender", **MAN)
    exchange(a, b)
    ask_and_empty(a.store, "offender", ref)
    b.clock.forward(3600)
    sought(b.store)
    exchange(a, b)
    exchange(a, b)
    for desk in two:
        assert told_of_him(desk.store) == {b"heronstreet"}
        assert verify(desk.store).ok
