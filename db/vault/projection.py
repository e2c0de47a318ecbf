"""From a record's fields to its row and back: the typed tables are what the journal adds up to.

A row is keyed by the record's local number ``n``; payloads know records by id alone.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from db.rules.canon import compact
from db.rules.records import FOLDED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LISTS = {"texts", "codes", "tagged", "object"}

Fields = dict[str, Any]
_dumped: dict[tuple[str, ...], str] = {}


def quoted(name: str) -> str:
    """Quote a table's or column's name; the names come from the table of kinds, never from a user."""
    return f'"{name}"'


@cache
def columns(kind: str) -> tuple[str, ...]:
    """Return the columns of a kind's table, after ``n``."""
    return tuple(field.name for field in FOLDED[kind].fields if field.type != "refs")


@cache
def special(kind: str) -> tuple[tuple[int, bool], ...]:
    """Return (position, is a reference) of the columns that are not stored as they are."""
    stored = [field for field in FOLDED[kind].fields if field.type != "refs"]
    return tuple((i, f.type == "ref") for i, f in enumerate(stored) if f.type in LISTS or f.type == "ref")


@cache
def link_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind that hold several references."""
    return tuple(field.name for field in FOLDED[kind].fields if field.type == "refs")


@cache
def ref_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind that hold one reference."""
    return tuple(field.name for field in FOLDED[kind].fields if field.type == "ref")


@cache
def insert_sql(kind: str) -> str:
    """Return the insert of one row."""
    names = ("n", *columns(kind))
    marks = ", ".join("?" * len(names))
    return f"insert into {quoted(kind)} ({', '.join(map(quoted, names))}) values ({marks})"  # noqa: S608 - names of the table of kinds


@cache
def select_sql(kind: str) -> str:
    """Return the select of rows, columns in the order of ``row``, without a where."""
    names = ", ".join(f"x.{quoted(c)}" for c in ("n", *columns(kind)))
    return f"select {names} from {quoted(kind)} as x"  # noqa: S608 - names of the table of kinds


def _text(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], str):
        key = tuple(value)
        known = _dumped.get(key)
        if known is None:
            known = compact(value)
            if len(_dumped) < 4096:
                _dumped[key] = known
        return known
    return compact(value)


def row(kind: str, n: int, fields: Mapping[str, Any], number: Callable[[str], int]) -> list[Any]:
    """Return a record's row: ``n``, then its columns.

    Args:
        kind: the kind's word.
        n: the record's local number.
        fields: as folded: lists as lists, references as ids in hex.
        number: gives the local number of an id, making an absent record where it is not known yet.
    """
    get = fields.get
    values: list[Any] = [n, *map(get, columns(kind))]
    for place, is_ref in special(kind):
        value = values[place + 1]
        if value is not None:
            values[place + 1] = number(value) if is_ref else _text(value)
    return values


def fields_of(
    kind: str, values: tuple[Any, ...], identify: Callable[[int], str], links: Mapping[str, list[str]]
) -> Fields:
    """Return the folded fields of a stored row: the reverse of ``row``; nulls are left out."""
    fields: Fields = dict(links)
    refs = {place for place, is_ref in special(kind) if is_ref}
    lists = {place for place, is_ref in special(kind) if not is_ref}
    for place, (name, value) in enumerate(zip(columns(kind), values[1:], strict=True)):
        if value is None:
            continue
        if place in refs:
            fields[name] = identify(value)
        elif place in lists:
            fields[name] = json.loads(value)
        else:
            fields[name] = value
    return fields


def read_fields(reader: Any, kind: str, n: int) -> Fields:
    """Return the folded fields of record number *n* as its row has them; {} where it has none."""
    return read_many(reader, kind, [n])[n]


def read_many(reader: Any, kind: str, numbers: list[int]) -> dict[int, Fields]:
    """Return the folded fields of several records of a kind, by number."""
    marks = ", ".join("?" * len(numbers))
    links: dict[int, dict[str, list[str]]] = {}
    if link_fields(kind):
        for source, name, target in reader.execute(
            "select l.source, l.field, r.id from link as l join record as r on r.n = l.target "  # noqa: S608 - question marks
            f"where l.source in ({marks}) order by l.source, l.field, l.place",
            numbers,
        ):
            links.setdefault(source, {}).setdefault(name, []).append(target.hex())
    rows = reader.execute(f"{select_sql(kind)} where x.n in ({marks})", numbers).fetchall()
    identify = _identifier(reader, kind, rows)
    stored = {row[0]: row for row in rows}
    return {n: fields_of(kind, stored[n], identify, links.get(n, {})) if n in stored else {} for n in numbers}


def _identifier(reader: Any, kind: str, rows: list[tuple[Any, ...]]) -> Callable[[int], str]:
    """Return what gives the ids, in hex, of the records that these rows point at."""
    places = [place + 1 for place, is_ref in special(kind) if is_ref]
    targets = list({row[place] for row in rows for place in places if row[place] is not None})
    if not targets:
        return str
    marks = ", ".join("?" * len(targets))
    sql = f"select n, id from record where n in ({marks})"  # noqa: S608 - question marks
    return {n: record.hex() for n, record in reader.execute(sql, targets)}.__getitem__
