"""The sheets that give licences, take them back and choose who keeps one: what is chosen, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.licensing.rows import Adding, AssignPage, Candidate, LicenceProductRow
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.files.people import MOST_ROWS, UnreadablePeople, read_people
from seatkeeper.interfaces.portal.sheets.parts import Change, Note, Outcome, Pay, Words, notes_part, pay_part, then_part
from seatkeeper.interfaces.web.asking import mail_to
from seatkeeper.interfaces.web.formatting import join, money, number
from seatkeeper.interfaces.web.refusals import Names
from seatkeeper.interfaces.web.text import plain, say

SPLIT = re.compile(r"[\s,;<>]*[,;\n\t<>]+[\s,;<>]*")
FILE_FAULTS: Mapping[str, str] = {
    "too_large": N_("The file is too large. A list of users has at most 2 MB; divide it into several."),
    "too_many": N_("The file has more than 20,000 rows. Divide it into several."),
    "binary": N_("This is no text in UTF-8. Save the list as CSV UTF-8 and choose it again."),
    "empty": N_("The file names nobody. One row for each user, with an address, a name or a key."),
    "no_column": N_("No column with addresses was found. Name one of them email, name or key."),
}


def read_ids(texts: list[str]) -> tuple[int, ...]:
    """Ids of users, one or several with commas in each text; what is none is left out."""
    parts = [part for text in texts for part in text.split(",")]
    return tuple(dict.fromkeys(int(one) for one in parts if one.isascii() and one.isdigit() and len(one) < 19))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands in the assign form. from_file: how many a file named; fault: what is wrong with the file."""

    typed: tuple[str, ...]
    users: tuple[int, ...]
    swap: frozenset[str]
    first: frozenset[str]
    buy: int
    kept: tuple[int, ...] = ()
    file_rows: tuple[str, ...] = ()
    fault: str = ""


def read_wanted(request: HttpRequest, data: QueryDict) -> Wanted:
    """The form as it was sent: users who were picked, text that was pasted, a file, and how conflicts are solved."""
    typed = [one for one in SPLIT.split(data.get("typed", "").strip()) if one]
    rows: tuple[str, ...] = ()
    fault = ""
    upload = request.FILES.get("file")
    if upload is not None:
        try:
            rows = read_people(upload.read(2_000_001))
        except UnreadablePeople as problem:
            fault = gettext(FILE_FAULTS[problem.code])
    kept = read_ids(data.getlist("kept"))
    buy = data.get("buy", "")
    return Wanted(
        typed=tuple(typed[:MOST_ROWS]) + rows,
        users=(*read_ids(data.getlist("users")), *read_ids(data.getlist("chosen")), *kept),
        swap=frozenset(part for text in data.getlist("swap") for part in text.split(",")),
        first=frozenset(part for text in data.getlist("first") for part in text.split(",")),
        buy=int(buy) if buy.isascii() and buy.isdigit() and len(buy) < 19 else 0,
        kept=kept,
        file_rows=rows,
        fault=fault,
    )


@dataclass(frozen=True, slots=True)
class Check:
    """The check table: who can be given one, and why the others cannot. short: so many licences are missing."""

    ok: tuple[Candidate, ...]
    holds: tuple[Candidate, ...]
    conflicts: tuple[Candidate, ...]
    unknown: tuple[Candidate, ...]
    inactive: tuple[Candidate, ...]
    swap: tuple[int, ...]
    first: tuple[int, ...]
    short: int
    free: int

    @property
    def users(self) -> tuple[int, ...]:
        """Ids of those who can be given one."""
        return tuple(one.user.user for one in self.ok if one.user is not None)

    @property
    def solved(self) -> tuple[Candidate, ...]:
        """Those who can be given one because a conflict is solved along with it."""
        return tuple(one for one in self.ok if one.outcome != "ok")

    @property
    def swappable(self) -> int:
        """How many conflicts a swap solves."""
        return sum(1 for one in self.conflicts if one.excluded and not one.stuck)

    @property
    def lacking(self) -> int:
        """How many conflicts another licence solves."""
        return sum(1 for one in self.conflicts if one.lacks and not one.stuck and not one.excluded)

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.ok or self.holds or self.conflicts or self.unknown or self.inactive)


def checked(page: AssignPage, wanted: Wanted) -> Check:
    """Sort the candidates; a conflict that the form says how to solve is none."""
    groups: dict[str, list[Candidate]] = {"ok": [], "holds": [], "conflicts": [], "unknown": [], "inactive": []}
    swap, first = [], []
    for one in page.candidates:
        if one.outcome in ("excluded", "requires") and one.user is not None:
            id_ = one.user.user
            swaps = not one.excluded or "all" in wanted.swap or str(id_) in wanted.swap
            gives = not one.lacks or "all" in wanted.first or str(id_) in wanted.first
            solved = swaps and gives and not one.stuck
            if solved and one.excluded:
                swap.append(id_)
            if solved and one.lacks:
                first.append(id_)
            groups["ok" if solved else "conflicts"].append(one)
        else:
            groups[one.outcome].append(one)
    spare = page.row.pool.spare
    lists = {name: tuple(found) for name, found in groups.items()}
    short = max(len(lists["ok"]) - spare, 0) if lists["ok"] else 0
    return Check(**lists, swap=tuple(swap), first=tuple(first), short=short, free=max(spare, 0))


def adding_of(page: AssignPage, wanted: Wanted) -> Adding | None:
    """The subscription to which licences are added: the one chosen, else the cheapest."""
    chosen = next((one for one in page.adding if one.subscription == wanted.buy), None)
    return chosen or min(page.adding, key=lambda one: one.net_minor, default=None)


def words_for(found: Shelf) -> Words:
    """How a sheet about licences calls what a decision holds as ids."""
    catalog = found.state.catalog
    return Words(
        account=found.account,
        methods=dict(found.methods),
        plans={one.id: one.name or one.id for one in catalog.plans.values()},
        products={one.id: one.name for one in catalog.products.values()},
        documents={one.id: one.number for one in found.state.documents},
    )


def names_for_licences(found: Shelf, row: LicenceProductRow, people: Mapping[int, str]) -> Names:
    """How refusals about licences call products and users."""
    return Names(
        products={one.id: one.name for one in found.state.catalog.products.values()},
        users=people,
        product_id=row.product,
        product_name=row.name,
        here=f"/products/{row.references[0]}" if row.references else "",
        seller=found.account.seller_name,
        timezone=found.account.timezone,
    )


def licence_outcome(
    decision: Decision, found: Shelf, row: LicenceProductRow, *, button: str, token: str,
    hidden: tuple[tuple[str, str], ...], notes: tuple[Note, ...] = (),
) -> Outcome:
    """What a decision changes in a product's licences and in others', what it costs, and what needs them."""
    called = words_for(found)
    pay, pool = pay_part(decision, called), row.pool
    after = next((one for one in decision.pools if one.product == row.product), None)
    bought = after.bought if after else pool.bought
    assigned = after.assigned if after else pool.assigned
    free = max(bought - assigned, 0)
    changes = [Change(gettext("Licences"), number(pool.bought), number(bought))] if bought != pool.bought else []
    changes.append(Change(gettext("Assigned"), number(pool.assigned), number(assigned)))
    changes.append(Change(gettext("Available"), number(pool.available), number(free)))
    for one in decision.pools:
        before = found.state.pools.get(one.product)
        if one.product != row.product and before is not None and before.assigned != one.assigned:
            label = plain(N_("Assigned, {product}"), product=called.products[one.product])
            changes.append(Change(label, number(before.assigned), number(one.assigned)))
    paid = pay.kind != "nothing"
    return Outcome(
        changes=tuple(changes),
        pay=pay,
        then=then_part(decision, called, None) if bought != pool.bought else (),
        notes=(*notes, *needed_notes(decision, called), *notes_part(decision, called)),
        button=button,
        foot_label=_foot(pay) if paid else gettext("Available after this"),
        foot_amount=money(pay.total_minor, pay.currency) if paid else number(free),
        announce=button,
        token=token,
        hidden=hidden,
    )


def _foot(pay: Pay) -> str:
    return gettext("Total on invoice") if pay.kind == "invoice" else gettext("Total now")


def needed_notes(decision: Decision, called: Words) -> list[Note]:
    """Whose other licences need one that is taken back, counted by product."""
    counts: dict[tuple[str, str], int] = {}
    for warning in decision.warnings:
        if warning.kind == "needed_by":
            facts = dict(warning.facts)
            pair = (str(facts["product"]), str(facts["required"]))
            counts[pair] = counts.get(pair, 0) + 1
    text = N_("{n:user keeps,users keep} {product}, which works only with {required}.")
    return [
        Note(say(text, n=count, product=called.products[one], required=called.products[required]), "warn")
        for (one, required), count in counts.items()
    ]


def pay_words(pay: Pay) -> str:
    """What leaves the account, for a button that does something else besides."""
    total = money(pay.total_minor, pay.currency)
    if pay.kind == "charge":
        return plain(N_("pay {sum} now"), sum=total)
    if pay.kind == "invoice":
        return plain(N_("{sum} on invoice"), sum=total)
    return plain(N_("nothing to pay now"))


def ask_address(people: tuple[tuple[str, str], ...], account: AccountRow, row: LicenceProductRow, count: int) -> str:
    """A mail to those who can buy, with what is asked for in it."""
    subject = plain(N_("{n:licence,licences} more of {product}"), n=count, product=row.name).replace("\u00a0", " ")
    body = plain(N_("{organisation} is short of licences of {product}."), organisation=account.name, product=row.name)
    return mail_to(people, subject, body)


def ask_words(people: tuple[tuple[str, str], ...], address: str, count: int) -> object:
    """Ask {names} to buy {n}."""
    if not people:
        return say(N_("Nobody in your organisation can buy licences. Ask the seller."))
    return say(N_("[Ask {names} to buy {n}.]"), address, names=join([name for name, _ in people]), n=count)
