"""Reports over postings, lines and documents, as sums of whole minor units. Pure: `domain.books` reads the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from seatkeeper.core.ledger.recipes import DEFERRED
from seatkeeper.core.ledger.recognition import Service, recognised_minor

REVENUE: Final = "revenue"
"""The account to which recognised revenue goes: worked out from the lines' service periods, never posted."""

AGES: Final = (("not_due", None), ("1_30", 30), ("31_60", 60), ("61_90", 90), ("over_90", None))
DOMESTIC, OSS, LOCAL, REVERSE, OUTSIDE, EXEMPT = (
    "domestic", "one_stop_shop", "local", "reverse_charge", "outside_eu", "exempt",
)
SCHEMES: Final = {"AE": REVERSE, "O": OUTSIDE, "E": EXEMPT, "Z": DOMESTIC}


class Balance(NamedTuple):
    """One account of the trial balance. balance_minor: debit less credit."""

    currency: str
    account: str
    debit_minor: int
    credit_minor: int

    @property
    def balance_minor(self) -> int:
        """Debit less credit."""
        return self.debit_minor - self.credit_minor


def trial_balance(
    sums: Iterable[tuple[str, str, str, int]], recognised: Iterable[tuple[str, int]] = ()
) -> tuple[Balance, ...]:
    """Sums of (currency, debit, credit, amount), and by currency what was recognised, as accounts in order."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    every = [*sums, *((currency, DEFERRED, REVENUE, amount) for currency, amount in recognised if amount)]
    for currency, debit, credit, amount in every:
        found[currency, debit][0] += amount
        found[currency, credit][1] += amount
    return tuple(Balance(*key, *both) for key, both in sorted(found.items()))


def age_of(due_on: date, on: date) -> str:
    """The column of the ageing: days after the due date."""
    late = (on - due_on).days
    if late <= 0:
        return "not_due"
    return next((name for name, most in AGES[1:-1] if most is not None and late <= most), "over_90")


class Revenue(NamedTuple):
    """One day or span. deferred_minor: invoiced and not recognised at its end."""

    currency: str
    start: date
    end: date
    invoiced_minor: int
    recognised_minor: int
    deferred_minor: int


def revenue(services: Iterable[tuple[str, Service]], spans: Iterable[tuple[date, date]]) -> tuple[Revenue, ...]:
    """Invoiced, recognised and deferred in each [start, end), by currency. services: (currency, what a line is for)."""
    wanted = list(spans)
    edges = sorted({day for span in wanted for day in span})
    invoiced: dict[tuple[str, date], int] = defaultdict(int)
    recognised: dict[tuple[str, date], int] = defaultdict(int)
    currencies: dict[str, None] = {}
    for currency, one in services:
        currencies[currency] = None
        for edge in edges:
            last = edge - timedelta(days=1)
            if one.issued_on <= last:
                invoiced[currency, edge] += one.amount_minor
                recognised[currency, edge] += recognised_minor(one, last)
    return tuple(
        Revenue(
            currency, start, end, invoiced[currency, end] - invoiced[currency, start],
            recognised[currency, end] - recognised[currency, start],
            invoiced[currency, end] - recognised[currency, end],
        )
        for currency in sorted(currencies)
        for start, end in wanted
    )


def vat_scheme(category: str, *, seller: str, buyer: str, registered_in: tuple[str, ...] = ()) -> tuple[str, str]:
    """(scheme, country whose VAT it is) of a document's sum."""
    if category != "S":
        return SCHEMES.get(category, category), buyer if category in ("AE", "O") else seller
    if buyer == seller:
        return DOMESTIC, seller
    return (LOCAL if buyer in registered_in else OSS), buyer
