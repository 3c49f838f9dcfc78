"""One apply: writes decisions, one or thousands, with the same bulk statements, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from seatkeeper.core.calendar import local_date
from seatkeeper.core.decision import CREDIT_NOTE, Decision, Document
from seatkeeper.core.ledger.recipes import document_postings, posting
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.methods import NEW_METHOD
from seatkeeper.core.values import changed
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.invoicing import operations as invoicing
from seatkeeper.domain.ledger import operations as ledger
from seatkeeper.domain.licensing import operations as licensing
from seatkeeper.domain.payments import operations as payments
from seatkeeper.domain.subscriptions import mailing
from seatkeeper.domain.subscriptions.briefs import of_write
from seatkeeper.domain.subscriptions.codec import COLUMNS, to_row
from seatkeeper.domain.subscriptions.entries import payload
from seatkeeper.domain.subscriptions.loading import Loaded
from seatkeeper.domain.subscriptions.method_rows import MethodRows, backup_after, default_after
from seatkeeper.domain.subscriptions.models import NoticeRow, SubscriptionRow
from seatkeeper.domain.subscriptions.printed import Printing, buyer, order_numbers, settlement
from seatkeeper.kit.bulk import Table
from seatkeeper.kit.journal import activity, chain

SUBSCRIPTIONS = Table(SubscriptionRow)
NOTICES = Table(NoticeRow)
FACT_POSTINGS = {"over_minor": "overpayment", "refunded_minor": "refund", "refund_failed_minor": "refund_failed"}
"""Money that a decision moves without a document: fact and event."""
SERIES = {"invoice": "INV", "credit_note": "CN"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A charge that was made before its command is applied: the attempt's id and amount."""

    attempt: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Settled:
    """An attempt whose outcome this decision applies. turn: first or backup, of a charge by itself."""

    attempt: int
    document: int | None
    status: str
    reason: str = ""
    hard: bool = False
    amount_minor: int = 0
    method: int | None = None
    turn: str = ""


@dataclass(slots=True)
class Write:
    """A decision to be written. taken: the charge of a person's command; collecting: the attempt of one that is on its
    way, for days; settled: the attempt it is the outcome of.

    given: the ids of new subscriptions, by what the decision calls them (0, -1, -2 ...).
    """

    loaded: Loaded
    decision: Decision
    actor: str
    taken: Taken | None = None
    collecting: int | None = None
    settled: Settled | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    documents: list[tuple[int, str, Document]] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    subscription_rows: list[tuple[Any, ...]] = field(default_factory=list)
    given: dict[int, int] = field(default_factory=dict)
    attempts: list[int] = field(default_factory=list)
    method: int | None = None
    origin: str = ""


@dataclass(slots=True)
class _Rows:
    """The rows of one batch, table by table."""

    new_subscriptions: list[Any] = field(default_factory=list)
    subscriptions: list[Any] = field(default_factory=list)
    new_pools: list[Any] = field(default_factory=list)
    pools: list[Any] = field(default_factory=list)
    uses: list[Any] = field(default_factory=list)
    new_assignments: list[Any] = field(default_factory=list)
    assignments: list[Any] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)
    methods: MethodRows = field(default_factory=MethodRows)
    attempts: list[Any] = field(default_factory=list)
    settled: list[Any] = field(default_factory=list)
    refunded: list[Any] = field(default_factory=list)
    postings: list[Any] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)
    notices: list[Any] = field(default_factory=list)
    mails: list[Any] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)
    numbers: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    accounts: list[Any] = field(default_factory=list)


class _Account:
    """Gives ids to one decision's rows and puts them on the batch."""

    def __init__(self, rows: _Rows, write: Write) -> None:
        self.rows = rows
        self.write = write
        self.account = write.loaded.account
        self.decision = write.decision
        self.next_id = self.account.last_id
        self.orders: dict[int, str] = {}

    def take_id(self) -> int:
        """The account's next id."""
        self.next_id += 1
        return self.next_id

    def put(self) -> None:
        """Everything that needs no document number."""
        self.write.method = self.rows.methods.put(self.decision, self.write.extra, self.take_id)
        self._subscriptions()
        self._pools()
        self._documents()
        self._changes()
        self._settled()
        for notice in self.decision.notices:
            facts = {key: mailing.plain(value) for key, value in notice.facts}
            self.rows.notices.append((self.account.id, self.take_id(), notice.kind, facts, self.decision.at, None))

    def _method(self, method: int | None) -> int | None:
        return self.write.method if method == NEW_METHOD else method

    def _subscriptions(self) -> None:
        for before, after in self.decision.subscriptions:
            if after.method == NEW_METHOD:
                after = replace(after, method=self.write.method)
            if before is None:
                after = replace(after, id=self.write.given.setdefault(after.id, self.take_id()))
                row = to_row(self.account.id, after)
                self.rows.new_subscriptions.append((*row, mailing.notice_at(self.write, after)))
            elif after != before:
                row = to_row(self.account.id, after)
                self.rows.subscriptions.append((*row, mailing.notice_at(self.write, after)))
            else:
                continue
            self.write.subscriptions.append(after)
            self.write.subscription_rows.append(row)

    def _pools(self) -> None:
        known = self.write.loaded.state.pools
        for change in self.decision.pools:
            row = (
                self.account.id, change.product, change.bought, change.assigned, change.suspended,
                change.remove_on,
            )
            (self.rows.pools if change.product in known else self.rows.new_pools).append(row)
            self.rows.uses += licensing.use_rows(self.account, self.decision.on, known.get(change.product), change)
        for one in self.decision.assignments:
            if one.id is None:
                self.rows.new_assignments.append(
                    (
                        self.account.id, self.take_id(), one.user, one.product, self.decision.at,
                        one.suspended_on,
                    )
                )
            elif one.action in ("unassigned", "removed"):
                self.rows.gone.append((self.account.id, one.id))
            else:
                self.rows.assignments.append((self.account.id, one.id, one.product, one.suspended_on))

    def _documents(self) -> None:
        given = self.write.given
        for document in self.decision.documents:
            id_ = self.take_id()
            if given and document.lines:
                lines = tuple(
                    replace(line, subscription=given.get(line.subscription, line.subscription))
                    for line in document.lines
                )
                document = replace(document, lines=lines)
            paid = self._pay(id_, document)
            self.write.documents.append((id_, "", changed(document, due_minor=document.due_minor - paid)))
            for one in document_postings(document):
                self._posting(one, id_)
            for attempt, amount in document.refunds:
                self.rows.refunded.append((self.account.id, attempt, amount))
                self._attempt("refund", id_, None, amount, refunds=attempt)
            for line in document.lines:
                for charge_line, minor in line.takes:
                    self.rows.taken.append((self.account.id, charge_line, minor))

    def _pay(self, document_id: int, document: Document) -> int:
        """Pay a document by the charge made for it, or leave an attempt for the gateway. Returns the paid sum."""
        if not document.charge_minor:
            return 0
        taken = self.write.taken
        if self.write.collecting is not None:
            self.rows.settled.append(
                (self.account.id, self.write.collecting, document_id, payments.PENDING, "", False, None)
            )
            return 0
        if taken is None:
            method = document.charge_to or document.method
            self._attempt("document", document_id, method, document.charge_minor, turn=document.turn)
            return 0
        assert taken.amount_minor == document.charge_minor, "the charge is what was shown"
        self.rows.settled.append(
            (self.account.id, taken.attempt, document_id, payments.SUCCEEDED, "", False, self.decision.at)
        )
        self._posting(posting("payment", taken.amount_minor), document_id)
        return taken.amount_minor

    def _attempt(
        self, purpose: str, document: int | None, method: int | None, amount: int, *, refunds: int | None = None,
        status: str = payments.PENDING, turn: str = "",
    ) -> None:
        id_ = self.take_id()
        self.write.attempts.append(id_)
        settled_at = self.decision.at if status != payments.PENDING else None
        self.rows.attempts.append(
            (
                self.account.id, id_, purpose, document, self._method(method), amount, self.account.currency,
                status, "", False, 0, refunds, self.account.version + 1, None, self.decision.at, settled_at,
                turn,
            )
        )

    def _posting(self, one: Any, document: int | None) -> None:
        self.rows.postings.append(
            (
                self.account.id, self.take_id(), self.decision.at, one.debit, one.credit, one.amount_minor,
                self.account.currency, document, one.event,
            )
        )

    def _changes(self) -> None:
        before = {document.id: document for document in self.write.loaded.state.documents}
        for change in self.decision.document_changes:
            lowered = before[change.id].due_minor - change.due_minor
            credited = lowered - change.by_balance_minor - change.by_payment_minor - change.written_off_minor
            status = "open" if change.due_minor else "uncollectible" if change.uncollectible else "paid"
            self.rows.changes.append(
                (
                    self.account.id, change.id, change.due_minor, status, self._method(change.method),
                    change.overdue_from, change.blocked, change.steps_done, change.last_step_on,
                    change.by_balance_minor, credited, change.by_payment_minor, change.written_off_minor,
                )
            )
            if change.by_balance_minor:
                self._posting(posting("balance_used", change.by_balance_minor), change.id)
            if change.by_payment_minor:
                self._posting(posting("payment", change.by_payment_minor), change.id)
                if self.decision.command == "receive_payment":
                    self._attempt(
                        "received", change.id, None, change.by_payment_minor, status=payments.SUCCEEDED
                    )
            if change.written_off_minor:
                self._posting(posting("write_off", change.written_off_minor), change.id)
        self._paid_out()
        facts = dict(self.decision.facts)
        for name, event in FACT_POSTINGS.items():
            amount = facts.get(name, 0)
            if isinstance(amount, int) and amount > 0:
                self._posting(posting(event, amount), None)
        for one in self.decision.tries:
            self._attempt("document", one.document, one.method, one.amount_minor, turn=one.turn)

    def _paid_out(self) -> None:
        """The balance that goes back to the payments it came from."""
        for attempt, amount in self.decision.refunds:
            self._posting(posting("balance_paid_out", amount), None)
            self.rows.refunded.append((self.account.id, attempt, amount))
            self._attempt("refund", None, None, amount, refunds=attempt)

    def _settled(self) -> None:
        one = self.write.settled
        if one is not None:
            self.rows.settled.append(
                (self.account.id, one.attempt, one.document, one.status, one.reason, one.hard, self.decision.at)
            )

    def finish(self, numbers: list[str], printing: Printing) -> None:
        """Documents with their numbers, the event, the account's own row."""
        if self.write.documents:
            self.orders = order_numbers(self.write.loaded.state.subscriptions, self.write.subscriptions)
        for index, (id_, _, document) in enumerate(self.write.documents):
            self.write.documents[index] = (id_, numbers[index], document)
            self._document_row(id_, numbers[index], document, printing)
        decision = self.decision
        self.rows.mails += mailing.mails_of(self.write)
        row, head = chain.link(
            self.account.head,
            account=self.account.id,
            at=decision.at,
            actor=self.write.actor,
            kind=decision.command,
            payload=payload(self.write),
        )
        self.rows.events.append((row, of_write(self.write)))
        default = default_after(decision, self.account.default_method, self.write.method)
        backup = backup_after(decision, self.account.backup_method, self.write.method, default)
        self.rows.accounts.append(
            (
                self.account.id, self.account.version + 1, self.next_id, decision.balance_after_minor,
                decision.due_at, default, backup, head.sequence, head.hash,
            )
        )
        self.write.loaded.account = changed(
            self.account,
            version=self.account.version + 1,
            last_id=self.next_id,
            balance_minor=decision.balance_after_minor,
            due_at=decision.due_at,
            default_method=default,
            backup_method=backup,
            journal_sequence=head.sequence,
            journal_head=head.hash,
        )

    def _document_row(self, id_: int, number: str, document: Document, printing: Printing) -> None:
        account, seller = self.account, self.write.loaded.state.seller
        credit = document.kind == CREDIT_NOTE
        paid = document.charge_minor if self.write.taken is not None else 0
        vat = [[one.category, one.rate, one.taxable_minor, one.vat_minor] for one in document.vat]
        issued_on = local_date(self.decision.at, seller.timezone)
        form, printed = printing.of(
            account, document, methods=self.write.loaded.state.methods, added=self.decision.methods, paid_minor=paid,
            issued_on=issued_on,
        )
        self.rows.documents.append(
            (
                account.id, id_, account.seller_id, document.kind, number, self.decision.at, issued_on, document.due_on,
                document.currency, document.net_minor, document.vat_minor, document.gross_minor, vat,
                document.balance_used_minor, 0, paid, 0 if credit else document.due_minor,
                "paid" if credit or document.due_minor == 0 else "open", document.method,
                document.overdue_from, document.blocked, 0, None, settlement(document),
                buyer(account, [self.orders.get(line.subscription, "") for line in document.lines]), form, printed,
            )
        )
        catalog = self.write.loaded.state.catalog
        for position, line in enumerate(document.lines, start=1):
            names = invoicing.arithmetic(
                line,
                product_name=catalog.products[line.product].name,
                plan_name=catalog.plans[line.plan].name,
                purchase_order=self.orders.get(line.subscription, ""),
            )
            self.rows.lines.append(
                (
                    account.id, self.take_id(), id_, line.subscription, line.period_start, line.sequence,
                    position, line.kind, line.product, line.plan, line.seats, line.start, line.end,
                    line.amount_minor, max(line.amount_minor, 0), line.category, line.rate, names,
                )
            )


def apply(writes: Sequence[Write]) -> None:
    """Write a batch of decisions. The accounts are locked by the caller, in whose transaction this runs.

    Document numbers are taken last, in the order of the batch. Each write learns the ids and numbers it was given.
    """
    rows = _Rows()
    puts = [_Account(rows, write) for write in writes]
    for put in puts:
        put.put()
    printing = Printing(sorted({write.loaded.account.seller_id for write in writes if write.documents}))
    numbers = _numbers(rows, writes)
    for put, given in zip(puts, numbers, strict=True):
        put.finish(given, printing)
    rows.methods.write()
    SUBSCRIPTIONS.insert((*COLUMNS, "notice_at"), rows.new_subscriptions)
    SUBSCRIPTIONS.update(COLUMNS[:2], (*COLUMNS[2:], "notice_at"), rows.subscriptions)
    _write_licenses(rows)
    payments.write_attempts(rows.attempts)
    payments.settle_attempts(rows.settled)
    payments.add_refunds(rows.refunded)
    ledger.write(rows.postings)
    invoicing.write_changes(rows.changes, rows.taken)
    NOTICES.insert(("account_id", "id", "kind", "facts", "at", "sent_at"), rows.notices)
    mailing.write(rows.mails)
    invoicing.write(rows.documents, rows.lines, rows.numbers)
    activity.write(rows.events)
    accounts.write(rows.accounts)


def _write_licenses(rows: _Rows) -> None:
    licensing.write_pools(rows.new_pools, rows.pools)
    licensing.write_uses(rows.uses)
    licensing.write_assignments(rows.new_assignments, rows.assignments, rows.gone)


def _numbers(rows: _Rows, writes: Sequence[Write]) -> list[list[str]]:
    """Take the batch's document numbers, one block a series and year, and note whose they are."""
    keys: list[list[tuple[int, str, int]]] = []
    wanted: dict[tuple[int, str, int], int] = {}
    for write in writes:
        own = []
        year = _year(write.decision.at, write.loaded.state.seller.timezone) if write.documents else 0
        for _, _, document in write.documents:
            key = (write.loaded.account.seller_id, SERIES[document.kind], year)
            wanted[key] = wanted.get(key, 0) + 1
            own.append(key)
        keys.append(own)
    next_number = invoicing.take_numbers(wanted) if wanted else {}
    given = []
    for write, own in zip(writes, keys, strict=True):
        texts = []
        for (document_id, _, _), key in zip(write.documents, own, strict=True):
            number = next_number[key]
            next_number[key] = number + 1
            rows.numbers.append((*key, number, write.loaded.account.id, document_id))
            texts.append(f"{key[1]}-{key[2]}-{number:06d}")
        given.append(texts)
    return given


def _year(at: datetime, timezone: str) -> int:
    return local_date(at, timezone).year
