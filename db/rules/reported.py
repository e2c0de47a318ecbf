"""What was done to her, read out of an officer's sentence into the codes of the list of behaviours.

Only what is plainly said of her is read; what is denied, or may mean something else, is left in the sentence.
"""

from __future__ import annotations

import re

_WORDS = {
    "follows": r"follow(?:ed|ing|s) (?:her|me|us|them)\b|(?:been|was|is) following\b",
    "stalks": r"stalk(?:ed|ing|s)\b",
    "threatens": r"threat(?:en(?:ed|ing|s)|s)\b",
    "sexual_assault": r"raped\b|sexually assaulted\b",
    "assaults": r"(?<!sexually )assaulted\b|punched\b|kicked\b|slapped\b"
    r"|attacked\b|beat(?:en)? (?:her|me|up)\b|hit (?:her|me)\b|grabbed (?:her|me)\b",
    "robs": r"robbed\b|mugged\b|(?:took|stole|snatched) (?:her|my) (?:phone|purse|bag|money)(?! back)\b",
    "refuse_pay": r"(?:would ?n[o'’]t|wouldnt|did ?n[o'’]t|didnt|refus(?:ed|es) to|without) pay(?:ing)?\b",
    "takes_back_money": r"money back\b",
    "stealth": r"(?:took|pulled) the condom off\b|stealth(?:ed|ing)\b",
    "strangles": r"strangled\b|choked\b|by the throat\b|round (?:her|the) neck\b",
    "restrains": r"tied (?:her|me) up\b|held (?:her|me) down\b|pinned (?:her|me)\b",
    "weapon_knife": r"(?:a|his|with|pulled|the) knife\b",
    "weapon_gun": r"(?:a|his|with|pulled|the) gun\b",
    "lock_in_car": r"lock(?:ed|s) (?:her |me )?in(?:side)?\b",
    "drives_off_area": r"drove (?:her |me )(?:off|away|out)\b",
    "films": r"film(?:ed|ing) (?:her|me)\b",
    "drugs_drink": r"spiked\b|drugged\b",
}
_DENIED = re.compile(
    r"\b(?:not|never|nobody|no one|no|n't|wasn't|hasn't|isn't)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)


def read(text: str) -> list[str]:
    """Return the codes of what was done to her, in the list's order; what is denied is not."""
    return [
        code
        for code, words in _WORDS.items()
        if any(
            not _DENIED.search(text[: hit.start()])
            for hit in re.finditer(rf"\b(?:{words})", text, re.IGNORECASE)
        )
    ]
