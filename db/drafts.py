"""Drafts: what was typed and not saved, sealed to who typed it.

Never indexed, nothing is decided by them; gone on save, on a hard stop, when what they are about is erased,
and after 72 hours. Keeping one needs no secret; only the writer's own seed opens it again.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Damaged, NotFound
from db.rules.canon import canonical, compact
from db.vault import drafting, signing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.keys import Opened
    from db.vault.store import Store

_PAD = 512  # bytes: the length of what is kept tells little of what was typed


class Draft(NamedTuple):
    """A draft, opened: its id in hex, when it was kept (epoch seconds), which form, what is in its fields.

    ``about`` are the references of the records it is about: erasing one of them takes the draft as well.
    """

    id: str
    at: int
    kind: str
    fields: dict[str, Any]
    about: tuple[str, ...] = ()


def new_id() -> str:
    """Return an id for a draft that has not been kept yet."""
    return os.urandom(16).hex()


def keep(store: Store, draft: Draft) -> None:
    """Keep a draft, in the place of what was kept of it before; not journalled.

    Args:
        store: the open unit; its member's public key seals the draft.
        draft: its ``at`` is set anew by the store's clock.

    Raises:
        NotFound: a record that it is about was erased, perhaps at another desk: no word of it comes back.
    """
    about = _about(store, draft.about)
    (public,) = store.cipher.execute("select key from member where id = ?", (store.member.id,)).fetchone()
    plain = canonical({"kind": draft.kind, "fields": draft.fields}) + b"\x80"
    plain += bytes(-len(plain) % _PAD)
    sealed = bytes.fromhex(signing.seal_to(public, plain))
    drafting.put(
        store, (bytes.fromhex(draft.id), store.member.id, store.now(), compact(sorted(about)), sealed)
    )


def _about(store: Store, refs: Sequence[str]) -> list[str]:
    """Return the ids, in hex, of the records that these references name."""
    with store.counts() as reader:
        rows = reader.execute(
            "select id, ref, state from record where ref in (select value from json_each(?))",
            (json.dumps(refs),),
        ).fetchall()
    for _, ref, state in rows:
        if state == "erased":
            raise NotFound(f"{ref} was erased: nothing about it is kept")
    return [record.hex() for record, *_ in rows]


def drop(store: Store, draft: str) -> None:
    """Take a draft out for good: it was saved, or is not wanted, or a hard stop wipes it. Not journalled."""
    drafting.drop(store, bytes.fromhex(draft))


def drop_within(store: Store, draft: str) -> None:
    """Take a draft out in the writing transaction that is open: with what it became, or not at all."""
    drafting.drop_within(store, bytes.fromhex(draft))


def empty_log(store: Store) -> None:
    """Take what was dropped so out of the file's log too, once that transaction is over."""
    drafting.empty_log(store)


def give_back(store: Store, opened: Opened) -> list[Draft]:
    """Return this member's drafts of the last 72 hours, the newest first; older ones go, whoever wrote them.

    What was sealed to a key that the member no longer has stays closed, and goes with its time.
    """
    drafting.drop_before(store, store.now() - drafting.HOURS * 3600)
    rows = store.cipher.execute(
        "select id, at, sealed from draft where member = ? order by at desc, id", (store.member.id,)
    ).fetchall()
    return [found for row in rows if (found := _opened(opened, *row)) is not None]


def count(store: Store) -> int:
    """Return how many drafts of this member the file keeps."""
    with store.counts() as reader:
        (kept,) = reader.execute(
            "select count(*) from draft where member = ? and at >= ?",
            (store.member.id, store.now() - drafting.HOURS * 3600),
        ).fetchone()
    return int(kept)


def _opened(opened: Opened, draft: bytes, at: int, sealed: bytes) -> Draft | None:
    try:
        plain = signing.unseal(opened.seed, sealed.hex())
    except Damaged:
        return None
    body = json.loads(plain[: plain.rindex(b"\x80")])
    return Draft(draft.hex(), at, body["kind"], body["fields"])
