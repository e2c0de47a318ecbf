"""What of a record may leave the unit, field by field. Pure rules; how far a record goes is in ``sharing``.

Free text leaves only when it is asked for by name. What members call her, and her sealed identity, never
leave as a field at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Refused, Usage
from db.rules import sharing
from db.rules.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MARKING = "OFFICIAL-SENSITIVE"
NAMES = ("given_name", "surname")

_NEVER = {
    **dict.fromkeys(sharing.NEVER_LEAVES["person"], "it is for the members alone"),
    "known_as": "what the unit and the street call her stays with the members",
    "external_ref": "for people the importer's own key is not kept",
    "source": "who said something about a man stays in the unit",
    **dict.fromkeys(
        (*NAMES, "date_of_birth", "telephones", "safe_contact_words", "notes"),
        "her identity is sealed; --names sends the name alone, at sharing level 4 or 5",
    ),
}
_BESIDE = {"ref": "text", "vehicles": "objects", "same_as": "refs"}  # keys of a shape that are no field


class Chosen(NamedTuple):
    """The fields of an export in order, ``ref`` first, and those of them that were asked for by name."""

    names: tuple[str, ...]
    named: frozenset[str]


def keys(kind: str) -> list[str]:
    """Return every key of a kind's shape, in order, ``ref`` first."""
    names = [field.name for field in KINDS[kind].fields if field.name != "vehicle_seen"]
    more = {"offender": ["vehicles", "same_as"], "person": ["same_as"]}
    return ["ref", *names, *more.get(kind, [])]


def leaves(kind: str, name: str) -> str:
    """Return how a field of a kind leaves: ``yes``, ``named`` (only when it is asked for), ``never``."""
    if kind == "person" and name in _NEVER:
        return "never"
    field = KINDS[kind].field(name)
    return "named" if field is not None and field.free else "yes"


def choose(kind: str, asked: Sequence[str]) -> Chosen:
    """Return the fields that leave; none asked for means all but free text, ``+name`` adds one to those.

    Raises:
        Refused: a field never leaves.
        Usage: the kind has no such field.
    """
    usual = [name for name in keys(kind) if leaves(kind, name) == "yes"]
    named = [name.removeprefix("+") for name in asked]
    for name in named:
        _check(kind, name)
    adds = bool(asked) and all(name.startswith("+") for name in asked)
    wanted = {*named, *(usual if adds or not asked else ())}
    return Chosen(tuple(name for name in keys(kind) if name in wanted or name == "ref"), frozenset(named))


def _check(kind: str, name: str) -> None:
    if name in keys(kind) and leaves(kind, name) != "never":
        return
    if (why := _NEVER.get(name)) is not None and (kind == "person" or name in ("known_as", "source")):
        raise Refused(f"{name}: never leaves the unit: {why}")
    takes = [known for known in keys(kind) if leaves(kind, known) != "never"]
    raise Usage(f"--fields: {kind} has no field of that name that leaves; it takes {', '.join(takes)}")


def described(kind: str, codes: dict[str, Collection[str]]) -> list[dict[str, Any]]:
    """Return a kind's schema: each key, its type, what it takes, whether it is required, how it leaves.

    Args:
        kind: the kind's word.
        codes: the codes of each vocabulary that the kind's fields name.
    """
    rows = []
    for name in keys(kind):
        field = KINDS[kind].field(name)
        type_ = field.type if field is not None else _BESIDE[name]
        takes = "" if field is None else ", ".join(codes.get(field.of, ())) or field.of
        rows.append(
            {
                "field": name,
                "type": type_,
                "takes": takes or None,
                "required": name == "ref" or bool(field and field.required),
                "leaves": leaves(kind, name),
                "as_facts": name in sharing.FACTS.get(kind, ()),
            }
        )
    return rows
