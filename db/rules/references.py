"""Spoken references: a kind's letter and the first digits of the id, in Crockford's base 32."""

from __future__ import annotations

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE_32 = str.maketrans(_CROCKFORD, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
_MISHEARD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_PAIRS = [a + b for a in _CROCKFORD for b in _CROCKFORD]


def spoken(letter: str, record: bytes, length: int) -> str:
    """Return the spoken reference: a letter and the first *length* Crockford base-32 digits of the id."""
    pairs, bits = _PAIRS, int.from_bytes(record[:5], "big")
    digits = pairs[bits >> 30] + pairs[bits >> 20 & 1023]
    if length > 4:
        digits += pairs[bits >> 10 & 1023] + pairs[bits & 1023]
    if length > 8:
        rest = int.from_bytes(record[5:], "big") << 2
        digits += "".join(_CROCKFORD[rest >> 85 - 5 * i & 31] for i in range(18))
    return f"{letter}-{digits[:length]}"


def heard(text: str) -> str:
    """Return a typed reference in its canonical spelling: upper case, I and L read as 1, O as 0."""
    letter, _, digits = text.strip().upper().partition("-")
    return f"{letter}-{digits.translate(_MISHEARD)}"


def span(ref: str) -> tuple[bytes, bytes]:
    """Return the lowest and the highest id that a spoken reference, or its beginning, may stand for."""
    digits = ref.partition("-")[2][:26]
    if not all(digit in _CROCKFORD for digit in digits):
        return b"\xff", b""  # no id stands between these
    value = int(digits.translate(_BASE_32) or "0", 32)
    low = value << 130 - 5 * len(digits)
    high = low + (1 << 130 - 5 * len(digits)) - 1
    return (low >> 2).to_bytes(16, "big"), (high >> 2).to_bytes(16, "big")
