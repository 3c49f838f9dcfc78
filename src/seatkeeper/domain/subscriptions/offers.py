"""What an organisation can buy: products with their plans, and whether buying and trying are possible. Pure."""

from __future__ import annotations

from dataclasses import replace

from seatkeeper.core.money import round_half_away
from seatkeeper.core.state import AccountState, Pool
from seatkeeper.core.tables import ACTIVE, OFF
from seatkeeper.domain.accounts.rows import Control
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.ordering_rows import AlignRow
from seatkeeper.domain.subscriptions.picture import Shelf, plan_today
from seatkeeper.domain.subscriptions.rows import OfferRow


def offer_row(shelf: Shelf, product_id: str) -> OfferRow:
    """A product of the catalogue with its plans at today's prices."""
    state = shelf.state
    product = state.catalog.products[product_id]
    plans = [plan_today(shelf, state.catalog.plans[one]) for one in product.plans]
    plans = [one for one in plans if one.price is not None]
    each = [_licence_micro(one, 1) for one in plans]
    years = {one.id: _licence_micro(one, 12) for one in plans}
    pool = state.pools.get(product_id, Pool(product_id))
    names = state.catalog.products
    return OfferRow(
        product=product.id,
        name=product.name,
        category=product.category,
        summary=product.summary,
        summary_nl=product.summary_nl,
        features=product.features,
        requires=tuple((one, names[one].name) for one in product.requires),
        excludes=tuple((one, names[one].name) for one in sorted(state.catalog.excluded(product.id))),
        plans=tuple(plans),
        from_micro=min(each, default=None),
        from_year_micro=min(years.values(), default=None),
        year_micro=years,
        have=pool.bought,
        trial=next((one for one in plans if one.trial_days), None),
        sku=product.sku,
        category_nl=product.category_nl,
        features_nl=product.features_nl,
        requirements=product.requirements,
        requirements_nl=product.requirements_nl,
        excluded_here=tuple(
            names[one].name for one in sorted(state.catalog.excluded(product.id)) if _has(state, one)
        ),
        lacking=tuple((one, names[one].name) for one in product.requires if not _has(state, one)),
    )


def _licence_micro(plan: PlanRow, months: int) -> int:
    """What a licence costs for so many months, at the fewest that the plan sells; only for showing."""
    assert plan.price is not None
    least = max(plan.min_seats, 1)
    return round_half_away(plan.price.total_micro(least) * months, least * plan.billing_months)


def _has(state: AccountState, product: str) -> bool:
    """Whether the organisation has licences of the product now."""
    pool = state.pools.get(product)
    return pool is not None and pool.bought > 0


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


def alignable(shelf: Shelf) -> tuple[AlignRow, ...]:
    """The subscriptions that a purchase may be aligned with: active, renewing, a quarter of the term left."""
    catalog, found = shelf.state.catalog, []
    for one in shelf.state.subscriptions.values():
        if one.status != ACTIVE or one.recurring == OFF or one.term_start is None or one.term_end is None:
            continue
        if (one.term_end - shelf.today).days * 4 >= (one.term_end - one.term_start).days:
            plan = catalog.plans[one.plan]
            name = catalog.products[one.product].name
            found.append(AlignRow(one.id, name, plan.term, plan.billing, one.term_end))
    return tuple(found)
