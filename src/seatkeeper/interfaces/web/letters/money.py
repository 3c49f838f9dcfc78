"""Letters about documents and payments."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.payments.tries import next_try_on
from seatkeeper.core.settle import dunning_due_on
from seatkeeper.core.state import OpenDocument
from seatkeeper.core.tables import CARD, CHARGED_AT_ONCE, DIRECT_DEBIT, DISABLE
from seatkeeper.domain.invoicing.queries import number_of
from seatkeeper.domain.invoicing.rows import InvoicePage
from seatkeeper.domain.subscriptions.queries import invoice_page
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import join, last_day, long_date
from seatkeeper.interfaces.web.letters.sheet import Row, Scene, Sheet
from seatkeeper.interfaces.web.refusal_words import DECLINES
from seatkeeper.interfaces.web.text import plain

MOST_LINES = 12
NOT_AGAIN = N_(
    "{sum} could not be charged to {method}, and it is not tried again. Replace it or pay with another one."
)
NOT_TILL = N_("{sum} could not be charged to {method}. It is tried again on {d}; you can also pay now.")
NOR_AGAIN = N_(
    "{sum} could not be charged to {method}, nor to {backup}, and it is not tried again. Replace them or pay with "
    "another one."
)
NOR_TILL = N_(
    "{sum} could not be charged to {method}, nor to {backup}. It is tried again on {d}; you can also pay now."
)


def _page(scene: Scene, document: int) -> InvoicePage:
    number = number_of(scene.shelf.account.id, document)
    page = invoice_page(scene.shelf.account, number, state=lambda: scene.shelf.state)
    assert page is not None
    return page


def _about(page: InvoicePage) -> tuple[Row, ...]:
    """What the document is for: its first lines."""
    rows = [
        (
            one.product_name if one.plan_name in ("", one.product_name) else f"{one.product_name}, {one.plan_name}",
            plain(
                N_("{n:licence,licences}, {a} to {b}"), n=abs(one.line.seats), a=long_date(one.line.start),
                b=long_date(last_day(one.line.end)),
            ),
        )
        for one in page.lines[:MOST_LINES]
    ]
    if more := len(page.lines) - len(rows):
        rows.append((gettext("And"), plain(N_("{n:more line,more lines}"), n=more)))
    return tuple(rows)


def _sums(scene: Scene, page: InvoicePage) -> tuple[Row, ...]:
    rows = [
        (gettext("Excluding VAT"), scene.sum(page.net_minor)),
        (gettext("VAT"), scene.sum(page.vat_minor)),
        (gettext("Total"), scene.sum(page.row.gross_minor)),
    ]
    if page.balance_used_minor:
        rows.append((gettext("Paid from your credit"), scene.sum(page.balance_used_minor)))
    return tuple(rows)


def invoice(scene: Scene) -> Sheet:
    """An invoice: to be paid by a date, charged on a date, or already settled from the credit."""
    page = _page(scene, scene.facts["document"])
    row = page.row
    found = next((one for one in scene.shelf.state.documents if one.id == row.id), None)
    method = scene.method(found.method) if found else None
    values = {"no": row.number, "sum": scene.sum(row.due_minor or row.gross_minor), "d": long_date(row.due_on)}
    address, link = f"/bills/{row.number}", plain(N_("View the invoice"))
    if not row.due_minor:
        subject = plain(N_("Paid: {sum} for {no}"), **values)
        lead = plain(N_("Nothing is to be paid for invoice {no} of {sum}: there is nothing you need to do."), **values)
    elif method is not None and method.kind == DIRECT_DEBIT:
        subject = plain(N_("Invoice {no}: {sum}, charged on {d}"), **values)
        lead = plain(
            N_("{sum} is charged to {method} on {d}. There is nothing you need to do."),
            method=words.method(method), **values,
        )
    else:
        subject = plain(N_("Invoice {no}: {sum}, to be paid by {d}"), **values)
        lead = plain(N_("Pay {sum} by {d}, stating {no}."), **values)
        if method is not None and method.kind in CHARGED_AT_ONCE:
            address, link = f"/bills/{row.number}/pay", plain(N_("Pay now"))
    return Sheet(subject, lead, (*_about(page), *_sums(scene, page)), (), link, address, (row.id,))


def receipt(scene: Scene) -> Sheet:
    """Money received for a document."""
    page = _page(scene, scene.facts["document"])
    values = {"sum": scene.sum(int(scene.facts["sum_minor"])), "no": page.row.number}
    lead = plain(N_("We received {sum} for {no} on {d}. There is nothing you need to do."),
                 d=long_date(scene.told_on), **values)
    if page.row.due_minor:
        lead = plain(N_("We received {sum} for {no}. Of it {left} is still to be paid by {d}."),
                     left=scene.sum(page.row.due_minor), d=long_date(page.row.due_on), **values)
    return Sheet(
        plain(N_("Paid: {sum} for {no}"), **values), lead, (*_about(page), *_sums(scene, page)), _instead(scene),
        plain(N_("View the invoice")), f"/bills/{page.row.number}", (page.row.id,),
    )


def _instead(scene: Scene) -> tuple[str, ...]:
    """That the backup method paid, where it did."""
    own, backup = (scene.method(scene.facts.get(name)) for name in ("instead_of", "method"))
    if own is None or backup is None:
        return ()
    sentence = N_("{method} was declined, so it was charged to {backup}, your backup method.")
    return (plain(sentence, method=words.method(own), backup=words.method(backup)),)


def credit_note(scene: Scene) -> Sheet:
    """A credit note, and where its money goes."""
    page = _page(scene, scene.facts["document"])
    values = {"no": page.row.number, "sum": scene.sum(abs(page.row.gross_minor))}
    sentences: tuple[str, ...] = ()
    if page.corrects:
        sentences = (plain(N_("It corrects {numbers}."), numbers=join(list(page.corrects))),)
    return Sheet(
        plain(N_("Credit note {no}: {sum}"), **values),
        plain(N_("You are credited {sum} on {d}. There is nothing you need to do."), d=long_date(page.row.issued_on),
              **values),
        (*_about(page), *_sums(scene, page)), sentences, plain(N_("View the credit note")),
        f"/bills/{page.row.number}", (page.row.id,),
    )


def payment_failed(scene: Scene) -> Sheet | None:
    """A declined charge: why, when it is tried again or what to replace, and what happens else."""
    found = scene.open()
    if found is None:
        return None
    method = scene.method(scene.facts.get("method"))
    name = words.method(method) if method else plain(N_("the payment method"))
    reason = gettext(DECLINES.get(str(scene.facts.get("reason", "")), N_("no reason given")))
    own = scene.method(found.method) if found.overdue_from is not None else None
    both = own is not None and method is not None and own.id != method.id
    values = {"sum": scene.sum(found.due_minor), "method": words.method(own) if both else name, "backup": name}
    rows = _owed(scene, found, reason)
    pay = f"/bills/{found.number}/pay"
    again = next_try_on(scene.shelf.state, found)
    if again is None and scene.facts.get("hard"):
        return Sheet(
            plain(N_("Payment of {sum} failed, replace {method}"), **values),
            plain(NOR_AGAIN if both else NOT_AGAIN, **values),
            rows, _consequence(scene, found), plain(N_("Pay with another method")), pay,
        )
    if again is None:
        return payment_reminder(scene)
    return Sheet(
        plain(N_("Payment of {sum} failed, next try on {d}"), d=long_date(again), **values),
        plain(NOR_TILL if both else NOT_TILL, d=long_date(again), **values),
        rows, _consequence(scene, found), plain(N_("Pay now")), pay,
    )


def _owed(scene: Scene, found: OpenDocument, reason: str = "") -> tuple[Row, ...]:
    rows = [(gettext("Invoice"), found.number), (gettext("For"), join(scene.about(found)))]
    rows.append((gettext("To be paid"), scene.sum(found.due_minor)))
    rows.append((gettext("Due date"), long_date(found.due_on)))
    if reason:
        rows.append((gettext("Reason"), reason))
    return tuple(rows)


def _disabled_on(scene: Scene, found: OpenDocument) -> str | None:
    table = scene.shelf.state.seller.dunning
    step = next((step for step, (_, what) in enumerate(table) if what == DISABLE), None)
    on = dunning_due_on(table, found.due_on, step, found.last_step_on) if step is not None else None
    return long_date(on) if on is not None else None


def _consequence(scene: Scene, found: OpenDocument) -> tuple[str, ...]:
    on = _disabled_on(scene, found)
    if on is None or not scene.about(found):
        return ()
    sentence = N_("If it is not paid, users lose access to {products} on {d}.")
    return (plain(sentence, products=join(scene.about(found)), d=on),)


def payment_reminder(scene: Scene) -> Sheet | None:
    """A step of the table where nothing is charged by itself: pay, or lose access on a date."""
    found = scene.open()
    if found is None:
        return None
    on = _disabled_on(scene, found) or long_date(found.due_on)
    values = {"sum": scene.sum(found.due_minor), "product": join(scene.about(found)) or found.number, "d": on}
    method = scene.method(found.method)
    card = method is not None and method.kind == CARD
    return Sheet(
        plain(N_("{product} is disabled on {d} unless {sum} is paid"), **values),
        plain(N_("Pay {sum} before {d}, stating {no}, to keep {product}."), no=found.number, **values),
        _owed(scene, found), _consequence(scene, found), plain(N_("Pay now") if card else N_("View the invoice")),
        f"/bills/{found.number}/pay" if card else f"/bills/{found.number}",
    )


def disabled_unpaid(scene: Scene) -> Sheet | None:
    """The last step: access is gone until it is paid and reactivated."""
    found = scene.open()
    if found is None:
        return None
    values = {"sum": scene.sum(found.due_minor), "product": join(scene.about(found)) or found.number}
    return Sheet(
        plain(N_("{product} is disabled, {sum} unpaid"), **values),
        plain(N_("Users of {product} have no access since {d}. Pay {sum} and reactivate to give it back."),
              d=long_date(scene.told_on), **values),
        _owed(scene, found), (), plain(N_("View the invoice")), f"/bills/{found.number}",
    )


def card_expiring(scene: Scene) -> Sheet | None:
    """A card that ends before something is charged to it."""
    method = scene.method(scene.facts.get("method"))
    if method is None or method.expires_on is None:
        return None
    paid = [
        row
        for one in scene.shelf.state.subscriptions.values()
        if one.method == method.id and (row := scene.row(one)).next_invoice is not None
        and row.next_invoice.on > method.expires_on
    ]
    if not paid:
        return None
    first = min(paid, key=lambda row: row.next_invoice.on if row.next_invoice else scene.today)
    assert first.next_invoice is not None
    values = {"method": words.method(method), "d": long_date(first.next_invoice.on)}
    return Sheet(
        plain(N_("{method} expires before {d}"), **values),
        plain(N_("Replace {method} before {d}, when {sum} is charged to it."),
              sum=scene.sum(first.next_invoice.gross_minor), **values),
        ((gettext("Last day"), long_date(method.expires_on)),
         (gettext("Pays for"), join(list(dict.fromkeys(row.name for row in paid))))),
        (), plain(N_("Change payment method")), f"/products/{first.reference}/payment-method",
    )
