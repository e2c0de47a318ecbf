"""``beech match``: who on the watchlist a description may mean, with the reasons for and against."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import asking, fields, opening, printing
from commands.exits import Exit
from commands.options import Whole, asked, command
from db import watchlist
from db.errors import BeechError, Usage
from db.rules import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.vault.store import Store

Record = dict[str, Any]

_CAR = ("vrm", "make", "model", "colour", "body")
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|to)\s*(\d{1,3})(?:\s*cm)?")
_HELD = "--record takes its description from what is held"
_WORDS = {
    "vrm": "plate",
    "mo": "how he goes about it",
    "date_of_birth": "born",
    "telephones": "telephone",
    "facial_hair": "facial hair",
    "ethnicity_appearance": "appearance",
}


@command(
    "match",
    example="beech match --vrm 'NA12 ?B?' --colour silver --age 40-50",
    exits={
        Exit.DONE: "done, also where nobody fits or the description is too vague to rank",
        Exit.USAGE: "nothing described, malformed JSON, an unknown key, a record restricted and no --reason",
        Exit.NOT_FOUND: "--record names nothing that is held",
        Exit.REFUSED: "a value breaks a rule, or a field is one that is never held",
    },
)
@click.option("--vrm", metavar="PLATE", help="? is one character, * any number of them")
@click.option("--colour", callback=fields.shown)
@click.option("--make", callback=fields.shown)
@click.option("--model", callback=fields.shown)
@click.option("--body", callback=fields.shown, help="van, estate, hatchback ...")
@click.option("--age", metavar="WORDS", callback=fields.shown, help="40-50, or 'late forties'")
@click.option("--height", metavar="WORDS", callback=fields.shown, help="175-185, or 'about 6 foot'")
@click.option("--build", callback=fields.shown)
@click.option("--hair", callback=fields.shown)
@click.option("--accent", callback=fields.shown)
@click.option("--marks", multiple=True, callback=fields.shown, help="a tattoo, a scar; may be given again")
@click.option("--sector", callback=fields.shown)
@click.option("--from-json", metavar="FILE|-", help="one description, or NDJSON of many, each with an id")
@click.option("--limit", type=Whole(), default=watchlist.LIMIT, help="how many at most (10)")
@click.option("--weak", is_flag=True, help="show weak hits as well")
@click.option("--record", metavar="REF", help="whom a concern, a contact, a man or a vehicle may mean")
@click.option("--pending", is_flag=True, help="match what imports and other desks have queued")
@opening.with_store
def match(store: Store, limit: int, weak: bool, **said: Any) -> None:
    """Rank the watchlist against a description. A hit is a lead: nothing is linked by itself.

    Names and telephones are no arguments: they come by --from-json. With --record what a record says is
    asked, and who was judged not to be meant stays away. With --pending each record that an import or
    another desk brought is matched once, and those are told that somebody may be meant by.
    """
    from_json, record = said["from_json"], said["record"]
    described = _from_options(said)
    if said["pending"] or record is not None:
        if described or from_json is not None or (said["pending"] and record is not None):
            whence = "--pending takes its descriptions from the queue" if said["pending"] else _HELD
            raise Usage(f"{whence}: leave the other options out")
        if record is None:
            _pending(store, limit, weak)
        else:
            _one(watchlist.match_record(store, record, limit, weak, asking.why()))
        return
    given = _given(described, from_json)
    asked_for = [_read(store, number, one) for number, one in given]
    found = watchlist.match_each(store, asked_for, limit, weak, asking.why())
    ids = [one.get("id") for _, one in given]
    if given[0][0] is None:
        _one(found[0])
    else:
        _many(ids, found)


def _given(described: Record, from_json: str | None) -> list[tuple[int | None, Record]]:
    """Return the descriptions, each with its line; the one that options make, or that has no id, has none.

    Raises:
        Usage: nothing is described, or it is described twice.
    """
    if from_json is not None:
        if described:
            raise Usage("--from-json brings the whole description: leave the other options out")
        return _from_json(from_json)
    if not described:
        raise Usage("nothing is described: give --vrm, --colour, --age ... or --from-json")
    return [(None, described)]


def _read(store: Store, number: int | None, raw: Record) -> Record:
    """Read one description; where it is one of many, the error says on which line."""
    try:
        return watchlist.read_one(store, raw)
    except BeechError as error:
        if number is None:
            raise
        raise type(error)(f"--from-json: line {number}: {error}") from None


def _pending(store: Store, limit: int, weak: bool) -> None:
    """Work off the queue, printing each record with hits as soon as its look is durable."""
    worked = watchlist.work_off(store, limit, lambda ref, found: _many([ref], [found]), weak, asking.why())
    if worked.records:
        printing.say(f"{worked.records} matched, {worked.matched} with somebody on the watchlist")
    else:
        printing.say("nothing is queued")


def _one(found: watchlist.Matches) -> None:
    if asked().format == "table":
        printing.put(told(found.hits))
        if not found.hits and not found.note and not found.more:
            printing.say("nobody on the watchlist fits")
    else:
        printing.emit(found.hits, keys=("ref", "label", "score", "band", "reasons"))
    _talk(found, "")


def _many(ids: Sequence[Any], found: Sequence[watchlist.Matches]) -> None:
    if asked().format in ("json", "ndjson"):
        plain = sys.stdout.isatty()  # an id is as it was typed
        printing.put(
            json.dumps({"id": id_, "matches": one.hits}, ensure_ascii=plain) + "\n"
            for id_, one in zip(ids, found, strict=True)
        )
    elif asked().format == "table":
        printing.put(
            line
            for id_, one in zip(ids, found, strict=True)
            for line in (_line_of(f"{id_}:"), *told(one.hits))
        )
    else:
        printing.emit([{"id": i, **hit} for i, one in zip(ids, found, strict=True) for hit in one.hits])
    for id_, one in zip(ids, found, strict=True):
        _talk(one, f"{id_}: ")


def _talk(found: watchlist.Matches, where: str) -> None:
    if found.note:
        printing.say(where + found.note)
    if found.series:
        printing.say(f"{where}reports of somebody like this: {found.series}")
    if found.more:
        printing.say(f"{where}there is more: --limit shows the rest ({found.more} at least)")


def told(hits: Sequence[Record]) -> Iterator[str]:
    """Return hits as an officer reads them: who, how likely, what speaks for and against."""
    for hit in hits:
        yield _line_of(f"{hit['band'].upper()}  {hit['ref']}  {hit['label']}  ({hit['score']} of 100)")
        yield from _beside(hit)
        for reason in hit["reasons"]:
            sign = "-" if reason["points"] < 0 else "+"
            field = _WORDS.get(reason["field"], reason["field"])
            both = ", ".join(
                filter(
                    None,
                    (
                        f"asked {reason['asked']}" if reason["asked"] else "",
                        f"has {reason['found']}" if reason["found"] else "",
                    ),
                )
            )
            yield _line_of(f"  {sign} {field}: {reason['why']}" + (f" ({both})" if both else ""))


def _beside(hit: Record) -> Iterator[str]:
    """Return what is told of a hit beside its reasons: judgements, conflicts, how many reports."""
    if hit.get("new"):
        news = ", ".join(_WORDS.get(field, field) for field in hit["new"])
        yield _line_of(f"  ! judged not him; new since your decision: {news}")
    elif hit.get("judged") == "unsure":
        yield _line_of("  ! judged before: cannot say")
    if hit.get("conflicts"):
        yield _line_of(f"  ! would put together who are judged different: {'; '.join(hit['conflicts'])}")
    if hit.get("series"):
        yield _line_of(f"  {hit['series']}")


def _line_of(words: str) -> str:
    return text.one_line(words) + "\n"


def _from_options(said: Record) -> Record:
    described: Record = {key: said[key] for key in ("build", "hair", "accent", "sector") if said[key]}
    if said["marks"]:
        described["marks"] = list(said["marks"])
    car = {key: said[key] for key in _CAR if said[key]}
    if car:
        described["vehicles"] = [car]
    for word, low, high in (
        ("age", "approximate_age_from", "approximate_age_to"),
        ("height", "height_from_cm", "height_to_cm"),
    ):
        if said[word]:
            found = _RANGE.fullmatch(said[word].strip())
            described |= {low: found[1], high: found[2]} if found else {f"{word}_text": said[word]}
    return described


def _from_json(source: str) -> list[tuple[int | None, Record]]:
    """Return the descriptions with their line numbers; one without an id stands alone and has none.

    Raises:
        Usage: it is not JSON, or a line of many has no id.
    """
    typed = asking.from_stdin("--from-json") if source == "-" else _file(source)
    whole = _object(typed)
    if whole is not None and "id" not in whole:
        return [(None, whole)]
    if whole is not None:
        return [(1, whole)]
    given: list[tuple[int | None, Record]] = []
    for number, line in enumerate(typed.split("\n"), 1):
        if line.strip():
            given.append((number, _line(number, line)))
    if not given:
        raise Usage("--from-json: is empty: it takes one description, or one a line")
    return given


def _object(typed: str) -> Record | None:
    try:
        found = json.loads(typed)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _line(number: int, line: str) -> Record:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise Usage(f"--from-json: line {number}, character {error.colno}: is not JSON") from None
    except (ValueError, RecursionError):
        raise Usage(f"--from-json: line {number}: is not JSON") from None
    if not isinstance(found, dict):
        raise Usage(f"--from-json: line {number}: must be an object")
    if "id" not in found:
        raise Usage(f"--from-json: line {number}: each of several descriptions needs an id")
    return found


def _file(source: str) -> str:
    try:
        return asking.decoded(Path(source).read_bytes(), "--from-json")
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise Usage(f"--from-json: that file cannot be read ({reason}); '-' reads stdin") from None
