"""Words as people say them, made comparable: the small ones left out, refusals one word, verbs made regular.

"Round her neck" is "round neck"; "wouldn't", "refused to" and "didn't" are "not".
"""

import re
from functools import lru_cache

from db.rules.names.letters import fold


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 400
_UNSAID = _set(
    "a an the his her my your our their him he she me i we us you they them it its was is were be been "
    "being am are had has have having did does do of and to at so then really very quite proper dead "
    "pure just even all some that this these those thing bit abit kind sort like looked looks looking "
    "sounds sounded seemed bloke lad fella guy girls lasses lass women woman female who himself herself "
    "myself always sometimes usually"
)
_DEGREES = _set("very really dead proper quite")
_SAME = (
    "wouldnt=not wont=not didnt=not doesnt=not dont=not isnt=not wasnt=not hasnt=not refuses=not "
    "refused=not refusing=not refuse=not couldnt=cant cannot=cant unable=cant took=take taken=take "
    "taking=take drove=drive driven=drive driving=drive stole=steal stolen=steal tied=tie tying=tie "
    "threw=throw thrown=throw hid=hide hidden=hide hiding=hide held=hold gave=give given=give giving=give "
    "kept=keep paid=pay said=say made=make making=make came=come coming=come got=get gets=get getting=get "
    "went=go goes=go going=go wanted=want wants=want around=round pics=picture pic=picture photos=photo "
    "kids=kid childs=kid child=kid children=kid childrens=kid teeth=tooth feet=foot mates=mate "
    "knives=knife automobile=car motor=car vehicle=car choking=choke wore=wear wearing=wear cops=police "
    "cop=police rang=ring fingers=finger spat=spit sat=sit beaten=beat broke=broken stank=stink "
    "stunk=stink stinking=stink smelt=smell smelled=smell reeked=reek smelling=smell"
)
_SAME_WORD = dict(pair.split("=") for pair in _SAME.split())
_IDLE = _set(
    "in as but by for from off on one or out over there up what when which with would type maybe possibly "
    "probably about other say think thought woman man male any down into own too also can could will only "
    "get not no cant go want take come make if after before again while than back until once him were "
    "well us"
)
_ENDINGS = ("ings", "ing", "edly", "ied", "ies", "ed", "es", "ly", "y", "e", "s")


def words(text: str) -> list[str]:
    """Return the folded words of a text, apostrophes closed up, at most 400 of them."""
    return _WORD.findall(fold(text))[:_MOST_WORDS]


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return a word without its ending, enough to make "shouting", "shouted" and "shouts" one."""
    if word.endswith("ss"):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "s" else 4):
            cut = word[: -len(ending)]
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "sl" else cut
    return word


def idle(word: str) -> bool:
    """Tell whether a word says nothing by itself."""
    return word in _IDLE or len(word) < 2


def key(said: list[str], degrees: bool) -> tuple[str, ...]:
    """Return the words that count; *degrees* keeps "very", which makes another build of "fat"."""
    kept = tuple(_SAME_WORD.get(w, w) for w in said if w not in _UNSAID or (degrees and w in _DEGREES))
    return kept or tuple(said)
