"""The command line as a person or a machine meets it: a process of its own, its output, and its exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from typer.main import get_command

from seatkeeper.interfaces.cli.main import app
from tests.interfaces.test_scenario_files import GOOD
from tests.support import databases
from tests.support.sources import PACKAGE, ROOT

STORIES = ROOT / "tests" / "scenarios"
COMMAND = (sys.executable, "-c", "from seatkeeper.interfaces.cli.main import run; run()")


def environment(home: Path, url: str | None = None) -> dict[str, str]:
    """The surroundings of a process: a data folder of its own, and its database."""
    ours = ("SEATKEEPER_", "DATABASE_URL", "DJANGO_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return {**kept, "SEATKEEPER_HOME": str(home), **({"DATABASE_URL": url} if url else {})}


class Shell:
    """Runs the program on one installation."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        self.home = home
        self.url = url

    def __call__(self, *arguments: str | Path, exits: int = 0) -> str:
        """What it prints on standard output; the error output where it ends with another code than 0."""
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env=environment(self.home, self.url), cwd=self.home,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == exits, f"exit {done.returncode}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout if exits == 0 else done.stdout + done.stderr

    def json(self, *arguments: str | Path) -> Any:
        """What it prints with --json."""
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """The program where there is no installation."""
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration, made once."""
    home = tmp_path_factory.mktemp("made")
    Shell(home)("demo", "--no-serve")
    return home


@pytest.fixture
def shell(made: Path, tmp_path: Path) -> Shell:
    """The program on a copy of the demonstration."""
    shutil.copytree(made, tmp_path / "home")
    return Shell(tmp_path / "home")


def every_command() -> list[tuple[str, ...]]:
    """Every command and group, by its words."""
    found: list[tuple[str, ...]] = []

    def walk(command: Any, words: tuple[str, ...]) -> None:
        found.append(words)
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*words, name))

    walk(get_command(app), ())
    return found


def test_every_command_explains_itself_with_an_example() -> None:
    command = get_command(app)
    for words in every_command():
        found: Any = command
        for word in words:
            found = found.commands[word]
        assert found.help, words
        if not hasattr(found, "commands"):
            assert "Example: seatkeeper " in (found.epilog or "") + (found.help or ""), words


def test_every_command_of_the_domain_can_be_given() -> None:
    names = {" ".join(words) for words in every_command()}
    commands = "buy start-trial extend-trial buy-trial-now set-seats set-recurring change-frequency change-plan"
    commands += " set-payment-method cancel undo reactivate assign unassign"
    assert {f"subscription {name}" for name in commands.split()} | {"invoice pay", "invoice pay-overdue"} <= names


def test_help_does_not_import_django() -> None:
    code = (
        "import sys; from seatkeeper.interfaces.cli.main import app; from typer.testing import CliRunner;"
        "assert CliRunner().invoke(app, ['subscription', '--help']).exit_code == 0; assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_people_are_invited_changed_and_shut_out(shell: Shell) -> None:
    people = shell.json("user", "list", "noordzee")
    made = shell.json("user", "invite", "noordzee", "jan@noordzee.example", "--role", "reader")
    assert made["path"].startswith("/sign-in/") and made["user"] not in {one["id"] for one in people}
    assert "address_taken" in shell("user", "invite", "noordzee", "jan@noordzee.example", "--json", exits=1)
    shell("user", "set-role", "noordzee", "jan@noordzee.example", "billing_administrator")
    shell("user", "deactivate", "noordzee", "jan@noordzee.example")
    (jan,) = [one for one in shell.json("user", "list", "noordzee") if one["id"] == made["user"]]
    assert (jan["role"], jan["state"]) == ("billing_administrator", "inactive")
    assert "nobody@noordzee.example" in shell("user", "link", "noordzee", "nobody@noordzee.example", exits=2)


def test_all_scenarios_in_one_process(bare: Shell, fresh_database_url: str) -> None:
    at = () if databases.chosen() == "sqlite" else ("--database", fresh_database_url)
    lines = bare("scenario", "run", STORIES, "--json", *at).splitlines()
    told = [json.loads(line) for line in lines]
    assert [Path(one["file"]).name for one in told] == sorted(file.name for file in STORIES.iterdir())
    assert all(one["as_expected"] for one in told)


def test_scenario_tells_a_story_to_people(bare: Shell) -> None:
    said = bare("scenario", "run", STORIES / "committed-window.yaml")
    for words in (
        "reduction_not_allowed_until",
        "Fewer licences are possible from 1 March",
        "CN-2026-000001",
        "-234.74",
        "As expected.",
    ):
        assert words in said


def test_scenario_leaves_nothing_behind(bare: Shell) -> None:
    url = f"sqlite:///{bare.home}/never.sqlite3"
    bare("scenario", "run", STORIES / "tiers.yaml", "--database", url)
    assert list(bare.home.iterdir()) == []


def test_exit_codes_of_scenarios(bare: Shell) -> None:
    good, bad, differs = (bare.home / name for name in ("good.yaml", "bad.yaml", "differs.yaml"))
    good.write_text(GOOD)
    bad.write_text(GOOD.replace("buy:", "bye:"))
    differs.write_text(GOOD + "expect: {subscriptions: {s1: {seats: 13}}}\n")
    assert json.loads(bare("scenario", "run", good, "--json"))["subscriptions"]["s1"]["seats"] == 12
    said = bare("scenario", "run", differs, exits=1)
    assert "subscriptions.s1.seats" in said
    lines = bare("scenario", "run", differs, bad, good, "--json", exits=2).splitlines()
    told = [json.loads(line) for line in lines]
    assert [one["file"] for one in told] == [str(differs), str(bad), str(good)]
    assert told[1]["error"]["where"] == f"{bad}:17:26"
    assert "did you mean 'buy'?" in told[1]["error"]["message"]
    assert told[0]["differences"] == [{"path": "subscriptions.s1.seats", "expected": 13, "found": 12}]
    assert "did you mean 'buy'?" in bare("scenario", "check", good, bad, exits=2)
    bare("scenario", "run", bare.home / "missing.yaml", exits=2)
    bare("scenario", "run", exits=2)


def test_schema_is_json(bare: Shell) -> None:
    assert set(json.loads(bare("scenario", "schema"))) == {"scenario", "result", "catalogue"}
    assert json.loads(bare("scenario", "schema", "--side", "result"))["type"] == "object"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://127.0.0.1:1/none", "cannot be reached"),
        ("mysql://x/y", "must begin with sqlite:// or postgresql://"),
        (None, "There is no database"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path, url: str | None, words: str) -> None:
    said = Shell(tmp_path, url)("account", "list", exits=3)
    assert words in said
    assert not (tmp_path / "seatkeeper.sqlite3").exists()


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "seatkeeper.sqlite3").write_text("This is not a database, whatever its name says. " * 50)
    assert "cannot be reached" in Shell(tmp_path)("account", "list", exits=3)
    assert "seatkeeper: The database cannot be" in Shell(tmp_path)("serve", "--port", str(free_port()), exits=3)


def test_a_database_of_another_version_is_one_sentence(shell: Shell) -> None:
    import sqlite3

    def execute(statement: str) -> None:
        with sqlite3.connect(shell.home / "seatkeeper.sqlite3") as connection:
            connection.execute(statement)

    execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0999_later', '2030-01-01')")
    assert "newer version" in shell("tick", exits=3)
    assert "newer version" in shell("serve", "--port", str(free_port()), exits=3)
    execute("DELETE FROM django_migrations WHERE app = 'ledger'")
    assert "older version" in shell("tick", exits=3)


def test_dry_run_shows_what_the_command_then_does(shell: Shell) -> None:
    account = "maas"
    one = shell.json("subscription", "list", account)[0]
    given = ("subscription", "set-seats", account, one["reference"], str(one["seats"] + 2))
    assert "Nothing was changed" in shell(*given, "--dry-run")
    preview = shell.json(*given, "--dry-run")
    assert shell.json("subscription", "list", account)[0]["seats"] == one["seats"]
    done = shell.json(*given)
    assert preview["applied"] is False
    assert done["applied"] is True
    assert done["decision"]["documents"] == preview["decision"]["documents"]
    assert shell.json("subscription", "list", account)[0]["seats"] == one["seats"] + 2
    [number] = done["documents"]
    assert "more licences" in shell("invoice", "show", number)
    assert shell.json("invoice", "list", account)[0]["number"] == number
    assert shell("verify").startswith("Everything holds")


def test_a_refusal_is_a_code_with_facts_and_a_sentence(shell: Shell) -> None:
    given = ("subscription", "buy", "noordzee", "intune-monthly", "5")
    told = json.loads(shell(*given, "--json", exits=1))
    assert told["refused"] == "balance_due"
    assert "is overdue" in told["message"]
    assert told["facts"]["currency"] == "EUR"
    assert "refused (balance_due)" in shell(*given, exits=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("subscription list mas", "did you mean 'maas'?"),
        ("subscription buy maas intune-montly 5", "did you mean 'intune-monthly'?"),
        ("subscription set-seats maas S-99999 5", "has no subscription 'S-99999'"),
        ("subscription set-seats maas 1 five", "SEATS"),
        ("subscription set-seats maas 1 -5", "-5"),
        ("subscription set-seats maas 1 99999999", "SEATS"),
        ("subscription buy maas intune-monthly 5 --start 2026-02-30", "2026-02-30 does not exist"),
        ("subscription buy maas intune-monthly 5 --start 2020-01-01", "must be later than today"),
        ("subscription assign maas business-standard u999", "has no user 'u999'"),
        ("invoice show INV-1999-000001", "there is no document"),
        ("account receive maas --amount 1.234", "more than 2 decimal places"),
        ("account receive maas --amount -5", "more than zero"),
        ("account add x --name X --country XX --currency EUR --timezone UTC", "no country"),
        ("clock advance 1 1990-01-01", "only goes forward"),
        ("clock advance 99 --days 1", "there is no seller 99"),
        ("catalog check missing.yaml", "no such file"),
    ],
)
def test_bad_input_is_a_sentence(shell: Shell, arguments: str, words: str) -> None:
    said = " ".join(shell(*arguments.split(), exits=2).split())
    assert words in said


def test_catalogue_is_applied_whole(shell: Shell) -> None:
    file = PACKAGE / "catalogues" / "microsoft365.yaml"
    assert "Nothing changes" in shell("catalog", "apply", file)
    changed = shell.home / "changed.yaml"
    changed.write_text(file.read_text("utf-8").replace("name: Power BI Pro\n", "name: Power BI Professional\n", 1))
    told = shell.json("catalog", "apply", changed, "--dry-run")
    assert told["changes"]["changed_products"] == ["power-bi-pro"]
    assert shell.json("catalog", "apply", changed)["applied"]
    assert "Nothing changes" in shell("catalog", "apply", changed)


def test_clock_of_a_test_seller_goes_forward(shell: Shell) -> None:
    before = shell.json("clock", "show")[0]["clock_at"]
    moved = shell.json("clock", "advance", "1", "--days", "31")
    assert moved["documents"] > 0
    assert shell.json("clock", "show")[0]["clock_at"] == moved["clock_at"] > before
    assert shell.json("tick", "--seller", "1")["documents"] == 0


def test_a_real_seller_is_added_on_the_systems_clock(shell: Shell) -> None:
    assert "VAT rates" in shell("account", "add-seller", "Nowhere", "--country", "XX", exits=2)
    shell("account", "add-seller", "Polder B.V.", "--country", "NL")
    added = shell.json("account", "sellers")[-1]
    assert (added["name"], added["clock_at"]) == ("Polder B.V.", None)


def test_account_is_added_and_buys(shell: Shell) -> None:
    facts = "--name Globex --country DE --currency EUR --timezone Europe/Berlin --payment bank_transfer --users 3"
    assert shell.json("account", "add", "globex", *facts.split())["users"] == 3
    assert "already" in shell("account", "add", "globex", *facts.split(), exits=2)
    shell("subscription", "buy", "globex", "power-bi-pro-monthly", "2", "--assign-to", "u1,u2")
    assert shell.json("account", "show", "globex")["pools"][0]["assigned"] == 2
    [invoice] = shell.json("invoice", "list", "globex", "--open")
    shell("account", "receive", "globex", "--invoice", invoice["number"])
    assert shell.json("invoice", "list", "globex", "--open") == []
    assert "was not parked" in shell("account", "park-release", "globex")


def test_the_next_run_is_shown_beforehand(shell: Shell) -> None:
    [seller] = [one["id"] for one in shell.json("account", "sellers") if one["clock_at"] is not None][:1]
    first = shell.json("run", "preview", "--on", "2027-12-31", "--seller", str(seller))
    assert first["totals"]["EUR"]["invoices"] > 0 and first["before_at"] is None
    said = shell("run", "preview", "--on", "2027-12-31", "--seller", str(seller))
    assert "Nothing differs from the preview of" in said and "to be charged" in said
    status = shell.json("run", "status")
    assert (status["due"], status["parked"], status["backlog_seconds"], status["workers"]) == (0, 0, 0, [])
    assert "No account is parked." in shell("run", "parked") and shell.json("run", "parked") == []


def test_workers_are_for_postgresql(shell: Shell) -> None:
    assert "workers need PostgreSQL" in shell("worker", exits=2)
    assert "parts by month need PostgreSQL" in shell("partition", exits=2)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_serve_makes_the_database_answers_and_stops_in_good_order(tmp_path: Path, fresh_database_url: str) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        env=environment(tmp_path, fresh_database_url), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert answers(port, process)
        said = Shell(tmp_path, fresh_database_url)("serve", "--port", str(port), exits=2)
        assert "choose another with --port" in " ".join(said.split())
    finally:
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 0, output
    assert "Traceback" not in output


def answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether the pages answer within half a minute, with whatever status."""
    from urllib.error import HTTPError

    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except HTTPError as answer:
            return answer.code < 500
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def test_account_is_changed_confirmed_and_told_about(shell: Shell) -> None:
    key = shell.json("account", "list")[0]["key"]
    address = ("--country", "DE", "--street", "Ring", "--number", "1", "--town", "Berlin")
    assert shell.json("account", "set", key, *address, "--vat-id", "DE136695976")["changed"] == ["address", "vat_id"]
    assert "nothing was changed" in shell("account", "set", key, "--town", "Berlin")
    shown = shell.json("account", "show", key)
    assert (shown["sections"]["address"]["town"], shown["vat_confirmed"]) == ("Berlin", False)
    assert "looks like DE136695976" in shell("account", "set", key, "--vat-id", "DE1", exits=1)
    assert "nothing was given" in shell("account", "set", key, exits=2)
    shell("account", "confirm-vat", key, "--evidence", "VIES, WAPI-123", "--by", "Fenna")
    assert "DE136695976 (confirmed)" in shell("account", "show", key)
    shell("account", "recipients", key, "ap@example.com:invoices+reminders+pdf")
    shell("account", "notices", key, "--renewal", "60,7", "--below", "3")
    assert shell.json("account", "show", key)["sections"]["recipients"] == {"ap@example.com": "invoices reminders pdf"}
    told = shell.json("activity", key, "--kind", "account")
    kinds = ["account_notices", "account_recipients", "account_vat_confirmed", "account_vat_id", "account_address"]
    assert [one["kind"] for one in told] == kinds
    assert told[0]["who"] == "The seller" and told[0]["from"] == "Command line"
    assert "moved the billing address to Germany" in shell("activity", key, "--most", "5")
    assert "or give run" in shell("activity", key, "--who", "nobody", exits=2)
