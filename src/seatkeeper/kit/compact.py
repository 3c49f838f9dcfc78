"""JSON as compact text, by encoders that are made once: json.dumps makes a new one at every call."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder as _json_encoder
from typing import Any


def compact_encoder(
    *, ascii_only: bool, default: Callable[[Any], Any] | None = None
) -> Callable[[Any], str]:
    """A function that writes a value as json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only) does.

    Values hold no cycles: they are built by us, and are not searched for any. default: as json.dumps takes it.
    """
    slow = json.JSONEncoder(separators=(",", ":"), ensure_ascii=ascii_only, default=default)
    make = getattr(_json_encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without the compiled one
        return slow.encode
    text = _json_encoder.encode_basestring_ascii if ascii_only else _json_encoder.encode_basestring
    chunks = make(None, slow.default, text, None, ":", ",", False, False, True)

    def encode(value: Any) -> str:
        return "".join(chunks(value, 0))

    return encode
