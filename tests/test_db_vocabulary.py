"""The coded lists, the sets figures are made from, and what is never held."""

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import NotFound, Refused
from db.rules import vocabulary

EVERY_LIST = vocabulary.names()

METHODS = """
    follows threatens assaults sexual_assault robs refuse_pay takes_back_money no_condom stealth rough
    strangles restrains weapon_knife weapon_blunt weapon_gun weapon_other lock_in_car drives_off_area
    rural second_man films drugs_drink threat_family gun_claim stalks online_first uses_name
    police_impersonation targets_dependent repeat
"""
# The contract of the command line: these codes may be added to, never renamed.
CONTRACT = {
    "initiated_by": "flagged_down planned patrol drop_in third_party call text online",
    "contact": "spoke seen_only attempted declined nil_patrol",
    "ref_kind": "bwv incident crime intel notebook exhibit custody other",
    "age_band": "under_18 18-24 25-34 35-44 45-54 55+ unknown",
    "sex": "woman man other unknown",
    "identity_confidence": "unknown partial vehicle_keeper_confirmed named",
    "person_status": "active paused no_contact moved died closed",
    "sharing_level": "0 1 2 3 4 5",
    "risk_tool": "dash dara local thrive",
    "risk_grade": "standard medium high",
    "need": "housing drugs alcohol mental_health physical_health sexual_health violence debt benefits legal "
    "exit food id_docs phone",
    "call_source": "storm 101 999 online council other",
    "action": "arrest voluntary_attendance caution_simple caution_conditional community_resolution "
    "course_attended outcome22 pnd charge summons_postal_requisition warning_letter_keeper dispersal_s35 "
    "cpn_warning cpn order_applied order_granted order_breach stop_and_speak intel_only nfa no_trace",
    "action_result": "open nfa charged",
    "outcome_code": "1 1A 2 2A 3 3A 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 20 21 22",
    "purpose": "crime safeguarding intelligence statistics subject_access",
    "recipient": "internal cps partner num council court subject press",
    "reason": "welfare safeguarding crime intelligence supervision subject_access audit correction",
    "ncrs_decision": "crimed n100 incident_only referred_fcr",
    "referral_status": "offered declined sent accepted engaged waiting closed rejected",
    "category": "reported suspect charged convicted",
    "grade_source": "1 2 3",
    "grade_assessment": "A B C D E",
    "grade_handling": "P C",
    "hate_motivation": "disability race religion sexual_orientation transgender sex_worker",
    "build": "thin slim medium stocky muscular heavy obese",
    "highest_action": "charge caution community_resolution course order arrest other",
    "owner_kind": "member agency next_shift",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_the_codes_of_the_contract_stand_in_their_order(name: str) -> None:
    assert list(vocabulary.codes(name)) == CONTRACT[name].split()


@pytest.mark.parametrize("name", EVERY_LIST)
def test_each_code_has_a_label_a_source_and_a_date(name: str) -> None:
    whole = vocabulary.vocabulary(name)
    assert whole.title
    assert whole.entries
    for code in vocabulary.codes(name):
        one = vocabulary.entry(name, code)
        assert one.code == code
        assert re.fullmatch(r"[A-Za-z0-9_+:\-]+", code)
        assert one.label == one.label.strip() != ""
        assert len(one.source) > 5
        assert date.fromisoformat(one.valid_from)
        assert one.valid_to is None or one.valid_to >= one.valid_from


def test_no_list_names_a_working_paper_as_its_source() -> None:
    for name in EVERY_LIST:
        for one in vocabulary.vocabulary(name).entries.values():
            assert ".md" not in one.source


def test_behaviours_hold_the_method_codes_and_the_plain_ones() -> None:
    behaviours = vocabulary.codes("behaviour")
    for code in METHODS.split():
        assert code in behaviours


def test_an_offer_is_a_need_with_her_answer() -> None:
    expected = [f"{need}:{said}" for need in vocabulary.codes("need") for said in ("accepted", "declined")]
    assert list(vocabulary.codes("offer")) == expected


def test_each_offence_but_other_says_its_act_and_mode_and_summary_ones_are_known() -> None:
    entries = vocabulary.vocabulary("offence").entries
    for code, one in entries.items():
        if code != "other":
            assert one.more["mode"] in ("summary", "either", "indictable")
            assert one.more["act"]
    summary_only = {code for code, one in entries.items() if one.more.get("mode") == "summary"}
    assert summary_only == {"soa51a", "soa53a", "soa66b", "s39", "stalk2a", "harass2"}
    assert vocabulary.entry("offence", "soa51a").valid_from == "2010-04-01"


def test_no_offence_can_be_turned_against_her() -> None:
    for one in vocabulary.vocabulary("offence").entries.values():
        assert "1959" not in one.more.get("act", "")
        assert "loiter" not in one.label


def test_a_known_code_passes_and_an_unknown_one_is_refused_with_the_nearest() -> None:
    vocabulary.check("contact", "spoke")
    with pytest.raises(Refused, match=r"initiated_by .* nearest: flagged_down"):
        vocabulary.check("initiated_by", "flagged-down")
    with pytest.raises(Refused, match="nearest: shpo"):
        vocabulary.check("order_type", "SHPO")
    with pytest.raises(Refused, match="contact takes only its codes; they are spoke"):
        vocabulary.check("contact", "zzzz")


@given(st.sampled_from(EVERY_LIST), st.text(alphabet="kxqz 0456789@", min_size=5))
def test_a_refusal_never_repeats_what_was_given(name: str, given_text: str) -> None:
    with pytest.raises(Refused) as refusal:
        vocabulary.check(name, given_text)
    assert given_text not in str(refusal.value)


def test_a_unit_may_add_codes_but_not_take_any_away() -> None:
    vocabulary.check("recipient", "housing_trust", added=["housing_trust"])
    with pytest.raises(Refused):
        vocabulary.check("recipient", "housing_trust")


@pytest.mark.parametrize("given_code", ["under_18", "Under 18", "under-18"])
def test_an_age_under_18_is_a_hard_stop_with_the_child_protection_referral(given_code: str) -> None:
    with pytest.raises(Refused, match="child-protection referral"):
        vocabulary.check("age_band", given_code, added=["under_18", given_code])


@pytest.mark.parametrize(
    "given_code", ["immigration_enforcement", "Immigration Enforcement", "UKVI", "border-force"]
)
def test_immigration_enforcement_is_no_recipient_whatever_the_settings_say(given_code: str) -> None:
    with pytest.raises(Refused, match="never a recipient"):
        vocabulary.check("recipient", given_code, added=[given_code])
    assert vocabulary.forbidden_recipient("cps") is None


@pytest.mark.parametrize(
    "name", ["", "no_such_list", "sets", "never_held", "../errors", "contact.toml", "Contact"]
)
def test_a_list_that_does_not_exist_is_not_found(name: str) -> None:
    with pytest.raises(NotFound, match="initiated_by"):
        vocabulary.codes(name)


def test_a_code_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound, match="spoke"):
        vocabulary.entry("contact", "sang")


def test_handing_out_a_list_does_not_let_it_be_changed() -> None:
    vocabulary.codes("contact")["sang"] = "sang"
    assert "sang" not in vocabulary.codes("contact")


# --- sets --------------------------------------------------------------------------------------------


def test_each_set_holds_only_codes_of_its_list() -> None:
    for one in vocabulary.sets().values():
        assert one.label
        assert one.codes <= set(vocabulary.codes(one.of))


def test_dealt_with_is_cautions_arrests_and_charges_and_the_wide_one_adds_to_it() -> None:
    sets = vocabulary.sets()
    assert sets["dealt_with"].codes == {
        *("caution_simple", "caution_conditional", "arrest", "charge", "summons_postal_requisition"),
    }
    assert sets["dealt_with_wide"].codes - sets["dealt_with"].codes == {
        *("community_resolution", "course_attended", "outcome22", "pnd", "order_granted", "cpn"),
    }
    assert sets["dealt_with"].codes <= sets["dealt_with_wide"].codes <= sets["disrupted"].codes


def test_the_outcome_sets_are_built_from_each_other() -> None:
    sets = {name: one.codes for name, one in vocabulary.sets().items()}
    assert sets["positive_core"] == sets["charged"] | sets["oocr_formal"] | sets["oocr_informal"]
    assert sets["positive_wide"] == sets["positive_core"] | sets["diversion"]
    assert sets["with_tic"] == sets["positive_wide"] | {"4"}


def test_each_action_of_the_wide_set_has_exactly_one_rank() -> None:
    ranked = [
        action
        for one in vocabulary.vocabulary("highest_action").entries.values()
        for action in one.more["actions"].split()
    ]
    assert len(ranked) == len(set(ranked))
    assert set(ranked) == vocabulary.sets()["dealt_with_wide"].codes


# --- never held, hard stops, wording -----------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        *("nationality", "immigration_status", "visa", "right_to_work", "Right to Work", "passport number"),
        *("address", "homeAddress", "Home Address", "her_address", "postcode", "children", "gp", "GP"),
        *("photo", "photos", "picture", "earnings", "income", "hours", "clients_per_day", "clients per day"),
        *("offence", "warning", "warnings", "caution", "order", "prostitute's caution", "task", "reward"),
    ],
)
def test_a_field_that_could_harm_her_is_refused_by_name_with_its_reason(field: str) -> None:
    sentence = vocabulary.forbidden(field)
    assert sentence is not None
    assert "is never held here: " in sentence


@pytest.mark.parametrize(
    "field", ["pseudonym", "sector", "needs", "sharing_level", "narrative", "", "colour"]
)
def test_other_fields_are_not_forbidden(field: str) -> None:
    assert vocabulary.forbidden(field) is None


def test_each_forbidden_field_is_spelled_as_it_is_looked_up() -> None:
    for field in vocabulary.never_held():
        assert vocabulary.forbidden(field) is not None
        assert re.fullmatch("[a-z0-9_]+", field)


def test_each_hard_stop_is_one_line_that_says_what_to_do_and_its_rule() -> None:
    for one in vocabulary.vocabulary("hard_stop").entries.values():
        assert one.more["kind"] in ("stop", "prompt")
        assert one.more["rule"]
        assert "\n" not in one.label
        assert one.label.endswith(".")
    assert "IOPC" in vocabulary.stop("police_or_partner")
    assert "child-protection referral" in vocabulary.stop("under_18")


def test_the_words_read_to_her_promise_no_secrecy_and_have_a_version() -> None:
    words = vocabulary.wording()
    assert words.code == "2026-1"
    assert "without your name" in words.label
    assert "I cannot promise" in words.label


# --- cost --------------------------------------------------------------------------------------------


def test_nothing_is_read_before_a_list_is_asked_for() -> None:
    probe = (
        "import sys; import db.rules.vocabulary as v; "
        "assert 'tomllib' not in sys.modules and 'difflib' not in sys.modules; "
        "v.check('contact', 'spoke'); assert 'difflib' not in sys.modules; "
        "assert v.vocabulary.cache_info().currsize == 1"
    )
    done = subprocess.run([sys.executable, "-c", probe], check=False, cwd=Path(__file__).parents[1])
    assert done.returncode == 0


def test_each_data_file_is_small_and_is_either_a_list_or_known() -> None:
    folder = Path(vocabulary.__file__).with_name("vocabulary")
    for file in folder.glob("*.toml"):
        assert file.stat().st_size < 12_000
        raw = tomllib.loads(file.read_text("utf-8"))
        assert ("codes" in raw) == (file.stem in EVERY_LIST)
