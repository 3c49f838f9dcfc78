"""The process's surroundings: environment variables, the settings file, the secret. The one home of os.environ."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from seatkeeper.config.mail import Mail, mail_from_url

SQLITE_INIT = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY"
)


@dataclass(frozen=True)
class Environment:
    """Settings by name: SEATKEEPER_<NAME> in the environment wins over <name> in the settings file."""

    home: Path
    file: dict[str, Any]

    @classmethod
    def read(cls) -> Environment:
        """Read the environment and the settings file, if there is one."""
        home = Path(os.environ.get("SEATKEEPER_HOME", "var")).resolve()
        path = home / "seatkeeper.toml"
        return cls(home, tomllib.loads(path.read_text("utf-8")) if path.is_file() else {})

    def value(self, name: str, default: str = "") -> str:
        """A setting as text."""
        found = os.environ.get(f"SEATKEEPER_{name.upper()}", self.file.get(name, default))
        return str(found)

    def secret(self) -> str:
        """The signing secret: as set, else generated once and kept in the data folder with mode 0600."""
        found = self.value("secret_key")
        if found:
            return found
        path = self.home / "secret-key"
        if path.is_file():
            return path.read_text("ascii").strip()
        self.home.mkdir(parents=True, exist_ok=True)
        generated = secrets.token_urlsafe(48)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as target:
            target.write(generated)
        return generated

    def secret_of(self, name: str) -> str:
        """A secret, from the environment only: never from a file, and kept nowhere."""
        return os.environ.get(f"SEATKEEPER_{name.upper()}", "")

    def choice(self, name: str, default: Mapping[str, str], known: Container[str]) -> dict[str, str]:
        """A setting such as card=stripe,direct_debit=sandbox, over its default. Raises ValueError for other words."""
        found = dict(default)
        for part in filter(None, (one.strip() for one in self.value(name).split(","))):
            word, _, chosen = part.partition("=")
            if word not in default or chosen not in known:
                raise ValueError(f"SEATKEEPER_{name.upper()}: not understood: {part!r}")
            found[word] = chosen
        return found

    def hosts(self) -> list[str]:
        """The host names that are answered; the loopback ones unless told otherwise."""
        return [*filter(None, self.value("hosts").split(",")), "localhost", "127.0.0.1", "[::1]"]

    def mail(self) -> Mail:
        """Where mail goes: SEATKEEPER_EMAIL_URL, else files in the data folder."""
        return mail_from_url(self.value("email_url"), self.home)

    def database(self) -> dict[str, Any]:
        """Django's form of DATABASE_URL; without one a SQLite file in the data folder."""
        url = os.environ.get("DATABASE_URL") or self.file.get("database_url") or ""
        return database_from_url(str(url or f"sqlite:///{self.home / 'seatkeeper.sqlite3'}"))


def surroundings(**more: str) -> dict[str, str]:
    """The environment for a program that is started from here, with some more in it."""
    return {**os.environ, **more}


def database_from_url(url: str) -> dict[str, Any]:
    """Django's form of sqlite:///path[?synchronous=off] or postgresql://user:password@host:port/name?host=/socket.

    Raises ValueError for any other kind of address.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                "init_command": SQLITE_INIT.format(
                    synchronous="OFF" if parts.query == "synchronous=off" else "FULL"
                ),
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", "") or parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"connect_timeout": "10", **query},
        }
    raise ValueError(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {parts.scheme!r}")
