import pytest

from db import drafts, engagements, journals, records
from db.drafts import Draft
from db.errors import NotFound
from db.vault import opening, rebuild
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.erased import ask_and_empty

FIELDS = {"who": "kas", "note": "says he waits by the underpass"}


def kept(store: Store, draft: str = "0a" * 16, about: tuple[str, ...] = ()) -> None:
    drafts.keep(store, Draft(draft, 0, "engagement", FIELDS, about))


def test_a_draft_comes_back_to_its_writer_as_it_was(store: Store, unit: Unit) -> None:
    kept(store)
    (found,) = drafts.give_back(store, unit.opened)
    assert found == Draft("0a" * 16, store.now(), "engagement", FIELDS)


def test_keeping_a_draft_again_replaces_it_and_no_entry_tells_of_either(store: Store, unit: Unit) -> None:
    before = len(journals.entries(store))
    kept(store)
    drafts.keep(store, Draft("0a" * 16, 0, "engagement", {"who": "ton"}))
    assert [one.fields for one in drafts.give_back(store, unit.opened)] == [{"who": "ton"}]
    drafts.drop(store, "0a" * 16)
    assert drafts.count(store) == 0
    assert len(journals.entries(store)) == before


def test_whoever_opens_the_file_reads_no_word_of_a_draft(store: Store) -> None:
    kept(store)
    (sealed,) = store.cipher.execute("select sealed from draft").fetchone()
    assert b"underpass" not in sealed
    assert b"engagement" not in sealed
    assert len(sealed) == 512 + 48  # the size says little of what was typed


def test_another_member_is_given_none_of_it(store: Store, unit: Unit) -> None:
    kept(store)
    stranger = unit.opened.__class__(unit.opened.slot, bytes(32), unit.opened.unit, unit.opened.genesis)
    assert drafts.give_back(store, stranger) == []
    assert drafts.count(store) == 1


def test_a_draft_is_gone_after_72_hours(store: Store, unit: Unit, clock: Clock) -> None:
    kept(store)
    clock.forward(72 * 3600 - 1)
    assert len(drafts.give_back(store, unit.opened)) == 1
    clock.forward(2)
    assert drafts.count(store) == 0
    assert drafts.give_back(store, unit.opened) == []
    assert store.cipher.execute("select count(*) from draft").fetchone() == (0,)


def test_erasing_a_record_takes_the_drafts_about_it(store: Store, unit: Unit) -> None:
    person = records.add(store, "person", {"pseudonym": "Alder-11"})
    (record,) = store.cipher.execute("select id from record where ref = ?", (person["ref"],)).fetchone()
    kept(store, about=(person["ref"],))
    kept(store, "0b" * 16)
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as own:
        own.clock = store.clock
        with own.write("subject_access") as tx:
            tx.erase(record)
    assert [one.id for one in drafts.give_back(store, unit.opened)] == ["0b" * 16]


def test_a_dropped_draft_is_in_the_file_no_more(store: Store, unit: Unit) -> None:
    kept(store)
    (sealed,) = store.cipher.execute("select sealed from draft").fetchone()
    drafts.drop(store, "0a" * 16)
    with store.cipher.trusted() as connection:
        (size,) = connection.execute("pragma page_count").fetchone()
    assert size
    assert (unit.folder / "unit.db-wal").stat().st_size == 0
    assert sealed


def test_drafts_stand_beside_the_journal_which_verifies_and_is_made_anew_without_them(
    store: Store, unit: Unit
) -> None:
    kept(store)
    assert verify(store).ok
    rebuild.rebuild(store)
    assert verify(store).ok
    assert drafts.count(store) == 1


def test_a_contact_and_the_draft_it_was_typed_as_go_together_or_not_at_all(store: Store, unit: Unit) -> None:
    kept(store)
    typed = engagements.Contact({"at": "now", "narrative": "a word"})
    with pytest.raises(ValueError, match="hex"):
        engagements.save(store, typed, "no draft's id")
    assert (records.listing(store, "engagement"), drafts.count(store)) == ([], 1)
    engagements.save(store, typed, "0a" * 16)
    assert (len(records.listing(store, "engagement")), drafts.count(store)) == (1, 0)


def test_no_pause_brings_a_word_back_of_somebody_who_was_erased_at_another_desk(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Alder-11"})["ref"]
    kept(store, about=(her,))
    ask_and_empty(store, "person", her)
    assert drafts.count(store) == 0
    with pytest.raises(NotFound, match="erased"):
        kept(store, about=(her,))
    assert drafts.count(store) == 0
