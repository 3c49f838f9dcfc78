"""From an account's frozen state to the rows that pages show. Pure: `queries.py` loads, this works out.

Every date, amount and refusal shown comes from the core's own functions, so that a page never promises what the
command would not do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.settle import next_charge
from seatkeeper.core.state import AccountState, Pool, Subscription
from seatkeeper.core.subscriptions.checks import last_grace, renewal_on, window_closes_at, window_open
from seatkeeper.core.tables import (
    ACTIVE,
    DELETED,
    DISABLED,
    EXPIRED,
    GRACE_ONCE_IN_DAYS,
    OFF,
    ONCE,
    POOLED,
    SCHEDULED,
    TRIAL,
    TRIAL_EXTENSION_LAST_DAYS,
)
from seatkeeper.core.tax.vat import tax_on, treatment
from seatkeeper.domain.accounts.rows import AccountRow, Control
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.licensing.rows import PoolRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.rows import (
    BannerRow,
    Booked,
    Limits,
    Milestone,
    NextInvoice,
    OfferRow,
    ProductsPage,
    Stage,
    SubscriptionRow,
)

REFERENCE_BASE = 10_000
FILTERS = ("all", "renewing", "expiring", "trial", "past_due", "inactive")
SORTS = ("product", "licences", "status", "date", "price", "invoice")


@dataclass(frozen=True, slots=True)
class Shelf:
    """An account's state with what the core has no use for: how methods and people are shown."""

    account: AccountRow
    state: AccountState
    methods: Mapping[int, MethodRow] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The account's billing date."""
        return self.account.today


def reference(subscription_id: int) -> str:
    """How a subscription is called on screens and in addresses."""
    return f"S-{REFERENCE_BASE + subscription_id}"


def id_from_reference(text: str) -> int | None:
    """The subscription's id, or None where the text is no reference."""
    digits = text.removeprefix("S-")
    return int(digits) - REFERENCE_BASE if digits.isascii() and digits.isdigit() and len(digits) < 12 else None


def plan_row(state: AccountState, plan: Plan, price: Price | None) -> PlanRow:
    """A plan with the price that counts."""
    product = state.catalog.products[plan.product]
    return PlanRow(
        id=plan.id,
        product=product.id,
        product_name=product.name,
        name=plan.name,
        term=plan.term,
        billing=plan.billing,
        policy=plan.policy.id,
        fewer=plan.policy.fewer,
        cancel=plan.policy.cancel,
        price=price,
        min_seats=plan.min_seats,
        max_seats=plan.max_seats,
        trial_days=plan.trial.days if plan.trial else None,
        trial_seats=plan.trial.seats if plan.trial else None,
        grace_days=plan.grace_days,
        retention_days=plan.retention_days,
    )


def plan_today(shelf: Shelf, plan: Plan) -> PlanRow:
    """A plan at the price in force today in the account's currency."""
    return plan_row(shelf.state, plan, plan.price_on(shelf.state.currency, shelf.today))


def monthly_minor(price: Price, seats: int, months: int) -> int:
    """The price of so many seats for a month, rounded; only for showing, nothing is charged by it."""
    return round_half_away(price.total_micro(seats), micro_per_minor(price.currency) * months)


def pool_row(shelf: Shelf, product: str) -> PoolRow:
    """The product's licences, and what the unassigned ones cost per month at the lowest price paid for them."""
    state = shelf.state
    pool = state.pools.get(product, Pool(product))
    holding = [one for one in state.subscriptions.values() if one.product == product and one.status in POOLED]
    idle = max(pool.bought - pool.assigned, 0)
    each = [
        monthly_minor(one.price, one.seats, state.catalog.plans[one.plan].billing_months) * 1_000 // one.seats
        for one in holding
        if one.status == ACTIVE and one.seats
    ]
    cost = round_half_away(min(each) * idle, 1_000) if each and idle else 0
    return PoolRow(
        product=product,
        bought=pool.bought,
        assigned=pool.assigned,
        suspended=pool.suspended,
        subscriptions=len(holding),
        idle_minor=cost,
        idle_is_least=len(set(each)) > 1,
        remove_on=pool.remove_on,
    )


def milestone(shelf: Shelf, found: Subscription) -> Milestone | None:
    """The date that stands in the row, by status and recurring billing (SCREENS.md 4.2)."""
    plan = shelf.state.catalog.plans[found.plan]
    if found.status == ACTIVE and found.term_end:
        kind = {OFF: "expires", ONCE: "last_renewal"}.get(found.recurring, "renews")
        return Milestone(kind, renewal_on(found) or found.term_end)
    if found.status == TRIAL and found.trial_end:
        return Milestone("trial_ends" if found.recurring == OFF else "becomes_paid", found.trial_end)
    if found.status == SCHEDULED and found.start_on:
        return Milestone("starts", found.start_on)
    if found.since is None:
        return None
    if found.status == EXPIRED:
        return Milestone("access_until", found.since + timedelta(days=plan.grace_days - 1))
    if found.status == DISABLED:
        return Milestone("data_until", found.since + timedelta(days=plan.retention_days - 1))
    return Milestone("deleted", found.since)


def booked(shelf: Shelf, found: Subscription) -> tuple[Booked, ...]:
    """What is booked, with the date on which it takes effect."""
    changes: list[Booked] = []
    on = renewal_on(found)
    if on is None:
        return ()
    if found.booked_seats is not None:
        changes.append(Booked("seats", on, seats=found.booked_seats))
    if found.booked_plan is not None:
        plan = shelf.state.catalog.plans[found.booked_plan]
        changes.append(Booked("plan", on, plan=plan_row(shelf.state, plan, plan.price_on(shelf.state.currency, on))))
    return tuple(changes)


def controls(shelf: Shelf, found: Subscription) -> dict[str, Control]:
    """For each command whether it is possible now, else the refusal that it would give."""
    state, out = shelf.state, {}

    def put(command: str, code: str | None = None, **facts: object) -> None:
        out[command] = Control(command, code, facts)

    overdue = state.overdue(shelf.today)
    debt = {
        "sum_minor": sum(one.due_minor for one in overdue),
        "currency": state.currency,
        "invoices": tuple(one.number for one in overdue),
    }
    blocked: tuple[str | None, dict[str, object]] = (None, {})
    if found.status == DELETED:
        blocked = ("subscription_deleted", {"subscription": found.id, "date": found.since})
    elif found.status == TRIAL:
        blocked = ("trial_must_be_bought_first", {"subscription": found.id})
    elif found.status != ACTIVE:
        blocked = ("not_active", {"subscription": found.id, "status": found.status, "date": found.start_on})
    for command in ("set_seats", "change_plan", "change_frequency"):
        put(command, blocked[0], **blocked[1])
    loose = ("active_or_trial", {}) if found.status in (ACTIVE, TRIAL) else blocked
    alive = loose[0] == "active_or_trial"
    put("set_recurring", None if alive else loose[0], **loose[1])
    put("cancel", None if alive or found.status == SCHEDULED else loose[0], **loose[1])
    put("undo", None if booked(shelf, found) else "nothing_to_undo", subscription=found.id)
    put("set_payment_method", "subscription_deleted" if found.status == DELETED else None, date=found.since)
    if found.status in (EXPIRED, DISABLED):
        put("reactivate", "balance_due" if overdue else None, **debt)
    if found.status in POOLED or found.status == DISABLED:
        put("assign", "not_active" if found.status == DISABLED else None, status=found.status, subscription=found.id)
    if found.status == TRIAL:
        put("buy_trial_now", "balance_due" if overdue else None, **debt)
        assert found.trial_end is not None
        first = found.trial_end - timedelta(days=TRIAL_EXTENSION_LAST_DAYS)
        if found.trial_extended:
            put("extend_trial", "trial_already_extended", date=found.trial_end, subscription=found.id)
        else:
            put("extend_trial", "trial_extension_not_yet" if shelf.today < first else None, date=first)
    return out


def subscription_row(shelf: Shelf, found: Subscription) -> SubscriptionRow:
    """The list's row of one subscription."""
    state = shelf.state
    plan = state.catalog.plans[found.plan]
    charge = next_charge(state, found, vat=treatment(state, shelf.today))
    overdue = [one for one in state.overdue(shelf.today) if one.holds(found.id)]
    last_day = max((days for days, action in state.seller.dunning if action == "disable"), default=None)
    disabled_on = min((one.due_on for one in overdue), default=None)
    return SubscriptionRow(
        id=found.id,
        reference=reference(found.id),
        plan=plan_row(state, plan, found.price),
        status=found.status,
        reason=found.reason if found.status in (DISABLED, DELETED) else None,
        past_due=state.past_due(found, shelf.today),
        recurring=found.recurring,
        seats=found.seats,
        pool=pool_row(shelf, found.product),
        milestone=milestone(shelf, found),
        currency=state.currency,
        monthly_minor=monthly_minor(found.price, found.seats, plan.billing_months) if found.status == ACTIVE else 0,
        next_invoice=NextInvoice(charge.on, charge.gross_minor, charge.net_minor, charge.seats) if charge else None,
        method=shelf.methods.get(found.method) if found.method is not None else None,
        bought_on=state.today(found.bought_at),
        booked=booked(shelf, found),
        overdue_minor=sum(one.due_minor for one in overdue),
        overdue_invoices=tuple(one.number for one in overdue),
        disabled_if_unpaid_on=disabled_on + timedelta(days=last_day) if disabled_on and last_day else None,
        trial_extended=found.trial_extended,
        controls=controls(shelf, found),
    )


def matches(row: SubscriptionRow, name: str) -> bool:
    """Whether a row belongs to one of FILTERS."""
    if name == "renewing":
        return row.status == ACTIVE and row.recurring != OFF
    if name == "expiring":
        return row.status == ACTIVE and row.recurring == OFF
    if name == "trial":
        return row.status == TRIAL
    if name == "past_due":
        return row.past_due
    if name == "inactive":
        return row.status not in (ACTIVE, TRIAL)
    return True


def _attention(row: SubscriptionRow) -> tuple[int, date, int]:
    """Default order: what needs attention, then the next date, deleted ones last."""
    rank = 3
    if row.past_due or row.reason == "unpaid":
        rank = 0
    elif row.pool.suspended or row.status == DISABLED:
        rank = 1
    elif row.status == EXPIRED:
        rank = 2
    if row.status == DELETED:
        rank = 9
    return rank, row.milestone.on if row.milestone else date.max, row.id


_SORT_KEYS = {
    "product": lambda row: (row.name.casefold(), row.id),
    "licences": lambda row: (row.seats, row.id),
    "status": lambda row: (row.status, row.id),
    "date": lambda row: (row.milestone.on if row.milestone else date.max, row.id),
    "price": lambda row: (row.monthly_minor, row.id),
    "invoice": lambda row: (row.next_invoice.gross_minor if row.next_invoice else 0, row.id),
}


def products_page(
    shelf: Shelf, *, search: str = "", shown: str = "all", sort: str = "", descending: bool = False
) -> ProductsPage:
    """The list. search: words in product, plan or number; shown: one of FILTERS; sort: one of SORTS or empty."""
    rows = [subscription_row(shelf, one) for one in shelf.state.subscriptions.values()]
    words = search.casefold().split()
    rows = [row for row in rows if all(word in _haystack(row) for word in words)]
    counts = {name: sum(matches(row, name) for row in rows) for name in FILTERS}
    chosen = [row for row in rows if matches(row, shown)]
    chosen.sort(key=_SORT_KEYS.get(sort, _attention), reverse=descending)
    pools = {row.product: row.pool for row in chosen if row.status in POOLED}
    every = {one.product: pool_row(shelf, one.product) for one in shelf.state.subscriptions.values()}
    idle = [pool for pool in every.values() if pool.idle_minor]
    return ProductsPage(
        account=shelf.account,
        rows=tuple(chosen),
        counts=counts,
        bought=sum(pool.bought for pool in pools.values()),
        assigned=sum(pool.assigned for pool in pools.values()),
        available=sum(pool.available for pool in pools.values()),
        monthly_minor=sum(row.monthly_minor for row in chosen),
        next_minor=sum(row.next_invoice.gross_minor for row in chosen if row.next_invoice),
        next_invoice=first_invoice(shelf, rows),
        idle_seats=sum(pool.available for pool in idle),
        idle_minor=sum(pool.idle_minor for pool in idle),
        idle_is_least=any(pool.idle_is_least for pool in idle),
        banner=banner(shelf, rows),
    )


def _haystack(row: SubscriptionRow) -> str:
    return f"{row.name} {row.plan.name} {row.reference}".casefold()


def first_invoice(shelf: Shelf, rows: Iterable[SubscriptionRow]) -> NextInvoice | None:
    """The earliest next invoice of the organisation: one document for each payment method on that date."""
    coming = [(row.next_invoice, row.method.id if row.method else 0) for row in rows if row.next_invoice]
    if not coming:
        return None
    on = min(one.on for one, _ in coming)
    rate = treatment(shelf.state, on)[1]
    net: dict[int, int] = {}
    for one, method in coming:
        if one.on == on:
            net[method] = net.get(method, 0) + one.net_minor
    gross = sum(amount + tax_on(amount, rate) for amount in net.values())
    return NextInvoice(on, gross, sum(net.values()), lines=sum(1 for one, _ in coming if one.on == on))


def banner(shelf: Shelf, rows: list[SubscriptionRow]) -> BannerRow | None:
    """The worst thing first: disabled for non-payment, past due, suspended licences (SCREENS.md, Banners)."""
    found: list[BannerRow] = []
    for row in rows:
        if row.status == DISABLED and row.reason == "unpaid" and row.overdue_minor:
            until = row.milestone.on if row.milestone else None
            since = shelf.state.subscriptions[row.id].since
            found.append(BannerRow("disabled_unpaid", _debt(row) | {"date": since, "date2": until}))
    for row in rows:
        if row.past_due:
            due = min(one.due_on for one in shelf.state.overdue(shelf.today) if one.holds(row.id))
            facts = _debt(row) | {
                "days": max((shelf.today - due).days, 1),
                "date": row.disabled_if_unpaid_on,
                "users": min(row.pool.assigned, row.seats),
            }
            found.append(BannerRow("past_due", facts))
    seen: set[str] = set()
    for row in rows:
        if row.pool.suspended and row.product not in seen:
            seen.add(row.product)
            facts = {
                "n": row.pool.suspended,
                "product": row.name,
                "date": row.pool.remove_on,
                "reference": row.reference,
            }
            found.append(BannerRow("suspended", facts))
    return replace(found[0], more=len(found) - 1) if found else None


def _debt(row: SubscriptionRow) -> dict[str, object]:
    return {
        "sum_minor": row.overdue_minor,
        "currency": row.currency,
        "product": row.name,
        "invoices": row.overdue_invoices,
        "reference": row.reference,
    }


def limits(shelf: Shelf, found: Subscription) -> Limits:
    """What can be reduced or ended now, until which instant, and from which date otherwise (DOMAIN.md 6)."""
    now: datetime = shelf.account.now
    own = window_open(found, now)
    closes = window_closes_at(found) if own else None
    added = sorted((closes_at, seats) for closes_at, seats in found.added_windows if closes_at > now)
    reduce_until, reduce_to = closes, 1 if own else None
    if not own and added:
        reduce_until = added[0][0]
        reduce_to = max(found.seats - sum(seats for _, seats in added), 1)
    return Limits(
        fewer=found.policy.fewer,
        cancel=found.policy.cancel,
        reduce_until=reduce_until if found.policy.fewer == "window" else None,
        reduce_to=reduce_to if found.policy.fewer == "window" else None,
        cancel_until=closes if found.policy.cancel == "window" else None,
        from_on=found.term_end,
    )


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


def offer_row(shelf: Shelf, product_id: str) -> OfferRow:
    """A product of the catalogue with its plans at today's prices."""
    state = shelf.state
    product = state.catalog.products[product_id]
    plans = [plan_today(shelf, state.catalog.plans[one]) for one in product.plans]
    plans = [one for one in plans if one.price is not None]
    each = [
        round_half_away(one.price.total_micro(max(one.min_seats, 1)), max(one.min_seats, 1) * one.billing_months)
        for one in plans
        if one.price is not None
    ]
    pool = state.pools.get(product_id, Pool(product_id))
    names = state.catalog.products
    return OfferRow(
        product=product.id,
        name=product.name,
        category=product.category,
        summary=product.summary,
        features=product.features,
        requires=tuple((one, names[one].name) for one in product.requires),
        excludes=tuple((one, names[one].name) for one in sorted(state.catalog.excluded(product.id))),
        plans=tuple(plans),
        from_micro=min(each, default=None),
        have=pool.bought,
        trial=next((one for one in plans if one.trial_days), None),
        sku=product.sku,
    )


def buy_control(shelf: Shelf) -> Control:
    """Whether buying is possible: not while anything of the organisation is overdue (DOMAIN.md 7)."""
    overdue = shelf.state.overdue(shelf.today)
    if not overdue:
        return Control("buy")
    return Control(
        "buy",
        "balance_due",
        {
            "sum_minor": sum(one.due_minor for one in overdue),
            "currency": shelf.state.currency,
            "invoices": tuple(one.number for one in overdue),
        },
    )


def trial_control(shelf: Shelf, product: str) -> Control:
    """Whether a trial of the product can start: once per organisation and product."""
    for one in shelf.state.subscriptions.values():
        if one.trial_start is not None and one.trial_product == product:
            return Control("start_trial", "trial_already_used", {"product": product, "date": one.trial_start})
    return replace(buy_control(shelf), command="start_trial")


def alignable(shelf: Shelf) -> tuple[SubscriptionRow, ...]:
    """The subscriptions that a purchase may be aligned with: active, renewing, a quarter of the term left."""
    found = []
    for one in shelf.state.subscriptions.values():
        if one.status != ACTIVE or one.recurring == OFF or one.term_start is None or one.term_end is None:
            continue
        if (one.term_end - shelf.today).days * 4 >= (one.term_end - one.term_start).days:
            found.append(subscription_row(shelf, one))
    return tuple(found)
