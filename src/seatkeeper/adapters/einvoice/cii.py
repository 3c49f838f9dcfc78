"""UN/CEFACT Cross Industry Invoice, in the profile EN 16931 of Factur-X and ZUGFeRD: the XML inside our PDFs."""

from __future__ import annotations

from datetime import date

from seatkeeper.adapters.einvoice.semantic import EN16931, UNIT, Invoice, Item, Party, Tax, invoice
from seatkeeper.adapters.einvoice.xml import HEAD, group, tag
from seatkeeper.domain.invoicing.form import Form

STANDARD = "urn:un:unece:uncefact:data:standard:"
SPACES = (
    f'xmlns:rsm="{STANDARD}CrossIndustryInvoice:100" xmlns:qdt="{STANDARD}QualifiedDataType:100" '
    f'xmlns:ram="{STANDARD}ReusableAggregateBusinessInformationEntity:100" '
    f'xmlns:udt="{STANDARD}UnqualifiedDataType:100"'
)


class Cii:
    """Implements the EInvoice port."""

    def render(self, form: Form) -> bytes:
        """The document as CII."""
        one = invoice(form)
        context = group(
            "rsm:ExchangedDocumentContext",
            group("ram:GuidelineSpecifiedDocumentContextParameter", tag("ram:ID", EN16931)),
        )
        document = group(
            "rsm:ExchangedDocument",
            tag("ram:ID", one.number),
            tag("ram:TypeCode", one.type_code),
            group("ram:IssueDateTime", _day(one.issued_on)),
            group("ram:IncludedNote", tag("ram:Content", one.note)),
        )
        trade = group(
            "rsm:SupplyChainTradeTransaction",
            *(_line(item) for item in one.items),
            _agreement(one),
            _delivery(one),
            _settlement(one),
        )
        root = "rsm:CrossIndustryInvoice"
        return f"{HEAD}<{root} {SPACES}>{context}{document}{trade}</{root}>\n".encode()


def _day(on: date, space: str = "udt") -> str:
    return tag(f"{space}:DateTimeString", f"{on:%Y%m%d}", format="102")


def _period(start: date, last: date) -> str:
    return group(
        "ram:BillingSpecifiedPeriod", group("ram:StartDateTime", _day(start)), group("ram:EndDateTime", _day(last))
    )


def _tax(category: str, rate: str) -> str:
    return group(
        "ram:ApplicableTradeTax",
        tag("ram:TypeCode", "VAT"),
        tag("ram:CategoryCode", category),
        tag("ram:RateApplicablePercent", "" if category == "O" else rate),
    )


def _line(item: Item) -> str:
    note = group("ram:IncludedNote", tag("ram:Content", item.note))
    price = tag("ram:ChargeAmount", item.price) + tag("ram:BasisQuantity", item.base, unitCode=UNIT)
    return group(
        "ram:IncludedSupplyChainTradeLineItem",
        group("ram:AssociatedDocumentLineDocument", tag("ram:LineID", str(item.id)), note),
        group(
            "ram:SpecifiedTradeProduct",
            tag("ram:SellerAssignedID", item.seller_id),
            tag("ram:Name", item.name),
            tag("ram:Description", item.description),
        ),
        group("ram:SpecifiedLineTradeAgreement", group("ram:NetPriceProductTradePrice", price)),
        group("ram:SpecifiedLineTradeDelivery", tag("ram:BilledQuantity", item.quantity, unitCode=UNIT)),
        group(
            "ram:SpecifiedLineTradeSettlement",
            _tax(item.category, item.rate),
            _period(item.start, item.last),
            group("ram:SpecifiedTradeSettlementLineMonetarySummation", tag("ram:LineTotalAmount", item.amount)),
        ),
    )


def _party(name: str, party: Party) -> str:
    scheme, company = party.company
    place = party.place
    contact = group("ram:TelephoneUniversalCommunication", tag("ram:CompleteNumber", party.phone)) + group(
        "ram:EmailURIUniversalCommunication", tag("ram:URIID", party.email)
    )
    person = tag("ram:PersonName", party.name) if contact else ""
    return group(
        name,
        tag("ram:Name", party.name),
        group("ram:SpecifiedLegalOrganization", tag("ram:ID", company, schemeID=scheme)),
        group("ram:DefinedTradeContact", person, contact),
        group(
            "ram:PostalTradeAddress",
            tag("ram:PostcodeCode", place.postcode),
            tag("ram:LineOne", place.street),
            tag("ram:LineTwo", place.extra),
            tag("ram:CityName", place.town),
            tag("ram:CountryID", place.country),
            tag("ram:CountrySubDivisionName", place.region),
        ),
        group("ram:URIUniversalCommunication", tag("ram:URIID", party.address[1], schemeID=party.address[0])),
        group("ram:SpecifiedTaxRegistration", tag("ram:ID", party.tax, schemeID="FC")),
        group("ram:SpecifiedTaxRegistration", tag("ram:ID", party.vat_id, schemeID="VA")),
    )


def _agreement(one: Invoice) -> str:
    return group(
        "ram:ApplicableHeaderTradeAgreement",
        tag("ram:BuyerReference", one.buyer_reference),
        _party("ram:SellerTradeParty", one.seller),
        _party("ram:BuyerTradeParty", one.buyer),
        group("ram:BuyerOrderReferencedDocument", tag("ram:IssuerAssignedID", one.order)),
    )


def _delivery(one: Invoice) -> str:
    """BG-15: the licences are used in the buyer's country."""
    place = group("ram:PostalTradeAddress", tag("ram:CountryID", one.buyer.place.country))
    return group("ram:ApplicableHeaderTradeDelivery", group("ram:ShipToTradeParty", place))


def _means(one: Invoice) -> str:
    account = tag("ram:IBANID", one.iban) + (tag("ram:AccountName", one.holder) if one.iban else "")
    return group(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        tag("ram:TypeCode", one.means),
        group("ram:PayeePartyCreditorFinancialAccount", account),
        group("ram:PayeeSpecifiedCreditorFinancialInstitution", tag("ram:BICID", one.bic)),
    )


def _breakdown(tax: Tax) -> str:
    return group(
        "ram:ApplicableTradeTax",
        tag("ram:CalculatedAmount", tax.vat),
        tag("ram:TypeCode", "VAT"),
        tag("ram:ExemptionReason", tax.reason),
        tag("ram:BasisAmount", tax.taxable),
        tag("ram:CategoryCode", tax.category),
        tag("ram:ExemptionReasonCode", tax.code),
        tag("ram:RateApplicablePercent", "" if tax.category == "O" else tax.rate),
    )


def _settlement(one: Invoice) -> str:
    due = group("ram:DueDateDateTime", _day(one.due_on)) if one.due_on else ""
    return group(
        "ram:ApplicableHeaderTradeSettlement",
        tag("ram:PaymentReference", one.remittance),
        tag("ram:TaxCurrencyCode", one.national[0] if one.national else ""),
        tag("ram:InvoiceCurrencyCode", one.currency),
        _means(one),
        *(_breakdown(tax) for tax in one.taxes),
        _period(one.start, one.last),
        group("ram:SpecifiedTradePaymentTerms", tag("ram:Description", one.terms), due),
        _sums(one),
        *(
            group(
                "ram:InvoiceReferencedDocument",
                tag("ram:IssuerAssignedID", number),
                group("ram:FormattedIssueDateTime", _day(on, "qdt")),
            )
            for number, on in one.corrects
        ),
    )


def _sums(one: Invoice) -> str:
    return group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        tag("ram:LineTotalAmount", one.net),
        tag("ram:TaxBasisTotalAmount", one.net),
        tag("ram:TaxTotalAmount", one.vat, currencyID=one.currency),
        tag("ram:TaxTotalAmount", one.national[1], currencyID=one.national[0]) if one.national else "",
        tag("ram:GrandTotalAmount", one.gross),
        tag("ram:TotalPrepaidAmount", one.prepaid),
        tag("ram:DuePayableAmount", one.due),
    )
