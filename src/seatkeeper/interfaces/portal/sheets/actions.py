"""The actions on one subscription: which form, command and words belong together. One table, read by the sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.portal.sheets.licences import (
    licence_button,
    licence_changes,
    licence_notes,
    read_licences,
)
from seatkeeper.interfaces.portal.sheets.numbering import number_button, number_changes, number_notes, read_number
from seatkeeper.interfaces.portal.sheets.parts import Change, Note, Pay
from seatkeeper.interfaces.portal.sheets.plans import (
    buy_button,
    extend_button,
    no_notes,
    payment_button,
    payment_changes,
    plan_button,
    plan_changes,
    plan_notes,
    read_frequency,
    read_nothing,
    read_payment,
    read_plan,
    read_undo,
    trial_changes,
    trial_notes,
    undo_button,
    undo_changes,
)
from seatkeeper.interfaces.portal.sheets.reading import Arguments
from seatkeeper.interfaces.portal.sheets.renewing import (
    cancel_button,
    cancel_changes,
    cancel_notes,
    reactivate_button,
    reactivate_changes,
    reactivate_notes,
    read_cancel,
    read_reactivate,
    read_recurring,
    recurring_button,
    recurring_changes,
    recurring_notes,
)


@dataclass(frozen=True, slots=True)
class Action:
    """One command on a subscription, as its sheet shows it.

    read gives the command's arguments from the form, or None while nothing has been chosen yet. slug is the last
    part of the sheet's address and names the template of its fields; help names the help page.
    """

    slug: str
    command: str
    title: str
    help: str
    read: Callable[[QueryDict, SubscriptionPage], Arguments | None]
    changes: Callable[[SubscriptionPage, Decision, Arguments], list[Change]]
    notes: Callable[[SubscriptionPage, Decision, Arguments], list[Note]]
    button: Callable[[SubscriptionPage, Decision, Arguments, Pay], str]
    hint: str = N_("Choose above; what changes and what it costs appears here.")


ACTIONS: Mapping[str, Action] = {
    one.slug: one
    for one in (
        Action(
            "licences",
            "set_seats",
            N_("Change licences: {product}"),
            "licences",
            read_licences,
            licence_changes,
            licence_notes,
            licence_button,
            N_("Enter the new total; what changes and what it costs appears here."),
        ),
        Action(
            "recurring-billing",
            "set_recurring",
            N_("Recurring billing: {product}"),
            "renewal",
            read_recurring,
            recurring_changes,
            recurring_notes,
            recurring_button,
        ),
        Action(
            "cancel",
            "cancel",
            N_("Cancel subscription: {product}"),
            "cancelling",
            read_cancel,
            cancel_changes,
            cancel_notes,
            cancel_button,
        ),
        Action(
            "reactivate",
            "reactivate",
            N_("Reactivate: {product}"),
            "status",
            read_reactivate,
            reactivate_changes,
            reactivate_notes,
            reactivate_button,
        ),
        Action(
            "change-plan",
            "change_plan",
            N_("Change plan: {product}"),
            "buying",
            read_plan,
            plan_changes,
            plan_notes,
            plan_button,
        ),
        Action(
            "change-frequency",
            "change_frequency",
            N_("Change billing frequency: {product}"),
            "frequency",
            read_frequency,
            plan_changes,
            plan_notes,
            plan_button,
        ),
        Action(
            "payment-method",
            "set_payment_method",
            N_("Payment method: {product}"),
            "payment",
            read_payment,
            payment_changes,
            no_notes,
            payment_button,
        ),
        Action(
            "undo",
            "undo",
            N_("Undo booked change: {product}"),
            "renewal",
            read_undo,
            undo_changes,
            no_notes,
            undo_button,
        ),
        Action(
            "buy-now",
            "buy_trial_now",
            N_("Buy now: {product}"),
            "buying",
            read_nothing,
            trial_changes,
            trial_notes,
            buy_button,
        ),
        Action(
            "extend-trial",
            "extend_trial",
            N_("Extend trial: {product}"),
            "buying",
            read_nothing,
            trial_changes,
            trial_notes,
            extend_button,
        ),
        Action(
            "purchase-order",
            "set_purchase_order",
            N_("Purchase order number: {product}"),
            "payment",
            read_number,
            number_changes,
            number_notes,
            number_button,
            N_("Enter the number; what changes appears here."),
        ),
    )
}
