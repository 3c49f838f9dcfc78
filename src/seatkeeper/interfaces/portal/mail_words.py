"""The letters of an organisation by name: what each tells, and when it goes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop as N_

LETTERS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    N_("Money"): (
        ("invoice", N_("Invoice"), N_("At issue, where it waits for money or needs none.")),
        ("receipt", N_("Payment received"), N_("When money was received.")),
        ("credit_note", N_("Credit note"), N_("At issue.")),
        ("payment_failed", N_("Payment failed"), N_("After each try that failed.")),
        ("payment_reminder", N_("Payment reminder"), N_("At each reminder of an unpaid invoice.")),
        ("disabled_unpaid", N_("Disabled, not paid"), N_("When access ends because an invoice is not paid.")),
        ("card_expiring", N_("Card expires"), N_("30 and 7 days before, where something is charged to it later.")),
    ),
    N_("Subscriptions"): (
        ("order", N_("Order confirmation"), N_("At once after an order.")),
        ("renewal", N_("Renewal"), N_("60, 30 and 7 days before, as chosen under Notices.")),
        ("expiring", N_("Expires"), N_("30 and 7 days before the end.")),
        ("trial_ending", N_("Trial becomes paid"), N_("7 days and 1 day before.")),
        ("cancelled", N_("Cancelled"), N_("At once after cancelling.")),
        ("expired", N_("Expired"), N_("On the day of the end.")),
        ("losing_access", N_("Users lose access"), N_("7 days and 1 day before.")),
        ("disabled", N_("Disabled"), N_("When access ends.")),
        ("deletion", N_("Data will be deleted"), N_("30 and 7 days before.")),
        ("deleted", N_("Deleted"), N_("When the data is gone.")),
    ),
    N_("Licences"): (
        ("suspended", N_("Licences suspended"), N_("When more are assigned than there are.")),
        ("suspended_removed", N_("Suspended licences taken back"), N_("90 days after they were suspended.")),
        ("will_suspend", N_("Licences will be suspended"), N_("30 days, 7 days and 1 day before.")),
        ("licence_requested", N_("Licence requested"), N_("When a user asks for a licence; to those who can give it.")),
        ("licence_request_approved", N_("Request approved"), N_("At once, to the user who asked.")),
        ("licence_request_declined", N_("Request declined"), N_("At once, to the user who asked.")),
    ),
    N_("People"): (
        ("invitation", N_("Invitation"), N_("At once, to the person who is invited.")),
    ),
}
NAMES: Mapping[str, tuple[str, str]] = {kind: (name, when) for rows in LETTERS.values() for kind, name, when in rows}
