"""``show REF --as log|intel|crime``: what may be pasted into the force's systems, within her sharing level.

A disclosure, journalled before it is handed over. At levels 0 and 1 nothing leaves; at 2 and 3 facts about
the man alone, as intelligence; from 4 on the words as well, and her name never.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from db import consent, records, settings, sharing, unnamed
from db.errors import NotFound, Refused
from db.exchange import leaving
from db.records import Why
from db.rules import pasted, vocabulary
from db.rules.mentions import read_mentions
from db.rules.sharing import UNIT_ONLY, Extent, extent, refused_recipient

if TYPE_CHECKING:
    from db.records import Found, Record
    from db.vault.store import Look, Store

FORMS = ("log", "intel", "crime")
KINDS = ("engagement", "concern")
_PURPOSE = {"log": "safeguarding", "intel": "intelligence", "crime": "crime"}
_REF_KIND = {"log": "incident", "intel": "intel", "crime": "crime"}


class Going(NamedTuple):
    """As what it goes out, to whom, why (codes; None for the usual purpose), under which 3x5x2 grade.

    ``override`` is a code that says why it goes out against her no.
    """

    form: str
    recipient: str = "internal"
    purpose: str | None = None
    grade: str = pasted.GRADE
    override: str | None = None

    @property
    def why(self) -> str:
        """The purpose's code."""
        return self.purpose or _PURPOSE[self.form]


def text(store: Store, kind: str, ref: str, going: Going, why: Why) -> str:
    """Return an engagement or a concern as plain text to paste; journalled as a disclosure first.

    Raises:
        Refused: her sharing level does not let it out so, or not to that recipient, the press never; she said
            no to that, or wants no contact; it or she is restricted, struck out or erased; there is nothing
            to tell; or a code is none.
        NotFound: nothing of that kind has the reference, or it was erased.
    """
    vocabulary.check("purpose", going.why)
    if going.override is not None:
        vocabulary.check("override", going.override)
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, (kind,))
        settings.check_code(reader, "recipient", going.recipient)
    if (unheard := refused_recipient(going.recipient)) is not None:
        raise Refused(unheard)
    with store.consult(kind, found.id, reason=why.reason, note=why.note, operation="disclosure") as look:
        told = _Told(look, found, going)
        told.check()
        look.detail |= {"event": f"show_as_{going.form}", "purpose": going.why, "recipient": going.recipient}
        look.detail |= {"override": going.override} if going.override else {}
        look.shown(1, records.people_shown(look, kind, [told.shape]))
        lines = told.intel() if going.form == "intel" else told.named()
    return "\n".join([pasted.MARKING, *lines, pasted.MARKING, ""])


def got(store: Store, kind: str, ref: str, given: tuple[str, str], why: Why) -> Record:
    """Keep the reference that the force's system gave, beside those that are there; returns the record.

    Args:
        store: the open unit.
        kind: of KINDS.
        ref: what went out.
        given: as what, of FORMS, and the reference it got.
        why: a reason; the form's own purpose where none is given.

    Raises:
        Refused: it is no reference, or the record was struck out since.
    """
    form, reference = given
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, (kind,))
        row = reader.execute(f"select refs from {kind} where n = ?", (found.n,)).fetchone()  # noqa: S608 - one of KINDS
    kept: list[str] = json.loads(row[0]) if row and row[0] else []
    more = f"{_REF_KIND[form]}:{reference.strip()}"
    why = Why(why.reason or _PURPOSE[form], why.note)
    return records.amend(store, kind, ref, {"refs": list(dict.fromkeys([*kept, more]))}, why)


class _Told:
    """A record with the contact it belongs to, and what may go out of the two."""

    def __init__(self, look: Look, found: Found, going: Going) -> None:
        self._look, self._found, self._going = look, found, going
        if found.state == "erased":
            raise NotFound(f"{found.ref} was erased: nothing of it is held")
        self.shape = records.shape_of(look, found.kind, found.id)
        self.level = sharing.level_of(look, found.kind, found.n) or 0
        # in full only where her level lets this recipient have it so, whatever the form
        self._whole = extent(found.kind, self.level, going.recipient) is Extent.WHOLE
        self._whole &= sharing.names_leave(self.level)
        self._scrubbed = unnamed.scrub(look)
        self.concern = self.shape if found.kind == "concern" else {}
        self.contact = self.shape
        if self.concern:
            row = look.execute(
                "select r.id from concern as c join engagement as e on e.n = c.engagement "
                "join record as r on r.n = e.n where c.n = ?",
                (found.n,),
            ).fetchone()
            if row is None:
                raise Refused(f"{found.ref}: its contact is not held, and with it how far this may go")
            self.contact = records.shape_of(look, "engagement", row[0])

    def check(self) -> None:
        """Ask whether it may go out in that form, to that recipient.

        Raises:
            Refused: it may not.
        """
        ref, to = self._found.ref, self._going.recipient
        if self._found.state != "present":
            raise Refused(f"{ref} is {self._found.state}: nothing of it goes out")
        if self.level <= UNIT_ONLY:
            raise Refused(f"{ref} is of sharing level {self.level}: nothing of it leaves the unit")
        if self._going.form != "intel" and not self._whole:
            raise Refused(
                f"{ref} is of sharing level {self.level}: facts about the man alone go to {to}, --as intel"
            )
        if leaving.is_barred(self._look, self._found.kind, self._found.n):
            raise Refused(
                f"{ref} is about somebody who wants no contact, or whose record is restricted or no longer "
                "stands: nothing of it goes out"
            )
        no = consent.withdrawn(self._look, self._going.why, to)
        women = leaving.women(self._look, self._found.kind, self._found.n)
        if self._going.override is None and not no.isdisjoint(women):
            raise Refused(f"{ref} is about somebody who said no to that: ask her, or say why with --override")

    # intelligence

    def intel(self) -> list[str]:
        """Return a report in the third person: no person, no words of anybody's.

        Raises:
            Refused: nothing is told of a man or a car.
        """
        facts = self._facts()
        if not facts:
            raise Refused(f"{self._found.ref} tells nothing of a man or a car that could be reported")
        at = self._happened()
        when = pasted.band(at) if self._whole else pasted.month(at)
        sector = self.concern.get("sector") or self.contact["sector"]
        return [
            "INTELLIGENCE REPORT (3x5x2)",
            *pasted.grade_lines(self._going.grade),
            f"Date of information: {when}",
            *([f"Area: {self._scrubbed(sector)}"] if sector else []),
            *facts,
        ]

    def _facts(self) -> list[str]:
        described = self._described()
        lines = []
        if him := self._watchlisted():
            lines.append(f"Subject: {him}")
        if looks := pasted.man(described):
            lines.append(f"Man: {looks}")
        lines += [f"Vehicle: {car}" for one in self._cars(described) if (car := self._car(one))]
        codes = [*(self.concern.get("behaviours") or ()), *(described.get("mo") or ())]
        conduct = pasted.conduct(codes, str(described.get("mo_text") or ""))
        if conduct:
            lines.append(f"Conduct reported: {'; '.join(conduct)}")
        if guess := self.concern.get("offence_guess"):
            lines.append(f"Possible offence: {vocabulary.entry('offence', guess).label}")
        return lines

    def _described(self) -> Record:
        if self.concern and (self.concern["description"] or self.concern["vehicle"]):
            return self.concern["description"] or {}
        return read_mentions(self.contact["mentions"] or "")

    def _car(self, vehicle: Record) -> str | None:
        """Return a car in a line; what is more than a word of its make and look is somebody's words."""
        seen = {
            key: self._scrubbed(value) if isinstance(value, str) and " " in value and key != "vrm" else value
            for key, value in vehicle.items()
        }
        return pasted.car(seen)

    def _cars(self, described: Record) -> list[Record]:
        cars = list(described.get("vehicles") or ())
        vehicle = self.concern.get("vehicle")
        if isinstance(vehicle, dict):
            cars.append(vehicle)
        elif vehicle:
            cars.append(self._pointed("vehicle", vehicle))
        return cars

    def _pointed(self, kind: str, ref: str) -> Record:
        row = self._look.execute(
            "select id, state from record where ref = ? and kind = ?", (ref, kind)
        ).fetchone()
        return records.shape_of(self._look, kind, row[0]) if row and row[1] == "present" else {}

    def _watchlisted(self) -> str | None:
        """Return the man whom the concern names, by name and reference; None where it names none."""
        ref = self.concern.get("offender")
        man = self._pointed("offender", ref) if ref else {}
        if not man:
            return None
        from db import watchlist

        return f"{watchlist.label(man)}, watchlist {ref}"

    def _happened(self) -> datetime:
        """Return the local time it tells of: when it happened where that is known, else when it was told."""
        said = self.concern.get("happened_from") or self.contact["at"]
        return datetime.fromisoformat(said) if len(said) > 10 else datetime.fromisoformat(f"{said}T12:00")

    # with the words, from level 4 on

    def named(self) -> list[str]:
        """Return a log entry or a crime report: the words are there, whoever they name is not."""
        contact, form, scrubbed = self.contact, self._going.form, self._scrubbed
        told = datetime.fromisoformat(contact["at"])
        lines = ["ENGAGEMENT LOG" if form == "log" else "CRIME REPORT"]
        how = vocabulary.codes("initiated_by").get(contact["initiated_by"] or "")
        spoken = vocabulary.entry("contact", contact["contact"]).label
        where = f", {scrubbed(contact['sector'])}" if contact["sector"] else ""
        lines.append(f"Told on: {told:%d/%m/%Y %H:%M}{where}")
        lines.append(f"Contact: {', '.join(filter(None, (spoken, how)))}; {self._how_many()}")
        if contact["officers"]:
            lines.append(f"Officers: {', '.join(contact['officers'])}")
        if form == "crime":
            lines.append("Victim: identity sealed; given by a liaison of the unit")
        lines += self._of_concern()
        for heading, words in (("Note", contact["narrative"]), ("Said of a man or car", contact["mentions"])):
            if words:
                lines.append(f"{heading}: {scrubbed(words)}")
        if form == "log" and contact["needs"]:
            needs = vocabulary.codes("need")
            lines.append(f"Needs: {', '.join(needs.get(one, one) for one in contact['needs'])}")
        refs = [*contact["refs"], *(self.concern.get("refs") or ())]
        return lines + ([f"References: {', '.join(map(scrubbed, dict.fromkeys(refs)))}"] if refs else [])

    def _how_many(self) -> str:
        count = len(self.contact["people"]) + self.contact["people_unnamed"]
        return "1 person" if count == 1 else f"{count} people"

    def _of_concern(self) -> list[str]:
        if not self.concern:
            return [line for line in self._facts() if line.startswith("Vehicle")]
        one, scrubbed = self.concern, self._scrubbed
        when = [_day(one[key]) for key in ("happened_from", "happened_to") if one[key]]
        known = vocabulary.codes("behaviour")
        behaviours = [known.get(code, code) for code in one["behaviours"]]
        lines = [f"Happened: {' to '.join(when)}"] if when else []
        lines += [f"Where: {scrubbed(one['sector'])}"] if one["sector"] else []
        lines += [f"What: {'; '.join(behaviours)}"] if behaviours else []
        for key in ("injury", "weapon"):
            if one[key]:
                lines.append(f"{key.capitalize()}: {scrubbed(one[key])}")
        motives = vocabulary.codes("hate_motivation")
        if one["hate_motivation"]:
            lines.append(f"Hate motivation: {', '.join(motives.get(m, m) for m in one['hate_motivation'])}")
        return lines + [line for line in self._facts() if not line.startswith("Conduct")]


def _day(stored: str) -> str:
    """Return a date or a local time as it is written in a report."""
    at: Any = datetime.fromisoformat(stored)
    return f"{at:%d/%m/%Y}" if len(stored) == 10 else f"{at:%d/%m/%Y %H:%M}"
