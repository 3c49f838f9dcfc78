"""The rehearsal of a renewal: the exact next invoice of every choice (SCREENS.md 4.10). Pure, on an account's state.

Each choice is decided as the command `set_renewal` that it gives; its money is the forecast of what that leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from seatkeeper.core.decide import decide
from seatkeeper.core.forecast import Charge, Coming, charges, documents
from seatkeeper.core.periods import ONE_DAY, boundary, months_between
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.tables import ACTIVE, OFF, ON
from seatkeeper.domain.accounts.rows import AccountRow, Control
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.life import stages
from seatkeeper.domain.subscriptions.picture import Shelf, plan_row, subscription_row
from seatkeeper.domain.subscriptions.rows import SubscriptionRow

OPENS_DAYS = 60
"""So many days before a renewal its choices are laid out (SCREENS.md 4.10)."""
YEAR = 12
AS_IS, ASSIGNED, FREQUENCY, END, BOOKED = "as_is", "assigned", "frequency", "end", "booked"


@dataclass(frozen=True, slots=True)
class Choice:
    """One card. kind: as_is, assigned, frequency, end, or booked (what is booked and none of these).

    invoice: the whole document of that day and payment method; own_net_minor: this subscription's part of it.
    yearly_minor: the subscription's documents, VAT included, per year; less_minor: how much less than as it is.
    fixed_until: the last day of a term that cannot be ended before; access_until, data_until: of letting it end.
    losing: users without a licence afterwards. arguments: of the command set_renewal.
    """

    name: str
    kind: str
    plan: PlanRow
    seats: int
    invoice: Coming | None = None
    own_net_minor: int = 0
    yearly_minor: int = 0
    less_minor: int = 0
    fixed_until: date | None = None
    access_until: date | None = None
    data_until: date | None = None
    losing: int = 0
    chosen: bool = False
    control: Control = field(default=Control("set_renewal"))
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenewalPage:
    """A renewal's choices; none of them before `opens_on`. on: the first day after the present term."""

    account: AccountRow
    row: SubscriptionRow
    on: date
    opens_on: date
    choices: tuple[Choice, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the choices are shown today."""
        return self.opens_on <= self.account.today

    @property
    def chosen(self) -> Choice:
        """What happens if nothing is done."""
        return next(one for one in self.choices if one.chosen)


def renewal_open(shelf: Shelf, found: Subscription) -> bool:
    """Whether an active subscription's term ends within OPENS_DAYS, so that its choices are laid out."""
    end = found.term_end
    return found.status == ACTIVE and end is not None and end - timedelta(days=OPENS_DAYS) <= shelf.today


def renewal_page(shelf: Shelf, found: Subscription) -> RenewalPage | None:
    """The page of an active subscription's renewal; None where it has none."""
    if found.status != ACTIVE or found.term_end is None:
        return None
    on = found.term_end
    page = RenewalPage(shelf.account, subscription_row(shelf, found), on, on - timedelta(days=OPENS_DAYS))
    return replace(page, choices=_choices(shelf, found, on)) if page.is_open else page


def _choices(shelf: Shelf, found: Subscription, on: date) -> tuple[Choice, ...]:
    state = shelf.state
    wanted = _wanted(state, found, on)
    plans = [state.catalog.plans[str(plan or found.plan)] for *_, plan in wanted]
    months = max(YEAR, *(plan.term_months for plan in plans), *(plan.billing_months for plan in plans))
    others = [
        one
        for each in state.subscriptions.values()
        if each.id != found.id
        for one in charges(state, each, until=on + ONE_DAY)
        if one.on == on
    ]
    rehearsed = [_rehearsed(shelf, found, one, on, months, others) for one in wanted]
    cards = [card for card in rehearsed if card is not None]
    if not any(card.chosen for card in cards):
        cards.insert(0, _card(shelf, found, found, BOOKED, on, months, others, chosen=True))
    as_is = next((card for card in cards if card.kind == AS_IS), cards[0])
    chosen = next(card for card in cards if card.chosen)
    cards = [_compared(shelf, card, as_is, chosen) for card in cards]
    return tuple(sorted(cards, key=lambda card: not card.chosen))


def _wanted(state: AccountState, found: Subscription, on: date) -> list[tuple[str, int | None, str | None]]:
    """(kind, seats or None, plan or None) of the cards to show."""
    wanted: list[tuple[str, int | None, str | None]] = [(AS_IS, None, None)]
    pool = state.pools.get(found.product)
    if pool is not None:
        needed = max(pool.assigned - (pool.bought - found.seats), state.catalog.plans[found.plan].min_seats, 1)
        if needed < found.seats:
            wanted.append((ASSIGNED, needed, None))
    for id_ in state.catalog.products[found.product].plans:
        plan = state.catalog.plans[id_]
        if id_ != found.plan and plan.price_on(state.currency, on) is not None:
            wanted.append((FREQUENCY, None, id_))
    return [*wanted, (END, None, None)]


def _rehearsed(
    shelf: Shelf, found: Subscription, wanted: tuple[str, int | None, str | None], on: date, months: int,
    others: list[Charge],
) -> Choice | None:
    """The card of a choice; None where the command would refuse it for good."""
    kind, seats, plan = wanted
    arguments = {"recurring": OFF if kind == END else ON, "seats": seats, "plan": plan}
    after, chosen = found, False
    try:
        decision = decide(
            shelf.state, "set_renewal", {"subscription": found.id, **arguments}, now=shelf.account.now
        )
        after = next(one for _, one in decision.subscriptions if one.id == found.id)
    except Refused as refused:
        if refused.code != "nothing_changes":
            return None
        chosen = True
    return _card(shelf, found, after, kind, on, months, others, chosen=chosen, arguments=arguments)


def _card(
    shelf: Shelf, found: Subscription, after: Subscription, kind: str, on: date, months: int, others: list[Charge],
    *, chosen: bool, arguments: Mapping[str, object] | None = None,
) -> Choice:
    state = shelf.state
    assert after.anchor is not None
    until = boundary(after.anchor, months_between(after.anchor, on) + months)
    own = [one for one in charges(state, after, until=until) if one.on >= on]
    first = own[0] if own and own[0].on == on else None
    plan = state.catalog.plans[first.plan if first else after.booked_plan or after.plan]
    choice = Choice(
        name=f"{kind}-{plan.id}" if kind == FREQUENCY else kind,
        kind=kind,
        plan=plan_row(state, plan, plan.price_on(state.currency, on)),
        seats=first.seats if first else after.seats,
        yearly_minor=sum(one.gross_minor for one in documents(state, own)) * YEAR // months,
        chosen=chosen,
        arguments=arguments or {},
    )
    if first is None:
        return _ended(shelf, found, after, choice, on)
    whole = documents(state, [*others, first])
    invoice = next(one for one in whole if first in one.charges)
    fixed = plan.policy.cancel == "window"
    last = boundary(after.anchor, months_between(after.anchor, on) + plan.term_months) - ONE_DAY
    return replace(
        choice, invoice=invoice, own_net_minor=first.net_minor, fixed_until=last if fixed else None
    )


def _ended(shelf: Shelf, found: Subscription, after: Subscription, choice: Choice, on: date) -> Choice:
    """What is lost when, by the stages that the subscription's own page shows."""
    spans = {stage.kind: stage for stage in stages(shelf, after)}
    pool = shelf.state.pools.get(found.product)
    losing = max(pool.assigned - (pool.bought - found.seats), 0) if pool else 0
    disabled = spans["disabled"]
    return replace(
        choice,
        losing=losing,
        access_until=disabled.start - ONE_DAY if disabled.start else None,
        data_until=disabled.end - ONE_DAY if disabled.end else None,
    )


def _compared(shelf: Shelf, card: Choice, as_is: Choice, chosen: Choice) -> Choice:
    """With what it saves; one that is dearer than what is chosen is refused while a balance is due."""
    overdue = shelf.state.overdue(shelf.today)
    control = card.control
    if overdue and card.yearly_minor > chosen.yearly_minor:
        facts = {
            "sum_minor": sum(one.due_minor for one in overdue),
            "currency": shelf.state.currency,
            "invoices": tuple(one.number for one in overdue),
        }
        control = Control("set_renewal", "balance_due", facts)
    return replace(card, less_minor=as_is.yearly_minor - card.yearly_minor, control=control)
