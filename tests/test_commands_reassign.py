"""``engagements reassign`` on the command line, and its undo."""

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def test_a_contact_is_moved_and_moved_back(desk: Desk) -> None:
    wrong, right = (desk.ref("people", "add", "--pseudonym", name) for name in ("Willow-1", "Rowan-2"))
    contact = desk.ref("engagements", "add", "--at", "0900", "--people", wrong)
    concern = desk.ref("concerns", "add", "--engagement", contact, "--person", wrong)
    loose = desk.ref("referrals", "add", "--person", wrong, "--service", "clinic")
    command = ("engagements", "reassign", contact, "--from", wrong, "--to", right)
    moved = desk(*command, "-f", "json")
    assert moved.json == {"ref": contact, "moved": [concern], "left": [loose]}
    assert loose in moved.err
    assert f"engagements undo {contact}" in moved.err
    assert desk("engagements", "show", contact, "-f", "json").json["people"] == [right]
    again = desk(*command)
    assert (again.code, again.out) == (5, "")
    assert desk("engagements", "undo", contact).code == 0
    assert desk("concerns", "show", concern, "-f", "json").json["person"] == wrong


def test_both_women_have_to_be_named_and_known(desk: Desk) -> None:
    her = desk.ref("people", "add", "--pseudonym", "Willow-1")
    contact = desk.ref("engagements", "add", "--at", "0900", "--people", her)
    assert desk("engagements", "reassign", contact, "--from", her).code == 2
    assert desk("engagements", "reassign", contact, "--from", her, "--to", "P-ZZZZ").code == 4
