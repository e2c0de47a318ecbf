"""A form as typed, read into one contact: what stands in it, what is still to be asked, what a rule says.

Nothing is saved here. A fault names its field, so that a face can lead there; nothing typed is repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import records, settings
from db.errors import BeechError, Refused
from db.rules import limits, periods, shorthand, values
from db.rules.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from db.vault.store import Store

Record = dict[str, Any]

NEW = "new:"  # somebody new stands in ``people`` under this and her place in ``new``


class TypedConcern(NamedTuple):
    """One concern's line: its behaviours, who told it (a reference, ``new:0``, or nothing), the answers."""

    behaviours: tuple[str, ...]
    who: str = ""
    when: str = ""
    hurt: str = ""
    crime: str = ""
    offender: str = ""


class Typed(NamedTuple):
    """What stands in a form's fields.

    ``people`` are references, or ``new:0`` for the first of ``new``; ``asked`` is False where the form says
    in so many words that nobody was there.
    """

    people: tuple[str, ...] = ()
    new: tuple[Record, ...] = ()
    unnamed: int = 0
    nobody: bool = False
    how: str = ""
    said: str = ""
    concerns: tuple[TypedConcern, ...] = ()
    note: str = ""
    when: str = ""
    sector: str = ""
    needs: str = ""
    sharing: str = ""
    wording: str = ""
    go_back: str = ""
    officers: tuple[str, ...] = ()
    partner: str = ""
    not_him: tuple[str, ...] = ()  # men of whom it was said that she does not mean them


class Fault(NamedTuple):
    """What stands against saving: the form's field (``concern 0 when``), and one sentence."""

    field: str
    sentence: str


class Contact(NamedTuple):
    """One contact to be saved whole: the engagement, its concerns, what is due after it, as raw records."""

    engagement: Record
    concerns: tuple[Record, ...] = ()
    followup: Record | None = None
    not_him: tuple[str, ...] = ()  # references of men whom it does not tell of


def read(store: Store, typed: Typed) -> tuple[Contact, tuple[Fault, ...]]:
    """Return the contact that a form means, and every fault in the order of the fields.

    The contact is whole only where there is no fault.
    """
    reading = _Reading(store, typed)
    return reading.contact(), tuple(reading.faults)


class _Reading:
    def __init__(self, store: Store, typed: Typed) -> None:
        self.store = store
        self.typed = typed
        self.now: datetime = records.local_now(store)
        self.faults: list[Fault] = []

    def contact(self) -> Contact:
        typed = self.typed
        how = self._try("how", lambda: shorthand.read_how(typed.how)) or shorthand.How(None, "spoke")
        self._check_people(how)
        concerns = tuple(self._concern(place, one) for place, one in enumerate(typed.concerns))
        needs = self._try("needs", lambda: shorthand.read_needs(typed.needs) if typed.needs.strip() else None)
        back = self._try("go_back", lambda: shorthand.read_return(typed.go_back, self.now))
        read_out = self._try("wording", lambda: shorthand.read_wording(typed.wording))
        engagement: Record = {
            "at": self._at(),
            "contact": how.contact,
            "initiated_by": how.initiated_by,
            "sector": typed.sector.strip() or None,
            "officers": list(typed.officers) or [self.store.member.name],
            "partner": typed.partner.strip() or None,
            "people": [self._one(key) for key in typed.people] or None,
            "people_unnamed": typed.unnamed or None,
            "needs": list(needs.needs) if needs else None,
            "offers": list(needs.offers) if needs else None,
            "mentions": typed.said.strip() or None,
            "sharing_level": self._level(),
            "wording_version": self._wording() if read_out else None,
            "narrative": typed.note.strip() or None,
            "next_on": back[0] if back else None,
        }
        engagement = {key: value for key, value in engagement.items() if value is not None}
        self._check_rules(engagement)
        level = engagement.get("sharing_level")
        return Contact(
            engagement,
            tuple(one | {"sharing_level": level} for one in concerns),
            self._followup(back),
            () if level == 0 else typed.not_him,  # of level 0 nothing is kept that she said
        )

    def _try(self, field: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except BeechError as error:
            self.faults.append(Fault(field, str(error)))
            return None

    def _one(self, key: str) -> str | Record:
        return self.typed.new[int(key.removeprefix(NEW))] if key.startswith(NEW) else key

    def _check_people(self, how: shorthand.How) -> None:
        somebody = self.typed.people or self.typed.unnamed
        if not somebody and not self.typed.nobody and how.contact in ("spoke", "seen_only", "declined"):
            self.faults.append(
                Fault("person", "Person: who was it? A name, ?1 for one who gave none, - for nobody")
            )

    def _at(self) -> str | None:
        return self._try(  # type: ignore[no-any-return]
            "when", lambda: periods.iso(self._field("at", self.typed.when.strip() or "now"))
        )

    def _wording(self) -> str:
        return settings.wording(self.store.cipher, records.today(self.store)).code

    def _level(self) -> int | None:
        typed = self.typed.sharing.strip()
        if typed:
            return self._try("sharing", lambda: self._field("sharing_level", typed))  # type: ignore[no-any-return]
        if self.typed.concerns:
            self.faults.append(Fault("sharing", "Sharing: what does she allow? 0 nothing kept ... 5 (F1)"))
        return None

    def _field(self, name: str, text: str) -> Any:
        kept = next(one for one in KINDS["engagement"].fields if one.name == name)
        return values.reader(kept)(text, self.now)

    def _check_rules(self, engagement: Record) -> None:
        """Ask the rules that bind an engagement as a whole: level 0 keeps no words and nobody."""
        if engagement.get("sharing_level") != 0:
            return
        if self.typed.concerns:
            self.faults.append(
                Fault("sharing", "Sharing 0 keeps nothing she reported: take the concern out, or ask again")
            )
        try:
            limits.check("engagement", {"at": 0, **engagement})
        except Refused as error:
            self.faults.append(Fault("sharing", f"Sharing: {error}"))

    def _concern(self, place: int, one: TypedConcern) -> Record:
        said = f"concern {place}"
        if not one.who and len(self.typed.people) + self.typed.unnamed > 1:
            self.faults.append(Fault(f"{said} who", "Which of them told it? A name, or ? for one unnamed"))
        happened = self._try(f"{said} when", lambda: shorthand.read_happened(one.when, self.now)) or {}
        decided = self._try(f"{said} crime", lambda: shorthand.read_decision(one.crime))
        record: Record = {
            "behaviours": list(one.behaviours),
            "person": self._teller(one),
            "injury": shorthand.read_hurt(one.hurt),
            "offender": one.offender or None,
            **happened,
            **(self._decided(decided) if decided else {}),
        }
        return {key: value for key, value in record.items() if value is not None}

    def _teller(self, one: TypedConcern) -> str | Record | None:
        if one.who == "?":
            return None
        if one.who:
            return self._one(one.who)
        only = self.typed.people if len(self.typed.people) == 1 and not self.typed.unnamed else ()
        return self._one(only[0]) if only else None

    def _decided(self, decided: shorthand.Decision) -> Record:
        if decided.code is None:
            return {}
        return {
            "ncrs_decision": decided.code,
            "crime_ref": decided.crime_ref,
            "ncrs_rationale": decided.rationale,
            "ncrs_by": self.store.member.name,
            "ncrs_at": periods.iso(self.store.now()),
        }

    def _followup(self, back: tuple[str, str | None] | None) -> Record | None:
        if back is None:
            return None
        return {"what": back[1] or "go back", "due_on": back[0], "owner": self.store.member.name}
