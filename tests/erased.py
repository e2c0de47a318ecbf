"""A woman with all that can hang on her, and what the tests of restricting and erasing share."""

from collections.abc import Iterator
from contextlib import contextmanager

from db import erasure, members, people, records
from db.errors import NotFound
from db.records import Why
from db.rules import periods
from db.vault import opening
from db.vault.store import Face, Store
from tests import tallied
from tests.conftest import Clock, Unit

FACE = Face("script", "test")
WHY = Why("subject_access", "she asked for it, zebranote")
WORDS = "quiet saddle orchard ninepins"
CANARIES = (
    b"zebrapseudonym",
    b"zebrastreet",
    b"zebrasafeword",
    b"zebraweapon",
    b"zebraresult",
    b"zebrafollow",
    b"zebranote",
)


def one(store: Store, kind: str, **fields: object) -> str:
    return str(records.add(store, kind, dict(fields))["ref"])


def joined(store: Store, unit: Unit, name: str, roles: tuple[str, ...] = ()) -> None:
    code = members.add(store, unit.opened, name, roles)
    members.join(unit.folder, name, code, WORDS, FACE)


@contextmanager
def working(unit: Unit, clock: Clock, name: str) -> Iterator[Store]:
    store, _ = opening.with_passphrase(unit.folder, WORDS, name, FACE)
    with store:
        store.clock = clock
        yield store


class Her:
    """A woman with all that can hang on her, each part with a word of its own."""

    def __init__(self, store: Store) -> None:
        self.ref = one(
            store,
            "person",
            pseudonym="Zebrapseudonym-27",
            known_as=["zebrastreet"],
            safety="zebrasafeword",
        )
        people.seal_identity(store, self.ref, {"given_name": "Testina"}, Why())
        self.contact = one(store, "engagement", at="now", people=[self.ref], narrative="a word, lionkept")
        self.concern = one(store, "concern", engagement=self.contact, person=self.ref, weapon="zebraweapon")
        self.unsaid = one(store, "concern", engagement=self.contact, injury="zebraweapon too")
        self.referral = one(store, "referral", person=self.ref, service="Housing", result="zebraresult")
        self.due = one(store, "followup", what="ring zebrafollow", about=self.referral, due_on="today")


def gone(store: Store, kind: str, ref: str) -> bool:
    try:
        records.show(store, kind, ref, Why("audit"))
    except NotFound:
        return True
    return False


def ask_and_empty(store: Store, kind: str, ref: str) -> erasure.Erasing:
    erasure.erase(store, kind, ref, WHY)
    return erasure.erase(store, kind, ref, WHY)


def counted(store: Store) -> tuple[float | None, float | None]:
    found = tallied.values(store, periods.month("2026-11"))
    return found["engagements"], found["people_engaged"]
