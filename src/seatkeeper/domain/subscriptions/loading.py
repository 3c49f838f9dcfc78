"""Loading accounts as the core takes them: a batch with a handful of queries, whatever its size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from seatkeeper.core.state import AccountState, Missing, Subscription
from seatkeeper.domain.accounts.operations import LockedAccount, lock, look, seller_facts
from seatkeeper.domain.catalog.operations import catalog
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.invoicing.operations import charge_lines, open_documents
from seatkeeper.domain.licensing.operations import assignments, pools
from seatkeeper.domain.payments.operations import methods, on_the_way, paid_parts
from seatkeeper.domain.subscriptions.codec import COLUMNS, from_row
from seatkeeper.domain.subscriptions.mailing import untold
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.kit.bulk import Table

SUBSCRIPTIONS = Table(SubscriptionRow)
USERS = Table(User)
Result = TypeVar("Result")
MOST_BY_ID = 500
"""So many users are asked for by their ids; of more, all of the account are read: one statement for any number."""


@dataclass(slots=True)
class Loaded:
    """A locked account with its state."""

    account: LockedAccount
    state: AccountState


def load(account_ids: Sequence[int], *, locked: bool = True) -> dict[int, Loaded]:
    """Lock the accounts and load what most decisions need; further parts are loaded when the core asks.

    locked: False only to look (a preview, a page); nothing may be written from such a picture.
    """
    accounts = lock(account_ids) if locked else look(account_ids)
    ids = [account.id for account in accounts]
    sellers = seller_facts([account.seller_id for account in accounts])
    subscriptions = _subscriptions(ids)
    by_methods = methods(ids)
    by_pools = pools(ids)
    by_documents = open_documents(ids, on_the_way=on_the_way, untold=untold)
    found = {}
    for account in accounts:
        facts, version = sellers[account.seller_id]
        state = AccountState(
            id=account.id,
            seller=facts,
            catalog=catalog(account.seller_id, version),
            country=account.country,
            currency=account.currency,
            timezone=account.timezone,
            vat_id=account.vat_id,
            vat_confirmed=account.vat_confirmed,
            exempt=bool(account.exempt_reason),
            terms_days=account.terms_days,
            credit_limit_minor=account.credit_limit_minor,
            balance_minor=account.balance_minor,
            default_method=account.default_method,
            backup_method=account.backup_method,
            methods=by_methods.get(account.id, {}),
            subscriptions=subscriptions.get(account.id, {}),
            pools=by_pools.get(account.id, {}),
            documents=by_documents.get(account.id, ()),
            version=account.version,
        )
        found[account.id] = Loaded(account, state)
    return found


def _subscriptions(ids: list[int]) -> dict[int, dict[int, Subscription]]:
    found: dict[int, dict[int, Subscription]] = {}
    for row in SUBSCRIPTIONS.select(COLUMNS, ids, order="account_id, id"):
        found.setdefault(row[0], {})[row[1]] = from_row(row)
    return found


def with_part(state: AccountState, missing: Missing) -> AccountState:
    """The state with the part that the core asked for."""
    if missing.part == "assignments":
        product = str(missing.key)
        holders = assignments(state.id, product)
        return replace(state, assignments={**state.assignments, product: holders})
    if missing.part == "charges":
        return replace(state, charges=charge_lines([state.id]).get(state.id, {}))
    if missing.part == "payments":
        return replace(state, payments=paid_parts([state.id]).get(state.id, ()))
    if missing.part == "everybody":
        rows = USERS.select(("id",), [state.id], key="account_id", where="AND is_active", order="id")
        return replace(state, everybody=tuple(row[0] for row in rows))
    raise AssertionError(f"nothing loads {missing.part}")


def deciding(loaded: Loaded, decide: Callable[[AccountState], Result]) -> Result:
    """Decide, loading further parts of the state as the core asks for them."""
    while True:
        try:
            return decide(loaded.state)
        except Missing as missing:
            loaded.state = with_part(loaded.state, missing)


def with_users(loaded: Loaded, users: Iterable[int]) -> None:
    """Load which of some users are active users of this very account; of many, by reading all that it has."""
    wanted = set(users)
    if len(wanted) > MOST_BY_ID:
        rows = USERS.select(("id", "is_active"), [loaded.account.id])
    else:
        where = "AND account_id = %s"
        rows = USERS.select(("id", "is_active"), list(wanted), key="id", where=where, parameters=[loaded.account.id])
    loaded.state = replace(loaded.state, users={id_: active for id_, active in rows if id_ in wanted})
