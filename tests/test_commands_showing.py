"""``show REF --as``: text to paste, and the reference that it got."""

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk, at_terminal

CONTACT = (
    "engagements",
    "add",
    "--at",
    "0900",
    "--mentions",
    "-",
    "--sector",
    "Northgate",
    "--sharing-level",
)


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def contact(desk: Desk, level: int) -> str:
    return desk.ref(*CONTACT, str(level), stdin="silver Astra NA12 KBO")


def test_text_is_plain_on_stdout_and_one_object_as_json(desk: Desk) -> None:
    ref = contact(desk, 2)
    ran = desk("engagements", "show", ref, "--as", "intel")
    assert ran.code == 0
    assert ran.out.startswith("OFFICIAL-SENSITIVE\nINTELLIGENCE REPORT (3x5x2)\n")
    told = desk("engagements", "show", ref, "--as", "intel", "--grade", "1ap", "-f", "json").json
    assert (told["ref"], told["as"]) == (ref, "intel")
    assert "Grade: 1AP" in told["text"]


def test_the_reference_it_got_is_kept(desk: Desk) -> None:
    ref = contact(desk, 4)
    ran = desk("engagements", "show", ref, "--as", "log", "--got", "NP-26-417")
    assert f"kept with {ref}" in ran.err
    assert desk("engagements", "show", ref, "-f", "json").json["refs"] == ["incident:NP-26-417"]


def test_on_a_terminal_it_asks_for_the_reference(desk: Desk, unit: Unit) -> None:
    ref = contact(desk, 4)
    ran = at_terminal(
        *("engagements", "show", ref, "--as", "crime"),
        answers=[("reference it got there", "26/0417")],
        BEECH_PASSPHRASE_FILE=str(unit.secret),
    )
    assert ran.code == 0, ran.out
    assert desk("engagements", "show", ref, "-f", "json").json["refs"] == ["crime:26/0417"]


def test_what_her_level_keeps_here_is_refused_and_nothing_is_printed(desk: Desk) -> None:
    kept = desk("engagements", "show", contact(desk, 1), "--as", "intel")
    assert (kept.code, kept.out) == (5, "")
    assert "sharing level 1" in kept.err
    facts = desk("engagements", "show", contact(desk, 2), "--as", "crime")
    assert (facts.code, facts.out) == (5, "")


@pytest.mark.parametrize(
    "options", [("--got", "X1"), ("--to", "cps"), ("--as", "gossip"), ("--as", "intel", "--grade", "4ZZ")]
)
def test_an_option_without_as_or_with_a_wrong_code_is_usage(desk: Desk, options: tuple[str, ...]) -> None:
    assert desk("engagements", "show", contact(desk, 2), *options).code == 2


def test_only_contacts_and_concerns_are_pasted(desk: Desk) -> None:
    her = desk.ref("people", "add", "--pseudonym", "Willow-1")
    assert desk("people", "show", her, "--as", "intel").code == 2
