"""What pages, API and command line read of subscriptions: each page a fixed number of queries, then pure work.

An account sees its own only: a reference of another account's subscription finds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from seatkeeper.core.payments.tries import next_try_on
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.tables import CHARGED_AT_ONCE, DELETED
from seatkeeper.domain.accounts.queries import Organisation
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.invoicing import queries as invoicing
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.invoicing.rows import InvoicePage
from seatkeeper.domain.licensing import queries as licensing
from seatkeeper.domain.payments import queries as payments
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions import banners
from seatkeeper.domain.subscriptions.history import events_ahead, events_past
from seatkeeper.domain.subscriptions.life import limits, stages
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.picture import Shelf, plan_today, subscription_row
from seatkeeper.domain.subscriptions.renewing import renewal_open
from seatkeeper.domain.subscriptions.rows import BannerRow, DocumentRef, SubscriptionPage
from seatkeeper.kit.refs import id_from_reference

MOST_LINES = 400
NEWEST_DOCUMENTS = 5


def shelf(organisation: Organisation, permissions: frozenset[str]) -> Shelf:
    """The account as it stands, without a lock, with how its payment methods are shown."""
    loaded = load([organisation.id], locked=False)[organisation.id]
    pays = Counter(
        one.method for one in loaded.state.subscriptions.values() if one.method is not None and one.status != DELETED
    )
    default, backup = loaded.account.default_method, loaded.account.backup_method
    methods = payments.methods(organisation.id, default=default, backup=backup, pays=pays)
    return Shelf(organisation.row(permissions), loaded.state, methods)


def needs_attention(organisation: Organisation) -> bool:
    """Whether anything may stand in the banner (owed, suspended, ending): one query, before a shelf is read for it."""
    id_, today = organisation.id, organisation.row(frozenset()).today
    others = (licensing.short(id_), payments.expiring(id_, today + timedelta(days=banners.CARD_DAYS)))
    owing = invoicing.overdue(id_, today).values("account_id")
    return owing.union(*(one.values("account_id") for one in others)).exists()


def banner(found: Shelf, *, money: bool) -> BannerRow | None:
    """What stands above every page; of a declined charge with its reason, which is one query more."""
    row = banners.worst(found, money=money)
    if row is None or row.kind not in (banners.FAILED, banners.HARD):
        return row
    document, method = row.facts["document"], row.facts["method_id"]
    assert isinstance(document, int) and (method is None or isinstance(method, int))
    reason = payments.refused_because(found.account.id, document, method)
    return replace(row, facts={**row.facts, "reason": reason})


def method_rows(organisation: Organisation, permissions: frozenset[str]) -> tuple[MethodRow, ...]:
    """The organisation's payment methods, with how many subscriptions each pays."""
    return tuple(shelf(organisation, permissions).methods.values())


def subscription_page(found: Shelf, text: str) -> SubscriptionPage | None:
    """The page of the subscription with that reference; None where the account has none."""
    id_ = id_from_reference(text)
    one = found.state.subscriptions.get(id_) if id_ is not None else None
    if one is None:
        return None
    lines = invoicing.subscription_lines(found.account.id, one.id, most=MOST_LINES)
    documents = invoicing.documents_by_id(found.account.id, {line.document_id for line in lines})
    newest = sorted(documents.values(), key=lambda document: -document.id)
    row = subscription_row(found, one)
    life = stages(found, one)
    return SubscriptionPage(
        account=found.account,
        row=row,
        term=(one.term_start, one.term_end) if one.term_start and one.term_end else None,
        period=(one.period_start, one.period_end) if one.period_start and one.period_end else None,
        stages=life,
        limits=limits(found, one),
        ahead=events_ahead(found, one, row, life),
        past=events_past(found, one, lines, documents),
        documents=tuple(document_ref(document, found.account) for document in newest[:NEWEST_DOCUMENTS]),
        document_count=len(documents),
        methods=tuple(found.methods.values()),
        same_product_plans=_plans(found, row.plan, same_product=True),
        other_plans=_plans(found, row.plan, same_product=False),
        renewal_open=renewal_open(found, one),
        backup=_backup(found, one),
        document_numbers=tuple((document.id, document.number) for document in found.state.documents),
    )


def _backup(found: Shelf, one: Subscription) -> MethodRow | None:
    """The method that is charged where its own is declined."""
    own = found.state.methods.get(one.method) if one.method is not None else None
    known = found.state.backup_for(own.id, found.today) if own and own.kind in CHARGED_AT_ONCE else None
    return found.methods.get(known.id) if known is not None else None


def document_ref(document: Document, account: AccountRow) -> DocumentRef:
    """A document as it is named beside what it is about."""
    return DocumentRef(
        document.number,
        document.kind,
        document.issued_on,
        document.gross_minor,
        document.due_minor,
        invoicing.status_of(document, account.today),
    )


def _plans(found: Shelf, now: PlanRow, *, same_product: bool) -> tuple[PlanRow, ...]:
    """The plans one may change to: the product's others; or other products' of the same kind, term and payment."""
    catalog = found.state.catalog
    kind = catalog.products[now.product].category
    chosen = []
    for plan in catalog.plans.values():
        if plan.id == now.id or (plan.product == now.product) != same_product:
            continue
        alike = (plan.term, plan.billing, catalog.products[plan.product].category) == (now.term, now.billing, kind)
        if same_product or alike:
            chosen.append(plan_today(found, plan))
    return tuple(one for one in chosen if one.price is not None)


# ---- documents ------------------------------------------------------------------------------------------------------


def invoice_page(
    account: AccountRow, number: str, *, state: Callable[[], AccountState] | None = None
) -> InvoicePage | None:
    """One document with its lines, payments and next try; None where the account has none of that number.

    state: gives the account as it was read already; asked only of what is still due.
    """
    page = invoicing.invoice_page(account, number)
    if page is None:
        return None
    found = replace(page, payments=payments.payments_of(account.id, [page.row.id]).get(page.row.id, ()))
    if not page.row.due_minor:
        return found
    known = state() if state is not None else load([account.id], locked=False)[account.id].state
    tried = (next_try_on(known, one) for one in known.documents if one.id == page.row.id)
    return replace(found, next_try_on=next(tried, None))
