"""What a form has to say before it saves: stops that a key must answer, and duties told in one line each.

The rules are ``rules.prompts``; here they are asked of what is typed and not saved yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import drafts, prompts, records, settings, watchlist
from db.engagements.answers import Stopped, read_new_person
from db.errors import BeechError
from db.filters import DECIDE_SECONDS
from db.rules import periods, shorthand, vocabulary
from db.rules import prompts as signs
from db.rules.mentions import read_mentions

if TYPE_CHECKING:
    from db.engagements.form import Typed
    from db.vault.store import Store

UNDER_18 = "under_18"
_HER_WORDS = ("marks", "mo", "mo_text")
_ASKED = ("threat_to_life", UNDER_18)  # of what words may mean, these are asked before anything is saved


class Duty(NamedTuple):
    """What is said of a form: a code of ``hard_stop`` or ``wording``, a sentence, whether it is asked."""

    code: str
    says: str
    asked: bool = False


def duties(store: Store, typed: Typed) -> list[Duty]:
    """Return what a form as typed speaks for, stops first; shown to nobody but who typed it."""
    young = _under_18(store, typed)
    if young is not None:
        return [young]
    found = []
    if prompts.names_staff(typed.said, typed.note):
        found.append(
            Duty(prompts.STAFF, "What she said may mean police or partner staff: is he?", asked=True)
        )
    with store.counts() as reader:
        inspector = settings.get(reader, "duty_inspector")
        words = settings.wording(reader, records.today(store))
    for code in _codes(typed):
        more = f" Duty inspector: {inspector}." if inspector and code == "threat_to_life" else ""
        found.append(Duty(code, vocabulary.stop(code) + more, asked=code in _ASKED))
    kept = {"mentions": typed.said, "narrative": typed.note, "sector": typed.sector}
    found += [Duty(*one) for one in signs.of_words(kept, of_her=True) if one.code != UNDER_18]
    return found + (_of_concerns(store, typed, words.label) if typed.concerns else [])


def _under_18(store: Store, typed: Typed) -> Duty | None:
    for her in typed.new:
        try:
            read_new_person(store, her)
        except Stopped as error:
            return Duty(UNDER_18, str(error), asked=True)
        except BeechError:
            continue  # told when the form is read
    return None


def _codes(typed: Typed) -> list[str]:
    try:
        needs = shorthand.read_needs(typed.needs).needs if typed.needs.strip() else ()
    except BeechError:
        needs = ()
    texts = (typed.said, typed.note, *(one.hurt for one in typed.concerns))
    concerns: list[dict[str, Any]] = [{"behaviours": one.behaviours} for one in typed.concerns]
    codes = [code for fields in (concerns or [{}]) for code in signs.of(fields, needs, texts)]
    return sorted(dict.fromkeys(codes), key=lambda code: code not in _ASKED)


def _of_concerns(store: Store, typed: Typed, words: str) -> list[Duty]:
    found = []
    if not typed.wording.strip():
        found.append(Duty("wording", f"Read to her, then y: {words}"))
    if any(not one.crime.strip() for one in typed.concerns):
        try:
            at = periods.instant(typed.when or "now", records.local_now(store)).at
        except BeechError:
            at = store.now()
        due = periods.spoken(at + DECIDE_SECONDS)
        said = f"Crime? is due {due}: c crimed, n N100, i incident only, r referred, l later"
        found.append(Duty("crime_told", said))
    return found


def take_out(store: Store, draft: str, reports: int = 1) -> str:
    """Wipe a form's draft because he is police or partner staff; returns whom to go to instead."""
    drafts.drop(store, draft)
    return str(prompts.take_out(store, reports))


def keep_the_man(store: Store, said: str, draft: str) -> str | None:
    """Keep of a form that stopped at a child what is known of the man; the draft goes. Nothing leads to her.

    Nobody asked her what may be kept: his marks and his ways, which may point at her, are left out.

    Returns:
        His reference; None where the words describe nobody.
    """
    described = {key: value for key, value in read_mentions(said).items() if key not in _HER_WORDS}
    kept = str(watchlist.add_offender(store, described)["ref"]) if described else None
    drafts.drop(store, draft)
    return kept
