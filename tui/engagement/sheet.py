"""What stands in the form, apart from how it is drawn: to a draft and back, and as ``db`` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from db import engagements
from db.engagements import NEW, Somebody, Typed, TypedConcern
from db.rules import periods, shorthand

PLAIN = (
    "person",
    "how",
    "said",
    "concerns",
    "note",
    "when",
    "sector",
    "needs",
    "sharing",
    "wording",
    "go_back",
)
"""The fields of the form that are one text each, in the order of the walk."""
OPENED = ("who", "when", "hurt", "crime")
"""The answers that a concern's line asks for."""


@dataclass
class Sheet:
    """The form's texts, and what the officer chose beside them.

    ``chosen`` says whom each fragment of Person stands for, in small letters; ``new`` is who is new, by her
    fragment; ``answers`` are the concerns' lines; ``linked`` and ``set_aside`` are men of the match panel.
    """

    texts: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, Somebody] = field(default_factory=dict)
    new: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: list[dict[str, str]] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)  # codes of stops that a key has answered
    officers: tuple[str, ...] = ()
    partner: str = ""
    begun: int = 0  # when the form was opened, in epoch seconds: the contact's time where none is typed

    def text(self, name: str) -> str:
        """Return a field's text."""
        return self.texts.get(name, "")

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of a contact is typed: sector and how stay from the last one."""
        return not any(self.text(name).strip() for name in PLAIN if name not in ("sector", "how"))

    # whom it is about

    def fragments(self) -> list[str]:
        """Return whom Person names, one by one."""
        return shorthand.split_people(self.text("person"))

    def open_fragment(self) -> str:
        """Return the fragment that is being typed: the last, where no comma closes it."""
        return self.text("person").rpartition(",")[2].strip()

    def unsettled(self) -> list[str]:
        """Return the fragments that stand for nobody yet."""
        return [
            one
            for one in self.fragments()
            if _count(one) is None
            and one.casefold() not in shorthand.NOBODY
            and one.casefold() not in self.chosen
            and one.casefold() not in self.new
        ]

    def only(self) -> Somebody | None:
        """Return the one woman whom the contact is with, where it is one whom the unit knows."""
        known = [self.chosen[one.casefold()] for one in self.fragments() if one.casefold() in self.chosen]
        return known[0] if len(known) == 1 and len(self.fragments()) == 1 else None

    def several(self) -> bool:
        """Tell whether more than one may have told what was reported."""
        return sum(1 if (count := _count(one)) is None else count for one in self.fragments()) > 1

    def teller(self, text: str) -> str:
        """Return whom a concern's "who" means: a reference, ``new:0``, ``?``; the text where it is nobody."""
        said = text.strip().casefold()
        if not said or said.startswith("?"):
            return said[:1]
        keys = self._keys()
        if said in keys:
            return keys[said]
        found = {
            key
            for fragment, key in keys.items()
            if fragment.startswith(said) or any(name.startswith(said) for name in self._names(fragment))
        }
        return found.pop() if len(found) == 1 else ""

    def _names(self, fragment: str) -> list[str]:
        if fragment in self.chosen:
            return self.chosen[fragment].names()
        return [value.casefold() for value in self.new.get(fragment, {}).values()]

    def _keys(self) -> dict[str, str]:
        """Return what each settled fragment stands for, as ``Typed`` names it."""
        keys: dict[str, str] = {}
        for one in self.fragments():
            fragment = one.casefold()
            if fragment in self.chosen:
                keys[fragment] = self.chosen[fragment].ref
            elif fragment in self.new:
                place = [f for f in self.new if f in {g.casefold() for g in self.fragments()}].index(fragment)
                keys[fragment] = f"{NEW}{place}"
        return keys

    # what she reported

    def events(self) -> tuple[tuple[str, ...], ...]:
        """Return the concerns that the letters mean; none while they cannot be read."""
        from db.errors import Refused

        try:
            return shorthand.read_behaviours(self.text("concerns"))
        except Refused:
            return ()

    # as db reads it

    def typed(self) -> Typed:
        """Return the form as ``engagements.read`` takes it."""
        fragments = [one.casefold() for one in self.fragments()]
        keys = self._keys()
        concerns = []
        for place, behaviours in enumerate(self.events()):
            said = self.answers[place] if place < len(self.answers) else {}
            concerns.append(
                TypedConcern(
                    behaviours,
                    self.teller(said.get("who", "")),
                    said.get("when", ""),
                    said.get("hurt", ""),
                    said.get("crime", ""),
                    self.linked[0] if self.linked else "",
                )
            )
        return Typed(
            people=tuple(dict.fromkeys(keys.values())),
            new=tuple(self._new_person(one) for one in self.new if one in fragments),
            unnamed=sum(_count(one) or 0 for one in fragments),
            nobody=any(one in shorthand.NOBODY for one in fragments),
            how=self.text("how"),
            said=self.text("said"),
            concerns=tuple(concerns),
            note=self.text("note"),
            when=self.text("when") or (periods.iso(self.begun) if self.begun else ""),
            sector=self.text("sector"),
            needs=self.text("needs"),
            sharing=self.text("sharing"),
            wording=self.text("wording"),
            go_back=self.text("go_back"),
            officers=self.officers,
            not_him=tuple(self.set_aside),
            partner=self.partner,
        )

    def _new_person(self, fragment: str) -> dict[str, Any]:
        her = self.new[fragment]
        made: dict[str, Any] = {"pseudonym": her.get("pseudonym", "").strip()}
        if her.get("called", "").strip():
            made["known_as"] = [her["called"].strip()]
        if her.get("age", "").strip():
            made["age_band"] = engagements.age_band(her["age"])
        return made

    # to a draft and back

    def about(self) -> tuple[str, ...]:
        """Return the references of the women it is about."""
        return tuple(one.ref for one in self.chosen.values())

    def kept(self) -> dict[str, Any]:
        """Return it as a draft keeps it."""
        return {
            "texts": self.texts,
            "chosen": {fragment: list(one) for fragment, one in self.chosen.items()},
            "new": self.new,
            "answers": self.answers,
            "linked": self.linked,
            "set_aside": self.set_aside,
            "answered": self.answered,
            "officers": list(self.officers),
            "partner": self.partner,
            "begun": self.begun,
        }


def _count(fragment: str) -> int | None:
    """Return how many unnamed a fragment says; None where it is somebody, or cannot be read."""
    from db.errors import Refused

    try:
        return shorthand.unnamed(fragment)
    except Refused:
        return None


def opened(kept: dict[str, Any]) -> Sheet:
    """Return the sheet that a draft keeps."""
    return Sheet(
        dict(kept["texts"]),
        {f: Somebody(one[0], one[1], tuple(one[2]), one[3]) for f, one in kept["chosen"].items()},
        {fragment: dict(her) for fragment, her in kept["new"].items()},
        [dict(one) for one in kept["answers"]],
        list(kept["linked"]),
        list(kept["set_aside"]),
        list(kept["answered"]),
        tuple(kept["officers"]),
        str(kept["partner"]),
        int(kept["begun"]),
    )
