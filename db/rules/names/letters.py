"""Letters of other scripts and accented ones made plain: Cyrillic, Arabic, Kurdish (Sorani), Greek, Latin.

Simple tables on purpose: one sound a letter, what people write on a form, not a library's standard.
"""

import unicodedata
from functools import lru_cache

_LATIN = "ł=l ø=o đ=d ð=d ß=ss æ=ae œ=oe ı=i þ=th ə=a ħ=h ŋ=ng ʼ= ’= ‘= '= `= ´= ʻ="
_CYRILLIC = (
    "а=a б=b в=v г=g ґ=g д=d е=e ё=e є=ye ж=zh з=z и=i і=i ї=yi й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t "
    "у=u ў=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya"
)
_ARABIC = (
    "ا=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع= غ=gh ف=f ق=q ك=k ل=l م=m "
    "ن=n ه=h و=w ي=y ى=a ة=a ء= أ=a إ=i آ=a ؤ=w ئ=y پ=p چ=ch ژ=zh گ=g ک=k ی=y ە=e ێ=e ۆ=o ڕ=r ڵ=l ڤ=v ھ=h "
    "ۇ=u ۊ=u ے=e"
)
_GREEK = (
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
)
_PLAIN = {
    ord(letter): latin
    for table in (_LATIN, _CYRILLIC, _ARABIC, _GREEK)
    for letter, latin in (pair.split("=") for pair in table.split())
}
_QUOTES = str.maketrans("", "", "'`")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return *text* in lower case, Latin where a table knows how, without accents or format characters."""
    if text.isascii():
        return text.lower().translate(_QUOTES)
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
    plain = unicodedata.normalize("NFKD", lowered).translate(_PLAIN)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
