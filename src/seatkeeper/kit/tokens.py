"""Chance, hashes and signed tokens: the one home of randomness."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from django.core import signing


def random_token() -> str:
    """An unguessable token of 256 bits, in URL-safe text."""
    return secrets.token_urlsafe(32)


def short_id() -> str:
    """An id of 64 bits, in hex: told apart by it, never let in by it."""
    return secrets.token_hex(8)


def digest(value: Any) -> str:
    """SHA-256 in hex of a value's canonical JSON form."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def token_hash(token: str) -> str:
    """SHA-256 in hex of a token: what is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign(value: dict[str, Any], *, purpose: str) -> str:
    """A compact signed text of a value, good for one purpose only."""
    return signing.dumps(value, salt=f"seatkeeper.{purpose}", compress=True)


def unsign(text: str, *, purpose: str) -> dict[str, Any] | None:
    """The value of a signed text; None when it was forged, cut or made for another purpose."""
    try:
        found = signing.loads(text, salt=f"seatkeeper.{purpose}")
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None
