"""A letter before it is written out: subject, first line, facts, sentences, one link. And the scene it speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.state import OpenDocument, Subscription
from seatkeeper.domain.accounts.queries import Organisation
from seatkeeper.domain.mail.ports import Letter
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.picture import Shelf, subscription_row
from seatkeeper.domain.subscriptions.rows import SubscriptionRow
from seatkeeper.interfaces.web.formatting import money
from seatkeeper.interfaces.web.text import plain

Row = tuple[str, str]
"""(what, value)."""
SUMS = (N_("Total"), N_("To be paid"))
"""The rows that stand out."""
AMOUNT = re.compile(r"\d[.,]\d\d(?!\d)")
"""A sum of money: where a row holds one, all values stand at the right, else beside what they are of."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a letter says. lead: sum, date and the one thing to do; address: a path of the portal, its link.

    sign_off: why the reader gets it, where it is not to the account's administrators.
    """

    subject: str
    lead: str
    rows: tuple[Row, ...] = ()
    sentences: tuple[str, ...] = ()
    link: str = ""
    address: str = ""
    documents: tuple[int, ...] = ()
    sign_off: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """An account as it stands when a letter is written, and what the letter is to tell. going: as in `Told`."""

    organisation: Organisation
    shelf: Shelf
    facts: Mapping[str, Any] = field(default_factory=dict)
    going: bool = False

    @property
    def today(self) -> date:
        """The account's billing date."""
        return self.shelf.today

    def sum(self, minor: int) -> str:
        """An amount in the account's currency."""
        return money(minor, self.shelf.state.currency)

    @property
    def told_on(self) -> date:
        """The day on which what the letter tells of happened."""
        return self.date("told_on") if "told_on" in self.facts else self.today

    def date(self, name: str) -> date:
        """A date among the facts."""
        return date.fromisoformat(str(self.facts[name]))

    def subscription(self) -> Subscription | None:
        """The subscription that the facts name."""
        return self.shelf.state.subscriptions.get(int(self.facts["subscription"]))

    def row(self, found: Subscription) -> SubscriptionRow:
        """A subscription as pages show it."""
        return subscription_row(self.shelf, found)

    def product(self, id_: str) -> str:
        """A product's name."""
        return self.shelf.state.catalog.products[id_].name

    def open(self) -> OpenDocument | None:
        """The invoice that the facts name, where something is due on it still."""
        wanted = int(self.facts["document"])
        return next((one for one in self.shelf.state.documents if one.id == wanted), None)

    def method(self, id_: int | None) -> MethodRow | None:
        """A payment method that is still used."""
        return self.shelf.methods.get(id_) if id_ is not None else None

    def about(self, document: OpenDocument) -> list[str]:
        """The names of the products on an open invoice, of subscriptions that are not gone."""
        found = self.shelf.state.subscriptions
        return list(dict.fromkeys(
            self.product(found[pair[0]].product) for pair in sorted(document.covers) if pair[0] in found
        ))


def written(sheet: Sheet, scene: Scene) -> Letter:
    """The letter of an account, plain and HTML."""
    address = f"{settings.PUBLIC_ADDRESS}{sheet.address}" if sheet.address else ""
    sign_off = sheet.sign_off or plain(
        N_("Sent to the administrators of {organisation} by {seller}"),
        seller=scene.organisation.seller_name, organisation=scene.organisation.name,
    )
    return framed(sheet, sender=scene.organisation.seller_name, address=address, sign_off=sign_off)


def framed(sheet: Sheet, *, sender: str, address: str, sign_off: str) -> Letter:
    """A sheet in the frame that all letters have. address: the whole address of its link."""
    language = get_language() or "en"
    sums = {gettext(one) for one in SUMS}
    html = render_to_string(
        "web/letters/letter.html",
        {"sheet": sheet, "address": address, "sign_off": sign_off, "language": language, "seller": sender,
         "rows": [(what, value, "600" if what in sums else "400") for what, value in sheet.rows],
         "side": "right" if any(AMOUNT.search(value) for _, value in sheet.rows) else "left"},
    )
    return Letter(sheet.subject, _text(sheet, address, sign_off), html, language[:2], sheet.documents)


def _text(sheet: Sheet, address: str, sign_off: str) -> str:
    parts = [sheet.lead]
    if sheet.rows:
        parts.append("\n".join(f"{what}: {value}" for what, value in sheet.rows))
    parts += sheet.sentences
    if address:
        parts.append(f"{sheet.link}:\n{address}")
    parts.append(f"-- \n{sign_off}")
    return "\n\n".join(parts).replace("\u00a0", " ") + "\n"
