"""One sentence for every event, in the reader's language: for the page, its CSV and the command line.

A kind that is recorded anywhere has its sentence here; a test looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.subscriptions.activity import GROUPS, ActivityRow
from seatkeeper.interfaces.web.activity_run import Facts, dunning_sentence, invoices_of, run_sentence
from seatkeeper.interfaces.web.formatting import country, long_date, number
from seatkeeper.interfaces.web.refusal_words import DECLINES
from seatkeeper.interfaces.web.text import plain

Speaks = Callable[[ActivityRow, dict[str, object]], str]

GROUP_WORDS: Mapping[str, str] = {
    "buying": N_("Buying"),
    "licences": N_("Licences"),
    "changes": N_("Changes and cancelling"),
    "payments": N_("Payments"),
    "run": N_("Billing run"),
    "account": N_("Account and people"),
}
assert {*GROUPS, "account"} == set(GROUP_WORDS), "every group has words"


def said_by(row: ActivityRow) -> str:
    """Who did it: a person by name, or what it was."""
    if row.who:
        return row.who
    return gettext(ACTORS.get(row.role, N_("A former user")))


ACTORS: Mapping[str, str] = {
    "run": N_("The billing run"),
    "gateway": N_("The payment service"),
    "seller": N_("The seller"),
}
DOORS: Mapping[str, str] = {
    "web": N_("Web"),
    "cli": N_("Command line"),
    "api": N_("API"),
    "job": N_("By itself"),
    "scim": N_("Directory"),
}


def behalf(row: ActivityRow) -> str:
    """That the seller acted for the organisation, and who of it consented."""
    consent = row.facts.get("consent")
    if row.role != "seller" or not isinstance(consent, int):
        return ""
    name = row.users.get(consent, gettext("a former user"))
    return plain(N_("on your behalf, with consent of {name}"), name=name)


def came_from(row: ActivityRow) -> str:
    """Web, 192.0.2.7; command line; by itself."""
    door = gettext(DOORS[row.door]) if row.door in DOORS else row.door
    return f"{door}, {row.origin}" if row.origin else door


def sentence(row: ActivityRow) -> str:
    """What happened, as one sentence."""
    speaks = KINDS.get(row.kind)
    values: dict[str, object] = {"who": said_by(row), "product": row.product(), "n": _count(row.facts)}
    if speaks is None:
        return plain(N_("{who} did something: {kind}"), who=values["who"], kind=row.kind)
    return plain(speaks, **values) if isinstance(speaks, str) else speaks(row, values)


def _count(facts: Facts) -> int:
    """Of how many licences, or things, the sentence speaks."""
    found = facts.get("n", facts.get("is", {}).get("seats", 0))
    return found if isinstance(found, int) else 0


def _several(one: str, more: str) -> Speaks:
    """One sentence where a single subscription is concerned, another where several are."""

    def speaks(row: ActivityRow, values: dict[str, object]) -> str:
        return plain(one if row.facts.get("product") else more, **values)

    return speaks


def _seats(row: ActivityRow, values: dict[str, object]) -> str:
    was, now = row.facts.get("was", {}), row.facts.get("is", {})
    if "booked_seats" in now and "seats" not in was:
        sentence = N_("{who} booked {b:licence,licences} of {product} for the renewal")
        return plain(sentence, **values, b=int(now["booked_seats"] or now.get("seats", 0)))
    before, after = int(was.get("seats", 0)), int(now.get("seats", 0))
    if after < before:
        text = N_("{who} lowered {product} from {a} to {b:licence,licences}")
    else:
        text = N_("{who} raised {product} from {a} to {b:licence,licences}")
    return plain(text, **values, a=number(before), b=after)


def _recurring(row: ActivityRow, values: dict[str, object]) -> str:
    to = str(row.facts.get("is", {}).get("recurring", "off"))
    return plain(RECURRING[to], **values)


RECURRING = {
    "on": N_("{who} turned recurring billing of {product} on"),
    "once": N_("{who} set {product} to renew once more"),
    "off": N_("{who} turned recurring billing of {product} off"),
}


def _many_recurring(row: ActivityRow, values: dict[str, object]) -> str:
    if row.facts.get("product"):
        return _recurring(row, values)
    return plain(N_("{who} changed recurring billing of {n:subscription,subscriptions}"), **values)


def _cancelled(row: ActivityRow, values: dict[str, object]) -> str:
    if "status" not in row.facts.get("is", {}):
        return plain(RECURRING["off"], **values)
    return plain(N_("{who} cancelled {product}"), **values)


def _plan(row: ActivityRow, values: dict[str, object]) -> str:
    now = row.facts.get("is", {})
    booked = "plan" not in now
    code = str(now.get("booked_plan" if booked else "plan", ""))
    plan = row.plans.get(code, code)
    if booked:
        return plain(N_("{who} booked the plan {plan} for {product}"), **values, plan=plan)
    return plain(N_("{who} changed {product} to the plan {plan}"), **values, plan=plan)


def _bought(row: ActivityRow, values: dict[str, object]) -> str:
    if not row.facts.get("product"):
        return plain(N_("{who} ordered {n:product,products}"), **values)
    if row.facts.get("is", {}).get("status") == "trial":
        return plain(TRIAL, **values)
    if start := row.facts.get("start"):
        on = long_date(date.fromisoformat(str(start)))
        return plain(N_("{who} ordered {n:licence,licences} of {product} for {d}"), **values, d=on)
    return plain(N_("{who} bought {n:licence,licences} of {product}"), **values)


TRIAL = N_("{who} started a trial of {product} with {n:licence,licences}")


def _assigned(to_one: str, to_several: str) -> Speaks:
    def speaks(row: ActivityRow, values: dict[str, object]) -> str:
        users = row.facts.get("users", ())
        if len(users) == 1 and row.facts.get("n") == 1:
            return plain(to_one, **values, user=row.users.get(users[0], gettext("a former user")))
        return plain(to_several, **values)

    return speaks


def _renewal(row: ActivityRow, values: dict[str, object]) -> str:
    if row.facts.get("is", {}).get("recurring") == "off":
        return plain(N_("{who} lets {product} end at the end of its term"), **values)
    return plain(N_("{who} set how {product} renews"), **values)


def _payment(known: str, unknown: str) -> Speaks:
    def speaks(row: ActivityRow, values: dict[str, object]) -> str:
        invoices = invoices_of(row.facts, "paid", "tried", "documents", "given_up")
        reason = gettext(DECLINES.get(str(row.facts.get("reason", "")), N_("no reason given")))
        return plain(known if invoices else unknown, **values, invoices=invoices, reason=reason)

    return speaks


def _dispute(row: ActivityRow, values: dict[str, object]) -> str:
    invoices = invoices_of(row.facts, "paid") or gettext("a payment")
    if row.facts.get("to") == "lost":
        return plain(N_("The dispute about {invoices} was lost: the bank took the money back"), invoices=invoices)
    return plain(N_("The dispute about {invoices} was won: the payment stands"), invoices=invoices)


def _details(row: ActivityRow, values: dict[str, object]) -> str:
    to = row.facts.get("is", {}).get("country")
    if to:
        return plain(N_("{who} moved the billing address to {country}"), **values, country=country(str(to)))
    return plain(N_("{who} changed the billing address"), **values)


def _mails(row: ActivityRow, values: dict[str, object]) -> str:
    return plain(N_("{who} let {n:mail,mails} be sent again"), **{**values, "n": int(row.facts.get("count", 1))})


KINDS: Mapping[str, str | Speaks] = {
    "buy": _bought,
    "order": _bought,
    "start_trial": TRIAL,
    "extend_trial": N_("{who} extended the trial of {product}"),
    "buy_trial_now": N_("{who} bought the trial of {product}"),
    "set_seats": _seats,
    "set_recurring": _recurring,
    "set_many_recurring": _many_recurring,
    "set_many_method": _several(
        N_("{who} changed the payment method of {product}"),
        N_("{who} changed the payment method of {n:subscription,subscriptions}"),
    ),
    "change_frequency": _plan,
    "change_plan": _plan,
    "cancel": _cancelled,
    "set_renewal": _renewal,
    "undo": N_("{who} undid what was booked for {product}"),
    "reactivate": N_("{who} reactivated {product} with {n:licence,licences}"),
    "set_payment_method": _several(
        N_("{who} changed the payment method of {product}"), N_("{who} changed the payment method of all subscriptions")
    ),
    "replace_card": N_("{who} added or replaced a payment method"),
    "set_default_method": N_("{who} changed the default payment method"),
    "set_backup_method": N_("{who} changed the backup payment method"),
    "remove_method": N_("{who} removed a payment method"),
    "assign": _assigned(
        N_("{who} assigned {product} to {user}"), N_("{who} assigned {n:licence,licences} of {product}")
    ),
    "unassign": _assigned(
        N_("{who} took {product} back from {user}"), N_("{who} took back {n:licence,licences} of {product}")
    ),
    "receive_payment": _payment(
        N_("{who} noted a bank transfer for {invoices}"), N_("{who} noted a bank transfer, kept as credit")
    ),
    "pay": _payment(N_("{who} started the payment of {invoices}"), N_("{who} started a payment")),
    "write_off": _payment(N_("{who} wrote off {invoices}"), N_("{who} wrote off an invoice")),
    "pay_out": N_("{who} paid out the credit of the account"),
    "pay_overdue": N_("{who} started the payment of all that was overdue"),
    "set_purchase_order": N_("{who} changed the purchase order number of {product}"),
    "close": N_("{who} closed the account"),
    "billing_date": run_sentence,
    "dunning": dunning_sentence,
    "payment_succeeded": _payment(N_("The payment of {invoices} went through"), N_("A payment went through")),
    "payment_declined": _payment(
        N_("The payment of {invoices} was declined: {reason}"), N_("A payment was declined: {reason}")
    ),
    "refund_settled": N_("A refund was settled"),
    "dispute_opened": _payment(N_("The payment of {invoices} is disputed"), N_("A payment is disputed")),
    "dispute_closed": _dispute,
    "account_names": N_("{who} changed the names of the organisation"),
    "account_address": _details,
    "account_vat_id": N_("{who} changed the VAT id"),
    "account_vat_confirmed": N_("{who} confirmed the VAT id"),
    "account_regional": N_("{who} changed the language, time zone or currency"),
    "account_purchase_order": N_("{who} changed the purchase order number of the account"),
    "account_recipients": N_("{who} changed who gets mails"),
    "account_notices": N_("{who} changed when the organisation is warned"),
    "account_terms": N_("{who} changed the payment terms"),
    "account_timezone": N_("The new time zone counts from here on"),
    "keep": _assigned(
        N_("{who} chose that {user} keeps {product}"), N_("{who} chose who keeps {product}")
    ),
    "add_and_assign": _assigned(
        N_("{who} added licences of {product} and assigned one to {user}"),
        N_("{who} added and assigned {n:licence,licences} of {product}"),
    ),
    "licence_requested": N_("{who} asked for {product}"),
    "licence_request_withdrawn": N_("{who} took the request for {product} back"),
    "licence_request_approved": N_("{who} approved a request for {product}"),
    "licence_request_declined": N_("{who} declined a request for {product}"),
    "dunning_table": N_("{who} changed what follows an unpaid invoice"),
    "retry_mail": _mails,
    "mail_arrived": N_("{who} noted that a mail had arrived"),
    "invite_person": N_("{who} invited somebody"),
    "set_role": N_("{who} gave somebody another role"),
    "deactivate_person": N_("{who} shut somebody out"),
    "reactivate_person": N_("{who} let somebody in again"),
}
