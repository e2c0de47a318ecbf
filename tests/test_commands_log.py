"""``beech log``: the questions over a pipe, JSON, hard stops, and what an interruption leaves."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from commands.__main__ import run
from commands.options import Frame
from db import records, watchlist
from db.rules import vocabulary
from db.vault import opening
from db.vault.keys import Opened
from db.vault.store import Face, Store
from tests.conftest import Unit
from tests.desk import BEECH

ALL = {
    "when": "-2h",
    "who": "",
    "how": "",
    "where": "",
    "car": "",
    "needs": "",
    "offers": "",
    "level": "",
    "words": "",
    "note": "",
    "back": "",
}


@pytest.fixture
def beech(unit: Unit, store: Store, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The unit with one woman and one man in it."""
    records.add(store, "person", {"pseudonym": "Willow-27", "known_as": ["Kasia"], "sex": "woman"})
    astra = {"vrm": "NA12 KBO", "make": "Vauxhall", "model": "Astra", "colour": "silver"}
    watchlist.add_offender(store, {"name": "Gary Example", "aliases": ["Gaz"], "vehicles": [astra]})
    store.close()
    monkeypatch.setenv("BEECH_UNIT", str(unit.folder))
    return unit.opened


def answer(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))


def answers(**said: str) -> str:
    return "".join(f"{line}\n" for line in (ALL | said).values())


def saved(unit: Unit) -> list[dict[str, Any]]:
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        return records.listing(store, "engagement")


def logged(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **said: str
) -> tuple[dict[str, Any], str]:
    answer(monkeypatch, answers(**said))
    assert run(["log", "-f", "json"], Frame(beech)) == 0
    shown = capsys.readouterr()
    made: dict[str, Any] = json.loads(shown.out)
    return made, shown.err


# --- the questions


def test_enter_on_every_question_is_a_contact_now_with_nothing_claimed(
    beech: Opened, unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, _ = logged(beech, monkeypatch, capsys, when="")
    assert (made["contact"], made["initiated_by"], made["people"]) == ("spoke", None, [])
    assert (made["sharing_level"], made["wording_version"], made["next_on"]) == (1, None, None)
    assert made["officers"] == ["Sam"]
    assert [one["ref"] for one in saved(unit)] == [made["ref"]]


def test_every_answer_lands_in_its_field(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, said = logged(
        beech,
        monkeypatch,
        capsys,
        when="2130",
        who="kas, ?2",
        how="1",
        where="Northgate",
        car='silver astra NA12 ?B?, "Gaz"',
        needs="hous, drugs",
        offers="housing accepted, drugs:declined",
        level="2",
        words="y",
        note="waits by the underpass",
        back="7d",
    )
    assert (made["initiated_by"], made["contact"], made["sector"]) == ("flagged_down", "spoke", "Northgate")
    assert (len(made["people"]), made["people_unnamed"]) == (1, 2)
    assert made["needs"] == ["housing", "drugs"]
    assert made["offers"] == ["housing:accepted", "drugs:declined"]
    assert (made["sharing_level"], made["wording_version"]) == (2, vocabulary.wording().code)
    assert (made["narrative"], len(made["next_on"])) == ("waits by the underpass", 10)
    assert made["matches"][0]["label"] == 'Gary Example ("Gaz")'
    assert 'Willow-27 "Kasia"' in said
    assert "21:30" in said


def test_the_page_says_what_was_saved_and_whom_she_may_have_meant(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, answers(car='silver astra NA12 ?B?, "Gaz"'))
    assert run(["log"], Frame(beech)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Saved E-")
    assert lines[2].startswith("PROBABLE  O-")
    assert any(line.startswith("  + plate: ") for line in lines)


@pytest.mark.parametrize(
    ("how", "initiated_by", "contact"),
    [
        ("2", "planned", "spoke"),
        ("3s", "patrol", "seen_only"),
        ("n", None, "nil_patrol"),
        ("drop-in", "drop_in", "spoke"),
        ("third", "third_party", "spoke"),
    ],
)
def test_how_takes_a_number_a_word_and_a_second_letter(
    beech: Opened,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    how: str,
    initiated_by: str | None,
    contact: str,
) -> None:
    made, _ = logged(beech, monkeypatch, capsys, how=how)
    assert (made["initiated_by"], made["contact"]) == (initiated_by, contact)


@pytest.mark.parametrize(
    ("question", "bad", "good", "rule"),
    [
        ("when", "whenever", "now", "not a date and time"),
        ("when", "tomorrow 2130", "now", ""),
        ("who", "Kash, nobody", "kasia", "Willow-27"),
        ("who", "?x", "?2", "?2 for two"),
        ("how", "flying", "1", "takes only its codes"),
        ("how", "9", "1", "takes only its codes"),
        ("needs", "a yacht", "food", "need"),
        ("offers", "housing perhaps", "housing declined", "need:accepted"),
        ("level", "6", "2", "from 0 to 5"),
        ("words", "maybe", "y", "answer y or n"),
        ("back", "someday", "7d", "not a day"),
    ],
)
def test_a_bad_answer_is_asked_again_with_the_rule(
    beech: Opened,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    question: str,
    bad: str,
    good: str,
    rule: str,
) -> None:
    _, said = logged(beech, monkeypatch, capsys, **{question: f"{bad}\n{good}"})
    assert rule in said


def test_a_less_than_sign_goes_back_to_the_question_before(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, _ = logged(beech, monkeypatch, capsys, where="North", car="<\nSouth\n")
    assert made["sector"] == "South"


def test_level_0_after_a_name_is_refused_where_it_is_asked(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, said = logged(beech, monkeypatch, capsys, who="kas", level="0\n1")
    assert "level 0 keeps only that a contact happened" in said
    assert made["sharing_level"] == 1


def test_level_0_takes_no_note(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, said = logged(beech, monkeypatch, capsys, who="?1", level="0", note="words\n")
    assert "narrative" in said
    assert (made["sharing_level"], made["narrative"]) == (0, None)


def test_somebody_new_is_offered_free_pseudonyms_and_is_saved_with_the_contact(
    beech: Opened, unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, said = logged(beech, monkeypatch, capsys, who="+\nWillow-27\nRowan-04\n32\nwoman")
    assert "has that pseudonym" in said
    assert "free pseudonyms" in said
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        person = records.show(store, "person", made["people"][0])
    assert (person["pseudonym"], person["age_band"], person["sex"]) == ("Rowan-04", "25-34", "woman")


@pytest.mark.parametrize("age", ["under 18", "under_18", "17", "0"])
def test_under_18_stops_at_once_with_its_words_and_exit_5(
    beech: Opened, unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], age: str
) -> None:
    answer(monkeypatch, f"now\n+\nRowan-04\n{age}\n")
    assert run(["log"], Frame(beech)) == 5
    shown = capsys.readouterr()
    assert vocabulary.stop("under_18") in shown.err
    assert shown.out == ""
    assert saved(unit) == []


def test_an_input_that_ends_saves_nothing_and_says_so(
    beech: Opened, unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "now\n+\nRowan-04\n")
    assert run(["log"], Frame(beech)) == 2
    assert "nothing was saved" in capsys.readouterr().err
    assert saved(unit) == []


def test_control_c_saves_nothing_and_says_so(
    beech: Opened, unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        def readline(self) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    with pytest.raises(KeyboardInterrupt):
        run(["log"], Frame(beech))
    assert "stopped: nothing was saved" in capsys.readouterr().err
    assert saved(unit) == []


def test_no_input_never_asks(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, answers())
    assert run(["log", "--no-input"], Frame(beech)) == 2
    assert "--from-json" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_on_a_real_terminal_control_c_in_the_middle_leaves_no_trace(unit: Unit) -> None:
    import pty

    mine, theirs = pty.openpty()
    surroundings = os.environ | {
        "BEECH_UNIT": str(unit.folder),
        "BEECH_PASSPHRASE_FILE": str(unit.secret),
    }
    process = subprocess.Popen(
        [*BEECH, "log"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=surroundings,
        start_new_session=True,
    )
    os.close(theirs)
    seen = ""
    try:
        for wait_for, typed in (("When", "now\n"), ("Who", "?1\n"), ("How", None)):
            while f"\n{wait_for}" not in seen and f"{wait_for} [" not in seen:
                seen += os.read(mine, 4096).decode()
            if typed is None:
                process.send_signal(signal.SIGINT)
            else:
                os.write(mine, typed.encode())
        deadline = time.monotonic() + 20
        while "nothing was saved" not in seen and time.monotonic() < deadline:
            seen += os.read(mine, 4096).decode()
        assert process.wait(20) == 130
    finally:
        process.kill()
        os.close(mine)
    assert "stopped: nothing was saved" in seen
    assert saved(unit) == []


# --- a sentence


def test_a_sentence_at_the_first_question_leaves_only_the_rest_to_ask(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "2130 flagged down on Linthorpe Rd, Kasia: silver Astra NA12 ?? followed her, wants housing"
    answer(monkeypatch, f"{sentence}\ny\nhousing accepted\n2\ny\n7d\n")
    assert run(["log", "-f", "json"], Frame(beech)) == 0
    shown = capsys.readouterr()
    made = json.loads(shown.out)
    assert (made["initiated_by"], made["sector"], made["needs"]) == (
        "flagged_down",
        "Linthorpe Rd",
        ["housing"],
    )
    assert (made["offers"], made["sharing_level"], made["narrative"]) == (["housing:accepted"], 2, sentence)
    assert len(made["people"]) == 1
    assert made["matches"][0]["label"] == 'Gary Example ("Gaz")'
    assert "understood: " in shown.err
    assert "concern follows" in shown.err
    assert made["concern"].startswith("C-")
    assert "Needs:" not in shown.err


def test_a_concern_that_was_read_is_left_out_where_the_officer_says_so_and_at_level_0(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "2130 flagged down in Northgate, ?1, a man followed her on foot"
    for kept, level in (("n", 1), ("y", 0)):
        answer(monkeypatch, f"{sentence}\n{kept}\n\n\n\n{level}\nn\n\n\n")
        assert run(["log", "-f", "json"], Frame(beech)) == 0, capsys.readouterr().err
        assert "concern" not in json.loads(capsys.readouterr().out)


def test_a_contact_saved_with_a_concern_says_so(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "2130 flagged down in Northgate, Kasia was robbed\n")
    assert run(["log", "-"], Frame(beech)) == 0
    shown = capsys.readouterr()
    assert ", with C-" in shown.out
    assert "beech concerns amend C-" in shown.err


def test_a_sentence_without_a_time_is_asked_for_it(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "drop-in with Kasia\nnonsense\nnow\n\n\n\n\n\n\n\n")
    assert run(["log", "-f", "json"], Frame(beech)) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["initiated_by"], len(made["people"])) == ("drop_in", 1)


def test_at_level_0_the_sentence_is_not_kept(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "2130 on patrol near Northgate ?1\n\n\n\n0\n\n\n")
    assert run(["log", "-f", "json"], Frame(beech)) == 0
    shown = capsys.readouterr()
    made = json.loads(shown.out)
    assert (made["sharing_level"], made["narrative"], made["people_unnamed"]) == (0, None, 1)
    assert "the sentence is not kept" in shown.err


def test_a_sentence_on_stdin_is_saved_with_what_it_says(
    beech: Opened, unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "2130 drop-in, Willow-27, needs food\n")
    assert run(["log", "-", "-f", "json"], Frame(beech)) == 0
    shown = capsys.readouterr()
    made = json.loads(shown.out)
    assert (made["needs"], made["sharing_level"]) == (["food"], 1)
    assert shown.err.startswith("understood: ")
    answer(monkeypatch, "hello there\n")
    assert run(["log", "-"], Frame(beech)) == 5
    assert "nothing was saved" in capsys.readouterr().err
    assert len(saved(unit)) == 1


def test_a_sentence_is_never_an_argument(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["log", "flagged down on Linthorpe Rd"], Frame(beech)) == 2
    assert "never an argument" in capsys.readouterr().err


# --- from JSON


def test_one_engagement_comes_as_json_and_answers_with_its_matches(
    beech: Opened, unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = {"at": "2026-11-23T21:30", "external_ref": "E1", "mentions": "NA12 KBO silver astra"}
    raw_with_her: dict[str, Any] = raw | {"people": [{"pseudonym": "Rowan-04", "age_band": "25-34"}]}
    refs = []
    for _ in range(2):
        answer(monkeypatch, json.dumps(raw_with_her))
        assert run(["log", "--from-json", "-", "-f", "json"], Frame(beech)) == 0
        made = json.loads(capsys.readouterr().out)
        assert list(made)[0] == "ref"
        assert made["matches"][0]["band"] in ("probable", "possible")
        refs.append(made["ref"])
    assert refs[0] == refs[1]
    assert len(saved(unit)) == 1


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("{", 2, "line 1"),
        ("[]", 2, "one JSON object"),
        ('{"at": "now", "shoe_size": 9}', 2, "unknown field"),
        ('{"at": "now", "people": ["Wilow"]}', 4, "Willow-27"),
        ('{"at": "now", "nationality": "canary"}', 5, "never held"),
        ('{"at": "now", "sharing_level": 0, "narrative": "canary"}', 5, "level 0"),
        ('{"at": "now", "people": [{"pseudonym": "X-10", "age_band": "under_18"}]}', 5, "Under 18"),
        ('{"at": "now", "initiated_by": "canary"}', 5, "takes only its codes"),
    ],
)
def test_what_is_refused_saves_nothing_and_never_repeats_the_value(
    beech: Opened,
    unit: Unit,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    code: int,
    said: str,
) -> None:
    answer(monkeypatch, typed)
    assert run(["log", "--from-json", "-", "-f", "json"], Frame(beech)) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "canary" not in shown.err
    assert saved(unit) == []
