"""UBL 2.1: Peppol BIS Billing 3.0 where both parties can be addressed in that network, else plain EN 16931."""

from __future__ import annotations

from datetime import date

from seatkeeper.adapters.einvoice.semantic import EN16931, PEPPOL, PROFILE, UNIT, Invoice, Item, Party, Tax, invoice
from seatkeeper.adapters.einvoice.xml import HEAD, group, tag
from seatkeeper.domain.invoicing.form import Form, Place

NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
COMMON = f'xmlns:cac="{NAMESPACE}CommonAggregateComponents-2" xmlns:cbc="{NAMESPACE}CommonBasicComponents-2"'


class Ubl:
    """Implements the EInvoice port."""

    def render(self, form: Form) -> bytes:
        """The document as UBL."""
        one = invoice(form)
        root = "CreditNote" if one.credit else "Invoice"
        body = _head(one) + _parties(one) + _delivery(one) + _payment(one) + _totals(one)
        body += "".join(_line(item, one) for item in one.items)
        return f'{HEAD}<{root} xmlns="{NAMESPACE}{root}-2" {COMMON}>{body}</{root}>\n'.encode()


def _head(one: Invoice) -> str:
    kind = "CreditNoteTypeCode" if one.credit else "InvoiceTypeCode"
    due = one.due_on.isoformat() if one.due_on else ""
    return "".join(
        (
            tag("cbc:CustomizationID", PEPPOL if one.peppol else EN16931),
            tag("cbc:ProfileID", PROFILE if one.peppol else ""),
            tag("cbc:ID", one.number),
            tag("cbc:IssueDate", one.issued_on.isoformat()),
            tag("cbc:DueDate", due),
            tag(f"cbc:{kind}", one.type_code),
            tag("cbc:Note", one.note),
            tag("cbc:DocumentCurrencyCode", one.currency),
            tag("cbc:TaxCurrencyCode", one.national[0] if one.national else ""),
            tag("cbc:BuyerReference", one.buyer_reference),
            _period(one.start, one.last),
            group("cac:OrderReference", tag("cbc:ID", one.order)),
            *(
                group(
                    "cac:BillingReference",
                    group("cac:InvoiceDocumentReference", tag("cbc:ID", number), tag("cbc:IssueDate", on.isoformat())),
                )
                for number, on in one.corrects
            ),
        )
    )


def _period(start: date, last: date) -> str:
    return group("cac:InvoicePeriod", tag("cbc:StartDate", start.isoformat()), tag("cbc:EndDate", last.isoformat()))


def _address(name: str, place: Place) -> str:
    return group(
        name,
        tag("cbc:StreetName", place.street),
        tag("cbc:AdditionalStreetName", place.extra),
        tag("cbc:CityName", place.town),
        tag("cbc:PostalZone", place.postcode),
        tag("cbc:CountrySubentity", place.region),
        group("cac:Country", tag("cbc:IdentificationCode", place.country)),
    )


def _scheme(number: str, kind: str) -> str:
    return group("cac:PartyTaxScheme", tag("cbc:CompanyID", number), group("cac:TaxScheme", tag("cbc:ID", kind)))


def _party(party: Party) -> str:
    scheme, address = party.address
    company_scheme, company = party.company
    contact = group("cac:Contact", tag("cbc:Telephone", party.phone), tag("cbc:ElectronicMail", party.email))
    return group(
        "cac:Party",
        tag("cbc:EndpointID", address, schemeID=scheme),
        group("cac:PartyName", tag("cbc:Name", party.name)),
        _address("cac:PostalAddress", party.place),
        _scheme(party.vat_id, "VAT") if party.vat_id else "",
        _scheme(party.tax, "TAX") if party.tax else "",
        group(
            "cac:PartyLegalEntity",
            tag("cbc:RegistrationName", party.name),
            tag("cbc:CompanyID", company, schemeID=company_scheme),
        ),
        contact,
    )


def _parties(one: Invoice) -> str:
    return group("cac:AccountingSupplierParty", _party(one.seller)) + group(
        "cac:AccountingCustomerParty", _party(one.buyer)
    )


def _delivery(one: Invoice) -> str:
    """BG-15: the licences are used in the buyer's country."""
    country = group("cac:Country", tag("cbc:IdentificationCode", one.buyer.place.country))
    return group("cac:Delivery", group("cac:DeliveryLocation", group("cac:Address", country)))


def _payment(one: Invoice) -> str:
    account = group(
        "cac:PayeeFinancialAccount",
        tag("cbc:ID", one.iban),
        tag("cbc:Name", one.holder if one.iban else ""),
        group("cac:FinancialInstitutionBranch", tag("cbc:ID", one.bic)),
    )
    return group(
        "cac:PaymentMeans", tag("cbc:PaymentMeansCode", one.means), tag("cbc:PaymentID", one.remittance), account
    ) + group("cac:PaymentTerms", tag("cbc:Note", one.terms))


def _amount(name: str, text: str, currency: str) -> str:
    return tag(name, text, currencyID=currency)


def _category(name: str, category: str, rate: str, *reasons: str) -> str:
    return group(
        name,
        tag("cbc:ID", category),
        tag("cbc:Percent", "" if category == "O" else rate),
        *reasons,
        group("cac:TaxScheme", tag("cbc:ID", "VAT")),
    )


def _subtotal(tax: Tax, currency: str) -> str:
    return group(
        "cac:TaxSubtotal",
        _amount("cbc:TaxableAmount", tax.taxable, currency),
        _amount("cbc:TaxAmount", tax.vat, currency),
        _category(
            "cac:TaxCategory", tax.category, tax.rate, tag("cbc:TaxExemptionReasonCode", tax.code),
            tag("cbc:TaxExemptionReason", tax.reason),
        ),
    )  # fmt: skip


def _totals(one: Invoice) -> str:
    currency = one.currency
    subtotals = (_subtotal(tax, currency) for tax in one.taxes)
    found = group("cac:TaxTotal", _amount("cbc:TaxAmount", one.vat, currency), *subtotals)
    if one.national:
        found += group("cac:TaxTotal", _amount("cbc:TaxAmount", one.national[1], one.national[0]))
    return found + group(
        "cac:LegalMonetaryTotal",
        _amount("cbc:LineExtensionAmount", one.net, currency),
        _amount("cbc:TaxExclusiveAmount", one.net, currency),
        _amount("cbc:TaxInclusiveAmount", one.gross, currency),
        _amount("cbc:PrepaidAmount", one.prepaid, currency),
        _amount("cbc:PayableAmount", one.due, currency),
    )


def _line(item: Item, one: Invoice) -> str:
    name, quantity = ("CreditNoteLine", "CreditedQuantity") if one.credit else ("InvoiceLine", "InvoicedQuantity")
    return group(
        f"cac:{name}",
        tag("cbc:ID", str(item.id)),
        tag("cbc:Note", item.note),
        tag(f"cbc:{quantity}", item.quantity, unitCode=UNIT),
        _amount("cbc:LineExtensionAmount", item.amount, one.currency),
        _period(item.start, item.last),
        group(
            "cac:Item",
            tag("cbc:Description", item.description),
            tag("cbc:Name", item.name),
            group("cac:SellersItemIdentification", tag("cbc:ID", item.seller_id)),
            _category("cac:ClassifiedTaxCategory", item.category, item.rate),
        ),
        group(
            "cac:Price",
            _amount("cbc:PriceAmount", item.price, one.currency),
            tag("cbc:BaseQuantity", item.base, unitCode=UNIT),
        ),
    )
