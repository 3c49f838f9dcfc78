"""The sheet that changes the number of licences."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.portal.sheets.parts import Change, Note, Pay, money_button, when_text
from seatkeeper.interfaces.portal.sheets.reading import Arguments, after, on_date, read_seats, typed
from seatkeeper.interfaces.web.formatting import long_date, money, number
from seatkeeper.interfaces.web.text import plain, say


def read_licences(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """The new total, and whether it counts now or from the renewal."""
    if "seats" not in data:
        return None
    seats = read_seats(typed(data, "seats"))
    when = "renewal" if data.get("when") == "renewal" else "now"
    return {"seats": seats, "when": when}


def licence_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """Licences and how many of them are free."""
    row, seats = page.row, int(str(arguments["seats"]))
    if arguments["when"] == "renewal":
        on = on_date(decision, "effective_on")
        return [Change(plain(N_("Licences from {date}"), date=on), number(row.seats), number(seats))]
    pool = next((one for one in decision.pools if one.product == row.product), None)
    bought = pool.bought if pool else row.pool.bought - row.seats + seats
    assigned = pool.assigned if pool else row.pool.assigned
    return [
        Change(plain(N_("Licences")), number(row.seats), number(seats)),
        Change(plain(N_("Available")), number(row.pool.available), number(max(bought - assigned, 0))),
    ]


def licence_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """How it can be taken back."""
    row, new = page.row, after(decision, page)
    if arguments["when"] == "renewal":
        return [Note(say(N_("What is booked takes effect at the renewal and can be undone until then.")))]
    notes = []
    if new.booked_seats is not None and row.milestone is not None:
        text = N_("What is booked stays: {n:licence,licences} from {date}.")
        notes.append(Note(say(text, n=new.booked_seats, date=long_date(row.milestone.on))))
    if new.seats <= row.seats:
        return notes
    if new.policy.fewer == "any_time":
        return [*notes, Note(say(N_("You can reduce at any time; licences are credited from the day after.")))]
    closes = max((at for at, _ in new.added_windows), default=None)
    text = N_("Until {instant} you can take these back; after that from {date}.")
    ends = long_date(new.term_end) if new.term_end else ""
    return [*notes, Note(say(text, instant=when_text(closes, page.account) if closes else "", date=ends))]


def licence_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """What is paid, given back or booked."""
    if arguments["when"] == "renewal":
        if after(decision, page).booked_seats is None:
            return plain(N_("Save, nothing to pay now"))
        return plain(N_("Book for {date}"), date=on_date(decision, "effective_on"))
    fewer = page.row.seats - int(str(arguments["seats"]))
    if fewer > 0 and pay.kind == "credit":
        total = money(pay.total_minor, pay.currency)
        return plain(N_("Remove {n:licence,licences}, {sum} back"), n=fewer, sum=total)
    if fewer > 0 and pay.kind == "nothing":
        return plain(N_("Remove {n:licence,licences}, nothing to pay"), n=fewer)
    return money_button(pay)
