"""Fourteen months of five organisations, as steps relative to the day on which the demonstration is made.

At the end the first organisation has a subscription in every status, booked changes, an invoice that is past due,
licences that nobody holds, and some that are suspended.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Told(NamedTuple):
    """One step: `months` before the end and then `days` before that day; or the first day of that month."""

    who: str
    command: str
    arguments: dict[str, Any]
    months: int = 0
    days: int = 0
    hour: int = 9
    first_of_month: bool = False


def _first(who: str, months: int, hour: int, command: str, **arguments: Any) -> Told:
    return Told(who, command, arguments, months=months, hour=hour, first_of_month=True)


def _ago(who: str, months: int, days: int, hour: int, command: str, **arguments: Any) -> Told:
    return Told(who, command, arguments, months=months, days=days, hour=hour)


def _users(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"u{number}" for number in range(first, last + 1))


BUY, TRIAL = "subscription.buy", "subscription.start_trial"
SEATS, RECURRING = "subscription.set_seats", "subscription.set_recurring"
ASSIGN, UNASSIGN = "license.assign", "license.unassign"
CARD, METHOD = "payment_method.replace", "subscription.set_payment_method"
N, MAAS, HANSEN, LAKE, SAKURA = "noordzee", "maas", "hansen", "lakeside", "sakura"

YEARS: tuple[Told, ...] = (
    _first(N, 14, 9, BUY, **{"as": "standard"}, plan="business-standard-yearly-monthly", seats=120),
    _first(N, 14, 10, BUY, **{"as": "basic"}, plan="business-basic-monthly", seats=80),
    _first(N, 14, 11, BUY, **{"as": "e3"}, plan="m365-e3-yearly", seats=40),
    _first(N, 14, 12, ASSIGN, product="business-standard", users=_users(1, 112)),
    _first(N, 14, 13, ASSIGN, product="business-basic", users=_users(120, 190)),
    _first(N, 14, 14, ASSIGN, product="m365-e3", users=_users(200, 235)),
    _first(N, 12, 9, BUY, **{"as": "powerbi"}, plan="power-bi-pro-monthly", seats=15),
    _first(N, 12, 10, ASSIGN, product="power-bi-pro", users=_users(20, 34)),
    _ago(N, 11, 10, 10, SEATS, subscription="basic", seats=95, when="now"),
    _ago(N, 11, 10, 11, ASSIGN, product="business-basic", users=_users(240, 255)),
    _first(N, 10, 9, BUY, **{"as": "exchange"}, plan="exchange-online-1-monthly", seats=30),
    _first(N, 10, 10, ASSIGN, product="exchange-online-1", users=_users(260, 284)),
    _ago(N, 9, 5, 9, SEATS, subscription="basic", seats=90, when="now"),
    _first(N, 8, 9, BUY, **{"as": "intune"}, plan="intune-monthly", seats=50),
    _first(N, 8, 10, ASSIGN, product="intune", users=_users(40, 86)),
    _first(N, 6, 9, BUY, **{"as": "planner"}, plan="planner-plan-3-monthly", seats=12),
    _first(N, 6, 10, ASSIGN, product="planner-plan-3", users=_users(1, 12)),
    _first(N, 5, 15, "subscription.change_plan", subscription="exchange", plan="exchange-online-2-monthly", when="now"),
)

ENDINGS: tuple[Told, ...] = (
    # Deleted: cancelled seven months ago, its data is gone.
    _ago(N, 11, 0, 9, BUY, **{"as": "visio-1"}, plan="visio-plan-1-monthly", seats=4),
    _ago(N, 7, 0, 9, "subscription.cancel", subscription="visio-1", when="now"),
    # Disabled: cancelled forty days ago, can still come back.
    _ago(N, 4, 0, 9, BUY, **{"as": "visio-2"}, plan="visio-plan-2-monthly", seats=6),
    _ago(N, 4, 0, 10, ASSIGN, product="visio-plan-2", users=_users(13, 18)),
    _ago(N, 0, 40, 9, "subscription.cancel", subscription="visio-2", when="now"),
    # Expired: its term ended ten days ago, users still have access.
    _ago(N, 5, 10, 9, BUY, **{"as": "entra"}, plan="entra-id-p1-monthly", seats=25),
    _ago(N, 5, 10, 10, ASSIGN, product="entra-id-p1", users=_users(60, 79)),
    _ago(N, 0, 20, 9, RECURRING, subscription="entra", to="off"),
    # Suspended: a booked cut took effect below what was assigned.
    _ago(N, 0, 45, 9, SEATS, subscription="planner", seats=9, when="renewal"),
    # Expiring: goes on until its term's end.
    _ago(N, 0, 15, 11, RECURRING, subscription="powerbi", to="off"),
    # Renews once more.
    _ago(N, 0, 14, 11, RECURRING, subscription="intune", to="once"),
    # Trial, scheduled purchase and booked changes.
    _ago(N, 0, 8, 9, TRIAL, **{"as": "emse3"}, plan="ems-e3-monthly", seats=10),
    _ago(N, 0, 8, 10, ASSIGN, product="ems-e3", users=_users(1, 6)),
    _ago(N, 0, 7, 9, BUY, **{"as": "apps"}, plan="apps-for-business-monthly", seats=20, start=20),
    _ago(N, 0, 6, 9, SEATS, subscription="basic", seats=88, when="renewal"),
    _ago(N, 0, 6, 10, "subscription.change_frequency", subscription="exchange", plan="exchange-online-2-yearly"),
)

PAST_DUE: tuple[Told, ...] = (
    # A second card pays for Business Premium; it was declined at the last renewal.
    _ago(N, 3, 4, 8, CARD, **{"as": "second"}, token="sandbox_ok", label="Mastercard ending 5100", brand="Mastercard",
         last_four="5100"),
    _ago(N, 3, 4, 9, BUY, **{"as": "premium"}, plan="business-premium-monthly", seats=18, method="second"),
    _ago(N, 3, 4, 10, ASSIGN, product="business-premium", users=_users(100, 117)),
    _ago(N, 0, 9, 9, CARD, **{"as": "third"}, old="second", token="sandbox_declined", label="Mastercard ending 5118",
         brand="Mastercard", last_four="5118"),
)

NEIGHBOURS: tuple[Told, ...] = (
    _first(MAAS, 9, 9, BUY, **{"as": "standard"}, plan="business-standard-monthly", seats=20),
    _first(MAAS, 9, 10, ASSIGN, product="business-standard", users=_users(1, 18)),
    _ago(MAAS, 2, 3, 9, SEATS, subscription="standard", seats=24, when="now"),
    _first(HANSEN, 7, 9, BUY, **{"as": "basic"}, plan="business-basic-yearly-monthly", seats=35),
    _first(HANSEN, 7, 10, ASSIGN, product="business-basic", users=_users(1, 33)),
    *(_first(HANSEN, months, 12, "payment.receive") for months in (6, 5, 4, 3, 2, 1)),
    _ago(LAKE, 13, 0, 9, BUY, **{"as": "premium"}, plan="business-premium-yearly", seats=16),
    _ago(LAKE, 13, 0, 10, ASSIGN, product="business-premium", users=_users(1, 15)),
    _ago(LAKE, 3, 12, 9, BUY, **{"as": "copilot"}, plan="copilot-yearly-monthly", seats=5),
    _ago(LAKE, 3, 12, 10, ASSIGN, product="copilot", users=_users(1, 5)),
    _first(SAKURA, 6, 9, BUY, **{"as": "standard"}, plan="business-standard-monthly", seats=12),
    _first(SAKURA, 6, 10, ASSIGN, product="business-standard", users=_users(1, 10)),
    _ago(SAKURA, 1, 8, 9, SEATS, subscription="standard", seats=11, when="now"),
)

STORY: tuple[Told, ...] = YEARS + ENDINGS + PAST_DUE + NEIGHBOURS
