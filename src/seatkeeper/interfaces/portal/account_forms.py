"""The forms of the billing account: how each reads what was typed, and which command it gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.countries import COUNTRIES
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.details import ADDRESS, MAILS, RENEWAL_DAYS
from seatkeeper.domain.subscriptions.account_page import AccountPage
from seatkeeper.interfaces.portal.sheets.reading import typed
from seatkeeper.interfaces.web.formatting import country, locale

Values = dict[str, Any]
SPARE_RECIPIENTS = 2
"""So many empty rows the form of recipients ends with."""


@dataclass(frozen=True, slots=True)
class AccountForm:
    """A section's form. read gives the command's arguments; filled what its fields show before anything is typed.

    sensitive: asks for a recent sign-in. live: what it means is shown while one types.
    """

    slug: str
    section: str
    title: str
    read: Callable[[QueryDict], Values]
    filled: Callable[[AccountPage], Mapping[str, Any]]
    sensitive: bool = False
    live: bool = False

    @property
    def command(self) -> str:
        """The command's full name."""
        return f"account.set_{self.section}"


def _of_section(name: str) -> Callable[[AccountPage], Mapping[str, Any]]:
    return lambda page: dict(page.sections[name])


def _names(data: QueryDict) -> Values:
    return {"legal_name": typed(data, "name"), "display_name": typed(data, "display_name")}


def _address(data: QueryDict) -> Values:
    return {"address": {name: typed(data, name) for name in ("country", *ADDRESS)}}


def _vat_id(data: QueryDict) -> Values:
    return {"vat_id": typed(data, "vat_id")}


def _regional(data: QueryDict) -> Values:
    return {name: typed(data, name) for name in ("language", "timezone", "currency")}


def _purchase_order(data: QueryDict) -> Values:
    return {"purchase_order": typed(data, "purchase_order")}


def _notices(data: QueryDict) -> Values:
    below = typed(data, "licences_below").strip()
    if below and not (below.isascii() and below.isdigit() and len(below) < 6):
        raise Refused("bad_input", field="licences_below")
    days = [one for one in RENEWAL_DAYS if str(one) in data.getlist("renewal_days")]
    return {"renewal_days": days, "licences_below": int(below) if below else None}


def _recipients(data: QueryDict) -> Values:
    return {"recipients": [one for one in recipient_rows(data) if one["address"]]}


def recipient_rows(data: QueryDict) -> list[Values]:
    """The rows of the form as they were typed, the empty ones too."""
    numbers = sorted(int(name[8:]) for name in data if name.startswith("address-") and name[8:].isdigit())
    return [
        {
            "address": typed(data, f"address-{number}").strip(),
            "mails": [one for one in MAILS if one in data.getlist(f"mails-{number}")],
            "pdf": typed(data, f"pdf-{number}") == "yes",
            "xml": typed(data, f"xml-{number}") == "yes",
        }
        for number in numbers[:50]
    ]


def _recipients_filled(page: AccountPage) -> Mapping[str, Any]:
    rows = [{"address": one.address, "mails": one.mails, "pdf": one.pdf, "xml": one.xml} for one in page.recipients]
    spare = {"address": "", "mails": ("invoices", "reminders"), "pdf": True, "xml": False}
    return {"recipients": [*rows, *[spare] * SPARE_RECIPIENTS]}


FORMS: Mapping[str, AccountForm] = {
    one.slug: one
    for one in (
        AccountForm("names", "names", N_("Names"), _names, _of_section("names")),
        AccountForm("address", "address", N_("Billing address"), _address, _of_section("address"), live=True),
        AccountForm("vat-id", "vat_id", N_("VAT id"), _vat_id, _of_section("vat_id"), sensitive=True, live=True),
        AccountForm(
            "regional", "regional", N_("Language, time zone and currency"), _regional, _of_section("regional")
        ),
        AccountForm(
            "purchase-order", "purchase_order", N_("Purchase order number"), _purchase_order,
            _of_section("purchase_order"),
        ),
        AccountForm(
            "recipients", "recipients", N_("Recipients of mails"), _recipients, _recipients_filled, sensitive=True
        ),
        AccountForm("notices", "notices", N_("Notices"), _notices, _of_section("notices")),
    )
}  # fmt: skip


def shown_before(data: QueryDict) -> dict[str, str] | None:
    """What the form showed of its section when it was opened; None where that cannot be read."""
    try:
        found = json.loads(typed(data, "shown"))
    except ValueError:
        return None
    good = isinstance(found, dict) and all(isinstance(one, str) for one in found.values())
    return found if good else None


# ---- addresses ----------------------------------------------------------------------------------------------------

NUMBER_FIRST = frozenset({"GB", "IE", "US", "CA", "AU", "NZ", "FR", "LU", "MT"})
TOWN_FIRST = frozenset({"GB", "IE", "US", "CA", "AU", "NZ"})
"""Countries that write the number before the street, and the postcode after the town."""
REGION_IN_USE = frozenset({"US", "CA", "AU", "IT", "ES", "IE", "GB", "JP", "CN", "IN", "BR", "MX"})

LABELS = {
    "street": (N_("Street"), "address-line1", "wide"),
    "number": (N_("Number"), "off", "narrow"),
    "extra": (N_("Addition"), "address-line2", "whole"),
    "postcode": (N_("Postcode"), "postal-code", "narrow"),
    "town": (N_("Town"), "address-level2", "wide"),
    "region": (N_("Region"), "address-level1", "narrow"),
}
REQUIRED = frozenset({"street", "town"})


@dataclass(frozen=True, slots=True)
class AddressField:
    """One line of an address form."""

    name: str
    label: str
    autocomplete: str
    size: str
    value: str
    required: bool


def address_order(code: str) -> tuple[str, ...]:
    """The fields in the order of the country."""
    first = ("number", "street") if code in NUMBER_FIRST else ("street", "number")
    second = ("town", "region", "postcode") if code in TOWN_FIRST else ("postcode", "town", "region")
    return (*first, "extra", *second)


def address_fields(values: Mapping[str, Any]) -> list[AddressField]:
    """The fields of an address form; the region only where the country's addresses have one, or one is kept."""
    code = str(values.get("country") or "")
    found = []
    for name in address_order(code):
        label, autocomplete, size = LABELS[name]
        value = str(values.get(name) or "")
        if name != "region" or value or code in REGION_IN_USE:
            found.append(AddressField(name, label, autocomplete, size, value, name in REQUIRED))
    return found


def address_lines(code: str, address: Mapping[str, str]) -> list[str]:
    """An address as it is written in its country."""
    order = address_order(code)
    first = " ".join(address[name] for name in order[:2] if address[name])
    places = [address[name] for name in order[3:] if address[name]]
    return [one for one in (first, address["extra"], " ".join(places)) if one]


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country, by name in the reader's language."""
    names = [(code, country(code)) for code in COUNTRIES]
    key = str.maketrans("ÅÄÁÂÉÈÊËÍÎÓÔÖÚÜåäáâçéèêëíîñóôöúü", "AAAAEEEEIIOOOUUaaaaceeeeiinooouu")
    return sorted(names, key=lambda one: one[1].translate(key))


def language_names() -> list[tuple[str, str]]:
    """The languages of documents, by their names."""
    names = locale().languages
    return [(code, names[code][:1].upper() + names[code][1:]) for code in ("en", "nl")]
