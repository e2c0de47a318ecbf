"""A sharing level lowered to nought takes effect at once: what may not stay goes from the journal as well."""

import json
from pathlib import Path

import pytest

from db import erasure, finding, judgements, records
from db.errors import Refused
from db.exchange import importing, reading
from db.records import Why
from db.vault import backup, opening, restoring
from db.vault.rebuild import rebuild, snapshot
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Unit
from tests.pages import raw_pages

FACE = Face("script", "test")
WHY = Why("welfare")


def one(store: Store, kind: str, **fields: object) -> str:
    return str(records.add(store, kind, dict(fields))["ref"])


def contact(store: Store) -> str:
    her = one(store, "person", pseudonym="Willow-27")
    ref = one(
        store,
        "engagement",
        external_ref="x1",
        at="2026-11-20T21:30",
        people=[her],
        sector="Northgate",
        narrative="tigernarrative",
        mentions="tigermentions",
    )
    records.amend(store, "engagement", ref, {"narrative": "tigernarrative again"}, WHY)
    records.show(store, "engagement", ref)
    return ref


def lower(store: Store, ref: str) -> records.Record:
    return records.amend(store, "engagement", ref, {"sharing_level": 0}, WHY)


def names(store: Store) -> set[str]:
    return {fault.name for fault in verify(store).faults}


def test_a_contact_lowered_to_nought_keeps_that_it_took_place(store: Store) -> None:
    ref = contact(store)
    kept = lower(store, ref)
    assert (kept["sharing_level"], kept["sector"], kept["people_unnamed"]) == (0, "Northgate", 1)
    assert (kept["narrative"], kept["mentions"], kept["people"]) == (None, None, [])
    assert records.show(store, "engagement", ref) == kept
    assert finding.find(store, "tigernarrative") == []
    assert verify(store).ok


def test_at_level_0_nothing_leads_to_her_by_a_reference_a_referral_or_a_follow_up(store: Store) -> None:
    her = one(store, "person", pseudonym="Willow-27")
    ref = one(store, "engagement", at="now", people=[her], refs=["bwv:tigervideo"])
    referral = one(store, "referral", person=her, engagement=ref, service="housing")
    assert lower(store, ref)["refs"] == []
    assert b"tigervideo" not in raw_pages(store)
    assert records.show(store, "referral", referral)["engagement"] is None
    with pytest.raises(Refused, match="refs: sharing level 0"):
        records.amend(store, "engagement", ref, {"refs": ["bwv:tigervideo"]}, WHY)
    with pytest.raises(Refused, match="engagement: is of sharing level 0"):
        records.amend(store, "referral", referral, {"engagement": ref}, WHY)
    with pytest.raises(Refused, match="about: is of sharing level 0"):
        one(store, "followup", what="ring her", about=ref, due_on="today")
    assert verify(store).ok


def test_no_byte_of_what_went_is_left(store: Store) -> None:
    ref = contact(store)
    assert b"tigernarrative" in raw_pages(store)
    lower(store, ref)
    raw = raw_pages(store)
    assert b"tigernarrative" not in raw
    assert b"tigermentions" not in raw


def test_any_officer_in_a_session_may_lower_it(store: Store, unit: Unit) -> None:
    ref = contact(store)
    session = opening.begin_session(store, unit.opened)
    with opening.with_session(unit.folder, session, FACE) as theirs:
        theirs.clock = store.clock
        assert lower(theirs, ref)["sharing_level"] == 0
    assert verify(store).ok


def test_what_comes_after_stands_and_what_went_is_not_undone(store: Store) -> None:
    ref = contact(store)
    lower(store, ref)
    with pytest.raises(Refused, match="redacted"):
        records.undo(store, "engagement", ref, WHY)
    records.amend(store, "engagement", ref, {"sector": "Southgate"}, WHY)
    records.undo(store, "engagement", ref, WHY)
    assert records.show(store, "engagement", ref)["sector"] == "Northgate"
    told = records.history(store, "engagement", ref)
    assert [step["what"] for step in told] == ["collection", "alteration", "redaction", "alteration", "undo"]
    assert told[0]["values"] is None
    records.amend(store, "engagement", ref, {"sharing_level": 1, "narrative": "she agreed"}, WHY)
    assert lower(store, ref)["narrative"] is None
    assert b"she agreed" not in raw_pages(store)
    assert verify(store).ok


def test_a_struck_or_restricted_contact_stays_so(store: Store) -> None:
    ref = contact(store)
    erasure.restrict(store, "engagement", ref, WHY)
    lower(store, ref)
    assert records.listing(store, "engagement") == []
    erasure.lift(store, "engagement", ref, WHY)
    assert len(records.listing(store, "engagement")) == 1
    assert verify(store).ok


def test_a_concern_is_erased_first(store: Store) -> None:
    ref = contact(store)
    concern = one(store, "concern", engagement=ref, weapon="knife")
    with pytest.raises(Refused, match=concern):
        lower(store, ref)
    for _ in range(2):
        erasure.erase(store, "concern", concern, WHY)
    assert lower(store, ref)["sharing_level"] == 0
    assert verify(store).ok


def test_a_change_that_brings_words_with_the_level_is_refused_and_nothing_goes(store: Store) -> None:
    ref = contact(store)
    with pytest.raises(Refused, match="narrative"):
        records.amend(store, "engagement", ref, {"sharing_level": 0, "narrative": "more"}, WHY)
    assert records.show(store, "engagement", ref)["narrative"] == "tigernarrative again"


def test_a_redacted_contact_can_be_erased_whole(store: Store) -> None:
    ref = contact(store)
    lower(store, ref)
    for _ in range(2):
        erasure.erase(store, "engagement", ref, WHY)
    assert b"Northgate" not in raw_pages(store)
    assert verify(store).ok


def test_a_rebuild_gives_the_same_rows(store: Store) -> None:
    ref = contact(store)
    lower(store, ref)
    records.amend(store, "engagement", ref, {"sector": "Southgate"}, WHY)
    other = contact_erased(store)
    before = snapshot(store)
    rebuild(store)
    assert snapshot(store) == before
    assert records.show(store, "engagement", ref)["sector"] == "Southgate"
    assert other not in [row["ref"] for row in records.listing(store, "engagement")]
    assert verify(store).ok


def contact_erased(store: Store) -> str:
    ref = one(store, "engagement", at="now", narrative="words")
    lower(store, ref)
    for _ in range(2):
        erasure.erase(store, "engagement", ref, WHY)
    return ref


def test_an_older_backup_restored_brings_nothing_back(store: Store, unit: Unit) -> None:
    ref = contact(store)
    judged(store, ref, one(store, "offender", name="Gary Example"))
    made = backup.make(store)
    lower(store, ref)
    store.close()
    restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        assert records.show(restored, "engagement", ref)["sharing_level"] == 0
        assert b"tigernarrative" not in raw_pages(restored)
        assert b"tigerwords" not in raw_pages(restored)
        assert verify(restored).ok


@pytest.mark.parametrize(("level", "state"), [(1, "same"), (0, "update")])
def test_an_import_lowers_a_level_and_brings_nothing_back(
    store: Store, tmp_path: Path, level: int, state: str
) -> None:
    ref = contact(store)
    row = {"external_ref": "x1", "at": "2026-11-20T21:30", "sector": "Northgate", "sharing_level": level}
    row |= {"narrative": "tigernarrative again"} if level else {}
    if level:
        lower(store, ref)
    file = tmp_path / "contacts.ndjson"
    file.write_text(json.dumps(row) + "\n")
    plan: list[importing.Verdict] = []
    source = reading.Source(file)
    try:
        importing.run(
            store, "engagement", source, apply=True, watch=importing.Watch(plan.append, lambda _: None)
        )
    finally:
        source.close()
    assert [one_row.verdict for one_row in plan] == [state]
    assert records.show(store, "engagement", ref)["sharing_level"] == 0
    assert b"tigernarrative" not in raw_pages(store)
    assert verify(store).ok


def test_verify_names_a_redaction_of_anything_else_and_payloads_out_of_place(store: Store) -> None:
    ref = contact(store)
    head = "select e.desk, e.seq, p.salt, p.body from entry as e join payload as p using (desk, seq) "
    head += "where e.record = (select id from record where ref = ?) order by e.at"
    first = store.cipher.execute(head, (ref,)).fetchone()
    lower(store, ref)
    (redaction,) = store.cipher.execute(head, (ref,)).fetchall()
    with store.cipher.trusted() as c:
        c.execute("insert into payload (desk, seq, salt, body) values (?, ?, ?, ?)", first)
        assert "payload-after-erasure" in names(store)
        c.execute("delete from payload where desk = ? and seq = ?", first[:2])
        assert verify(store).ok
        c.execute("delete from payload where desk = ? and seq = ?", redaction[:2])
        assert "payload-missing" in names(store)
        c.execute("insert into payload (desk, seq, salt, body) values (?, ?, ?, ?)", redaction)
        c.execute("delete from erased")
        assert "erasure-unmatched" in names(store)
        c.execute(
            "insert into erased (record, desk, seq) values ((select id from record where ref = ?), ?, ?)",
            (ref, *redaction[:2]),
        )
    assert verify(store).ok
    man = one(store, "offender", aliases=["Spider"], hair="grey")
    with store.write("audit") as tx:
        tx.redact(records.find(tx, store.id_key, man, ("offender",)).id, ["hair"], {})
    assert names(store) == {"erasure-not-agreed"}


def test_what_hung_on_a_contact_at_nought_says_no_more_who_was_met_there_and_no_undo_brings_it_back(
    store: Store,
) -> None:
    her = one(store, "person", pseudonym="Willow-27")
    met = one(store, "engagement", at="now", people=[her])
    due = one(store, "followup", what="ring", due_on="2026-11-30", about=met)
    referral = one(store, "referral", person=her, service="housing", engagement=met)
    lower(store, met)
    for kind, name, ref in (("followup", "about", due), ("referral", "engagement", referral)):
        assert records.show(store, kind, ref)[name] is None
        with pytest.raises(Refused, match="level 0"):
            records.undo(store, kind, ref)
        assert records.show(store, kind, ref)[name] is None
    assert verify(store).ok


def judged(store: Store, ref: str, him: str, verdict: str = "different") -> None:
    judgements.judge(store, ref, him, verdict, Why("crime", "tigerwords: taller"))


def test_what_was_written_when_a_man_was_judged_not_to_be_meant_goes_with_the_contacts_words(
    store: Store,
) -> None:
    ref = contact(store)
    him = one(store, "offender", name="Gary Example")
    judged(store, ref, him, "unsure")
    judged(store, ref, him)
    judgements.judge(store, him, one(store, "offender", name="B"), "different", Why("crime", "lionwords"))
    lower(store, ref)
    raw = raw_pages(store)
    assert b"tigerwords" not in raw
    assert b"lionwords" in raw
    rows = store.cipher.execute("select verdict, reason from judgement").fetchall()
    assert rows == [("different", "crime"), ("different", "crime")]
    with pytest.raises(Refused, match="level 0"):
        judged(store, ref, him)
    assert verify(store).ok
    before = snapshot(store)
    rebuild(store)
    assert snapshot(store) == before
    records.amend(store, "engagement", ref, {"sharing_level": 1, "mentions": "tall"}, WHY)
    judged(store, ref, him)
    lower(store, ref)
    assert b"tigerwords" not in raw_pages(store)
    assert verify(store).ok


def test_words_of_a_judgement_go_only_with_what_it_is_about(store: Store) -> None:
    ref, other = contact(store), one(store, "engagement", at="now")
    judged(store, other, one(store, "offender", name="Gary Example"))
    judgement, about, emptied = (
        store.cipher.execute(
            "select id from record where ref = ? or (? = 'J' and kind = 'judgement')", (r, r)
        ).fetchone()[0]
        for r in ("J", other, ref)
    )
    with store.write() as tx:
        tx.redact(emptied, ("narrative",), {"sharing_level": 0, "mentions": None, "people": None})
        tx.redact(judgement, (), {}, emptied.hex())
    assert names(store) == {"erasure-not-agreed"}
    assert about != emptied


@pytest.mark.parametrize("kind", ["engagement", "concern", "offender"])
def test_what_was_written_when_it_was_judged_goes_with_what_is_erased(store: Store, kind: str) -> None:
    ref = contact(store)
    him = one(store, "offender", name="Gary Example")
    concern = one(store, "concern", engagement=ref, weapon="knife")
    for report in (ref, concern):
        judged(store, report, him)
    going = {"engagement": ref, "concern": concern, "offender": him}[kind]
    for _ in range(2):
        erasure.erase(store, kind, going, WHY)
    left = raw_pages(store).count(b"tigerwords")
    assert (left > 0) == (kind == "concern")
    assert verify(store).ok
