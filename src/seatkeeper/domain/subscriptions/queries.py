"""What pages, API and command line read of subscriptions: each page a fixed number of queries, then pure work.

An account sees its own only: a reference of another account's subscription finds nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from seatkeeper.core.tables import DELETED
from seatkeeper.domain.accounts.queries import Organisation
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.invoicing import queries as invoicing
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.invoicing.rows import InvoicePage
from seatkeeper.domain.licensing import queries as licensing
from seatkeeper.domain.payments import queries as payments
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.life import events_ahead, limits, stages
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.picture import Shelf, plan_today, subscription_row
from seatkeeper.domain.subscriptions.renewing import renewal_open
from seatkeeper.domain.subscriptions.rows import DocumentRef, SubscriptionPage
from seatkeeper.kit.refs import id_from_reference


def shelf(organisation: Organisation, permissions: frozenset[str]) -> Shelf:
    """The account as it stands, without a lock, with how its payment methods are shown."""
    loaded = load([organisation.id], locked=False)[organisation.id]
    pays = Counter(
        one.method for one in loaded.state.subscriptions.values() if one.method is not None and one.status != DELETED
    )
    methods = payments.methods(organisation.id, default=loaded.account.default_method, pays=pays)
    return Shelf(organisation.row(permissions), loaded.state, methods)


def needs_attention(organisation: Organisation) -> bool:
    """Whether something is overdue, or licences are suspended: one query, before a shelf is read for the banner."""
    owing = invoicing.overdue(organisation.id, organisation.row(frozenset()).today).values("account_id")
    return owing.union(licensing.short(organisation.id).values("account_id")).exists()


def method_rows(organisation: Organisation, permissions: frozenset[str]) -> tuple[MethodRow, ...]:
    """The organisation's payment methods, with how many subscriptions each pays."""
    return tuple(shelf(organisation, permissions).methods.values())


def subscription_page(found: Shelf, text: str) -> SubscriptionPage | None:
    """The page of the subscription with that reference; None where the account has none."""
    id_ = id_from_reference(text)
    one = found.state.subscriptions.get(id_) if id_ is not None else None
    if one is None:
        return None
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
        methods=tuple(found.methods.values()),
        same_product_plans=_plans(found, row.plan, same_product=True),
        other_plans=_plans(found, row.plan, same_product=False),
        renewal_open=renewal_open(found, one),
        document_numbers=tuple((document.id, document.number) for document in found.state.documents),
    )


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


def invoice_page(account: AccountRow, number: str) -> InvoicePage | None:
    """One document with its lines and payments; None where the account has none of that number."""
    page = invoicing.invoice_page(account, number)
    if page is None:
        return None
    return replace(page, payments=payments.payments_of(account.id, [page.row.id]).get(page.row.id, ()))
