"""How a person's command runs: find, decide, (charge), apply, answer (ARCHITECTURE.md, DOMAIN.md 7 and 9.3)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from seatkeeper.core.decide import decide
from seatkeeper.core.decision import Decision
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, Method
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.payments import operations as payments
from seatkeeper.domain.payments.asking import back_to, key
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.models import Method as MethodRow
from seatkeeper.domain.payments.ports import AUTHENTICATION, PROCESSING, Answer, Charge, Gateway
from seatkeeper.domain.payments.wiring import gateway
from seatkeeper.domain.subscriptions import previews
from seatkeeper.domain.subscriptions.applying import Taken, Write, apply
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.loading import Loaded, deciding, load, with_users
from seatkeeper.domain.subscriptions.memos import memo
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.kit.commands import Context

PAYING = frozenset({"pay", "pay_overdue", "replace_card", "set_payment_method", "set_many_method", "remove_method"})
"""Commands that charge open documents: a charge still on its way is settled before, so that none is made twice."""
LOG = logging.getLogger("seatkeeper.commands")
PRESENT = ("web",)
"""Doors at which a person is there, who can confirm a payment at the bank's page."""
USER_ARGUMENTS = ("users", "assign_to", "release", "move", "back", "instead")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command answers: the decision, and the preview token (when previewing) or what was written.

    documents: (id, number) of the documents that were issued; subscription: the one that the command made or
    changed, the last of them where an order made several; method: the payment method that it added.
    """

    decision: Decision | None
    token: str | None = None
    reference: str | None = None
    documents: tuple[tuple[int, str], ...] = ()
    subscription: int | None = None
    method: int | None = None
    repeated: bool = False
    paid_now_minor: int = 0
    attempts: tuple[int, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    subscriptions: tuple[int, ...] = ()


def perform(
    ctx: Context, command: str, arguments: dict[str, Any], *, shown: str | None = None,
    extra: dict[str, Any] | None = None,
) -> Outcome:
    """Preview or do a command on the context's account. shown: the token of the preview that the person saw.

    Raises Refused; then nothing is kept, except the attempt of a declined payment.
    """
    bring_up_to_date(ctx)
    if command in PAYING and not ctx.preview:
        settle_attempts(ctx.now, account_ids=[ctx.account])
    if ctx.preview:
        loaded = find(load([ctx.account], locked=False), ctx)
        decision = decided(loaded, ctx, command, arguments)
        token = previews.issue(ctx, command, arguments, decision)
        return Outcome(decision, token=token, facts=dict(decision.facts))
    ticket = previews.opened(ctx, command, arguments, shown) if shown is not None else None
    with transaction.atomic():
        loaded = find(load([ctx.account]), ctx)
        if ticket is not None and (first := previews.first_outcome(ticket)) is not None:
            return _answer_repeat(first)
        decision = decided(loaded, ctx, command, arguments)
        if ticket is not None:
            previews.compare(ticket, decision)
        if not decision.charge_minor:
            write = Write(loaded, decision, str(ctx.actor), extra=extra or {}, origin=ctx.origin)
            apply([write])
            reference = previews.keep(ctx, ticket, command, arguments, write)
        else:
            attempt = _begin_charge(loaded, decision, ctx, memo(ctx, decision, ticket, command, arguments))
            previews.reserve(ctx, ticket, command, arguments)
    if decision.charge_minor:
        write, reference = _charge_and_apply(loaded, decision, ctx, attempt, ticket, command, arguments)
    if write.attempts:
        settle_attempts(ctx.now, account_ids=[ctx.account], present=ctx.actor.via in PRESENT)
    return _answer(write, reference)


def bring_up_to_date(ctx: Context) -> None:
    """What is due by itself comes before what a person asks (SCENARIO.md, `at`)."""
    found = accounts.look([ctx.account])
    if not found:
        raise Refused("not_found")
    if found[0].due_at is not None and found[0].due_at <= ctx.now:
        if not found[0].parked_reason:
            tick(ctx.now, account_ids=[ctx.account])
        if accounts.look([ctx.account])[0].parked_reason:
            raise Refused("account_parked")


def find(loaded: dict[int, Loaded], ctx: Context) -> Loaded:
    """The context's account among those that were loaded. Refused: not_found."""
    if ctx.account not in loaded:
        raise Refused("not_found")
    return loaded[ctx.account]


def decided(loaded: Loaded, ctx: Context, command: str, arguments: dict[str, Any]) -> Decision:
    """What a command comes to on an account as it is loaded. Raises Refused."""
    users = [user for name in USER_ARGUMENTS for user in arguments.get(name) or ()]
    if users:
        with_users(loaded, users)
        assert loaded.state.users is not None
        if not set(users) <= set(loaded.state.users):
            raise Refused("not_found")

    def on(state: AccountState) -> Decision:
        return decide(state, command, arguments, now=ctx.now)

    return deciding(loaded, on)


def _begin_charge(loaded: Loaded, decision: Decision, ctx: Context, kept: dict[str, Any]) -> int:
    """Step 1: commit an attempt with the frozen decision. Nothing else of the account changes."""
    account = loaded.account
    attempt = account.last_id + 1
    document = next(one for one in decision.documents if one.charge_minor)
    payments.write_attempts(
        [
            (
                account.id, attempt, "command", None, document.method, decision.charge_minor, account.currency,
                payments.PENDING, "", False, 0, None, account.version, kept, ctx.now, None, "",
            )
        ]
    )
    accounts.write(
        [
            (
                account.id, account.version, attempt, account.balance_minor, account.due_at,
                account.default_method, account.backup_method, account.journal_sequence, account.journal_head,
            )
        ]
    )
    return attempt


def _charge_and_apply(
    loaded: Loaded, decision: Decision, ctx: Context, attempt: int, ticket: previews.Ticket | None, command: str,
    arguments: dict[str, Any],
) -> tuple[Write, str | None]:
    """Steps 2 and 3: ask the gateway outside any transaction, then apply, or give the money back."""
    document = next(one for one in decision.documents if one.charge_minor)
    assert document.method is not None
    method = loaded.state.methods[document.method]
    name, token = payments.tokens([ctx.account])[(ctx.account, method.id)]
    own = key(ctx.account, attempt)
    provider = gateway(name)
    back = back_to(attempt) if ctx.actor.via in PRESENT else ""
    charge = Charge(own, token, decision.charge_minor, document.currency, ctx.now, back)
    answer = _ask(provider, charge, ctx, attempt)
    collecting = answer.waits == PROCESSING
    if not answer.succeeded and not collecting:
        _declined(ctx, attempt, answer, ticket, method, decision)
    version = loaded.account.version
    with transaction.atomic():
        now_loaded = find(load([ctx.account]), ctx)
        if payments.command_is_pending(ctx.account, attempt) and now_loaded.account.version == version:
            now_loaded.state = loaded.state
            taken = None if collecting else Taken(attempt, decision.charge_minor)
            write = Write(now_loaded, decision, str(ctx.actor), taken=taken, origin=ctx.origin)
            if collecting:
                write.collecting = attempt
                payments.collect(ctx.account, attempt)
            apply([write])
            return write, previews.keep(ctx, ticket, command, arguments, write)
        if collecting:  # the money is given back when it has arrived
            payments.claim_for_reversal([(ctx.account, attempt)])
            previews.release(ticket)
    if not collecting:
        _give_back(ctx, provider, attempt, ticket)
    raise Refused("preview_stale", differences=())


def _ask(provider: Gateway, charge: Charge, ctx: Context, attempt: int) -> Answer:
    """The gateway's answer. Refused: payment_pending where it says nothing, or the bank wants the person to confirm."""
    try:
        answer = provider.charge([charge])[0]
    except Exception as error:
        LOG.exception("no answer for charge %s; it is given back if it was made", charge.key)
        raise Refused("payment_pending") from error
    if answer.waits == AUTHENTICATION:
        payments.wait_for_person([(ctx.account, attempt)])
    if answer.waits not in ("", PROCESSING):
        raise Refused("payment_pending")
    return answer


def _give_back(ctx: Context, provider: Gateway, attempt: int, ticket: previews.Ticket | None) -> None:
    """The account has changed, so the command is not applied: its money goes back."""
    provider.reverse([key(ctx.account, attempt)])
    with transaction.atomic():
        find(load([ctx.account]), ctx)
        payments.settle_attempts(
            [(ctx.account, attempt, None, payments.REVERSED, "account_changed", False, ctx.now)]
        )
        previews.release(ticket)


def _declined(
    ctx: Context, attempt: int, answer: Answer, ticket: previews.Ticket | None, method: Method, decision: Decision
) -> None:
    with transaction.atomic():
        payments.settle_attempts(
            [(ctx.account, attempt, None, payments.DECLINED, answer.reason, answer.hard, ctx.now)]
        )
        previews.release(ticket)
    raise Refused(
        "payment_declined",
        method=method.id,
        label=method.label,
        sum_minor=decision.charge_minor,
        currency=decision.documents[0].currency,
        reason=answer.reason,
    )


def refuse_if_declined(account: int, outcome: Outcome) -> None:
    """Raise payment_declined where no charge that the command asked for went through, or may still, and one failed."""
    asked = Attempt.objects.filter(account_id=account, id__in=outcome.attempts).order_by("id")
    declined = next(iter(asked), None)
    if declined is None or any(one.status != payments.DECLINED for one in asked):
        return
    method = MethodRow.objects.filter(account_id=account, id=declined.method_id or 0).get()
    raise Refused(
        "payment_declined",
        method=method.id,
        label=method.label,
        sum_minor=sum(one.amount_minor for one in asked),
        currency=declined.currency,
        reason=declined.reason,
    )


def _answer(write: Write, reference: str | None) -> Outcome:
    subscription = write.subscriptions[-1].id if write.subscriptions else None
    paid = write.taken.amount_minor if write.taken is not None else 0
    return Outcome(
        write.decision,
        reference=reference,
        documents=tuple((id_, number) for id_, number, _ in write.documents),
        subscription=subscription,
        method=write.method,
        paid_now_minor=paid,
        attempts=tuple(write.attempts),
        facts=dict(write.decision.facts),
        subscriptions=tuple(one.id for one in write.subscriptions),
    )


def _answer_repeat(first: previews.FirstOutcome) -> Outcome:
    """A double click or a re-sent form gets the first outcome again."""
    kept = first.outcome
    return Outcome(
        None,
        reference=first.reference,
        documents=tuple((id_, number) for id_, number in kept["documents"]),
        subscription=kept["subscription"],
        paid_now_minor=kept["charged"],
        repeated=True,
        attempts=tuple(kept["attempts"]),
        facts=kept["facts"],
        subscriptions=tuple(kept.get("subscriptions", ())),
    )
