"""Exchange rates of the euro: those that come along, and those that were published since."""

from __future__ import annotations

from datetime import date

from seatkeeper.domain.invoicing.models import ExchangeRate
from seatkeeper.domain.invoicing.ports import EuroRate
from seatkeeper.domain.invoicing.wiring import shipped_rates
from seatkeeper.kit.bulk import Table

RATES = Table(ExchangeRate)
EURO = "EUR"


def rate_before(currency: str, on: date) -> EuroRate | None:
    """The rate last published before a day, so that it was known at any moment of it; None where there is none."""
    if currency == EURO:
        return EuroRate("1", on, "")
    rows = RATES.find(
        ("per_euro", "published_on", "source"),
        "currency = %s AND published_on < %s ORDER BY published_on DESC LIMIT 1",
        (currency, RATES.parameter("published_on", on)),
    )
    known = [EuroRate(*row) for row in rows]
    shipped = shipped_rates().before(currency, on)
    if shipped is not None:
        known.append(shipped)
    return max(known, key=lambda one: one.on, default=None)


def keep(rates: list[tuple[str, date, str, str]]) -> int:
    """Keep published rates, (currency, day, per euro, source); what is known already stays. How many are new."""
    rows = [ExchangeRate(currency=c, published_on=on, per_euro=rate, source=source) for c, on, rate, source in rates]
    before = ExchangeRate.objects.count()
    ExchangeRate.objects.bulk_create(rows, ignore_conflicts=True)
    return ExchangeRate.objects.count() - before
