"""The pages of the portal as tests visit them: one table, to which a new page is added by a line.

A path's `{name}` is the reference of the subscription of that name, or what `MADE` makes when it is asked for it.
A test of tests/tidy finds addresses that stand nowhere here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter

from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.licensing.models import LicenceRequest
from seatkeeper.domain.payments.wiring import SANDBOX, method_pages
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.kit.commands import Actor, Context, call
from tests.support.organisation import Organisation
from tests.support.secured import secure

PAGES = (
    "/", "/products", "/products?search=zzz", "/products/{late}", "/products/{basic}", "/products/{visio}",
    "/products/{intune}", "/products/{scheduled}", "/products/{entra}", "/products/{basic}/renewal", "/licences",
    "/licences/planner-3", "/buy", "/buy/business-standard?plan=business-standard-monthly&seats=3", "/cart", "/bills",
    "/bills/{number}", "/bills/methods", "/savings", "/help", "/help/licences?from={basic}", "/account", "/activity",
    "/me", "/licences/planner-3/requests", "/account/people", "/account/people/invite",
    "/account/mail", "/account/mail/invoice",
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
    "/licences/planner-3/keep", "/licences/planner-3/unassign?users={holder}", "/licences/planner-3/requests/{request}",
    "/products/{basic}/purchase-order", "/products/selected/recurring-billing?s={basic}&s={standard}&to=off",
    "/products/selected/payment-method?s={basic}&s={standard}", "/bills/overdue/pay", "/bills/methods/add",
    "/bills/methods/1/replace", "/bills/methods/1/remove", "/account/names", "/account/address", "/account/vat-id",
    "/account/regional", "/account/purchase-order", "/account/recipients", "/account/notices", "/account/close",
    "/account/people/{person}",
)  # fmt: skip
"""Sheets as pages of their own."""

ALONE = (
    "/nowhere", "/products/S-99999", "/provider/{setup}", "/bills/methods/added/{setup}?left=yes", "/done/{receipt}",
)  # fmt: skip
"""Pages without the frame, and those that are seen once."""

TOLD = (
    "/account/mail/renewal", "/account/mail/invitation", "/account/mail/payment_failed",
    "/help/status", "/help/renewal", "/help/payment", "/help/frequency", "/help/cancelling", "/help/buying",
)  # fmt: skip
"""Pages that differ in their words only."""

STRANGERS = (
    "/sign-in", "/sign-in?said=kept", "/sign-in?said=everywhere", "/sign-in?said=passkey", "/sign-in/closed",
    "/sign-in/a-link", "/password/forgotten", "/password/forgotten/sent",
    "/password/new/a-b", "/password/new",
)  # fmt: skip
"""Pages of people who are not signed in."""

SECURED = (
    "/security", "/security/password", "/security/app/off", "/security/codes", "/security/codes/new",
    "/security/passkeys/{passkey}/name", "/security/passkeys/{passkey}/remove", "/security/confirm",
    "/security/confirm/code", "/security/confirm/passkey",
)  # fmt: skip
"""Pages of who has all that one can sign in with."""

PROVING = ("/security/prove", "/security/password/set")
"""Pages of who has nothing but links to sign in with, and came in long ago."""

DEBTLESS = (
    "/", "/products/{standard}/licences?seats=12", "/products/{standard}/licences?seats=8",
    "/buy/intune-1/order?plan=intune-1-monthly&seats=3", "/buy/intune-1/trial?plan=intune-1-monthly&seats=3",
    "/cart", "/checkout",
)  # fmt: skip
"""Pages that show more where nothing is overdue."""


def _owner(organisation: Organisation, person: str = "anna", role: str = "owner") -> Context:
    return Context(Actor(role, organisation.users[person], "web"), organisation.account, organisation.now)


def _number(organisation: Organisation) -> str:
    debt = Document.objects.filter(account_id=organisation.account, due_minor__gt=0).order_by("id").first()
    return debt.number if debt is not None else ""


def _request(organisation: Organisation) -> str:
    """A request that waits."""
    kept = LicenceRequest.objects.filter(account_id=organisation.account, status="open").first()
    if kept is None:
        call("license.request", _owner(organisation, "eva", "user"), product="planner-3", note="For the new office.")
        kept = LicenceRequest.objects.get(account_id=organisation.account)
    return str(kept.id)


def _receipt(organisation: Organisation) -> str:
    """What a command that was given before leaves behind."""
    kept = Receipt.objects.filter(account_id=organisation.account).first()
    if kept is not None:
        return kept.reference
    ctx = _owner(organisation)
    wanted = {"subscription": organisation.ids["basic"], "number": "PO 7781"}
    token = call("subscription.set_purchase_order", ctx.previewing(), **wanted).token
    return str(call("subscription.set_purchase_order", ctx, **wanted, preview=token).reference)


def _setup(organisation: Organisation) -> str:
    """A visit to the provider's page that has begun."""
    return method_pages(SANDBOX).begin(str(organisation.account), "{setup}", ("card",)).rsplit("/", 1)[-1]


MADE: Mapping[str, Callable[[Organisation], str]] = {
    "number": _number,
    "person": lambda organisation: str(organisation.users["bram"]),
    "holder": lambda organisation: str(organisation.users["s0"]),
    "request": _request,
    "receipt": _receipt,
    "setup": _setup,
    "passkey": lambda organisation: secure(organisation)[1],
}
"""Names that are worked out, or made, only where a path has them."""


def address(organisation: Organisation, path: str, **more: str) -> str:
    """A path of the table for an organisation."""
    wanted = {name for _, name, _, _ in Formatter().parse(path) if name}
    names = {name: organisation.reference(name) for name in organisation.ids}
    made = {name: make(organisation) for name, make in MADE.items() if name in wanted}
    return path.format(**names, **made, **more)
