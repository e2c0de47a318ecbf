"""A look leaves its entry before anything is seen, and nothing where no entry can be made."""

from typing import Any

import pytest

from db import looking, records, today
from db.errors import Damaged
from db.records import Why
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Unit

FACE = Face("script", "test")


def entries(store: Store) -> list[Any]:
    rows: list[Any] = store.cipher.execute("select * from entry order by desk, seq").fetchall()
    return rows


def test_a_looks_entry_is_durable_before_its_rows_are_handed_over(store: Store, unit: Unit) -> None:
    records.add(store, "person", {"pseudonym": "Willow-27"})
    seen = 0
    with opening.with_opened(unit.folder, unit.opened, FACE) as other:
        before = len(entries(other))
        for row in records.listing(store, "person"):
            assert row["pseudonym"] == "Willow-27"
            seen += 1
            assert len(entries(other)) == before + 1
    assert seen == 1


def test_a_look_that_cannot_be_journalled_shows_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from db.vault.chain import Chain

    records.add(store, "person", {"pseudonym": "Willow-27"})
    before = entries(store)

    def broken(_: Chain) -> None:
        raise Damaged("unit.db is damaged")

    monkeypatch.setattr(Chain, "finish", broken)
    with pytest.raises(Damaged):
        records.listing(store, "person")
    assert entries(store) == before


def test_a_look_at_what_was_erased_leaves_no_words_behind(store: Store) -> None:
    found = bytes.fromhex("ab" * 16)
    with store.write() as tx:
        tx.create_as("person", found, {"pseudonym": "Willow-27", "sharing_level": 1, "status": "active"})
    with store.write("subject_access") as tx:
        tx.erase(found)
    with store.consult("person", found, reason="audit", note="who was she") as look:
        look.shown(1, [found.hex()])
    assert verify(store).ok
    assert store.cipher.execute(
        "select count(*) from payload where body like '%who was she%'"
    ).fetchone() == (0,)


def test_who_saw_what_is_due_about_her_looked_at_her(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    due = records.add(store, "followup", {"what": "ring", "due_on": "2026-11-20", "about": her})["ref"]
    before = len(looking.looks(store, her, Why("audit")))
    records.listing(store, "followup")
    records.show(store, "followup", due)
    today.of(store)
    assert len(looking.looks(store, her, Why("audit"))) == before + 4  # the first look at the looks as well
