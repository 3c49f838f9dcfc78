"""Rules of Peppol BIS Billing 3.0, and of NL and BE in it, asserted by ourselves: no package ships the official ones.

Each rule answers what is wrong with an invoice or credit note in UBL, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from lxml import etree

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
SPACES = {"cbc": CBC[1:-1], "cac": CAC[1:-1]}
MEANS_NL = {"30", "48", "49", "57", "58", "59"}
Root = etree._Element
RULES: dict[str, Callable[[Root], object]] = {}


def texts(root: Root, path: str) -> list[str]:
    """The texts at a path."""
    return [str(one.text) for one in root.xpath(path, namespaces=SPACES)]


def first(root: Root, path: str) -> str:
    """The first text at a path, or nothing."""
    return next(iter(texts(root, path)), "")


def rule(name: str) -> Callable[[Callable[[Root], object]], Callable[[Root], object]]:
    """Register a rule; it answers whether all is well."""

    def kept(function: Callable[[Root], object]) -> Callable[[Root], object]:
        RULES[name] = function
        return function

    return kept


def faults(root: Root) -> Iterator[str]:
    """The names of the rules that do not hold."""
    for name, holds in RULES.items():
        if not holds(root):
            yield name


def lines(root: Root) -> list[Root]:
    """The document's lines."""
    found: list[Root] = root.xpath("cac:InvoiceLine | cac:CreditNoteLine", namespaces=SPACES)
    return found


@rule("R001 business process, R007 its form")
def _process(root: Root) -> object:
    return first(root, "cbc:ProfileID") == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


@rule("R002 at most one note")
def _note(root: Root) -> object:
    return len(texts(root, "cbc:Note")) <= 1


@rule("R003 buyer reference or order number")
def _reference(root: Root) -> object:
    return first(root, "cbc:BuyerReference") or first(root, "cac:OrderReference/cbc:ID")


@rule("R004 specification identifier")
def _specification(root: Root) -> object:
    return first(root, "cbc:CustomizationID").startswith(
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    )


@rule("R005 VAT accounting currency is another than the document's")
def _tax_currency(root: Root) -> object:
    return first(root, "cbc:TaxCurrencyCode") != first(root, "cbc:DocumentCurrencyCode")


@rule("R008 no empty elements")
def _empty(root: Root) -> object:
    return all(len(one) or (one.text or "").strip() for one in root.iter())


@rule("R010, R020 both electronic addresses")
def _addresses(root: Root) -> object:
    found = root.xpath("//cbc:EndpointID", namespaces=SPACES)
    return len(found) == 2 and all(one.get("schemeID") for one in found)


@rule("R051 one currency, R053 one VAT total with subtotals, R054 and one in the accounting currency, R055 of one sign")
def _currencies(root: Root) -> object:
    own, other = first(root, "cbc:DocumentCurrencyCode"), first(root, "cbc:TaxCurrencyCode")
    totals = root.xpath("cac:TaxTotal", namespaces=SPACES)
    full = [one for one in totals if one.find(f"{CAC}TaxSubtotal") is not None]
    bare = [one for one in totals if one not in full]
    amounts = [one for one in root.iter() if one.get("currencyID") and one.getparent() not in bare]
    signs = {Fraction(one.find(f"{CBC}TaxAmount").text) > 0 for one in totals}
    return (
        {one.get("currencyID") for one in amounts} == {own}
        and len(full) == 1
        and [one.find(f"{CBC}TaxAmount").get("currencyID") for one in bare] == ([other] if other else [])
        and (len(signs) == 1 or not bare)
    )


@rule("R061 a mandate's reference with direct debit")
def _mandate(root: Root) -> object:
    codes = set(texts(root, "cac:PaymentMeans/cbc:PaymentMeansCode"))
    return not codes & {"49", "59"} or first(root, "cac:PaymentMeans/cac:PaymentMandate/cbc:ID")


@rule("R110, R111 lines lie within the document's period")
def _periods(root: Root) -> object:
    start, end = first(root, "cac:InvoicePeriod/cbc:StartDate"), first(root, "cac:InvoicePeriod/cbc:EndDate")
    return all(
        start <= first(one, "cac:InvoicePeriod/cbc:StartDate") <= first(one, "cac:InvoicePeriod/cbc:EndDate") <= end
        for one in lines(root)
    )


def line_product(line: Root) -> Fraction:
    """Quantity times price by base quantity, exactly."""
    quantity = Fraction(first(line, "cbc:InvoicedQuantity | cbc:CreditedQuantity"))
    base = first(line, "cac:Price/cbc:BaseQuantity") or "1"
    return quantity * Fraction(first(line, "cac:Price/cbc:PriceAmount")) / Fraction(base)


@rule("R120 a line's sum is quantity times price; exactly so, where the rule lets 0.02 pass")
def _products(root: Root) -> object:
    return all(Fraction(first(one, "cbc:LineExtensionAmount")) == line_product(one) for one in lines(root))


@rule("R121 base quantity above zero, R130 of the line's unit")
def _bases(root: Root) -> object:
    units = root.xpath("//cbc:BaseQuantity", namespaces=SPACES)
    return all(Fraction(one.text) > 0 and one.get("unitCode") == "C62" for one in units)


@rule("P0100, P0101 kind of document")
def _kind(root: Root) -> object:
    kind = etree.QName(root).localname
    code = first(root, "cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode")
    return code == {"Invoice": "380", "CreditNote": "381"}[kind]


def _countries(root: Root) -> list[str]:
    return texts(root, "//cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode")


@rule("NL-R-001 a credit note of a Dutch seller names the invoice")
def _names_invoice(root: Root) -> object:
    is_credit = etree.QName(root).localname == "CreditNote" and _countries(root)[0] == "NL"
    return not is_credit or first(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")


@rule("NL-R-002, NL-R-004 street, town and postcode of Dutch parties")
def _dutch_places(root: Root) -> object:
    parties = root.xpath("//cac:Party[cac:PostalAddress/cac:Country/cbc:IdentificationCode='NL']", namespaces=SPACES)
    if _countries(root)[0] != "NL":
        return True
    wanted = ("StreetName", "CityName", "PostalZone")
    return all(first(one, f"cac:PostalAddress/cbc:{name}") for one in parties for name in wanted)


@rule("NL-R-003, NL-R-005 registrations of Dutch parties are of the KvK or an OIN")
def _dutch_registers(root: Root) -> object:
    if _countries(root)[0] != "NL":
        return True
    parties = root.xpath("//cac:Party[cac:PostalAddress/cac:Country/cbc:IdentificationCode='NL']", namespaces=SPACES)
    own = [one.find(f"{CAC}PartyLegalEntity/{CBC}CompanyID") for one in parties]
    return own[0] is not None and all(one is None or one.get("schemeID") in ("0106", "0190") for one in own)


@rule("NL-R-007, NL-R-008 a means of payment that is known in the Netherlands")
def _dutch_means(root: Root) -> object:
    codes = texts(root, "cac:PaymentMeans/cbc:PaymentMeansCode")
    return _countries(root)[0] != "NL" or (codes and set(codes) <= MEANS_NL)


@rule("COMMON-R043 Belgian enterprise numbers check modulo 97")
def _belgian(root: Root) -> object:
    found = root.xpath("//*[@schemeID='0208']", namespaces=SPACES)
    return all(len(one.text) == 10 and 97 - int(one.text[:8]) % 97 == int(one.text[8:]) for one in found)
