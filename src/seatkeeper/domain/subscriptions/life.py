"""A subscription's life on its page: its stages, what can still be changed until when, and what comes by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from seatkeeper.core.calendar import first_instant, local_date
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import WINDOW, last_grace, renewal_on, window_closes_at, window_open
from seatkeeper.core.tables import (
    ACTIVE,
    DELETED,
    DISABLED,
    EXPIRED,
    GRACE_ONCE_IN_DAYS,
    OFF,
    SCHEDULED,
    TRIAL,
)
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.rows import Event, Limits, Stage, SubscriptionRow


def limits(shelf: Shelf, found: Subscription) -> Limits:
    """What can be reduced or ended now, until which instant, and from which date otherwise (DOMAIN.md 6)."""
    now: datetime = shelf.account.now
    closes = window_closes_at(found) if window_open(found, now) else None
    lowest, rises = _lowest(shelf, found, now, closes)
    return Limits(
        fewer=found.policy.fewer,
        cancel=found.policy.cancel,
        reduce_until=_lasting(shelf, found, "fewer", rises),
        reduce_to=lowest if rises is not None and found.policy.fewer == "window" else None,
        cancel_until=_lasting(shelf, found, "cancel", closes),
        from_on=renewal_on(found) if found.recurring != OFF else None,
    )


def _lowest(shelf: Shelf, found: Subscription, now: datetime, closes: datetime | None) -> tuple[int, datetime | None]:
    """To how many licences one can go down now, and when that becomes more; None: it is not fewer than there are."""
    minimum = shelf.state.catalog.plans[found.plan].min_seats

    def lowest(at: datetime) -> int:
        if closes is not None and at < closes:
            return minimum
        return max(found.seats - sum(seats for until, seats in found.added_windows if until > at), minimum)

    moments = sorted({until for until, _ in found.added_windows if until > now} | ({closes} if closes else set()))
    return lowest(now), next((at for at in moments if lowest(at) > lowest(now)), None)


def _lasting(shelf: Shelf, found: Subscription, column: str, closes: datetime | None) -> datetime | None:
    """Until when what a window allows stays allowed: a term that ends before takes it away, one that renews opens
    it anew."""
    if closes is None or getattr(found.policy, column) != "window":
        return None
    on = renewal_on(found) if found.recurring != OFF else found.term_end
    turns = first_instant(on, shelf.state.timezone) if on is not None else closes
    if closes < turns or on is None:
        return closes
    next_plan = shelf.state.catalog.plans[found.booked_plan or found.plan]
    again = found.recurring != OFF and getattr(next_plan.policy, column) == "window"
    return turns + WINDOW if again else turns


def stages(shelf: Shelf, found: Subscription) -> tuple[Stage, ...]:
    """The life cycle with its dates by the plan's own grace and retention days (SCREENS.md 4.3)."""
    if found.status in (SCHEDULED,):
        return (Stage("scheduled", None, found.start_on, "current"), Stage("active", found.start_on, None, "ahead"))
    plan = shelf.state.catalog.plans[found.plan]
    order = (ACTIVE, EXPIRED, DISABLED, DELETED)
    first = TRIAL if found.status == TRIAL or found.term_end is None else ACTIVE
    end = found.trial_end if first == TRIAL else found.term_end
    grace = plan.grace_days if found.status == EXPIRED or _has_grace(shelf, found, end) else 0
    if found.status == DISABLED or (found.status == DELETED and found.since):
        start = found.since if found.status == DISABLED else None
        disabled = start or (found.since - timedelta(days=plan.retention_days) if found.since else None)
        expired = found.grace_on if found.reason == "ended" and found.grace_on else None
        end = expired or disabled
    else:
        expired = end if grace else None
        disabled = end + timedelta(days=grace) if end else None
    gone = disabled + timedelta(days=plan.retention_days) if disabled else None
    if found.status == DELETED:
        gone = found.since
    here = order.index(found.status) if found.status in order else 0
    renews = found.status in (ACTIVE, TRIAL) and found.recurring != OFF
    spans = [
        (first, None, end),
        (EXPIRED, expired, disabled),
        (DISABLED, disabled, gone),
        (DELETED, gone, None),
    ]
    out = []
    for index, (kind, start, stop) in enumerate(spans):
        if kind == EXPIRED and expired is None:
            continue
        state = "past" if index < here else "current" if index == here else "conditional" if renews else "ahead"
        out.append(Stage(kind, start, stop, state))
    return tuple(out)


def _has_grace(shelf: Shelf, found: Subscription, end: date | None) -> bool:
    last = last_grace(shelf.state, list(shelf.state.subscriptions.values()), found.product)
    return end is not None and (last is None or (end - last).days >= GRACE_ONCE_IN_DAYS)


def events_ahead(
    shelf: Shelf, found: Subscription, row: SubscriptionRow, life: tuple[Stage, ...]
) -> tuple[Event, ...]:
    """What comes by itself, soonest first. Sums only for readers who may see money."""
    money = "money.see" in shelf.account.permissions
    events = [*_charges(row, found, money), *_endings(found, life), *_closings(shelf, found)]
    if row.past_due and row.disabled_if_unpaid_on is not None:
        events.append(Event("disabled_if_unpaid", row.disabled_if_unpaid_on, _sum(row, row.overdue_minor, money)))
    return tuple(sorted((one for one in events if one.on >= shelf.today), key=lambda one: one.on))


def _sum(row: SubscriptionRow, minor: int, money: bool) -> dict[str, object]:
    return {"sum_minor": minor, "currency": row.currency} if money else {}


def _charges(row: SubscriptionRow, found: Subscription, money: bool) -> list[Event]:
    """The next charge, and the renewal where that comes later."""
    events, coming = [], row.next_invoice
    renews = row.milestone.on if row.milestone and row.milestone.kind in ("renews", "last_renewal") else None
    if coming is not None:
        kind = {SCHEDULED: "starts", TRIAL: "becomes_paid"}.get(found.status, "bills")
        kind = "renews" if coming.on == renews else kind
        events.append(Event(kind, coming.on, {"seats": coming.seats, **_sum(row, coming.gross_minor, money)}))
    if found.status == TRIAL and found.recurring != OFF and found.trial_end is not None:
        events.append(Event("last_off", found.trial_end - timedelta(days=1)))
    if renews is not None:
        seats = found.seats if found.booked_seats is None else found.booked_seats
        events.append(Event("last_change", renews - timedelta(days=1)))
        if coming is None or coming.on != renews:
            events.append(Event("renews", renews, {"seats": seats}))
    return events


def _endings(found: Subscription, life: tuple[Stage, ...]) -> list[Event]:
    """Loss of access and of data, where they come for certain; the end itself where users keep access after it."""
    events = []
    starts = {stage.kind: stage.start for stage in life if stage.state == "ahead" and stage.start is not None}
    ends = found.term_end if found.status == ACTIVE else found.trial_end
    if found.status in (ACTIVE, TRIAL) and found.recurring == OFF and ends is not None:
        events.append(Event("ends", ends))
    for kind, name in (("disabled", "loses_access"), ("deleted", "data_deleted")):
        if kind in starts:
            events.append(Event(name, starts[kind]))
    return events


def _closings(shelf: Shelf, found: Subscription) -> list[Event]:
    """The last moments at which licences can be taken off or the subscription be cancelled, where there are such."""
    if found.status != ACTIVE:
        return []
    known, zone = limits(shelf, found), shelf.state.timezone
    fewer, cancel = known.reduce_until, known.cancel_until
    both = [("window", fewer)] if fewer == cancel else [("fewer_until", fewer), ("cancel_until", cancel)]
    return [
        Event(kind, local_date(at, zone), {"at": at, "zone": zone, "seats": known.reduce_to})
        for kind, at in both
        if at is not None
    ]
