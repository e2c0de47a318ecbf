"""A whole contact saved at once: new women, engagement, concerns, what is due. One undo takes it back.

Everything lands in one transaction, or nothing does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import drafts, judgements, prompts, records
from db.engagements.saving import put_engagement
from db.errors import Ambiguous, NotFound, Refused
from db.records import Why

if TYPE_CHECKING:
    from db.engagements.form import Contact
    from db.vault.store import Store
    from db.vault.writing import Write

Record = dict[str, Any]


class Saved(NamedTuple):
    """What was saved: the engagement's reference, and every record made, with the entry that made it.

    ``made`` is (kind, reference, heads) in the order they were made; ``repeat`` is what is to be said where
    a woman has told often.
    """

    ref: str
    made: tuple[tuple[str, str, str], ...]
    repeat: str = ""

    def refs(self, kind: str) -> list[str]:
        """Return the references made of one kind."""
        return [ref for made, ref, _ in self.made if made == kind]


def save(
    store: Store,
    contact: Contact,
    draft: str | None = None,
    why: Why = Why(),  # noqa: B008 - immutable
) -> Saved:
    """Save a contact whole; the draft it was typed as goes in the same transaction.

    Raises:
        Refused: a rule forbids it; nothing is saved.
        NotFound: a reference in it names nothing.
        Busy: another program holds the file; nothing is saved.
    """
    with store.write(why.reason, why.note) as tx:
        engagement, people = put_engagement(store, tx, contact.engagement)
        made = [("person", one) for one in people.new] + [("engagement", engagement)]
        about = tx.ref(engagement)
        for raw in contact.concerns:
            made.append(("concern", _concern(store, tx, raw | {"engagement": about}, people.by_raw)))
        if contact.followup is not None:
            made.append(("followup", _put(store, tx, "followup", contact.followup | {"about": about})))
        told = [record for kind, record in made if kind in judgements.REPORTS]
        judgements.keep_apart(store, tx, told, contact.not_him)
        found = []
        for kind, record in made:
            ref, heads = tx.execute("select ref, heads from record where id = ?", (record,)).fetchone()
            found.append((kind, ref, heads))
        (n,) = tx.execute("select n from record where id = ?", (engagement,)).fetchone()
        if draft is not None:
            drafts.drop_within(store, draft)
    if draft is not None:
        drafts.empty_log(store)
    said = prompts.for_engagement(store, n)
    repeat = next((one.says for one in said if one.code == "repeat_information"), "")
    return Saved(about, tuple(found), repeat)


def _concern(store: Store, tx: Write, raw: Record, by_raw: dict[str, bytes]) -> bytes:
    person = raw.get("person")
    if isinstance(person, dict):
        raw = raw | {"person": tx.ref(by_raw[json.dumps(person, sort_keys=True)])}
    return _put(store, tx, "concern", raw)


def _put(store: Store, tx: Write, kind: str, raw: Record) -> bytes:
    return records.put(store, tx, kind, records.read_fields(store, kind, raw, records.resolver(store, tx)))


def take_back(store: Store, saved: Saved) -> str:
    """Take back all that was saved together, in one transaction; returns the engagement's reference.

    Raises:
        Ambiguous: one of the records was changed since: it is undone by itself, where its history is seen.
        Refused: it was taken back already.
    """
    with store.write() as tx:
        for _, ref, heads in reversed(saved.made):
            n, record, state, now = _standing(tx, ref, heads)
            if state != "present":
                raise Refused(f"{ref} is {state} already")
            if now != heads:
                raise Ambiguous(f"{ref} was changed since: 'u' on the record takes back its last change")
            tx.amend(record, {}, state="struck", detail={"undo": json.loads(heads)})
    return saved.ref


def _standing(tx: Write, ref: str, heads: str) -> tuple[int, bytes, str, str]:
    row = tx.execute("select n, id, state, heads from record where ref = ?", (ref,)).fetchall()
    for found in row:
        if found[3] == heads or len(row) == 1:
            n, record, state, now = found
            return n, record, state, now
    raise NotFound(f"nothing answers to {ref} any more")
