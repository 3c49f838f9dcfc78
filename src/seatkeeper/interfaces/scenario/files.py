"""Scenario files: read, checked and made into a `Scenario`, or a `BadFile` that names file, line and right name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from seatkeeper.core.calendar import first_instant, local_date, zone
from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.core.money import DECIMALS, minor_from_text
from seatkeeper.interfaces.files.catalogue import CATALOG, resolve_later
from seatkeeper.interfaces.files.dates import Moment
from seatkeeper.interfaces.files.kinds import WRONG, ListOf, Reading, Text
from seatkeeper.interfaces.files.nodes import Node, compose, read_text
from seatkeeper.interfaces.files.problems import BadFile, Problem, shortened
from seatkeeper.interfaces.files.records import Field, Record, Values, may, need
from seatkeeper.interfaces.scenario.form import ACCOUNT_FIELDS, COMMANDS, EXPECT, RESULT, SELLER
from seatkeeper.interfaces.scenario.model import AccountPart, Scenario, SellerPart, Step

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUFFIXES = (".yaml", ".yml", ".json")
_USER = re.compile(r"u([1-9][0-9]{0,8})\Z", re.ASCII)


def _account(values: Values, node: Node, reading: Reading) -> Any:
    limit, vat_id = values["credit_limit"], values["vat_id"]
    limit_minor = None
    if limit is not None:
        try:
            limit_minor = minor_from_text(limit, values["currency"])
        except ValueError:
            decimals = DECIMALS[values["currency"]]
            return reading.wrong(
                node.child("credit_limit"),
                f"an amount in {values['currency']} has at most {decimals} decimals: {limit}",
            )
    facts = AccountPart(
        key=values["id"],
        country=values["country"],
        currency=values["currency"],
        timezone=values["timezone"],
        payment=values["payment"],
        vat_id=vat_id,
        vat_confirmed=values["vat_id_confirmed"] if vat_id else False,
        terms_days=values["payment_terms_days"],
        credit_limit_minor=limit_minor,
        users=values["users"],
    )
    reading.notes.setdefault("accounts", {})[facts.key] = facts
    return facts


def _step(values: Values, node: Node, reading: Reading) -> Any:
    """A step's instant in the zone of its account, and what only a whole step can get wrong."""
    command = next(name for name in COMMANDS if name in values)
    arguments = values[command]
    place = node.child(command)
    owners: dict[str, str] = reading.notes.setdefault("owners", {})
    accounts: dict[str, AccountPart] = reading.notes.get("accounts", {})
    key = arguments.get("account") or owners.get(arguments.get("subscription", "")) or next(iter(accounts), "")
    if "as" in arguments:
        owners[arguments["as"]] = key
    account = accounts.get(key)
    if account is None:  # its own mistakes are noted already
        return WRONG
    at = _instant(values["at"], account.timezone)
    last: tuple[datetime, int] | None = reading.notes.get("last")
    if last is not None and at < last[0]:
        return reading.wrong(
            node.child("at"), f"steps must be in order of time: this is before the step on line {last[1]}"
        )
    reading.notes["last"] = (at, node.line)
    _check_start(arguments, place, local_date(at, account.timezone), reading)
    _check_users(arguments, place, account, reading)
    return Step(at, command, arguments, node.line)


def _instant(at: date | datetime, timezone: str) -> datetime:
    if not isinstance(at, datetime):
        return first_instant(at, timezone)
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone(timezone))).astimezone(UTC)


def _check_start(arguments: Values, place: Node, today: date, reading: Reading) -> None:
    start = arguments.get("start")
    if start is None:
        return
    if "align_with" in arguments:
        reading.wrong(place.child("start"), "'start' and 'align_with' cannot be together")
    elif start <= today:
        reading.wrong(place.child("start"), f"'start' must be later than the step's own date {today}: {start}")


def _check_users(arguments: Values, place: Node, account: AccountPart, reading: Reading) -> None:
    for user, item in zip(arguments.get("users", ()), place.child("users").value, strict=False):
        match = _USER.match(user)
        if match is None or int(match[1]) > account.users:
            has = f"its users are u1 to u{account.users}" if account.users else "it has none"
            reading.wrong(item, f"the account '{account.key}' has no user {shortened(user)}; {has}")


STEP = Record(
    "a step",
    {"at": need(Moment(), "Local time in the zone of the step's account; a bare date is the start of that day.")}
    | {name: Field(kind) for name, kind in COMMANDS.items()},
    one_of=tuple(COMMANDS),
    build=_step,
    hints={"time": "at", "date": "at", "on": "at", "purchase": "buy", "trial": "start_trial", "reduce": "set_seats"},
)
SCENARIO = Record(
    "a scenario",
    {
        "scenario": need(Text(500), "The title."),
        "seller": may(SELLER, SellerPart()),
        "catalog": need(CATALOG),
        "accounts": need(ListOf(Record("an account", ACCOUNT_FIELDS, build=_account), least=1, most=10_000)),
        "steps": need(ListOf(STEP), "In order of time."),
        "expect": may(EXPECT, about="Any part of the result; compared key by key."),
    },
    hints={"catalogue": "catalog", "title": "scenario", "name": "scenario"},
)


def scenario_from_text(text: str, name: str) -> Scenario:
    """The scenario that a text describes. name: what problems and the result call the file. Raises BadFile."""
    reading = Reading(name)
    root = compose(text, name)
    found = SCENARIO.read(root, reading)
    resolve_later(reading)
    reading.finish()
    assert found is not WRONG, "a wrong file has problems"
    steps: tuple[Step, ...] = found["steps"]
    catalog: Catalog = found["catalog"]
    return Scenario(
        title=found["scenario"],
        file=name,
        seller=found["seller"],
        catalog=catalog,
        accounts=found["accounts"],
        steps=steps,
        begins_at=steps[0].at if steps else EPOCH,
        expect=root.child("expect").plain() if "expect" in root.value else {},
    )


def read_scenario(path: Path | str) -> Scenario:
    """The scenario in a file. Raises BadFile."""
    return scenario_from_text(read_text(Path(path), str(path)), str(path))


def found_files(paths: Iterable[Path]) -> list[Path]:
    """Files as given, folders as the scenario files in them, by name. Raises BadFile for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file())
        if not inside:
            raise BadFile([Problem(str(path), 0, 0, f"no scenario file ({', '.join(SUFFIXES)}) is in this folder")])
        found.extend(inside)
    return found


def schemas() -> dict[str, Any]:
    """JSON Schema of both sides, and of a catalogue file."""

    def titled(record: Record, title: str) -> dict[str, Any]:
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **record.schema()}

    return {
        "scenario": titled(SCENARIO, "Seatkeeper scenario"),
        "result": titled(RESULT, "Seatkeeper scenario result"),
        "catalogue": titled(CATALOG, "Seatkeeper catalogue"),
    }
