"""Who gets an account's mail. The one place that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from seatkeeper.core.tables import PERMISSIONS
from seatkeeper.core.tables import ROLES as ROLES_OF_PEOPLE
from seatkeeper.domain.accounts.models import Recipient
from seatkeeper.domain.accounts.queries import language_of
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
ANSWERING = tuple(role for role in ROLES_OF_PEOPLE if "license.assign" in PERMISSIONS[role])
LICENCE_ROLES = (*ROLES, "license_administrator", "user_administrator")


PERSONAL = frozenset({"invitation", "licence_request_approved", "licence_request_declined"})
"""To the one person that the facts name, in their own language."""


def recipients(account: int, kind: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses that a kind of mail goes to.

    Those that the account names for its sort; where it names none, its owners and billing administrators; for what
    happens to licences those who keep them, too. A request for a licence goes to whoever may answer it, save the
    person who asks.
    """
    if kind in PERSONAL or kind == "licence_requested":
        user = int(facts["user"])
        people = User.objects.filter(account_id=account, is_active=True).exclude(email="").order_by("id")
        chosen = people.filter(id=user) if kind in PERSONAL else people.filter(role__in=ANSWERING).exclude(id=user)
        return tuple(chosen.values_list("email", flat=True))
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


def language_for(account: int, kind: str, facts: Mapping[str, Any]) -> str:
    """The language that a mail is written in: the account's, and of a mail to one person that person's."""
    if kind in PERSONAL:
        found = User.objects.filter(account_id=account, id=int(facts["user"])).values_list("language", flat=True)
        if language := found.first():
            return str(language)
    return language_of(account)
