"""Finding a woman by her sealed name or number: whom it finds, who may, and what it leaves behind."""

import pytest

from db import erasure, members, people, sealed
from db.errors import Locked, Usage
from db.records import Why
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Unit
from tests.desk import process
from tests.erased import WORDS
from tests.pages import raw_pages
from tests.tallied import woman

WHY = Why("safeguarding")
NAMED = {"given_name": "Testína", "surname": "O'Invented-Smith", "telephones": ["07700 900123"]}


@pytest.fixture
def her(store: Store) -> str:
    ref = woman(store, "Willow-1")
    people.seal_identity(store, ref, NAMED, Why())
    people.seal_identity(store, woman(store, "Rowan-2"), {"given_name": "Somebody", "surname": "Else"}, Why())
    return ref


def found(store: Store, unit: Unit, typed: str) -> list[tuple[str, str]]:
    return [(one["ref"], one["field"]) for one in sealed.find_sealed(store, unit.opened, typed, WHY)]


@pytest.mark.parametrize(
    "typed", ["testina", "TESTÍNA invented", "smith", "o'inv", "smith testina", "Tesstina"]
)
def test_a_name_is_found_begun_unaccented_or_spelt_nearly_so(
    store: Store, unit: Unit, her: str, typed: str
) -> None:
    assert found(store, unit, typed) == [(her, "name")]


@pytest.mark.parametrize("typed", ["07700900123", "+44 7700 900 123", "900123"])
def test_a_number_is_found_whole_or_in_part(store: Store, unit: Unit, her: str, typed: str) -> None:
    assert found(store, unit, typed) == [(her, "telephones")]


@pytest.mark.parametrize("typed", ["willow", "testina else", "stina", "07700900124"])
def test_a_pseudonym_half_a_match_or_another_number_finds_nobody(
    store: Store, unit: Unit, her: str, typed: str
) -> None:
    assert found(store, unit, typed) == []


def test_a_restricted_woman_is_found_and_one_whose_identity_is_destroyed_is_not(
    store: Store, unit: Unit, her: str
) -> None:
    erasure.restrict(store, "person", her, WHY)
    (one,) = sealed.find_sealed(store, unit.opened, "testina", WHY)
    assert (one["pseudonym"], one["state"]) == ("Willow-1", "restricted")
    people.detach(store, her, WHY)
    assert found(store, unit, "testina") == []


def test_the_look_names_who_was_shown_and_nothing_of_the_name_is_kept(
    store: Store, unit: Unit, her: str
) -> None:
    found(store, unit, "invented-smith")
    operation, event, body, session = store.cipher.execute(
        "select e.operation, json_extract(e.detail, '$.event'), p.body, e.session from entry as e "
        "join payload as p on p.desk = e.desk and p.seq = e.seq order by e.at desc limit 1"
    ).fetchone()
    (record,) = store.cipher.execute("select id from record where ref = ?", (her,)).fetchone()
    assert (operation, event, session) == ("consultation", "find_sealed", None)
    assert record.hex().encode() in body
    assert b"smith" not in raw_pages(store).lower()
    assert verify(store).ok


def test_it_takes_a_liaison_a_reason_and_something_to_look_for(store: Store, unit: Unit, her: str) -> None:
    with pytest.raises(Usage, match="--reason"):
        sealed.find_sealed(store, unit.opened, "testina", Why())
    for typed in ("", " - "):
        with pytest.raises(Usage, match="nothing to look for"):
            found(store, unit, typed)
    code = members.add(store, unit.opened, "Jo", ())
    members.join(unit.folder, "Jo", code, WORDS, Face("script", "test"))
    theirs, opened = opening.with_passphrase(unit.folder, WORDS, "Jo", Face("script", "test"))
    with theirs, pytest.raises(Locked, match="liaison"):
        sealed.find_sealed(theirs, opened, "testina", WHY)


def test_a_session_or_a_file_never_finds_a_name(store: Store, unit: Unit, her: str) -> None:
    store.close()
    ran = process(
        *("people", "find-sealed", "-", "--reason", "safeguarding", "--unit", str(unit.folder)),
        stdin=b"testina",
        BEECH_PASSPHRASE_FILE=str(unit.secret),
    )
    assert (ran.code, ran.out) == (3, "")
    assert "testina" not in ran.err.lower()
