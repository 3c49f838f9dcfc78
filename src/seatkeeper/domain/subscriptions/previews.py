"""Preview tokens: bound to the actor, account, command and arguments, good for 30 minutes, used once (DOMAIN.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from seatkeeper.core.decision import Decision
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.operations import COMMAND
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.kit.commands import Context
from seatkeeper.kit.tokens import digest, random_token, sign, unsign

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.applying import Write

LASTS = timedelta(minutes=30)
MOST_LATELY = 10
PURPOSE = "preview"
PENDING, DONE, GIVEN_BACK = "pending", "done", "given_back"


@dataclass(frozen=True, slots=True)
class Ticket:
    """An opened token: its id and what was shown."""

    id: str
    shown: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FirstOutcome:
    """What a token was already used for."""

    reference: str
    outcome: dict[str, Any]


def comparable(decision: Decision) -> dict[str, Any]:
    """What a preview and its outcome are compared by: lines, VAT, totals, dates, dropped bookings, method, amount.

    Never instants, ids of new rows, or numbers.
    """
    documents = [
        {
            "kind": document.kind,
            "method": document.method,
            "lines": [
                [line.subscription, line.plan, line.kind, line.seats, line.start.isoformat(), line.end.isoformat(),
                 line.amount_minor, line.category, line.rate]
                for line in document.lines
            ],
            "vat": [[one.category, one.rate, one.taxable_minor, one.vat_minor] for one in document.vat],
            "net": document.net_minor,
            "gross": document.gross_minor,
            "balance_used": document.balance_used_minor,
            "charge": document.charge_minor,
            "due": document.due_minor,
            "due_on": document.due_on.isoformat(),
            "to_balance": document.to_balance_minor,
        }
        for document in decision.documents
    ]
    dates = {
        name: value.isoformat()
        for name, value in decision.facts
        if isinstance(value, date) and not isinstance(value, datetime)
    }
    return {
        "documents": documents,
        "dates": dates,
        "dropped": [[one.subscription, one.kind, one.value] for one in decision.dropped],
        "tries": [[one.document, one.method, one.amount_minor] for one in decision.tries],
        "done": list(dict(decision.facts).get("done", ())),  # type: ignore[call-overload]
    }


def issue(ctx: Context, command: str, arguments: dict[str, Any], decision: Decision) -> str:
    """The token of a preview."""
    return sign(
        {
            "i": random_token()[:22],
            "a": str(ctx.actor.user) + ctx.actor.role,
            "c": ctx.account,
            "n": command,
            "g": digest(arguments),
            "t": int(ctx.now.timestamp()),
            "s": comparable(decision),
        },
        purpose=PURPOSE,
    )


def opened(ctx: Context, command: str, arguments: dict[str, Any], token: str) -> Ticket:
    """Open a token.

    Refused: preview_invalid where it is forged, another's or for something else; preview_stale when it is old.
    """
    found = unsign(token, purpose=PURPOSE)
    if (
        found is None
        or found["a"] != str(ctx.actor.user) + ctx.actor.role
        or found["c"] != ctx.account
        or found["n"] != command
        or found["g"] != digest(arguments)
    ):
        raise Refused("preview_invalid")
    ticket = Ticket(found["i"], found["s"])
    used = Receipt.objects.filter(token_id=ticket.id).exists()
    if not used and ctx.now.timestamp() - found["t"] > LASTS.total_seconds():
        raise Refused("preview_stale", differences=(("expired", "", ""),))
    return ticket


def done_with(ctx: Context, token: str, *, status: str = DONE) -> str | None:
    """The reference of what the actor's token was used for, whatever has changed since; None where it was not.

    status: PENDING for a payment of which nobody knows yet whether it went through.
    """
    found = unsign(token, purpose=PURPOSE) if token else None
    if found is None or found["a"] != str(ctx.actor.user) + ctx.actor.role or found["c"] != ctx.account:
        return None
    row = Receipt.objects.filter(token_id=found["i"], account_id=ctx.account, status=status).first()
    return row.reference if row is not None else None


def ordered_lately(ctx: Context, items: tuple[Mapping[str, Any], ...]) -> tuple[str, datetime] | None:
    """Reference and instant of the actor's last order of the very same items, while a preview would still hold."""
    rows = Receipt.objects.filter(
        account_id=ctx.account, actor_id=ctx.actor.user, command="order", status__in=(PENDING, DONE),
        at__gt=ctx.now - LASTS,
    ).order_by("-at")
    same = (row for row in rows[:MOST_LATELY] if row.arguments.get("items") == _plain(items))
    found = next(same, None)
    return (found.reference, found.at) if found is not None else None


def compare(ticket: Ticket, decision: Decision) -> None:
    """Raise preview_stale with the differences where the decision is not what was shown."""
    now = comparable(decision)
    if now != ticket.shown:
        raise Refused("preview_stale", differences=tuple(_differences(ticket.shown, now)))


def _differences(was: Any, now: Any, path: str = "") -> list[tuple[str, str, str]]:
    if isinstance(was, dict) and isinstance(now, dict):
        found = []
        for name in sorted({*was, *now}):
            found += _differences(was.get(name), now.get(name), f"{path}.{name}" if path else name)
        return found
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        found = []
        for index, (one, other) in enumerate(zip(was, now, strict=True)):
            found += _differences(one, other, f"{path}.{index}")
        return found
    return [] if was == now else [(path, str(was), str(now))]


def first_outcome(ticket: Ticket) -> FirstOutcome | None:
    """What the token was used for before.

    Refused: payment_pending while its payment is still on the way, preview_stale where it was given back.
    """
    row = Receipt.objects.filter(token_id=ticket.id).first()
    if row is None:
        return None
    if row.status == PENDING:
        raise Refused("payment_pending")
    if row.status == GIVEN_BACK:
        raise Refused("preview_stale", differences=())
    return FirstOutcome(row.reference, row.outcome)


def reserve(ctx: Context, ticket: Ticket | None, command: str, arguments: dict[str, Any]) -> None:
    """Mark a token as being used, so that a second click does not charge again."""
    if ticket is not None:
        _receipt(ctx, ticket, command, arguments, PENDING, {}).save(force_insert=True)


def release(ticket: Ticket | None) -> None:
    """Give a token free again: its command was refused."""
    if ticket is not None:
        Receipt.objects.filter(token_id=ticket.id, status=PENDING).delete()


def release_abandoned(account: int, before: datetime) -> None:
    """The commands that never heard from the gateway: their money went back, and their receipts say so."""
    waiting = Attempt.objects.filter(account_id=account, status=PENDING, purpose=COMMAND)
    tokens = [kept["token"] for kept in waiting.values_list("frozen", flat=True) if kept and kept.get("token")]
    abandoned = Receipt.objects.filter(account_id=account, status=PENDING, at__lte=before)
    abandoned.exclude(token_id__in=tokens).update(status=GIVEN_BACK)


def keep(
    ctx: Context, ticket: Ticket | None, command: str, arguments: dict[str, Any], write: Write
) -> str | None:
    """Keep the outcome for the receipt page and for a repeat; returns its reference."""
    if ticket is None:
        return None
    outcome = {
        "shown": comparable(write.decision),
        "documents": [[id_, number] for id_, number, _ in write.documents],
        "subscription": write.subscriptions[-1].id if write.subscriptions else arguments.get("subscription"),
        "subscriptions": [one.id for one in write.subscriptions],
        "charged": write.taken.amount_minor if write.taken is not None else 0,
        "collecting": write.decision.charge_minor if write.collecting is not None else 0,
        "facts": {name: str(value) for name, value in write.decision.facts},
        "attempts": write.attempts,
    }
    receipt = _receipt(ctx, ticket, command, arguments, DONE, outcome)
    receipt.save()
    return receipt.reference


def _receipt(
    ctx: Context, ticket: Ticket, command: str, arguments: dict[str, Any], status: str, outcome: dict[str, Any]
) -> Receipt:
    return Receipt(
        token_id=ticket.id,
        account_id=ctx.account,
        reference=ticket.id[:12],
        command=command,
        arguments={name: _plain(value) for name, value in arguments.items()},
        actor_id=ctx.actor.user,
        at=ctx.now,
        status=status,
        outcome=outcome,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value
