"""A hit is judged by people: "not him" holds until something new is told, and what contradicts is shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from db import concerns, judgements, records, watchlist
from db.errors import Refused, Usage
from db.records import Why
from db.vault.store import Store
from db.vault.verify import verify
from tests.imports import Desk

WHY = Why("intelligence")
ASTRA = {"vrm": "NA00 KBX", "make": "Vauxhall", "model": "Astra", "colour": "silver"}
GARY: dict[str, Any] = {"name": "Gary Thirlwell", "build": "stocky", "vehicles": [ASTRA]}


def man(store: Store, **fields: Any) -> str:
    return str(watchlist.add_offender(store, fields)["ref"])


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


def hits(store: Store, ref: str) -> list[dict[str, Any]]:
    return watchlist.match_record(store, ref).hits


def test_a_man_who_is_entered_is_matched_with_the_others_and_never_with_himself(store: Store) -> None:
    one, other = man(store, **GARY), man(store, **GARY)
    assert [hit["ref"] for hit in hits(store, one)] == [other]
    (car,) = [row["ref"] for row in records.listing(store, "vehicle") if row["offender"] == one]
    assert [hit["ref"] for hit in hits(store, car)] == [other]


def test_not_him_keeps_two_apart_until_a_strong_fact_is_new(store: Store) -> None:
    one, other = man(store, **GARY), man(store, **GARY)
    watchlist.judge(store, (one, other), "different", WHY)
    assert hits(store, one) == hits(store, other) == []
    watchlist.amend_offender(store, other, {"build": "stocky and tall", "accent": "Scottish"})
    assert hits(store, one) == []
    watchlist.amend_offender(store, one, {"telephones": ["07700 900123"]})
    assert hits(store, other) == []
    watchlist.amend_offender(store, other, {"telephones": ["07700 900123"]})
    (hit,) = hits(store, one)
    assert (hit["ref"], hit["judged"], hit["new"]) == (other, "different", ["telephones"])


def test_a_new_plate_on_a_vehicle_of_his_is_new(store: Store) -> None:
    one, other = man(store, name="Gary Thirlwell"), man(store, name="Gary Thirlwell", build="thin")
    watchlist.judge(store, (one, other), "different", WHY)
    for ref in (one, other):
        records.add(store, "vehicle", {"offender": ref} | ASTRA)
    assert [hit["new"] for hit in hits(store, one)] == [["vrm"]]


def test_cannot_say_is_shown_and_a_later_word_replaces_it(store: Store) -> None:
    one, other = man(store, **GARY), man(store, **GARY)
    watchlist.judge(store, (one, other), "unsure", WHY)
    assert [hit["judged"] for hit in hits(store, one)] == ["unsure"]
    watchlist.judge(store, (one, other), "different", WHY)
    assert hits(store, one) == []
    watchlist.judge(store, (other, one), "unsure", WHY)
    assert len(hits(store, one)) == 1
    watchlist.judge(store, (one, other), "same", WHY)
    assert hits(store, one) == []
    assert [hit["ref"] for hit in watchlist.match(store, {"vehicles": [ASTRA]})] == [one]
    assert verify(store).ok


def test_a_group_that_would_join_a_contradiction_is_shown_as_a_conflict(store: Store) -> None:
    one, two, three = man(store, **GARY), man(store, **GARY), man(store, **GARY)
    watchlist.judge(store, (one, three), "different", WHY)
    watchlist.judge(store, (one, two), "same", WHY)
    pair = " ".join(sorted((one, three)))
    (hit,) = hits(store, three) or hits(store, two)
    assert hit["conflicts"] == [pair]
    made = watchlist.judge(store, (two, three), "same", WHY)
    assert made["conflicts"] == [pair]
    assert judgements.contradictions(store) == [tuple(sorted((one, three)))]


def test_a_judgement_needs_a_reason_and_two_of_a_kind_on_the_watchlist(store: Store) -> None:
    one = man(store, **GARY)
    (car,) = [row["ref"] for row in records.listing(store, "vehicle")]
    with pytest.raises(Usage):
        watchlist.judge(store, (one, man(store, name="Baz")), "same", Why())
    with pytest.raises(Refused):
        watchlist.judge(store, (one, car), "same", WHY)


# reports


def report(store: Store, person: str, **fields: Any) -> str:
    engagement = records.add(store, "engagement", {"at": "now", "people": [person]})["ref"]
    return str(concerns.add(store, {"engagement": engagement, "person": person} | fields)["ref"])


@pytest.mark.parametrize("kind", ["concern", "engagement"])
def test_not_him_keeps_a_man_from_what_a_report_or_a_contact_says_until_a_strong_fact_is_new(
    store: Store, kind: str
) -> None:
    her = str(records.add(store, "person", {"pseudonym": "Zebra-1"})["ref"])
    known = man(store, **GARY)
    if kind == "concern":
        said = report(store, her, description={"vehicles": [ASTRA], "build": "stocky"}, sharing_level=1)
    else:
        mentions = "silver Astra NA00 KBX, stocky"
        made = {"at": "now", "people": [her], "mentions": mentions, "sharing_level": 1}
        said = str(records.add(store, "engagement", made)["ref"])
    assert [hit["ref"] for hit in hits(store, said)][:1] == [known]
    watchlist.judge(store, (said, known), "different", WHY)
    assert known not in [hit["ref"] for hit in hits(store, said)]
    (typed,) = watchlist.match_each(store, [{"vehicles": [ASTRA], "build": "stocky"}])
    assert typed.hits[0]["ref"] == known  # away from that report alone
    watchlist.amend_offender(store, known, {"build": "stocky and tall"})
    assert known not in [hit["ref"] for hit in hits(store, said)]
    records.add(store, "vehicle", {"offender": known} | ASTRA)
    (back,) = [hit for hit in hits(store, said) if hit["ref"] == known]
    assert (back["judged"], back["new"]) == ("different", ["vrm"])
    watchlist.judge(store, (known, said), "unsure", WHY)
    assert [hit.get("judged") for hit in hits(store, said) if hit["ref"] == known] == ["unsure"]
    with pytest.raises(Refused, match="concerns"):
        watchlist.judge(store, (said, known), "same", WHY)
    told = json.dumps([watchlist.show_offender(store, known), records.history(store, "offender", known)])
    assert said not in told
    assert "Zebra" not in told
    assert verify(store).ok


def test_a_contact_whose_woman_wants_no_contact_any_more_asks_nothing_of_the_list(store: Store) -> None:
    her = str(records.add(store, "person", {"pseudonym": "Zebra-1"})["ref"])
    man(store, **GARY)
    made = {"at": "now", "people": [her], "mentions": "silver Astra NA00 KBX", "sharing_level": 1}
    said = str(records.add(store, "engagement", made)["ref"])
    assert hits(store, said)
    records.amend(store, "person", her, {"status": "no_contact"})
    assert hits(store, said) == []


def test_reports_of_one_car_bring_out_the_series_and_never_whose_they_are(store: Store) -> None:
    women = [str(records.add(store, "person", {"pseudonym": f"Zebra-{n}"})["ref"]) for n in range(3)]
    for woman in (*women, women[0]):
        report(store, woman, vehicle=ASTRA, sharing_level=1)
    (found,) = watchlist.match_each(store, [{"vehicles": [{"colour": "silver", "vrm": "NA00 KB?"}]}])
    assert found.hits == []
    assert found.series == "four reports, three women, one silver vauxhall astra"
    other = man(store, **GARY)
    linked = report(store, women[1], offender=other)
    (found,) = watchlist.match_each(store, [{"vehicles": [ASTRA]}])
    assert [(hit["ref"], hit["series"]) for hit in found.hits] == [(other, "one report, one woman")]
    told = json.dumps(found)
    assert not [ref for ref in (*women, linked, "Zebra") if ref in told]


# what imports queue


def test_an_import_queues_its_rows_and_pending_works_them_off_once(desk: Desk) -> None:
    store = desk.store
    known = man(store, **GARY)
    rows: list[dict[str, Any]] = [
        {"external_ref": "M1", "name": "Gary Thirlwell", "vehicles": [ASTRA]},
        {"external_ref": "M2", "name": "Somebody Else"},
    ]
    assert watchlist.waiting(store) == 0
    desk.lines("offender", *rows)
    assert watchlist.waiting(store) >= 2
    told: list[tuple[str, list[str]]] = []

    def tell(ref: str, found: watchlist.Matches) -> None:
        told.append((ref, [hit["ref"] for hit in found.hits]))

    worked = watchlist.work_off(store, 5, tell)
    assert worked.matched == 1
    assert [refs for _, refs in told] == [[known]]
    assert watchlist.waiting(store) == 0
    assert watchlist.work_off(store, 5, tell) == (0, 0)
    assert len(told) == 1
    assert verify(store).ok


def test_what_she_said_in_an_imported_contact_is_matched_too(desk: Desk) -> None:
    known = man(desk.store, **GARY)
    said = "external_ref,at,mentions\nX1,2026-11-01T10:00,silver Astra NA00 KBX followed her\n"
    desk.take("engagement", said)
    found: list[str] = []
    watchlist.work_off(desk.store, 5, lambda _, matches: found.extend(h["ref"] for h in matches.hits))
    assert found == [known]


# while somebody types


def test_typing_is_one_look_however_many_keys_are_pressed(store: Store) -> None:
    known = man(store, **GARY)
    with store.counts() as reader:
        (before,) = reader.execute("select count(*) from entry").fetchone()
    text = "silver Astra NA00 KBX, stocky"
    with watchlist.Live(store) as live:
        seen = [live.match_text(text[:end], "") for end in range(1, len(text) + 1)]
    assert [hit["ref"] for hit in seen[-1].hits] == [known]
    with store.counts() as reader:
        rows = reader.execute(
            "select detail from entry where operation = 'consultation' and kind = 'offender'"
        ).fetchall()
        assert reader.execute("select count(*) from entry").fetchone() == (before + 2,)
    assert json.loads(rows[-1][0])["count"] == sum(len(one.hits) for one in seen)


@pytest.mark.parametrize(
    "text",
    ["", "x", "Gary", "a" * 10_000, "‮Gary Рэбвар", "silver " * 1500, "aged 50-40, 7ft-5ft tall", "??? * ["],
)
def test_any_text_gets_an_honest_short_list_or_nobody(store: Store, text: str) -> None:
    man(store, **GARY)
    found = watchlist.match_text(store, text)
    assert len(found.hits) <= 6
