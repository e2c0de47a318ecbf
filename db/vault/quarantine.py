"""What a member wrote after leaving, whatever its time says: it stays in the chain and is never folded.

A removal names the last entry of each desk that is accepted. With a creation that is set aside goes
whatever was later done to that record, by whomever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Head = tuple[int, int]


def stored(reader: Any) -> set[Head]:
    """Return what is set aside, as the table has it."""
    return set(reader.execute("select desk, seq from quarantine").fetchall())


def find(reader: Any, accepted: Mapping[str, Mapping[int, int]]) -> set[Head]:
    """Return what is to be set aside.

    Args:
        reader: the open file.
        accepted: by removed member, the last entry of each desk that his removal accepts.
    """
    found: set[Head] = set()
    orphans: list[bytes] = []
    for member, heads in accepted.items():
        for (desk,) in reader.execute(
            "select distinct desk from entry where actor = ?", (member,)
        ).fetchall():
            for seq, operation, record in reader.execute(
                "select seq, operation, record from entry where desk = ? and seq > ? and actor = ?",
                (desk, heads.get(desk, 0), member),
            ).fetchall():
                found.add((desk, seq))
                if record is not None and operation in ("collection", "combination"):
                    orphans.append(record)
    for record in orphans:
        rows = reader.execute(
            "select desk, seq, operation from entry where record = ? and operation in "
            "('collection', 'alteration', 'combination', 'erasure')",
            (record,),
        ).fetchall()
        made = {row[:2] for row in rows if row[2] in ("collection", "combination")}
        if made <= found:
            found |= {row[:2] for row in rows}
    return found


def put(connection: Any, heads: set[Head]) -> None:
    """Write the table anew."""
    connection.execute("delete from quarantine")
    connection.executemany("insert into quarantine (desk, seq) values (?, ?)", sorted(heads))
