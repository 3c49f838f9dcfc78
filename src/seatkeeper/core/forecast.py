"""What is charged next if all goes on as it is set: the coming billing periods, without deciding any of them.

The billing run decides each of them when its date comes; `tests/core/test_forecast.py` holds this walk against the
run, cent by cent, over random histories (DOMAIN.md 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from seatkeeper.core.calendar import first_instant, local_date
from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.periods import boundary, months_between
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.tables import ACTIVE, BILLING_DATE, OFF, ONCE, SCHEDULED, TRIAL
from seatkeeper.core.tax.vat import tax_on, treatment


class Charge(NamedTuple):
    """One whole billing period that will be charged on its first day. net_minor: excluding VAT.

    end: the first day after the period. renewed: it lies behind a renewal, at the price that is known now. fixed: it
    lies in a running term that cannot be ended before its last day.
    """

    on: date
    subscription: int
    method: int | None
    plan: str
    seats: int
    net_minor: int
    end: date
    renewed: bool
    fixed: bool


class Coming(NamedTuple):
    """One document that the charges of one date and payment method will make, the balance not yet used."""

    on: date
    method: int | None
    charges: tuple[Charge, ...]
    net_minor: int
    vat_minor: int

    @property
    def gross_minor(self) -> int:
        """The document's total including VAT."""
        return self.net_minor + self.vat_minor


def period_minor(price: Price, seats: int) -> int:
    """The price of so many seats for one whole billing period, as its line will say it (DOMAIN.md 3.5)."""
    return round_half_away(price.total_micro(seats), micro_per_minor(price.currency))


def charges(state: AccountState, found: Subscription, *, until: date) -> Iterator[Charge]:
    """The charges of one subscription with a first day before `until`, in order.

    A renewal for which the catalogue has no price ends the walk: the run parks the account there. Documents are
    taken to be paid in time; what dunning would do is not foreseen.
    """
    start = _start(found)
    if start is None:
        return
    on, term_end, anchor = start
    plan, seats, recurring, renewed = state.catalog.plans[found.plan], found.seats, found.recurring, False
    month = months_between(anchor, on)
    if term_end is None:
        term_end = boundary(anchor, plan.term_months)
    fixed = found.status == ACTIVE and found.policy.cancel == "window" and found.policy.fewer == "window"
    price, net_minor = found.price, period_minor(found.price, seats)
    months = plan.billing_months
    while on < until:
        if on == term_end:
            if recurring == OFF:
                return
            if not renewed:
                plan = state.catalog.plans[found.booked_plan] if found.booked_plan else plan
                seats = seats if found.booked_seats is None else found.booked_seats
                months = plan.billing_months
            in_force = plan.price_on(state.currency, on)
            if in_force is None:
                return
            if in_force is not price or not renewed:
                price, net_minor = in_force, period_minor(in_force, seats)
            recurring = OFF if recurring == ONCE else recurring
            term_end = boundary(anchor, month + plan.term_months)
            renewed, fixed = True, False
        month += months
        end = boundary(anchor, month)
        yield Charge(on, found.id, found.method, plan.id, seats, net_minor, end, renewed, fixed)
        on = end


def _start(found: Subscription) -> tuple[date, date | None, date] | None:
    """(day of the next charge, end of the term that it finds or None where it begins the first, anchor)."""
    if found.status == SCHEDULED:
        assert found.start_on is not None
        return found.start_on, None, found.start_on
    if found.status == TRIAL:
        assert found.trial_end is not None
        return None if found.recurring == OFF else (found.trial_end, None, found.trial_end)
    if found.status != ACTIVE:
        return None
    assert found.period_end is not None and found.anchor is not None
    ends_now = found.booked_plan_at == BILLING_DATE
    return found.period_end, found.period_end if ends_now else found.term_end, found.anchor


def all_charges(state: AccountState, *, until: date) -> list[Charge]:
    """The charges of every subscription of an account before `until`, by date, then by subscription."""
    found = [one for each in state.subscriptions.values() for one in charges(state, each, until=until)]
    return sorted(found, key=itemgetter(0, 1))


def documents(state: AccountState, found: Iterable[Charge]) -> tuple[Coming, ...]:
    """The documents that charges will make: one for each date and payment method (DOMAIN.md 8.4), VAT on its sum.

    The rate is that of the date on which the run issues it in the seller's zone, the first instant of the day.
    """
    parcels: dict[tuple[date, int | None], list[Charge]] = {}
    for charge in found:
        parcels.setdefault((charge.on, charge.method), []).append(charge)
    coming = []
    rates: dict[date, str] = {}
    for (on, method), lines in parcels.items():
        if on not in rates:
            issued_on = local_date(first_instant(on, state.timezone), state.seller.timezone)
            rates[on] = treatment(state, issued_on)[1]
        net_minor = sum(line.net_minor for line in lines)
        coming.append(Coming(on, method, tuple(lines), net_minor, tax_on(net_minor, rates[on])))
    return tuple(coming)


def net_minor(found: Iterable[Charge]) -> int:
    """The sum of charges, excluding VAT."""
    return sum(charge.net_minor for charge in found)
