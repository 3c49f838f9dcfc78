"""Where mail goes: SEATKEEPER_EMAIL_URL, read once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server, or a folder in which every mail becomes a file. security: none, starttls or tls."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    security: str = "none"
    folder: Path | None = None
    timeout_seconds: int = 30

    def __repr__(self) -> str:
        return f"Mail({self.folder or f'{self.host}:{self.port} {self.security}'})"


def mail_from_url(url: str, home: Path) -> Mail:
    """smtp://user:password@host:587/?starttls=1, smtps://user:password@host, or file:///folder; nothing: a folder.

    Raises ValueError for any other kind of address.
    """
    if not url:
        return Mail(folder=home / "mail")
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Mail(folder=Path(unquote(parts.path)))
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("SEATKEEPER_EMAIL_URL must be smtp://, smtps:// or file://")
    options = dict(parse_qsl(parts.query))
    security = "tls" if parts.scheme == "smtps" else "starttls" if options.get("starttls") in ("1", "yes") else "none"
    return Mail(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
        timeout_seconds=int(options.get("timeout", "30")),
    )
