"""The form for a new engagement, by its keys: what each does, and what the store then holds."""

import pytest
from textual.widgets import Input

from db import records
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.formed import form, furnished, play, saved
from tests.seats import Seat


@pytest.fixture
def refs(store: Store) -> dict[str, str]:
    """The references of whoever is in the unit, which is closed again."""
    made = furnished(store)
    store.close()
    return made


def said(seat: Seat) -> str:
    return seat.shown.splitlines()[-2].strip()


def drafts_about(unit: Unit) -> list[str]:
    """The references of the records that the drafts in the file are about."""
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        rows = store.cipher.execute(
            "select r.ref from draft as d join json_each(d.about) as a join record as r "
            "on r.id = unhex(a.value)"
        ).fetchall()
    return [ref for (ref,) in rows]


# --- the walk


def test_enter_walks_person_how_car_concerns_note(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        walked = []
        for _ in range(5):
            walked.append(getattr(form(seat).focused, "said", ""))
            await seat.press("enter")
        assert walked == ["person", "how", "said", "concerns", "note"]

    play(unit, clock, script)


def test_enter_in_the_note_is_a_new_line_and_tab_goes_on(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press(*["enter"] * 4)
        await seat.type("one")
        await seat.press("enter")
        await seat.type("two")
        await seat.press("tab")
        assert getattr(form(seat).focused, "said", "") == "when"
        await seat.press("shift+tab")
        assert getattr(form(seat).focused, "said", "") == "note"
        await seat.press("ctrl+s")

    play(unit, clock, script)
    assert saved(unit)[0]["narrative"] == "one\ntwo"


def test_the_first_contact_takes_nine_keys_and_claims_nothing(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter", "enter", "enter")
        await seat.type("seen well")
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")
        assert said(seat).endswith(". F9 undoes")
        assert form(seat).sheet.is_empty
        assert getattr(form(seat).focused, "said", "") == "person"

    play(unit, clock, script)
    made = saved(unit)[0]
    assert (made["people"], made["narrative"], made["initiated_by"]) == ([refs["Kasia"]], "seen well", None)
    assert (made["sharing_level"], made["wording_version"], made["next_on"]) == (1, None, None)
    assert saved(unit, "followup") == []


def test_keys_that_come_in_one_burst_land_where_they_were_meant(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        assert seat.pilot is not None
        burst = ["k", "a", "s", "enter", "3", "enter", "enter", "f", "enter", "question_mark", "enter"]
        seat.app.screen.log("burst")
        for key in burst:
            from textual import events

            seat.app.post_message(events.Key(key, {"question_mark": "?"}.get(key, key[:1])))
        await seat.rest()
        sheet = form(seat).sheet
        assert (sheet.text("person"), sheet.text("how"), sheet.text("concerns")) == ("kas", "3", "f")
        assert sheet.answers[0]["when"] == "?"
        assert sheet.chosen["kas"].ref == refs["Kasia"]

    play(unit, clock, script)


# --- person


def test_the_offers_are_moved_through_with_the_arrows_and_taken_by_enter(
    unit: Unit, clock: Clock, store: Store
) -> None:
    refs = furnished(store)
    other = records.add(store, "person", {"pseudonym": "Poplar-12", "known_as": ["Kasha"]})["ref"]
    store.close()

    async def script(seat: Seat) -> None:
        await seat.type("kas")
        assert f"> {refs['Kasia']}" in seat.shown
        assert f"  {other}" in seat.shown
        await seat.press("down")
        assert f"> {other}" in seat.shown
        await seat.press("enter", "ctrl+s")

    play(unit, clock, script)
    assert saved(unit)[0]["people"] == [other]


def test_several_by_comma_and_two_unnamed(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas, ton, ?2")
        await seat.press("enter")
        assert "2 unnamed" in seat.shown
        await seat.press("ctrl+s")

    play(unit, clock, script)
    made = saved(unit)[0]
    assert (made["people"], made["people_unnamed"]) == ([refs["Kasia"], refs["Toni"]], 2)


def test_a_name_that_two_share_is_picked_after_a_save_has_asked(
    unit: Unit, clock: Clock, store: Store
) -> None:
    refs = furnished(store)
    other = records.add(store, "person", {"pseudonym": "Poplar-12", "known_as": ["Kasha"]})["ref"]
    store.close()

    async def script(seat: Seat) -> None:
        person = form(seat).field("person")
        person.value = "kas, ton"  # pasted: nobody was offered while it was typed
        await seat.rest()
        await seat.press("enter", "ctrl+s")
        assert "pick who is meant" in said(seat)
        assert "kas: who?" in seat.shown
        await seat.press("down", "enter", "ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    assert saved(unit)[0]["people"] == [other, refs["Toni"]]


def test_somebody_new_gets_a_pseudonym_of_the_list_and_never_the_search_text(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("petra")
        await seat.press("down", "enter")
        assert "free names" in seat.shown
        await seat.press("enter", "enter")
        await seat.type("31")
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    new = next(one for one in saved(unit, "person") if one["ref"] not in refs.values())
    assert saved(unit)[0]["people"] == [new["ref"]]
    assert "petra" not in str(new).lower()
    assert (new["age_band"], new["known_as"]) == ("25-34", [])


def test_whoever_resembles_somebody_new_is_shown_beside_her(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("+kashia")
        await seat.press("enter")
        assert f"like her: {refs['Kasia']}" in seat.shown
        assert form(seat).sheet.new["+kashia"]["called"] == "kashia"

    play(unit, clock, script)


def test_who_only_resembles_her_is_not_taken_by_enter_alone(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kashia")
        assert refs["Kasia"] in seat.shown
        await seat.press("enter", "ctrl+s")
        assert "pick who is meant" in said(seat)
        assert getattr(form(seat).focused, "said", "") == "person"

    play(unit, clock, script)
    assert len(saved(unit)) == 1


def test_nobody_of_that_name_is_not_saved(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await seat.press("ctrl+s")
        assert "who was it" in said(seat)
        await seat.type("-")
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    assert saved(unit)[0]["people"] == []


# --- concerns


def test_a_concern_letter_opens_its_line_and_the_form_asks_what_nobody_said(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter")
        await seat.type("1")
        await seat.press("enter")
        await seat.type('silver astra, "Gaz"')
        await seat.press("enter")
        await seat.type("f")
        assert " follows:" in seat.shown
        await seat.press("ctrl+s")
        assert "When did it happen" in said(seat)
        await seat.type("yesterday 2050")
        await seat.press("enter")
        await seat.type("n")
        await seat.press("enter")
        await seat.type("l")
        await seat.press("ctrl+s")
        assert "Sharing" in said(seat)
        await seat.type("2")
        await seat.press("enter")
        await seat.type("y")
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    made, concern = saved(unit)[0], saved(unit, "concern")[0]
    assert (made["initiated_by"], made["wording_version"], made["sharing_level"]) == (
        "flagged_down",
        "2026-1",
        2,
    )
    assert concern["behaviours"] == ["follows"]
    assert concern["happened_from"] == "2026-11-23T20:50:00+00:00"
    assert (concern["person"], concern["injury"], concern["ncrs_decision"]) == (refs["Kasia"], "no", None)


def test_a_concern_of_two_women_asks_which_of_them_told_it(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas, ton")
        await seat.press("enter", "enter", "enter")
        await seat.type("f")
        await seat.press("enter")
        await seat.type("ton")
        await seat.press("enter")
        await seat.type("?")
        await seat.press("ctrl+s")
        await seat.type("1")
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    assert saved(unit, "concern")[0]["person"] == refs["Toni"]


# --- the panel


def test_matches_come_as_car_and_man_are_typed_and_never_say_who_reported(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        for at, sector in (("2026-11-11T21:00", "3"), ("2026-11-10T21:00", "4")):
            records.add(store, "sighting", {"at": at, "offender": refs["Gaz"], "sector": sector})

    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter")
        await seat.type('silver astra NA12 ?B?, "Gaz", stocky')
        assert refs["Gaz"] in seat.shown
        assert "seen Sector 3, 11 Nov 2026" in seat.shown
        assert "+ plate NA12 ?B? = NA12 KBO" in seat.shown
        panel = "\n".join(line.partition("\u2502")[2] for line in seat.shown.splitlines()[:15])
        assert "Willow" not in panel
        assert "Kasia" not in panel

    play(unit, clock, script)


def test_f7_goes_to_the_panel_and_back_and_l_links_him_to_her_concern(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter")
        await seat.type('silver astra NA12 ?B?, "Gaz"')
        await seat.press("f7", "l")
        assert "LINKED" in seat.shown
        await seat.press("f7")
        assert getattr(form(seat).focused, "said", "") == "said"
        await seat.press("enter")
        await seat.type("f")
        await seat.press("enter")
        await seat.type("?")
        await seat.press("ctrl+s")
        await seat.type("2")
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    assert saved(unit, "concern")[0]["offender"] == refs["Gaz"]


def test_x_sets_a_man_aside_and_the_save_judges_that_it_is_not_he(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.press("enter", "enter")
        await seat.type('"Gaz", silver astra NA12 KBO')
        await seat.press("f7", "x")
        assert "not him" in said(seat)
        assert "PROBABLE" not in seat.shown
        assert "POSSIBLE  O-" not in seat.shown
        await seat.press("f7")
        form(seat).field("person").value = "-"
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")
        await seat.press("f9")

    play(unit, clock, script)
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        assert store.cipher.execute("select verdict from judgement").fetchall() == [("different",)]
        assert verify(store).ok


def test_at_80_columns_the_panel_is_one_line_under_the_field(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.press("enter", "enter")
        await seat.type('"Gaz", silver astra NA12 KBO')
        assert "!! 1 possible match, F7" in seat.shown
        assert refs["Gaz"] not in seat.shown
        await seat.press("f7")
        assert refs["Gaz"] in seat.shown
        await seat.press("f7")
        assert refs["Gaz"] not in seat.shown

    play(unit, clock, script, (80, 24))


def test_what_is_still_to_be_answered_is_seen_where_the_panel_was_open_over_it(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.press("enter", "enter")
        await seat.type('"Gaz", silver astra NA12 KBO')
        await seat.press("f7", "ctrl+s")
        assert "Person: who was it?" in said(seat)
        await seat.type("?12")
        assert "?12" in seat.shown

    play(unit, clock, script, (80, 24))


@pytest.mark.parametrize("size", [(80, 24), (120, 30)])
def test_whom_the_last_contact_may_have_meant_is_not_offered_to_the_next(
    unit: Unit, clock: Clock, refs: dict[str, str], size: tuple[int, int]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("?1")
        await seat.press("enter", "enter")
        await seat.type('"Gaz", silver astra NA12 KBO')
        await seat.press("f7", "ctrl+s")
        assert said(seat).startswith("Saved E-")
        assert "possible match" not in seat.shown
        assert refs["Gaz"] not in seat.shown
        assert "Person" in seat.shown
        await seat.press("f7")
        assert said(seat) == "Nobody on the watchlist answers to that, so far."
        await seat.press("enter", "enter")
        await seat.type('"Gaz", silver astra NA12 KBO')
        await seat.press("f7")
        assert refs["Gaz"] in seat.shown

    play(unit, clock, script, size)


# --- again, undo, what stays


def test_f8_repeats_how_sector_and_needs_and_nothing_that_she_said(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "f8", "ctrl+s")

    play(unit, clock, script)
    made = saved(unit)[0]
    assert (made["initiated_by"], made["sector"], made["needs"]) == ("patrol", "3", ["housing"])
    assert (made["narrative"], made["mentions"], made["sharing_level"]) == (None, None, 1)


def test_f9_takes_back_all_that_was_just_saved(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("ctrl+s", "f9")
        assert "is undone" in said(seat)
        await seat.press("f9")
        assert "Nothing was saved" in said(seat)

    play(unit, clock, script)
    assert len(saved(unit)) == 1


def test_sector_and_how_stay_for_the_next_contact_but_never_flagged_down(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        for how, left in (("3s", "3"), ("1", "")):
            form(seat).field("how").value = how
            form(seat).field("sector").value = "12"
            await seat.type("kas")
            await seat.press("ctrl+s")
            assert (form(seat).field("how").value, form(seat).field("sector").value) == (left, "12")
        await seat.press("ctrl+l")
        await seat.unlock()
        await seat.press("f2")
        assert form(seat).field("sector").value == ""

    play(unit, clock, script)


# --- drafts


def test_esc_keeps_the_draft_and_f2_brings_it_back(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter")
        await seat.type("silver astra")
        await seat.press("escape")
        assert "Today" in seat.shown
        await seat.press("f2")
        assert "silver astra" in seat.shown
        assert form(seat).sheet.chosen["kas"].ref == refs["Kasia"]

    play(unit, clock, script)


def test_a_lock_keeps_the_draft_and_the_unlock_gives_it_back(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter")
        await seat.type("silver astra")
        await seat.press("ctrl+l")
        assert "silver" not in seat.shown
        assert drafts_about(unit) == [refs["Kasia"]]  # so that it goes with her
        await seat.unlock()
        await seat.press("f2")
        assert "silver astra" in seat.shown
        await seat.press("f4")
        await seat.rest()
        assert drafts_about(unit) == [refs["Kasia"]]
        await seat.press("f2")
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    assert saved(unit)[0]["mentions"] == "silver astra"


def test_a_saved_contact_leaves_no_draft(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter")
        await seat.type("silver astra")
        await seat.press("escape", "f2", "ctrl+s", "escape", "f2")
        assert form(seat).sheet.is_empty
        assert seat.app.drafts.count == 0

    play(unit, clock, script)


def test_what_stands_in_a_field_is_kept_and_saved_before_the_form_has_heard_of_it(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter")
        with form(seat).prevent(Input.Changed):
            form(seat).field("said").value = "silver astra"
        await seat.press("ctrl+l")
        await seat.unlock()
        await seat.press("f2")
        assert form(seat).sheet.text("said") == "silver astra"
        with form(seat).prevent(Input.Changed):
            form(seat).field("said").value = "silver astra by the arch"
        await seat.press("ctrl+s")

    play(unit, clock, script)
    assert saved(unit)[0]["mentions"] == "silver astra by the arch"


def test_several_pasted_lines_become_one(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        from textual import events

        await seat.press("enter", "enter")
        seat.app.post_message(events.Paste("silver astra\nNA12\x1b[31m KBO"))
        await seat.rest()
        assert form(seat).sheet.text("said") == "silver astra; NA12[31m KBO"
        assert "one line now" in said(seat)

    play(unit, clock, script)


# --- stops and duties


def test_a_child_stops_the_form_and_what_is_known_of_the_man_is_kept(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("+")
        await seat.press("enter")
        form(seat).field("said").value = 'black golf, "Mick"'
        await seat.press("tab", "tab")
        await seat.type("16")
        await seat.press("ctrl+s")
        assert "Under 18" in seat.shown
        await seat.press("n")
        assert "Under 18" in seat.shown
        await seat.press("k")
        assert "Kept of him: O-" in seat.shown
        assert form(seat).sheet.is_empty
        assert seat.app.drafts.count == 0

    play(unit, clock, script)
    assert len(saved(unit)) == 1
    assert {one["ref"] for one in saved(unit, "person")} <= set(refs.values())
    assert ["Mick"] in [one["aliases"] for one in saved(unit, "offender")]


def test_esc_leads_back_from_a_stop_with_nothing_lost_and_nothing_saved(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter")
        await seat.type("said he would kill me")
        await seat.press("ctrl+s")
        assert "duty inspector" in seat.shown
        await seat.press("escape")
        assert form(seat).sheet.text("said") == "said he would kill me"
        await seat.press("ctrl+s", "d")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    assert saved(unit)[0]["mentions"] == "said he would kill me"


def test_police_or_partner_staff_wipes_the_draft_and_shows_whom_to_go_to(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter")
        await seat.type("he showed a badge")
        await seat.press("enter")
        await seat.press("f", "exclamation_mark")
        assert "professional standards" in seat.shown
        await seat.press("y")
        assert form(seat).sheet.is_empty
        assert "Nothing was saved" in " ".join(seat.shown.split())
        assert seat.app.drafts.count == 0

    play(unit, clock, script)
    assert len(saved(unit)) == 1


def test_the_words_to_be_read_and_the_clock_stand_in_the_flow_in_a_line_each(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter", "enter", "enter")
        await seat.type("f")
        await form(seat).stops.draw()
        await seat.rest()
        assert "Read to her, then y: I can write this" in seat.shown
        assert "you can change your mind." in seat.shown  # to the last word, at 80 columns
        assert "Crime? is due Wed 25 Nov 2026 12:00" in seat.shown
        await seat.press("escape", "f2")
        assert "you can change your mind." in seat.shown

    play(unit, clock, script)


# --- another program


def test_a_busy_file_saves_nothing_keeps_the_draft_and_ctrl_s_tries_again(
    unit: Unit, clock: Clock, refs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.vault.cipher.WAIT_SECONDS", 0.2)

    async def script(seat: Seat) -> None:
        await seat.type("kas")
        await seat.press("enter")
        with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as other:
            other.cipher.begin()
            await seat.press("ctrl+s")
            other.cipher.rollback()
        assert said(seat).startswith("!! Not saved: another program holds the file. Kept as a draft.")
        assert form(seat).sheet.text("person") == "kas"
        await seat.press("ctrl+s")
        assert said(seat).startswith("Saved E-")

    play(unit, clock, script)
    assert len(saved(unit)) == 2
