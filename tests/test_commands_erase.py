"""``restrict`` and ``erase`` at the command line: always a reason, and a question before the end."""

import pytest

from db.vault import opening
from db.vault.store import Face
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.desk import Desk

WHY = ("--reason", "subject_access")


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def listed(desk: Desk, word: str) -> list[str]:
    return [one["ref"] for one in desk(word, "list", "-f", "json").json]


def made(desk: Desk) -> dict[str, str]:
    person = desk.ref("people", "add", "--pseudonym", "Willow-27")
    contact = desk.ref("engagements", "add", "--at", "now", "--people", person)
    return {
        "people": person,
        "engagements": contact,
        "concerns": desk.ref("concerns", "add", "--engagement", contact, "--person", person),
        "watchlist": desk.ref("watchlist", "add", "--build", "stocky"),
    }


def test_what_is_restricted_is_out_of_the_list_until_it_is_lifted(desk: Desk) -> None:
    for word, ref in made(desk).items():
        ran = desk(word, "restrict", ref, *WHY, "-f", "json")
        assert ran.json == {"ref": ref, "restricted": True}, ran.err
        assert listed(desk, word) == []
        for look in (("show", ref), ("history", ref), ("undo", ref), ("amend", ref, "--clear", "sector")):
            told = desk(word, *look)
            said = f"{ref} is restricted: say why with --reason CODE"
            assert (told.code, said in told.err) == (2, True), (word, look)
        assert desk(word, "show", ref, *WHY).code == 0
        assert desk(word, "restrict", ref, *WHY).code == 5
        assert desk(word, "restrict", ref, "--lift", *WHY, "-f", "json").json == {
            "ref": ref,
            "restricted": False,
        }
        assert listed(desk, word) == [ref]


def test_who_looked_at_a_restricted_woman_what_she_said_and_whom_he_may_be_take_a_reason(desk: Desk) -> None:
    refs = made(desk)
    for word in ("people", "watchlist"):
        assert desk(word, "restrict", refs[word], *WHY).code == 0
    for look in (
        ("people", "history", refs["people"], "--looks"),
        ("people", "consent", refs["people"]),
        ("match", "--record", refs["watchlist"]),
    ):
        told = desk(*look)
        assert (told.code, "is restricted: say why with --reason CODE" in told.err) == (2, True), look
        assert desk(*look, *WHY).code == 0


def test_the_first_call_restricts_and_the_second_empties(desk: Desk) -> None:
    refs = made(desk)
    for word in ("concerns", "watchlist", "people", "engagements"):
        ref = refs[word]
        first = desk(word, "erase", ref, *WHY, "-f", "json")
        told = {"ref": ref, "state": "restricted", "asked_by": ["Sam"], "along": [], "same_as": []}
        told |= {"emptied": [], "look_through": []}
        assert first.json == told
        assert "second member" in first.err
        assert listed(desk, word) == []
        second = desk(word, "erase", ref, *WHY, "--yes", "-f", "json")
        assert (second.code, second.json["state"]) == (0, "erased"), second.err
        assert desk(word, "show", ref, *WHY).code == 4
        assert desk(word, "erase", ref, *WHY, "--yes").code == 5
    with opening.with_opened(desk.unit.folder, desk.unit.opened, Face("script", "test")) as store:
        assert verify(store).ok


def test_nothing_is_emptied_without_a_confirmation(desk: Desk) -> None:
    ref = made(desk)["people"]
    assert desk("people", "erase", ref, *WHY).code == 0
    ran = desk("people", "erase", ref, *WHY)
    assert ran.code == 2
    assert "--yes" in ran.err
    assert desk("people", "show", ref, *WHY).code == 0


def test_restricting_and_erasing_take_a_reason(desk: Desk) -> None:
    ref = made(desk)["people"]
    for verb in ("restrict", "erase"):
        ran = desk("people", verb, ref)
        assert ran.code == 2
        assert "--reason" in ran.err
    assert listed(desk, "people") == [ref]


def test_a_reference_that_names_nothing_ends_with_4(desk: Desk) -> None:
    for verb in ("restrict", "erase"):
        assert desk("people", verb, "P-ZZZZ", *WHY).code == 4


def test_the_history_of_an_erased_woman_tells_who_asked_and_who_emptied_and_nothing_of_her(
    desk: Desk,
) -> None:
    ref = made(desk)["people"]
    desk("people", "erase", ref, *WHY, "--note", "-", stdin="she wrote to us")
    desk("people", "erase", ref, *WHY, "--yes", "--note", "-", stdin="agreed with Willow-27")
    told = desk("people", "history", ref, "-f", "json")
    assert [(one["member"], one["what"], one["reason"]) for one in told.json] == [
        ("Sam", "collection", None),
        ("Sam", "restricted", "subject_access"),
        ("Sam", "erasure", "subject_access"),
    ]
    assert "Willow" not in told.out
    assert "wrote" not in told.out


def test_only_these_groups_erase(desk: Desk) -> None:
    for word in ("calls", "actions", "orders", "vehicles", "sightings", "referrals", "followups"):
        assert desk(word, "erase", "X-1234", *WHY).code == 2
