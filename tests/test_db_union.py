"""Two copies of a unit meet: what is brought together, refused or set aside, and what a file carries."""

import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from db import judgements, members, people, records
from db.errors import Ambiguous, Damaged, Locked, NotFound, Refused
from db.exchange import undoing
from db.records import Why
from db.rules.records import spoken
from db.vault import fold, forks, journal, keys, opening, signing, union_file
from db.vault.rebuild import rebuild
from db.vault.store import Face, Member, Signer
from db.vault.union_check import Part
from db.vault.verify import verify
from tests import imports
from tests.conftest import Unit
from tests.desks import At, exchange, two_of

MAN = {"name": "Invented Man"}
FACE = Face("script", "test")


@pytest.fixture
def two(founded: Unit, tmp_path: Path) -> Iterator[tuple[At, At]]:
    """Two desks of one unit."""
    with two_of(founded, tmp_path) as desks:
        yield desks


def whole(*desks: At) -> None:
    """Ask that the desks have the same rows, that each verifies, and that a rebuild changes nothing."""
    rows = desks[0].rows()
    for desk in desks:
        assert desk.rows() == rows
        assert verify(desk.store).faults == ()
    rebuild(desks[-1].store)
    assert desks[-1].rows() == rows
    assert verify(desks[-1].store).faults == ()


def record_of(desk: At, ref: str) -> bytes:
    return bytes(desk.store.cipher.execute("select id from record where ref = ?", (ref,)).fetchone()[0])


def fields_of(desk: At, kind: str, record: bytes) -> dict[str, Any]:
    found = desk.store.cipher.execute("select n from record where id = ?", (record,)).fetchone()
    from db.vault.projection import read_fields

    return read_fields(desk.store.cipher, kind, found[0])


# what is brought together


def test_what_each_of_two_desks_wrote_is_on_both(two: tuple[At, At]) -> None:
    a, b = two
    woman = records.add(a.store, "person", {"pseudonym": "Willow-27"})["ref"]
    records.add(
        a.store, "engagement", {"at": "2026-11-20T21:00", "people": [woman], "narrative": "by the bridge"}
    )
    records.add(b.store, "offender", MAN)
    exchange(a, b)
    assert [record["name"] for record in records.listing(a.store, "offender")] == ["Invented Man"]
    assert records.listing(b.store, "engagement")[0]["people"] == [woman]
    whole(a, b)


def test_bringing_the_same_again_changes_nothing(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    known = a.parts()
    assert b.bring(known).entries == len(known) - 1  # genesis was here before
    rows = b.rows()
    assert b.bring(known).entries == 0
    assert b.rows() == rows


def test_words_that_came_from_elsewhere_are_found(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "engagement", {"at": "2026-11-20T21:00", "narrative": "lanterns on the quay"})
    exchange(a, b)
    with b.store.counts() as reader:
        found = reader.execute("select rowid from engagement_words where engagement_words match 'lanterns'")
        assert len(found.fetchall()) == 1


def test_an_edit_made_on_top_of_what_came_wins_though_its_desks_clock_is_behind(two: tuple[At, At]) -> None:
    a, b = two
    b.clock.forward(-7200)
    ref = records.add(a.store, "offender", MAN)["ref"]
    exchange(a, b)
    records.amend(b.store, "offender", ref, {"name": "Corrected Man"}, Why("correction"))
    exchange(a, b)
    assert fields_of(a, "offender", record_of(a, ref))["name"] == "Corrected Man"
    assert forks.open_conflicts(a.store) == []
    whole(a, b)


def test_a_conflict_is_open_until_somebody_who_saw_both_sets_the_field_again(two: tuple[At, At]) -> None:
    a, b = two
    ref = records.add(a.store, "offender", MAN)["ref"]
    exchange(a, b)
    records.amend(a.store, "offender", ref, {"hair": "red"}, Why("correction"))
    records.amend(b.store, "offender", ref, {"hair": "black"}, Why("correction"))
    exchange(a, b)
    for desk in two:
        (found,) = forks.open_conflicts(desk.store)
        assert (found.ref, [conflict.field for conflict in found.conflicts]) == (ref, ["hair"])
    records.amend(a.store, "offender", ref, {"build": "slim"}, Why("correction"))
    exchange(a, b)
    assert len(forks.open_conflicts(b.store)) == 1
    settled = "black" if records.show(b.store, "offender", ref)["hair"] == "red" else "red"
    records.amend(b.store, "offender", ref, {"hair": settled}, Why("correction"))
    exchange(a, b)
    assert forks.open_conflicts(a.store) == []
    assert records.show(a.store, "offender", ref)["hair"] == settled
    whole(a, b)


def test_one_file_imported_on_two_desks_is_one_record(two: tuple[At, At]) -> None:
    a, b = two
    for desk, words in ((a, "silver car"), (b, "grey car")):
        records.add(
            desk.store, "engagement", {"external_ref": "X1", "at": "2026-11-01T20:00", "narrative": words}
        )
    exchange(a, b)
    assert len(records.listing(a.store, "engagement")) == 1
    whole(a, b)


def test_what_one_desk_imported_and_took_back_is_taken_in_by_another(
    two: tuple[At, At], tmp_path: Path
) -> None:
    a, b = two
    here = imports.Desk(a.store, tmp_path)
    here.take("engagement", imports.CSV + imports.ONE)
    back = here.take("engagement", imports.CSV + imports.TWO)
    undoing.undo(a.store, back.id, Why("correction"))
    assert [taken.faults for taken in exchange(a, b)] == [(), ()]
    assert [row["external_ref"] for row in records.listing(b.store, "engagement")] == ["X1"]
    whole(a, b)


def test_at_level_0_no_words_are_kept_whoever_wrote_them_meanwhile(two: tuple[At, At]) -> None:
    a, b = two
    ref = records.add(a.store, "engagement", {"at": "2026-11-20T21:00", "narrative": "by the bridge"})["ref"]
    exchange(a, b)
    records.amend(a.store, "engagement", ref, {"sharing_level": "0", "narrative": None}, Why("correction"))
    records.amend(b.store, "engagement", ref, {"narrative": "under the bridge"}, Why("correction"))
    exchange(a, b)
    shown = records.show(b.store, "engagement", ref)
    assert (shown["sharing_level"], shown["narrative"]) == (0, None)
    whole(a, b)


def test_two_identities_of_one_woman_sealed_apart_are_both_kept(two: tuple[At, At]) -> None:
    a, b = two
    ref = records.add(a.store, "person", {"pseudonym": "Willow-27"})["ref"]
    people.seal_identity(a.store, ref, {"given_name": "Invented"}, Why())
    exchange(a, b)
    people.seal_identity(a.store, ref, {"given_name": "Imagined"}, Why())
    people.seal_identity(b.store, ref, {"given_name": "Fancied"}, Why())
    exchange(a, b)
    names = {people.reveal(desk.store, desk.unit.opened, ref, Why("welfare"))["given_name"] for desk in two}
    assert names <= {"Imagined", "Fancied"}
    assert len(names) == 1
    exchange(a, b)
    whole(a, b)


# erasure


def test_an_erasure_outranks_an_edit_made_elsewhere_before_or_after_it(two: tuple[At, At]) -> None:
    a, b = two
    ref = records.add(a.store, "offender", {"name": "Raw Word Zebedee"})["ref"]
    exchange(a, b)
    record = record_of(a, ref)
    with a.store.write("subject_access") as tx:
        tx.erase(record)
    b.clock.forward(3600)
    records.amend(b.store, "offender", ref, {"name": "Zebedee again", "hair": "red"}, Why("correction"))
    exchange(a, b)
    exchange(a, b)
    for desk in two:
        assert not any("ebedee" in str(part.body) for part in desk.parts())
        assert desk.store.cipher.execute("select count(*) from offender").fetchone() == (0,)
    whole(a, b)


def test_an_erased_record_stays_erased_when_the_file_is_imported_again_elsewhere(two: tuple[At, At]) -> None:
    a, b = two
    row = {"external_ref": "X1", "at": "2026-11-01T20:00", "narrative": "words of Zebedee"}
    ref = records.add(a.store, "engagement", row)["ref"]
    with a.store.write("subject_access") as tx:
        tx.erase(record_of(a, ref))
    records.add(b.store, "engagement", row)
    exchange(a, b)
    for desk in two:
        assert not any("Zebedee" in str(part.body) for part in desk.parts())
        assert records.listing(desk.store, "engagement") == []
    whole(a, b)


# references


def test_two_records_that_were_given_one_reference_are_both_shown_longer(two: tuple[At, At]) -> None:
    a, b = two
    ids = [bytes.fromhex("abcdef0123456789" * 2), bytes.fromhex("abcdef9876543210" * 2)]
    for desk, record in zip(two, ids, strict=True):
        with desk.store.write() as tx:
            tx.create_as(
                "offender", record, {"category": "reported", "identity_confidence": "unknown", **MAN}
            )
    short = spoken("O", ids[0], 4)
    assert record_of(a, short) == ids[0]
    exchange(a, b)
    for desk in two:
        refs = {row[0] for row in desk.store.cipher.execute("select ref from record where kind = 'offender'")}
        assert refs == {spoken("O", record, 5) for record in ids}
        with pytest.raises(Ambiguous, match=spoken("O", ids[0], 5)):
            records.show(desk.store, "offender", short)
        assert records.show(desk.store, "offender", spoken("O", ids[1], 5))["name"] == "Invented Man"
    records.amend(a.store, "offender", spoken("O", ids[0], 5), {"hair": "red"}, Why("correction"))
    exchange(a, b)
    whole(a, b)


# judgements


def test_a_judgement_groups_under_the_earliest_and_is_taken_back_by_another(two: tuple[At, At]) -> None:
    a, b = two
    first, second, third = (records.add(a.store, "offender", {"name": f"Man {i}"})["ref"] for i in range(3))
    exchange(a, b)
    judgements.judge(a.store, second, first, "same", Why("correction"))
    judgements.judge(b.store, second, third, "same")
    judgements.judge(b.store, first, third, "different")
    exchange(a, b)
    for desk in two:
        with desk.store.counts() as reader:
            numbers = [
                reader.execute("select n from record where ref = ?", (r,)).fetchone()[0]
                for r in (first, second, third)
            ]
            assert {judgements.canonical(reader, n) for n in numbers} == {numbers[0]}
        assert [set(pair) for pair in judgements.contradictions(desk.store)] == [{first, third}]
    whole(a, b)
    judgements.judge(a.store, second, third, "unsure")
    exchange(a, b)
    assert b.store.cipher.execute("select count(*) from same_as").fetchone() == (2,)
    whole(a, b)


def test_two_desks_that_judge_one_pair_differently_have_made_one_judgement_in_conflict(
    two: tuple[At, At],
) -> None:
    a, b = two
    one, other = (records.add(a.store, "offender", {"name": f"Man {i}"})["ref"] for i in range(2))
    exchange(a, b)
    judgements.judge(a.store, one, other, "same")
    judgements.judge(b.store, other, one, "different")
    exchange(a, b)
    (found,) = forks.open_conflicts(b.store)
    assert (found.kind, [conflict.field for conflict in found.conflicts]) == ("judgement", ["verdict"])
    whole(a, b)


def test_only_two_records_of_one_kind_are_judged(two: tuple[At, At]) -> None:
    a, _ = two
    man = records.add(a.store, "offender", MAN)["ref"]
    woman = records.add(a.store, "person", {"pseudonym": "Willow-27"})["ref"]
    with pytest.raises(Refused, match="not judged together"):
        judgements.judge(a.store, man, woman, "same")
    with pytest.raises(Refused, match="one record"):
        judgements.judge(a.store, man, man, "same")


# faults


def faults_of(desk: At, parts: list[Part]) -> set[str]:
    before = desk.rows()
    taken = desk.bring(parts)
    assert taken.entries == 0
    assert desk.rows() == before
    assert verify(desk.store).faults == ()
    return {fault.name for fault in taken.faults}


def last_desk(parts: list[Part]) -> int:
    """Return the desk that wrote the newest entry."""
    return int(max(parts, key=lambda part: part.row[2]).row[0])


def forged(parts: list[Part], seed: bytes, unit: bytes, **changes: Any) -> list[Part]:
    """Return the parts with columns of the newest desk's last entry changed, chained and signed anew."""
    *others, last = sorted(parts, key=lambda part: (part.row[0] == last_desk(parts), part.row[1]))
    entry = last.entry._replace(**changes)
    before = next((p.row[13] for p in others if p.head == (entry.desk, entry.seq - 1)), journal.START)
    hashed = journal.entry_hash(unit, before, entry)
    return [*others, last._replace(row=(*entry, hashed, signing.sign(seed, hashed)))]


def test_one_number_of_one_desk_with_two_contents_is_an_alarm_and_nothing_of_that_desk_is_taken(
    two: tuple[At, At],
) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    parts = a.parts()
    b.bring(parts)
    other = forged(parts, a.unit.opened.seed, a.store.unit, at=max(p.row[2] for p in parts) + 5)
    assert faults_of(b, other) == {"desk-forked"}


def test_an_entry_moved_to_another_place_breaks_the_chain(two: tuple[At, At]) -> None:
    a, b = two
    for name in ("One", "Two"):
        records.add(a.store, "offender", {"name": name})
    parts = a.parts()
    mine = [part for part in parts if part.row[0] == last_desk(parts)]
    one, two_ = mine[-2:]
    moved = [
        *(part for part in parts if part not in (one, two_)),
        one._replace(row=(*two_.head, *one.row[2:])),
        two_._replace(row=(*one.head, *two_.row[2:])),
    ]
    assert faults_of(b, moved) == {"chain-broken"}


def test_an_entry_of_another_unit_breaks_the_chain(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    alien = forged(a.parts(), a.unit.opened.seed, bytes(16))
    assert "chain-broken" in faults_of(b, alien)


def test_a_payload_that_is_not_what_the_entry_says_is_refused(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    parts = [
        p._replace(body=b'{"set":{"name":"Other"}}') if p.body and b"Invented Man" in p.body else p
        for p in a.parts()
    ]
    assert faults_of(b, parts) == {"payload-altered"}


def test_a_payload_that_is_missing_without_an_erasure_is_refused(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    parts = [
        p._replace(salt=None, body=None) if p.body and b"Invented Man" in p.body else p for p in a.parts()
    ]
    assert faults_of(b, parts) == {"payload-missing"}


def test_an_actor_inside_anothers_transaction_is_refused(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    seed, unit = a.unit.opened.seed, a.store.unit
    assert "transaction-mixed" in faults_of(b, forged(a.parts(), seed, unit, actor="ab" * 8))


def test_an_entry_that_a_stranger_signed_is_refused(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    assert faults_of(b, forged(a.parts(), bytes(32), a.store.unit)) == {"signature-wrong"}


def test_words_in_the_clear_are_refused(two: tuple[At, At]) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    detail = '{"note":"words in the clear","ref":4}'
    assert "detail-not-codes" in faults_of(
        b, forged(a.parts(), a.unit.opened.seed, a.store.unit, detail=detail)
    )


def test_what_stands_on_entries_that_are_not_there_waits_until_they_are(
    two: tuple[At, At], tmp_path: Path
) -> None:
    a, b = two
    c = At(tmp_path / "c", a.unit)
    ref = records.add(a.store, "offender", MAN)["ref"]
    b.bring(a.parts())
    records.amend(b.store, "offender", ref, {"hair": "red"}, Why("correction"))
    whole_of_b = b.parts()
    mine = b.store.known_desk()
    alone = [part for part in whole_of_b if part.row[0] == mine]
    assert faults_of(c, alone) == {"base-unknown"}
    assert c.bring(whole_of_b).faults == ()
    whole(b, c)
    c.close()


def test_entries_over_a_day_ahead_are_kept_and_reported_and_pull_the_clock(two: tuple[At, At]) -> None:
    a, b = two
    a.clock.forward(30 * 3600)
    records.add(a.store, "offender", MAN)
    taken = b.bring(a.parts())
    assert taken.ahead == (a.store.known_desk(),)
    assert len(records.listing(b.store, "offender")) == 1
    ref = records.add(b.store, "offender", {"name": "Later Man"})["ref"]
    with b.store.counts() as reader:
        (heads,) = reader.execute("select heads from record where ref = ?", (ref,)).fetchone()
        assert fold.lineage(reader, heads)[0].at > max(part.row[2] for part in a.parts())
    exchange(a, b)
    whole(a, b)


def test_sessions_on_two_desks_stand_though_a_third_desks_clock_carries_both(
    two: tuple[At, At], tmp_path: Path
) -> None:
    a, b = two
    ahead = At(tmp_path / "c", a.unit)
    ahead.clock.forward(30 * 3600)
    records.add(ahead.store, "offender", MAN)
    a.clock.forward(12 * 3600)
    for desk in (b, a):
        session = opening.begin_session(desk.store, a.unit.opened)
        desk.bring(ahead.parts())
        with opening.with_session(desk.folder, session, FACE) as store:
            store.clock = desk.clock
            for i in range(6):
                records.add(store, "offender", {"name": f"Man {i}"})
        records.add(ahead.store, "offender", MAN)
    exchange(a, b)
    ahead.close()
    whole(a, b)
    names = [man["name"] for man in records.listing(a.store, "offender")]
    assert [names.count(f"Man {i}") for i in range(6)] == [2] * 6


# members


def joined(desk: At, name: str, roles: tuple[str, ...] = ("supervisor",)) -> bytes:
    """Let somebody join at a desk, with a seed that is known here; returns it."""
    seed = blake2b(name.encode(), digest_size=32).digest()
    member = blake2b(name.encode(), digest_size=8).hexdigest()
    with desk.store.write() as tx:
        public = signing.public_of(seed)
        tx.chain.event("member_add", {"member": member, "key": public, "roles": list(roles)}, {"name": name})
        tx.put_member(member, name, public, roles, "joining")
    with working(desk, name, seed, roles), desk.store.write() as tx:
        tx.chain.event("member_join", {"member": member, "key": public})
        tx.put_member(member, name, public, roles, "active")
    return seed


class working:
    """Somebody else sits down at a desk."""

    def __init__(self, desk: At, name: str, seed: bytes, roles: tuple[str, ...] = ("supervisor",)) -> None:
        self.desk = desk
        self.kept = desk.store.member, desk.store.signer
        self.member = Member(blake2b(name.encode(), digest_size=8).hexdigest(), name, roles)
        self.seed = seed

    def __enter__(self) -> None:
        store = self.desk.store
        store.member, store.signer = (
            self.member,
            Signer(lambda m: signing.sign(self.seed, m), None, None, None),
        )

    def __exit__(self, *_: object) -> None:
        self.desk.store.member, self.desk.store.signer = self.kept


def test_a_leavers_backdated_entries_lie_in_quarantine_whoever_brings_them(
    two: tuple[At, At], tmp_path: Path
) -> None:
    a, b = two
    c = At(tmp_path / "c", a.unit)
    seed = joined(a, "Lee")
    ref = records.add(a.store, "offender", MAN)["ref"]
    for desk in (b, c):
        desk.bring(a.parts())
    a.clock.forward(3600)
    members.remove(a.store, a.unit.opened, "Lee", "Sam")
    b.clock.forward(60)  # long before the removal
    with working(b, "Lee", seed):
        records.amend(b.store, "offender", ref, {"name": "Lee was here"}, Why("correction"))
        late = records.add(b.store, "offender", {"name": "Made by Lee"})["ref"]
        with b.store.write("subject_access") as tx:
            tx.erase(record_of(b, ref))
        with b.store.write() as tx:
            key = signing.public_of(bytes(32))
            tx.chain.event(
                "member_add", {"member": "cd" * 8, "key": key, "roles": ["supervisor"]}, {"name": "Kim"}
            )
            tx.put_member("cd" * 8, "Kim", key, ("supervisor",), "joining")
    records.amend(b.store, "offender", late, {"hair": "red"}, Why("correction"))  # by Sam, who knew no better
    c.bring(b.parts())
    taken = a.bring(b.parts())
    assert (taken.faults, taken.aside) == ((), 5)
    assert records.show(a.store, "offender", ref)["name"] == "Invented Man"
    assert "Kim" not in [member.name for member in members.listed(a.store)]
    b.bring(a.parts())
    c.bring(a.parts())
    assert records.show(b.store, "offender", ref)["name"] == "Invented Man"
    with pytest.raises(NotFound):
        records.show(c.store, "offender", late)
    exchange(a, b, c)
    whole(a, b, c)
    c.close()


def test_a_journal_that_would_undo_a_removal_is_refused_whole(two: tuple[At, At]) -> None:
    a, b = two
    seed = joined(a, "Lee")
    b.bring(a.parts())
    a.clock.forward(3600)
    members.remove(a.store, a.unit.opened, "Lee", "Sam")
    with working(b, "Lee", seed), b.store.write() as tx:
        heads = [list(row) for row in tx.execute("select desk, seq from desk").fetchall()]
        tx.chain.event("member_remove", {"member": a.store.member.id, "accepted": heads})
    rows = a.rows()
    with pytest.raises(Damaged, match="undo the removal"):
        a.bring(b.parts())
    assert a.rows() == rows


def test_somebody_removed_on_two_desks_at_once_is_removed(two: tuple[At, At]) -> None:
    a, b = two
    joined(a, "Lee", ("supervisor",))
    assert b.bring(a.parts()).faults == ()
    assert members.listed(b.store) == members.listed(a.store)
    for desk in two:
        members.remove(desk.store, desk.unit.opened, "Lee", "Sam")
    exchange(a, b)
    whole(a, b)


def test_an_officers_erasure_is_refused_though_he_signed_it(two: tuple[At, At]) -> None:
    a, b = two
    seed = joined(a, "Lee", ())
    ref = records.add(a.store, "offender", MAN)["ref"]
    b.bring(a.parts())
    with working(a, "Lee", seed, ("supervisor",)), a.store.write("subject_access") as tx:
        tx.erase(record_of(a, ref))
    taken = b.bring(a.parts())
    assert {fault.name for fault in taken.faults} == {"role-not-held"}
    assert records.show(b.store, "offender", ref)["name"] == "Invented Man"


# files


def test_a_file_carries_a_journal_to_another_desk(two: tuple[At, At], tmp_path: Path) -> None:
    a, b = two
    ref = records.add(a.store, "person", {"pseudonym": "Willow-27"})["ref"]
    people.seal_identity(a.store, ref, {"given_name": "Invented"}, Why())
    made = union_file.export(a.store, a.unit.opened, tmp_path / "a.beech")
    assert made == (len(a.parts()) - 1, 1)  # its own entry came after
    assert (tmp_path / "a.beech").stat().st_mode & 0o777 == 0o600
    taken = union_file.take(b.store, b.unit.opened, tmp_path / "a.beech")
    assert taken.faults == ()
    assert people.reveal(b.store, b.unit.opened, ref, Why("welfare"))["given_name"] == "Invented"
    union_file.export(b.store, b.unit.opened, tmp_path / "b.beech")
    union_file.take(a.store, a.unit.opened, tmp_path / "b.beech")
    union_file.take(a.store, a.unit.opened, tmp_path / "b.beech")
    whole(a, b)
    events = [json.loads(part.row[11]).get("event") for part in a.parts()]
    assert {"journal_export", "journal_import"} <= set(events)


def test_a_file_shows_nothing_of_what_is_in_it(two: tuple[At, At], tmp_path: Path) -> None:
    a, _ = two
    records.add(a.store, "offender", {"name": "Raw Word Zebedee"})
    union_file.export(a.store, a.unit.opened, tmp_path / "a.beech")
    raw = (tmp_path / "a.beech").read_bytes()
    assert b"Zebedee" not in raw
    assert b"collection" not in raw


def test_a_file_that_exists_is_not_written_over(two: tuple[At, At], tmp_path: Path) -> None:
    a, _ = two
    (tmp_path / "a.beech").write_bytes(b"something else")
    with pytest.raises(Refused, match="exists"):
        union_file.export(a.store, a.unit.opened, tmp_path / "a.beech")
    assert (tmp_path / "a.beech").read_bytes() == b"something else"


def test_no_altered_byte_of_a_file_goes_unseen(two: tuple[At, At], tmp_path: Path) -> None:
    a, b = two
    records.add(a.store, "offender", MAN)
    path = tmp_path / "a.beech"
    union_file.export(a.store, a.unit.opened, path)
    raw = path.read_bytes()
    rows = b.rows()
    for place in range(0, len(raw), 37):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.raises((Damaged, Locked)) as refused:
            union_file.take(b.store, b.unit.opened, path)
        assert str(path) in str(refused.value)
    for end in (0, 5, 100, len(raw) // 2, len(raw) - 1):
        path.write_bytes(raw[:end])
        with pytest.raises(Damaged):
            union_file.take(b.store, b.unit.opened, path)
    assert b.rows() == rows


def test_a_file_of_another_unit_is_a_strangers(
    two: tuple[At, At], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = two
    monkeypatch.setattr(a.store, "anchor", bytes(32))
    union_file.export(a.store, a.unit.opened, tmp_path / "a.beech")
    with pytest.raises(Damaged, match="another unit"):
        union_file.take(b.store, b.unit.opened, tmp_path / "a.beech")


def test_a_member_to_whom_a_file_is_not_sealed_cannot_open_it(two: tuple[At, At], tmp_path: Path) -> None:
    a, b = two
    union_file.export(a.store, a.unit.opened, tmp_path / "a.beech")
    other = keys.Opened(b.unit.opened.slot, bytes(32), b.unit.opened.unit, b.unit.opened.genesis)
    with pytest.raises(Locked, match="not sealed to this member"):
        union_file.take(b.store, other, tmp_path / "a.beech")


def test_a_file_made_by_nobody_of_the_unit_is_refused(two: tuple[At, At], tmp_path: Path) -> None:
    a, b = two
    other = keys.Opened(a.unit.opened.slot, bytes(32), a.unit.opened.unit, a.unit.opened.genesis)
    union_file.export(a.store, other, tmp_path / "a.beech")
    rows = b.rows()
    with pytest.raises(Damaged, match="not signed by a member"):
        union_file.take(b.store, b.unit.opened, tmp_path / "a.beech")
    assert b.rows() == rows


def test_a_file_that_a_leaver_made_is_refused(two: tuple[At, At], tmp_path: Path) -> None:
    a, b = two
    seed = joined(a, "Lee")
    b.bring(a.parts())
    with working(b, "Lee", seed):
        theirs = keys.Opened(b.unit.opened.slot, seed, b.unit.opened.unit, b.unit.opened.genesis)
        union_file.export(b.store, theirs, tmp_path / "b.beech")
    members.remove(a.store, a.unit.opened, "Lee", "Sam")
    with pytest.raises(Refused, match="has left"):
        union_file.take(a.store, a.unit.opened, tmp_path / "b.beech")


def test_only_a_supervisor_by_passphrase_exports_and_imports(two: tuple[At, At], tmp_path: Path) -> None:
    a, _ = two
    seed = joined(a, "Lee", ())
    theirs = keys.Opened(a.unit.opened.slot, seed, a.unit.opened.unit, a.unit.opened.genesis)
    with working(a, "Lee", seed, ()), pytest.raises(Refused, match="supervisor"):
        union_file.export(a.store, theirs, tmp_path / "a.beech")
    assert not (tmp_path / "a.beech").exists()
    session = opening.begin_session(a.store, a.unit.opened)
    with opening.with_session(a.folder, session, FACE) as store:
        store.clock = a.clock
        with pytest.raises(Locked, match="passphrase"):
            union_file.export(store, a.unit.opened, tmp_path / "a.beech")
