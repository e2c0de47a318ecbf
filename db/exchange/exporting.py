"""Export: records leave for a named recipient, for a stated purpose, and the journal keeps which.

What is handed over is written beside its place first; entry and file come to stand together.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

from db import consent, filters, records, settings, unnamed
from db.errors import Refused, Usage, Withheld
from db.exchange import cursors, handing, leaving
from db.rules import outgoing, sharing, vocabulary

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from db.records import Record, Why
    from db.vault.keys import Opened
    from db.vault.store import Look, Store

_INSIDE = "internal"  # what goes there may come back by import, and is the same
_SAID = {
    "unit_only": "of sharing level 0 or 1, which never leave",
    "hers": "of a level at which nothing about her reaches this recipient",
    "refused": "about somebody who said no to this purpose and recipient",
    "barred": "about somebody who wants no contact, or whose record is restricted or no longer stands",
}


class Order(NamedTuple):
    """What is to leave, to whom, why, and narrowed to what.

    ``options`` are words of ``filters.names`` and what was typed; ``fields`` as ``outgoing.choose`` reads
    them; ``cursor`` the release after which changes are wanted; ``opened`` the slot of a liaison who has just
    typed the passphrase, where names are to leave; ``override`` why it leaves against the no of the woman
    whom ``options`` name.
    """

    kind: str
    recipient: str
    purpose: str
    fields: tuple[str, ...] = ()
    options: Mapping[str, Any] = {}
    cursor: str | None = None
    opened: Opened | None = None
    override: str | None = None


class Export(NamedTuple):
    """What leaves: the release's id, the marking, the kind, the header, the rows in order of reference.

    In a continuation each row says whether it is ``deleted``: then only its reference stands in it.
    """

    release: str
    marking: str
    kind: str
    header: tuple[str, ...]
    rows: list[Record]
    left: Counter[str]


def check(store: Store, order: Order) -> None:
    """Refuse an export whose recipient, purpose or fields are not what they should be.

    Raises:
        Refused: a code that does not exist, immigration enforcement, the press, a field that never leaves.
        Usage: an unknown field.
    """
    refused = vocabulary.forbidden_recipient(order.recipient)
    if refused is not None:
        raise Refused(refused)
    with store.counts() as reader:
        settings.check_code(reader, "recipient", order.recipient)
        settings.check_code(reader, "purpose", order.purpose)
    if (unheard := sharing.refused_recipient(order.recipient)) is not None:
        raise Refused(unheard)
    if order.override is not None:
        vocabulary.check("override", order.override)
    outgoing.choose(order.kind, order.fields)
    if order.opened is not None and order.kind != "person":
        raise Usage("--names is for people: no other record has a name of hers")


def run(store: Store, order: Order, why: Why, deliver: Callable[[Export], Callable[[], None]]) -> Export:
    """Let records leave; journalled as a disclosure before anything is handed over.

    Args:
        store: the open unit.
        order: what, to whom, for what.
        why: the reason; required.
        deliver: makes the file ready and returns what puts it in its place; that is called once the entry
            stands. Where it fails nothing left, and the journal says nothing of it.

    Raises:
        Usage: no reason is given, or ``check`` stands against it.
        Refused: this member is no supervisor, ``check`` stands against it, it goes to the person herself and
            is of others as well, or against a no and names nobody.
        Withheld: there is something, and none of it may leave.
    """
    if why.reason is None:
        raise Usage("say why this leaves, with --reason CODE")
    check(store, order)
    if "supervisor" not in store.member.roles:
        raise Refused("only a supervisor may export: ask one")
    chosen = filters.build(store, order.kind, order.options)
    listed = filters.build(store, order.kind, {})
    names = _names(store, order.opened, why) if order.opened is not None else {}
    release = os.urandom(8).hex()
    with (
        ExitStack() as begun,
        store.consult(order.kind, operation="disclosure", reason=why.reason, note=why.note) as look,
    ):
        her = _named(store, look, order)
        no = consent.withdrawn(look, order.purpose, order.recipient)
        no -= leaving.of_her(look, her if order.override else None)  # against her no, and nobody else's
        judged = leaving.judge(look, order.kind, chosen, order.recipient, no)
        stays = judged.rows
        if order.cursor is not None and len(chosen) > len(listed):
            stays = leaving.judge(look, order.kind, listed, order.recipient, no).rows
        if order.recipient == sharing.SUBJECT:
            judged = judged._replace(rows=leaving.of_subject(look, order.kind, judged.rows, her))
        rows, gone = _since(look, order, judged.rows, {one.id for one in stays})
        if not judged.rows and judged.left and order.cursor is None:
            raise Withheld(f"nothing is left to export: {said(judged.left)}")
        scrubs = None
        if order.recipient != _INSIDE:
            scrubs = unnamed.unspoken(look, leaving.spoken(look, order.kind, order.recipient, no))
        made = _made(look, order, release, (rows, gone), (names, scrubs))._replace(left=judged.left)
        look.detail |= {
            "event": "export",
            "purpose": order.purpose,
            "recipient": order.recipient,
            "release": release,
            "left_out": sum(count for name, count in judged.left.items() if name != "facts"),
            "fields": list(made.header),
            **({"override": order.override} if order.override else {}),
            **({"filters": [one.name for one in chosen]} if chosen else {}),
        }
        look.asked(
            of=order.kind,
            rows=cursors.packed(one.id for one in rows),
            gone=cursors.packed(gone),
            heads=cursors.heads_of(look),
            **({"since": order.cursor} if order.cursor else {}),
            **({"narrowed": cursors.words_of(order.options)} if order.options else {}),
        )
        look.shown(len(made.rows), records.people_shown(look, order.kind, [one.shape for one in rows]))
        finish = deliver(made)
        if isinstance(finish, handing.Ready):
            begun.push(finish)
    finish()
    return made


def _named(store: Store, look: Look, order: Order) -> int | None:
    """Return the number of the woman to whom an order is narrowed; None where it is of several.

    Raises:
        Refused: it is to leave against a no, and nobody is named.
    """
    typed = order.options.get("person")
    if typed:
        return records.find(look, store.id_key, typed, ("person",)).n
    if order.override:
        raise Refused("override: goes against the no of one woman, never of all: name her with --person REF")
    return None


def said(left: Counter[str]) -> str:
    """Return in a sentence how many records were left out, and why."""
    return "; ".join(
        f"{left[name]} {'is' if left[name] == 1 else 'are'} left out, {why}"
        for name, why in _SAID.items()
        if left[name]
    )


def _since(
    look: Look, order: Order, rows: list[leaving.Leaving], stays: set[bytes]
) -> tuple[list[leaving.Leaving], list[bytes]]:
    """Return the rows to send, and the ids of what is to be taken back.

    *stays* are the ids of what may leave, whether or not the order asks for it: of that, only what an order
    narrowed so brought, and what this one does not ask for any more, is taken back.
    """
    if order.cursor is None:
        return rows, []
    narrowed = cursors.words_of(order.options)
    before = cursors.sent(look, order.cursor, order.kind, order.recipient, narrowed)
    changed = cursors.told_anew(look, order.kind, before.heads)
    outside = before.within - {one.id for one in rows}
    return [one for one in rows if one.id in changed or one.id not in before.held], sorted(
        before.held & (outside | (before.held - stays))
    )


def _made(
    look: Look,
    order: Order,
    release: str,
    sent: tuple[list[leaving.Leaving], list[bytes]],
    beside: tuple[dict[int, Record], unnamed.Scrub | None],
) -> Export:
    """Return what leaves; *beside* are the names that go along, and what takes others out of the words."""
    names, scrubs = beside
    header = list(outgoing.choose(order.kind, order.fields).names)
    named = outgoing.choose(order.kind, order.fields).named
    rows, gone = sent
    shapes = [one.shape for one in rows]
    if order.kind == "offender":
        shapes = _with_vehicles(look, shapes)
    made = _cut(shapes, header, named)
    if scrubs is not None:  # whoever does not leave herself is in nobody's words either
        unnamed.clean(scrubs, order.kind, made, header)
    if order.opened is not None:
        header += outgoing.NAMES
        for row, one in zip(made, rows, strict=True):
            known = names.get(one.n, {}) if sharing.names_leave(one.level or 0) else {}
            row |= {name: known.get(name) for name in outgoing.NAMES}
    if order.cursor is not None:
        header.append("deleted")
        made = [row | {"deleted": False} for row in made]
        refs = [look.execute("select ref from record where id = ?", (one,)).fetchone()[0] for one in gone]
        made += [{"ref": ref, "deleted": True} for ref in sorted(refs)]
    from collections import Counter

    return Export(release, outgoing.MARKING, order.kind, tuple(header), made, Counter())


def _cut(shapes: list[Record], header: list[str], named: frozenset[str]) -> list[Record]:
    """Return the fields that leave; a described car is free text, and leaves when ``vehicle`` is named."""
    rows = [{name: shape[name] for name in header} for shape in shapes]
    if "vehicle" in header and "vehicle" not in named:
        for row in rows:
            if isinstance(row["vehicle"], dict):
                row["vehicle"] = None
    return rows


def _with_vehicles(look: Look, shapes: list[Record]) -> list[Record]:
    from db import watchlist

    cars = watchlist.listed(look)
    numbers = dict(look.execute("select ref, n from record where kind = 'offender'").fetchall())
    return [shape | {"vehicles": cars.get(numbers[shape["ref"]], [])} for shape in shapes]


def _names(store: Store, opened: Opened, why: Why) -> dict[int, Record]:
    """Open the names of those who let them be shared, by their local numbers; journalled as a reveal."""
    from db import people

    return people.reveal_names(store, opened, sharing.NAMED, why)
