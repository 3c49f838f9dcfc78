"""What a document prints is kept at its issue: the seller's facts once for all, the rest with the document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from seatkeeper.core.tax.currencies import converted, national_currency
from seatkeeper.domain.invoicing.form import TEMPLATE
from seatkeeper.domain.invoicing.models import SellerForm
from seatkeeper.domain.invoicing.ports import EuroRate
from seatkeeper.domain.invoicing.rates import rate_before


def keep_sellers(letterheads: Mapping[int, dict[str, Any]]) -> dict[int, str]:
    """Keep the sellers' facts as they are now, where they are not kept already; the digest of each seller's."""
    table, found = SellerForm._meta.db_table, {}
    with connection.cursor() as cursor:
        for seller, facts in sorted(letterheads.items()):
            text = json.dumps({**facts, "template": TEMPLATE}, sort_keys=True, ensure_ascii=False)
            found[seller] = hashlib.sha256(text.encode()).hexdigest()
            cursor.execute(
                f"INSERT INTO {table} (seller_id, digest, facts) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [seller, found[seller], text],
            )
    return found


class Conversion:
    """VAT in the sellers' own currencies for one batch of documents; each rate is looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, date], EuroRate | None] = {}

    def _rate(self, currency: str, on: date) -> EuroRate | None:
        if (currency, on) not in self._known:
            self._known[currency, on] = rate_before(currency, on)
        return self._known[currency, on]

    def national(self, country: str, currency: str, vat_minor: int, on: date) -> dict[str, Any] | None:
        """The VAT of a document in its seller's currency, as it is kept; None without VAT or where it is that currency.

        Also None where no rate is known: then the document says nothing, and the seller adds the rate (art. 230).
        """
        into = national_currency(country, on)
        if not vat_minor or into is None or into == currency:
            return None
        own, other = self._rate(currency, on), self._rate(into, on)
        if own is None or other is None:
            return None
        vat = converted(
            vat_minor, per_euro=own.per_euro, currency=currency, into_per_euro=other.per_euro, into=into
        )
        published = own if currency != "EUR" else other
        return {
            "currency": into, "vat": vat, "per_euro": own.per_euro, "into_per_euro": other.per_euro,
            "on": published.on.isoformat(), "source": published.source,
        }  # fmt: skip
