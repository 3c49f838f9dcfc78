"""Changing what an organisation says of itself: under its lock, recorded, and with what it means for the next bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from seatkeeper.core.calendar import first_instant, local_date
from seatkeeper.core.refusals import Refused
from seatkeeper.core.settle import next_charge
from seatkeeper.core.state import AccountState
from seatkeeper.core.tables import ACTIVE, SCHEDULED, TRIAL
from seatkeeper.core.tax.vat import treatment
from seatkeeper.domain.accounts import details, vat_ids
from seatkeeper.domain.accounts.models import Account, VatConfirmation
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.execution import bring_up_to_date
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.kit.commands import Context

DECIDES = frozenset({"address", "vat_id", "regional", "terms"})
"""Sections whose change makes a preview that somebody looks at stale: the account's version grows."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a change came to. changed: whether anything did. counts_at: from when a new time zone counts."""

    changed: bool
    counts_at: datetime | None = None


def change(
    ctx: Context, section: str, values: Mapping[str, Any], *, expects: Mapping[str, str] | None = None
) -> Saved:
    """Take over a section as it was typed; nothing is recorded where it says what stood there.

    Refused: not_found, details_changed, and what the section's own rules refuse. Then nothing is kept.
    """
    kind = details.KINDS[section]
    if section in DECIDES:
        bring_up_to_date(ctx)
    with transaction.atomic():
        account = _locked(ctx)
        was = kind.read(account)
        details.unchanged_since(section, expects, was)
        kind.take(account, values)
        if section == "regional":
            details.take_currency(account, values, fixed=currency_fixed(account.id))
            _book_zone(account, details.checked_zone(values), ctx.now)
        now = kind.read(account)
        if was == now:
            return Saved(False)
        facts = details.told(kind, was, now)
        if section == "vat_id":
            facts["is"] = {"given": bool(account.vat_id)}
        account.save()
        record(ctx, f"account_{section}", facts)
        if section in DECIDES:
            Account.objects.filter(id=account.id).update(version=F("version") + 1)
    return Saved(True, account.next_timezone_at)


def _locked(ctx: Context) -> Account:
    found = Account.objects.select_for_update().filter(id=ctx.account).first()
    if found is None:
        raise Refused("not_found")
    return found


def confirm_vat(ctx: Context, *, evidence: str, by: str) -> None:
    """Note that the account's VAT id was confirmed by hand, and how. Refused: not_found, vat_id_invalid, bad_input."""
    bring_up_to_date(ctx)
    with transaction.atomic():
        account = _locked(ctx)
        if not account.vat_id:
            raise Refused("not_found")
        if not vat_ids.belongs(vat_ids.cleaned(account.vat_id), account.country):
            raise details.wrong_vat_id(account.country)
        if not evidence.strip() or len(evidence) > 2_000:
            raise Refused("bad_input", field="evidence")
        VatConfirmation.objects.create(
            account=account, vat_id=account.vat_id, at=ctx.now, by=by[:100], evidence=evidence.strip()
        )
        if account.vat_confirmed:
            return
        Account.objects.filter(id=account.id).update(vat_confirmed=True)
        record(ctx, "account_vat_confirmed", {})
        Account.objects.filter(id=account.id).update(version=F("version") + 1)


def currency_fixed(account: int) -> bool:
    """Whether the account's currency cannot change any more: it has a document, or something that will make one."""
    if Document.objects.filter(account_id=account).exists():
        return True
    return SubscriptionRow.objects.filter(account_id=account).exists()


# ---- time zones: a new one counts from the next billing period (DOMAIN.md 12) --------------------------------------


def _book_zone(account: Account, wanted: str, now: datetime) -> None:
    if wanted == account.timezone:
        account.next_timezone, account.next_timezone_at = "", None
        return
    at = zone_counts_at(account.id, account.timezone, wanted)
    if at is None or at <= now:
        account.timezone, account.next_timezone, account.next_timezone_at = wanted, "", None
    elif wanted != account.next_timezone:
        account.next_timezone, account.next_timezone_at = wanted, at


def zone_counts_at(account: int, old: str, new: str) -> datetime | None:
    """From when a new time zone counts: when the next billing period has begun in both; None: nothing waits for one."""
    rows = SubscriptionRow.objects.filter(account_id=account, status__in=(ACTIVE, TRIAL, SCHEDULED))
    dates: Iterable[date | None] = (
        {ACTIVE: period, TRIAL: trial}.get(status, start)
        for status, period, trial, start in rows.values_list("status", "period_end_on", "trial_end_on", "start_on")
    )
    known = [one for one in dates if one is not None]
    if not known:
        return None
    return max(first_instant(min(known), zone) for zone in (old, new))


# ---- what a change means ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Vat:
    """How the next document is taxed: category (S, AE, E, O), rate in percent, and the country whose VAT it is."""

    category: str
    rate: str
    country: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What the next document's VAT is now and would be, and when one is expected; None: none is."""

    was: Vat
    becomes: Vat
    on: date | None


def effect(account: int, now: datetime, *, country: str | None = None, vat_id: str | None = None) -> Effect:
    """What a new country or VAT id (as typed) would mean for the next document. Looks only."""
    state = load([account], locked=False)[account].state
    after = state
    if country is not None and country != state.country:
        kept = bool(state.vat_id) and vat_ids.belongs(vat_ids.cleaned(state.vat_id or ""), country)
        after = replace(after, country=country, vat_confirmed=state.vat_confirmed and kept)
    if vat_id is not None and vat_ids.cleaned(vat_id) != vat_ids.cleaned(state.vat_id or ""):
        after = replace(after, vat_id=vat_ids.cleaned(vat_id) or None, vat_confirmed=False)
    charges = (next_charge(state, one) for one in state.subscriptions.values())
    dates = [one.on for one in charges if one is not None]
    return Effect(vat_of(state, now), vat_of(after, now), min(dates, default=None))


def vat_id_refusal(account: int, typed: str) -> Refused | None:
    """What the form of a typed VAT id would be refused for."""
    country, kept = Account.objects.values_list("country", "vat_id").get(id=account)
    found = vat_ids.cleaned(typed)
    good = found in ("", vat_ids.cleaned(kept or "")) or vat_ids.valid(found, country)
    return None if good else details.wrong_vat_id(country)


def vat_of(state: AccountState, now: datetime) -> Vat:
    """The VAT of a document issued at an instant."""
    category, rate = treatment(state, local_date(now, state.seller.timezone))
    return Vat(category, rate, state.country)
