"""The row of sums is that of the rows that the filter leaves, on whatever page one is (SCREENS.md 4.2)."""

from __future__ import annotations

import re

import pytest

from seatkeeper.core.tables import POOLED
from seatkeeper.domain.subscriptions.listing import FILTERS, Wanted, products_page
from seatkeeper.domain.subscriptions.rows import ProductsPage, SubscriptionRow
from seatkeeper.interfaces.web.formatting import money
from tests.support.organisation import SEPA, Organisation
from tests.support.portal import signed_in
from tests.support.shelves import shelf_of

NARROWED = (
    *(Wanted(shown=name, size=3) for name in FILTERS),
    Wanted(search="visio", size=1),
    Wanted(statuses=frozenset({"active", "expired"}), size=2),
    Wanted(method=SEPA, size=1),
    Wanted(within_days=30, sort="price", descending=True, size=2),
)


def _all(organisation: Organisation, wanted: Wanted) -> tuple[list[SubscriptionRow], list[ProductsPage]]:
    """Every row that a filter leaves, and the pages that they stand on."""
    shelf, rows, pages, after = shelf_of(organisation), [], [], ""
    while not pages or after:
        page = products_page(shelf, Wanted(**{**_values(wanted), "after": after}))
        pages.append(page)
        rows += page.rows
        after = page.after
    return rows, pages


def _values(wanted: Wanted) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}


def test_sums_of_every_filter_are_those_of_its_rows_on_every_page(troubled: Organisation) -> None:
    counted = 0
    for wanted in NARROWED:
        rows, pages = _all(troubled, wanted)
        pools = {row.product: row.pool for row in rows if row.status in POOLED}
        expected = (
            sum(row.monthly_minor for row in rows),
            sum(row.next_invoice.gross_minor for row in rows if row.next_invoice),
            sum(pool.bought for pool in pools.values()),
            sum(pool.assigned for pool in pools.values()),
            len(rows),
        )
        for page in pages:
            assert (page.monthly_minor, page.next_minor, page.bought, page.assigned, page.total) == expected, wanted
        counted += len(rows)
    assert counted > 20, "the filters leave something to add up"


@pytest.mark.parametrize("query", ["", "?show=expiring", "?show=trial", "?search=business"])
def test_the_row_shows_them(troubled: Organisation, query: str) -> None:
    answer = signed_in(troubled).get(f"/products{query}")
    rows = answer.context["page"].rows
    foot = re.search(r"<tfoot.*?</tfoot>", answer.content.decode(), re.S)
    assert rows and foot is not None
    for minor in (
        sum(row.monthly_minor for row in rows),
        sum(row.next_invoice.gross_minor for row in rows if row.next_invoice),
    ):
        assert f'<span class="amount">{money(minor, "EUR")}</span>' in foot[0]
    assert f"Sum of {len(rows)} shown" in foot[0].replace("\xa0", " ")
