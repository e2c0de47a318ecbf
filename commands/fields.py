"""A kind's fields as options of ``add`` and ``amend``, and what was typed into them as a raw object.

Narratives, names, telephone numbers and dates of birth are never arguments: an argument stays in the
shell's history, in process lists and in central process logs. Their options take ``-`` alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from commands import asking, printing
from commands.options import common
from db.errors import Ambiguous, Refused, Usage
from db.rules import periods, text
from db.rules.records import KINDS, Field

if TYPE_CHECKING:
    from datetime import datetime

_NAMES = {"name", "given_name", "surname", "aliases", "telephones", "date_of_birth"}
_TAKEN = {opt for param in common() for opt in param.opts}
_ISO = re.compile(r"\d{4}-\d\d-\d\dT", re.IGNORECASE)
_LISTS = ("texts", "codes", "tagged", "refs")


def is_personal(field: Field) -> bool:
    """Tell whether a field's words may never be an argument."""
    return field.free or field.name in _NAMES


def option_of(kind: str, field: Field) -> str:
    """Return the name of a field's option; one that every command has is led by the kind."""
    name = "--" + field.name.replace("_", "-")
    return f"--{kind}-{name[2:]}" if name in _TAKEN else name


def options(kind: str) -> list[click.Option]:
    """Return the options of a kind's fields; an object comes by --from-json alone."""
    made = [_option(kind, field) for field in KINDS[kind].fields if field.type != "object"]
    source = click.Option(
        ["--from-json"], metavar="FILE|-", help="one JSON object, from a file or from stdin"
    )
    return [*made, source]


def _option(kind: str, field: Field) -> click.Option:
    declared = [option_of(kind, field), field.name]
    if is_personal(field):
        return click.Option(
            declared, metavar="-", help=f"{_said(field)}: from stdin or a prompt", callback=_dash
        )
    several = field.type in _LISTS
    in_words = field.type in ("text", "texts") and not field.name.endswith("_ref")
    return click.Option(
        declared,
        metavar=_metavar(field),
        help=_said(field),
        multiple=several,
        callback=shown if in_words else None,
    )


def _dash(_: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value not in (None, "-"):
        raise Usage(
            f"{param.opts[0]} takes '-' alone, and then the words from stdin or a prompt: what is personal "
            "is never an argument, which stays in the shell's history and in process lists"
        )
    return value


def shown(_: click.Context, param: click.Parameter, value: Any) -> Any:
    """Return words given as an argument as they are: a callback for an option that others can read.

    Raises:
        Usage: a telephone number or a birth date is among them.
    """
    if any(map(text.looks_personal, [value] if isinstance(value, str) else value or ())):
        raise Usage(
            f"{param.opts[0]}: a telephone number or a birth date is never an argument, which stays in the "
            "shell's history and in process lists; where it belongs to a record it comes by --from-json -"
        )
    return value


def _said(field: Field) -> str:
    words = field.name.replace("_", " ")
    hint = {
        "instant": "now, 2130, yesterday 2130, 21/11 23:40",
        "when": "a day or a time",
        "date": "a day, as 21/11/2026 or today",
        "flag": "yes or no",
        "codes": f"codes of {field.of}",
        "code": f"a code of {field.of}",
        "tagged": "kind:text",
    }.get(field.type, "")
    more = "several times, or joined with ;" if field.type in _LISTS else ""
    return ", ".join(part for part in (f"{words} ({hint})" if hint else words, more) if part)


def _metavar(field: Field) -> str:
    known = {
        "instant": "TIME",
        "when": "TIME",
        "date": "DAY",
        "whole": "NUMBER",
        "flag": "YES|NO",
        "code": "CODE",
    }
    known |= {
        "codes": "CODE",
        "ref": "REF",
        "refs": "REF",
        "month": "YYYY-MM",
        "plate": "PLATE",
        "grade": "3x5x2",
    }
    return known.get(field.type, "TEXT")


def raw(kind: str, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return what was typed as a raw object of the kind: the options over what --from-json holds.

    Args:
        kind: whose fields.
        given: the values of ``options``.
        now: the store's clock, aware.
    """
    source = given.pop("from_json", None)
    made: dict[str, Any] = asking.one_object(source) if source else {}
    for field in KINDS[kind].fields:
        value = given.get(field.name)
        if value in (None, ()):
            continue
        if is_personal(field):
            made[field.name] = _personal(kind, field)
        elif field.type in _LISTS:
            made[field.name] = [item for cell in value for item in text.split_list(cell)]
        else:
            made[field.name] = _moment(field.name, value, now) if field.type == "instant" else value
    return made


def _moment(name: str, typed: str, now: datetime) -> str:
    """Return a time as ``moment`` does; what is wrong with it is said of its field."""
    try:
        return moment(name, typed, now)
    except (Ambiguous, Refused) as error:
        raise type(error)(f"{name}: {error}") from None


def ask_for_missing(kind: str, made: dict[str, Any], now: datetime) -> None:
    """Ask on a terminal for the required fields that nothing was said of; elsewhere the rule refuses them."""
    if not asking.on_terminal():
        return
    for field in KINDS[kind].fields:
        if field.required and made.get(field.name) is None:
            typed = asking.line(_said(field).capitalize(), "now" if field.type == "instant" else None)
            made[field.name] = moment(field.name, typed, now) if field.type == "instant" else typed


def _personal(kind: str, field: Field) -> str | list[str] | None:
    said = field.name.replace("_", " ").capitalize()
    if not asking.on_terminal():
        typed = asking.from_stdin(option_of(kind, field)).strip()
    elif field.type == "prose":
        typed = asking.lines(said)
    else:
        typed = asking.line(said + (" (joined with ;)" if field.type == "texts" else ""))
    if field.type == "texts" and "\n" in typed:
        return [line.strip() for line in typed.splitlines() if line.strip()]
    return typed or None


def moment(name: str, typed: str, now: datetime) -> str:
    """Return a time as typed in ISO 8601 with its offset, and echo it; October's hour is asked about.

    Args:
        name: of the field, for the echo.
        typed: as an officer types it.
        now: the clock, aware.

    Raises:
        Ambiguous: the clock showed it twice, and nobody is at a terminal.
        Refused: it cannot be read, or was never shown.
    """
    try:
        found = periods.instant(typed, now)
    except Ambiguous:
        if not asking.on_terminal():
            raise
        said = "The clock showed that time twice: (1) before it went back, or (2) after"
        found = periods.instant(typed, now, fold=int(asking.line(said, "1") == "2"))
    echo(name, typed, found.at)
    return periods.iso(found.at)


def echo(name: str, typed: str, at: int) -> None:
    """Say on stderr with its date which moment was meant, where it was not typed in ISO 8601."""
    if not _ISO.match(typed.strip()):
        printing.say(f"{name}: {periods.spoken(at)}")
