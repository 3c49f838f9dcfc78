"""The posting recipes: one table of event, debit, credit; and the postings of a decision (DOMAIN.md 9.6).

Revenue is deferred when invoiced; it is recognised by day over each line's service period, which the lines hold.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from seatkeeper.core.decision import Document

RECEIVABLE: Final = "receivable"
DEFERRED: Final = "deferred_revenue"
VAT: Final = "vat_payable"
BALANCE: Final = "customer_balance"
CASH: Final = "cash"
REFUNDS: Final = "refunds_due"
BAD_DEBTS: Final = "bad_debts"

RECIPES: Final[dict[str, tuple[str, str]]] = {
    "invoice_net": (RECEIVABLE, DEFERRED),
    "invoice_vat": (RECEIVABLE, VAT),
    "credit_net": (DEFERRED, RECEIVABLE),
    "credit_vat": (VAT, RECEIVABLE),
    "balance_used": (BALANCE, RECEIVABLE),
    "payment": (CASH, RECEIVABLE),
    "overpayment": (CASH, BALANCE),
    "credit_to_balance": (RECEIVABLE, BALANCE),
    "credit_to_refund": (RECEIVABLE, REFUNDS),
    "refund": (REFUNDS, CASH),
    "refund_failed": (REFUNDS, BALANCE),
    "balance_paid_out": (BALANCE, REFUNDS),
    "write_off": (BAD_DEBTS, RECEIVABLE),
}
"""Event: (debit, credit)."""


class Posting(NamedTuple):
    """One row: amount_minor is above zero."""

    event: str
    debit: str
    credit: str
    amount_minor: int


def posting(event: str, amount_minor: int) -> Posting:
    """The posting of an event."""
    assert amount_minor > 0, "a posting moves more than nothing"
    debit, credit = RECIPES[event]
    return Posting(event, debit, credit, amount_minor)


def document_postings(document: Document) -> list[Posting]:
    """Issuing a document: its net and VAT, the balance it uses, where a credit goes."""
    found = []
    for name, amount in (("net", document.net_minor), ("vat", document.vat_minor)):
        if amount > 0:
            found.append(posting(f"invoice_{name}", amount))
        elif amount < 0:
            found.append(posting(f"credit_{name}", -amount))
    if document.balance_used_minor:
        found.append(posting("balance_used", document.balance_used_minor))
    if document.to_balance_minor:
        found.append(posting("credit_to_balance", document.to_balance_minor))
    refunded = sum(amount for _, amount in document.refunds)
    if refunded:
        found.append(posting("credit_to_refund", refunded))
    return found
