"""Billing account: who the organisation is on an invoice, who gets it, and what a change means (SCREENS.md 4.7)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.money import DECIMALS
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.details import MAILS, RENEWAL_DAYS
from seatkeeper.domain.subscriptions.account_page import AccountPage
from seatkeeper.domain.subscriptions.changing import Effect, Vat
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.account_forms import (
    FORMS,
    AccountForm,
    address_fields,
    address_lines,
    countries,
    language_names,
    recipient_rows,
    shown_before,
)
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.reading import typed
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, recently_signed_in, sees
from seatkeeper.interfaces.web.formatting import country, decimal_text, instant, join, long_date
from seatkeeper.interfaces.web.refusals import refusal
from seatkeeper.interfaces.web.text import plain, say

CHANGE = "subscription.change"
PEOPLE = "/account/people"


@sees("money.see")
def overview(request: HttpRequest) -> HttpResponse:
    """All sections, read-only, each with Edit."""
    page = calls.account(request)
    may_change = may(request, CHANGE)
    context = {
        "page": page,
        "may_change": may_change,
        "reason": None if may_change else role_reason(request, CHANGE),
        "lines": address_lines(page.country, page.address),
        "invoice_language": dict(language_names()).get(page.language, page.language),
        "vat": vat_words(page.vat),
        "waiting": _waiting(page),
        "recipients": [(one, mails_text(one.mails), files_text(pdf=one.pdf, xml=one.xml)) for one in page.recipients],
        "warned": join([plain(N_("{n} days"), n=one) for one in page.renewal_days]),
        "saved": _saved(request, page),
        "people_address": PEOPLE,
    }
    return render(request, "portal/account.html", context)


def _waiting(page: AccountPage) -> str:
    """What an unconfirmed VAT id costs."""
    if page.vat_id is None or page.vat_id.confirmed or not page.vat_id.matters:
        return ""
    rate = decimal_text(Decimal(page.vat.rate))
    sentence = N_("Until this VAT id is confirmed, {rate}% VAT of {country} is charged.")
    return plain(sentence, rate=rate, country=country(page.country))


def vat_words(vat: Vat) -> str:
    """21% VAT of the Netherlands; reverse charge, exempt and outside the EU in words."""
    if vat.category == "S":
        rate = decimal_text(Decimal(vat.rate))
        return plain(N_("{rate}% VAT ({country})"), rate=rate, country=country(vat.country))
    return gettext({"AE": N_("VAT reverse charge"), "E": N_("exempt from VAT")}.get(vat.category, N_("no VAT")))


MAIL_WORDS = {
    "invoices": N_("Invoices"),
    "receipts": N_("Payment receipts"),
    "reminders": N_("Reminders"),
    "notices": N_("Notices"),
}


def mails_text(mails: tuple[str, ...]) -> str:
    """Invoices and reminders."""
    text = join([gettext(MAIL_WORDS[one]).lower() for one in MAILS if one in mails])
    return text[:1].upper() + text[1:]


def files_text(*, pdf: bool, xml: bool) -> str:
    """with PDF and XML."""
    names = [name for name, given in (("PDF", pdf), ("XML", xml)) if given]
    return plain(N_("with {files}"), files=join(names)) if names else gettext("without files")


def _saved(request: HttpRequest, page: AccountPage) -> dict[str, str]:
    """The section that was just saved, and from when it counts."""
    form = FORMS.get(request.GET.get("saved", ""))
    if form is None:
        return {}
    text = gettext("Saved.")
    if form.section in ("address", "vat_id", "names", "purchase_order"):
        text = plain(N_("Saved. Issued invoices stay as they are; this counts from the next document."))
    if form.section == "regional" and page.next_timezone and page.next_timezone_at:
        at = instant(page.next_timezone_at, page.account.timezone)
        text = plain(N_("Saved. The new time zone counts from {instant}."), instant=at)
    return {form.slug: text}


# ---- one section's form -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Sheet:
    """What a form shows: what was typed or stands there, what is wrong, what changed meanwhile, what it means."""

    form: AccountForm
    page: AccountPage
    values: Mapping[str, Any]
    wrong: str = ""
    field: str = ""
    row: int | None = None
    differences: list[tuple[str, str, str]] | None = None
    effect: Effect | None = None
    good: str = ""


@sees("money.see")
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """One section: its form by GET; by POST what it would mean (look), or saving it."""
    form = FORMS.get(slug)
    if form is None:
        return not_there(request)
    if not may(request, CHANGE):
        sentence = role_reason(request, CHANGE)
        return render(request, "403.html", {"sentence": sentence}, status=403)
    looks = bool(request.POST.get("look"))  # which writes nothing
    return (recently_signed_in(_section) if form.sensitive and not looks else _section)(request, form=form)


def _section(request: HttpRequest, *, form: AccountForm) -> HttpResponse:
    page = calls.account(request)
    if request.method != "POST":
        sheet = Sheet(form, page, _typed(form, request.GET) if "shown" in request.GET else form.filled(page))
        if form.live:
            _look(request, sheet)
        return _sheet(request, sheet)
    sheet = Sheet(form, page, _typed(form, request.POST))
    if request.POST.get("look"):
        _look(request, sheet)
        return _sheet(request, sheet)
    try:
        arguments = form.read(request.POST)
        calls.give(request, form.command, **arguments, expects=shown_before(request.POST))
    except Refused as refused:
        _refused(sheet, refused)
        if form.live and refused.code == "details_changed":
            _look(request, sheet)
        return _sheet(request, sheet, status=409 if sheet.differences else 422)
    return redirect(f"/account?saved={form.slug}#{form.slug}")


def _typed(form: AccountForm, data: QueryDict) -> dict[str, Any]:
    """What was typed, to be shown again."""
    if form.section == "recipients":
        return {"recipients": recipient_rows(data)}
    found: dict[str, Any] = {name: typed(data, name) for name in data}
    if form.section == "notices":
        found["renewal_days"] = ",".join(data.getlist("renewal_days"))
    return found


def _refused(sheet: Sheet, refused: Refused) -> None:
    facts = refused.facts
    sheet.field, index = str(facts.get("field", "")), facts.get("index")
    sheet.row = index if isinstance(index, int) else None
    if refused.code == "details_changed":
        differences: Any = facts["differences"]
        sheet.differences = [(_label(name), was, now) for name, was, now in differences]
        sheet.wrong = str(refusal(refused.code, facts))
    elif refused.code == "bad_input":
        sheet.wrong = gettext(WRONG.get(sheet.field, N_("This was not understood.")))
    else:
        sheet.wrong = str(refusal(refused.code, facts))


WRONG = {
    "name": N_("Enter the legal name."),
    "street": N_("Enter the street."),
    "town": N_("Enter the town."),
    "country": N_("Choose a country from the list."),
    "timezone": N_("Choose a time zone from the list, such as Europe/Amsterdam."),
    "language": N_("Choose a language from the list."),
    "currency": N_("Choose a currency from the list."),
    "purchase_order": N_("A purchase order number has at most 64 characters."),
    "licences_below": N_("Enter a whole number, such as 3, or leave it empty."),
    "address": N_("Enter a full e-mail address, such as invoices@example.com, each only once."),
    "mails": N_("Choose at least one kind of mail, or empty the address to remove it."),
    "recipients": N_("There can be at most 20 recipients."),
}
FIELD_LABELS = {
    "name": N_("Legal name"), "display_name": N_("Display name"), "country": N_("Country"), "street": N_("Street"),
    "number": N_("Number"), "extra": N_("Addition"), "postcode": N_("Postcode"), "town": N_("Town"),
    "region": N_("Region"), "vat_id": N_("VAT id"), "language": N_("Language of invoices"),
    "timezone": N_("Time zone"), "currency": N_("Currency"), "purchase_order": N_("Purchase order number"),
    "renewal_days": N_("Days before a renewal"), "licences_below": N_("Few licences left"),
}  # fmt: skip


def _label(name: str) -> str:
    return gettext(FIELD_LABELS[name]) if name in FIELD_LABELS else name


def _look(request: HttpRequest, sheet: Sheet) -> None:
    """What the section means for the next document, and whether the VAT id has the form of its country's."""
    if sheet.form.section == "address":
        sheet.effect = calls.vat_effect(request, country=str(sheet.values.get("country") or ""))
        return
    text = str(sheet.values.get("vat_id") or "")
    sheet.effect = calls.vat_effect(request, vat_id=text)
    problem = calls.vat_id_problem(request, text)
    if problem is not None:
        sheet.wrong, sheet.field = str(refusal(problem.code, problem.facts)), "vat_id"
        sheet.effect = None
    elif text.strip() and text != sheet.page.sections["vat_id"]["vat_id"]:
        sheet.good = plain(N_("The form is that of a VAT id of {country}."), country=country(sheet.page.country))


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return (*sorted(one for one in available_timezones() if one.startswith(areas)), "UTC")


def _sheet(request: HttpRequest, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    form, page = sheet.form, sheet.page
    own: dict[str, Callable[[], dict[str, object]]] = {
        "address": lambda: {"countries": countries(), "fields": address_fields(sheet.values)},
        "regional": lambda: {
            "languages": language_names(), "zones": _zones(), "currencies": sorted(DECIMALS),
            "fixed": page.currency_fixed,
        },
        "notices": lambda: {"days": [(one, str(one) in str(sheet.values["renewal_days"])) for one in RENEWAL_DAYS]},
        "recipients": lambda: {"mails": [(one, gettext(MAIL_WORDS[one])) for one in MAILS]},
    }
    before = request.GET.get("shown") if request.method == "GET" else None  # typed before a proof of who it is
    context: dict[str, object] = {
        "frame_template": frame_of(request),
        "title": gettext(form.title),
        "here": f"/account/{form.slug}",
        "fields_template": f"portal/fields/account-{form.slug}.html",
        "sheet": sheet,
        "values": sheet.values,
        "page": page,
        "shown": before or json.dumps(dict(page.sections[form.section]), ensure_ascii=False),
        "failed": bool(sheet.wrong) and status != 200,
        "effect": _effect(sheet),
        **(own[form.section]() if form.section in own else {}),
    }
    return render(request, "portal/account_sheet.html", context, status=status)


def _effect(sheet: Sheet) -> dict[str, object] | None:
    """The next document's VAT before and after, in words."""
    found = sheet.effect
    if found is None:
        return None
    was, becomes = vat_words(found.was), vat_words(found.becomes)
    counts: SafeString
    if found.on is not None:
        on = long_date(found.on)
        counts = say(N_("Issued invoices stay as they are; this counts from the next document, expected on {d}."), d=on)
    else:
        counts = say(N_("Issued invoices stay as they are; this counts from the next document."))
    same = was == becomes
    announce = "" if same else plain(N_("VAT of the next document: {vat}"), vat=becomes)
    return {"was": was, "becomes": becomes, "counts": counts, "same": same, "announce": sheet.good or announce}
