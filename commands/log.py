"""``beech log``: one engagement, by one question a line or from JSON, and whom she may have meant.

Nothing is kept until the last answer: an input that ends, or Ctrl-C, saves nothing and says so.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from commands import asking, fields, opening, printing
from commands.exits import Exit
from commands.match import told
from commands.options import asked, command
from db import engagements, pseudonyms, records
from db.errors import BeechError, Usage
from db.rules import text, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.vault.store import Store

Record = dict[str, Any]

_ENDED = "the input ended before the last question: nothing was saved"
_STOPPED = "stopped: nothing was saved"
_BACK = "<"
_CONTACT = {"s": "seen_only", "a": "attempted", "d": "declined", "n": "nil_patrol"}


@command(
    "log",
    example="beech log --from-json contact.json -f json",
    exits={
        Exit.DONE: "saved",
        Exit.USAGE: "the input ended too soon, malformed JSON, an unknown key",
        Exit.NOT_FOUND: "a reference or a text that names nobody",
        Exit.REFUSED: "a rule refuses it, or a hard stop: nothing was saved",
        Exit.INTERRUPTED: "stopped with Ctrl-C: nothing was saved",
    },
)
@click.option("--from-json", metavar="FILE|-", help="one engagement as import takes it")
@opening.with_store
def log(store: Store, from_json: str | None) -> None:
    """Record an engagement: one question a line, Enter for the default, < for the question before.

    Shows whom on the watchlist she may have meant. In Who, + makes somebody new and ?2 is two unnamed.
    """
    if from_json is not None:
        raw = asking.one_object(from_json)
    elif asked().no_input:
        raise Usage("log asks questions: without them it takes --from-json FILE or --from-json -")
    else:
        raw = _interview(store)
    made = engagements.log(store, raw, asking.why())
    if asked().format != "table":
        printing.emit(made)
        return
    lines = [f"Saved {made['ref']}\n"]
    if made["matches"]:
        lines.append("Possible matches; nothing is linked by itself:\n")
        lines.extend(told(made["matches"]))
    printing.put(lines)
    if from_json is None:
        printing.say(f"'beech engagements undo {made['ref']}' takes it back")


def _interview(store: Store) -> Record:
    """Ask every question and return the engagement as ``engagements.log`` takes it."""
    asking_for = _Questions(store)
    try:
        return asking_for.ask()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        printing.say(_STOPPED)
        raise


def _line(prompt: str, default: str = "") -> str:
    """Ask one question, on a terminal or over a pipe.

    Raises:
        _Ended: there is no line.
    """
    sys.stderr.write(f"{prompt} [{default}]: " if default else f"{prompt}: ")
    sys.stderr.flush()
    typed = sys.stdin.readline()
    if not typed or not sys.stdin.isatty():
        sys.stderr.write("\n")
    if not typed:
        raise _Ended(_ENDED)
    return typed.strip() or default


class _Questions:
    """The questions in their order, and the engagement as far as it has been answered."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.raw: Record = {"officers": [store.member.name]}
        self._sequence: list[Callable[[], None]] = [
            *(self._when, self._who, self._how),
            lambda: self._field("sector", "Where (sector)"),
            lambda: self._field("mentions", "Car/man, as she said it"),
            self._asks_needs,
            lambda: self._field("offers", "Offers (housing accepted, drugs declined)", self._offers),
            lambda: self._field("sharing_level", "Sharing level (0-5)", default="1"),
            self._wording,
            lambda: self._field("narrative", "Note"),
            lambda: self._field("next_on", "Go back on"),
        ]

    def ask(self) -> Record:
        """Ask until every question has an answer that no rule refuses; a hard stop ends it at once.

        Raises:
            Stopped: a hard stop.
            Usage: the input ended.
        """
        printing.say("Enter takes the default, < goes back to the question before, Ctrl-C saves nothing")
        place = 0
        while place < len(self._sequence):
            try:
                self._sequence[place]()
            except _Back:
                place = max(0, place - 1)
            except BeechError as error:
                if isinstance(error, engagements.Stopped | _Ended):
                    raise
                printing.say(str(error))
            else:
                place += 1
        return {key: value for key, value in self.raw.items() if value is not None}

    def _typed(self, prompt: str, default: str = "") -> str:
        typed = _line(prompt, default)
        if typed == _BACK:
            raise _Back
        return typed

    def _field(self, field: str, prompt: str, spelled: Callable[[str], str] = str, default: str = "") -> None:
        typed = self._typed(prompt, default)
        self.raw[field] = engagements.read_answer(self.store, self.raw, field, spelled(typed))

    def _when(self) -> None:
        typed = self._typed("When", "now")
        at = fields.moment("at", typed, records.local_now(self.store))
        self.raw["at"] = engagements.read_answer(self.store, self.raw, "at", at)

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
        self._of_her(raw, "sex", f"  Sex ({_codes('sex')})", "unknown")
        return raw

    def _of_her(self, raw: Record, field: str, prompt: str, default: str) -> None:
        """Ask one thing of somebody new until no rule refuses it; a hard stop ends it at once."""
        while field not in raw:
            typed = self._typed(prompt, default)
            said = engagements.age_band(typed) if field == "age_band" else typed
            said = _code("sex", said) if field == "sex" else said
            try:
                engagements.read_new_person(self.store, raw | {field: said})
            except engagements.Stopped:
                raise
            except BeechError as error:
                printing.say(str(error))
            else:
                raw[field] = said

    def _how(self) -> None:
        codes = list(vocabulary.codes("initiated_by"))
        printing.say("  ".join(f"{n} {code.replace('_', ' ')}" for n, code in enumerate(codes, 1)))
        typed = self._typed("How (and s seen only, a attempted, d declined, n nil patrol)")
        short = re.fullmatch(r"(\d?)\s*([sadn]?)", typed.lower())
        how, letter = (short[1], short[2]) if short else (typed, "")
        if how.isdigit() and 0 < int(how) <= len(codes):
            how = codes[int(how) - 1]
        how = _code("initiated_by", how)
        self.raw["initiated_by"] = engagements.read_answer(self.store, self.raw, "initiated_by", how)
        self.raw["contact"] = _CONTACT.get(letter)

    def _asks_needs(self) -> None:
        printing.say(_codes("need"))
        self._field("needs", "Needs", self._needs)

    def _needs(self, typed: str) -> str:
        return ";".join(_code("need", one) for one in re.split(r"[,;]", typed) if one.strip())

    def _offers(self, typed: str) -> str:
        offers = []
        for one in re.split(r"[,;]", typed):
            need, _, answer = one.strip().replace(" ", ":").rpartition(":")
            if answer:
                offers.append(f"{_code('need', need)}:{answer.lower()}")
        return ";".join(offers)

    def _wording(self) -> None:
        wording = vocabulary.wording()
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


def _codes(name: str) -> str:
    return ", ".join(vocabulary.codes(name))


def _code(name: str, typed: str) -> str:
    """Return the code that a word begins, if it is the only one; else the word, for the rule to judge."""
    word = re.sub(r"[\s-]+", "_", typed.strip().lower())
    codes = list(vocabulary.codes(name))
    if not word or word in codes:
        return word
    begun = [code for code in codes if code.startswith(word)]
    return begun[0] if len(begun) == 1 else word
