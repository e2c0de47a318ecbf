"""The questions of ``beech log``, one a line, on a terminal or over a pipe. Prompts go to stderr.

A bad answer is asked again with the rule; a hard stop ends it at once; nothing is saved here.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from commands import asking, fields, printing
from db import engagements, prompts, pseudonyms, records, settings
from db.errors import Ambiguous, BeechError, NotFound, Refused, Usage
from db.rules import shorthand, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.vault.store import Store

Record = dict[str, Any]

_ENDED = "the input ended before the last question: nothing was saved"
_BACK = "<"
_SENTENCE = 3  # words from which what is no time may be a sentence


def _line(prompt: str, default: str = "") -> str:
    """Ask one question, on a terminal or over a pipe.

    Raises:
        _Ended: there is no line.
    """
    sys.stderr.write(f"{prompt} [{default}]: " if default else f"{prompt}: ")
    sys.stderr.flush()
    typed = asking.read_line()
    if not typed or not sys.stdin.isatty():
        sys.stderr.write("\n")
    if not typed:
        raise _Ended(_ENDED)
    return typed.strip() or default


class Questions:
    """The questions in their order, and the engagement as far as it has been answered."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.raw: Record = {"officers": [store.member.name]}
        self._sentence = False
        self._sequence: list[tuple[str, Callable[[], None]]] = [
            ("at", self._when),
            ("people", self._who),
            ("initiated_by", self._how),
            ("sector", lambda: self._field("sector", "Where (sector)")),
            ("mentions", self._mentions),
            ("needs", self._asks_needs),
            (
                "offers",
                lambda: self._field("offers", "Offers (housing accepted, drugs declined)", self._offers),
            ),
            ("sharing_level", self._level),
            ("wording_version", self._wording),
            ("narrative", lambda: self._field("narrative", "Note")),
            ("next_on", lambda: self._field("next_on", "Go back on")),
        ]

    def ask(self) -> Record:
        """Ask what is not known yet until no rule refuses an answer, and return the engagement.

        Raises:
            Stopped, TakenOut: a hard stop.
            Usage: the input ended.
        """
        printing.say("Enter takes the default, < goes back to the question before, Ctrl-C saves nothing")
        place, back = 0, False
        while place < len(self._sequence):
            field, question = self._sequence[place]
            if field in self.raw and not back:
                place += 1
                continue
            try:
                question()
            except _Back:
                place, back = max(0, place - 1), True
            except (Usage, Refused, NotFound, Ambiguous) as error:
                if isinstance(error, engagements.Stopped | prompts.TakenOut | _Ended):
                    raise
                printing.say(str(error))
            else:
                place, back = place + 1, False
        return {key: value for key, value in self.raw.items() if value is not None}

    def _typed(self, prompt: str, default: str = "") -> str:
        typed = _line(prompt, default)
        if typed == _BACK:
            raise _Back
        return typed

    def _field(self, field: str, prompt: str, spelled: Callable[[str], str] = str, default: str = "") -> None:
        typed = self._typed(prompt, default)
        self.raw[field] = engagements.read_answer(self.store, self.raw, field, spelled(typed))

    def _mentions(self) -> None:
        """Ask what she said of him; words that may mean police or partner staff are asked about first."""
        typed = self._typed("Car/man, as she said it")
        if prompts.names_staff(typed):
            said = self._typed("Is he police or partner staff? (y/n)", "n").lower()
            if said.startswith("y"):
                raise prompts.take_out(self.store)
        self.raw["mentions"] = engagements.read_answer(self.store, self.raw, "mentions", typed)

    def _when(self) -> None:
        """Ask for the time; a whole sentence in its place is read for all that it holds."""
        typed = self._typed("When" if self._sentence else "When, or all of it in a sentence", "now")
        try:
            at = fields.moment("at", typed, records.local_now(self.store))
        except Refused:
            if self._sentence or not self._read(typed):
                raise
            if "at" not in self.raw:
                self._when()
        else:
            self.raw["at"] = engagements.read_answer(self.store, self.raw, "at", at)

    def _read(self, typed: str) -> bool:
        told = engagements.read_sentence(self.store, typed) if len(typed.split()) >= _SENTENCE else {}
        if told:
            self.raw |= ({"people": None} if "people_unnamed" in told else {}) | told
            self._sentence = True
            printing.say(f"understood: {understood(told)}")
            if "concern" in told and self._typed("Enter that as a concern? (y/n)", "y").lower() in (
                "n",
                "no",
            ):
                self.raw["concern"] = None
        return bool(told)

    def _level(self) -> None:
        """Ask for the sharing level; at 0 the sentence that was read is not kept as the note."""
        typed = self._typed("Sharing level (0-5)", "1")
        drop = {"narrative": None, "concern": None} if typed == "0" and self._sentence else {}
        level = engagements.read_answer(self.store, self.raw | drop, "sharing_level", typed)
        self.raw |= drop | {"sharing_level": level}
        if drop:
            printing.say("level 0: the sentence is not kept, nor a concern")

    def _who(self) -> None:
        people: list[str | Record] = []
        unnamed = 0
        for one in self._typed("Who (reference, pseudonym or name; + somebody new; ?2 two unnamed)").split(
            ","
        ):
            who = one.strip()
            if who == "+":
                people.append(self._somebody_new())
            elif who.startswith("?"):
                unnamed += _number(who[1:])
            elif who:
                people.append(self._somebody_known(who))
        self.raw |= {"people": people or None, "people_unnamed": unnamed or None}

    def _somebody_known(self, typed: str) -> str:
        found = engagements.who(self.store, typed)
        if len(found) > 1:
            raise Usage(f"several are called so: {'; '.join(map(_known, found))}; type the reference")
        printing.say(_known(found[0]))
        return found[0].ref

    def _somebody_new(self) -> Record:
        offered = pseudonyms.offer(self.store)
        printing.say(f"somebody new; free pseudonyms: {', '.join(offered)}")
        raw: Record = {}
        self._of_her(raw, "pseudonym", "  Pseudonym", offered[0])
        self._of_her(raw, "age_band", "  Age (32, or 25-34)", "unknown")
        self._of_her(raw, "sex", f"  Sex ({_codes(self.store, 'sex')})", "unknown")
        return raw

    def _of_her(self, raw: Record, field: str, prompt: str, default: str) -> None:
        """Ask one thing of somebody new until no rule refuses it; a hard stop ends it at once."""
        while field not in raw:
            typed = self._typed(prompt, default)
            said = engagements.age_band(typed) if field == "age_band" else typed
            said = _code(self.store, "sex", said) if field == "sex" else said
            try:
                engagements.read_new_person(self.store, raw | {field: said})
            except engagements.Stopped:
                raise
            except BeechError as error:
                printing.say(str(error))
            else:
                raw[field] = said

    def _how(self) -> None:
        codes = shorthand.HOW
        printing.say("  ".join(f"{n} {code.replace('_', ' ')}" for n, code in enumerate(codes, 1)))
        typed = self._typed("How (and s seen only, a attempted, d declined, n nil patrol)")
        short = re.fullmatch(r"(\d?)\s*([sadn]?)", typed.lower())
        how, letter = (short[1], short[2]) if short else (typed, "")
        if how.isdigit() and 0 < int(how) <= len(codes):
            how = codes[int(how) - 1]
        how = _code(self.store, "initiated_by", how)
        self.raw["initiated_by"] = engagements.read_answer(self.store, self.raw, "initiated_by", how)
        self.raw["contact"] = shorthand.CONTACTS.get(letter) or self.raw.get("contact")

    def _asks_needs(self) -> None:
        printing.say(_codes(self.store, "need"))
        self._field("needs", "Needs", self._needs)

    def _needs(self, typed: str) -> str:
        return ";".join(_code(self.store, "need", one) for one in re.split(r"[,;]", typed) if one.strip())

    def _offers(self, typed: str) -> str:
        offers = []
        for one in re.split(r"[,;]", typed):
            need, _, answer = one.strip().replace(" ", ":").rpartition(":")
            if answer:
                offers.append(f"{_code(self.store, 'need', need)}:{answer.lower()}")
        return ";".join(offers)

    def _wording(self) -> None:
        wording = settings.wording(self.store.cipher, records.today(self.store))
        typed = self._typed("Words read to her? (y/n, ? shows them)", "n").lower()
        if typed == "?":
            printing.say(wording.label)
            typed = self._typed("Words read to her? (y/n)", "n").lower()
        if typed not in ("y", "yes", "n", "no"):
            raise Usage("answer y or n")
        self.raw["wording_version"] = wording.code if typed.startswith("y") else None


class _Ended(Usage):
    """The input ended."""


class _Back(Exception):
    """The question before is to be asked again."""


def _known(known: engagements.Known) -> str:
    names = ", ".join(f'"{name}"' for name in known.known_as)
    return text.one_line(" ".join(filter(None, (known.ref, known.pseudonym, names))))


def _number(typed: str) -> int:
    if not typed:
        return 1
    if not typed.isdigit() or not typed.isascii():
        raise Usage("write ?2 for two who gave no name")
    return int(typed)


def _codes(store: Store, name: str) -> str:
    return ", ".join(settings.codes(store.cipher, name))


def _code(store: Store, name: str, typed: str) -> str:
    """Return the code that a word begins, if it is the only one; else the word, for the rule to judge."""
    word = re.sub(r"[\s-]+", "_", typed.strip().lower())
    codes = list(settings.codes(store.cipher, name))
    if not word or word in codes:
        return word
    begun = [code for code in codes if code.startswith(word)]
    return begun[0] if len(begun) == 1 else word


def understood(raw: Record) -> str:
    """Return in one line what was read out of a sentence."""
    said = []
    for name, value in raw.items():
        if name == "concern":
            said.append(f"concern {', '.join(value['behaviours']).replace('_', ' ')}")
        elif name != "narrative":
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            said.append(f"{name.replace('_', ' ')} {shown[:16].replace('T', ' ') if name == 'at' else shown}")
    return "; ".join(said)
