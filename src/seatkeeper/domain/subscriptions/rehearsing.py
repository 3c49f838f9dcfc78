"""A dry run of the next billing run: what it will write, worked out by the run's own decide, and nothing kept of it.

Most accounts have one step until a date: it is decided on the account as it stands, without a lock. Where a step
follows from another, both are written as the run writes them, in a transaction that is rolled back. Charges are taken
to go through, as what a gateway will say is not known (DOMAIN.md 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from seatkeeper.core.calendar import first_instant
from seatkeeper.core.decision import INVOICE, Decision
from seatkeeper.core.draft import Draft
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.core.settle import due_at
from seatkeeper.core.subscriptions.run import Undecidable, decide_due
from seatkeeper.core.tables import ACTIVE, DELETED, DISABLED, EXPIRED
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.subscriptions.applying import Write, apply
from seatkeeper.domain.subscriptions.loading import Loaded, deciding, load
from seatkeeper.domain.subscriptions.models import RunPreview, RunPreviewLine
from seatkeeper.kit.bulk import Table, batch_memory

RUN = "run:-:job"
BATCH = 200
FURTHEST_WEST = timedelta(hours=12)
"""A date ends so much later there than at UTC."""
LINES = Table(RunPreviewLine)
LINE_COLUMNS = ("preview_id", "account_id", "currency", "documents", "net_minor", "vat_minor", "gross_minor")

Sums = dict[str, int]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class AccountOutcome:
    """What the run will write for one account. Amounts in minor units of its currency, credit notes below zero."""

    account: int
    currency: str
    invoices: int = 0
    credit_notes: int = 0
    net_minor: int = 0
    vat_minor: int = 0
    gross_minor: int = 0
    charged_minor: int = 0
    tries: int = 0
    renewed: int = 0
    ended: int = 0
    parked: str = ""

    @property
    def billed(self) -> Billed:
        """What its documents come to."""
        documents = self.invoices + self.credit_notes
        return Billed(self.currency, documents, self.net_minor, self.vat_minor, self.gross_minor)


@dataclass(frozen=True, slots=True)
class Billed:
    """What the documents of one account come to, in minor units."""

    currency: str
    documents: int
    net_minor: int
    vat_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class Change:
    """An account whose documents differ from those of the preview before; before or after is None where it had none."""

    account: int
    before: Billed | None
    after: Billed | None


@dataclass(slots=True)
class Rehearsal:
    """The whole preview. totals: by currency, the sums and counts of AccountOutcome.

    before_at, before: when the preview before was made, and its totals; changes: what became different since.
    """

    on: date
    made_at: datetime
    accounts: int = 0
    totals: dict[str, Sums] = field(default_factory=dict)
    parked: list[tuple[int, str]] = field(default_factory=list)
    before_at: datetime | None = None
    before: dict[str, Sums] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


COUNTED = (
    "invoices", "credit_notes", "net_minor", "vat_minor", "gross_minor", "charged_minor", "tries", "renewed", "ended",
)  # fmt: skip


def rehearse(
    now: datetime, *, on: date, seller: int | None = None, progress: Progress | None = None
) -> Rehearsal:
    """What the run will do from `now` to the end of the date `on`, each account in its own time zone.

    seller: only of that one, on whose clock `now` is; None: all that have the system's clock. The preview is kept, so
    that the next one for the same date can say what became different.
    """
    found = Rehearsal(on, now)
    ids = accounts.due_ids(first_instant(on + ONE_DAY, "UTC") + FURTHEST_WEST, seller=seller)
    outcomes: list[AccountOutcome] = []
    for start in range(0, len(ids), BATCH):
        with batch_memory():
            outcomes += _batch(ids[start : start + BATCH], now, on)
        if progress is not None:
            progress(min(start + BATCH, len(ids)), len(ids))
    for one in outcomes:
        if one.parked:
            found.parked.append((one.account, one.parked))
            continue
        found.accounts += 1
        sums = found.totals.setdefault(one.currency, dict.fromkeys(COUNTED, 0))
        for name in COUNTED:
            sums[name] += getattr(one, name)
    _keep(found, outcomes, seller)
    return found


def _batch(ids: Sequence[int], now: datetime, on: date) -> list[AccountOutcome]:
    found: list[AccountOutcome] = []
    further: list[int] = []
    for account, loaded in load(ids, locked=False).items():
        until = first_instant(on + ONE_DAY, loaded.account.timezone)
        try:
            decision = _step(loaded, now, until)
        except Undecidable as reason:
            found.append(AccountOutcome(account, loaded.account.currency, parked=str(reason)))
            continue
        if decision is not None and decision.due_at is not None and decision.due_at < until:
            further.append(account)
        elif decision is not None:
            found.append(_sum(account, loaded.account.currency, [decision]))
    return found + [_played(account, now, on) for account in further]


def _step(loaded: Loaded, now: datetime, until: datetime) -> Decision | None:
    """The next decision before an instant, made when the account is due; None where nothing more comes.

    An account may be called for something that was paid meanwhile: then it is looked at again when it is due next.
    """
    due = loaded.account.due_at
    while due is not None and due < until:
        at = max(due, now)
        decision = deciding(loaded, partial(decide_due, now=at))
        if decision is not None:
            return decision
        following = due_at(Draft(loaded.state, now=due))
        if following is not None and following <= due:
            return None
        due = following
    return None


def _played(account: int, now: datetime, on: date) -> AccountOutcome:
    """All steps of one account until the end of the date, written by the one apply and taken back."""
    decisions: list[Decision] = []
    parked = ""
    with transaction.atomic():
        while True:
            loaded = load([account])[account]
            until = first_instant(on + ONE_DAY, loaded.account.timezone)
            try:
                decision = _step(loaded, now, until)
            except Undecidable as reason:
                parked = str(reason)
                break
            if decision is None:
                break
            apply([Write(loaded, decision, RUN)])
            decisions.append(decision)
        transaction.set_rollback(True)
    return _sum(account, loaded.account.currency, decisions, parked=parked)


def _sum(account: int, currency: str, decisions: Iterable[Decision], *, parked: str = "") -> AccountOutcome:
    documents = [document for decision in decisions for document in decision.documents]
    moved = [pair for decision in decisions for pair in decision.subscriptions]
    return AccountOutcome(
        account,
        currency,
        invoices=sum(one.kind == INVOICE for one in documents),
        credit_notes=sum(one.kind != INVOICE for one in documents),
        net_minor=sum(one.net_minor for one in documents),
        vat_minor=sum(one.vat_minor for one in documents),
        gross_minor=sum(one.gross_minor for one in documents),
        charged_minor=sum(one.charge_minor for one in documents)
        + sum(one.amount_minor for decision in decisions for one in decision.tries),
        tries=sum(len(decision.tries) for decision in decisions),
        renewed=sum(
            before is not None and after.status == ACTIVE and before.term_end != after.term_end
            for before, after in moved
        ),
        ended=sum(
            before is not None and before.status != after.status and after.status in (EXPIRED, DISABLED, DELETED)
            for before, after in moved
        ),
        parked=parked,
    )


@transaction.atomic
def _keep(found: Rehearsal, outcomes: list[AccountOutcome], seller: int | None) -> None:
    """Compare with the last preview of the same date, then take its place."""
    last = RunPreview.objects.filter(seller_id=seller, on_date=found.on).order_by("-id").first()
    own = {one.account: one.billed for one in outcomes if not one.parked and one.billed.documents}
    if last is not None:
        found.before_at, found.before = last.made_at, last.totals
        rows = LINES.find(LINE_COLUMNS[1:], "preview_id = %s", [last.id])
        before = {account: Billed(*billed) for account, *billed in rows}
        found.changes = [
            Change(account, before.get(account), own.get(account))
            for account in sorted({*before, *own})
            if before.get(account) != own.get(account)
        ]
        RunPreviewLine.objects.filter(preview_id=last.id).delete()
        last.delete()
    kept = RunPreview.objects.create(seller_id=seller, on_date=found.on, made_at=found.made_at, totals=found.totals)
    LINES.insert(
        LINE_COLUMNS,
        [
            (kept.id, account, one.currency, one.documents, one.net_minor, one.vat_minor, one.gross_minor)
            for account, one in own.items()
        ],
    )
