"""One spelling for JSON that is hashed or sealed: UTF-8, no spaces, keys in order."""

from __future__ import annotations

import json
from json import encoder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def _compact() -> Callable[[Any], str]:
    """Return what writes JSON without spaces, keys as they come, by an encoder that is made once."""
    plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    write = make(None, plain.default, encoder.encode_basestring, None, ":", ",", False, False, False)
    return lambda value: "".join(write(value, 0))


compact = _compact()


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a JSON value."""
    return _sorted(value).encode()
