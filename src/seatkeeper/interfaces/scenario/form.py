"""The form of a scenario file and of a result, as one table: to read, check and describe it (SCENARIO.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seatkeeper.core.refusals import CODES
from seatkeeper.core.tables import METHOD_KINDS, MOST_SEATS, RECURRING, STATUSES
from seatkeeper.interfaces.files.codes import COUNTRY, CURRENCY, TIMEZONE
from seatkeeper.interfaces.files.dates import Day
from seatkeeper.interfaces.files.kinds import Choice, Declares, Flag, ListOf, Maybe, Reading, Refers, Text
from seatkeeper.interfaces.files.nodes import MAPPING, NULL, Node
from seatkeeper.interfaces.files.quantities import Amount, Whole
from seatkeeper.interfaces.files.records import Anything, MapOf, Record, may, need
from seatkeeper.interfaces.scenario.model import SellerPart

MOST_USERS = 100_000


@dataclass(frozen=True)
class Nothing:
    """An empty mapping, or nothing at all."""

    def read(self, node: Node, reading: Reading) -> Any:
        """No arguments."""
        if node.kind == NULL or (node.kind == MAPPING and not node.value):
            return {}
        return reading.wrong(node, f"this takes no arguments: write {{}}, not {node.described()}")

    def schema(self) -> dict[str, Any]:
        """The empty mapping."""
        return {"type": ["object", "null"], "maxProperties": 0}


def _seller(values: dict[str, Any], node: Node, reading: Reading) -> SellerPart:
    return SellerPart(**values)


_DEFAULT = SellerPart()
SELLER = Record(
    "the seller",
    {
        "country": may(COUNTRY, _DEFAULT.country),
        "timezone": may(TIMEZONE, _DEFAULT.timezone),
        "credit_to": may(Choice(("balance", "refund")), _DEFAULT.credit_to, "Where credits go."),
    },
    build=_seller,
)

ACCOUNT_FIELDS = {
    "id": need(Declares("account")),
    "country": need(COUNTRY),
    "vat_id": may(Maybe(Text(32)), None),
    "vat_id_confirmed": may(Flag(), True, "Only looked at where there is a vat_id."),
    "currency": need(CURRENCY),
    "timezone": need(TIMEZONE),
    "payment": need(
        Choice(METHOD_KINDS, {"bank": "bank_transfer", "invoice": "bank_transfer", "sepa": "direct_debit"})
    ),
    "payment_terms_days": may(Whole(0, 366), 30, "Of bank_transfer."),
    "credit_limit": may(Maybe(Amount()), None, "Of bank_transfer."),
    "users": may(Whole(0, MOST_USERS), 0, "Makes the users u1, u2, ..."),
}

_ACCOUNT = need(Refers("account"))
_SUBSCRIPTION = need(Refers("subscription"), "One that an earlier step made.")
_NEW = need(Declares("subscription"), "What this scenario calls the new subscription.")
_PLAN = need(Refers("plan"))
_SEATS = need(Whole(0, MOST_SEATS))
_USERS = need(ListOf(Text(64)), "Users of the account: u1, u2, ...")
_NOW_OR_RENEWAL = need(Choice(("now", "renewal"), {"end": "renewal"}))


def _command(name: str, **fields: Any) -> Record:
    return Record(f"'{name}'", {key.rstrip("_"): one for key, one in fields.items()}, hints=_HINTS)


_HINTS = {"quantity": "seats", "licenses": "seats", "licences": "seats", "id": "subscription", "name": "as"}
COMMANDS: dict[str, Record | Nothing] = {
    "buy": _command(
        "buy",
        account=_ACCOUNT,
        plan=_PLAN,
        seats=_SEATS,
        align_with=may(Refers("subscription"), about="A subscription whose renewal date is shared."),
        start=may(Day(), about="A later date."),
        as_=_NEW,
    ),
    "start_trial": _command("start_trial", account=_ACCOUNT, plan=_PLAN, seats=_SEATS, as_=_NEW),
    "extend_trial": _command("extend_trial", subscription=_SUBSCRIPTION),
    "buy_trial_now": _command("buy_trial_now", subscription=_SUBSCRIPTION),
    "set_seats": _command("set_seats", subscription=_SUBSCRIPTION, seats=_SEATS, when=_NOW_OR_RENEWAL),
    "set_recurring": _command("set_recurring", subscription=_SUBSCRIPTION, to=need(Choice(RECURRING))),
    "change_frequency": _command("change_frequency", subscription=_SUBSCRIPTION, plan=_PLAN),
    "change_plan": _command("change_plan", subscription=_SUBSCRIPTION, plan=_PLAN, when=_NOW_OR_RENEWAL),
    "cancel": _command("cancel", subscription=_SUBSCRIPTION, when=need(Choice(("now", "end"), {"renewal": "end"}))),
    "reactivate": _command("reactivate", subscription=_SUBSCRIPTION),
    "undo": _command("undo", subscription=_SUBSCRIPTION),
    "assign": _command("assign", account=_ACCOUNT, product=need(Refers("product")), users=_USERS),
    "unassign": _command("unassign", account=_ACCOUNT, product=need(Refers("product")), users=_USERS),
    "card": _command("card", account=_ACCOUNT, outcome=need(Choice(("ok", "declined", "lost")))),
    "backup": _command("backup", account=_ACCOUNT, outcome=need(Choice(("ok", "declined", "lost")))),
    "pay": _command("pay", account=_ACCOUNT),
    "wait": Nothing(),
}

EXPECT = Record(
    "'expect'",
    {
        "scenario": may(Anything()),
        "file": may(Anything()),
        "steps": may(ListOf(Anything())),
        "subscriptions": may(MapOf(Anything(), keys="subscription")),
        "documents": may(ListOf(Anything())),
        "accounts": may(MapOf(Anything(), keys="account")),
    },
)

_DATES = Maybe(ListOf(Day()))
_MONEY = need(Text(), "With the currency's decimals.")
_COUNTS = need(MapOf(Whole(0, MOST_SEATS)), "By product.")
LINE = Record(
    "a line",
    {
        "subscription": need(Text()),
        "seats": need(Whole(-MOST_SEATS, MOST_SEATS), "Signed: the change in what is held."),
        "from": need(Day()),
        "to": need(Day(), "The first day after it."),
        "amount": _MONEY,
        "vat_category": need(Choice(("S", "AE", "O", "E"))),
        "vat_rate": need(Text(), "In percent."),
    },
    open=True,
)
RESULT = Record(
    "a result",
    {
        "scenario": need(Text()),
        "file": need(Text()),
        "steps": need(
            ListOf(
                Record(
                    "a step",
                    {
                        "step": need(Whole(1)),
                        "command": need(Choice(tuple(COMMANDS))),
                        "refused": need(Maybe(Choice(tuple(sorted(CODES))))),
                    },
                    open=True,
                )
            )
        ),
        "subscriptions": need(
            MapOf(
                Record(
                    "a subscription",
                    {
                        "status": need(Choice(STATUSES)),
                        "reason": need(Maybe(Choice(("ended", "cancelled", "unpaid")))),
                        "past_due": need(Flag()),
                        "plan": need(Text()),
                        "seats": need(Whole(0, MOST_SEATS)),
                        "recurring": need(Choice(RECURRING)),
                        "term": need(_DATES, "Start and exclusive end."),
                        "billing_period": need(_DATES, "Start and exclusive end."),
                        "scheduled": need(ListOf(Anything()), "{on, seats} or {on, plan}"),
                    },
                    open=True,
                )
            )
        ),
        "documents": need(
            ListOf(
                Record(
                    "a document",
                    {
                        "number": need(Text()),
                        "kind": need(Choice(("invoice", "credit_note"))),
                        "account": need(Text()),
                        "date": need(Day()),
                        "currency": need(CURRENCY),
                        "lines": need(ListOf(LINE)),
                        "net": _MONEY,
                        "vat": _MONEY,
                        "gross": _MONEY,
                        "due": _MONEY,
                        "status": need(Text()),
                    },
                    open=True,
                )
            )
        ),
        "accounts": need(
            MapOf(
                Record(
                    "an account",
                    {"balance": _MONEY, "bought": _COUNTS, "assigned": _COUNTS, "suspended": _COUNTS},
                    open=True,
                )
            )
        ),
    },
    open=True,
)
