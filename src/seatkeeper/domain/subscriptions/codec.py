"""Subscriptions as rows and as journal entries: one form each way, exact."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.state import Stretch, Subscription
from seatkeeper.core.tables import POLICIES, Policy
from seatkeeper.kit.compact import compact_encoder

COLUMNS = (
    "account_id", "id", "product", "plan", "status", "reason", "seats", "recurring", "method_id", "bought_at",
    "anchor_on", "term_start_on", "term_end_on", "period_start_on", "period_end_on", "charged_minor",
    "line_count", "window_opened_at", "booked_seats", "booked_plan", "booked_plan_at", "start_on",
    "trial_start_on", "trial_end_on", "trial_extended", "trial_product", "since_on", "grace_on", "detail",
)
"""The table's columns, in the order of `to_row`."""

_encode = compact_encoder(ascii_only=False)


def _policy_out(policy: Policy) -> str | list[str]:
    if POLICIES.get(policy.id) == policy:
        return policy.id
    return [policy.id, policy.fewer, policy.cancel, policy.frequency, policy.unpaid]


def policy_in(data: str | list[str]) -> Policy:
    """The policy that was written: a built-in one by its name, else its row."""
    return POLICIES[data] if isinstance(data, str) else Policy(*data)


def _stretch_out(stretch: Stretch, locked: Price) -> list[Any]:
    price = None if stretch.price is None or stretch.price == locked else stretch.price.encoded()
    return [stretch.start.isoformat(), stretch.plan, stretch.seats, price]


def _detail(one: Subscription) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "price": one.price.encoded(),
        "policy": _policy_out(one.policy),
        "stretches": [_stretch_out(stretch, one.price) for stretch in one.stretches],
    }
    if one.added_windows:
        detail["windows"] = [[closes_at.isoformat(), seats] for closes_at, seats in one.added_windows]
    if one.booked_release:
        detail["release"] = list(one.booked_release)
    if one.graces:
        detail["graces"] = [[product, on.isoformat()] for product, on in one.graces]
    if one.booked_reminders:
        detail["reminders"] = one.booked_reminders
    if one.purchase_order:
        detail["order"] = one.purchase_order
    return detail


def to_row(account: int, one: Subscription) -> tuple[Any, ...]:
    """The subscription's row, in the order of COLUMNS."""
    return (
        account, one.id, one.product, one.plan, one.status, one.reason, one.seats, one.recurring, one.method,
        one.bought_at, one.anchor, one.term_start, one.term_end, one.period_start, one.period_end,
        one.charged_minor, one.line_count, one.window_opened_at, one.booked_seats, one.booked_plan,
        one.booked_plan_at, one.start_on, one.trial_start, one.trial_end, one.trial_extended,
        one.trial_product, one.since, one.grace_on, _encode(_detail(one)),
    )


@lru_cache(maxsize=8192)
def _price(currency: str, model: str, tiers: tuple[tuple[int | None, int], ...]) -> Price:
    return Price(currency, model, tiers)


def _price_in(data: list[Any]) -> Price:
    currency, model, tiers = data
    return _price(currency, model, tuple((tier[0], tier[1]) for tier in tiers))


_date = lru_cache(maxsize=4096)(date.fromisoformat)


def _stretches_in(data: list[list[Any]], locked: Price) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(
            _date(start),
            plan,
            None if plan is None else locked if price is None else _price_in(price),
            seats,
        )
        for start, plan, seats, price in data
    )


class _Detail(NamedTuple):
    policy: Policy
    price: Price
    stretches: tuple[Stretch, ...]
    windows: tuple[tuple[datetime, int], ...]
    release: tuple[int, ...]
    reminders: int
    graces: tuple[tuple[str, date], ...]
    order: str


@lru_cache(maxsize=8192)
def _detail_in(text: str) -> _Detail:
    """What `_detail` wrote. Subscriptions bought on one day share it, and a run reads each twice: hence the cache."""
    detail = json.loads(text)
    price = _price_in(detail["price"])
    return _Detail(
        policy_in(detail["policy"]),
        price,
        _stretches_in(detail["stretches"], price),
        tuple((datetime.fromisoformat(at), seats) for at, seats in detail.get("windows", ())),
        tuple(detail.get("release", ())),
        detail.get("reminders", 0),
        tuple((product, date.fromisoformat(on)) for product, on in detail.get("graces", ())),
        detail.get("order", ""),
    )


def from_row(row: tuple[Any, ...]) -> Subscription:
    """The subscription of a row that holds COLUMNS in order."""
    detail = _detail_in(row[28])
    return Subscription(
        row[1], row[2], row[3], row[4], row[6], row[7], detail.policy, detail.price, row[9],
        row[8], row[5], row[10], row[11], row[12], row[13], row[14],
        detail.stretches, row[15], row[16], row[17], detail.windows,
        row[18], row[19], row[20], detail.release, detail.reminders,
        row[21], row[22], row[23], row[24], row[25], row[26], row[27], detail.graces,
        detail.order,
    )


@lru_cache(maxsize=4096)
def _text(value: date | datetime) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


def to_entry(account: int, one: Subscription) -> list[Any]:
    """The subscription's whole state as the journal keeps it: the row, dates and instants as text."""
    return row_entry(to_row(account, one))


def row_entry(row: tuple[Any, ...]) -> list[Any]:
    """The same, of a row that `to_row` made."""
    return [_text(value) if isinstance(value, date) else value for value in row[1:]]
