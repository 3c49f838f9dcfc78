"""Every refusal a command can give: a code and its facts (SCENARIO.md). Sentences live at the doors."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Facts = Mapping[str, object]

ORDER: tuple[tuple[str, ...], ...] = (
    ("unknown_subscription", "subscription_deleted", "trial_must_be_bought_first", "not_active"),
    (
        "use_cancel",
        "nothing_changes",
        "nothing_to_undo",
        "other_product",
        "trial_not_offered",
        "trial_already_used",
        "trial_seat_limit",
        "trial_already_extended",
        "trial_extension_not_yet",
        "recurring_billing_off",
        "term_differs",
        "billing_interval_differs",
        "alignment_not_possible",
        "no_price",
        "requires_product",
        "excluded_by_product",
    ),
    ("seats_below_minimum", "seats_above_maximum"),
    ("balance_due",),
    ("reduction_not_allowed_until", "cancel_not_allowed_until"),
    ("seats_assigned", "no_seats_available"),
    ("credit_limit_exceeded", "payment_declined"),
)
"""The codes in the order in which they are looked at; where several apply the first is given."""

DOOR_CODES = (
    "not_permitted",
    "not_found",
    "bad_input",
    "preview_stale",
    "preview_invalid",
    "payment_pending",
    "still_billed",
    "card_replacements_limit",
    "method_in_use",
    "backup_not_possible",
    "clock_not_allowed",
    "account_parked",
    "catalogue_invalid",
    "vat_id_invalid",
    "currency_fixed",
    "details_changed",
    "already_requested",
    "already_held",
    "request_closed",
    "address_taken",
    "last_owner",
)
"""Refusals that come before or after the decision: permission, form, preview tokens, pending payments."""

CODES: frozenset[str] = frozenset(code for level in ORDER for code in level) | frozenset(DOOR_CODES)


class Refused(Exception):
    """A command that a user gave cannot be done now; nothing has changed. `facts` fill the sentence for the code."""

    def __init__(self, code: str, **facts: object) -> None:
        assert code in CODES, f"unknown refusal {code}"
        super().__init__(code)
        self.code = code
        self.facts: Facts = MappingProxyType(facts)
