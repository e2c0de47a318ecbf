"""Restricting and erasing: what is gone is gone from every byte of the file, and nobody erases alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db import erasure, finding, members, people, records, watchlist
from db.errors import Locked, NotFound, Refused, Usage
from db.records import Why
from db.rules import periods
from db.vault import backup, keys, opening, session
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests import tallied
from tests.conftest import Clock, Unit
from tests.pages import raw_pages

FACE = Face("script", "test")
WHY = Why("subject_access", "she asked for it, zebranote")
WORDS = "quiet saddle orchard ninepins"
CANARIES = (
    b"zebrapseudonym",
    b"zebrastreet",
    b"zebrasafeword",
    b"zebraweapon",
    b"zebraresult",
    b"zebrafollow",
    b"zebranote",
)


def one(store: Store, kind: str, **fields: object) -> str:
    return str(records.add(store, kind, dict(fields))["ref"])


def joined(store: Store, unit: Unit, name: str, roles: tuple[str, ...] = ()) -> None:
    code = members.add(store, unit.opened, name, roles)
    members.join(unit.folder, name, code, WORDS, FACE)


@contextmanager
def working(unit: Unit, clock: Clock, name: str) -> Iterator[Store]:
    store, _ = opening.with_passphrase(unit.folder, WORDS, name, FACE)
    with store:
        store.clock = clock
        yield store


class Her:
    """A woman with all that can hang on her, each part with a word of its own."""

    def __init__(self, store: Store) -> None:
        self.ref = one(
            store,
            "person",
            pseudonym="Zebrapseudonym-27",
            known_as=["zebrastreet"],
            safety="zebrasafeword",
        )
        people.seal_identity(store, self.ref, {"given_name": "Testina"}, Why())
        self.contact = one(store, "engagement", at="now", people=[self.ref], narrative="a word, lionkept")
        self.concern = one(store, "concern", engagement=self.contact, person=self.ref, weapon="zebraweapon")
        self.unsaid = one(store, "concern", engagement=self.contact, injury="zebraweapon too")
        self.referral = one(store, "referral", person=self.ref, service="Housing", result="zebraresult")
        self.due = one(store, "followup", what="ring zebrafollow", about=self.referral, due_on="today")


def gone(store: Store, kind: str, ref: str) -> bool:
    try:
        records.show(store, kind, ref, Why("audit"))
    except NotFound:
        return True
    return False


def ask_and_empty(store: Store, kind: str, ref: str) -> erasure.Erasing:
    erasure.erase(store, kind, ref, WHY)
    return erasure.erase(store, kind, ref, WHY)


# restricting


def test_a_restricted_person_is_in_no_list_and_shown_to_a_reason_alone(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    assert erasure.restrict(store, "person", ref, Why("safeguarding")) == ref
    assert records.listing(store, "person") == []
    with pytest.raises(Refused, match="--reason"):
        records.show(store, "person", ref)
    assert records.show(store, "person", ref, Why("safeguarding"))["pseudonym"] == "Willow-27"
    assert verify(store).ok


@pytest.mark.parametrize("look", [records.history, records.undo])
def test_nothing_of_a_restricted_record_is_told_without_a_reason(
    store: Store, look: Callable[[Store, str, str], object]
) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    erasure.restrict(store, "person", ref, Why("safeguarding"))
    with pytest.raises(Refused, match="--reason"):
        look(store, "person", ref)
    with pytest.raises(Refused, match="--reason"):
        records.amend(store, "person", ref, {"risk_by": "Jo"})


def test_a_restricted_engagement_is_not_found(store: Store) -> None:
    ref = one(store, "engagement", at="now", narrative="a heron by the bridge")
    erasure.restrict(store, "engagement", ref, Why("safeguarding"))
    assert finding.find(store, "heron") == []


def test_a_restricted_man_matches_nobody(store: Store) -> None:
    ref = str(
        watchlist.add_offender(store, {"aliases": ["Spider"], "vehicles": [{"vrm": "NA12 XBO"}]})["ref"]
    )
    described = watchlist.read_one(store, {"vehicles": [{"vrm": "NA12 XBO"}]})
    assert [hit["ref"] for hit in watchlist.match_each(store, [described])[0].hits] == [ref]
    erasure.restrict(store, "offender", ref, Why("audit"))
    assert watchlist.match_each(store, [described])[0].hits == []
    assert watchlist.list_offenders(store) == []


def test_a_restricted_woman_is_not_counted_and_her_engagement_is(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    one(store, "engagement", at="now", people=[ref])
    counted = _counted(store)
    erasure.restrict(store, "person", ref, Why("safeguarding"))
    assert (counted, _counted(store)) == ((1, 1), (1, 0))


def _counted(store: Store) -> tuple[float | None, float | None]:
    found = tallied.values(store, periods.month("2026-11"))
    return found["engagements"], found["people_engaged"]


def test_restricting_takes_a_reason(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    for call in (erasure.restrict, erasure.lift, erasure.erase):
        with pytest.raises(Usage, match="--reason"):
            call(store, "person", ref, Why())


def test_only_a_supervisor_lifts_a_restriction(store: Store, unit: Unit, clock: Clock) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    joined(store, unit, "Jo")
    with working(unit, clock, "Jo") as theirs:
        erasure.restrict(theirs, "person", ref, Why("safeguarding"))
        with pytest.raises(Refused, match="supervisor"):
            erasure.lift(theirs, "person", ref, Why("correction"))
        with pytest.raises(Refused, match="lift"):
            records.undo(theirs, "person", ref, Why("correction"))
        with pytest.raises(Refused, match="already"):
            records.strike(theirs, "person", ref, Why("correction"))
    erasure.lift(store, "person", ref, Why("correction"))
    assert [her["ref"] for her in records.listing(store, "person")] == [ref]
    assert verify(store).ok


def test_a_lifted_record_is_as_it_was_before(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    records.strike(store, "person", ref, Why("correction"))
    erasure.restrict(store, "person", ref, Why("audit"))
    erasure.lift(store, "person", ref, Why("audit"))
    assert records.listing(store, "person") == []
    records.undo(store, "person", ref, Why("audit"))
    with pytest.raises(Refused, match="not restricted"):
        erasure.lift(store, "person", one(store, "person", pseudonym="Rowan-04"), Why("audit"))


# who may


def test_the_first_call_restricts_and_the_second_empties_where_there_is_one_member(store: Store) -> None:
    her = Her(store)
    first = erasure.erase(store, "person", her.ref, WHY)
    assert (first.state, first.asked_by) == ("restricted", ("Sam",))
    assert erasure.is_asked(store, "person", her.ref)
    assert not gone(store, "person", her.ref)
    second = erasure.erase(store, "person", her.ref, WHY)
    assert (second.state, second.asked_by) == ("erased", ("Sam",))
    assert gone(store, "person", her.ref)
    with pytest.raises(Refused, match="before"):
        erasure.erase(store, "person", her.ref, WHY)
    assert verify(store).ok


def test_in_a_unit_of_several_a_second_member_empties(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    joined(store, unit, "Jo")
    erasure.erase(store, "person", her.ref, WHY)
    with pytest.raises(Refused, match="second member"):
        erasure.erase(store, "person", her.ref, WHY)
    with working(unit, clock, "Jo") as theirs:
        done = erasure.erase(theirs, "person", her.ref, WHY)
    assert (done.state, done.asked_by) == ("erased", ("Sam",))
    assert gone(store, "person", her.ref)
    assert verify(store).ok


def test_what_an_officer_asks_for_a_supervisor_empties(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    joined(store, unit, "Jo")
    with working(unit, clock, "Jo") as theirs:
        assert erasure.erase(theirs, "person", her.ref, WHY).state == "restricted"
    assert erasure.erase(store, "person", her.ref, WHY).state == "erased"
    assert verify(store).ok


def test_two_officers_do_not_suffice(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    joined(store, unit, "Jo")
    joined(store, unit, "Alex")
    with working(unit, clock, "Jo") as theirs:
        erasure.erase(theirs, "person", her.ref, WHY)
    with working(unit, clock, "Alex") as theirs, pytest.raises(Refused, match="supervisor"):
        erasure.erase(theirs, "person", her.ref, WHY)
    assert not gone(store, "person", her.ref)


def test_lifting_takes_the_request_back(store: Store) -> None:
    her = Her(store)
    erasure.erase(store, "person", her.ref, WHY)
    erasure.lift(store, "person", her.ref, WHY)
    assert not erasure.is_asked(store, "person", her.ref)
    assert erasure.erase(store, "person", her.ref, WHY).state == "restricted"


def test_a_session_may_ask_and_never_empties(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    made = opening.begin_session(store, unit.opened)
    with opening.with_session(unit.folder, made, FACE) as theirs:
        theirs.clock = clock
        assert erasure.erase(theirs, "person", her.ref, WHY).state == "restricted"
        with pytest.raises(Locked):
            erasure.erase(theirs, "person", her.ref, WHY)
    assert not gone(store, "person", her.ref)


def test_verify_names_an_erasure_that_nobody_else_agreed_to(store: Store, unit: Unit) -> None:
    joined(store, unit, "Jo")
    for event in ("erase", "erase_agreed", "erase_alone", "erase_with", "detach", "desk_new"):
        ref = one(store, "engagement", at="now", narrative="words")
        with store.write("audit") as tx:
            record = records.find(tx, store.id_key, ref, ("engagement",)).id
            tx.erase(record, {"event": event, "with": "ab" * 16})
        desk, seq = store.cipher.execute(
            "select desk, seq from erased where record = ?", (record,)
        ).fetchone()
        named = [fault.name for fault in verify(store).faults if fault.where == f"{desk:012x}/{seq}"]
        assert "erasure-not-agreed" in named, event


def test_verify_names_a_payload_that_is_missing_without_an_erasure_and_one_that_came_back(
    store: Store,
) -> None:
    kept, erased = (one(store, "engagement", at="now", narrative=words) for words in ("kept", "gone"))
    head = "select e.desk, e.seq, p.salt, p.body from entry as e join payload as p using (desk, seq) "
    head += "where e.record = (select id from record where ref = ?)"
    row = store.cipher.execute(head, (erased,)).fetchone()
    ask_and_empty(store, "engagement", erased)
    assert verify(store).ok
    with store.cipher.trusted() as c:
        c.execute("insert into payload (desk, seq, salt, body) values (?, ?, ?, ?)", row)
        assert "payload-after-erasure" in {fault.name for fault in verify(store).faults}
        c.execute("delete from payload where desk = ? and seq = ?", row[:2])
        desk, seq, *_ = c.execute(head, (kept,)).fetchone()
        c.execute("drop trigger payload_goes_only_by_erasure")
        c.execute("delete from payload where desk = ? and seq = ?", (desk, seq))
    assert "payload-missing" in {fault.name for fault in verify(store).faults}


# what goes and what stays


def test_with_her_go_her_name_her_concerns_and_referrals_and_what_was_due_and_her_contacts_stay(
    store: Store,
) -> None:
    her = Her(store)
    other = one(store, "person", pseudonym="Rowan-04")
    shared = one(store, "engagement", at="now", people=[her.ref, other])
    theirs = one(store, "concern", engagement=shared, weapon="of either")
    done = ask_and_empty(store, "person", her.ref)
    assert {her.concern, her.unsaid, her.referral, her.due} < set(done.along)
    kinds = (
        ("concern", her.concern),
        ("concern", her.unsaid),
        ("referral", her.referral),
        ("followup", her.due),
    )
    assert all(gone(store, kind, ref) for kind, ref in kinds)
    assert records.show(store, "concern", theirs)["weapon"] == "of either"
    assert records.show(store, "engagement", her.contact)["people"] == [her.ref]
    assert _counted(store) == (2, 1)
    assert store.cipher.execute("select count(*) from identity").fetchone() == (0,)
    assert store.cipher.execute("select count(*) from data_key").fetchone() == (0,)
    assert verify(store).ok


def test_with_a_man_go_his_cars_orders_and_sightings_and_his_arrest_stays_counted(store: Store) -> None:
    man = str(
        watchlist.add_offender(store, {"aliases": ["Spider"], "vehicles": [{"vrm": "NA12 XBO"}]})["ref"]
    )
    (car,) = records.listing(store, "vehicle")
    seen = one(store, "sighting", at="now", vehicle=car["ref"])
    order = one(store, "order", offender=man, type="cbo")
    arrest = one(store, "action", offender=man, on="today", action="arrest")
    done = ask_and_empty(store, "offender", man)
    assert set(done.along) == {car["ref"], seen, order}
    assert records.show(store, "action", arrest)["action"] == "arrest"
    assert verify(store).ok


def test_with_a_contact_go_its_concerns_and_the_woman_stays(store: Store) -> None:
    her = Her(store)
    done = ask_and_empty(store, "engagement", her.contact)
    assert set(done.along) == {her.concern, her.unsaid}
    assert records.show(store, "person", her.ref)["ref"] == her.ref
    assert verify(store).ok


# every byte


def in_file(store: Store) -> set[bytes]:
    raw = raw_pages(store).lower()
    return {word for word in CANARIES if word in raw}


def in_words(store: Store) -> set[bytes]:
    """Canaries in the shadow tables of full-text search, whatever their column."""
    tables = store.cipher.execute("select name from sqlite_schema where name like '%_words_%'").fetchall()
    found = b""
    for (table,) in tables:
        for row in store.cipher.execute(f"select * from {table}"):  # noqa: S608 - a table of the file
            found += b"".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    assert tables
    return {word for word in (*CANARIES, b"tigernarrative") if word in found}


def test_no_byte_of_an_erased_woman_is_left_in_the_file_or_its_log(store: Store) -> None:
    for number in range(120):
        one(store, "person", pseudonym=f"Willow-{number}", safety="ring nobody at all after nine")
    her = Her(store)
    records.amend(store, "person", her.ref, {"safety": "zebrasafeword, and then another"}, WHY)
    for number in range(120):
        one(store, "person", pseudonym=f"Rowan-{number}", safety="ring nobody at all after nine")
    assert in_file(store) == set(CANARIES)
    ask_and_empty(store, "person", her.ref)
    assert in_file(store) == set()
    log = store.folder / "unit.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert verify(store).ok


def test_no_word_of_an_erased_contact_is_left_in_any_index(store: Store) -> None:
    other = [one(store, "engagement", at="now", narrative=f"heron {number}") for number in range(60)]
    ref = one(store, "engagement", at="now", narrative="tigernarrative", mentions="tigernarrative in a van")
    records.amend(store, "engagement", ref, {"narrative": "tigernarrative again"}, WHY)
    assert in_words(store) == {b"tigernarrative"}
    ask_and_empty(store, "engagement", ref)
    assert in_words(store) == set()
    assert b"tigernarrative" not in raw_pages(store)
    assert len(finding.find(store, "heron", None)) == len(other)


def test_an_older_backup_restored_brings_nothing_back(store: Store, unit: Unit) -> None:
    her = Her(store)
    contact = one(store, "engagement", at="now", narrative="tigernarrative")
    made = backup.make(store)
    ask_and_empty(store, "person", her.ref)
    ask_and_empty(store, "engagement", contact)
    store.close()
    backup.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        assert in_file(restored) == set()
        assert in_words(restored) == set()
        assert b"tigernarrative" not in raw_pages(restored)
        assert gone(restored, "person", her.ref)
        assert verify(restored).ok


def test_what_is_erased_is_not_read_by_a_colleague_who_had_the_file_open(
    store: Store, unit: Unit, clock: Clock
) -> None:
    her = Her(store)
    with opening.with_opened(unit.folder, unit.opened, FACE) as theirs:
        theirs.clock = clock
        assert len(records.listing(theirs, "person")) == 1
        ask_and_empty(store, "person", her.ref)
        assert records.listing(theirs, "person") == []
        assert in_file(theirs) == set()


# the keyring


def test_a_dump_of_the_keyring_and_of_every_file_beside_the_unit_opens_no_name(
    store: Store, unit: Unit, home: Path, secret_service: None
) -> None:
    import secretstorage

    made = opening.begin_session(store, unit.opened)
    session.keep(made, unit.folder, store.now())
    slot = keys.load(unit.folder / "members.json").named(unit.member)
    private = [unit.opened.identity_key(public) for public in slot.identity_keys]
    secret = [unit.opened.seed, *private]
    connection = secretstorage.dbus_init()
    try:
        kept = b""
        for collection in secretstorage.get_all_collections(connection):
            if not collection.is_locked():
                for item in collection.get_all_items():
                    kept += (
                        item.get_secret() + repr(item.get_attributes()).encode() + item.get_label().encode()
                    )
    finally:
        connection.close()
        session.end(unit.opened.unit, unit.folder)
    assert kept, "the session was not kept"
    files = [path.read_bytes() for path in (*home.rglob("*"), *unit.folder.rglob("*")) if path.is_file()]
    for raw in (kept, *files):
        for one_key in secret:
            assert one_key not in raw
            assert one_key.hex().encode() not in raw.lower()
