"""How many reports tell of one man or one car, and of how many women: counts alone, never whose they are.

What she said at any level counts here, inside the unit; nothing of it is shown.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from db.records import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.rules.matching import Normal

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def linked(reader: Any, numbers: Sequence[int]) -> list[int]:
    """Return the concerns that name one of these men or vehicles, or a vehicle of one of these men."""
    return sorted(set().union(*linked_each(reader, numbers).values()))


def linked_each(reader: Any, numbers: Sequence[int]) -> dict[int, set[int]]:
    """Return the same for each of them that is named at all."""
    rows = reader.execute(
        "with those (n) as (select value from json_each(?)) "  # noqa: S608 - fixed text
        "select x.one, c.n from (select offender as one, n from concern where offender in those "
        "union all select vehicle, n from concern where vehicle in those "
        "union all select v.offender, t.n from vehicle as v join concern as t on t.vehicle = v.n "
        "where v.offender in those) as x "
        "cross join concern as c on c.n = x.n cross join record as r on r.n = c.n "
        f"where r.state = 'present' and {visible('concern', 'c')}",
        (json.dumps(list(numbers)),),
    ).fetchall()
    found: dict[int, set[int]] = {}
    for one, n in rows:
        found.setdefault(one, set()).add(n)
    return found


def told(reader: Any, reports: Sequence[int], forms: Iterable[Normal] = ()) -> str | None:
    """Return a sentence such as "four reports, three women, one silver Vauxhall Astra"; None for none."""
    if not reports:
        return None
    marks = ", ".join("?" * len(reports))
    (women,) = reader.execute(
        "select count(distinct coalesce(s.canonical, p.n)) from concern as c "  # noqa: S608 - question marks
        "join record as p on p.n = c.person left join same_as as s on s.n = p.n "
        f"where c.n in ({marks}) and p.state = 'present'",
        list(reports),
    ).fetchone()
    said = [_count(len(reports), "report", "reports"), *([_count(women, "woman", "women")] if women else [])]
    return ", ".join([*said, *_car(forms)])


def _count(number: int, one: str, several: str) -> str:
    word = _WORDS[number] if number < len(_WORDS) else str(number)
    return f"{word} {one if number == 1 else several}"


def _car(forms: Iterable[Normal]) -> list[str]:
    """Return the vehicle that most of them tell of, in the codes of its words; nothing where they differ."""
    seen: Counter[tuple[str, str]] = Counter()
    count = 0
    for form in forms:
        count += bool(form.get("cars"))
        seen.update({one for car in form.get("cars", []) for one in _parts(car)})
    words = [
        next((word for (kind, word), times in seen.most_common() if kind == wanted and 2 * times > count), "")
        for wanted in ("colours", "makes", "models")
    ]
    car = " ".join(word.replace("_", " ") for word in words if word)
    return [f"one {car}"] if count and car else []


def _parts(car: Any) -> list[tuple[str, str]]:
    return [(kind, code) for kind in ("colours", "makes", "models") for code in car[kind][:1]]
