"""One spelling for JSON that is hashed or sealed: UTF-8, no spaces, keys in order."""

from __future__ import annotations

import json

_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a JSON value."""
    return _sorted(value).encode()
