"""The pages of the portal as tests visit them: one table, to which a new page is added by a line.

A path's `{name}` is the reference of the organisation's subscription of that name, `{number}` its oldest debt.
"""

from __future__ import annotations

from seatkeeper.domain.invoicing.models import Document
from tests.support.organisation import Organisation

PAGES = (
    "/", "/products", "/products?search=zzz", "/products/{late}", "/products/{basic}", "/products/{visio}",
    "/products/{intune}", "/products/{scheduled}", "/products/{entra}", "/products/{basic}/renewal", "/licences",
    "/licences/planner-3", "/buy", "/buy/business-standard?plan=business-standard-monthly&seats=3", "/cart", "/bills",
    "/bills/{number}", "/savings", "/help", "/help/licences?from={basic}", "/account", "/activity", "/me",
    "/licences/planner-3/requests", "/account/people", "/account/people/invite",
    "/security", "/security/app", "/security/passkeys/add",
)  # fmt: skip
"""Pages with the frame, of an organisation with every status and a debt."""

SHEETS = (
    "/products/{standard}/licences?seats=28", "/products/{standard}/licences?seats=abc",
    "/products/{standard}/licences?seats=400", "/products/{standard}/cancel",
    "/products/{basic}/recurring-billing?to=off", "/products/{standard}/change-frequency",
    "/products/{standard}/change-plan", "/products/{standard}/payment-method", "/products/{visio}/reactivate",
    "/products/{planner}/undo", "/products/{entra}/buy-now", "/products/{entra}/extend-trial",
    "/licences/business-basic/assign?typed=nobody@contoso.example,gijs", "/bills/{number}/pay",
    "/licences/planner-3/keep",
)  # fmt: skip
"""Sheets as pages of their own."""

ALONE = ("/sign-in", "/nowhere", "/products/S-99999")
"""Pages without the frame."""

DEBTLESS = (
    "/", "/products/{standard}/licences?seats=12", "/products/{standard}/licences?seats=8",
    "/buy/intune-1/order?plan=intune-1-monthly&seats=3", "/buy/intune-1/trial?plan=intune-1-monthly&seats=3",
    "/cart", "/checkout",
)  # fmt: skip
"""Pages that show more where nothing is overdue."""


def address(organisation: Organisation, path: str) -> str:
    """A path of the table for an organisation."""
    names = {name: organisation.reference(name) for name in organisation.ids}
    debt = Document.objects.filter(account_id=organisation.account, due_minor__gt=0).order_by("id").first()
    return path.format(number=debt.number if debt is not None else "", **names)
