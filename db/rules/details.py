"""What may stand in the clear in a journal entry for ever: codes, numbers and ids, never words.

Whatever an officer typed belongs in the payload, which an erasure can empty.
"""

from __future__ import annotations

import re
from typing import Any

_CODE = re.compile(r"[a-z0-9][a-z0-9_.+-]{0,63}")
_HEX = re.compile(r"(?:[0-9a-f]{2}){1,64}")

_CODES = {
    *(
        "interface",
        "command",
        "reason",
        "purpose",
        "recipient",
        "event",
        "state",
        "verdict",
        "program",
        "override",
    ),
}
_LISTS = {"fields", "roles", "filters"}
_NUMBERS = {"count", "ref", "not_after", "behind_ms", "rows", "schema", "desk", "head", "left_out"}
_IDS = {
    *("unit", "id_key", "member", "key", "recovery_key", "identity_key", "person", "import"),
    *("release", "plan", "file", "with", "file_hash", "generation", "hash"),
}
_HEADS = {"undo", "accepted", "looks"}


def fault(detail: dict[str, Any]) -> str | None:
    """Return the name of the first key whose value is not what the schema allows, or None."""
    for key, value in detail.items():
        if not _allowed(key, value):
            return key
    return None


def _allowed(key: str, value: Any) -> bool:
    if key in _CODES:
        return isinstance(value, str) and _CODE.fullmatch(value) is not None
    if key in _NUMBERS:
        return _is_number(value)
    if key in _IDS:
        return isinstance(value, str) and _HEX.fullmatch(value) is not None
    if key in _LISTS:
        return isinstance(value, list) and all(isinstance(v, str) and _CODE.fullmatch(v) for v in value)
    if key in _HEADS:
        return isinstance(value, list) and all(_is_head(pair) for pair in value)
    return False


def _is_head(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(_is_number(n) for n in pair)


def _is_number(value: Any) -> bool:
    """Tell whether it is a whole number that 64 bits hold; true and false are none."""
    return type(value) is int and -(1 << 63) <= value < 1 << 63
