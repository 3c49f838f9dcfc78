"""The sandbox's page for new payment methods: cards and accounts for tests, by name; no number is ever typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from seatkeeper.adapters.gateways.sandbox.gateway import SandboxGateway
from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge, SandboxSetup
from seatkeeper.domain.payments.ports import Offered, Registered
from seatkeeper.kit.tokens import random_token, token_hash


@dataclass(frozen=True, slots=True)
class TestMethod:
    """A card or account for tests. outcome: how charges of it end."""

    kind: str
    brand: str
    last_four: str
    outcome: str
    expires_on: date | None = None

    @property
    def label(self) -> str:
        """What people recognise it by."""
        return f"{self.brand} ending {self.last_four}" if self.kind == "card" else f"{self.brand} ... {self.last_four}"


METHODS = {
    "visa": TestMethod("card", "Visa", "4242", "ok", date(2031, 12, 31)),
    "mastercard": TestMethod("card", "Mastercard", "4444", "ok", date(2030, 6, 30)),
    "visa-declined": TestMethod("card", "Visa", "0002", "declined", date(2030, 3, 31)),
    "visa-funds": TestMethod("card", "Visa", "9995", "funds", date(2030, 4, 30)),
    "visa-limit": TestMethod("card", "Visa", "6975", "limit", date(2030, 5, 31)),
    "visa-expired": TestMethod("card", "Visa", "0069", "expired", date(2031, 1, 31)),
    "mastercard-lost": TestMethod("card", "Mastercard", "9987", "lost", date(2029, 9, 30)),
    "mastercard-stolen": TestMethod("card", "Mastercard", "9979", "stolen", date(2029, 10, 31)),
    "visa-confirm": TestMethod("card", "Visa", "3155", "confirm", date(2031, 7, 31)),
    "visa-silent": TestMethod("card", "Visa", "0504", "silent", date(2031, 8, 31)),
    "visa-disputed": TestMethod("card", "Visa", "0259", "disputed", date(2031, 2, 28)),
    "visa-refund-fails": TestMethod("card", "Visa", "5126", "refund-fails", date(2031, 3, 31)),
    "sepa": TestMethod("direct_debit", "NL91 ABNA", "4300", "ok"),
    "sepa-slow": TestMethod("direct_debit", "NL20 INGB", "1234", "slow"),
    "sepa-slow-fails": TestMethod("direct_debit", "NL44 RABO", "8901", "slow-fails"),
    "sepa-slow-closed": TestMethod("direct_debit", "BE71 0961", "6769", "slow-closed"),
    "sepa-declined": TestMethod("direct_debit", "NL02 RABO", "2222", "declined"),
}


class SandboxPages:
    """Implements the MethodPages port; see the module."""

    def begin(self, reference: str, return_to: str, kinds: Sequence[str]) -> str:
        """Begin a visit on the page that the portal serves for the sandbox."""
        setup = random_token()
        address = return_to.replace("{setup}", setup)
        with transaction.atomic():
            SandboxSetup.objects.create(id=setup, reference=reference, return_to=address, kinds=list(kinds))
        return f"/provider/{setup}"

    def registered(self, setup: str) -> Registered | None:
        """What was chosen, with a token of its own."""
        found = SandboxSetup.objects.filter(id=setup, status__in=("chosen", "taken")).first()
        if found is None:
            return None
        one = METHODS[found.choice]
        token = f"sandbox_{one.outcome}.{token_hash(setup)[:32]}"
        brand = one.brand if one.kind == "card" else ""
        return Registered(found.reference, token, one.kind, one.label, brand, one.last_four if brand else "",
                          one.expires_on)  # fmt: skip

    def take(self, setup: str) -> bool:
        """Mark as used, once."""
        with transaction.atomic():
            return bool(SandboxSetup.objects.filter(id=setup, status="chosen").update(status="taken"))

    def give_back(self, setup: str) -> None:
        """Mark as not used."""
        with transaction.atomic():
            SandboxSetup.objects.filter(id=setup, status="taken").update(status="chosen")

    def offered(self, setup: str, reference: str) -> tuple[Offered, ...]:
        """Every card and account for tests of the visit's kinds, in an open visit of this reference."""
        found = SandboxSetup.objects.filter(id=setup, reference=reference, status="open").first()
        if found is None:
            return ()
        return tuple(
            Offered(name, one.kind, one.label, one.outcome)
            for name, one in METHODS.items()
            if not found.kinds or one.kind in found.kinds
        )

    def choose(self, setup: str, name: str) -> str | None:
        """Note the choice, or that the page was left without one."""
        if name and name not in METHODS:
            return None
        with transaction.atomic():
            found = SandboxSetup.objects.filter(id=setup, status="open")
            address = found.values_list("return_to", flat=True).first()
            changed = found.update(choice=name, status="chosen" if name else "left")
        return address if changed else None

    def bank_asks(self, key: str) -> bool:
        """Whether a charge waits to be confirmed."""
        return SandboxCharge.objects.filter(key=key, outcome="confirm", confirmed="", reversed=False).exists()

    def tell_bank(self, key: str, yes: bool) -> str | None:
        """Confirm or refuse it."""
        return SandboxGateway().confirm(key, yes)
