"""Whatever comes in from outside is taken, or refused by one of our own errors: nothing else is ever raised.

The short form runs with the tests, the long one by ``make fuzz``. What it once found stands as an example.
"""

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db import engagements, records
from db.errors import BeechError
from db.exchange import KINDS, importing, reading
from db.records import Why
from db.rules import periods, plates, telephones
from db.rules.descriptions import ages, heights
from db.rules.mentions import read_mentions
from db.rules.records import KINDS as FIELDS
from db.vault import backup, keys, opening
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import NOON, PASSPHRASE, Unit
from tests.torture import FACE, LONG

EXAMPLES = int(os.environ.get("BEECH_EXAMPLES", "60000" if LONG else "60"))
OFTEN = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
SELDOM = settings(OFTEN, max_examples=max(10, EXAMPLES // 20))

WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *("2130", "yesterday 2130", "25/10/2026 01:30", "28/03/2027 01:30", "last friday 11pm", "-2h"),
            *("NA12 ?B?", "N*", "[AB]C12", "about 6 foot 2", "late forties", "07700 900123", "+44 7700"),
            *("flagged down on Linthorpe Rd, P-7KQ2: silver Astra NA12 ?? followed her, wants housing",),
            *("\u202egnp", "\x1b]0;title\x07", "A\u0301\u0323", "\ud7ff", "E-0000", "?" * 40, "a;b\\;c"),
        ]
    ),
    st.lists(st.sampled_from("0123456789 :/-?*[]()+'\"amp.,feetcm"), max_size=20).map("".join),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)


def only_ours(work: Callable[[], object]) -> None:
    """Do something; the tree of our own errors is the only one that may come out of it."""
    said = "done"
    try:
        work()
    except BeechError as error:
        said = str(error).strip()
    assert said
    assert "\n" not in said


@given(WORDS)
@example("31/02 12:00")
@example("0:0:0")
@OFTEN
def test_a_time_is_read_or_refused(text: str) -> None:
    only_ours(lambda: periods.instant(text, NOON))
    only_ours(lambda: periods.when(text, NOON))
    only_ours(lambda: periods.day(text, NOON))
    only_ours(lambda: periods.span(text, text, NOON))


@given(WORDS, WORDS)
@OFTEN
def test_a_plate_a_telephone_an_age_a_height_are_read_or_refused(one: str, other: str) -> None:
    only_ours(lambda: plates.compare(plates.pattern(one), plates.clean(other)))
    only_ours(lambda: telephones.compare(telephones.normalise(one) or "", telephones.normalise(other) or ""))
    only_ours(lambda: ages.read_age(one))
    only_ours(lambda: heights.read_height(one))
    only_ours(lambda: read_mentions(one))


@pytest.fixture
def calm(store: Store) -> Store:
    """The store, with durability off: nothing here is about a lost machine."""
    with store.cipher.trusted() as connection:
        connection.execute("pragma synchronous = off")
    return store


@given(text=WORDS)
@SELDOM
def test_a_sentence_is_read_or_refused(calm: Store, text: str) -> None:
    only_ours(lambda: engagements.log(calm, engagements.read_sentence(calm, text) or {"at": "now"}))


@pytest.mark.parametrize("kind", sorted(FIELDS))
@given(data=st.data())
@SELDOM
def test_a_record_from_json_is_taken_or_refused(calm: Store, kind: str, data: st.DataObject) -> None:
    names = st.sampled_from([field.name for field in FIELDS[kind].fields] + ["ref", "passport", "vehicles"])
    raw = data.draw(st.dictionaries(names, VALUES, max_size=6))
    only_ours(lambda: records.add(calm, kind, raw, Why("correction")))


def _text(rows: list[list[Any]], how: str) -> bytes:
    if how == "csv":
        made = io.StringIO()
        csv.writer(made).writerows([[str(cell) for cell in row] for row in rows])
        return made.getvalue().encode("utf-8", "surrogatepass")
    head, *rest = rows
    objects = [dict(zip(map(str, head), row, strict=False)) for row in rest]
    if how == "ndjson":
        return "\n".join(json.dumps(one) for one in objects).encode()
    return json.dumps(objects).encode()


@pytest.mark.parametrize("how", ["csv", "json", "ndjson"])
@given(data=st.data())
@SELDOM
def test_a_file_of_any_bytes_is_imported_whole_or_refused(
    calm: Store, tmp_path_factory: pytest.TempPathFactory, how: str, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(sorted(KINDS)))
    fields = [field.name for field in FIELDS[KINDS[word]].fields]
    head = data.draw(st.lists(st.sampled_from(fields), min_size=1, max_size=5, unique=True))
    rows = data.draw(st.lists(st.lists(VALUES, min_size=len(head), max_size=len(head)), max_size=4))
    raw = bytearray(_text([head, *rows], how))
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3)):
        raw[place : place + 1] = bytes([byte])
    path = tmp_path_factory.mktemp("fuzz") / f"rows.{how}"
    path.write_bytes(bytes(raw))

    def take() -> None:
        source = reading.Source(path)
        try:
            importing.run(calm, KINDS[word], source, apply=data.draw(st.booleans()))
        finally:
            source.close()

    only_ours(take)


@pytest.fixture(scope="module")
def copied(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """A unit with a copy of it, and room to meddle."""
    folder = tmp_path_factory.mktemp("meddled") / "unit"
    shutil.copytree(founded.folder, folder)
    return founded._replace(folder=folder)


@given(data=st.data())
@SELDOM
def test_a_members_json_of_any_shape_opens_or_is_refused(copied: Unit, data: st.DataObject) -> None:
    real = json.loads((copied.folder / opening.MEMBERS).read_bytes())
    place: Any = real
    for _ in range(data.draw(st.integers(0, 4))):
        inner = [one for one in (place if isinstance(place, list) else place.values()) if _holds(one)]
        if not inner:
            break
        place = data.draw(st.sampled_from(inner))
    key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
    place[key] = data.draw(VALUES)
    path = copied.folder / "meddled.json"
    path.write_text(json.dumps(real))

    def load() -> None:
        members = keys.load(path)
        keys.open_slot(members, members.slots[0], PASSPHRASE)

    only_ours(load)


def _holds(value: object) -> bool:
    return isinstance(value, dict | list) and bool(value)


@given(where=st.integers(0, 1 << 20), what=st.binary(min_size=1, max_size=40))
@SELDOM
def test_a_unit_or_a_copy_with_any_bytes_changed_verifies_or_is_damaged(
    copied: Unit, where: int, what: bytes
) -> None:
    place = copied.folder.parent / "copy"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(copied.folder, place)
    raw = bytearray((place / opening.DATABASE).read_bytes())
    at = where % len(raw)
    raw[at : at + len(what)] = what[: len(raw) - at]
    (place / opening.DATABASE).write_bytes(bytes(raw))

    def open_it() -> None:
        slot = keys.load(place / opening.MEMBERS).named(copied.opened.slot.member)
        opened = keys.Opened(slot, copied.opened.seed, copied.opened.unit, copied.opened.genesis)
        with opening.with_opened(place, opened, FACE) as store:
            verify(store)
            backup.make(store)

    only_ours(open_it)
