"""The sentence of every refusal, from its code and facts: what is wrong and what to do (SCREENS.md 5).

`refusal(code, facts, names)` gives HTML with its links. names: how ids in the facts are called, and addresses.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.interfaces.web.refusal_words import DECLINES as DECLINES
from seatkeeper.interfaces.web.refusal_words import Facts as Facts
from seatkeeper.interfaces.web.refusal_words import Names as Names
from seatkeeper.interfaces.web.refusal_words import (
    balance_due,
    credit_limit,
    declined,
    no_alignment,
    no_backup,
    no_reduction,
    not_active,
    on_date,
    other_interval,
    other_term,
    plain_words,
    too_late_to_cancel,
    too_many_assigned,
    trial_used,
    whole,
    with_link,
    wrong_vat_id,
)
from seatkeeper.interfaces.web.text import say

SENTENCES: dict[str, Callable[[Facts, Names], SafeString]] = {
    "credit_limit_exceeded": credit_limit,
    "payment_declined": declined,
    "seats_below_minimum": lambda facts, names: say(
        N_("This plan has at least {min:licence,licences}. Enter {m} or more."),
        min=whole(facts, "min"),
        m=whole(facts, "min"),
    ),
    "seats_above_maximum": lambda facts, names: say(
        N_(
            "At most {max} licences of {product} in all; with {n} here it would be {total}. "
            "Enter {limit} or fewer, or [choose another plan]."
        ),
        f"{names.here}/change-plan" if names.here else "/buy",
        max=whole(facts, "max"),
        product=names.product(facts),
        n=whole(facts, "n"),
        total=whole(facts, "total"),
        limit=whole(facts, "limit"),
    ),
    "reduction_not_allowed_until": no_reduction,
    "cancel_not_allowed_until": too_late_to_cancel,
    "seats_assigned": too_many_assigned,
    "use_cancel": with_link(N_("A subscription has at least 1 licence. To end it, [cancel it]."), "cancel"),
    "recurring_billing_off": with_link(
        N_("Recurring billing is off, so there is no renewal at which this can take effect. [Turn it on] first."),
        "recurring-billing?to=on",
    ),
    "not_active": not_active,
    "subscription_deleted": lambda facts, names: say(
        N_("This subscription was deleted on {date}, with its data, and cannot come back. [Buy again]"),
        f"/buy/{names.product_id}" if names.product_id else "/buy",
        date=on_date(facts),
    ),
    "balance_due": balance_due,
    "trial_already_used": trial_used,
    "trial_seat_limit": lambda facts, names: say(
        N_("A trial has at most {max} licences. Enter {max} or fewer; more can be added after buying."),
        max=whole(facts, "max"),
    ),
    "trial_not_offered": lambda facts, names: say(
        N_("{plan} has no trial. [Buy it] or choose a plan with one."),
        f"/buy/{names.product_id}" if names.product_id else "/buy",
        plan=names.plan(facts),
    ),
    "trial_must_be_bought_first": with_link(
        N_("The number of licences is fixed during a trial. [Buy now], then change it."), "buy-now"
    ),
    "trial_extension_not_yet": lambda facts, names: say(
        N_("A trial can be extended in its last 15 days, from {date}."), date=on_date(facts)
    ),
    "trial_already_extended": with_link(
        N_("This trial was extended once and ends on {date}. [Buy now] to go on without a gap."), "buy-now"
    ),
    "no_seats_available": lambda facts, names: say(
        N_("{free} available, {n} chosen. [Buy {k} more] or choose fewer users."),
        f"{names.here}/licences" if names.here else f"/buy/{facts.get('product', names.product_id)}",
        free=whole(facts, "free"),
        n=whole(facts, "n"),
        k=whole(facts, "k"),
    ),
    "requires_product": lambda facts, names: say(
        N_("{product} works only with {required}, which {user} lacks. [Assign that first]"),
        f"/licences/{facts.get('required', '')}/assign?users={facts.get('user', '')}",
        product=names.product(facts),
        required=names.product(facts, "required"),
        user=names.user(facts),
    ),
    "excluded_by_product": lambda facts, names: say(
        N_("{product} cannot go with {other}, which {user} holds. [Take that back first], or leave out {user}."),
        f"/licences/{facts.get('other', '')}/unassign?users={facts.get('user', '')}",
        product=names.product(facts),
        other=names.product(facts, "other"),
        user=names.user(facts),
    ),
    "term_differs": other_term,
    "billing_interval_differs": other_interval,
    "alignment_not_possible": no_alignment,
    "other_product": lambda facts, names: say(
        N_("That plan belongs to {other}. To move there, use [Change plan]."),
        f"{names.here}/change-plan" if names.here else None,
        other=names.product(facts, "other"),
    ),
    "no_price": lambda facts, names: say(
        N_("{plan} has no price in {currency} on {date}. Choose another plan or ask {seller}."),
        plan=names.plan(facts),
        currency=str(facts.get("currency", "")),
        date=on_date(facts),
        seller=names.seller,
    ),
    "nothing_to_undo": plain_words(N_("Nothing is booked any more: it took effect or was undone.")),
    "nothing_changes": plain_words(N_("It is already so. Enter something else, or go back.")),
    "unknown_subscription": plain_words(N_("This subscription does not exist, or it is not yours to see.")),
    "preview_stale": plain_words(
        N_("Something changed while this was open. Nothing has been done yet. Look at the new amounts.")
    ),
    "preview_invalid": plain_words(
        N_("This confirmation is not valid any more. Nothing has been done yet. Look at the amounts and confirm again.")
    ),
    "payment_pending": plain_words(
        N_(
            "We do not know yet whether an earlier payment went through. Do not pay again; look here again in a "
            "few minutes."
        )
    ),
    "still_billed": plain_words(
        N_("A subscription of this account could be billed yet: its credit pays that first. Nothing was paid out.")
    ),
    "not_permitted": plain_words(N_("Your role does not allow this. Nothing was changed.")),
    "not_found": plain_words(N_("There is nothing here, or it is not yours to see.")),
    "bad_input": plain_words(N_("This was not understood. Nothing was changed. Check what you entered.")),
    "method_in_use": plain_words(
        N_("This method still pays subscriptions or open invoices. Choose the method that takes over first.")
    ),
    "backup_not_possible": no_backup,
    "card_replacements_limit": plain_words(
        N_("A payment method was replaced several times today. For safety the next time is possible tomorrow.")
    ),
    "clock_not_allowed": plain_words(N_("The clock can be moved in test installations only.")),
    "account_parked": plain_words(
        N_("Billing of this organisation is being looked at by the seller. Nothing was changed. Try again later.")
    ),
    "vat_id_invalid": wrong_vat_id,
    "currency_fixed": lambda facts, names: say(
        N_("The currency stays {currency}: it is fixed once something was bought."), currency=str(facts["currency"])
    ),
    "details_changed": plain_words(
        N_("Somebody changed this meanwhile. Nothing was saved; what you typed is kept. Look at it and save again.")
    ),
    "already_requested": lambda facts, names: say(
        N_("You asked for {product} on {date}; the request is waiting for an answer."),
        product=names.product(facts),
        date=on_date(facts),
    ),
    "already_held": lambda facts, names: say(
        N_("You have a licence of {product} already."), product=names.product(facts)
    ),
    "request_closed": plain_words(N_("This request was answered or withdrawn meanwhile. Nothing was changed.")),
    "address_taken": plain_words(N_("This address is in use already. Enter another one.")),
    "last_owner": plain_words(N_("Name another owner first.")),
    "catalogue_invalid": plain_words(N_("The catalogue has an error. Nothing was changed.")),
}


def refusal(code: str, facts: Facts, names: Names | None = None) -> SafeString:
    """The sentence of a refusal, with links to the next step."""
    return SENTENCES[code](facts, names or Names())
