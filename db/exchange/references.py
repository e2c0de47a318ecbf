"""What a row's references stand for, looked up a batch at a time where importers use their own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import records
from db.errors import NotFound, Refused
from db.rules import values
from db.rules.records import KINDS
from db.vault import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.rules.records import Field
    from db.vault.store import Store
    from db.vault.writing import Write

_KEPT = 200_000

Kinds = tuple[str, ...]


class References:
    """The references of one kind's rows, each looked up once."""

    def __init__(self, store: Store, tx: Write, kind: str) -> None:
        self._tx = tx
        self._id_key = store.id_key
        self._store = store
        self.struck = False  # whether one of those looked up was struck out
        self._known: dict[tuple[Kinds, str], str] = {}
        self._fields = {f.name: f for f in KINDS[kind].fields if f.type in ("ref", "refs")}

    def look_up(self, name: str, cells: Iterable[Any]) -> None:
        """Look up at once what a batch's values of a field name by the importer's own key.

        What is left out here (a spoken reference, one that names nothing) is found, or told, one by one.
        """
        field = self._fields.get(name)
        if field is None:
            return
        kinds = _kinds(field)
        known = self._known
        if len(known) > _KEPT:
            known.clear()
        asked: dict[bytes, tuple[Kinds, str]] = {}
        for text in {text for cell in cells for text in _texts(field, cell)}:
            if (kinds, text) not in known and text[1:2] != "-":
                asked |= {journal.derived_id(self._id_key, kind, text): (kinds, text) for kind in kinds}
        if not asked:
            return
        found = self._tx.known(list(asked))
        for record, key in asked.items():  # the kinds in their order: the first that has it is meant
            if record in found and found[record][1] not in ("absent", "erased"):
                known.setdefault(key, record.hex())
                self.struck |= found[record][1] == "struck"

    def reader(self, field: Field) -> Callable[[Any], Any]:
        """Return the reader of a field that points at other records: raw to id in hex, or to a list."""
        name, kinds, known = field.name, _kinds(field), self._known

        def one(raw: Any) -> str:
            typed = records.one_ref(name, raw)
            record = known.get((kinds, typed))
            if record is None:
                try:
                    found = records.pointed(self._store, self._tx, typed, kinds)
                except NotFound as error:
                    raise Refused(f"{name}: {error}") from None
                record = known[kinds, typed] = found.id.hex()
                self.struck |= found.state == "struck"
            return record

        def several(raw: Any) -> list[str] | None:
            return list(dict.fromkeys(one(item) for item in values.items(name, raw))) or None

        return one if field.type == "ref" else several


def _kinds(field: Field) -> Kinds:
    return tuple(field.of.split())


def _texts(field: Field, cell: Any) -> list[str]:
    """Return the references in a raw value; nothing where it is not what it should be."""
    if not cell:
        return []
    if field.type == "ref":
        items = [cell]
    else:
        items = values.items(field.name, cell) if isinstance(cell, str | list) else []
    return [records.one_ref(field.name, item) for item in items if isinstance(item, str) and item.strip()]
