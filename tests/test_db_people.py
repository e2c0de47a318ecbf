"""The women's identities stand apart: sealed, opened by a liaison with a reason, destroyed on request."""

from pathlib import Path

import pytest

from db import doctor, people, records
from db.errors import Locked, NotFound, Refused, Usage
from db.records import Why
from db.vault.store import Store
from db.vault.verify import verify
from tests import imports
from tests.conftest import Unit

NAME = {"given_name": "Testina", "surname": "Inventedova", "telephones": ["07700 900123"]}


def willow(store: Store) -> str:
    return str(records.add(store, "person", {"pseudonym": "Willow-27", "sex": "woman"})["ref"])


def decrypted(store: Store) -> bytes:
    """Every byte of the decrypted file, pages in use and free ones alike."""
    copy = store.folder.parent / "plain.db"
    with store.cipher.trusted() as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.execute(f"attach '{copy}' as plain key ''")
        connection.execute("select sqlcipher_export('plain')")
        connection.execute("detach plain")
    return copy.read_bytes()


def test_a_sealed_name_is_revealed_to_a_liaison_who_gives_a_reason(store: Store, unit: Unit) -> None:
    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    shown = people.reveal(store, unit.opened, ref, Why("safeguarding"))
    assert (shown["given_name"], shown["telephones"]) == ("Testina", ["07700 900123"])


def test_a_reveal_is_journalled_as_a_consultation_with_its_reason(store: Store, unit: Unit) -> None:
    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    people.reveal(store, unit.opened, ref, Why("safeguarding", "rang about her brother"))
    row = store.cipher.execute(
        "select operation, role, detail from entry order by seq desc limit 1"
    ).fetchone()
    assert row[:2] == ("consultation", "liaison")
    assert '"reason":"safeguarding"' in row[2]
    assert "brother" not in row[2]


def test_a_reveal_without_a_reason_is_refused(store: Store, unit: Unit) -> None:
    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    with pytest.raises(Usage, match="--reason"):
        people.reveal(store, unit.opened, ref, Why())


def test_who_holds_no_identity_key_opens_no_name(store: Store, unit: Unit) -> None:
    from dataclasses import replace

    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    officer = replace(unit.opened, slot=replace(unit.opened.slot, identity_keys={}))
    with pytest.raises(Locked, match="liaison"):
        people.reveal(store, officer, ref, Why("safeguarding"))


def test_no_name_is_in_the_decrypted_file(store: Store) -> None:
    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    raw = decrypted(store)
    assert b"Willow-27" in raw
    for word in (b"Testina", b"Inventedova", b"900123"):
        assert word not in raw


def test_a_second_version_replaces_the_first_whole(store: Store, unit: Unit) -> None:
    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    people.seal_identity(store, ref, {"given_name": "Otherina"}, Why())
    shown = people.reveal(store, unit.opened, ref, Why("welfare"))
    assert (shown["given_name"], shown["surname"]) == ("Otherina", None)
    assert verify(store).ok


def test_detaching_destroys_the_name_and_keeps_the_pseudonym(store: Store, unit: Unit) -> None:
    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    people.detach(store, ref, Why("correction"))
    assert records.show(store, "person", ref)["pseudonym"] == "Willow-27"
    with pytest.raises(NotFound):
        people.reveal(store, unit.opened, ref, Why("welfare"))
    assert store.cipher.execute("select count(*) from data_key").fetchone() == (0,)
    assert verify(store).ok


def test_a_sealed_name_moved_to_another_woman_does_not_open(store: Store, unit: Unit) -> None:
    from db.errors import Damaged

    one, other = willow(store), records.add(store, "person", {"pseudonym": "Rowan-04"})["ref"]
    people.seal_identity(store, one, NAME, Why())
    with store.cipher.trusted() as connection:
        connection.execute("update identity set person = (select n from record where ref = ?)", (other,))
    with pytest.raises(Damaged):
        people.reveal(store, unit.opened, other, Why("welfare"))
    assert "identity-differs" in {fault.name for fault in verify(store).faults}


@pytest.mark.parametrize("born", ["2010", "2008-12", "2008-11-25"])
def test_a_birth_date_under_eighteen_is_a_hard_stop(store: Store, born: str) -> None:
    ref = willow(store)
    with pytest.raises(Refused):
        people.seal_identity(store, ref, {"date_of_birth": born}, Why())


def test_eighteen_today_is_no_longer_under_eighteen(store: Store) -> None:
    assert people.seal_identity(store, willow(store), {"date_of_birth": "2008-11-24"}, Why())


@pytest.mark.parametrize("field", ["nationality", "address", "immigration_status"])
def test_what_could_harm_her_is_refused_by_name_even_in_the_sealed_identity(store: Store, field: str) -> None:
    ref = willow(store)
    with pytest.raises(Refused, match=field):
        people.seal_identity(store, ref, {field: "x"}, Why())


def test_the_first_look_from_a_new_desk_is_journalled_and_judged_like_any_other(
    store: Store, unit: Unit
) -> None:
    ref = willow(store)
    people.seal_identity(store, ref, NAME, Why())
    store.forget_desk()
    people.reveal(store, unit.opened, ref, Why("safeguarding"))
    rows = store.cipher.execute("select detail, role from entry order by at desc limit 2").fetchall()
    assert '"event":"desk_new"' in rows[1][0]
    assert ('"event":"reveal"' in rows[0][0], rows[0][1]) == (True, "liaison")
    store.forget_desk()
    store.member = store.member._replace(roles=())
    with pytest.raises(Refused):
        people.reveal(store, unit.opened, ref, Why("safeguarding"))


# sharing level 0


@pytest.mark.parametrize(("name", "words"), [("known_as", ["Red"]), ("safety", "ring nobody")])
def test_at_level_0_no_words_of_her_are_kept(store: Store, tmp_path: Path, name: str, words: object) -> None:
    said = f"{name}: sharing level 0 keeps no such words of her"
    with pytest.raises(Refused, match=said):
        people.add(store, {"pseudonym": "Willow-27", "sharing_level": 0, name: words}, Why())
    ref = str(people.add(store, {"pseudonym": "Willow-27", "sharing_level": 0}, Why())["ref"])
    with pytest.raises(Refused, match=said):
        people.amend(store, ref, {name: words}, Why())
    people.amend(store, ref, {"sharing_level": 1, name: words}, Why())
    with pytest.raises(Refused, match=said):
        people.amend(store, ref, {"sharing_level": 0}, Why())
    people.amend(store, ref, {"sharing_level": 0, name: None}, Why())
    done = imports.Desk(store, tmp_path).lines(
        "person", {"pseudonym": "Hazel-11", "sharing_level": 0, name: words}
    )
    assert [str(one.why).startswith(said) for one in done.problems] == [True]


def test_doctor_names_who_is_of_level_0_with_words_and_she_can_still_be_changed(store: Store) -> None:
    with store.write() as tx:  # as an earlier beech wrote it
        fields = {"pseudonym": "Willow-27", "sharing_level": 0, "safety": "ring nobody", "status": "active"}
        ref = tx.ref(tx.create("person", fields | {"sex": "woman", "age_band": "unknown"}))
    people.amend(store, ref, {"status": "no_contact"}, Why())
    (told,) = (one for one in doctor.unit(store).findings if one.check == "levels")
    assert f"beech people amend {ref} --clear known_as --clear safety" in str(told.mend)
    people.amend(store, ref, {"known_as": None, "safety": None}, Why())
    assert all(one.ok for one in doctor.unit(store).findings if one.check == "levels")
