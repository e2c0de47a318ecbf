"""Who is weighed: men with their vehicles, stray vehicles, reports; those judged one man are one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.records import visible
from db.rules import matching
from db.watchlist import vehicles as cars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.rules.matching import Normal

Record = dict[str, Any]

REPORT = "concern"
_THOSE = "(select value from json_each(?))"  # one text whatever their number: prepared once


class Man(NamedTuple):
    """Number, reference and kind of the record that stands for him, the numbers of all his, his form."""

    n: int
    ref: str
    kind: str
    numbers: tuple[int, ...]
    form: Normal


def standing(reader: Any, numbers: Sequence[int]) -> list[Man]:
    """Return those who stand, in the order given; several records of one man are one, told together."""
    rows = reader.execute(
        "select x.n, r.ref, r.kind, coalesce(s.canonical, x.n), s.n is not null, x.form from likeness as x "  # noqa: S608 - fixed text
        "join record as r on r.n = x.n left join same_as as s on s.n = x.n "
        f"where x.n in {_THOSE} and r.state = 'present' and (r.kind <> 'concern' or {visible('concern')})",
        (json.dumps(list(numbers)),),
    ).fetchall()
    stored = {row[0]: row[1:] for row in rows}
    found: dict[int, Man] = {}
    for n in numbers:
        if n not in stored or stored[n][2] in found:
            continue
        ref, kind, canonical, merged, form = stored[n]
        found[canonical] = _merged(reader, canonical) if merged else Man(n, ref, kind, (n,), _form(form))
    return list(found.values())


def _merged(reader: Any, canonical: int) -> Man:
    rows = reader.execute(
        "select s.n, r.ref, r.kind, x.form from same_as as s join likeness as x on x.n = s.n "
        "join record as r on r.n = s.n where s.canonical = ? and r.state = 'present' "
        "order by s.n <> s.canonical, s.n",
        (canonical,),
    ).fetchall()
    n, ref, kind, _ = rows[0]
    return Man(n, ref, kind, tuple(row[0] for row in rows), matching.pooled([_form(row[3]) for row in rows]))


def _form(stored: str) -> Normal:
    """Return a stored form without the words that reasons quote: those are read for whom is shown."""
    form: Normal = json.loads(stored)
    form["said"] = {}
    return form


def quoted(reader: Any, found: Sequence[Man]) -> dict[int, Normal]:
    """Return their forms, by their numbers, with the words that reasons quote; one question for all."""
    asked = json.dumps([n for man in found for n in man.numbers])
    said = dict(reader.execute(f"select n, said from likeness where n in {_THOSE}", (asked,)).fetchall())  # noqa: S608 - fixed text
    return {
        man.n: {**man.form, "said": matching.quoted([json.loads(said[n]) for n in sorted(man.numbers)])}
        for man in found
    }


def labels(reader: Any, numbers: Sequence[int]) -> dict[int, str]:
    """Return in a few words the men and the stray vehicles of these numbers."""
    asked = (json.dumps(list(numbers)),)
    named = reader.execute(
        f"select n, name, given_name, surname, aliases from offender where n in {_THOSE}",  # noqa: S608 - fixed text
        asked,
    ).fetchall()
    their_cars = cars.listed(reader, f"x.offender in {_THOSE}", asked) if named else {}
    found = {}
    for n, *names, aliases in named:
        man: Record = dict(zip(("name", "given_name", "surname"), names, strict=True))
        man |= {"aliases": json.loads(aliases) if aliases else [], "vehicles": their_cars.get(n, [])}
        found[n] = label(man)
    if len(found) == len(numbers):
        return found
    for n, *told in reader.execute(
        f"select n, vrm, make, model, colour from vehicle where n in {_THOSE}",  # noqa: S608 - fixed text
        asked,
    ).fetchall():
        car = dict(zip(("vrm", "make", "model", "colour"), told, strict=True))
        found.setdefault(n, f"{_car(car)}; nobody's yet")
    return found


def _car(car: Record) -> str:
    return " ".join(filter(None, (car.get(key) for key in ("colour", "make", "model", "vrm"))))


def label(man: Record) -> str:
    """Return a man in a few words: his name and what they call him, or his car, or that he is not named."""
    name = man.get("name") or " ".join(filter(None, (man.get("given_name"), man.get("surname"))))
    aliases = ", ".join(f'"{alias}"' for alias in (man.get("aliases") or [])[:2])
    if name:
        return f"{name} ({aliases})" if aliases else str(name)
    if aliases:
        return aliases
    words = next((words for words in map(_car, man.get("vehicles") or []) if words), None)
    return f"not named; {words}" if words else "not named"
