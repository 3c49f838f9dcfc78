"""What the page "Billing account" shows, and what closing the account would leave: a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from seatkeeper.core.calendar import local_date
from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.core.decision import Decision
from seatkeeper.core.state import AccountState, Seller
from seatkeeper.core.tables import ACTIVE, DELETED, DISABLED, EXPIRED, OFF
from seatkeeper.core.tax.rates import EU
from seatkeeper.domain.accounts import details, vat_ids
from seatkeeper.domain.accounts.models import Account, Recipient, VatConfirmation
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.subscriptions.changing import Vat, currency_fixed, vat_of
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.kit.refs import reference


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """An address with the mails that it gets."""

    address: str
    mails: tuple[str, ...]
    pdf: bool
    xml: bool


@dataclass(frozen=True, slots=True)
class VatIdRow:
    """A VAT id. matters: whether confirming it changes the VAT. belongs: it begins as the country's do."""

    id: str
    confirmed: bool
    confirmed_by: str
    confirmed_on: date | None
    matters: bool
    belongs: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything that an organisation says of itself. sections: as forms show and compare them."""

    account: AccountRow
    name: str
    display_name: str
    country: str
    address: Mapping[str, str]
    vat_id: VatIdRow | None
    vat: Vat
    language: str
    next_timezone: str
    next_timezone_at: datetime | None
    currency_fixed: bool
    purchase_order: str
    recipients: tuple[RecipientRow, ...]
    renewal_days: tuple[int, ...]
    licences_below: int | None
    terms_days: int
    credit_limit_minor: int | None
    people: int
    sections: Mapping[str, Mapping[str, str]]


def account_page(row: AccountRow) -> AccountPage:
    """The page of one account: five queries."""
    account = Account.objects.select_related("seller").get(id=row.id)
    notices = details.notices(account)
    found = Recipient.objects.filter(account_id=row.id).order_by("id")
    recipients = tuple(RecipientRow(one.address, tuple(one.mails), one.pdf, one.xml) for one in found)
    people = User.objects.filter(account_id=row.id, is_active=True).count()
    sections: dict[str, Mapping[str, str]] = {
        name: kind.read(account) for name, kind in details.KINDS.items() if name != "recipients"
    }
    sections["recipients"] = {one.address: details.said(one.mails, one.pdf, one.xml) for one in recipients}
    return AccountPage(
        account=row,
        name=account.name,
        display_name=account.display_name,
        country=account.country,
        address=details.parts_of(account.address),
        vat_id=_vat_id(account, row.timezone),
        vat=vat_of(_state(account), row.now),
        language=account.language,
        next_timezone=account.next_timezone,
        next_timezone_at=account.next_timezone_at,
        currency_fixed=currency_fixed(account.id),
        purchase_order=account.purchase_order,
        recipients=recipients,
        renewal_days=tuple(notices["renewal_days"]),
        licences_below=notices["licences_below"],
        terms_days=account.terms_days,
        credit_limit_minor=account.credit_limit_minor,
        people=people,
        sections=sections,
    )


def _state(account: Account) -> AccountState:
    """As much of the state as VAT is worked out from."""
    seller = Seller(account.seller_id, account.seller.country, account.seller.timezone)
    return AccountState(
        id=account.id, seller=seller, catalog=Catalog({}, {}), country=account.country, currency=account.currency,
        timezone=account.timezone, vat_id=account.vat_id, vat_confirmed=account.vat_confirmed,
        exempt=bool(account.exempt_reason),
    )  # fmt: skip


def _vat_id(account: Account, timezone: str) -> VatIdRow | None:
    if not account.vat_id:
        return None
    kept = None
    if account.vat_confirmed:
        same = VatConfirmation.objects.filter(account_id=account.id, vat_id=account.vat_id)
        kept = same.order_by("-id").values_list("by", "at").first()
    return VatIdRow(
        id=account.vat_id,
        confirmed=account.vat_confirmed,
        confirmed_by=kept[0] if kept else "",
        confirmed_on=local_date(kept[1], timezone) if kept else None,
        matters=account.country in EU and account.country != account.seller.country and not account.exempt_reason,
        belongs=vat_ids.belongs(vat_ids.cleaned(account.vat_id), account.country),
    )


# ---- closing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ending:
    """A subscription when the account is closed. how: now, end, or why nothing is done (ending, expired, disabled).

    on: the day on which it ends, or ended.
    """

    reference: str
    name: str
    status: str
    how: str
    on: date | None


def endings(shelf: Shelf, decision: Decision | None) -> tuple[Ending, ...]:
    """What closing does to each subscription that is not deleted: what is cancelled first, then what cannot be."""
    state, changes = shelf.state, {after.id: after for _, after in (decision.subscriptions if decision else ())}
    found = []
    for one in state.subscriptions.values():
        if one.status == DELETED:
            continue
        name = state.catalog.products[one.product].name
        after = changes.get(one.id)
        if after is not None and after.status in (DISABLED, DELETED):
            found.append(Ending(reference(one.id), name, one.status, "now", decision.on if decision else None))
        elif after is not None:
            ends = after.term_end if after.status == ACTIVE else after.trial_end
            found.append(Ending(reference(one.id), name, one.status, "end", ends))
        else:
            how = {EXPIRED: "expired", DISABLED: "disabled"}.get(one.status, "ending")
            assert one.status in (EXPIRED, DISABLED) or one.recurring == OFF
            found.append(Ending(reference(one.id), name, one.status, how, one.since or one.term_end))
    order = {"now": 0, "end": 1}
    return tuple(sorted(found, key=lambda one: (order.get(one.how, 2), one.name)))


def owed(shelf: Shelf) -> tuple[tuple[str, int], ...]:
    """(number, minor units) of what stays due when the account is closed."""
    return tuple((one.number, one.due_minor) for one in shelf.state.documents if one.due_minor > 0)
