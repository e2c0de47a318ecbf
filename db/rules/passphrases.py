"""Passphrases: six generated words are offered; one that a member chooses is long, and not a common one.

A copied file is guarded by Argon2id and by this alone. Sources: the UK National Cyber Security Centre's
advice on three random words and on deny lists; its and SplashData's yearly lists of breached passwords.
"""

from __future__ import annotations

import re

LEAST = 14
WORDS = 6

_PHRASES = (
    *(
        "correct horse battery staple",
        "to be or not to be",
        "may the force be with you",
        "i love you so much",
    ),
    *(
        "the quick brown fox",
        "the quick brown fox jumps over the lazy dog",
        "let me in please",
        "open sesame",
    ),
    *("you shall not pass", "what is the password", "this is my password", "this is my passphrase"),
    *("this is a password", "this is a passphrase", "my password is password", "change me please"),
    *("youll never walk alone", "god save the king", "god save the queen", "hello hello hello"),
)
_WORDS = (
    *("password", "passphrase", "passwort", "letmein", "iloveyou", "welcome", "qwerty", "qwertyuiop"),
    *("azerty", "abc", "administrator", "admin", "login", "secret", "changeme", "trustno", "monkey"),
    *("dragon", "football", "liverpool", "arsenal", "chelsea", "everton", "rangers", "celtic", "manchester"),
    *("united", "middlesbrough", "newcastle", "sunderland", "sunshine", "princess", "superman", "batman"),
    *("charlie", "police", "beech", "constable", "sergeant", "inspector", "cleveland", "summer", "winter"),
    *("spring", "autumn", "january", "february", "march", "april", "june", "july", "august", "september"),
    *("october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "please"),
)
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "01234567890",
    "1qaz2wsx3edc4rfv",
)
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
_CAN_ADD = 4  # letters and digits that must be left once what everybody tries is taken out


def fault(passphrase: str, own: tuple[str, ...] = ()) -> str | None:
    """Return what is wrong with a chosen passphrase, as one clause; None where nothing is.

    Args:
        passphrase: as typed; never repeated in the answer.
        own: words an attacker tries first: the unit's name, the member's.
    """
    if len(passphrase) < LEAST:
        return f"it has fewer than {LEAST} characters"
    if passphrase != passphrase.strip() or not passphrase.isprintable():
        return "it begins or ends with a blank, or holds a character that cannot be seen"
    folded = passphrase.casefold()
    if len(set(folded)) < 6:
        return "it repeats a few characters"
    if _letters(folded) in map(_letters, _PHRASES):
        return "it is a phrase that everybody knows"
    if len(set(re.findall(r"[a-z]{3,}", folded))) >= 5:
        return None
    bare = folded.rstrip("0123456789!?.-_ ")
    forms = (folded, bare.translate(_LOOKALIKES), folded.translate(_LOOKALIKES))
    if any(_without_common(_letters(form), own) < _CAN_ADD for form in forms):
        return "it is made of words and runs that everybody tries first"
    return None


def _letters(folded: str) -> str:
    return "".join(char for char in folded if char.isalnum())


def _without_common(plain: str, own: tuple[str, ...]) -> int:
    """Return how much of a passphrase is left without common words, keyboard runs and repeats."""
    mine = (_letters(word.casefold()) for name in own for word in (name, *name.split()))
    words = sorted({word for word in (*_WORDS, *mine) if len(word) > 2}, key=len, reverse=True)
    left = re.sub("|".join(map(re.escape, words)), "", plain)
    for run in _RUNS:
        for piece in (run, run[::-1]):
            for start in range(len(piece) - 3):
                left = left.replace(piece[start : start + 4], "")
    left = re.sub(r"(.{1,6}?)\1+", r"\1", left)
    return len(re.sub(r"\d{1,4}$", "", left))


def words_from(numbers: list[int], known: tuple[str, ...]) -> str:
    """Return a passphrase of the words that random *numbers* pick, with a blank between."""
    return " ".join(known[number % len(known)] for number in numbers)
