"""Bills & payments: why a total differs, paying in part and all that is overdue, the list (SCREENS.md 4.6)."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.organisation import Organisation
from tests.support.portal import signed_in

APRIL = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)


def test_an_invoice_says_why_it_differs_and_the_causes_add_up(troubled: Organisation) -> None:
    troubled.move(APRIL)
    client, seen = signed_in(troubled), set()
    for row in client.get("/bills").context["page"].rows:
        answer = client.get(f"/bills/{row.number}")
        why = answer.context["page"].why
        if why is None:
            continue
        earlier = client.get(f"/bills/{why.number}").context["page"].row
        assert why.difference_minor == row.gross_minor - earlier.gross_minor
        assert sum(one.amount_minor for one in why.causes) == why.difference_minor
        assert earlier.id < row.id
        seen |= {one.kind for one in why.causes}
    assert {"licences", "vat"} <= seen


def test_a_first_invoice_is_not_compared(contoso: Organisation) -> None:
    rows = signed_in(contoso).get("/bills").context["page"].rows
    page = signed_in(contoso).get(f"/bills/{rows[-1].number}").context["page"]
    assert page.why is None
