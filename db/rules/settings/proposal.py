"""A file of settings as somebody proposes it, in TOML: each mistake with its line and column.

The file names only what it changes; ``reset = ["name"]`` puts a setting back to what stands by default.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Usage
from db.rules import vocabulary
from db.rules.settings.catalogue import CATALOGUE, default
from db.rules.settings.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from db.rules.settings.reading import Path

_HEADER = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w.+ -]|"[^"]*"|'[^']*')+?)\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w+-]+))\s*(?:\.|$)""")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


class Mistake(NamedTuple):
    """What is wrong in a proposal, and where: line and column from 1."""

    line: int
    column: int
    says: str


class Proposal(NamedTuple):
    """The settings that a file proposes, None for one to be reset, and what is wrong with it."""

    values: dict[str, Any]
    mistakes: list[Mistake]


def read_proposal(text: str, current: Mapping[str, Any], today: date) -> Proposal:
    """Read a file of settings.

    Args:
        text: the file's.
        current: the settings that the unit has now, by name.
        today: the local date, from which a code that says nothing else is valid.

    Raises:
        Usage: it is not TOML; says where.
    """
    import tomllib

    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found else (len(text.splitlines()), 1)
        raise Usage(f"line {line}, column {column}: is not TOML, as name = value or [table]") from None
    places = _Places(text)
    proposed: dict[str, Any] = {}
    wrong: list[tuple[Path, str]] = []
    _gather((), raw, proposed, wrong)
    reading = Reading(today, lambda name: _known(name, proposed, current))
    values = {name: reading.read(CATALOGUE[name], value) for name, value in proposed.items()}
    for name in _reset(raw, wrong):
        values.setdefault(name, None)
    mistakes = [
        Mistake(*places.of(path), f"{_said(path)}: {says}") for path, says in [*wrong, *reading.wrong]
    ]
    return Proposal(values, sorted(mistakes))


def _gather(at: tuple[str, ...], table: dict[str, Any], found: dict[str, Any], wrong: list[Any]) -> None:
    """Sort what stands in the file by the settings' names."""
    for key, value in table.items():
        path = (*at, key)
        name = ".".join(path)
        if name in CATALOGUE:
            found[name] = value
        elif any(known.startswith(name + ".") for known in CATALOGUE) and isinstance(value, dict):
            _gather(path, value, found, wrong)
        elif name != "reset":
            wrong.append((path, _unknown(name)))


def _unknown(name: str) -> str:
    parts = {vocabulary.plain(part) for part in name.split(".")}
    if parts & ({"hard_stop", "hard_stops", "never_held", "fields", "sharing_level"} | set(_stops())):
        return "hard stops, sharing levels and the fields that are never held are named by no setting"
    for part in parts:
        if (said := vocabulary.forbidden(part)) is not None:
            return said
    from difflib import get_close_matches

    near = get_close_matches(name, CATALOGUE, n=3, cutoff=0.5)
    return "no setting has that name" + (f"; nearest: {', '.join(near)}" if near else ": beech config show")


def _stops() -> Collection[str]:
    return vocabulary.codes("hard_stop")


def _reset(raw: dict[str, Any], wrong: list[tuple[Path, str]]) -> list[str]:
    given = raw.get("reset", [])
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        wrong.append((("reset",), 'must be a list of settings, as ["sectors"]'))
        return []
    for place, one in enumerate(given):
        if one not in CATALOGUE:
            wrong.append((("reset", place), _unknown(one)))
    return [one for one in given if one in CATALOGUE]


def _known(name: str, proposed: Mapping[str, Any], current: Mapping[str, Any]) -> Collection[str]:
    """Return a vocabulary's codes with what is proposed beside them, or the sectors that will stand."""

    def now(setting: str) -> Any:
        return proposed[setting] if setting in proposed else current.get(setting, default(setting))

    if name == "sectors":
        sectors = now("sectors")
        return [one for one in sectors if isinstance(one, str)] if isinstance(sectors, list) else []
    added = now(f"vocabulary.{name}")
    return {*vocabulary.codes(name), *(added if isinstance(added, dict) else ())}


def _said(path: Path) -> str:
    return ".".join(str(part) if isinstance(part, str) else f"item {part + 1}" for part in path)


class _Places:
    """Where each key of a TOML file stands, by its path."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._keys: dict[tuple[str, ...], tuple[int, int]] = {}
        table: tuple[str, ...] = ()
        inside = ""
        for number, line in enumerate(self._lines, 1):
            if inside:
                inside = "" if inside in line else inside
                continue
            if header := _HEADER.match(line):
                table = _parts(header[1])
                self._keys.setdefault(table, (number, line.index("[") + 1))
            elif key := _KEY.match(line):
                path = (*table, *_parts(key[1]))
                self._keys.setdefault(path, (number, len(line) - len(line.lstrip()) + 1))
            inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")

    def of(self, path: Path) -> tuple[int, int]:
        """Return line and column of a path, or of as much of it as stands on a line of its own."""
        names = tuple(part for part in path if isinstance(part, str))
        place = next(
            (self._keys[names[:n]] for n in range(len(names), 0, -1) if names[:n] in self._keys), (1, 1)
        )
        items = [part for part in path if isinstance(part, int)]
        return self._item(place, items[-1]) if items else place

    def _item(self, place: tuple[int, int], number: int) -> tuple[int, int]:
        """Return where the item of that number stands in the list that begins after a key."""
        line, column = place
        seen = -1
        for at in range(line, len(self._lines) + 1):
            text = self._lines[at - 1]
            start = text.find("=") + 1 if at == line else 0
            for found in re.finditer(r"\"[^\"]*\"|'[^']*'|[\w.-]+|(#.*$)", text[start:]):
                seen += found[1] is None
                if seen == number:
                    return at, start + found.start() + 1
        return line, column


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(next(filter(None, found.groups()), "") for found in _PART.finditer(dotted))
