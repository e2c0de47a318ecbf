"""The unit's first entry, to which each member's slot is bound."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.errors import Damaged
from db.vault import journal

if TYPE_CHECKING:
    from db.vault.cipher import Cipher


def read_genesis(cipher: Cipher, expected: bytes) -> dict[str, Any]:
    """Return what the first entry of the unit says, if it is the one the slot was made for.

    Raises:
        Damaged: the file's genesis is another: the unit is a stranger's.
    """
    rows = cipher.execute(
        f"select {journal.COLUMNS} from entry where (desk, seq) in (select desk, 1 from desk)"  # noqa: S608 - fixed text
    ).fetchall()
    for row in rows:
        try:
            detail: dict[str, Any] = json.loads(row[11])
            unit = bytes.fromhex(detail.get("unit", ""))
        except (ValueError, AttributeError, TypeError):
            continue
        if journal.entry_hash(unit, journal.START, journal.Entry(*row)) == expected:
            return detail
    raise Damaged(
        "this unit.db is not the one your key was made for (a stranger's unit?): nothing was read or "
        "written; restore unit.db and members.json together from a backup"
    )
