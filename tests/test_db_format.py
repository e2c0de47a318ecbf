"""FORMAT.md is enough: a verifier written from it alone opens a unit and agrees with beech's own.

The first half of this file imports nothing of beech.
"""

import json
import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import nacl.bindings as na
import pytest
import sqlcipher3
from nacl.exceptions import CryptoError

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHANGES = ("collection", "alteration", "combination", "erasure")
Row = dict[str, Any]


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def open_unit(folder: Path, name: str, passphrase: str) -> tuple[Any, bytes, bytes]:
    """Return the connection, the unit's id and the anchor."""
    members = json.loads((folder / "members.json").read_text())
    assert (members["format"], members["version"]) == ("beech members", 1)
    slot = next(s for s in members["slots"] if s["name"] == name)
    cost = slot["argon2id"]
    key = na.crypto_pwhash_alg(
        *(32, passphrase.encode(), bytes.fromhex(cost["salt"]), cost["passes"], cost["bytes"]),
        na.crypto_pwhash_ALG_ARGON2ID13,
    )
    header = {name: slot[name] for name in ("kind", "member", "name", "public", "argon2id")}
    header |= {name: members[name] for name in ("format", "version", "unit")}
    sealed = bytes.fromhex(slot["sealed"])
    plain = na.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], canonical(header), sealed[:24], key)
    seed, unit, anchor = plain[:32], plain[32:48], plain[48:]
    public, secret = na.crypto_sign_seed_keypair(seed)
    assert (public.hex(), unit.hex()) == (slot["public"], members["unit"])
    with (folder / "unit.db").open("rb") as file:
        generation = file.read(16).hex()
    store_key = na.crypto_box_seal_open(
        bytes.fromhex(slot["store_keys"][generation]),
        na.crypto_sign_ed25519_pk_to_curve25519(public),
        na.crypto_sign_ed25519_sk_to_curve25519(secret),
    )
    connection = sqlcipher3.connect(str(folder / "unit.db"))
    connection.execute(f"pragma key = \"x'{store_key.hex()}'\"")
    return connection, unit, anchor


def rows(connection: Any, sql: str) -> Iterator[Row]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def field(value: str | bytes | None) -> bytes:
    if value is None:
        return b"\0"
    raw = value.encode() if isinstance(value, str) else value
    return b"\1" + len(raw).to_bytes(4, "big") + raw


def entry_hash(unit: bytes, previous: bytes, e: Row) -> bytes:
    numbers = b"".join(e[name].to_bytes(8, "big", signed=True) for name in ("desk", "seq", "at", "tx"))
    session = b"\0" if e["session"] is None else b"\1" + e["session"].to_bytes(8, "big", signed=True)
    start = b"beech 1 entry\0" + unit + previous + numbers + field(e["actor"]) + field(e["role"]) + session
    rest = ("operation", "kind", "record", "base", "detail", "digest")
    return blake2b(start + b"".join(field(e[name]) for name in rest), digest_size=32).digest()


def faults(connection: Any, unit: bytes, anchor: bytes) -> set[str]:
    """Check steps 1 to 4 of FORMAT.md, and of step 6 the records' references, states and heads."""
    found: set[str] = set()
    entries = list(rows(connection, "select * from entry order by desk, seq"))
    payloads = {(p["desk"], p["seq"]): p for p in rows(connection, "select * from payload")}
    founding = next(json.loads(e["detail"]) for e in entries if e["hash"] == anchor)
    if founding["unit"] != unit.hex():
        found.add("genesis")
    keys = member_keys(entries, founding)
    gone, quiet = emptied(entries), {head for e in entries for head in looks_named(e)}
    unlocks = {(e["desk"], e["seq"]): e for e in entries if '"event":"unlock"' in e["detail"]}
    before: Row = {"desk": None}
    first: Row = {}
    for e in entries:
        here: Row = before if before["desk"] == e["desk"] else {"seq": 0, "at": 0, "hash": bytes(32)}
        if (e["seq"], entry_hash(unit, here["hash"], e)) != (here["seq"] + 1, e["hash"]) or e["at"] <= here[
            "at"
        ]:
            found.add("chain")
        paid = payloads.pop((e["desk"], e["seq"]), None)
        digest = paid and blake2b(b"beech 1 payload\0" + paid["salt"] + paid["body"], digest_size=32).digest()
        may_lack = e["at"] < gone.get(e["record"], 0) or (e["desk"], e["seq"]) in quiet
        if digest != e["digest"] and not (paid is None and may_lack):
            found.add("payload")
        first = first or e
        if (first["seq"], first["actor"], first["session"]) != (e["tx"], e["actor"], e["session"]):
            found.add("transaction")
        if e["signature"] is not None:
            if not is_signed(e, first, keys, unlocks):
                found.add("signature")
            first = {}
        before = e
    return (
        found
        | ({"payload"} if payloads else set())
        | ({"signature"} if first else set())
        | folds(connection, entries)
    )


def is_whole(e: Row) -> bool:
    """Tell an erasure of a record from a redaction."""
    return e["operation"] == "erasure" and '"event":"redact"' not in e["detail"]


def emptied(entries: list[Row]) -> dict[bytes, int]:
    """Return until when, by the entries' clock, the payloads of a record are gone."""
    gone: dict[bytes, int] = {}
    for e in entries:
        if e["operation"] == "erasure" and e["record"] is not None:
            gone[e["record"]] = max(gone.get(e["record"], 0), 1 << 62 if is_whole(e) else e["at"])
    return gone


def looks_named(e: Row) -> list[tuple[int, int]]:
    """Return the looks that an entry empties with a woman."""
    said = json.loads(e["detail"])
    return [(desk, seq) for desk, seq in said.get("looks", [])] if e["operation"] == "erasure" else []


def is_signed(e: Row, first: Row, keys: dict[str, list[tuple[int, str]]], unlocks: dict[Any, Row]) -> bool:
    key = [key for at, key in keys[e["actor"]] if at <= first["at"]][-1]
    if e["session"] is not None:
        unlock = unlocks[e["desk"], e["session"]]
        assert (unlock["actor"], unlock["session"]) == (e["actor"], None)
        key = json.loads(unlock["detail"])["key"]
    try:
        na.crypto_sign_open(e["signature"] + e["hash"], bytes.fromhex(key))
    except CryptoError:
        return False
    return True


def member_keys(entries: list[Row], founding: Row) -> dict[str, list[tuple[int, str]]]:
    """Return by member the keys in force from which clock reading on."""
    keys = {founding["member"]: [(0, founding["key"])], "00" * 8: [(0, founding["recovery_key"])]}
    for e in sorted(entries, key=lambda e: (e["at"], e["desk"], e["seq"])):
        said = json.loads(e["detail"])
        if e["operation"] == "security" and str(said.get("event")).startswith("member_") and "key" in said:
            keys.setdefault(said["member"], []).append((e["at"] + 1, said["key"]))
    return keys


def folds(connection: Any, entries: list[Row]) -> set[str]:
    records: dict[bytes, list[Row]] = {}
    for e in sorted(entries, key=lambda e: (e["at"], e["desk"], e["seq"])):
        if e["operation"] in CHANGES and e["record"] is not None:
            records.setdefault(e["record"], []).append(e)
    stored = {r["id"]: r for r in rows(connection, "select * from record where state <> 'absent'")}
    wrong = stored.keys() != records.keys()
    for record, steps in records.items():
        says = [json.loads(e["detail"]) for e in steps]
        state = "present"
        for said in says:
            state = (
                said.get("state", state) if state != "restricted" or said.get("event") == "lift" else state
            )
        if any(is_whole(e) for e in steps):
            state = "erased"
        seen = {tuple(head) for e in steps for head in json.loads(e["base"])}
        heads = sorted([e["desk"], e["seq"]] for e in steps if (e["desk"], e["seq"]) not in seen)
        digits = "".join(CROCKFORD[int.from_bytes(record, "big") << 2 >> 125 - 5 * i & 31] for i in range(26))
        length = 8 if steps[0]["kind"] == "identity" else says[0].get("ref", 4)
        row = stored.get(record, {"state": None, "heads": "[]", "ref": "", "kind": None})
        wrong |= (row["state"], json.loads(row["heads"]), row["kind"]) != (state, heads, steps[0]["kind"])
        wrong |= row["ref"][2:] != digits[:length]
    return {"record"} if wrong else set()


# from here on beech itself

from db.engagements import answers  # noqa: E402
from db.vault import faults as named  # noqa: E402
from db.vault import opening  # noqa: E402
from db.vault.verify import verify  # noqa: E402
from tests.conftest import Unit  # noqa: E402
from tests.erased import ask_and_empty, one  # noqa: E402
from tests.furnished import FACE, copied, furnish, without_triggers  # noqa: E402

FORMAT = Path(named.__file__).with_name("FORMAT.md").read_text()


@pytest.fixture(scope="module")
def furnished(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    folder = copied(founded.folder, tmp_path_factory.mktemp("format") / "unit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
        furnish(folder, founded)
    return founded._replace(folder=folder)


@pytest.mark.parametrize("name", ["Sam", "Jo"])
def test_a_verifier_made_from_the_format_alone_agrees_on_a_unit(furnished: Unit, name: str) -> None:
    connection, unit, anchor = open_unit(furnished.folder, name, furnished.passphrase)
    try:
        assert faults(connection, unit, anchor) == set()
    finally:
        connection.close()
    with opening.with_opened(furnished.folder, furnished.opened, FACE) as store:
        assert verify(store).ok
        assert (store.unit, store.anchor) == (unit, anchor)


def test_both_agree_where_the_words_of_looks_went_with_a_woman(unit: Unit) -> None:
    with opening.with_opened(unit.folder, unit.opened, FACE) as store:
        her = one(store, "person", pseudonym="Willow-27")
        answers.who(store, "Willow-27")
        ask_and_empty(store, "person", her)
        assert store.cipher.execute("select count(*) from emptied").fetchone() == (1,)
        assert verify(store).ok
    connection, ident, anchor = open_unit(unit.folder, "Sam", unit.passphrase)
    try:
        assert faults(connection, ident, anchor) == set()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("update entry set detail = '{}' where seq = 3", "chain"),
        ("update payload set body = x'7b7d' where seq = 2", "payload"),
        ("delete from payload where seq = 2", "payload"),
        ("update entry set signature = zeroblob(64) where seq = 4 and signature is not null", "signature"),
        ("update entry set tx = 1 where seq = 4", "transaction"),
        ("update record set state = 'struck' where n = 1", "record"),
        ("update record set heads = '[]' where n = 1", "record"),
        ("delete from record where n = 1", "record"),
    ],
)
def test_both_see_what_was_changed(furnished: Unit, tmp_path: Path, change: str, fault: str) -> None:
    folder = copied(furnished.folder, tmp_path / "unit")
    with opening.with_opened(folder, furnished.opened, FACE) as store, store.cipher.trusted() as c:
        c.execute("pragma foreign_keys = off")
        without_triggers(c, lambda: c.execute(change))
        ours, (unit, anchor) = faults(c, store.unit, store.anchor), (store.unit, store.anchor)
    assert fault in ours
    with opening.with_opened(folder, furnished.opened, FACE) as store:
        assert not verify(store).ok
    assert (len(unit), len(anchor)) == (16, 32)


def test_every_fault_that_verify_names_is_in_the_format() -> None:
    said = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", FORMAT))
    vault = Path(named.__file__).parent
    for path in [*vault.glob("verify*.py"), vault / "agreement.py", vault / "faults.py"]:
        for name in re.findall(r'(?:\.at|\.add|append)\(\s*"([a-z-]+)"', path.read_text()):
            assert name in said, f"{name} in {path.name}"


def test_every_column_of_the_journal_is_in_the_format(furnished: Unit) -> None:
    with opening.with_opened(furnished.folder, furnished.opened, FACE) as store:
        for table in ("entry", "payload", "data_key"):
            for row in store.cipher.execute(f"select * from {table} limit 1").description:  # noqa: S608 - fixed names
                assert f"`{row[0]}`" in FORMAT, row[0]
