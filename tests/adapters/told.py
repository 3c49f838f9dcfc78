"""Random stories whose documents are of every kind: other countries, categories and currencies in the midst of them."""

from __future__ import annotations

import random
from typing import Any

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.form import Form
from tests.cast import CAST
from tests.domain.stories import ACTIONS, CARD_TROUBLE, STARTS, Plot, Step, Telling
from tests.domain.stories import begin as begin_story
from tests.support.documents import SELLER, complete, forms

TURNS: tuple[dict[str, Any], ...] = (
    {},
    {"country": "DE", "vat_id": None, "vat_confirmed": False},
    {"country": "GR", "vat_id": "EL094259216", "vat_confirmed": True},
    {"exempt_reason": "Art. 151 of Directive 2006/112/EC"},
    {"country": "US", "vat_id": None},
    {"country": "GB", "vat_id": "GB980780684"},
    {"country": "NL", "vat_id": "NL123456782B12", "purchase_order": "PO & 7 <x>"},
    {"country": "BE", "vat_id": "BE0403170701", "vat_confirmed": True, "language": "nl"},
)
SELLERS: tuple[dict[str, Any], ...] = (
    {},
    {
        "country": "BE", "vat_id": "BE0403170701", "registration_number": "0403170701", "name": "Zenne & Zonen NV",
        "address": {"street": "Kaai", "number": "3", "postcode": "1000", "town": "Brussel"},
        "letterhead": {"iban": "BE68539007547034"},
    },
    {"country": "CH", "vat_id": "CHE116281710MWST", "registration_number": "CHE-116.281.710", "letterhead": {}},
)  # fmt: skip
"""The Dutch one with everything, a Belgian one with only an account, and one outside the Union."""


def plot(chance: random.Random) -> Plot:
    """A story of some length."""
    actions = [one for one in ACTIONS + CARD_TROUBLE if one not in ("assign", "unassign")]
    hours = [0, 3, 24, 24 * 6, 24 * 12, 24 * 31]
    steps = [Step(0, "buy", chance.randrange(31), chance.randint(1, 25))]
    for _ in range(chance.randint(10, 18)):
        steps.append(Step(chance.choice(hours), chance.choice(actions), chance.randrange(31), chance.randint(1, 25)))
    return Plot(chance.choice(list(CAST)), chance.choice(STARTS), chance.choice(["balance", "refund"]), tuple(steps))


def tell(seed: int) -> list[Form]:
    """All documents of one story. Halfway the buyer moves, or becomes exempt, or its VAT id is confirmed."""
    chance = random.Random(seed)
    own = plot(chance)
    telling: Telling = begin_story(own)
    complete(telling.story, **{**SELLER, **SELLERS[seed % len(SELLERS)]})
    for number, step in enumerate(own.steps):
        if number in (0, len(own.steps) // 2):
            turn = TURNS[(seed + number) % len(TURNS)]
            if turn:
                Account.objects.filter(id=telling.story.account).update(**turn)
        telling.wait(step.hours)
        command, arguments = telling._asked(step)
        if command is not None:
            telling._do(command, arguments)
    return forms(telling.story.account)
