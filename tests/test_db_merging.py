"""Merging and unmerging: a judgement on two records, never a rewrite, and what follows it everywhere."""

import pytest

from db import erasure, filters, judgements, pages, records, watchlist
from db.errors import NotFound, Refused, Usage
from db.records import Why
from db.rules import periods
from db.vault import rebuild
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Clock
from tests.tallied import act, add, man, spoke, values, woman

WHY = Why("correction", "the street calls both of them Red")


def merged(store: Store, *refs: str, kind: str = "person") -> judgements.Merged:
    return judgements.merge(store, kind, (refs[0], refs[1]), WHY)


def listed(store: Store, kind: str, **options: str) -> list[str]:
    return [one["ref"] for one in records.listing(store, kind, filters.build(store, kind, options))]


def test_merged_women_count_once_and_each_contact_still_counts(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2")
    spoke(store, "2026-09-05 21:30", one)
    spoke(store, "2026-10-05 21:30", two)
    assert values(store)["people_engaged_new"] == 1
    merged(store, two, one)
    assert (values(store)["people_engaged"], values(store)["people_engaged_new"]) == (1, 0)
    spoke(store, "2026-10-06 21:30", one, two)
    assert (values(store)["people_engaged"], values(store)["engagements"]) == (1, 2)
    judgements.unmerge(store, "person", (one, two), WHY)
    assert (values(store)["people_engaged"], values(store)["people_engaged_new"]) == (2, 1)


def test_merged_men_are_dealt_with_once_and_one_arrest_of_both_is_one(store: Store) -> None:
    one, two = man(store, "A", identity_confidence="named"), man(store, "B")
    for him in (one, two):
        act(store, him, "2026-10-05", "arrest")
    before = values(store)
    assert (before["offenders_dealt_with"], before["arrests"]) == (2, 2)
    merged(store, one, two, kind="offender")
    after = values(store)
    assert (after["offenders_dealt_with"], after["arrests"], after["offenders_identified"]) == (1, 1, 1)


def test_a_no_to_statistics_under_one_of_her_records_holds_for_her(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2", statistics_consent=False)
    spoke(store, "2026-10-05 21:30", one)
    merged(store, one, two)
    from tests.tallied import notes

    assert "1 person engaged said no to statistics" in notes(store)


def test_the_group_goes_by_the_record_that_was_entered_first_and_every_reference_resolves(
    store: Store, clock: Clock
) -> None:
    refs = []
    for name in ("Willow-1", "Rowan-2", "Hazel-3"):
        clock.forward(60)
        refs.append(woman(store, name))
    merged(store, refs[2], refs[1])
    done = merged(store, refs[1], refs[0])
    assert (done.ref, set(done.same_as), done.contradicts) == (refs[0], set(refs[1:]), [])
    for ref in refs:
        shown = records.show(store, "person", ref)
        assert (shown["ref"], set(shown["same_as"])) == (ref, set(refs) - {ref})
    assert listed(store, "person") == [refs[0]]
    assert records.listing(store, "person")[0]["same_as"] == refs[1:]


def test_a_filter_by_one_of_her_records_finds_what_hangs_on_any(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2")
    first, second = spoke(store, "2026-10-05 21:30", one), spoke(store, "2026-10-06 21:30", two)
    concern = add(store, "concern", engagement=first, person=one)
    him, other = man(store, "A"), man(store, "B")
    arrest = act(store, him, "2026-10-05", "arrest")
    assert listed(store, "engagement", person=two) == [second]
    merged(store, one, two)
    merged(store, him, other, kind="offender")
    assert listed(store, "engagement", person=two) == [second, first]
    assert listed(store, "concern", person=two) == [concern]
    assert listed(store, "action", offender=other) == [arrest]


def test_a_filter_on_either_record_lists_the_group_once_under_its_first(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2")
    spoke(store, "2026-10-06 21:30", two, sector="Northgate")
    merged(store, one, two)
    assert listed(store, "person", sector="northgate") == [one]


def test_her_no_under_one_record_takes_her_out_of_the_list_under_all(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2", status="no_contact")
    merged(store, one, two)
    assert listed(store, "person") == []


def test_where_the_first_is_restricted_the_group_goes_by_the_next(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2")
    merged(store, one, two)
    erasure.restrict(store, "person", one, WHY)
    assert listed(store, "person") == []
    erasure.lift(store, "person", one, WHY)
    assert listed(store, "person") == [one]
    records.strike(store, "person", one, WHY)
    assert listed(store, "person") == [two]


def test_merged_men_are_listed_once_with_the_cars_of_both(store: Store) -> None:
    one, two = man(store, "A"), man(store, "B")
    add(store, "vehicle", offender=two, make="ford")
    merged(store, one, two, kind="offender")
    (shown,) = watchlist.list_offenders(store)
    assert (shown["ref"], shown["same_as"], shown["vehicles"][0]["make"]) == (one, [two], "ford")
    assert watchlist.show_offender(store, two)["same_as"] == [one]


def test_unmerging_months_later_keeps_every_later_edit(store: Store, clock: Clock) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2")
    merged(store, one, two)
    clock.forward(200 * 86400)
    records.amend(store, "person", two, {"risk_grade": "high"}, WHY)
    records.amend(store, "person", one, {"age_band": "25-34"}, WHY)
    apart = judgements.unmerge(store, "person", (two, one), WHY)
    assert {group.ref for group in apart} == {one, two}
    assert not any(group.same_as for group in apart)
    shown = {ref: records.show(store, "person", ref) for ref in (one, two)}
    assert (shown[one]["age_band"], shown[one]["risk_grade"]) == ("25-34", None)
    assert (shown[two]["age_band"], shown[two]["risk_grade"]) == ("unknown", "high")
    assert verify(store).ok


def test_unmerging_brings_back_what_was_judged_before(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2")
    judgements.judge(store, one, two, "different", WHY)
    merged(store, one, two)
    judgements.unmerge(store, "person", (one, two), WHY)
    assert store.cipher.execute("select verdict from judgement").fetchone() == ("different",)


def test_a_merge_is_a_combination_with_its_reason_and_no_words_in_the_clear(store: Store) -> None:
    merged(store, woman(store, "Willow-1"), woman(store, "Rowan-2"))
    detail, body = store.cipher.execute(
        "select e.detail, p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where e.operation = 'combination'"
    ).fetchone()
    assert '"reason":"correction"' in detail
    assert "Red" not in detail
    assert b"Red" in body


def test_a_circular_merge_is_answered_with_the_pairs_that_hold_it(store: Store) -> None:
    one, two, three = (woman(store, f"Willow-{n}") for n in range(3))
    merged(store, one, two)
    with pytest.raises(Refused, match="stand together already$"):
        merged(store, two, one)
    merged(store, two, three)
    with pytest.raises(Refused, match="stand together already, by P-") as said:
        merged(store, one, three)
    assert two in str(said.value)
    with pytest.raises(Refused, match="are not merged with one another, by P-"):
        judgements.unmerge(store, "person", (one, three), WHY)


def test_a_difference_inside_a_group_is_told_as_a_conflict(store: Store) -> None:
    one, two, three = (woman(store, f"Willow-{n}") for n in range(3))
    judgements.judge(store, one, three, "different", WHY)
    merged(store, one, two)
    done = merged(store, two, three)
    assert [set(pair.split()) for pair in done.contradicts] == [{one, three}]
    assert [set(pair) for pair in judgements.contradictions(store, "person")] == [{one, three}]
    assert judgements.contradictions(store, "offender") == []


def test_a_merge_needs_a_reason_two_records_of_the_kind_and_neither_erased_nor_struck(store: Store) -> None:
    one, two, him = woman(store, "Willow-1"), woman(store, "Rowan-2"), man(store, "A")
    with pytest.raises(Usage, match="--reason"):
        judgements.merge(store, "person", (one, two), Why())
    with pytest.raises(NotFound, match="no person has that reference"):
        merged(store, one, him)
    with pytest.raises(Refused, match="is one record"):
        merged(store, one, one)
    with pytest.raises(Refused, match="are not merged"):
        judgements.unmerge(store, "person", (one, one), WHY)
    records.strike(store, "person", two, WHY)
    with pytest.raises(Refused, match="was struck out"):
        merged(store, one, two)
    with store.write() as tx:
        tx.erase(tx.execute("select id from record where ref = ?", (two,)).fetchone()[0])
    with pytest.raises(Refused, match="was erased"):
        merged(store, one, two)


def test_groups_are_what_a_rebuild_makes_of_the_journal(store: Store) -> None:
    one, two, three = (woman(store, f"Willow-{n}") for n in range(3))
    merged(store, one, two)
    merged(store, three, two)
    judgements.unmerge(store, "person", (one, two), WHY)
    before = rebuild.snapshot(store)
    rebuild.rebuild(store)
    assert rebuild.snapshot(store) == before
    assert values(store, periods.month("2026-11"))["people_engaged"] == 0


def test_a_group_whose_first_was_struck_is_on_the_screens_once_by_the_next_that_stands(store: Store) -> None:
    refs = [woman(store, name) for name in ("Willow-1", "Rowan-2", "Heron-3")]
    merged(store, refs[0], refs[1])
    merged(store, refs[0], refs[2])
    of = pages.sheet(store, "person")
    assert [row["ref"] for _, row in pages.page(store, of, None)] == [refs[0]]
    records.strike(store, "person", refs[0], WHY)
    assert [row["ref"] for _, row in pages.page(store, of, None)] == [refs[1]]
    assert pages.anchors(store, of).total == 1


def test_a_list_finds_who_was_merged_by_what_either_record_says_even_a_word_of_each(store: Store) -> None:
    one, two = man(store, "A", aliases=["Gaz"]), man(store, "B", aliases=["Podge"], build="stocky")
    her, same = woman(store, "Willow-1", known_as=["Kasia"]), woman(store, "Rowan-2", known_as=["Ola"])
    contact = spoke(store, "2026-10-05 21:30", her)
    assert found(store, "offender", "gaz podge") == []
    judgements.merge(store, "offender", (one, two), WHY)
    judgements.merge(store, "person", (her, same), WHY)
    first = found(store, "offender", "")
    assert [found(store, "offender", words) for words in ("podge", "gaz", "gaz stocky", two)] == [first] * 4
    assert found(store, "offender", "podge nobody") == []
    assert [found(store, "person", words) for words in ("ola", "kasia", "willow ola", same)] == [
        found(store, "person", "")
    ] * 4
    assert found(store, "engagement", "ola") == [contact]
    records.strike(store, "offender", two, WHY)
    assert found(store, "offender", "podge") == []
    records.add(store, "person", {"pseudonym": "Hazel-3"})
    records.amend(store, "person", same, {"status": "no_contact"})
    assert found(store, "person", "ola") == []


def found(store: Store, kind: str, typed: str) -> list[str]:
    return [record["ref"] for _, record in pages.page(store, pages.sheet(store, kind, typed), None)]
