"""People join, forget, fall ill and leave; keys follow the signed journal and nobody else."""

import json
import os
from pathlib import Path

import pytest

from db import members, people, records, standing
from db.errors import BeechError, Damaged, Locked, NotFound, Refused
from db.records import Why
from db.vault import identity_keys, keys, opening, rotation
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit

FACE = Face("script", "test")
JO = "quiet saddle orchard ninepins"


def open_as(folder: Path, passphrase: str, name: str) -> tuple[Store, keys.Opened]:
    return opening.with_passphrase(folder, passphrase, name, FACE)


def join(store: Store, unit: Unit, name: str = "Jo", roles: tuple[str, ...] = ()) -> None:
    code = members.add(store, unit.opened, name, roles)
    members.join(unit.folder, name, code, JO, FACE)


def test_a_newcomer_joins_with_a_one_time_code_and_a_passphrase_of_his_own(store: Store, unit: Unit) -> None:
    join(store, unit)
    theirs, _ = open_as(unit.folder, JO, "jo")
    with theirs:
        ref = records.add(theirs, "person", {"pseudonym": "Alder-03"})["ref"]
    assert records.show(store, "person", ref)["pseudonym"] == "Alder-03"
    assert verify(store).ok


def test_a_joining_code_works_once(store: Store, unit: Unit) -> None:
    code = members.add(store, unit.opened, "Jo", ())
    members.join(unit.folder, "Jo", code, JO, FACE)
    with pytest.raises(NotFound):
        members.join(unit.folder, "Jo", code, JO, FACE)


def test_the_seed_of_the_code_signs_nothing_once_the_newcomer_has_joined(store: Store, unit: Unit) -> None:
    code = members.add(store, unit.opened, "Jo", ())
    slot = keys.load(unit.folder / "members.json").named("Jo")
    old = keys.open_slot(keys.load(unit.folder / "members.json"), slot, opening.plain_code(code))
    members.join(unit.folder, "Jo", code, JO, FACE)
    with opening.with_opened(unit.folder, old, FACE) as theirs:
        records.add(theirs, "person", {"pseudonym": "Alder-03"})
    assert "signature-wrong" in {fault.name for fault in verify(store).faults}


def test_an_officer_opens_no_name_and_a_liaison_does(store: Store, unit: Unit) -> None:
    ref = str(records.add(store, "person", {"pseudonym": "Willow-27"})["ref"])
    people.seal_identity(store, ref, {"given_name": "Testina"}, Why())
    join(store, unit)
    theirs, opened = open_as(unit.folder, JO, "Jo")
    with theirs, pytest.raises(Locked):
        people.reveal(theirs, opened, ref, Why("welfare"))
    members.set_roles(store, unit.opened, "Jo", ("liaison",))
    theirs, opened = open_as(unit.folder, JO, "Jo")
    with theirs:
        assert people.reveal(theirs, opened, ref, Why("welfare"))["given_name"] == "Testina"


def test_only_a_supervisor_adds_members(store: Store, unit: Unit) -> None:
    join(store, unit)
    theirs, opened = open_as(unit.folder, JO, "Jo")
    with theirs, pytest.raises(Refused, match="supervisor"):
        members.add(theirs, opened, "Mallory", ("supervisor",))


def test_the_unit_is_never_left_without_supervisor_or_liaison(store: Store, unit: Unit) -> None:
    join(store, unit)
    with pytest.raises(Refused, match="liaison"):
        members.set_roles(store, unit.opened, "Sam", ("supervisor",))
    with pytest.raises(Refused):
        members.remove(store, unit.opened, "Sam", "Jo")


def test_a_forgotten_passphrase_is_reset_by_a_supervisor(store: Store, unit: Unit) -> None:
    join(store, unit)
    code = members.reset(store, unit.opened, "Jo")
    with pytest.raises(Locked):
        open_as(unit.folder, JO, "Jo")
    members.join(unit.folder, "Jo", code, "another saddle orchard tenpins", FACE)
    theirs, _ = open_as(unit.folder, "another saddle orchard tenpins", "Jo")
    theirs.close()
    assert verify(store).ok


def test_a_leavers_follow_ups_are_handed_over_and_his_key_opens_nothing_more(
    store: Store, unit: Unit
) -> None:
    join(store, unit)
    theirs, old = open_as(unit.folder, JO, "Jo")
    theirs.close()
    old_members = (unit.folder / "members.json").read_bytes()
    due = records.add(store, "followup", {"what": "ring back", "owner": "Jo", "due_on": "2026-12-01"})
    assert members.remove(store, unit.opened, "Jo", "Sam") is False
    store.close()
    mine = rotation.rotate_store(unit.folder, unit.opened, FACE)
    with opening.with_opened(unit.folder, mine, FACE) as after:
        assert records.show(after, "followup", due["ref"])["owner"] == "Sam"
        assert verify(after).ok
    with pytest.raises(NotFound):
        open_as(unit.folder, JO, "Jo")
    with pytest.raises(BeechError):
        opening.with_opened(unit.folder, old, FACE)
    assert old_members != (unit.folder / "members.json").read_bytes()


def test_when_a_liaison_leaves_the_key_to_the_names_is_changed(store: Store, unit: Unit) -> None:
    ref = str(records.add(store, "person", {"pseudonym": "Willow-27"})["ref"])
    people.seal_identity(store, ref, {"given_name": "Testina"}, Why())
    join(store, unit, roles=("liaison",))
    theirs, leaver = open_as(unit.folder, JO, "Jo")
    theirs.close()
    assert members.remove(store, unit.opened, "Jo", "Sam") is True
    assert identity_keys.is_due(store)
    before = store.cipher.execute("select body from payload").fetchall()
    identity_keys.rotate(store, unit.opened)
    assert not identity_keys.is_due(store)
    assert store.cipher.execute("select body from payload").fetchall() == before + [
        row for row in store.cipher.execute("select body from payload").fetchall() if row not in before
    ]
    mine = keys.open_slot(
        keys.load(unit.folder / "members.json"),
        keys.load(unit.folder / "members.json").named("Sam"),
        unit.passphrase,
    )
    assert people.reveal(store, mine, ref, Why("welfare"))["given_name"] == "Testina"
    with pytest.raises(Locked):
        people.reveal(store, leaver, ref, Why("welfare"))
    assert verify(store).ok


def test_the_recovery_code_opens_a_new_way_in_and_is_replaced(store: Store, unit: Unit) -> None:
    done = members.recover(
        unit.folder, unit.recovery_code.lower(), "Sam", "a wholly new lantern phrase", FACE
    )
    theirs, _ = open_as(unit.folder, "a wholly new lantern phrase", "Sam")
    with theirs:
        records.add(theirs, "person", {"pseudonym": "Alder-03"})
        assert verify(theirs).ok
    with pytest.raises(Locked):
        members.recover(unit.folder, unit.recovery_code, "Sam", "x" * 20, FACE)
    assert members.recover(unit.folder, done.recovery_code, "Sam", "yet another lantern phrase", FACE)


def test_the_use_of_the_recovery_code_is_announced_for_thirty_days(
    store: Store, unit: Unit, clock: Clock
) -> None:
    done = members.recover(unit.folder, unit.recovery_code, "Sam", "a wholly new lantern phrase", FACE)
    (at,) = store.cipher.execute("select max(at) from desk").fetchone()
    clock.ms = (at >> 16) + 1000
    assert done.recovery_code not in " ".join(standing.announced(store))
    assert any("recovery code was used" in said for said in standing.announced(store))
    clock.forward(31 * 24 * 3600)
    assert standing.announced(store) == []


def test_the_next_liaison_who_unlocks_changes_the_key_that_is_due(store: Store, unit: Unit) -> None:
    join(store, unit, roles=("liaison",))
    members.remove(store, unit.opened, "Jo", "Sam")
    assert any("liaison has left" in said for said in standing.announced(store))
    assert len(standing.settle(store, unit.opened)) == 1
    assert standing.announced(store) == []
    assert standing.settle(store, unit.opened) == []


def test_the_recovery_code_writes_no_record(store: Store, unit: Unit) -> None:
    loaded = keys.load(unit.folder / "members.json")
    slot = next(s for s in loaded.slots if s.kind == "recovery")
    opened = keys.open_slot(loaded, slot, opening.plain_code(unit.recovery_code))
    with opening.with_opened(unit.folder, opened, FACE) as thief, pytest.raises(Refused):
        records.add(thief, "person", {"pseudonym": "Alder-03"})


def test_a_compromised_passphrase_gets_a_new_seed_and_a_new_store_key(store: Store, unit: Unit) -> None:
    ref = records.add(store, "person", {"pseudonym": "Alder-03"})["ref"]
    store.close()
    stolen = (unit.folder / "members.json").read_bytes()
    members.change_passphrase(
        unit.folder, unit.opened, "fresh lantern words here now", FACE, compromised=True
    )
    theirs, _ = open_as(unit.folder, "fresh lantern words here now", "Sam")
    with theirs:
        assert records.show(theirs, "person", ref)["pseudonym"] == "Alder-03"
        assert verify(theirs).ok
    (unit.folder / "members.json").write_bytes(stolen)
    with pytest.raises(Damaged):
        open_as(unit.folder, unit.passphrase, "Sam")


@pytest.mark.parametrize("stop", rotation.STEPS)
def test_a_kill_at_any_step_of_a_rotation_leaves_a_unit_that_opens(
    store: Store, unit: Unit, stop: str
) -> None:
    ref = records.add(store, "person", {"pseudonym": "Alder-03"})["ref"]
    store.close()
    child = os.fork()
    if child == 0:
        rotation.rotate_store(
            unit.folder, unit.opened, FACE, lambda name: os._exit(9) if name == stop else None
        )
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    after, _ = open_as(unit.folder, unit.passphrase, "Sam")
    with after:
        assert records.show(after, "person", ref)["pseudonym"] == "Alder-03"
        assert verify(after).ok
    again = keys.open_slot(
        keys.load(unit.folder / "members.json"),
        keys.load(unit.folder / "members.json").named("Sam"),
        unit.passphrase,
    )
    rotation.rotate_store(unit.folder, again, FACE)
    after, _ = open_as(unit.folder, unit.passphrase, "Sam")
    after.close()


def test_an_edited_member_table_gets_nobody_a_key_and_is_named(store: Store, unit: Unit) -> None:
    join(store, unit)
    with store.cipher.trusted() as connection:
        connection.execute("update member set roles = ? where name = 'Jo'", (json.dumps(["liaison"]),))
    assert "member-differs" in {fault.name for fault in verify(store).faults}
    identity_keys.hand_on_all(store, unit.opened)
    identity_keys.rotate(store, unit.opened)
    assert keys.load(unit.folder / "members.json").named("Jo").identity_keys == {}


def test_a_rotation_while_somebody_else_has_the_unit_open_changes_nothing(
    store: Store, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from db.errors import Busy
    from db.vault import holding

    monkeypatch.setattr(holding, "WAIT_SECONDS", 0.2)
    before = (unit.folder / "members.json").read_bytes()
    with pytest.raises(Busy, match="open"):
        rotation.rotate_store(unit.folder, unit.opened, FACE)
    assert (unit.folder / "members.json").read_bytes() == before
    assert store.cipher.execute("select 1").fetchone() == (1,)
