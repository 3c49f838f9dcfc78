"""The sandbox gateway: a payment provider that answers as the card's token says. In the product, for tests and demos.

A token is sandbox_ and one of BEHAVIOURS; what follows a dot makes it unique. The sandbox keeps its own books, in
transactions of its own, and answers a key that it has seen before by what it remembers. Days pass by the instants that
it is asked at: on a seller with a test clock by that clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.core.payments.declines import is_hard
from seatkeeper.domain.accounts.operations import clocks_of
from seatkeeper.domain.payments import ports
from seatkeeper.domain.payments.ports import Answer, Charge, GatewayAway, Happening, Refund
from seatkeeper.kit.bulk import Table

CHARGES = Table(SandboxCharge)
COLUMNS = (
    "key", "kind", "amount_minor", "currency", "outcome", "reversed", "refunds", "at", "confirmed", "return_to",
)  # fmt: skip
CHARGE, REFUND = "charge", "refund"
EARLY = datetime(1970, 2, 1, tzinfo=UTC)
OK, NEVER = "ok", "never"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How charges of a card or account go.

    reason: declined so; empty: they succeed. after: only so long after they were asked for. confirm: the person must
    confirm first; where nobody is there they are declined. disputed: so long after, the payer's bank takes them back.
    refund: why refunds are declined. silent: the first time it is asked, the sandbox does as it should and never says.
    """

    reason: str = ""
    after: timedelta = timedelta(0)
    confirm: bool = False
    disputed: timedelta | None = None
    refund: str = ""
    silent: bool = False


BEHAVIOURS: dict[str, Behaviour] = {
    OK: Behaviour(),
    "declined": Behaviour("declined"),
    "funds": Behaviour("insufficient_funds"),
    "limit": Behaviour("limit_exceeded"),
    "expired": Behaviour("expired_card"),
    "lost": Behaviour("lost"),
    "stolen": Behaviour("stolen"),
    "closed": Behaviour("closed"),
    "confirm": Behaviour(confirm=True),
    "slow": Behaviour(after=timedelta(days=2)),
    "slow-fails": Behaviour("insufficient_funds", after=timedelta(days=3)),
    "slow-closed": Behaviour("closed", after=timedelta(days=3)),
    "disputed": Behaviour(disputed=timedelta(days=5)),
    "refund-fails": Behaviour(refund="closed"),
    "silent": Behaviour(silent=True),
}
"""What a token can say, and what the sandbox then does."""
UNKNOWN_TOKEN = "declined"


class SandboxGateway:
    """Implements the Gateway port; see the module."""

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        """Take money, as the tokens say."""
        with transaction.atomic():
            known = self._known(one.key for one in charges)
            new = {one.key: one for one in charges if one.key not in known}
            CHARGES.insert(COLUMNS, [_row(one) for one in new.values()])
        if any(BEHAVIOURS[_outcome(one.token)].silent for one in new.values()):
            raise GatewayAway("the sandbox says nothing, as the card wants it")
        return [_answer(known.get(one.key) or _remembered(_row(one)), one.at) for one in charges]

    def outcome(self, charges: Sequence[Charge]) -> dict[str, Answer]:
        """What became of earlier charges."""
        known = self._known(one.key for one in charges)
        for one in charges:
            row = known.get(one.key)
            if row is not None and not one.return_to and _answer(row, one.at).waits == ports.AUTHENTICATION:
                row.confirmed = "no"  # nobody is there any more: it is called off
                SandboxCharge.objects.filter(key=row.key).update(confirmed="no")
        return {one.key: _answer(known[one.key], one.at) for one in charges if one.key in known}

    def reverse(self, keys: Sequence[str]) -> None:
        """Give back whole charges."""
        with transaction.atomic():
            known = self._known(keys)
            CHARGES.insert(COLUMNS, [(key, CHARGE, 0, "", NEVER, True, "", None, "", "") for key in keys
                                     if key not in known])  # fmt: skip
            SandboxCharge.objects.filter(key__in=list(keys)).update(reversed=True)

    def refund(self, refunds: Sequence[Refund]) -> list[Answer]:
        """Give back, never more than was taken."""
        return [self._refund(one) for one in refunds]

    @transaction.atomic
    def _refund(self, one: Refund) -> Answer:
        known = self._known([one.key])
        if one.key not in known:
            charge = SandboxCharge.objects.select_for_update().filter(key=one.charge_key, kind=CHARGE).first()
            reason = self._refusal(charge, one)
            CHARGES.insert(COLUMNS, [(one.key, REFUND, one.amount_minor, one.currency, reason or OK, False,
                                      one.charge_key, one.at, "", "")])  # fmt: skip
            known = self._known([one.key])
        return _answer(known[one.key], one.at)

    def _refusal(self, charge: SandboxCharge | None, one: Refund) -> str:
        """Why a refund is declined; empty where it is not."""
        if charge is None or charge.reversed or not _answer(charge, one.at).succeeded:
            return "nothing_taken"
        given = SandboxCharge.objects.filter(refunds=charge.key, outcome=OK).aggregate(sum=Sum("amount_minor"))["sum"]
        if (given or 0) + one.amount_minor > charge.amount_minor:
            return "too_much"
        return _behaviour(charge).refund

    def happened(self, since: datetime, now: datetime) -> list[Happening]:
        """What the sandbox remembers from an instant on, in the order in which it happened.

        now: of those whose seller has no test clock; the others have come as far as that.
        """
        waited = max(one.disputed or one.after for one in BEHAVIOURS.values())
        start = since - waited if since > EARLY else since
        rows = list(SandboxCharge.objects.filter(at__gte=start).order_by("at", "key"))
        clocks = clocks_of({_account(row.key) for row in rows})
        found = [one for row in rows for one in _happenings(row, clocks.get(_account(row.key), now))]
        return sorted((one for one in found if one.at >= since), key=lambda one: (one.at, one.id))

    def confirm(self, key: str, yes: bool) -> str | None:
        """The person confirms a charge at the page that stands for the bank's, or refuses; where to go back to."""
        with transaction.atomic():
            found = SandboxCharge.objects.filter(key=key, outcome="confirm", confirmed="", reversed=False)
            address = found.values_list("return_to", flat=True).first()
            return address if address and found.update(confirmed="yes" if yes else "no") else None

    def _known(self, keys: Iterable[str]) -> dict[str, SandboxCharge]:
        return {row[0]: _remembered(row) for row in CHARGES.select(COLUMNS, list(keys), key="key")}


def _account(key: str) -> int:
    number = key.partition("-")[0]
    return int(number) if number.isdigit() else 0


def _row(one: Charge) -> tuple[object, ...]:
    return (one.key, CHARGE, one.amount_minor, one.currency, _outcome(one.token), False, "", one.at, "", one.return_to)


def _remembered(row: Sequence[object]) -> SandboxCharge:
    return SandboxCharge(**dict(zip(COLUMNS, row, strict=True)))


def _outcome(token: str) -> str:
    outcome = token.removeprefix("sandbox_").partition(".")[0]
    return outcome if outcome in BEHAVIOURS else UNKNOWN_TOKEN


def _behaviour(row: SandboxCharge) -> Behaviour:
    return BEHAVIOURS.get(row.outcome, BEHAVIOURS[OK])


def _answer(row: SandboxCharge, now: datetime) -> Answer:
    """How a charge or refund stands at an instant."""
    if row.kind == REFUND:
        return Answer(row.key, row.outcome == OK, "" if row.outcome == OK else row.outcome)
    if row.outcome == NEVER:
        return Answer(row.key, False, "reversed")
    behaviour = _behaviour(row)
    if behaviour.after and row.at is not None and now < row.at + behaviour.after:
        return Answer(row.key, False, waits=ports.PROCESSING)
    if behaviour.confirm and row.confirmed != "yes":
        if row.confirmed or not row.return_to:
            return Answer(row.key, False, "authentication_required")
        return Answer(row.key, False, waits=ports.AUTHENTICATION, address=f"/provider/confirm/{row.key}")
    return Answer(row.key, not behaviour.reason, behaviour.reason, is_hard(behaviour.reason))


def _happenings(row: SandboxCharge, now: datetime) -> list[Happening]:
    """What happened with a charge or refund until now."""
    if row.at is None or row.at > now:
        return []
    answer, behaviour = _answer(row, now), _behaviour(row)
    said = "waits" if answer.waits else "succeeded" if answer.succeeded else "declined"
    at = row.at if answer.waits or row.kind == REFUND else row.at + behaviour.after
    facts = (row.amount_minor, row.currency)
    found = [Happening(f"{row.key}-{said}", row.kind, row.key, said, at, *facts, answer.reason)]
    taken = row.kind == CHARGE and answer.succeeded
    if taken and behaviour.disputed is not None and row.at + behaviour.disputed <= now:
        at = row.at + behaviour.disputed
        found.append(Happening(f"{row.key}-disputed", ports.DISPUTE, row.key, ports.OPENED, at, *facts, "fraudulent",
                               f"dispute-{row.key}"))  # fmt: skip
    return found
