"""A document's form as the template takes it: every word and sum written out, so that the template only lays out."""

from __future__ import annotations

from typing import Any

from seatkeeper.adapters.pdf.colours import readable, usable
from seatkeeper.adapters.pdf.epc import MOST_MINOR, drawn, payload
from seatkeeper.adapters.wording.lines import formula, sentence, unit_price
from seatkeeper.adapters.wording.words import Words, words
from seatkeeper.core.decision import CREDIT_NOTE, VatSum
from seatkeeper.core.tax.rates import EU, standard_rate
from seatkeeper.domain.invoicing.form import Form, FormLine, NationalVat, Place, Seller

Pairs = list[list[str]]
LONGEST_WORD = 28


def sheet(form: Form, *, due_minor: int, xml: bytes | None) -> dict[str, Any]:
    """All that the template prints. due_minor: what is due on it by now."""
    say = words(form.template, form.language)
    kind = say.say(form.kind)
    colour = usable(form.seller.look.colour)
    return {
        "language": form.language,
        "title": say.say("title", kind=kind, number=form.number, seller=form.seller.name),
        "kind": kind,
        "colour": colour,
        "ink": readable(colour),
        "date": [form.issued_on.year, form.issued_on.month, form.issued_on.day],
        "logo": _logo(form.seller, say),
        "seller": {"name": form.seller.name, "lines": _seller_lines(form.seller, say)},
        "buyer": {"label": say.say("buyer"), "lines": _buyer_lines(form, say)},
        "facts": _facts(form, say),
        "heads": [say.say(one) for one in ("description", "period", "licences", "list_price", "vat", "amount")],
        "lines": [_line(one, form.currency, say) for one in form.lines],
        "totals": _totals(form, say),
        "payment": _payment(form, say, due_minor),
        "notes": _notes(form, say),
        "page": say.say("page", page="{page}", pages="{pages}"),
        "foot": f"{form.seller.name} · {kind} {form.number}",
        "paid": say.say("status_paid") if _is_paid(form, due_minor) else "",
        "xml": xml.decode() if xml is not None else "",
    }


def _is_paid(form: Form, due_minor: int) -> bool:
    return form.kind != CREDIT_NOTE and due_minor == 0 and form.gross_minor > 0


def _logo(seller: Seller, say: Words) -> dict[str, Any]:
    look = seller.look
    if not look.logo:
        return {}
    content: Any = look.logo.decode() if look.logo_kind == "svg" else list(look.logo)
    return {"kind": look.logo_kind, "content": content, "alt": say.say("logo", name=seller.name)}


def _place_lines(place: Place, say: Words) -> list[str]:
    town = "  ".join(one for one in (place.postcode, place.town) if one)
    town = ", ".join(one for one in (town, place.region) if one)
    found = (place.street, place.extra, town, say.country(place.country) if place.country else "")
    return [one for one in found if one]


def _seller_lines(seller: Seller, say: Words) -> list[str]:
    found = _place_lines(seller.place, say)
    if seller.registration:
        found.append(_registration(seller, say))
    if seller.vat_id:
        found.append(say.say("vat_id", id=seller.vat_id))
    return found + [one for one in (seller.email, seller.phone, seller.website) if one]


def _registration(seller: Seller, say: Words) -> str:
    """With the name of the country's register, where the seller did not write it itself."""
    if not seller.registration[0].isdigit():
        return seller.registration
    key = f"registration_{seller.place.country}"
    return say.say(key if key in say.texts else "registration", id=seller.registration)


def _buyer_lines(form: Form, say: Words) -> list[str]:
    found = [form.buyer.name, *_place_lines(form.buyer.place, say)]
    return [*found, say.say("vat_id", id=form.buyer.vat_id)] if form.buyer.vat_id else found


def _facts(form: Form, say: Words) -> Pairs:
    found = [[say.say("number"), form.number], [say.say("issued_on"), say.long_date(form.issued_on)]]
    if form.kind != CREDIT_NOTE and form.payment.due_minor:
        found.append([say.say("due_on"), say.long_date(form.due_on)])
    if form.buyer.key:
        found.append([say.say("customer"), _broken(form.buyer.key)])
    if form.buyer.purchase_order:
        found.append([say.say("purchase_order"), _broken(form.buyer.purchase_order)])
    corrects = [say.say("of_date", number=number, date=say.long_date(on)) for number, on in form.corrects]
    return [*found, [say.say("corrects"), "\n".join(corrects)]] if corrects else found


def _line(one: FormLine, currency: str, say: Words) -> dict[str, Any]:
    line = one.line
    micro, _ = unit_price(line)
    about = [say.say("subscription", reference=one.reference)]
    if one.plan != one.product:
        about.insert(0, one.plan)
    if one.purchase_order:
        about.append(say.say("order_of_line", order=one.purchase_order))
    rate = f"{say.decimal(line.rate)}%" if line.category == "S" else say.say(f"rate_{line.category}")
    return {
        "name": one.product,
        "about": " · ".join(about),
        "sentence": sentence(line, say),
        "formula": formula(line, currency, say),
        "period": say.span(line.start, line.end),
        "licences": say.number(line.seats),
        "price": say.price(micro, currency),
        "vat": rate,
        "amount": say.money(line.amount_minor, currency),
    }


def _totals(form: Form, say: Words) -> list[dict[str, Any]]:
    def row(label: str, minor: int, *, strong: bool = False) -> dict[str, Any]:
        return {"label": label, "amount": say.money(minor, form.currency), "strong": strong}

    found = [row(say.say("net"), form.net_minor)]
    found += [row(_vat_label(one, form.currency, say), one.vat_minor) for one in form.vat]
    found.append(row(say.say("total"), form.gross_minor, strong=True))
    payment = form.payment
    if payment.balance_minor:
        found.append(row(say.say("balance_used"), -payment.balance_minor))
    if payment.paid_minor:
        found.append(row(say.say("paid", label=_label(form, say)), -payment.paid_minor))
    if payment.balance_minor or payment.paid_minor:
        found.append(row(say.say("due"), payment.due_minor, strong=True))
    return found


def _vat_label(one: VatSum, currency: str, say: Words) -> str:
    amount = say.money(one.taxable_minor, currency)
    return say.say(f"vat_of_{one.category}", rate=say.decimal(one.rate), amount=amount)


def _label(form: Form, say: Words) -> str:
    payment = form.payment
    if payment.label:
        return payment.label
    return say.say(payment.method) if payment.method in ("card", "direct_debit") else say.say("card")


def _notes(form: Form, say: Words) -> list[str]:
    found = []
    categories = dict.fromkeys(one.category for one in form.vat)
    found += [say.say(f"note_{one}", reason=form.buyer.exempt) for one in categories if one != "S"]
    seller, buyer = form.seller.place.country, form.buyer.place.country
    rates = {one.rate for one in form.vat if one.category == "S"}
    if buyer in EU and buyer != seller and standard_rate(buyer, form.issued_on) in rates:
        found.append(say.say("note_OSS", country=say.country(buyer)))
    if form.national is not None:
        found.append(_national(form.national, form.currency, say))
    own = form.seller.note(form.language)
    return [*found, own] if own else found


def _national(one: NationalVat, currency: str, say: Words) -> str:
    sides = ((currency, one.per_euro), (one.currency, one.into_per_euro))
    rates = ", ".join(f"{code} {say.decimal(rate)}" for code, rate in sides if code != "EUR")
    return say.say(
        "national", currency=one.currency, amount=say.money(one.vat_minor, one.currency), rates=rates,
        source=one.source, date=say.long_date(one.on),
    )  # fmt: skip


def _payment(form: Form, say: Words, due_minor: int) -> dict[str, Any]:
    """The panel that says how the document is paid, or where a credit goes."""
    if form.kind == CREDIT_NOTE:
        parts = (("lowers", form.lowered_minor), ("refund", form.refunded_minor), ("balance", form.to_balance_minor))
        texts = [say.say(f"credit_{key}", amount=say.money(minor, form.currency)) for key, minor in parts if minor]
        return {"title": say.say("credit_title"), "texts": texts, "pairs": [], "qr": {}} if texts else {}
    texts = _pay_texts(form, say, due_minor)
    bank = form.seller.bank
    pairs: Pairs = []
    qr: dict[str, str] = {}
    if due_minor and form.payment.method in ("", "bank_transfer") and bank.iban:
        known = (("iban", _grouped(bank.iban)), ("bic", bank.bic), ("holder", bank.holder))
        pairs = [[say.say(key), text] for key, text in known if text]
        pairs.append([say.say("reference"), _grouped(form.payment.reference)])
        if form.currency == "EUR" and due_minor <= MOST_MINOR:
            qr = _qr(form, say, due_minor)
    return {"title": say.say("pay_title"), "texts": texts, "pairs": pairs, "qr": qr}


def _pay_texts(form: Form, say: Words, due_minor: int) -> list[str]:
    payment, amount = form.payment, say.money(form.payment.due_minor, form.currency)
    if not payment.due_minor:
        return [say.say("pay_none")]
    if not due_minor:
        return [say.say("pay_done")]
    if payment.method in ("card", "direct_debit"):
        text = say.say("pay_card" if payment.method == "card" else "pay_debit", amount=amount, label=_label(form, say))
    else:
        key = "pay_transfer" if form.seller.bank.iban else "pay_open"
        text = say.say(key, amount=amount, date=say.long_date(form.due_on))
    if due_minor == payment.due_minor:
        return [text]
    return [text, say.say("pay_rest", amount=say.money(due_minor, form.currency))]


def _qr(form: Form, say: Words, due_minor: int) -> dict[str, str]:
    bank, reference = form.seller.bank, form.payment.reference
    amount = say.money(due_minor, form.currency)
    return {
        "svg": drawn(payload(bank, due_minor, reference)),
        "alt": say.say("qr", amount=amount, iban=bank.iban, reference=reference),
        "hint": say.say("qr_hint"),
    }


def _grouped(text: str) -> str:
    """An IBAN or reference in groups of four."""
    own = text.replace(" ", "")
    return "\u00a0".join(own[place : place + 4] for place in range(0, len(own), 4))


def _broken(text: str) -> str:
    """A text whose words fit beside their label; what is longer goes on in the next line."""
    lines = []
    for word in text.split():
        lines += [word[place : place + LONGEST_WORD] for place in range(0, len(word), LONGEST_WORD)]
    return "\n".join(lines) if any(len(word) > LONGEST_WORD for word in text.split()) else text
