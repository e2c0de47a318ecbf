"""What a transaction keeps beside the records: sealed identities with their data keys, and the members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.rules.canon import compact
from db.rules.records import spoken
from db.vault.making import Making

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.vault.chain import Chain
    from db.vault.cipher import Cipher
    from db.vault.identity import Sealed


class Sealing:
    """The part of ``Write`` that never sees a record's fields."""

    def __init__(self, cipher: Cipher, chain: Chain) -> None:
        self._cipher = cipher
        self.chain = chain
        self.changed: dict[str, int] = {}
        self._making = Making(cipher, chain, self.changed)

    def seal_identity(self, person: bytes, record: bytes, seal: Callable[[int, int], Sealed]) -> None:
        """Keep a new version of a person's sealed identity; its data key stands outside the chain.

        Args:
            person: whose.
            record: the identity's own record id: a new one, or that of the version it replaces.
            seal: given the entry's desk and number, to which it binds it, returns what is kept.
        """
        self._making.flush()
        n_person = self._making.number(person.hex())
        found = self._cipher.execute("select n, heads from record where id = ?", (record,)).fetchone()
        sealed = seal(self.chain.desk, self.chain.seq + 1)
        head = self.chain.append(
            "alteration" if found else "collection",
            "identity",
            record,
            base=found[1] if found else "[]",
            detail={"person": person.hex()},
            body=sealed.payload,
        )
        with self._cipher.trusted() as c:
            if found:
                n = found[0]
                c.execute("delete from identity where n = ?", (n,))
                c.execute("update record set heads = ? where n = ?", (compact([head]), n))
            else:
                ref = spoken("I", record, 8)
                n = self._making.take(record, ("identity", ref, "present", compact([head])))
            c.execute("insert into identity (n, person, desk, seq) values (?, ?, ?, ?)", (n, n_person, *head))
            c.execute(
                "insert into data_key (desk, seq, identity_key, sealed) values (?, ?, ?, ?)",
                (*head, sealed.identity_key, sealed.data_key),
            )

    def reseal(self, sealed: list[tuple[bytes, bytes, int, int]]) -> None:
        """Put data keys sealed to a new identity key in place of the old: (key, sealed, desk, seq) each."""
        with self._cipher.trusted() as c:
            c.executemany(
                "update data_key set identity_key = ?, sealed = ? where desk = ? and seq = ?", sealed
            )

    def put_member(self, member: str, name: str, key: str, roles: tuple[str, ...], state: str) -> None:
        """Bring the member table in line with the member entry just appended."""
        with self._cipher.trusted() as c:
            c.execute("delete from member where id = ?", (member,))
            c.execute(
                "insert into member (id, name, key, roles, state) values (?, ?, ?, ?, ?)",
                (member, name, key, compact(list(roles)), state),
            )
