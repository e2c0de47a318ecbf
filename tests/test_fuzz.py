"""Whatever is typed or comes by stdin is taken, or refused by one of our own errors; nothing else is raised.

What it once found stands as an example.
"""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.exits import Exit
from db import engagements, records
from db.records import Why
from db.rules import periods, plates, telephones
from db.rules.descriptions import ages, heights
from db.rules.mentions import read_mentions
from db.rules.records import KINDS as FIELDS
from db.vault.store import Store
from tests.conftest import NOON, Clock, Unit
from tests.desk import Desk
from tests.fuzzed import OFTEN, SELDOM, VALUES, WORDS, for_its_share, only_ours, undurable


@for_its_share
@given(WORDS)
@example("31/02 12:00")
@example("0:0:0")
@OFTEN
def test_a_time_is_read_or_refused(text: str) -> None:
    only_ours(lambda: periods.instant(text, NOON))
    only_ours(lambda: periods.when(text, NOON))
    only_ours(lambda: periods.day(text, NOON))
    only_ours(lambda: periods.span(text, text, NOON))


@for_its_share
@given(WORDS, WORDS)
@OFTEN
def test_a_plate_a_telephone_an_age_a_height_are_read_or_refused(one: str, other: str) -> None:
    only_ours(lambda: plates.compare(plates.pattern(one), plates.clean(other)))
    only_ours(lambda: telephones.compare(telephones.normalise(one) or "", telephones.normalise(other) or ""))
    only_ours(lambda: ages.read_age(one))
    only_ours(lambda: heights.read_height(one))
    only_ours(lambda: read_mentions(one))


@for_its_share
@given(text=WORDS)
@SELDOM
def test_a_sentence_is_read_or_refused(calm: Store, text: str) -> None:
    only_ours(lambda: engagements.log(calm, engagements.read_sentence(calm, text) or {"at": "now"}))


NAMES = st.sampled_from([field.name for field in FIELDS["engagement"].fields])
STDIN = st.one_of(
    st.binary(max_size=80),
    st.lists(WORDS, max_size=4).map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")),
    st.dictionaries(
        st.sampled_from([field.name for field in FIELDS["engagement"].fields]), VALUES, max_size=4
    ).map(lambda raw: json.dumps(raw).encode()),
)


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


@pytest.mark.parametrize("words", [("log", "-"), ("log", "--from-json", "-"), ("find", "-"), ("match",)])
@for_its_share
@given(typed=STDIN)
@SELDOM
def test_what_comes_by_stdin_is_taken_or_refused_in_one_sentence(
    desk: Desk, words: tuple[str, ...], typed: bytes
) -> None:
    ran = desk(*words, "--no-input", stdin=typed)
    assert ran.code in (Exit.DONE, Exit.USAGE, Exit.NOT_FOUND, Exit.REFUSED, Exit.AMBIGUOUS), ran
    if ran.code:
        assert ran.err.splitlines()[-1].startswith("beech: ")
    assert "unexpected" not in ran.err


@pytest.fixture
def calm(store: Store) -> Store:
    return undurable(store)


@pytest.mark.parametrize("kind", sorted(FIELDS))
@for_its_share
@given(data=st.data())
@SELDOM
def test_a_record_from_json_is_taken_or_refused(calm: Store, kind: str, data: st.DataObject) -> None:
    names = st.sampled_from([field.name for field in FIELDS[kind].fields] + ["ref", "passport", "vehicles"])
    raw = data.draw(st.dictionaries(names, VALUES, max_size=6))
    only_ours(lambda: records.add(calm, kind, raw, Why("correction")))
