"""What an organisation says of itself, section by section: read, checked, compared, and kept.

A section is a mapping of texts, as its form shows it. What a form showed comes back with what was typed (`expects`),
so that two people who edit the same section at once do not undo each other's work unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from seatkeeper.core.calendar import zone
from seatkeeper.core.countries import COUNTRIES
from seatkeeper.core.money import DECIMALS
from seatkeeper.core.notices import DAYS, RENEWAL
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts import vat_ids
from seatkeeper.domain.accounts.models import Account, Recipient

Section = dict[str, str]
ADDRESS = ("street", "number", "extra", "postcode", "town", "region")
MAILS = ("invoices", "receipts", "reminders", "notices")
RENEWAL_DAYS = DAYS[RENEWAL]
DEFAULT_NOTICES: Mapping[str, Any] = {"renewal_days": list(RENEWAL_DAYS), "licences_below": None}
LANGUAGES = ("en", "nl")
MOST_RECIPIENTS = 20
MOST_TEXT = 200
MOST_ORDER_NUMBER = 64


def bad(field: str) -> Refused:
    """A field whose text cannot be taken."""
    return Refused("bad_input", field=field)


def text(values: Mapping[str, Any], field: str, *, most: int = MOST_TEXT, required: bool = False) -> str:
    """A line of text without control characters. Refused: bad_input."""
    found = " ".join(str(values.get(field) or "").split())
    if len(found) > most or not found.isprintable() or (required and not found):
        raise bad(field)
    return found


# ---- what each section holds --------------------------------------------------------------------------------------


def names_of(account: Account) -> Section:
    """Legal and display name."""
    return {"name": account.name, "display_name": account.display_name}


def address_of(account: Account) -> Section:
    """Country and address."""
    return {"country": account.country, **parts_of(account.address)}


def parts_of(address: Mapping[str, Any]) -> Section:
    """The parts of a kept address; of one that is kept as whole lines, the first is the street, the last the town."""
    found = {name: str(address.get(name) or "") for name in ADDRESS}
    found["town"] = found["town"] or str(address.get("city") or "")
    lines = [str(one) for one in address.get("lines", ()) if one]
    if lines:
        found.update(street=lines[0], extra=", ".join(lines[1:-1]), town=lines[-1] if len(lines) > 1 else "")
    return found


def vat_id_of(account: Account) -> Section:
    """The VAT id."""
    return {"vat_id": account.vat_id or ""}


def regional_of(account: Account) -> Section:
    """Language, time zone (the coming one, where one is booked) and currency."""
    timezone = account.next_timezone or account.timezone
    return {"language": account.language, "timezone": timezone, "currency": account.currency}


def purchase_order_of(account: Account) -> Section:
    """The account's own number on documents."""
    return {"purchase_order": account.purchase_order}


def notices_of(account: Account) -> Section:
    """Days before a renewal, and how few free licences."""
    found = notices(account)
    below = found["licences_below"]
    days = ",".join(str(one) for one in sorted(found["renewal_days"], reverse=True))
    return {"renewal_days": days, "licences_below": "" if below is None else str(below)}


def notices(account: Account) -> dict[str, Any]:
    """Which warnings the organisation wants: days before a renewal, and how few free licences."""
    return {**DEFAULT_NOTICES, **account.notices}


def recipients_of(account: Account) -> Section:
    """Each address with what it gets."""
    rows = Recipient.objects.filter(account=account).order_by("id")
    return {one.address: said(one.mails, one.pdf, one.xml) for one in rows}


def said(mails: Sequence[str], pdf: bool, xml: bool) -> str:
    """What a recipient gets, as one text."""
    return " ".join([*(one for one in MAILS if one in mails), *(["pdf"] if pdf else []), *(["xml"] if xml else [])])


def terms_of(account: Account) -> Section:
    """Payment terms and credit limit."""
    limit = account.credit_limit_minor
    return {"terms_days": str(account.terms_days), "credit_limit": "" if limit is None else str(limit)}


# ---- taking over what was typed -----------------------------------------------------------------------------------


def take_names(account: Account, values: Mapping[str, Any]) -> None:
    """Take over the names."""
    account.name = text(values, "name", required=True)
    account.display_name = text(values, "display_name")


def take_address(account: Account, values: Mapping[str, Any]) -> None:
    """Take over country and address; a VAT id of another country is confirmed no more."""
    country = str(values.get("country") or "")
    if country not in COUNTRIES:
        raise bad("country")
    found = {name: text(values, name, required=name in ("street", "town")) for name in ADDRESS}
    account.country = country
    account.address = {name: one for name, one in found.items() if one}
    if account.vat_id and not vat_ids.belongs(vat_ids.cleaned(account.vat_id), country):
        account.vat_confirmed = False


def take_vat_id(account: Account, values: Mapping[str, Any]) -> None:
    """Take over a VAT id; another one is not confirmed."""
    found = vat_ids.cleaned(str(values.get("vat_id") or ""))
    if found == vat_ids.cleaned(account.vat_id or ""):
        return
    if found and not vat_ids.valid(found, account.country):
        raise wrong_vat_id(account.country)
    account.vat_id, account.vat_confirmed = found or None, False


def wrong_vat_id(country: str) -> Refused:
    """An id that has not the form of the country's."""
    return Refused("vat_id_invalid", field="vat_id", country=country, example=vat_ids.EXAMPLES.get(country, ""))


def take_language(account: Account, values: Mapping[str, Any]) -> None:
    """Take over the language of documents."""
    if values.get("language") not in LANGUAGES:
        raise bad("language")
    account.language = str(values["language"])


def take_currency(account: Account, values: Mapping[str, Any], *, fixed: bool) -> None:
    """Take over the currency, unless it is fixed."""
    found = values.get("currency", account.currency)
    if found not in DECIMALS:
        raise bad("currency")
    if found != account.currency and fixed:
        raise Refused("currency_fixed", field="currency", currency=account.currency)
    account.currency = str(found)


def checked_zone(values: Mapping[str, Any]) -> str:
    """The name of a time zone. Refused: bad_input."""
    found = str(values.get("timezone") or "")
    try:
        zone(found)
    except (LookupError, ValueError, OSError):
        raise bad("timezone") from None
    if "/" not in found and found != "UTC":
        raise bad("timezone")
    return found


def take_purchase_order(account: Account, values: Mapping[str, Any]) -> None:
    """Take over the account's own number."""
    account.purchase_order = text(values, "purchase_order", most=MOST_ORDER_NUMBER)


def take_notices(account: Account, values: Mapping[str, Any]) -> None:
    """Take over when to warn."""
    days = sorted({int(one) for one in values.get("renewal_days") or ()}, reverse=True)
    if not set(days) <= set(RENEWAL_DAYS):
        raise bad("renewal_days")
    below = values.get("licences_below")
    if below is not None and (type(below) is not int or not 0 < below <= 10_000):
        raise bad("licences_below")
    account.notices = {"renewal_days": days, "licences_below": below}


def take_recipients(account: Account, values: Mapping[str, Any]) -> None:
    """Replace the recipients. values: `recipients`, each with address, mails, pdf and xml."""
    rows: dict[str, Recipient] = {}
    given = values.get("recipients") or ()
    if len(given) > MOST_RECIPIENTS:
        raise bad("recipients")
    for index, one in enumerate(given):
        address = str(one.get("address") or "").strip()
        mails = [name for name in MAILS if name in (one.get("mails") or ())]
        try:
            if len(address) > 254 or not address.isascii():  # what can be stored, and handed to a mail server
                raise ValidationError("address")
            validate_email(address)
        except ValidationError:
            raise Refused("bad_input", field="address", index=index) from None
        if not mails:
            raise Refused("bad_input", field="mails", index=index)
        if address.lower() in rows:
            raise Refused("bad_input", field="address", index=index)
        pdf, xml = bool(one.get("pdf")), bool(one.get("xml"))
        rows[address.lower()] = Recipient(account=account, address=address, mails=mails, pdf=pdf, xml=xml)
    Recipient.objects.filter(account=account).delete()
    Recipient.objects.bulk_create(rows.values())


def take_terms(account: Account, values: Mapping[str, Any]) -> None:
    """Take over payment terms and credit limit."""
    days, limit = values.get("terms_days", account.terms_days), values.get("credit_limit_minor")
    if type(days) is not int or not 0 <= days <= 366:
        raise bad("terms_days")
    if limit is not None and (type(limit) is not int or limit < 0):
        raise bad("credit_limit_minor")
    account.terms_days, account.credit_limit_minor = days, limit


@dataclass(frozen=True, slots=True)
class Kind:
    """A section: how it reads, how it takes over, and which of its texts the journal may hold (codes, no names)."""

    read: Callable[[Account], Section]
    take: Callable[[Account, Mapping[str, Any]], None]
    codes: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "names": Kind(names_of, take_names),
    "address": Kind(address_of, take_address, ("country",)),
    "vat_id": Kind(vat_id_of, take_vat_id),
    "regional": Kind(regional_of, take_language, ("language", "timezone", "currency")),
    "purchase_order": Kind(purchase_order_of, take_purchase_order),
    "recipients": Kind(recipients_of, take_recipients),
    "notices": Kind(notices_of, take_notices, ("renewal_days", "licences_below")),
    "terms": Kind(terms_of, take_terms, ("terms_days", "credit_limit")),
}


def unchanged_since(section: str, expects: Mapping[str, str] | None, now: Section) -> None:
    """Refused: details_changed where a form showed something else than what stands there by now."""
    if expects is None or dict(expects) == now:
        return
    fields = [name for name in {**expects, **now} if expects.get(name, "") != now.get(name, "")]
    differences = tuple((name, str(expects.get(name, "")), now.get(name, "")) for name in fields)
    raise Refused("details_changed", section=section, differences=differences)


def told(kind: Kind, was: Section, now: Section) -> dict[str, Any]:
    """What the journal says of a change: before and after of codes, and only the names of other fields."""
    differs = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    facts: dict[str, Any] = {"fields": sorted(name for name in differs if "@" not in name)}
    for name, one in (("was", was), ("is", now)):
        codes = {field: one.get(field, "") for field in kind.codes if field in differs}
        if codes:
            facts[name] = codes
    if kind.take is take_recipients:
        facts["was"], facts["is"] = {"recipients": len(was)}, {"recipients": len(now)}
    return facts
