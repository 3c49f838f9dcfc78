"""A document in the terms of EN 16931 (BT- and BG- numbers), before any syntax: what UBL and CII both write.

Amounts are text with a stop. On a credit note (381) every sign is turned, so that what is credited is positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from seatkeeper.adapters.einvoice.addresses import endpoint, registration, vat_id
from seatkeeper.adapters.wording.lines import formula, sentence
from seatkeeper.adapters.wording.words import Words, words
from seatkeeper.core.decision import CREDIT_NOTE, Line
from seatkeeper.core.money import DECIMALS, plain
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.domain.invoicing.form import Buyer, Form, FormLine, Place, Seller
from seatkeeper.domain.invoicing.ports import NotElectronic

UNIT = "C62"
EN16931 = "urn:cen.eu:en16931:2017"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
MEANS = {"bank_transfer": "58", "card": "48", "direct_debit": "57"}
"""UNTDID 4461. A mandate's reference is not kept with documents, so that direct debit is a standing agreement (57)."""
VATEX = {"AE": "VATEX-EU-AE", "O": "VATEX-EU-O"}


@dataclass(frozen=True, slots=True)
class Party:
    """BG-4, BG-7. address, company: (scheme, identifier); tax: another tax registration than VAT (BT-32)."""

    name: str
    place: Place
    vat_id: str
    tax: str
    address: tuple[str, str]
    company: tuple[str, str]
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """BG-25. base: the quantity that the price is for (BT-149), where it is not one."""

    id: int
    name: str
    seller_id: str
    description: str
    note: str
    quantity: str
    price: str
    base: str
    amount: str
    category: str
    rate: str
    start: date
    last: date


@dataclass(frozen=True, slots=True)
class Tax:
    """BG-23. reason, code: why no VAT is charged."""

    category: str
    rate: str
    taxable: str
    vat: str
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """BG-0: the document."""

    credit: bool
    peppol: bool
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    note: str
    buyer_reference: str
    order: str
    corrects: tuple[tuple[str, date], ...]
    seller: Party
    buyer: Party
    means: str
    remittance: str
    iban: str
    bic: str
    holder: str
    terms: str
    start: date
    last: date
    items: tuple[Item, ...]
    taxes: tuple[Tax, ...]
    net: str
    vat: str
    gross: str
    prepaid: str
    due: str
    national: tuple[str, str] | None = None

    @property
    def type_code(self) -> str:
        """BT-3."""
        return "381" if self.credit else "380"


def invoice(form: Form) -> Invoice:
    """The document in the standard's terms. Raises NotElectronic."""
    outside = {line.line.category for line in form.lines} == {"O"}
    _check(form, outside=outside)
    tongue = words(form.template, form.language)
    sign = -1 if form.kind == CREDIT_NOTE else 1
    prepaid = form.payment.balance_minor + form.payment.paid_minor
    due = 0 if not form.lines else sign * form.gross_minor - prepaid
    seller, buyer = _seller(form.seller, outside=outside), _buyer(form.buyer, outside=outside)
    means = _means(form)
    national = form.national
    return Invoice(
        credit=form.kind == CREDIT_NOTE,
        peppol=bool(seller.address[1] and buyer.address[1]),
        number=form.number,
        issued_on=form.issued_on,
        due_on=form.due_on if form.kind != CREDIT_NOTE else None,
        currency=form.currency,
        note=form.seller.note(form.language),
        buyer_reference=form.buyer.key,
        order=form.buyer.purchase_order,
        corrects=form.corrects,
        seller=seller,
        buyer=buyer,
        means=means,
        remittance=form.payment.reference if means == "58" else "",
        iban=form.seller.bank.iban if means == "58" else "",
        bic=form.seller.bank.bic if means == "58" else "",
        holder=form.seller.bank.holder,
        terms=_terms(form, means, due, tongue),
        start=min(one.line.start for one in form.lines),
        last=max(one.line.end for one in form.lines) - ONE_DAY,
        items=tuple(_item(number, one, form, sign, outside, tongue) for number, one in enumerate(form.lines, start=1)),
        taxes=_taxes(form, sign, outside, tongue),
        net=plain(sign * form.net_minor, form.currency),
        vat=plain(sign * form.vat_minor, form.currency),
        gross=plain(sign * form.gross_minor, form.currency),
        prepaid=plain(prepaid, form.currency) if prepaid else "",
        due=plain(due, form.currency),
        national=(national.currency, plain(sign * national.vat_minor, national.currency)) if national else None,
    )


def _check(form: Form, *, outside: bool) -> None:
    """What the standard asks for and this document does not have."""
    lacks = []
    if DECIMALS[form.currency] > 2:
        lacks.append("two_decimals")
    if not form.lines:
        lacks.append("lines")
    if not form.seller.name:
        lacks.append("seller_name")
    if not (vat_id(form.seller.vat_id) or (outside and form.seller.registration)):
        lacks.append("seller_vat_id")
    if not form.buyer.name or not form.buyer.place.country:
        lacks.append("buyer_name")
    if any(line.line.category == "AE" for line in form.lines) and not vat_id(form.buyer.vat_id):
        lacks.append("buyer_vat_id")
    if lacks:
        raise NotElectronic(*lacks)


def _seller(seller: Seller, *, outside: bool) -> Party:
    """The seller. Outside VAT its VAT id may not stand as one (BR-O-02), and art. 226(3) wants it: so it is BT-32."""
    vat = vat_id(seller.vat_id)
    country = seller.place.country
    return Party(
        seller.name, seller.place, "" if outside else vat, vat if outside else "",
        endpoint(country, seller.registration, vat), registration(country, seller.registration, vat),
        seller.email, seller.phone,
    )  # fmt: skip


def _buyer(buyer: Buyer, *, outside: bool) -> Party:
    vat = vat_id(buyer.vat_id)
    country = buyer.place.country
    scheme, number = registration(country, "", vat)
    return Party(
        buyer.name, buyer.place, "" if outside else vat, "", endpoint(country, "", vat), (scheme, number),
    )  # fmt: skip


def _means(form: Form) -> str:
    """BT-81. Without a method on file it is paid by transfer; without an account of the seller as was agreed."""
    method = form.payment.method or "bank_transfer"
    found = MEANS.get(method, "57")
    return found if found != "58" or form.seller.bank.iban else "57"


def _terms(form: Form, means: str, due: int, tongue: Words) -> str:
    if form.kind == CREDIT_NOTE:
        return tongue.say("terms_credit")
    if due <= 0:
        return tongue.say("terms_none")
    if form.payment.method in ("card", "direct_debit"):
        return tongue.say("terms_charged")
    return tongue.say("terms_transfer", date=tongue.long_date(form.due_on))


def quantity_and_price(line: Line, currency: str) -> tuple[int, str, str]:
    """(signed quantity, price, base quantity or nothing) whose product is exactly the line's amount.

    The price is never negative (BR-27): the quantity has the amount's sign. A price for one licence where that comes
    out even in millionths; else the price of all of them, with their number as its base quantity. A line whose seats
    go up while its amount goes down (the edge of a volume price) is one correction: quantity -1.
    """
    amount, seats = line.amount_minor, abs(line.seats)
    if not seats or (line.seats > 0) != (amount > 0):
        seats = 1
    micro = abs(amount) * 10 ** (6 - DECIMALS[currency])
    signed = seats if amount >= 0 else -seats
    if micro % seats == 0:
        return signed, _price(micro // seats, currency), ""
    return signed, plain(abs(amount), currency), str(seats)


def _price(micro: int, currency: str) -> str:
    whole, part = divmod(micro, 1_000_000)
    places = f"{part:06d}".rstrip("0").ljust(DECIMALS[currency], "0")
    return f"{whole}.{places}" if places else str(whole)


def _category(category: str, outside: bool) -> str:
    """Category O must stand alone (BR-O-11, BR-O-12); beside others such lines are exempt, with their reason."""
    return "E" if category == "O" and not outside else category


def _item(number: int, one: FormLine, form: Form, sign: int, outside: bool, tongue: Words) -> Item:
    line = one.line
    quantity, price, base = quantity_and_price(line, form.currency)
    name = one.product if one.plan == one.product else f"{one.product}, {one.plan}"
    parts = [tongue.say("subscription", reference=one.reference)]
    if one.purchase_order:
        parts.append(tongue.say("order_of_line", order=one.purchase_order))
    return Item(
        id=number,
        name=name,
        seller_id=line.plan,
        description=", ".join(parts),
        note=f"{sentence(line, tongue)} {formula(line, form.currency, tongue)}",
        quantity=str(sign * quantity),
        price=price,
        base=base,
        amount=plain(sign * line.amount_minor, form.currency),
        category=_category(line.category, outside),
        rate=line.rate,
        start=line.start,
        last=line.end - ONE_DAY,
    )


def _taxes(form: Form, sign: int, outside: bool, tongue: Words) -> tuple[Tax, ...]:
    """BG-23, one for each category and rate; reasons of lines that became exempt beside others are joined."""
    sums: dict[tuple[str, str], list[int]] = {}
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in form.vat:
        key = (_category(one.category, outside), one.rate)
        own = sums.setdefault(key, [0, 0])
        own[0] += one.taxable_minor
        own[1] += one.vat_minor
        if one.category != "S":
            why = form.buyer.exempt if one.category == "E" else tongue.say(f"reason_{one.category}")
            reasons.setdefault(key, []).append(why or tongue.say("rate_E"))
    return tuple(
        Tax(
            category, rate, plain(sign * taxable, form.currency), plain(sign * vat, form.currency),
            "; ".join(reasons.get((category, rate), ())), VATEX.get(category, ""),
        )
        for (category, rate), (taxable, vat) in sums.items()
    )  # fmt: skip
