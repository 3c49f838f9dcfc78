"""What the billing run did, as a sentence: of one subscription by name, of several by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.subscriptions.activity import ActivityRow
from seatkeeper.interfaces.web.formatting import join
from seatkeeper.interfaces.web.text import plain

Facts = Mapping[str, Any]


def invoices_of(facts: Facts, *names: str) -> str:
    """The numbers of the documents that an event paid, tried or issued."""
    for name in names:
        found = [str(one) for one, _ in facts.get(name, ()) if one]
        if found:
            return join(found)
    return ""


RUN_LINES: Mapping[str, tuple[str, str]] = {
    "renewed": (
        N_("{product} was renewed for {n:licence,licences}"),
        N_("{n:subscription was,subscriptions were} renewed or billed"),
    ),
    "trial_ended": (
        N_("The trial of {product} became paid: {n:licence,licences}"),
        N_("{n:subscription was,subscriptions were} renewed or billed"),
    ),
    "started": (
        N_("{product} started with {n:licence,licences}"),
        N_("{n:subscription was,subscriptions were} renewed or billed"),
    ),
    "period": (
        N_("{product} was billed for {n:licence,licences}"),
        N_("{n:subscription was,subscriptions were} renewed or billed"),
    ),
}
RUN_STATUS: Mapping[str, tuple[str, str]] = {
    "expired": (N_("{product} expired"), N_("{n:subscription,subscriptions} expired")),
    "disabled": (N_("{product} was disabled"), N_("{n:subscription was,subscriptions were} disabled")),
    "deleted": (
        N_("{product} was deleted with its data"), N_("{n:subscription was,subscriptions were} deleted with their data")
    ),
}


def run_sentence(row: ActivityRow, values: dict[str, object]) -> str:
    """What the billing run did on a date: status first, as it weighs more, then what was billed."""
    facts, said = row.facts, []
    single, lines = facts.get("product"), facts.get("lines", {})
    status = facts.get("is", {}).get("status")
    changed: Mapping[str, int] = {status: 1} if single and status else facts.get("to", {})
    for name, (one, several) in RUN_STATUS.items():
        if changed.get(name):
            said.append(plain(one, **values) if single else plain(several, n=changed[name]))
    billed = [name for name in RUN_LINES if name in lines]
    if billed:
        one, several = RUN_LINES[billed[0]]
        said.append(plain(one, **values) if single else plain(several, n=sum(lines.values())))
    if said:
        return "; ".join(said)
    if tried := invoices_of(facts, "tried"):
        return plain(TRIED, invoices=tried)
    if single:
        return plain(N_("The billing run warned of what is booked for {product}"), **values)
    return gettext("The billing run did what was due")


TRIED = N_("The billing run tried {invoices} again")


def dunning_sentence(row: ActivityRow, values: dict[str, object]) -> str:
    """A day's dunning: what was disabled, else what was tried again, else that somebody was reminded."""
    if row.facts.get("is", {}).get("status") or row.facts.get("to"):
        return run_sentence(row, values)
    invoices = invoices_of(row.facts, "tried")
    if invoices:
        return plain(TRIED, invoices=invoices)
    return gettext("The billing run reminded of an unpaid invoice")
