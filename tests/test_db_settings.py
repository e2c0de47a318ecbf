"""What a unit settles for itself: within its bounds, by a supervisor, in the journal."""

from typing import Any

import pytest

from db import filters, members, records, settings, standing, watchlist
from db.errors import Ambiguous, Refused, Usage
from db.exchange import importing
from db.exchange.reading import Source
from db.records import Why
from db.rules import settings as rules
from db.rules import vocabulary
from db.vault import opening
from db.vault.rebuild import rebuild, snapshot
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.furnished import FACE


def settle(store: Store, text: str) -> list[str]:
    return settings.apply(store, settings.propose(store, text, "unit.toml"), Why())


def value(store: Store, name: str) -> Any:
    with store.counts() as reader:
        return settings.get(reader, name)


def test_a_setting_is_its_default_until_it_is_settled_and_again_after_a_reset(store: Store) -> None:
    assert value(store, "idle_lock_minutes") == 10
    assert settle(store, "idle_lock_minutes = 5") == ["idle_lock_minutes"]
    assert value(store, "idle_lock_minutes") == 5
    assert settle(store, "idle_lock_minutes = 5") == []
    assert settle(store, 'reset = ["idle_lock_minutes"]') == ["idle_lock_minutes"]
    assert value(store, "idle_lock_minutes") == 10


@pytest.mark.parametrize("name", sorted(rules.CATALOGUE))
def test_every_default_keeps_within_its_own_bounds(store: Store, name: str) -> None:
    setting = rules.CATALOGUE[name]
    found = value(store, name)
    assert rules.kept(setting, found) == found
    assert setting.says
    assert setting.source


def test_settings_are_rebuilt_and_verified_like_any_record(store: Store) -> None:
    settle(store, 'sectors = ["A", "B", "C"]\n[sector_groups]\nnorth = ["A", "B", "C"]')
    settle(store, "idle_lock_minutes = 7")
    before = snapshot(store)
    rebuild(store)
    assert snapshot(store) == before
    assert verify(store).ok
    assert value(store, "sector_groups") == {"north": ["A", "B", "C"]}


def test_an_officer_settles_nothing(unit: Unit, store: Store) -> None:
    changes = settings.propose(store, "idle_lock_minutes = 5", "unit.toml")
    code = members.add(store, unit.opened, "Jo", ())
    members.join(unit.folder, "Jo", code, unit.passphrase, FACE)
    officer, _ = opening.with_passphrase(unit.folder, unit.passphrase, "Jo", FACE)
    with officer, pytest.raises(Refused, match="supervisor"):
        settings.apply(officer, changes, Why())
    assert value(store, "idle_lock_minutes") == 10


def test_an_entry_about_a_setting_by_an_officer_is_a_fault_whatever_it_calls_itself() -> None:
    from db.vault.verify_chain import said_faults

    for detail in ('{"ref":4}', '{"event":"redact","ref":4}'):
        for operation in ("collection", "alteration", "combination", "erasure"):
            assert "role-too-low" in said_faults(detail, "officer", operation, None, "setting")
    assert said_faults('{"ref":4}', "supervisor", "collection", None, "setting") == []


def test_a_number_below_its_floor_counts_as_never_settled_however_it_got_there(store: Store) -> None:
    with store.write() as tx:
        tx.create("setting", {"name": "disclosure.public_least", "value": 1})
    assert value(store, "disclosure.public_least") == 8


def test_two_who_settle_one_thing_are_told_of_each_other(store: Store) -> None:
    mine = settings.propose(store, "idle_lock_minutes = 5", "unit.toml")
    settle(store, "idle_lock_minutes = 6")
    with pytest.raises(Ambiguous, match="idle_lock_minutes"):
        settings.apply(store, mine, Why())
    assert value(store, "idle_lock_minutes") == 6


@pytest.mark.parametrize(
    ("text", "where", "rule"),
    [
        ("idle_lock_minutes = 1", "line 1, column 1", "floor"),
        ("idle_lock_minutes = 31", "line 1, column 1", "above 30"),
        ('idle_lock_minutes = "5"', "line 1, column 1", "whole number"),
        ("\n[disclosure]\npublic_least = 3", "line 3, column 1", "floor"),
        ("[disclosure]\n  headline_step = 5", "line 2, column 3", "floor"),
        ("idle_lock_minuts = 5", "line 1, column 1", "nearest: idle_lock_minutes"),
        ("[hard_stop]\nunder_18 = false", "line 1, column 1", "hard stops"),
        ("[never_held]\nfields = []", "line 1, column 1", "never held"),
        ('[vocabulary.never_held]\nx = "y"', "line 1, column 1", "never held"),
        ("nationality = true", "line 1, column 1", "nationality is never held"),
        ('[vocabulary.need]\nchildren = "children"', "line 2, column 1", "never held"),
        ('[vocabulary.need]\nhousing = "a roof"', "line 2, column 1", "already"),
        ('[vocabulary.offence]\nloitering = "loitering"', "line 2, column 1", "never held"),
        ('[vocabulary.offence]\ns1 = "Street Offences Act 1959 s.1"', "line 2, column 1", "no list"),
        ('[recipients]\nukvi = "x"', "line 2, column 1", "never a recipient"),
        ('[recipients]\nice = "immigration enforcement"', "line 2, column 1", "never a recipient"),
        ('[recipients]\n"Big One" = "x"', "line 2, column 1", "small letters"),
        ('[vocabulary.need]\nx = {label = "y", colour = "z"}', "line 2, column 1", "not known"),
        ('[vocabulary.need]\nx = {label = "y", valid_from = 2027-01-01}', "line 2, column 1", "future"),
        ('[sets]\ndealt_with = ["arrest",\n  "shouted_at"]', "line 3, column 3", "no code of action"),
        ("[sets]\ndealt_with = []", "line 2, column 1", "names nothing"),
        ('sectors = ["A", "a"]', "line 1, column 17", "twice"),
        ('sectors = ["A"]\n[sector_groups]\nn = ["A", "B", "C"]', "line 3, column 11", "none of the unit's"),
        ('[legal]\nschedule_8_condition = ""', "line 2, column 1", "text"),
        ('backup_place = "copies"', "line 1, column 1", "whole path"),
        ("[outside_contacts]", "line 1, column 1", "names nobody"),
        ('[matching.name_forms]\nw8lter = ["wat"]', "line 2, column 1", "letters"),
        ('reset = ["sector"]', "line 1, column 10", "nearest: sectors"),
    ],
)
def test_a_mistake_is_named_by_line_and_column_and_nothing_is_changed(
    store: Store, text: str, where: str, rule: str
) -> None:
    with pytest.raises(Refused) as told:
        settings.propose(store, text, "unit.toml")
    assert f"unit.toml, {where}: " in str(told.value)
    assert rule in str(told.value)


def test_all_mistakes_of_a_file_are_told_at_once(store: Store) -> None:
    with pytest.raises(Refused, match="line 1, column 1: .*line 3, column 1: "):
        settings.propose(store, "idle_lock_minutes = 1\n[matching]\nethnicity = 3", "unit.toml")


@pytest.mark.parametrize("text", ["idle = ", "[a\n", "a = 1\na = 2", "x = {"])
def test_a_file_that_is_no_toml_is_refused_with_its_place(store: Store, text: str) -> None:
    with pytest.raises(Usage, match=r"unit.toml, line \d+, column \d+"):
        settings.propose(store, text, "unit.toml")


def test_a_sector_that_a_group_is_made_of_is_not_taken_away_alone(store: Store) -> None:
    groups = '[sector_groups]\nnorth = ["A", "B", "C"]'
    settle(store, f'sectors = ["A", "B", "C", "D", "E", "F"]\n{groups}')
    with pytest.raises(Refused, match="sector_groups"):
        settings.propose(store, 'sectors = ["A", "B"]', "unit.toml")
    assert settle(store, 'sectors = ["A", "B", "C"]') == ["sectors"]


@pytest.mark.parametrize(("sectors", "alone"), [('"A", "B", "C", "D"', 1), ('"A", "B", "C", "D", "E"', 2)])
def test_no_one_or_two_sectors_are_left_in_no_group_for_they_would_be_told_from_the_rest(
    store: Store, sectors: str, alone: int
) -> None:
    groups = '[sector_groups]\nnorth = ["A", "B", "C"]'
    with pytest.raises(Refused, match=f"sector_groups: {alone} of the unit's sectors"):
        settle(store, f"sectors = [{sectors}]\n{groups}")
    settle(store, f'sectors = ["A", "B", "C"]\n{groups}')
    with pytest.raises(Refused, match="in no group"):
        settle(store, f"sectors = [{sectors}]")
    settle(store, 'sectors = ["A", "B", "C", "D", "E", "F"]')


def test_a_code_that_the_unit_adds_is_taken_wherever_its_list_is_read(store: Store, clock: Clock) -> None:
    engagement = {"at": "2026-11-20T21:00", "needs": "harm_reduction"}
    with pytest.raises(Refused, match="needs"):
        records.add(store, "engagement", engagement)
    settle(
        store,
        '[vocabulary.need]\nharm_reduction = "harm reduction"\n'
        '[vocabulary.behaviour]\nspits = "spits at her"\n'
        '[vocabulary.ref_kind]\nradio = "radio log"\n'
        '[vocabulary.action]\nletter_home = "letter"\n'
        '[recipients]\nprobation = "probation service"',
    )
    offers = {"offers": ["harm_reduction:accepted"], "refs": ["radio:12"]}
    made = records.add(store, "engagement", engagement | offers)
    assert made["needs"] == ["harm_reduction"]
    assert made["offers"] == ["harm_reduction:accepted"]
    seen = {"engagement": made["ref"], "behaviours": "spits", "description": {"mo": ["spits"]}}
    assert records.add(store, "concern", seen)["behaviours"] == ["spits"]
    assert watchlist.read_one(store, {"mo": ["spits"]}) == {"mo": ["spits"]}
    man = records.add(store, "offender", {"name": "Gary Example", "mo": "spits"})
    records.add(store, "action", {"offender": man["ref"], "on": "2026-11-20", "action": "letter_home"})
    found = records.listing(store, "action", filters.build(store, "action", {"action": "letter_home"}))
    assert len(found) == 1
    settings.check_code(store.cipher, "recipient", "probation")
    with pytest.raises(Refused):
        settings.check_code(store.cipher, "recipient", "ukvi")


def test_an_import_takes_the_units_own_codes(store: Store, tmp_path: Any) -> None:
    settle(store, '[vocabulary.need]\nharm_reduction = "harm reduction"')
    file = tmp_path / "contacts.csv"
    file.write_text("external_ref,at,needs\nX1,2026-11-20T21:00,harm_reduction\n")
    source = Source(file)
    outcome = importing.run(store, "engagement", source, apply=True)
    source.close()
    assert outcome.counts["create"] == 1


def test_a_code_taken_away_again_stays_where_it_stands_and_is_not_taken_anew(store: Store) -> None:
    settle(store, '[vocabulary.need]\nharm_reduction = "harm reduction"')
    made = records.add(store, "engagement", {"at": "2026-11-20T21:00", "needs": "harm_reduction"})
    settle(store, 'reset = ["vocabulary.need"]')
    assert records.amend(store, "engagement", made["ref"], {"sector": "A"})["needs"] == ["harm_reduction"]
    with pytest.raises(Refused):
        records.add(store, "engagement", {"at": "2026-11-20T21:00", "needs": "harm_reduction"})


def test_a_set_is_printed_with_the_labels_of_what_it_is_made_of(store: Store) -> None:
    with store.counts() as reader:
        assert settings.code_set(reader, "dealt_with") == vocabulary.sets()["dealt_with"]
    settle(store, '[sets]\ndealt_with = ["charge", "arrest"]\n[vocabulary.action]\nx = "y"')
    with store.counts() as reader:
        found = settings.code_set(reader, "dealt_with")
        assert settings.get(reader, "sets.dealt_with_wide") != []
    assert found.codes == {"charge", "arrest"}
    assert found.label == "charge, arrest"


def test_the_words_read_to_her_are_the_newest_version_that_is_valid(store: Store) -> None:
    with store.counts() as reader:
        assert settings.wording(reader, "2026-11-24").code == "2026-1"
    settle(
        store,
        '[vocabulary.wording]\n2026-2 = {label = "Now", valid_from = 2026-11-01}\n'
        '2027-1 = {label = "Then", valid_from = 2027-01-01}',
    )
    with store.counts() as reader:
        assert settings.wording(reader, "2026-11-24").label == "Now"
        assert settings.wording(reader, "2027-01-01").code == "2027-1"


def test_status_says_nothing_of_the_legal_references_once_they_are_settled(store: Store) -> None:
    def notes() -> str:
        return " ".join(standing.of(store)["health"]["notes"])

    assert "appropriate policy document and the schedule 8" in notes()
    settle(store, '[legal]\nschedule_8_condition = "paragraph 1"')
    assert "not set: the appropriate policy document (" in notes()
    settle(store, '[legal]\nappropriate_policy_document = "APD 7"')
    assert "legal references" not in notes()
    assert standing.of(store)["health"]["legal_references"]["schedule_8_condition"] == "paragraph 1"


def test_a_form_of_a_name_that_the_unit_adds_is_matched(store: Store) -> None:
    records.add(store, "offender", {"name": "Kestrel Example", "build": "stocky"})
    asked = {"name": "Zab Example", "build": "stocky"}
    (before,) = watchlist.match(store, asked, weak=True)
    settle(store, '[matching.name_forms]\nkestrel = ["Zab"]')
    (after,) = watchlist.match(store, asked, weak=True)
    points = [sum(r["points"] for r in hit["reasons"] if r["field"] == "name") for hit in (before, after)]
    assert points[1] > points[0]
    assert any(r["asked"] == "Zab Example" for r in after["reasons"] if r["field"] == "name")


def test_a_unit_may_leave_how_his_ethnicity_was_seen_out_of_matching(store: Store) -> None:
    asked = {"name": "Kestrel Example", "ethnicity_appearance": "IC1"}
    records.add(store, "offender", asked)
    (before,) = watchlist.match(store, asked)
    settle(store, "[matching]\nethnicity = false")
    (after,) = watchlist.match(store, asked)
    fields = [{reason["field"] for reason in hit["reasons"]} for hit in (before, after)]
    assert fields[0] - fields[1] == {"ethnicity_appearance"}


def test_the_tallies_count_by_the_units_sets_and_say_so(store: Store) -> None:
    from db import tallies
    from db.rules import periods

    settle(store, '[vocabulary.action]\nwarned_off = "warned off"')
    for name, action in (("Gary Example", "arrest"), ("Other Example", "warned_off")):
        him = records.add(store, "offender", {"name": name})["ref"]
        records.add(store, "action", {"offender": him, "on": "2026-11-20", "action": action})

    def counted() -> dict[str, Any]:
        told = tallies.summary(store, periods.month("2026-11"))
        highest = next(one for one in told["tables"] if one["id"] == "offenders_by_highest_action")
        rows = {row["highest_action"]: row["count"] for row in highest["rows"]}
        return {one["id"]: one for one in told["measures"]} | {"rows": rows}

    before = counted()
    settle(
        store,
        '[sets]\ndealt_with = ["arrest", "warned_off"]\ndealt_with_wide = ["arrest", "warned_off", "cpn"]',
    )
    after = counted()
    assert [one["offenders_dealt_with"]["value"] for one in (before, after)] == [1, 2]
    assert "arrest, warned off." in after["offenders_dealt_with"]["definition"]
    assert "warned off" not in before["offenders_dealt_with"]["definition"]
    assert sum(after["rows"].values()) == after["offenders_dealt_with_wide"]["value"] == 2
    assert after["rows"]["other"] == 1


def test_a_wide_set_holds_the_narrow_one(store: Store) -> None:
    with pytest.raises(Refused, match="has to hold all of sets.dealt_with"):
        settings.propose(store, '[sets]\ndealt_with_wide = ["charge"]', "unit.toml")
