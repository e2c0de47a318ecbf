"""The register of what left: every page of numbers, as printed, for whom, what it was made from.

A page is registered where it is rendered, on the screen or in a file. The same figures to the same recipient
are the same release. Nothing here is rewritten: a correction is a release of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import settings
from db.errors import Refused
from db.rules import periods
from db.rules.disclosure import PUBLISHED, Given, Profile
from db.rules.sharing import PRESS
from db.vault import journal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.rules.disclosure import Key, Span
    from db.vault.store import Store
    from db.vault.writing import Write

Record = dict[str, Any]

CUT = "by_"  # begins what a release is called that prints figures by offence, age or sex
EXACT = "internal"  # the profile that nothing is withheld from
INSIDE = "internal"  # the recipient that is the unit itself
SHEET = "sheet"  # what stands in place of a profile where no figures are printed

_ROWS = (
    "select r.id, r.ref, x.what, x.profile, x.recipient, x.sector, x.first, x.last, x.least, x.step, "
    "x.made_on, x.pages, (select ref from record where n = x.revises), x.approved_on, x.approved_by "
    "from release as x cross join record as r on r.n = x.n where r.state = 'present' order by x.made_on, x.n"
)


class Kept(NamedTuple):
    """A release: its place, what it was, its figures by period (none of a sheet), how they were printed."""

    id: bytes
    ref: str
    what: str
    recipient: str
    sector: str | None
    span: Span
    made_on: str
    pages: tuple[Given, ...]
    revises: str | None
    approved_on: str | None
    approved_by: str | None
    profile: Profile

    @property
    def cut(self) -> str | None:
        """By what its figures are divided; None where it prints them as pages do."""
        return self.what.removeprefix(CUT) if self.what.startswith(CUT) else None


class Leaf(NamedTuple):
    """A sheet that is about to leave: what it is as a code, its title, the digest of all that it says.

    Of what it says of people the register keeps nothing: an erasure would not find it there.
    """

    what: str
    title: str
    digest: str


class Entered(NamedTuple):
    """A sheet's place in the register, and when a supervisor approved it."""

    id: bytes
    ref: str
    approved_on: str | None


class Paper(NamedTuple):
    """A page that is about to leave.

    ``what`` is a code: summary, press_line ...; ``pages`` its figures, the page's own period first;
    ``printed`` all that is shown, definitions included; ``revises`` the id of the release it corrects.
    """

    what: str
    recipient: str
    sector: str | None
    pages: tuple[Given, ...]
    printed: Record
    revises: bytes | None = None


def kept(reader: Any) -> list[Kept]:
    """Return every release, oldest first."""
    found = []
    for row in reader.execute(_ROWS).fetchall():
        record, ref, what, name, recipient, sector, first, last, least, step, made_on, pages, *rest = row
        profile = Profile(name, least, step)
        given = tuple(
            Given((one["from"], one["to"]), profile, {tuple(key): said for *key, said in one["cells"]})
            for one in json.loads(pages)
        )
        place = (record, ref, what, recipient, sector, (first, last), made_on)
        found.append(Kept._make((*place, given, *rest, profile)))
    return found


def same(of: Sequence[Kept], paper: Paper) -> Kept | None:
    """Return the release that these very figures to this recipient are already."""
    for one in reversed(of):
        if (one.what, one.recipient, one.sector) == (paper.what, paper.recipient, paper.sector) and [
            page[0:3] for page in one.pages
        ] == [page[0:3] for page in paper.pages]:
            return one
    return None


def check_recipient(reader: Any, profile: str, recipient: str) -> None:
    """Refuse whom figures of a profile are not for.

    Raises:
        Refused: no such recipient, or one that is never given anything; or the press, in a profile that is
            not published; or anybody outside, in the one that is exact.
    """
    settings.check_code(reader, "recipient", recipient)
    if recipient == PRESS and profile not in PUBLISHED:
        raise Refused(
            f"what the press gets is published, and the {profile} profile is not for that: --profile "
            f"{' or '.join(PUBLISHED)} would do"
        )
    if profile == EXACT and recipient != INSIDE:
        raise Refused(f"the {EXACT} profile is exact and stays in the unit: --profile partner may go out")


def register(store: Store, tx: Write, paper: Paper) -> str:
    """Enter a page in the register, unless it stands there, and that it is given; returns its reference.

    Raises:
        Refused: this member is no supervisor; or the figures are not for that recipient.
    """
    check_recipient(tx, paper.pages[0].profile.name, paper.recipient)
    known = same(kept(tx), paper)
    record = known.id if known else tx.create("release", _fields(store, tx, paper))
    tx.flush()
    disclose(tx, record, paper.what, paper.recipient)
    return known.ref if known else tx.ref(record)


def enter(store: Store, tx: Write, leaf: Leaf, recipient: str) -> Entered:
    """Enter a sheet in the register, unless the same one to the same recipient stands there.

    Raises:
        Refused: this member is no supervisor.
    """
    record = journal.derived_id(store.id_key, "release", f"{leaf.what} {recipient} {leaf.digest}")
    sql = "select r.ref, x.approved_on from release as x join record as r on r.n = x.n where r.id = ?"
    row = tx.execute(sql, (record,)).fetchone()
    if row is not None:
        return Entered(record, *row)
    day = periods.local_day(store.now()).isoformat()
    fields: Record = {
        "what": leaf.what,
        "profile": SHEET,
        "recipient": recipient,
        "first": day,
        "last": day,
        "least": 1,
        "step": 1,
        "made_on": day,
        "pages": [],
        "printed": {"title": leaf.title, "digest": leaf.digest},
        "made_from": _heads(tx),
    }
    tx.create_as("release", record, fields)
    return Entered(record, tx.ref(record), None)


def _heads(tx: Write) -> list[list[int]]:
    return [list(head) for head in tx.execute("select desk, seq from desk order by desk").fetchall()]


def disclose(tx: Write, record: bytes, what: str, recipient: str) -> None:
    """Journal that a release is given to somebody."""
    detail = {"event": what, "purpose": "statistics", "recipient": recipient}
    tx.chain.append("disclosure", "release", record, detail=detail)


def _fields(store: Store, tx: Write, paper: Paper) -> Record:
    page = paper.pages[0]
    fields: Record = {
        "what": paper.what,
        "profile": page.profile.name,
        "recipient": paper.recipient,
        "sector": paper.sector,
        "first": page.span[0],
        "last": page.span[1],
        "least": page.profile.threshold,
        "step": page.profile.step,
        "made_on": periods.local_day(store.now()).isoformat(),
        "pages": [_page(one) for one in paper.pages],
        "printed": paper.printed,
        "made_from": _heads(tx),
        "revises": paper.revises.hex() if paper.revises else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _page(given: Given) -> Record:
    cells = [[*key, said] for key, said in given.cells.items()]
    return {"from": given.span[0], "to": given.span[1], "cells": cells}


def figures(of: Kept, span: Span) -> Mapping[Key, int | None]:
    """Return a release's figures of one period."""
    return next((page.cells for page in of.pages if page.span == span), {})
