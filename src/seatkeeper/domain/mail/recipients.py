"""Who gets an account's mail. The one place that decides it."""

from __future__ import annotations

from typing import Final

from seatkeeper.domain.accounts.models import Recipient
from seatkeeper.domain.identity.models import User

INVOICES, RECEIPTS, REMINDERS, NOTICES = "invoices", "receipts", "reminders", "notices"
SORTS: Final[dict[str, str]] = {
    "invoice": INVOICES,
    "credit_note": INVOICES,
    "receipt": RECEIPTS,
    "payment_failed": REMINDERS,
    "payment_reminder": REMINDERS,
    "disabled_unpaid": REMINDERS,
    "card_expiring": REMINDERS,
}
"""Which of the sorts that a recipient may be named for a kind is; every other kind is a notice."""
ABOUT_LICENCES = frozenset({"suspended", "suspended_removed", "will_suspend"})
ROLES = ("owner", "billing_administrator")
LICENCE_ROLES = (*ROLES, "license_administrator", "user_administrator")


def recipients(account: int, kind: str) -> tuple[str, ...]:
    """The addresses that a kind of mail goes to.

    Those that the account names for its sort; where it names none, its owners and billing administrators; for what
    happens to licences those who keep them, too.
    """
    sort = SORTS.get(kind, NOTICES)
    rows = Recipient.objects.filter(account_id=account).order_by("id").values_list("address", "mails")
    named = [address for address, mails in rows if sort in mails]
    roles = LICENCE_ROLES if kind in ABOUT_LICENCES else ROLES
    if named and kind not in ABOUT_LICENCES:
        return tuple(named)
    users = User.objects.filter(account_id=account, role__in=roles, is_active=True).exclude(email="").order_by("id")
    return tuple(dict.fromkeys([*named, *users.values_list("email", flat=True)]))


def wanted_files(account: int, kind: str) -> tuple[str, ...]:
    """The files that go with a mail of a document: what any of those named for its sort asked for, else the PDF."""
    sort = SORTS.get(kind, NOTICES)
    rows = Recipient.objects.filter(account_id=account).values_list("mails", "pdf", "xml")
    named = [(pdf, xml) for mails, pdf, xml in rows if sort in mails]
    asked = (("pdf", any(pdf for pdf, _ in named) or not named), ("ubl", any(xml for _, xml in named)))
    return tuple(file for file, wanted in asked if wanted)
