"""The commands account.*: what an organisation says of itself, what the seller notes of it, and ending it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seatkeeper.domain.subscriptions import changing
from seatkeeper.domain.subscriptions.changing import Saved
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command

Expects = Mapping[str, str] | None


@command("account.set_names", needs="subscription.change")
def set_names(ctx: Context, *, legal_name: str, display_name: str = "", expects: Expects = None) -> Saved:
    """Set the organisation's legal name, and how it is called on pages.

    expects: what the form showed of the section. Refused: bad_input, details_changed.
    Rules: docs/concepts/billing-account.md
    """
    return changing.change(ctx, "names", dict(name=legal_name, display_name=display_name), expects=expects)


@command("account.set_address", needs="subscription.change")
def set_address(ctx: Context, *, address: Mapping[str, str], expects: Expects = None) -> Saved:
    """Set the address that documents show from the next on, with the country whose VAT counts.

    address: country, street, number, extra, postcode, town, region. expects: what the form showed of the section.
    Refused: bad_input, naming the field; details_changed. Rules: docs/concepts/billing-account.md
    """
    return changing.change(ctx, "address", address, expects=expects)


@command("account.set_vat_id", needs="subscription.change")
def set_vat_id(ctx: Context, *, vat_id: str, expects: Expects = None) -> Saved:
    """Set the VAT id, or take it away; another one is not confirmed, and counts from the next document.

    vat_id: empty for none. expects: what the form showed of the section.
    Refused: vat_id_invalid, details_changed. Rules: docs/concepts/billing-account.md
    """
    return changing.change(ctx, "vat_id", dict(vat_id=vat_id), expects=expects)


@command("account.set_regional", needs="subscription.change")
def set_regional(ctx: Context, *, language: str, timezone: str, currency: str, expects: Expects = None) -> Saved:
    """Set the language of documents, the time zone (it counts from the next billing period) and the currency.

    language: en or nl. timezone: such as Europe/Amsterdam. currency: three letters.
    expects: what the form showed of the section. Refused: bad_input, currency_fixed, details_changed.
    Rules: docs/concepts/billing-account.md
    """
    values = dict(language=language, timezone=timezone, currency=currency)
    return changing.change(ctx, "regional", values, expects=expects)


@command("account.set_purchase_order", needs="subscription.change")
def set_purchase_order(ctx: Context, *, purchase_order: str, expects: Expects = None) -> Saved:
    """Set the buyer's own number that stands on documents whose subscriptions have none of their own.

    purchase_order: empty for none. expects: what the form showed of the section. Refused: bad_input, details_changed.
    """
    return changing.change(ctx, "purchase_order", dict(purchase_order=purchase_order), expects=expects)


@command("account.set_recipients", needs="subscription.change")
def set_recipients(ctx: Context, *, recipients: Sequence[Mapping[str, Any]], expects: Expects = None) -> Saved:
    """Set who gets the organisation's mails.

    recipients: each with its address, mails (invoices, receipts, reminders, notices), pdf and xml.
    expects: what the form showed of the section. Refused: bad_input, naming the field and the row; details_changed.
    """
    return changing.change(ctx, "recipients", dict(recipients=recipients), expects=expects)


@command("account.set_notices", needs="subscription.change")
def set_notices(
    ctx: Context, *, renewal_days: Sequence[int], licences_below: int | None = None, expects: Expects = None
) -> Saved:
    """Set when the organisation is warned.

    renewal_days: of 60, 30 and 7, before a renewal. licences_below: when fewer licences of a product are free.
    expects: what the form showed of the section. Refused: bad_input, details_changed.
    """
    values = dict(renewal_days=renewal_days, licences_below=licences_below)
    return changing.change(ctx, "notices", values, expects=expects)


@command("account.set_terms", needs="seller")
def set_terms(ctx: Context, *, terms_days: int, credit_limit_minor: int | None) -> Saved:
    """Set the payment terms of bank transfer and the credit limit.

    terms_days: from the date of issue. credit_limit_minor: None for no limit. Refused: bad_input.
    """
    return changing.change(ctx, "terms", dict(terms_days=terms_days, credit_limit_minor=credit_limit_minor))


@command("account.confirm_vat", needs="seller")
def confirm_vat(ctx: Context, *, evidence: str, by: str) -> None:
    """Note that the VAT id was confirmed by hand; the evidence is kept.

    evidence: what was looked at, and where it is. by: who looked.
    Refused: not_found (there is no VAT id), vat_id_invalid, bad_input. Rules: docs/concepts/billing-account.md
    """
    changing.confirm_vat(ctx, evidence=evidence, by=by)


@command("account.close", needs="subscription.change")
def close(ctx: Context, *, preview: str | None = None) -> Outcome:
    """Cancel every subscription: now where its policy allows, else at its end.

    What has ended stays until its dates, and what is due stays due. Refused: nothing_changes.
    Rules: docs/concepts/billing-account.md
    """
    return perform(ctx, "close", {}, shown=preview)


@command("subscription.set_purchase_order", needs="subscription.change")
def set_subscription_order(ctx: Context, *, subscription: int, number: str, preview: str | None = None) -> Outcome:
    """Set the buyer's own number of one subscription; it stands on its documents from the next on.

    number: empty for the account's. Refused: unknown_subscription, subscription_deleted, nothing_changes, bad_input.
    """
    arguments = dict(subscription=subscription, number=number)
    return perform(ctx, "set_purchase_order", arguments, shown=preview)
