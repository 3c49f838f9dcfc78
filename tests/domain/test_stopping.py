"""Told to stop, real processes finish what they are at and begin nothing: no charge is left without its answer."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from seatkeeper.domain.accounts.operations import due_ids
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.clock import system_now
from tests.domain.processes import ROOT, inside, run
from tests.domain.test_workers import wait

CROWD = 24
MONTHS = 4
PROGRAM = (sys.executable, "-c", "from seatkeeper.interfaces.cli.main import run; run()")


@pytest.fixture
def url(installed_database_url: str) -> str:
    if not installed_database_url.startswith("postgres"):
        pytest.skip("workers need PostgreSQL; on SQLite one process does what is due")
    return installed_database_url


@contextmanager
def program(url: str, home: Path, *words: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program at work, until it is told to stop; killed where a test fails before that."""
    surroundings = {**os.environ, "DATABASE_URL": url, "SEATKEEPER_HOME": str(home), **settings}
    process = subprocess.Popen(
        [*PROGRAM, *words], env=surroundings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def ready(port: str) -> bool:
    """Whether the server says that it may be sent requests."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(process: int) -> dict[int, str]:
    """The processes below one, with how they were started."""
    found = {}
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found[int(child)] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def run_of(server: int) -> list[int]:
    """The process that does what is due beside a server."""
    return [child for child, command in children(server).items() if "interfaces.cli.serve" in command]


def billed(more_than: int) -> bool:
    return Document.objects.count() > more_than


def test_a_worker_that_is_told_to_stop_finishes_its_batch_and_begins_no_other(
    url: str, django_db_blocker: Any, tmp_path: Path
) -> None:
    run(url, "prepare_real", crowd=CROWD, months=MONTHS)
    with program(url, tmp_path, "worker", SEATKEEPER_WORKER_BATCH="2") as worker, inside(url, django_db_blocker):
        assert wait(90, lambda: billed(CROWD))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(90) == 0
        assert due_ids(system_now()), "it went on to the end"
        assert not Attempt.objects.filter(status="pending").exists() and verify().ok


def test_a_server_whose_processes_are_all_told_to_stop_finishes_the_batch(
    installed_database_url: str, django_db_blocker: Any, tmp_path: Path
) -> None:
    """A service manager tells every process of a service at once."""
    run(installed_database_url, "prepare_real", crowd=CROWD, months=MONTHS)
    serve = ("serve", "--run", "--port", free_port())
    with program(installed_database_url, tmp_path, *serve) as server, inside(installed_database_url, django_db_blocker):
        assert wait(90, lambda: billed(CROWD))
        [runner] = run_of(server.pid)
        os.kill(runner, signal.SIGTERM)
        server.send_signal(signal.SIGTERM)
        assert server.wait(90) == 0 and not Path(f"/proc/{runner}").exists()
        assert Document.objects.count() % CROWD == 0, "a batch is written whole"
        assert not Attempt.objects.filter(status="pending").exists() and verify().ok


def test_the_run_beside_a_server_ends_with_it_however_it_ends(installed_database_url: str, tmp_path: Path) -> None:
    port = free_port()
    with program(installed_database_url, tmp_path, "serve", "--run", "--port", port) as server:
        assert wait(90, lambda: ready(port))
        [runner] = run_of(server.pid)
        pages = [child for child in children(server.pid) if child != runner]
        server.kill()
        for one in pages:
            os.kill(one, signal.SIGKILL)  # without their parent they would serve on
        assert wait(60, lambda: not Path(f"/proc/{runner}").exists() or is_dead(runner))


def is_dead(process: int) -> bool:
    """Ended, and only its parent has not looked yet."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_on_postgresql_a_server_does_nothing_that_is_due_and_answers_whoever_it_has_let_in(
    url: str, tmp_path: Path
) -> None:
    port = free_port()
    with program(url, tmp_path, "serve", "--port", port) as server, psycopg.connect(url) as holding:
        assert wait(90, lambda: ready(port))
        assert not run_of(server.pid)
        holding.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")  # which readiness reads
        enough, answers = threading.Event(), []

        def ask() -> None:
            while not enough.is_set():
                with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=90) as answer:
                    answers.append(answer.status)

        asking = threading.Thread(target=ask)
        asking.start()
        assert wait(60, lambda: waits_for_a_lock(url))
        enough.set()
        before, all_of_them = len(answers), children(server.pid)
        server.send_signal(signal.SIGTERM)
        assert wait(60, lambda: len(children(server.pid)) < len(all_of_them)), "the one without a request ends"
        assert server.poll() is None and len(answers) == before
        holding.rollback()
        asking.join(60)
        assert len(answers) == before + 1 and answers[-1] == 200 and server.wait(90) == 0


def waits_for_a_lock(url: str) -> bool:
    own = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    with psycopg.connect(url) as looking:
        return bool(looking.execute(f"SELECT 1 FROM pg_locks WHERE NOT granted AND database = {own}").fetchone())
