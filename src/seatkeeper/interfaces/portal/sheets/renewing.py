"""The sheets on going on and ending: recurring billing, cancelling, reactivating."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.portal.sheets.parts import Change, Note, Pay
from seatkeeper.interfaces.portal.sheets.reading import Arguments, after, fact, on_date, read_method
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import last_day, long_date, money, number
from seatkeeper.interfaces.web.text import plain, say


def read_recurring(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """On, once or off, where it differs from what is."""
    to = data.get("to")
    return {"to": to} if to in words.RECURRING and to != page.row.recurring else None


def recurring_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """Recurring billing, and what happens on the date."""
    row, new = page.row, after(decision, page)
    changes = [
        Change(
            plain(N_("Recurring billing")),
            words.word(words.RECURRING, row.recurring),
            words.word(words.RECURRING, new.recurring),
        )
    ]
    end = new.term_end if new.status == "active" else new.trial_end
    if end is not None and row.milestone is not None:
        trial = {"off": "trial_ends"}.get(new.recurring, "becomes_paid")
        kind = (
            trial if new.status == "trial" else {"off": "expires", "once": "last_renewal"}.get(new.recurring, "renews")
        )
        text = plain(words.MILESTONE[kind][0], d=long_date(end))
        changes.append(Change(plain(N_("What happens")), words.milestone_text(row.milestone), text))
    return changes


def recurring_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """Charges until the end, access after it, and until when it can be changed."""
    if arguments.get("to", "off") != "off":
        return [Note(say(N_("You can change this on any day before the renewal.")))]
    notes = []
    end = fact(decision, "ends_on")
    if isinstance(end, date):
        notes.append(Note(say(N_("Charges within the term go on until {d}."), d=long_date(last_day(end)))))
    access = fact(decision, "access_until")
    if isinstance(access, date) and isinstance(end, date) and access > end:
        notes.append(
            Note(say(N_("Users keep access until {d}; after that they lose it."), d=long_date(last_day(access))))
        )
    if isinstance(end, date):
        notes.append(Note(say(N_("You can turn it on again on any day before {d}."), d=long_date(end))))
    return notes


def recurring_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """No money moves."""
    return plain(N_("Save, nothing to pay now"))


def cancel_now_possible(page: SubscriptionPage) -> bool:
    """Whether the policy lets the subscription be cancelled at once."""
    return page.row.status in ("trial", "scheduled") or (
        page.limits.cancel == "any_time" or page.limits.cancel_until is not None
    )


def read_cancel(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """Now, or at the end of the term; now where that is possible."""
    when = data.get("when")
    if when in ("now", "end"):
        return {"when": when}
    return {"when": "now" if cancel_now_possible(page) else "end"}


def cancel_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """The status and the licences, or what happens on the date."""
    if arguments["when"] == "end":
        return recurring_changes(page, decision, {"to": "off"})
    new = after(decision, page)
    was = words.gettext(words.STATUS[page.row.status].words)
    becomes = f"{words.gettext(words.STATUS[new.status].words)}, {words.word(words.REASON, 'cancelled')}"
    changes = [Change(plain(N_("Status")), was, becomes)]
    if page.row.status != "scheduled":
        changes.append(Change(plain(N_("Licences")), number(page.row.seats), number(0)))
    return changes


def cancel_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """Who loses access, and until when the data is kept."""
    if arguments["when"] == "end":
        return recurring_notes(page, decision, {"to": "off"})
    notes = []
    losing = fact(decision, "users_losing_access")
    if isinstance(losing, int) and losing:
        notes.append(Note(say(N_("{n:user loses,users lose} access today."), n=losing), "warn"))
    until = fact(decision, "data_until")
    if isinstance(until, date) and until > decision.on:
        notes.append(
            Note(
                say(
                    N_("Data is kept until {d}; until then you can reactivate and export."),
                    d=long_date(last_day(until)),
                )
            )
        )
    return notes


def cancel_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """When it ends and what comes back."""
    if arguments["when"] == "end":
        return plain(N_("End on {date}"), date=on_date(decision, "ends_on"))
    if pay.kind == "credit":
        return plain(N_("Cancel now, {sum} back"), sum=money(pay.total_minor, pay.currency))
    return plain(N_("Cancel now"))


def read_reactivate(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """Recurring billing and the payment method."""
    recurring = data.get("recurring", "on")
    arguments: Arguments = {"recurring": recurring if recurring in words.RECURRING else "on"}
    method = read_method(data, page)
    return arguments | ({"method": method} if method is not None else {})


def reactivate_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """The status and the term."""
    new = after(decision, page)
    changes = [
        Change(
            plain(N_("Status")),
            words.gettext(words.STATUS[page.row.status].words),
            words.gettext(words.STATUS[new.status].words),
        )
    ]
    if new.term_start and new.term_end:
        was = page.term
        text = N_("{a} to {b}")
        before = plain(text, a=long_date(was[0]), b=long_date(last_day(was[1]))) if was else ""
        becomes = plain(text, a=long_date(new.term_start), b=long_date(last_day(new.term_end)))
        changes.append(Change(plain(N_("Term")), before, becomes))
    return changes


def reactivate_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """Which days are charged, by case."""
    new, case = after(decision, page), fact(decision, "case")
    if case == "from_old_end":
        text = N_("The same subscription goes on from {d}, the old end date; the days since then are charged.")
        return [Note(say(text, d=on_date(decision, "starts_on")))]
    if case == "new_term":
        return [Note(say(N_("A new term starts today, with a new renewal date and today's price.")))]
    until = long_date(last_day(new.term_end)) if new.term_end else ""
    counts = fact(decision, "counts_from")
    if isinstance(counts, date) and counts < decision.on:
        text = N_("The same term goes on until {d}; the days since {d2} are charged.")
        return [Note(say(text, d=until, d2=long_date(counts)))]
    return [Note(say(N_("The same term goes on until {d}; the days between are not charged."), d=until))]


def reactivate_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """What is paid."""
    total = money(pay.total_minor, pay.currency)
    if pay.kind == "charge":
        return plain(N_("Reactivate, pay {sum} now"), sum=total)
    if pay.kind == "invoice":
        return plain(N_("Reactivate, {sum} on invoice"), sum=total)
    return plain(N_("Reactivate, nothing to pay now"))
