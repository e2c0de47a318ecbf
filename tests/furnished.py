"""A unit with a bit of everything in it, and how it lies open to somebody with its store key and a tool.

He works without checks, foreign keys or triggers, and puts the triggers back when done. What he lacks is a
member's key.
"""
# ruff: noqa: S608 - SQL is built from the file's own names

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db import members, people, records, settings
from db.records import Why
from db.vault import opening
from db.vault.snapshot import rows_of
from db.vault.store import Face, Store
from tests.conftest import Clock, Unit

FACE = Face("script", "test")
TABLES = (
    *("entry", "payload", "data_key", "desk", "erased", "member", "record", "link", "identity"),
    *("person", "engagement", "concern", "referral", "followup", "offender", "vehicle", "sighting"),
    *("action", "order", "call", "setting", "release"),
    *("engagement_words_data", "engagement_words_idx", "engagement_words_docsize", "engagement_words_config"),
    *("met_monthly", "contacts_monthly"),
    *("likeness", "term", "alike", "likeness_keys_data", "likeness_keys_idx", "likeness_keys_config"),
)
RECORDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("person", {"pseudonym": "Willow-27", "known_as": "Red;Rose", "sex": "woman"}),
    ("person", {"pseudonym": "Rowan-04", "risk_grade": "high"}),
    ("person", {"pseudonym": "Hazel-11"}),
    (
        "offender",
        {"external_ref": "M1", "name": "Gary Example", "aliases": "Gaz;Gazza", "height_from_cm": 170},
    ),
    ("offender", {"external_ref": "M2", "sex": "man", "hair": "grey"}),
    ("offender", {"external_ref": "M3", "surname": "Invented", "build": "thin"}),
    ("vehicle", {"external_ref": "V1", "offender": "M1", "vrm": "AB12 CDE", "colour": "silver"}),
    ("vehicle", {"external_ref": "V2", "make": "Ford"}),
    (
        "engagement",
        {"external_ref": "E1", "at": "2026-11-01T21:00", "narrative": "she was cold", "sector": "3"},
    ),
    ("engagement", {"external_ref": "E2", "at": "2026-11-02T21:00", "mentions": "a silver car waited"}),
    ("engagement", {"external_ref": "E3", "at": "2026-11-03T21:00", "narrative": "talked of housing"}),
    ("engagement", {"external_ref": "E4", "at": "2026-11-04T21:00", "people_unnamed": 2, "needs": "housing"}),
    ("concern", {"external_ref": "C1", "engagement": "E1", "injury": "bruised", "sharing_level": 2}),
    ("sighting", {"external_ref": "S1", "at": "2026-11-05T01:00", "offender": "M2", "note": "walking"}),
    ("action", {"external_ref": "A1", "offender": "M1", "on": "2026-11-06", "action": "arrest"}),
    ("followup", {"external_ref": "F1", "what": "ring the clinic", "due_on": "2026-12-01", "about": "E1"}),
    ("call", {"month": "2026-10", "source": "999", "category": "asb", "count": 7}),
)


def furnish(folder: Path, unit: Unit) -> None:
    """Write every kind of entry into the unit in *folder*: two members, three desks, a session."""
    with opening.with_opened(folder, unit.opened, FACE) as store:
        store.clock = Clock()
        for kind, raw in RECORDS:
            records.add(store, kind, raw)
        settings.apply(store, settings.propose(store, 'sectors = ["3", "4"]', "unit.toml"), Why())
        settings.apply(store, settings.propose(store, "idle_lock_minutes = 5", "unit.toml"), Why())
        settings.apply(store, settings.propose(store, "idle_lock_minutes = 6", "unit.toml"), Why())
        women = [row["ref"] for row in records.listing(store, "person")]
        for ref in ("E1", "E3"):
            records.amend(store, "engagement", ref, {"people": women[:2]})
        for woman in women:
            people.seal_identity(store, woman, {"given_name": "Testina"}, Why())
        people.seal_identity(store, women[0], {"surname": "Inventedova"}, Why())
        people.detach(store, women[2], Why("correction"))
        records.amend(store, "engagement", "E1", {"narrative": "she was very cold", "sector": "4"})
        records.undo(store, "engagement", "E1")
        records.amend(store, "offender", "M1", {"hair": "brown"}, Why("supervision", "he told us"))
        records.strike(store, "engagement", "E4", Why("correction"))
        with store.write("correction") as tx:
            said = records.find(tx, store.id_key, "E2", ("engagement",)).id
            tx.redact(said, ["narrative", "mentions"], {"sharing_level": 0})
        records.amend(store, "engagement", "E2", {"sharing_level": 0})
        code = members.add(store, unit.opened, "Jo", ("liaison",))
        with store.write("subject_access") as tx:
            tx.erase(records.find(tx, store.id_key, "M3", ("offender",)).id)
    members.join(folder, "Jo", code, unit.passphrase, FACE)
    store, opened = opening.with_passphrase(folder, unit.passphrase, "Jo", FACE)
    with store:
        session = opening.begin_session(store, opened)
    with opening.with_session(folder, session, FACE) as store:
        records.add(
            store, "engagement", {"external_ref": "E5", "at": "2026-11-20T20:00", "narrative": "hello"}
        )
        records.show(store, "person", women[0], Why("welfare", "she rang"))
        store.state_path().unlink()
    with opening.with_opened(folder, unit.opened, FACE) as store:
        records.add(store, "offender", {"external_ref": "M4", "name": "Other Example"})
        records.amend(store, "engagement", "E5", {"sector": "2"}, Why("correction"))


@contextmanager
def tampering(store: Store) -> Iterator[Any]:
    """Give the connection as a foreign tool has it: no checks, no triggers; all is taken back at the end."""
    with store.cipher.trusted() as c:
        for setting in ("foreign_keys = off", "recursive_triggers = off", "ignore_check_constraints = on"):
            c.execute(f"pragma {setting}")
        c.execute("begin immediate")
        try:
            yield c
        finally:
            c.execute("rollback")


def without_triggers(c: Any, change: Callable[[], object]) -> None:
    """Make a change that the journal's triggers forbid, and put them back word for word."""
    triggers = c.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
    for name, _ in triggers:
        c.execute(f"drop trigger {name}")
    change()
    for _, sql in triggers:
        c.execute(sql)


def dump(c: Any) -> dict[str, Any]:
    """Return what a unit says: the journal, and every projection with local numbers told by ids.

    Left out is what FORMAT.md says that nobody sees: which number a record has, bytes of the word index that
    change no word in it, a data key in its sealed box.
    """
    said = {t: c.execute(f"select * from {t} order by desk, seq").fetchall() for t in ("entry", "payload")}
    said["data_key"] = c.execute(
        "select desk, seq, identity_key, length(sealed) from data_key order by 1, 2"
    ).fetchall()
    return said | rows_of(c)


def copied(folder: Path, into: Path) -> Path:
    """Copy a unit's folder."""
    shutil.copytree(folder, into)
    return into
