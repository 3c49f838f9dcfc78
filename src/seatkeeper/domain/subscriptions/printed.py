"""What a document prints: copies from the day of issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from seatkeeper.core.decision import Document, MethodChange
from seatkeeper.core.state import Method, Subscription
from seatkeeper.core.subscriptions.methods import NEW_METHOD
from seatkeeper.domain.accounts.operations import LockedAccount, letterheads
from seatkeeper.domain.invoicing.freezing import Conversion, keep_sellers


def order_numbers(before: Mapping[int, Subscription], after: Sequence[Subscription]) -> dict[int, str]:
    """The purchase order numbers of the subscriptions that have one, by id, as a decision leaves them."""
    found = {id_: one.purchase_order for id_, one in before.items() if one.purchase_order}
    found.update((one.id, one.purchase_order) for one in after if one.purchase_order)
    return found


def buyer(account: LockedAccount, orders: Sequence[str]) -> dict[str, Any]:
    """The buyer as an issued document keeps it. orders: each line's own number; the account's where a line has none."""
    numbers = dict.fromkeys(one or account.purchase_order for one in orders or ("",))
    return {
        "name": account.name, "country": account.country, "address": account.address, "vat_id": account.vat_id,
        "purchase_order": ", ".join(one for one in numbers if one), "key": account.key,
        "exempt": account.exempt_reason,
    }  # fmt: skip


def settlement(document: Document) -> dict[str, Any]:
    """Where a credit note's sum went; nothing for an invoice."""
    if not (document.lowers or document.refunds or document.to_balance_minor):
        return {}
    return {"lowers": document.lowers, "refunds": document.refunds, "to_balance": document.to_balance_minor}


class Printing:
    """What the documents of one batch print of the day of issue. Costs two statements for each seller of the batch."""

    def __init__(self, seller_ids: Sequence[int]) -> None:
        self.letterheads = letterheads(seller_ids)
        self.digests = keep_sellers(self.letterheads)
        self.conversion = Conversion()

    def of(
        self, account: LockedAccount, document: Document, *, methods: Mapping[int, Method],
        added: Sequence[MethodChange], paid_minor: int, issued_on: date,
    ) -> tuple[str, dict[str, Any]]:
        """The digest of the seller's facts, and the rest. added: the payment methods that the decision adds."""
        seller = account.seller_id
        kind, label = _method(document.charge_to or document.method, methods, added)
        printed: dict[str, Any] = {
            "language": account.language, "method": kind, "label": label, "terms": account.terms_days,
            "balance": document.balance_used_minor, "paid": paid_minor, "due": document.due_minor,
        }  # fmt: skip
        country = self.letterheads[seller]["country"]
        national = self.conversion.national(country, document.currency, document.vat_minor, issued_on)
        if national is not None:
            printed["national"] = national
        return self.digests[seller], printed


def _method(
    method: int | None, methods: Mapping[int, Method], added: Sequence[MethodChange]
) -> tuple[str, str]:
    """Kind and label of the method that pays a document."""
    if method == NEW_METHOD:
        return next(((one.kind, one.label) for one in added if one.id is None), ("", ""))
    found = methods.get(method) if method is not None else None
    return ("", "") if found is None else (found.kind, found.label)
