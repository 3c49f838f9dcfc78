"""A real server of an installation of its own, in a process of its own, for pictures and by hand."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

APPLICATION = "seatkeeper.config.wsgi:application"


@contextmanager
def served(home: Path, database_url: str) -> Iterator[str]:
    """The address of granian serving an installation; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    surroundings = os.environ | {"SEATKEEPER_HOME": str(home), "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "warning", APPLICATION], env=surroundings)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/sign-in", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")
