"""The worked examples of the help pages: one for each topic, decided by the core when a page is first read.

All are about one imaginary Dutch organisation that bought 10 licences of a flexible monthly plan at €12.50 on
1 March 2026. No amount is typed here or in a template: each is what the engine itself decides, so a help page
cannot promise another sum than the sheet shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from seatkeeper.core.catalog.plans import Catalog, Plan, Product
from seatkeeper.core.catalog.prices import PER_SEAT, DatedPrice, Price
from seatkeeper.core.decide import decide
from seatkeeper.core.decision import Decision, Document, Line, NextCharge
from seatkeeper.core.money import micro_from_text
from seatkeeper.core.periods import days_between
from seatkeeper.core.state import AccountState, ChargeLine, Method, OpenDocument, Pool, Seller, Subscription
from seatkeeper.core.tables import CARD, EXPIRED, FLEXIBLE, OFF
from seatkeeper.core.tax.rates import standard_rate

CURRENCY = "EUR"
COUNTRY = "NL"
ZONE = "Europe/Amsterdam"
SEATS = 10
MONTHLY_PRICE = "12.50"
YEARLY_PRICE = "140.40"
BOUGHT_ON = date(2026, 3, 1)
CHANGED_ON = date(2026, 3, 15)
BACK_ON = date(2026, 4, 10)
PAID_ON = date(2026, 3, 5)


@dataclass(frozen=True, slots=True)
class Example:
    """What a help page shows. Amounts in minor units of EUR, never negative; spans are half-open.

    on: the day of the command; seats, becomes: licences before and after; net, vat, gross: what moves at once (0
    where nothing does); start, end, days, of_days: the days that this is for, out of the billing period's. later,
    later_was: the next regular charge with the change and without it; other: the same with another choice.
    """

    on: date
    seats: int
    becomes: int
    price_micro: int
    net_minor: int = 0
    vat_minor: int = 0
    gross_minor: int = 0
    start: date | None = None
    end: date | None = None
    days: int = 0
    of_days: int = 0
    later: NextCharge | None = None
    later_was: NextCharge | None = None
    other: Example | None = None

    @property
    def vat_rate(self) -> str:
        """The VAT rate in percent."""
        return standard_rate(COUNTRY, self.on)

    @property
    def later_price_micro(self) -> int:
        """The price of one licence for a whole period of the next regular charge."""
        found = CATALOG.plans[self.later.plan].price_on(CURRENCY, self.later.on) if self.later else None
        return found.total_micro(1) if found else 0

    @property
    def saved_a_year_minor(self) -> int:
        """What the next regular charge, a year's, is less than twelve of the old ones, VAT included."""
        if self.later is None or self.later_was is None:
            return 0
        return self.later_was.gross_minor * (12 // self.later_was.months) - self.later.gross_minor


def _plan(name: str, interval: str, price: str) -> Plan:
    found = Price(CURRENCY, PER_SEAT, ((None, micro_from_text(price)),))
    return Plan(name, "standard", interval, interval, FLEXIBLE, (DatedPrice(date(2020, 1, 1), found),))


CATALOG = Catalog(
    products={"standard": Product("standard", "Business Standard", plans=("monthly", "yearly"))},
    plans={
        "monthly": _plan("monthly", "P1M", MONTHLY_PRICE),
        "yearly": _plan("yearly", "P1Y", YEARLY_PRICE),
    },
)


def at(on: date) -> datetime:
    """Nine in the morning of that day, where the organisation is."""
    return datetime(on.year, on.month, on.day, 9, tzinfo=ZoneInfo(ZONE))


def _empty() -> AccountState:
    return AccountState(
        id=1,
        seller=Seller(1, COUNTRY, ZONE),
        catalog=CATALOG,
        country=COUNTRY,
        currency=CURRENCY,
        timezone=ZONE,
        default_method=1,
        methods={1: Method(1, CARD), 2: Method(2, CARD)},
        charges={},
        payments=(),
    )


def _with(subscription: Subscription, charged_minor: int) -> AccountState:
    line = ChargeLine(1, 1, charged_minor, "S", "21")
    return replace(
        _empty(),
        subscriptions={1: subscription},
        pools={"standard": Pool("standard", bought=subscription.seats)},
        charges={1: (line,)},
    )


@lru_cache(maxsize=1)
def bought() -> AccountState:
    """The organisation as it stands after buying 10 licences on 1 March."""
    decision = decide(_empty(), "buy", {"plan": "monthly", "seats": SEATS}, now=at(BOUGHT_ON))
    subscription = replace(decision.subscriptions[0][1], id=1)
    return _with(subscription, decision.documents[0].net_minor)


def _told(decision: Decision, *, before: int, after: int, was: NextCharge | None = None) -> Example:
    """The decision's first document and next charge as an example."""
    example = Example(
        decision.on,
        before,
        after,
        micro_from_text(MONTHLY_PRICE),
        later=decision.then[0] if decision.then else None,
        later_was=was,
    )
    if not decision.documents:
        return example
    document: Document = decision.documents[0]
    line: Line = document.lines[0]
    return replace(
        example,
        net_minor=abs(document.net_minor),
        vat_minor=abs(document.vat_minor),
        gross_minor=abs(document.gross_minor),
        start=line.start,
        end=line.end,
        days=days_between(line.start, line.end),
        of_days=line.days_in_period,
    )


def _unchanged() -> NextCharge:
    """The next regular charge if nothing is changed."""
    return decide(_empty(), "buy", {"plan": "monthly", "seats": SEATS}, now=at(BOUGHT_ON)).then[0]


def _licences() -> Example:
    arguments = {"subscription": 1, "seats": 12, "when": "now"}
    decision = decide(bought(), "set_seats", arguments, now=at(CHANGED_ON))
    return _told(decision, before=SEATS, after=12, was=_unchanged())


def _status() -> Example:
    active = bought().subscriptions[1]
    expired = replace(active, status=EXPIRED, recurring=OFF, since=active.term_end, grace_on=active.term_end)
    decision = decide(_with(expired, 0), "reactivate", {"subscription": 1}, now=at(BACK_ON))
    return _told(decision, before=SEATS, after=SEATS)


def _renewal() -> Example:
    arguments = {"subscription": 1, "seats": 8, "when": "renewal"}
    decision = decide(bought(), "set_seats", arguments, now=at(CHANGED_ON))
    return _told(decision, before=SEATS, after=8, was=_unchanged())


def _payment() -> Example:
    """The invoice of 1 March was declined; another card is chosen on 5 March."""
    buying = decide(_empty(), "buy", {"plan": "monthly", "seats": SEATS}, now=at(BOUGHT_ON)).documents[0]
    unpaid = OpenDocument(
        id=1,
        number="",
        issued_on=BOUGHT_ON,
        due_on=BOUGHT_ON,
        gross_minor=buying.gross_minor,
        due_minor=buying.gross_minor,
        method=1,
        covers=frozenset({(1, BOUGHT_ON)}),
        overdue_from=BOUGHT_ON,
    )
    state = replace(bought(), documents=(unpaid,))
    decision = decide(state, "set_payment_method", {"subscription": 1, "method": 2}, now=at(PAID_ON))
    told = _told(decision, before=SEATS, after=SEATS)
    tried = sum(one.amount_minor for one in decision.tries)
    return replace(told, net_minor=buying.net_minor, vat_minor=buying.vat_minor, gross_minor=tried)


def _frequency() -> Example:
    decision = decide(bought(), "change_frequency", {"subscription": 1, "plan": "yearly"}, now=at(CHANGED_ON))
    return _told(decision, before=SEATS, after=SEATS, was=_unchanged())


def _cancelling() -> Example:
    decision = decide(bought(), "cancel", {"subscription": 1, "when": "now"}, now=at(CHANGED_ON))
    return _told(decision, before=SEATS, after=0)


def _buying() -> Example:
    """Five more on a renewal date of their own; other: the same five, aligned with the renewal on 1 April."""
    arguments = {"plan": "monthly", "seats": 5}
    own = decide(bought(), "buy", arguments, now=at(CHANGED_ON))
    aligned = decide(bought(), "buy", arguments | {"align_with": 1}, now=at(CHANGED_ON))
    return replace(_told(own, before=0, after=5), other=_told(aligned, before=0, after=5))


MAKERS: Mapping[str, Callable[[], Example]] = {
    "licences": _licences,
    "status": _status,
    "renewal": _renewal,
    "payment": _payment,
    "frequency": _frequency,
    "cancelling": _cancelling,
    "buying": _buying,
}


@lru_cache(maxsize=16)
def example(topic: str) -> Example:
    """The example of a help topic."""
    return MAKERS[topic]()
