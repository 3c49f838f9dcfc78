"""Who takes part: the seller and five organisations. All made up; addresses and numbers belong to nobody."""

from __future__ import annotations

from typing import Any

from seatkeeper.domain.subscriptions.installation import AccountFacts, UserFacts
from seatkeeper.interfaces.demo.people import people

SELLER: dict[str, Any] = {
    "name": "Polder Software B.V.",
    "country": "NL",
    "timezone": "Europe/Amsterdam",
    "credit_to": "balance",
    "vat_id": "NL001234567B01",
    "registration_number": "00123456",
    "address": {"street": "Voorbeeldkade", "number": "12", "postcode": "1000 AA", "town": "Amsterdam", "country": "NL"},
    "letterhead": {
        "iban": "NL91ABNA0417164300", "bic": "ABNANL2A", "email": "facturen@polder.example",
        "phone": "+31 20 555 0100", "website": "polder.example", "colour": "#0f548c",
        "note_en": "Questions about this document? Mail us with its number.",
        "note_nl": "Vragen over dit document? Mail ons met het nummer erbij.",
    },
}


def _with_owner(count: int, domain: str, name: str, mailbox: str) -> tuple[UserFacts, ...]:
    return people(count, domain, admins=(UserFacts("u1", name, f"{mailbox}@{domain}", "owner"),))


ORGANISATIONS: tuple[AccountFacts, ...] = (
    AccountFacts(
        key="noordzee",
        name="Noordzee Logistiek B.V.",
        country="NL",
        currency="EUR",
        timezone="Europe/Amsterdam",
        payment="card",
        card=("Visa ending 4242", "Visa", "4242"),
        vat_id="NL009876543B01",
        vat_confirmed=True,
        address={"street": "Havenweg", "number": "1", "postcode": "3000 AA", "town": "Rotterdam", "country": "NL"},
        people=people(
            300,
            "noordzee.example",
            admins=(
                UserFacts("u1", "Anna Jansen", "anna.jansen@noordzee.example", "owner"),
                UserFacts("u2", "Bram de Vries", "bram.devries@noordzee.example", "billing_administrator"),
                UserFacts("u3", "Chiara Bakker", "chiara.bakker@noordzee.example", "license_administrator"),
                UserFacts("u4", "Daan Visser", "daan.visser@noordzee.example", "reader"),
            ),
        ),
    ),
    AccountFacts(
        key="maas",
        name="Maas & Partners BV",
        country="BE",
        currency="EUR",
        timezone="Europe/Brussels",
        payment="direct_debit",
        card=("SEPA direct debit ending 4300", "SEPA", "4300"),
        vat_id="BE0403170701",
        vat_confirmed=True,
        people=_with_owner(24, "maaspartners.example", "Els Maas", "els"),
    ),
    AccountFacts(
        key="hansen",
        name="Hansen Werkzeuge GmbH",
        country="DE",
        currency="EUR",
        timezone="Europe/Berlin",
        payment="bank_transfer",
        card=("Bank transfer", "", ""),
        terms_days=30,
        credit_limit_minor=500_000,
        people=_with_owner(40, "hansen.example", "Jonas Hansen", "jonas"),
    ),
    AccountFacts(
        key="lakeside",
        name="Lakeside Dental Group Inc.",
        country="US",
        currency="USD",
        timezone="America/Chicago",
        payment="card",
        card=("Mastercard ending 4444", "Mastercard", "4444"),
        people=_with_owner(18, "lakeside.example", "Grace Miller", "grace"),
    ),
    AccountFacts(
        key="sakura",
        name="Sakura Design K.K.",
        country="JP",
        currency="JPY",
        timezone="Asia/Tokyo",
        payment="card",
        card=("Visa ending 1881", "Visa", "1881"),
        people=_with_owner(12, "sakura.example", "Yuki Sato", "yuki"),
    ),
)
