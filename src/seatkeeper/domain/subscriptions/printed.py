"""What a document prints of its buyer: copies from the day of issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seatkeeper.core.state import Subscription
from seatkeeper.domain.accounts.operations import LockedAccount


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
        "purchase_order": ", ".join(one for one in numbers if one),
    }  # fmt: skip
