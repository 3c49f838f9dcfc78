"""A name for the present state of the static files, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDERS = ("interfaces/web/static", "interfaces/portal/static")


def fingerprint() -> str:
    """Ten letters that change when any static file does; part of their address."""
    package = Path(__file__).resolve().parent.parent
    found = hashlib.sha256()
    for folder in FOLDERS:
        for path in sorted((package / folder).rglob("*")):
            if path.is_file():
                found.update(path.relative_to(package).as_posix().encode())
                found.update(path.read_bytes())
    return found.hexdigest()[:10]
