"""The ways in which somebody who knows the format, and has no member's key, may tamper with the journal."""
# ruff: noqa: S608 - SQL is built from the file's own names

import json

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from db.vault import journal
from db.vault.journal import Entry
from tests.tampered import Tamperer


class Forger(Tamperer):
    """A tamperer who chains what he writes rightly; only sign it he cannot."""

    def _rehash(self, desk: int) -> None:
        """Make a desk's chain and head right again; only the signatures stay as they were."""
        previous, last = journal.START, None
        columns = f"{journal.COLUMNS}, hash, signature"
        rows = self.c.execute(f"select {columns} from entry where desk = ? order by seq", (desk,)).fetchall()
        for row in rows:
            last = row
            previous = journal.entry_hash(self.unit, previous, Entry._make(row[:13]))
            self.c.execute("update entry set hash = ? where desk = ? and seq = ?", (previous, desk, row[1]))
        if last is not None:
            self.c.execute(
                "update desk set seq = ?, hash = ?, at = ? where desk = ?", (last[1], previous, last[2], desk)
            )

    def rewrite(self) -> str:
        """Change an entry in one column and chain it anew."""
        rows = self._rows("entry")
        row = self.random.choice(rows)
        names = ("at", "tx", "actor", "role", "session", "operation", "kind", "record", "base", "detail")
        name = self.random.choice(names)
        self._set("entry", row, {name: self._other(row[name], [one[name] for one in rows])})
        self._rehash(row["desk"])
        return f"rewrite {name}"

    def repay(self) -> str:
        """Put another payload in the place of one, with its digest, and chain it anew."""
        row = self.random.choice(self._rows("payload"))
        body = row["body"].replace(b"o", b"a") + b" "
        digest = journal.payload_digest(row["salt"], body)
        self._set("payload", row, {"body": body})
        self.c.execute(
            "update entry set digest = ? where desk = ? and seq = ?", (digest, row["desk"], row["seq"])
        )
        self._rehash(row["desk"])
        return "another payload"

    def forge(self) -> str:
        """Append an entry by a member, rightly chained; signed by nobody, by a copy or by a stranger."""
        rows = self._rows("entry")
        row = dict(self.random.choice(rows))
        last = max((one for one in rows if one["desk"] == row["desk"]), key=lambda one: one["seq"])
        new = row | {"seq": last["seq"] + 1, "at": last["at"] + 1, "tx": last["seq"] + 1, "digest": None}
        hashed = journal.entry_hash(self.unit, last["hash"], tuple(new[n] for n in Entry._fields))
        _, stranger = crypto_sign_seed_keypair(self.random.randbytes(32))
        how = self.random.choice(["nobody", "a copy", "a stranger"])
        signature = {
            "nobody": None,
            "a copy": last["signature"],
            "a stranger": crypto_sign(hashed, stranger)[:64],
        }
        self._insert("entry", new | {"hash": hashed, "signature": signature[how]})
        self.c.execute(
            "update desk set seq = ?, hash = ?, at = ? where desk = ?",
            (new["seq"], hashed, new["at"], new["desk"]),
        )
        return f"forged {row['operation']} signed by {how}"

    def certify(self) -> str:
        """Forge an unlock entry for a key of his own, and sign it with that key."""
        rows = self._rows("entry")
        last = max((one for one in rows if one["signature"]), key=lambda one: (one["at"], one["seq"]))
        public, secret = crypto_sign_seed_keypair(self.random.randbytes(32))
        detail = json.dumps(
            {"event": "unlock", "key": public.hex(), "not_after": 1 << 33}, separators=(",", ":")
        )
        seq = last["seq"] + 1
        new = last | {"seq": seq, "at": last["at"] + 1, "tx": seq, "operation": "security", "digest": None}
        new |= {"kind": None, "record": None, "base": "[]", "detail": detail}
        new["session"] = self.random.choice([None, seq, seq - 1])
        hashed = journal.entry_hash(self.unit, last["hash"], tuple(new[n] for n in Entry._fields))
        self._insert("entry", new | {"hash": hashed, "signature": crypto_sign(hashed, secret)[:64]})
        self._rehash(last["desk"])
        return "forged certificate"

    def cut(self) -> str:
        """Cut entries off a desk's end, with the head put right and nothing else."""
        desk, seq = self.random.choice(self.c.execute("select desk, seq from desk").fetchall())
        last = self.random.randrange(seq) if seq > 1 else 0
        for table in ("payload", "entry"):
            self.c.execute(f"delete from {table} where desk = ? and seq > ?", (desk, last))
        self.c.execute("delete from desk where desk = ? and ? = 0", (desk, last))
        self._rehash(desk)
        return "cut"

    def move(self) -> str:
        """Move an entry, or its payload, to another desk or another record."""
        rows = self._rows("entry")
        row, other = self.random.sample(rows, 2)
        which = self.random.choice(["entry desk", "entry record", "payload"])
        if which == "entry desk":
            self._set("entry", row, {"desk": other["desk"] + 1, "seq": row["seq"]})
            self._rehash(row["desk"])
        elif which == "entry record":
            self._set("entry", row, {"record": other["record"], "kind": other["kind"]})
            self._rehash(row["desk"])
        else:
            self.c.execute(
                "update or replace payload set desk = ?, seq = ? where desk = ? and seq = ?",
                (other["desk"], other["seq"], row["desk"], row["seq"]),
            )
        return f"move {which}"

    acts = (
        *(Tamperer.column,) * 8,
        *(Tamperer.delete, Tamperer.double, Tamperer.swap) * 2,
        *(rewrite, repay, forge, certify, cut, move),
        *(Tamperer.hide, Tamperer.put_back, Tamperer.words, Tamperer.shape),
    )
