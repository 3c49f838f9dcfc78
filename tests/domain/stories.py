"""Random stories: what hypothesis draws, and how it is told on a test seller's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import RECURRING
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.subscriptions.clock import advance
from seatkeeper.domain.subscriptions.run import tick
from tests.cast import CAST, CATALOG, Story

PLANS = tuple(CATALOG.plans)
PRODUCTS = tuple(CATALOG.products)
STARTS = ("2026-03-01T09:00", "2024-01-31T23:30", "2024-02-29T12:00", "2025-10-25T00:00", "2026-12-31T23:59")


@dataclass(frozen=True)
class Step:
    """So many hours later somebody does something; the numbers choose to what and how much."""

    hours: int
    action: str
    which: int
    number: int

    def __repr__(self) -> str:
        return f"Step({self.hours}, {self.action!r}, {self.which}, {self.number})"


@dataclass(frozen=True)
class Plot:
    """A whole story: who, from when, where credits go, and the steps."""

    who: str
    start: str
    credit_to: str
    steps: tuple[Step, ...]


@dataclass
class Telling:
    """A plot being told. watch: called with (telling, command, arguments) in place of giving the command."""

    plot: Plot
    story: Story
    watch: Callable[[Telling, str, dict[str, Any]], Any] | None = None
    standing_still: bool = False
    done: list[tuple[str, str | None]] = field(default_factory=list)

    def subscriptions(self) -> list[Subscription]:
        """All subscriptions, oldest first."""
        return [one for _, one in sorted(self.story.state().subscriptions.items())]

    def tell(self) -> Telling:
        """Tell every step."""
        for step in self.plot.steps:
            self.wait(step.hours)
            command, arguments = self._asked(step)
            if command is not None:
                self.done.append((command, self._do(command, arguments)))
        return self

    def wait(self, hours: int) -> None:
        """Move the clock; standing still means that the billing run comes only once, at the end of the wait."""
        story = self.story
        story.now += timedelta(hours=hours)
        if self.standing_still:
            Seller.objects.filter(id=story.seller).update(clock_at=story.now)
            tick(story.now, seller=story.seller)
        else:
            advance(story.seller, story.now)

    def _do(self, command: str, arguments: dict[str, Any]) -> str | None:
        try:
            if self.watch is not None:
                self.watch(self, command, arguments)
            else:
                self.give(command, arguments)
        except Refused as refusal:
            return refusal.code
        return None

    def give(self, command: str, arguments: dict[str, Any], **more: Any) -> Any:
        """Give the command itself."""
        role = "seller" if command == "receive_payment" else "owner"
        return self.story.give(command, role=role, **arguments, **more)

    def _asked(self, step: Step) -> tuple[str | None, dict[str, Any]]:
        story, which, number = self.story, step.which, step.number
        plan = PLANS[which % len(PLANS)]
        if step.action in ("buy", "start_trial"):
            return step.action, {"plan": plan, "seats": number}
        if step.action == "buy_later":
            on = story.state().today(story.now) + timedelta(days=number)
            return "buy", {"plan": plan, "seats": number, "start": on}
        if step.action == "order":
            return "order", {"items": tuple(self._items(which, number)), "purchase_order": f"PO-{which}"}
        if step.action in ("assign", "unassign"):
            first = which % 15 + 1
            users = story.users(*range(first, min(first + number % 6, 20) + 1))
            return step.action, {"product": PRODUCTS[which % len(PRODUCTS)], "users": users}
        if step.action == "keep":
            return "keep", self._exchange(which, number)
        if step.action.startswith("card_"):
            return self._card(step.action.removeprefix("card_"))
        if step.action == "receive_payment":
            return "receive_payment", {"amount_minor": None if number % 3 else number * 100}
        if step.action == "wait":
            return None, {}
        return self._on_a_subscription(step, plan)

    def _items(self, which: int, number: int) -> Iterator[dict[str, Any]]:
        """One to four items: one today or aligned, one later, one on trial, one for everybody."""
        known = self.subscriptions()
        for position in range(1 + which % 4):
            item: dict[str, Any] = {"plan": PLANS[(which + position) % len(PLANS)], "seats": number}
            if position == 0 and known and number % 3 == 0:
                item["align_with"] = known[number % len(known)].id
            elif position == 1:
                item["start"] = self.story.state().today(self.story.now) + timedelta(days=number)
            elif position == 2:
                item["trial"] = True
            elif position == 3:
                item["assign_all"] = True
            yield item

    def _exchange(self, which: int, number: int) -> dict[str, Any]:
        """Some of those who are suspended and as many who are not, as far as there are any."""
        product = PRODUCTS[which % len(PRODUCTS)]
        held = Assignment.objects.filter(account_id=self.story.account, product=product).order_by("id")
        back = list(held.filter(suspended_on__isnull=False).values_list("user_id", flat=True))
        active = list(held.filter(suspended_on__isnull=True).values_list("user_id", flat=True))
        count = min(len(back), len(active), number)
        return {"product": product, "back": tuple(back[:count]), "instead": tuple(active[:count])}

    def _card(self, outcome: str) -> tuple[str | None, dict[str, Any]]:
        if CAST[self.plot.who]["payment"] != "card":
            return None, {}
        old = self.story.members[self.plot.who].current_method()
        return "replace_card", {"old": old, "token": f"sandbox_{outcome}", "label": outcome}

    def _on_a_subscription(self, step: Step, plan: str) -> tuple[str | None, dict[str, Any]]:
        known = self.subscriptions()
        if not known:
            return None, {}
        one = known[step.which % len(known)]
        asked: dict[str, Any] = {"subscription": one.id}
        name, _, when = step.action.partition("@")
        if when:
            asked["when"] = when
        if name == "align":
            return "buy", {"plan": plan, "seats": step.number, "align_with": one.id}
        if name == "set_seats":
            asked["seats"] = step.number
        elif name == "release":
            name = "set_seats"
            asked.update(seats=max(one.seats - step.number, 1), release=self.story.users(1, 2, 3))
        elif name == "add_and_assign":
            asked.update(seats=one.seats + step.number, users=self.story.users(1, 2, 1 + step.number % 20))
        elif name in ("change_plan", "change_frequency"):
            asked["plan"] = PLANS[step.number % len(PLANS)]
        elif name == "set_recurring":
            asked["to"] = RECURRING[step.number % 3]
        return name, asked


ACTIONS = (
    *("buy", "buy", "buy", "set_seats@now", "set_seats@now", "set_seats@now", "set_seats@renewal", "change_plan@now"),
    *("change_plan@now", "change_plan@renewal", "change_frequency", "set_recurring", "set_recurring", "cancel@now"),
    *("cancel@end", "reactivate", "reactivate", "undo", "assign", "assign", "unassign", "start_trial", "extend_trial"),
    *("order", "order", "buy_trial_now", "buy_later", "align", "receive_payment", "wait"),
)
HOLDING = ("assign", "add_and_assign", "add_and_assign", "keep", "keep", "set_seats@renewal", "release@renewal")
"""What makes licences short and chooses who keeps one."""
CARD_TROUBLE = ("card_declined", "card_lost", "card_ok", "card_ok")


def steps(*actions: str) -> st.SearchStrategy[Step]:
    """One step with one of these actions."""
    hours = st.one_of(st.integers(0, 48), st.integers(0, 24 * 45), st.sampled_from([0, 168, 24 * 31, 24 * 95]))
    return st.builds(Step, hours, st.sampled_from(actions), st.integers(0, 30), st.integers(1, 25))


def plots(
    *, who: tuple[str, ...] = tuple(CAST), actions: tuple[str, ...] = ACTIONS + CARD_TROUBLE
) -> st.SearchStrategy[Plot]:
    """A story that begins with a purchase."""
    first = st.builds(Step, st.just(0), st.just("buy"), st.integers(0, 30), st.integers(1, 25))
    rest = st.lists(steps(*actions), min_size=6, max_size=30)
    whole = st.tuples(first, rest).map(lambda pair: (pair[0], *pair[1]))
    return st.builds(Plot, st.sampled_from(who), st.sampled_from(STARTS), st.sampled_from(["balance", "refund"]), whole)


def begin(plot: Plot, **more: Any) -> Telling:
    """A telling on a new seller."""
    return Telling(plot, Story(plot.who, at=plot.start, credit_to=plot.credit_to), **more)


def lines_of(account: int) -> list[tuple[Any, ...]]:
    """The lines as they count for what is owed: no ids, no documents, no VAT."""
    columns = ("period_start", "sequence", "kind", "plan", "seats", "start_on", "end_on", "amount_minor", "left_minor")
    order = ("subscription_id", "period_start", "sequence")
    return list(Line.objects.filter(account_id=account).order_by(*order).values_list(*columns))


def totals_of(account: int) -> tuple[int, int, int, int]:
    """Net, due, credited and the balance of an account."""
    documents = Document.objects.filter(account_id=account)
    net = sum(documents.values_list("net_minor", flat=True))
    due = sum(documents.values_list("due_minor", flat=True))
    own = Account.objects.get(id=account)
    assert not own.parked_reason, own.parked_reason
    return net, due, sum(documents.values_list("credited_minor", flat=True)), own.balance_minor


def periods_of(account: int) -> dict[int, list[tuple[date, date]]]:
    """The billing periods that were charged, by subscription, in order."""
    found: dict[int, list[tuple[date, date]]] = {}
    rows = Line.objects.filter(account_id=account).order_by("subscription_id", "period_start", "sequence")
    for subscription, start, end in rows.values_list("subscription_id", "period_start", "end_on"):
        own = found.setdefault(subscription, [])
        if (start, end) not in own:
            own.append((start, end))
    return found
