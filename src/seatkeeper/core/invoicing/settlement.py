"""From parcels of lines to documents: VAT, the way of a credit, the balance, what is charged (DOMAIN.md 9)."""

from __future__ import annotations

from datetime import timedelta

from seatkeeper.core.decision import CREDIT_NOTE, INVOICE, Document, DocumentChange, Line
from seatkeeper.core.draft import Draft
from seatkeeper.core.payments.giving_back import given_back
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Method, OpenDocument, PaidPart
from seatkeeper.core.tables import BACKUP, BANK_TRANSFER, CHARGED_AT_ONCE, FIRST
from seatkeeper.core.tax.vat import vat_sums
from seatkeeper.core.values import changed


class Settlement:
    """Adds up the parcels of one draft in order, with the balance and the open documents as they go down."""

    def __init__(self, draft: Draft, *, by_person: bool) -> None:
        self.draft = draft
        self.by_person = by_person
        self.balance = draft.state.balance_minor + draft.balance_added_minor
        self.by_balance: dict[int, int] = {}
        self.lowered: dict[int, int] = {}
        self.refunded: dict[int, int] = {}
        self.documents: list[Document] = []

    def run(self) -> None:
        """Turn every parcel into a document; a parcel without lines issues none."""
        for (kind, key), lines in self.draft.parcels.items():
            if lines:
                method = key if kind != "credits" else None
                self.documents.append(self._document(tuple(lines), method))
        if self.balance:
            self._pay_open_from_balance()

    def _document(self, lines: tuple[Line, ...], method: int | None) -> Document:
        sums = vat_sums(lines)
        net = sum(one.taxable_minor for one in sums)
        vat = sum(one.vat_minor for one in sums)
        document = Document(
            kind=INVOICE if net + vat >= 0 else CREDIT_NOTE,
            currency=self.draft.state.currency,
            method=method,
            lines=lines,
            vat=sums,
            net_minor=net,
            vat_minor=vat,
            gross_minor=net + vat,
            due_on=self.draft.today,
        )
        return self._credit(document) if net + vat < 0 else self._charge(document)

    def _credit(self, document: Document) -> Document:
        """Lower open documents of the same subscription and period, then refund or keep as balance (9.2)."""
        rest = -document.gross_minor
        pairs = {(line.subscription, line.period_start) for line in document.lines}
        lowers = []
        for open_document in self._open():
            if rest and open_document.covers & pairs:
                taken = min(rest, open_document.due_minor)
                self._lower(open_document, taken)
                self.lowered[open_document.id] = self.lowered.get(open_document.id, 0) + taken
                lowers.append((open_document.id, taken))
                rest -= taken
        refunds: list[tuple[int, int]] = []
        if rest and self.draft.state.seller.credit_to == "refund":
            refunds = given_back(self._payments_of(document), rest, self.refunded)
            for attempt, taken in refunds:
                self.refunded[attempt] = self.refunded.get(attempt, 0) + taken
                rest -= taken
        self.balance += rest
        self._pay_open_from_balance()
        return changed(document, lowers=tuple(lowers), refunds=tuple(refunds), to_balance_minor=rest)

    def _payments_of(self, document: Document) -> list[PaidPart]:
        """The payments that paid the documents that a credit note credits, newest first."""
        draft = self.draft
        credited = {
            charge.document
            for line in document.lines
            for taken_from, _ in line.takes
            for charge in draft.state.charge_lines(line.subscription)
            if charge.id == taken_from
        }
        return [part for part in draft.state.paid_parts() if part.document in credited]

    def _pay_open_from_balance(self) -> None:
        """A balance never stands beside an open document: it pays the oldest first."""
        for open_document in self._open():
            taken = min(self.balance, open_document.due_minor)
            if taken:
                self._lower(open_document, taken)
                self.by_balance[open_document.id] = self.by_balance.get(open_document.id, 0) + taken
                self.balance -= taken

    def _open(self) -> list[OpenDocument]:
        return [one for _, one in sorted(self.draft.open_documents.items()) if one.due_minor > 0]

    def _lower(self, open_document: OpenDocument, taken: int) -> None:
        self.draft.open_documents[open_document.id] = changed(
            open_document, due_minor=open_document.due_minor - taken
        )

    def _charge(self, document: Document) -> Document:
        """Use the balance first; the rest is charged at once, or is open until the account's terms."""
        used = min(self.balance, document.gross_minor)
        self.balance -= used
        rest = document.gross_minor - used
        document = changed(document, balance_used_minor=used, due_minor=rest)
        if rest == 0:
            return document
        method = self.draft.state.methods.get(document.method) if document.method is not None else None
        if method is not None and method.kind == BANK_TRANSFER:
            return self._on_invoice(document, rest)
        if method is None or method.blocked:
            return self._unpayable(document, rest, method)
        assert method.kind in CHARGED_AT_ONCE
        return changed(document, charge_minor=rest, turn="" if self.by_person else FIRST)

    def _on_invoice(self, document: Document, rest: int) -> Document:
        state = self.draft.state
        limit = state.credit_limit_minor
        open_minor = sum(one.due_minor for one in self._open()) + sum(one.due_minor for one in self.documents)
        if self.by_person and limit is not None and open_minor + rest > limit:
            raise Refused(
                "credit_limit_exceeded",
                sum_minor=open_minor + rest,
                limit_minor=limit,
                first_minor=open_minor + rest - limit,
                currency=state.currency,
            )
        return changed(document, due_on=self.draft.today + timedelta(days=state.terms_days))

    def _unpayable(self, document: Document, rest: int, method: Method | None) -> Document:
        """No method, or one that was hard declined: a person is refused.

        The run leaves an open invoice, which is charged to the backup method in its place where there is one.
        """
        if self.by_person:
            raise Refused(
                "payment_declined",
                method=method.id if method else None,
                label=method.label if method else "",
                sum_minor=rest,
                currency=self.draft.state.currency,
                reason="blocked" if method else "no_method",
            )
        document = changed(document, overdue_from=self.draft.today, blocked=True)
        backup = self.draft.state.backup_for(method.id, self.draft.today) if method else None
        return document if backup is None else changed(document, charge_minor=rest, turn=BACKUP, charge_to=backup.id)

    def document_changes(self) -> tuple[DocumentChange, ...]:
        """What the settlement and the draft changed on documents that were open before."""
        changes = []
        for before in self.draft.state.documents:
            after = self.draft.open_documents[before.id]
            written_off = self.draft.written_off.get(before.id, 0)
            if after is not before and changed(after, pending_minor=before.pending_minor) != before:
                changes.append(
                    DocumentChange(
                        id=after.id,
                        due_minor=after.due_minor,
                        overdue_from=after.overdue_from,
                        blocked=after.blocked,
                        steps_done=after.steps_done,
                        last_step_on=after.last_step_on,
                        method=after.method,
                        by_balance_minor=self.by_balance.get(after.id, 0),
                        by_payment_minor=before.due_minor
                        - after.due_minor
                        - self.by_balance.get(after.id, 0)
                        - self.lowered.get(after.id, 0)
                        - written_off,
                        written_off_minor=written_off,
                        uncollectible=after.id in self.draft.uncollectible,
                    )
                )
        return tuple(changes)
