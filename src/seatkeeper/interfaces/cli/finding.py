"""What people type for an account, a subscription, a user, a document: found, or a sentence with the nearest name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from seatkeeper.core.money import minor_from_text
from seatkeeper.domain.subscriptions import desk
from seatkeeper.interfaces.cli.common import BadInput
from seatkeeper.interfaces.files.kinds import WRONG, Kind, Reading
from seatkeeper.interfaces.files.nodes import NUMBER, WORD, Node
from seatkeeper.interfaces.files.problems import nearest
from seatkeeper.interfaces.web.refusals import Names
from seatkeeper.kit.commands import Actor, Context
from seatkeeper.kit.refs import id_from_reference, reference

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet, SellerLine

SELLER = Actor("seller", via="cli")


def account(text: str) -> AccountSheet:
    """The account with this key or number."""
    found = desk.account_ids(text)
    if not found:
        raise BadInput(f"no account is called '{text}'{nearest(text, desk.account_keys())}")
    if len(found) > 1:
        numbers = ", ".join(map(str, found))
        raise BadInput(f"several sellers have an account '{text}'; give its number: {numbers}")
    return desk.sheet(found[0])


def seller(wanted: int | None) -> SellerLine:
    """The seller of that number; without one, the only seller there is."""
    every = desk.sellers()
    if wanted is None and len(every) == 1:
        return every[0]
    if not every:
        raise BadInput("there is no seller yet: `seatkeeper demo` makes one")
    if wanted is None:
        raise BadInput(f"there are {len(every)} sellers; choose one with --seller: {_listed(every)}")
    for one in every:
        if one.id == wanted:
            return one
    raise BadInput(f"there is no seller {wanted}; there is {_listed(every)}")


def _listed(every: tuple[SellerLine, ...]) -> str:
    return ", ".join(f"{one.id} ({one.name})" for one in every[:10])


def context(sheet: AccountSheet) -> Context:
    """The seller acting on an account, at its seller's present instant."""
    return Context(SELLER, sheet.line.id, sheet.now)


def subscription(sheet: AccountSheet, text: str) -> int:
    """The number behind S-10001 or 1."""
    known = {reference(one): one for one in sheet.state.subscriptions}
    found = id_from_reference(text)
    if found in known.values():
        return int(found)  # type: ignore[arg-type]
    if text.isdigit() and int(text) in known.values():
        return int(text)
    raise BadInput(f"the account '{sheet.line.key}' has no subscription '{text}'{nearest(text, known)}")


def plan(sheet: AccountSheet, text: str) -> str:
    """A plan of the seller's catalogue."""
    return _known("plan", text, sheet.state.catalog.plans)


def product(sheet: AccountSheet, text: str) -> str:
    """A product of the seller's catalogue."""
    return _known("product", text, sheet.state.catalog.products)


def _known(sort: str, text: str, known: Any) -> str:
    if text in known:
        return text
    raise BadInput(f"no {sort} is called '{text}'{nearest(text, known)}")


def users(sheet: AccountSheet, texts: list[str] | None) -> tuple[int, ...]:
    """Users by key or e-mail address; several may stand in one text, with commas between."""
    wanted = [one.strip() for text in texts or () for one in text.split(",") if one.strip()]
    found = desk.users_by_key(sheet.line.id, wanted)
    for text in wanted:
        if text not in found:
            said = nearest(text, desk.user_keys(sheet.line.id))
            raise BadInput(f"the account '{sheet.line.key}' has no user '{text}'{said}")
    return tuple(found[text] for text in wanted)


def method(sheet: AccountSheet, wanted: int | None) -> int | None:
    """A payment method of the account by its number."""
    if wanted is None or wanted in {one.id for one in sheet.methods}:
        return wanted
    has = ", ".join(f"{one.id} ({one.label or one.kind})" for one in sheet.methods)
    raise BadInput(f"the account '{sheet.line.key}' has no payment method {wanted}; it has {has or 'none'}")


def value(kind: Kind, text: str, option: str) -> Any:
    """What was typed for an option, checked as a file's value is."""
    reading = Reading(option)
    found = kind.read(Node(NUMBER if text.lstrip("-").isdigit() else WORD, text, 0, 0), reading)
    if found is WRONG:
        raise BadInput(f"{option}: {reading.problems[0].message}")
    return found


def day(text: str | None, option: str) -> date | None:
    """A date, such as 2026-03-01."""
    from seatkeeper.interfaces.files.dates import Day

    return None if text is None else value(Day(), text, option)


def later(sheet: AccountSheet, text: str | None, option: str) -> date | None:
    """A date after the account's own today."""
    found = day(text, option)
    today = sheet.state.today(sheet.now)
    if found is not None and found <= today:
        raise BadInput(f"{option} must be later than today, {today}: {found}")
    return found


def names(sheet: AccountSheet) -> Names:
    """How sentences call what facts hold as ids."""
    catalog = sheet.state.catalog
    return Names(
        products={one.id: one.name for one in catalog.products.values()},
        plans={one.id: one.name or one.id for one in catalog.plans.values()},
        subscriptions={one: reference(one) for one in sheet.state.subscriptions},
        seller=sheet.seller_name,
        timezone=sheet.line.timezone,
    )


def document(sheet: AccountSheet, number: str) -> int:
    """A document of the account by its number."""
    for account_id, found in desk.documents_numbered(number):
        if account_id == sheet.line.id:
            return found
    known = [one.number for one in desk.documents(account=sheet.line.id, most=2000)]
    raise BadInput(f"the account '{sheet.line.key}' has no document '{number}'{nearest(number, known)}")


def holder_of(number: str, wanted: str | None) -> AccountSheet:
    """The account that a document was issued to."""
    if wanted is not None:
        sheet = account(wanted)
        document(sheet, number)
        return sheet
    found = desk.documents_numbered(number)
    if not found:
        known = [one.number for one in desk.documents(most=2000)]
        raise BadInput(f"there is no document '{number}'{nearest(number, known)}")
    if len(found) > 1:
        raise BadInput(f"several sellers gave the number {number}; choose one with --account")
    return desk.sheet(found[0][0])


def amount(sheet: AccountSheet, text: str | None, option: str) -> int | None:
    """An amount above zero in the account's currency, as minor units."""
    if text is None:
        return None
    try:
        minor = minor_from_text(text, sheet.line.currency)
    except ValueError as error:
        raise BadInput(f"{option}: {error}") from None
    if minor <= 0:
        raise BadInput(f"{option} must be more than zero: {text}")
    return minor
