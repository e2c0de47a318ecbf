"""What the matcher compares of each man, and the keys by which it finds him: made anew with his record.

A man is told with his vehicles; a vehicle that is nobody's, and whom a concern describes, by themselves.
Writes only note who was touched; what is told of them is made at the transaction's end, from the rows then.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from db.rules.canon import compact
from db.vault import fold, journal, projection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

Told = tuple[int, str, str, str]  # a record's number, form and words as JSON, keys with blanks between

KINDS = ("offender", "vehicle", "concern")
TABLE = "likeness_keys"
EVERYBODY = ""  # the term that counts all of them
_NAME = "nt"  # a key that is a part of a name begins so
_BATCH = 500
_AGES = ("date_of_birth", "approximate_age_from", "approximate_age_to", "age_text")

_INSERT = "insert into likeness (n, form, said, keys) values (?, ?, ?, ?)"
_LEARN = f"insert into {TABLE} (rowid, keys) values (?, ?)"  # noqa: S608 - a fixed table
_FORGET = f"insert into {TABLE} ({TABLE}, rowid, keys) values ('delete', ?, ?)"  # noqa: S608 - a fixed table
# FTS5 loses what follows a row that one flush both forgets and learns (detail=none with secure-delete)
_FLUSH = f"insert into {TABLE} ({TABLE}) values ('flush')"  # noqa: S608 - a fixed table
_MORE = "insert into term (word, men) values (?, ?) on conflict (word) do update set men = men + excluded.men"


class Touched:
    """Whom a transaction has touched; ``settle`` makes what is told of them anew."""

    def __init__(self) -> None:
        self._numbers: set[int] = set()

    def touch(self, c: Any, kind: str, numbers: Iterable[int]) -> None:
        """Note records of a kind, and whose the vehicles are; before a row goes, and once it is there."""
        if kind not in KINDS:
            return
        given = list(numbers)
        self._numbers.update(given)
        if kind == "vehicle":
            for some in _chunks(given):
                marks = ", ".join("?" * len(some))
                rows = c.execute(f"select offender from vehicle where n in ({marks})", some)  # noqa: S608 - question marks
                self._numbers.update(n for (n,) in rows if n is not None)

    def settle(self, c: Any) -> None:
        """Make what is told of those touched anew, from their rows as they are now."""
        numbers, self._numbers = sorted(self._numbers), set()
        for some in _chunks(numbers):
            _forget(c, some)
            put(c, tell(c, some))


def refill(c: Any) -> None:
    """Make everything anew, from empty tables."""
    for some in _chunks(_everybody(c)):
        put(c, tell(c, some))


def empty(c: Any) -> None:
    """Forget everybody."""
    for table in ("likeness", "term", "alike"):
        c.execute(f"delete from {table}")  # noqa: S608 - fixed tables
    c.execute(f"insert into {TABLE} ({TABLE}) values ('rebuild')")  # noqa: S608 - a fixed table


def scour(c: Any) -> None:
    """Write the tables anew: a page from which rows were moved to another still shows them."""
    for table, key in (("likeness", "n"), ("term", "word"), ("alike", "bones, part")):
        c.execute(f"create temp table kept as select * from {table}")  # noqa: S608 - fixed tables
        c.execute(f"delete from {table}")  # noqa: S608 - fixed tables
        c.execute(f"insert into {table} select * from kept order by {key}")  # noqa: S608 - fixed tables
        c.execute("drop table kept")


def words_of(form: Any, keys: Sequence[str]) -> set[str]:
    """Return the terms that one man is counted under: his keys, and the features that are weighed."""
    from db.rules import matching

    return {*keys, *matching.terms(form), EVERYBODY}


def put(c: Any, told: list[Told]) -> None:
    """Enter what is told of some, with its keys and counts."""
    from db.rules.matching import bones

    counted: Counter[str] = Counter()
    for _, form, _, keys in told:
        counted.update(words_of(json.loads(form), keys.split()))
    c.executemany(_INSERT, told)
    c.executemany(_LEARN, [(n, keys) for n, *_, keys in told])
    c.executemany(_MORE, sorted(counted.items()))
    parts = sorted(word.removeprefix(_NAME) for word in counted if word.startswith(_NAME))
    c.executemany(
        "insert into alike (bones, part) values (?, ?) on conflict do nothing",
        [(bone, part) for part in parts for bone in bones(part)],
    )


def _forget(c: Any, numbers: list[int]) -> None:
    from db.rules.matching import bones

    marks = ", ".join("?" * len(numbers))
    held = c.execute(f"select n, form, keys from likeness where n in ({marks})", numbers).fetchall()  # noqa: S608 - question marks
    if not held:
        return
    counted: Counter[str] = Counter()
    for _, form, keys in held:
        counted.update(words_of(json.loads(form), keys.split()))
    c.execute(_FLUSH)
    c.executemany(_FORGET, [(n, keys) for n, _, keys in held])
    c.execute(_FLUSH)
    c.executemany("delete from likeness where n = ?", [(n,) for n, *_ in held])
    gone = []
    for word, men in sorted(counted.items()):
        left = c.execute("select men from term where word = ?", (word,)).fetchone()
        if left is not None and left[0] > men:
            c.execute("update term set men = men - ? where word = ?", (men, word))
        else:
            c.execute("delete from term where word = ?", (word,))
            gone.append(word)
    parts = [word.removeprefix(_NAME) for word in gone if word.startswith(_NAME)]
    c.executemany(
        "delete from alike where bones = ? and part = ?",
        [(bone, part) for part in parts for bone in bones(part)],
    )


def tell(reader: Any, numbers: list[int]) -> list[Told]:
    """Return what is told of these records as they stand now; nothing of one that has no row."""
    from db.rules import matching

    men = projection.read_many(reader, "offender", numbers)
    cars = _cars(reader, numbers)
    told = []
    for n, fields in men.items():
        if fields:
            on = _said_on(reader, n, _AGES) if any(name in fields for name in _AGES) else _START
            told.append(_told(matching, n, matching.normalise(fields | {"vehicles": cars.get(n, [])}, on)))
    rest = [n for n in numbers if not men[n]]
    for n, fields in projection.read_many(reader, "vehicle", rest).items() if rest else ():
        if fields and "offender" not in fields:
            told.append(_told(matching, n, matching.normalise({"vehicles": [fields]}, _START)))
    for n, fields in projection.read_many(reader, "concern", rest).items() if rest else ():
        described = _described(fields)
        if described:
            on = _said_on(reader, n, ("description",))
            told.append(_told(matching, n, matching.normalise(described, on)))
    return sorted(told)


def _described(concern: dict[str, Any]) -> dict[str, Any]:
    """Return what a concern says of a man or a car, as a description; {} where it describes neither."""
    described = dict(concern.get("description") or {})
    if concern.get("vehicle_seen"):
        described["vehicles"] = [*described.get("vehicles", []), concern["vehicle_seen"]]
    if not described:
        return {}
    beside = {"sector": concern.get("sector"), "mo": concern.get("behaviours")}
    return {key: value for key, value in beside.items() if value} | described


def _everybody(reader: Any) -> list[int]:
    tables = " union all ".join(f"select n from {kind}" for kind in KINDS)  # noqa: S608 - fixed tables
    return [n for (n,) in reader.execute(f"{tables} order by 1").fetchall()]


_START = datetime.fromtimestamp(0, UTC).date()


def _told(matching: Any, n: int, normal: Any) -> Told:
    form = {key: value for key, value in normal.items() if value and key not in ("refused", "said")}
    return n, compact(form), compact(normal["said"]), " ".join(matching.keys(normal))


def _cars(reader: Any, numbers: list[int]) -> dict[int, list[dict[str, Any]]]:
    marks = ", ".join("?" * len(numbers))
    found: dict[int, list[dict[str, Any]]] = {}
    for offender, *values in reader.execute(
        "select x.offender, x.vrm, x.make, x.model, x.colour, x.body from vehicle as x "  # noqa: S608 - question marks
        f"join record as r on r.n = x.n where x.offender in ({marks}) and r.state = 'present' order by r.id",
        numbers,
    ):
        told = dict(zip(("vrm", "make", "model", "colour", "body"), values, strict=True))
        found.setdefault(offender, []).append({key: value for key, value in told.items() if value})
    return found


def _said_on(reader: Any, n: int, names: tuple[str, ...]) -> date:
    """Return the day on which his age, under one of *names*, was last told: he has grown older since."""
    (heads,) = reader.execute("select heads from record where n = ?", (n,)).fetchone()
    head = json.loads(heads)
    at: int | None = None
    if len(head) == 1:
        row = reader.execute("select at, operation from entry where desk = ? and seq = ?", head[0]).fetchone()
        at = row[0] if row is not None and row[1] == "collection" else None
    if at is None:
        steps = fold.lineage(reader, heads)
        said = [step.at for step in steps if any(name in (step.set or {}) for name in names)]
        at = said[-1] if said else steps[0].at if steps else 0
    return datetime.fromtimestamp(journal.wall_ms(at) // 1000, UTC).date()


def differing(reader: Any) -> Iterator[str]:
    """Yield the tables in which something else is told than the rows would have it."""
    counted: Counter[str] = Counter()
    count, same = 0, True
    for some in _chunks(_everybody(reader)):
        told = tell(reader, some)
        marks = ", ".join("?" * len(some))
        held = reader.execute(
            f"select n, form, said, keys from likeness where n in ({marks}) order by n",  # noqa: S608 - question marks
            some,
        ).fetchall()
        same = same and held == told
        count += len(told)
        for _, form, _, keys in told:
            counted.update(words_of(json.loads(form), keys.split()))
    if not same or reader.execute("select count(*) from likeness").fetchone() != (count,):
        yield "likeness"
    if dict(reader.execute("select word, men from term").fetchall()) != dict(counted):
        yield "term"
    if set(reader.execute("select bones, part from alike").fetchall()) != _alike(counted):
        yield "alike"


def _alike(counted: Iterable[str]) -> set[tuple[str, str]]:
    from db.rules.matching import bones

    parts = {word.removeprefix(_NAME) for word in counted if word.startswith(_NAME)}
    return {(bone, part) for part in parts for bone in bones(part)}


def _chunks(numbers: Sequence[int]) -> Iterator[list[int]]:
    for at in range(0, len(numbers), _BATCH):
        yield list(numbers[at : at + _BATCH])
