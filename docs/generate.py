"""Generates docs/reference from the code: `make docs`. A test says when it was forgotten.

Each page is a function in PAGES. What the code cannot say of itself (an example for a refusal's sentence, what a
setting is for) stands in a table here; where the code has something that no table knows, generating fails.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from os import environ  # noqa: TID251 - the generator is a process of its own
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "src" / "seatkeeper"
HEAD = "<!-- Generated from the code by `make docs`; do not edit. -->"

ARGUMENTS = {
    "subscription": "its id within the account",
    "plan": "a plan's id",
    "product": "a product's id",
    "seats": "how many licences",
    "users": "ids of users of the account",
    "assign_to": "users who get a licence at once",
    "document": "an invoice's id",
    "method": "a payment method's id",
    "when": "`now` or `renewal`",
    "to": "`on`, `once` or `off`",
    "recurring": "`on`, `once` or `off`",
    "what": "`all`, `seats` or `plan`",
    "kind": "`card`, `direct_debit` or `bank_transfer`",
    "label": "how people recognise it",
    "brand": "of a card",
    "last_four": "of its number",
    "preview": "a preview's token: the outcome is exactly what it showed, or `preview_stale`",
}
ARGUMENTS_OF = {
    "subscription.cancel": {"when": "`now` or `end`"},
    "subscription.set_payment_method": {"subscription": "its id within the account; None: all of them"},
    "payment.receive": {"document": "an invoice's id; None: all that is open"},
}
"""What is said of an argument where the command's docstring says nothing."""

# ---- commands ---------------------------------------------------------------------------------------


def commands() -> str:
    """Every command: who may give it, its arguments, its docstring."""
    from seatkeeper.core.tables import PERMISSIONS, ROLES
    from seatkeeper.domain.subscriptions import commands as registered
    from seatkeeper.kit.commands import COMMANDS

    assert registered, "importing the commands registers them"
    parts = [
        HEAD,
        "# Commands",
        "Every door gives these commands, by these names, through `seatkeeper.kit.commands.call`. Each can be "
        "previewed: with a previewing context it answers the decision and a token; `preview` takes that token. "
        "The sentences of refusals stand in [refusals](refusals.md).",
        "| command | needs | roles |\n|---|---|---|\n"
        + "\n".join(
            f"| [`{name}`](#{_anchor(name)}) | `{one.needs}` | {_roles(one.needs, ROLES, PERMISSIONS)} |"
            for name, one in sorted(COMMANDS.items())
        ),
    ]
    for name, one in sorted(COMMANDS.items()):
        parts += [f"## {name}", _described(one)]
    return "\n\n".join(parts) + "\n"


def _roles(needs: str, roles: tuple[str, ...], permissions: Mapping[str, frozenset[str]]) -> str:
    return ", ".join(role for role in (*roles, "seller") if needs in permissions[role]).replace("_", " ")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _described(one: Any) -> str:
    """The docstring as a section: its sentences, the arguments with what it says of them, refusals, rules."""
    summary, _, rest = (inspect.getdoc(one.handler) or "").partition("\n")
    rest, rules = _cut(" ".join(rest.split()), r"Rules: docs/([\w/-]+)\.md")
    rest, refused = _cut(rest, r"Refused: (.*)")
    names = "|".join(one.parameters)
    pieces = re.split(rf"(?:(?<=[.;] )|^)({names}): ", rest.strip())
    said = {name: text.strip() for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}
    about = {**ARGUMENTS, **ARGUMENTS_OF.get(one.name, {}), **said}
    parts = [" ".join([summary, pieces[0].strip()]).strip(), _parameters(one.parameters, about)]
    if refused:
        codes = re.sub(r"\b([a-z]+(?:_[a-z]+)+)\b", r"`\1`", refused)
        parts.append(f"Refused: {codes.strip()}")
    if rules:
        parts.append(f"Rules: [{rules.split('/')[-1]}](../{rules}.md)")
    return "\n\n".join(parts)


def _cut(text: str, pattern: str) -> tuple[str, str]:
    """The text without what the pattern finds, and what stood in its brackets."""
    match = re.search(pattern, text)
    return (text, "") if match is None else (text[: match.start()] + text[match.end() :], match[1])


def _parameters(parameters: Mapping[str, inspect.Parameter], about: Mapping[str, str]) -> str:
    rows = ["| argument | type | default | |", "|---|---|---|---|"]
    for name, one in parameters.items():
        kind = str(one.annotation).replace("|", "\\|")
        default = "required" if one.default is inspect.Parameter.empty else f"`{one.default!r}`"
        rows.append(f"| `{name}` | `{kind}` | {default} | {about.get(name, '').rstrip('.')} |")
    return "\n".join(rows)


# ---- refusals ---------------------------------------------------------------------------------------

DAY = date(2026, 4, 1)
EXAMPLES: dict[str, dict[str, Any]] = {
    "credit_limit_exceeded": dict(sum_minor=612000, limit_minor=500000, first_minor=112000, currency="EUR"),
    "payment_declined": dict(label="Visa 4242", sum_minor=13271, currency="EUR", reason="declined"),
    "seats_below_minimum": dict(min=5, n=3),
    "seats_above_maximum": dict(max=300, product="basic", n=210, total=310, limit=200),
    "reduction_not_allowed_until": dict(date=DAY, n=9, lowest=12, subscription=1, bookable=True),
    "cancel_not_allowed_until": dict(instant=datetime(2026, 3, 8, 9, tzinfo=UTC), date=DAY, subscription=1),
    "seats_assigned": dict(a=9, n=8, k=1, product="basic"),
    "not_active": dict(status="disabled", subscription=1),
    "subscription_deleted": dict(date=DAY),
    "balance_due": dict(sum_minor=7260, currency="EUR", invoices=("INV-2026-000012",)),
    "trial_already_used": dict(product="basic", date=date(2025, 11, 3)),
    "trial_seat_limit": dict(max=25, n=30),
    "trial_not_offered": dict(plan="basic-monthly"),
    "trial_extension_not_yet": dict(date=DAY),
    "trial_already_extended": dict(date=DAY),
    "no_seats_available": dict(free=2, n=5, k=3, product="basic"),
    "requires_product": dict(product="teams", required="basic", user=7),
    "excluded_by_product": dict(product="standard", other="basic", user=7),
    "term_differs": dict(term="P1Y", date=DAY, plan="basic-monthly"),
    "billing_interval_differs": dict(freq="P1M", term="P1Y", date=DAY, plan="basic-yearly"),
    "alignment_not_possible": dict(other=1, why="ends_too_soon"),
    "other_product": dict(other="standard", plan="standard-monthly"),
    "no_price": dict(plan="basic-monthly", currency="JPY", date=DAY),
    "vat_id_invalid": dict(country="DE", example="DE136695976"),
    "currency_fixed": dict(currency="EUR"),
}
"""Facts with which a sentence is shown. A code that is not here has a sentence without facts."""

LEVELS = ("The subscription", "The request", "Limits", "Overdue", "Policy", "The pool", "Money")


def refusals() -> str:
    """Every refusal in the order in which they are looked at, with its sentence in both languages."""
    from seatkeeper.core.refusals import DOOR_CODES, ORDER

    parts = [
        HEAD,
        "# Refusals",
        "A refused command changes nothing; of a declined payment only the attempt is kept. Where several apply the "
        "first in this order is given. The sentences are shown with example facts; on pages some of their words are "
        "links to the next step.",
    ]
    for title, codes in zip((*LEVELS, "Before or after the decision"), (*ORDER, DOOR_CODES), strict=True):
        rows = [f"## {title}\n", "| code | English | Dutch |", "|---|---|---|"]
        rows += [f"| `{code}` | {_sentence(code, 'en')} | {_sentence(code, 'nl')} |" for code in codes]
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _sentence(code: str, language: str) -> str:
    from django.utils import translation

    from seatkeeper.core.refusals import Refused
    from seatkeeper.interfaces.web.plain_refusals import plain_refusal
    from seatkeeper.interfaces.web.refusals import Names

    names = Names(
        products={"basic": "Business Basic", "standard": "Business Standard", "teams": "Teams Rooms"},
        plans={"basic-monthly": "Business Basic, monthly", "basic-yearly": "Business Basic, yearly"},
        users={7: "Anna de Vries"},
        subscriptions={1: "Business Basic, S-10001"},
        seller="Noordlicht",
        timezone="Europe/Amsterdam",
    )
    with translation.override(language):
        return plain_refusal(Refused(code, **EXAMPLES.get(code, {})), names).replace("|", "\\|")


# ---- events -----------------------------------------------------------------------------------------

PAYLOAD = {
    "balance": "the account's balance afterwards, in minor units; always there",
    "subscriptions": "the whole state of every subscription that was made or changed",
    "documents": "the documents that were issued: id, kind, number, sums, what was due, lines with their exact charges",
    "changes": "[id, minor units still due] of documents that were open before",
    "pools": "[product, bought, assigned, suspended]",
    "assignments": "[what was done, user, product, suspended on]",
    "chosen": "The default and backup payment method, where the decision changes them.",
    "dropped": "[subscription, seats or plan, what was booked]",
    "attempt": "[attempt, status, reason] of the payment whose outcome this is",
    "attempts": "the ids of payments that this began",
}
RUN = {
    "billing_date": "What is due by itself on one billing date: starts, renewals, ends, charges, ageing.",
    "dunning": "A day's dunning steps: tries, or the consequences of non-payment.",
}


def events() -> str:
    """Kinds of events, what they hold, and the notices and warnings that decisions carry."""
    from seatkeeper.core.decide import COMMANDS, OUTCOMES

    run = sorted(set(_constants("settle", 1)))
    assert set(run) == set(RUN), f"kinds of events that the generator does not describe: {set(run) ^ set(RUN)}"
    kept = set(re.findall(r'found\["(\w+)"\]|\{"(\w+)": decision', _source("domain/subscriptions/entries.py")))
    kinds = {first or second for first, second in kept}
    assert kinds == set(PAYLOAD), f"keys of the payload that the generator does not describe: {kinds ^ set(PAYLOAD)}"
    parts = [
        HEAD,
        "# Events",
        "One event for each applied decision, in its account's [journal](../concepts/journal.md). Its kind is one of:",
        _table("Commands of people", "kind | what", {name: _first_line(one) for name, one in COMMANDS.items()}),
        _table("The billing run", "kind | what", {name: RUN[name] for name in run}),
        _table("Outcomes of payments", "kind | what", {name: _first_line(one) for name, one in OUTCOMES.items()}),
        _recorded(),
        _table("Payload", "key | holds", PAYLOAD),
        _told("Notices", "What people are to be told: rows of an outbox.", "notice"),
        _told("Warnings", 'What a preview says under "Good to know".', "warn"),
    ]
    return "\n\n".join(parts) + "\n"


RECORDED = {
    "account_names": "The legal or display name changed.",
    "account_address": "The billing address changed, perhaps with its country.",
    "account_vat_id": "The VAT id changed; it is not confirmed.",
    "account_vat_confirmed": "The seller confirmed the VAT id by hand.",
    "account_regional": "Language, time zone (booked) or currency changed.",
    "account_timezone": "The booked time zone counts from here on.",
    "account_purchase_order": "The account's own number on documents changed.",
    "account_recipients": "Who gets mails changed.",
    "account_notices": "When the organisation is warned changed.",
    "account_terms": "The seller changed payment terms or credit limit.",
    "licence_requested": "A user asked for a licence.",
    "licence_request_withdrawn": "A user took a request back.",
    "licence_request_approved": "A request was approved; the licence is assigned by a decision of its own.",
    "licence_request_declined": "A request was declined.",
    "dunning_table": "The seller replaced the dunning table; written where an invoice is open, with both tables.",
    "retry_mail": "The seller let mails be sent again, by their numbers.",
    "mail_arrived": "The seller noted that a mail arrived of which it was not sure.",
    "invite_person": "Somebody was invited, or got another link.",
    "set_role": "A person got another role.",
    "deactivate_person": "A person was shut out.",
    "reactivate_person": "A person was let in again.",
    "dispute_opened": "A gateway told that the payer's bank disputes a payment.",
    "dispute_closed": "A dispute was won or lost.",
}
"""Events without a decision; whoever records another kind describes it here."""


def _recorded() -> str:
    """What is recorded without a decision: the kinds that the code names, and those of the account's sections."""
    from seatkeeper.domain.accounts.details import KINDS

    calls = [call for call in _calls("record", "domain") if len(call.args) > 1]
    named = {str(call.args[1].value) for call in calls if isinstance(call.args[1], ast.Constant)}
    kinds = named | {f"account_{name}" for name in KINDS}
    assert kinds <= set(RECORDED), f"recorded kinds that the generator does not describe: {kinds - set(RECORDED)}"
    about = "Their payload is `facts`: ids and codes, `was` and `is` where both may be kept. Nothing else changes.\n\n"
    table = _table("Recorded without a decision", "kind | what", RECORDED)
    return table.replace("decision\n\n", f"decision\n\n{about}", 1)


def _table(title: str, columns: str, rows: Mapping[str, str]) -> str:
    lines = "\n".join(f"| `{name}` | {text} |" for name, text in rows.items())
    return f"## {title}\n\n| {columns} |\n|---|---|\n{lines}"


def _first_line(function: Callable[..., None]) -> str:
    first = (inspect.getdoc(function) or "").splitlines()[0]
    return re.sub(r" \([A-Z]+\.md [^)]*\)", "", first.split(". ")[0]).rstrip(".") + "."


def _told(title: str, about: str, method: str) -> str:
    """Every kind that some place of the core tells, with the facts it gives."""
    found: dict[str, set[str]] = {}
    for call in _calls(method):
        if len(call.args) == 1 and (kind := _text(call.args[0])) is not None:
            found.setdefault(kind, set()).update(one.arg for one in call.keywords if one.arg)
    rows = {kind: ", ".join(f"`{fact}`" for fact in sorted(facts)) for kind, facts in sorted(found.items())}
    return _table(title, "kind | facts", rows).replace(f"## {title}", f"## {title}\n\n{about}", 1)


def _calls(name: str, folder: str = "core") -> Iterator[ast.Call]:
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name in (getattr(node.func, "attr", ""), getattr(node.func, "id", "")):
                yield node


def _constants(name: str, position: int) -> Iterator[str]:
    for call in _calls(name):
        if len(call.args) > position and isinstance(call.args[position], ast.Constant):
            yield str(call.args[position].value)  # type: ignore[attr-defined]


def _text(node: ast.expr) -> str | None:
    """A constant, or one of the core's named words."""
    from seatkeeper.core import tables

    if isinstance(node, ast.Constant):
        return str(node.value)
    return getattr(tables, node.id, None) if isinstance(node, ast.Name) else None


def _source(name: str) -> str:
    return (PACKAGE / name).read_text(encoding="utf-8")


# ---- settings ---------------------------------------------------------------------------------------

SETTINGS = {
    "pg_programs": ("those on the path", "PostgreSQL: the folder of `pg_dump`, `pg_restore` and `psql` for "
                    "[backups](../operating/backup.md); they must not be older than the server."),
    "log_format": ("`lines`", "`lines` for people, or `json`: one object a line, for every request too "
                   "([logs](../operating/logs.md))."),
    "metrics_token": ("none", "The bearer token of whoever reads [`/metrics`](../operating/health.md); without one the "
                      "address is not there."),
    "worker_patience": (
        "60", "PostgreSQL: the seconds after which a worker that holds a transaction open without a word is taken for"
        " frozen, and its session ended."
    ),
    "worker_batch": ("500", "PostgreSQL: how many accounts a worker takes at a time and writes in one transaction."),
    "email_url": ("files in `mail/` of the data folder", "Where mail goes: "
                  "`smtp://user:password@host:587/?starttls=1`, `smtps://user:password@host`, or `file:///folder`."),
    "email_from": ("`Seatkeeper <billing@localhost>`", "The address that mail comes from; the seller's name is put "
                   "before it."),
    "address": ("`http://localhost:8787`", "Where people reach this installation; links in mail begin with it."),
    "home": ("`var`", "The data folder: the settings file, the secret, the SQLite database. Only in the environment."),
    "database_url": (
        "SQLite in the data folder",
        "`sqlite:///path` or `postgresql://user:password@host:port/name` (`?host=/folder` for a socket). "
        "`?synchronous=off` behind a SQLite path is for throw-away data only.",
    ),
    "secret_key": (
        "generated",
        "Signs preview tokens and sessions, and encrypts the secrets of second steps. Without one it is "
        "generated once and kept in the data folder as "
        "`secret-key`, readable by its owner only; it does not belong in a backup of the data.",
    ),
    "https": (
        "off",
        "`on` where people reach the installation by HTTPS, be it through a proxy that sets `X-Forwarded-Proto`: "
        "cookies are bound to the host and sent by HTTPS only.",
    ),
    "fonts": (
        "none",
        "A folder with further fonts for documents, for scripts that the shipped one cannot show: its characters are "
        "Latin, Greek and Cyrillic; what no font shows is printed as a question mark.",
    ),
    "rates_url": (
        "none",
        "Where `seatkeeper rates fetch` finds the exchange rates published last, in the form of the European Central "
        "Bank's CSV file or its ZIP. Nothing is fetched without it.",
    ),
    "gateways": (
        "`card=sandbox,direct_debit=sandbox`",
        "Which gateway takes new payment methods, by kind: `card=stripe,direct_debit=stripe`. "
        "`seatkeeper seller gateways` chooses for one seller.",
    ),
    "stripe_key": (
        "none", "Stripe's secret key. Only in the environment; it is never kept or logged. "
        "[Set-up](../operating/gateways.md)."
    ),
    "stripe_webhook_secret": (
        "none", "What Stripe signs its calls to `/hooks/stripe` with; two by a comma while it is being changed. Only "
        "in the environment."
    ),
    "stripe_api": ("Stripe's own", "Another address of Stripe's interface, for tests and stand-ins."),
    "stripe_pages": (
        "`https://checkout.stripe.com`", "Where Stripe's own page for new cards is; the browser may be sent there."
    ),
    "hosts": ("none", "Names under which the server answers, separated by commas, besides the loopback ones."),
}
"""(default, what it is for), by name."""
ONLY_IN_THE_ENVIRONMENT = ("home", "stripe_key", "stripe_webhook_secret")


def settings() -> str:
    """Every setting that the code reads."""
    from seatkeeper.config import environment

    known: dict[str, tuple[str, str]] = {**SETTINGS, **getattr(environment, "SETTINGS", {})}
    read = {*_settings_read(), *ONLY_IN_THE_ENVIRONMENT}
    assert read <= set(known), f"settings that the generator does not describe: {sorted(read - set(known))}"
    rows = [
        f"| `{_variable(name)}` | {'' if name in ONLY_IN_THE_ENVIRONMENT else f'`{name}`'} | {default} | {about} |"
        for name, (default, about) in known.items()
        if name in read
    ]
    parts = [
        HEAD,
        "# Settings",
        "From the environment, else from the file `seatkeeper.toml` in the data folder, else a default that works: "
        "a first start needs none.",
        "| environment | in the file | default | what it is |\n|---|---|---|---|\n" + "\n".join(rows),
        '```toml\n# seatkeeper.toml\ndatabase_url = "postgresql://seatkeeper@/seatkeeper?host=/run/postgresql"\n'
        'hosts = "licences.example.com"\n```',
    ]
    return "\n\n".join(parts) + "\n"


def _settings_read() -> Iterator[str]:
    """The names that the configuration reads, from its code."""
    for path in sorted((PACKAGE / "config").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r'(?:\.value|\.flag|\.number|\.choice|self\.file\.get)\("(\w+)"', text)
        yield from (name.lower() for name in re.findall(r'environ\.get\("SEATKEEPER_(\w+)"', text))


def _variable(name: str) -> str:
    return "DATABASE_URL" if name == "database_url" else f"SEATKEEPER_{name.upper()}"


# ---- the scenario schema ----------------------------------------------------------------------------


def scenario_schema() -> str:
    """JSON Schema of scenario files, of their results, and of catalogue files."""
    from seatkeeper.interfaces.scenario.files import schemas

    parts = [
        HEAD,
        "# JSON Schema of scenario and catalogue files",
        "`seatkeeper scenario schema` prints these. Reading a file checks more than a schema can say: ids, order of "
        "time, tiers.",
    ]
    titles = {"scenario": "Scenario", "result": "Result", "catalogue": "Catalogue"}
    for name, schema in schemas().items():
        parts.append(f"## {titles[name]}\n\n```json\n{json.dumps(schema, indent=1, ensure_ascii=False)}\n```")
    return "\n\n".join(parts) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands": commands,
    "refusals": refusals,
    "events": events,
    "settings": settings,
    "scenario-schema": scenario_schema,
}


def main() -> None:
    """Write every page."""
    environ.setdefault("SEATKEEPER_SECRET_KEY", "only-for-docs")
    from seatkeeper.config import process

    process.begin()
    for name, page in PAGES.items():
        path = DOCS / "reference" / f"{name}.md"
        path.write_text(page(), encoding="utf-8")
        print(f"docs/reference/{name}.md")


if __name__ == "__main__":
    main()
