"""The account leads the keys and indexes of every table that grows with accounts, so that rows can be spread by it.

A distributed PostgreSQL (Citus) keeps all rows of an account on one machine; a key that has not the account in it would
have to be looked after on all of them. Where there is no account the seller leads. See docs/operating/scale.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

WITHOUT_ACCOUNT = {
    "accounts_account": "it is the account: its own id is what rows are spread by",
    "accounts_seller": "a handful of rows, the same on every machine",
    "accounts_logo": "a picture for each seller, found by its digest, the same on every machine",
    "catalog_product": "a seller's catalogue, the same on every machine",
    "catalog_plan": "a seller's catalogue, the same on every machine",
    "catalog_price": "a seller's catalogue, the same on every machine",
    "identity_signinlink": "short-lived, asked for by the hash of a token before anybody's account is known",
    "invoicing_series": "a row for each seller, series and year: the lock behind which numbers are given",
    "invoicing_seller_form": "a seller's facts as printed, by digest; a row for each time they change",
    "invoicing_exchange_rate": "published rates, the same on every machine",
    "sandbox_sandboxcharge": "stands in for a payment provider's own memory; not on a real installation",
    "sandbox_sandboxsetup": "stands in for a payment provider's own memory; not on a real installation",
    "stripe_stripebook": "one row: the installation's name at Stripe, the same on every machine",
    "stripe_stripecharge": "Stripe's id of a charge, by a key that begins with the account",
    "stripe_stripecustomer": "Stripe's id of an account's customer, found by the account's number",
    "stripe_stripevisit": "short-lived, found by the id of a visit that comes back from Stripe's page",
    "payments_told": "told by a gateway, by its own id, before the account is known; perhaps of none",
    "subscriptions_run_preview": "a row for each date that was looked ahead to",
}
"""Tables that hold no account's rows, each with the reason why it need not be spread."""

OWN_KEY = {
    "identity_user": "found by e-mail address before the account is known; staff of the seller have no account",
    "accounts_vat_confirmation": "a few rows an account in all its life",
    "accounts_recipient": "a few rows an account",
    "invoicing_number": "no number twice is the seller's promise over all accounts: the seller leads",
    "licensing_request": "its number is in addresses that are mailed; spread by account the key becomes (account, id)",
    "subscriptions_receipt": "found by its token, once, by whoever repeats a command",
    "subscriptions_cart_item": "a person's draft: a few rows, gone when it is ordered",
    "payments_bank_entry": "money of the seller's bank account, whose account is not known before it is matched",
    "subscriptions_mail": "worked off across accounts; spread by account the key becomes (account, id)",
}
"""Tables of accounts whose primary key is led by something else, each with the reason."""

OTHER_INDEXES = {
    "identity_user.email": "one person, one address: asked for at sign-in, before the account is known",
    "journal_origin.kept_at": "finds what must be erased, of all accounts",
    "payments_method.method_expires": "finds cards that expire, of all accounts",
    "payments_bank_entry.bank_entry_waits": "the seller's entries that wait for a decision; holds these only",
    "payments_bank_entry.bank_entry_payer": "who has paid from an IBAN before, of all the seller's accounts",
    "payments_dispute.dispute_newest": "lists disputes of all accounts, newest first; there are few",
    "payments_attempt.attempt_outcome": "counts outcomes of an hour, of all accounts",
    "subscriptions_subscription.subscription_notice": "finds notices that have come, of all accounts",
    "subscriptions_mail.mail_waiting": "the outbox in the order in which it is due; holds what waits only",
    "subscriptions_mail.mail_in_hand": "claims of workers that were killed; holds what is under way only",
    "subscriptions_run_preview_line.line_of_preview": "a whole preview is read and taken away",
}
"""Indexes of tables of accounts that are led by something else: each looks over all accounts, on every machine."""


def tables() -> dict[str, type[models.Model]]:
    """The project's own tables, by name."""
    found = apps.get_models(include_auto_created=True)
    return {one._meta.db_table: one for one in found if one.__module__.startswith("seatkeeper.")}


def account_of(model: type[models.Model]) -> str | None:
    """The name of the field that says whose a row is."""
    names = {field.attname: field.name for field in model._meta.local_fields}
    return names.get("account_id")


def of_accounts() -> dict[str, type[models.Model]]:
    return {name: one for name, one in tables().items() if account_of(one)}


def key_of(model: type[models.Model]) -> list[str]:
    key: Any = model._meta.pk
    return list(getattr(key, "field_names", [key.name]))


def indexes_of(model: type[models.Model]) -> Iterator[tuple[str, list[str], bool]]:
    """Name, fields and uniqueness of every index but the primary key."""
    for index in model._meta.indexes:
        yield index.name, [name.lstrip("-") for name in index.fields], False
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield constraint.name, list(constraint.fields), True
    for field in model._meta.local_fields:
        if (field.unique or field.db_index) and not field.primary_key:
            yield field.name, [field.name], field.unique


def test_every_table_is_of_accounts_or_says_why_not() -> None:
    assert set(tables()) - set(of_accounts()) == set(WITHOUT_ACCOUNT)


def test_the_account_leads_the_key_of_every_table_of_accounts() -> None:
    others = {name for name, one in of_accounts().items() if key_of(one)[0] not in ("account_id", "account")}
    assert others == set(OWN_KEY), "lead the key with the account, or say in OWN_KEY why not"


def test_the_account_leads_every_index_and_is_in_every_unique_key() -> None:
    others = {
        f"{table}.{name}"
        for table, one in of_accounts().items()
        for name, fields, unique in indexes_of(one)
        if fields[0] not in ("account_id", "account") or (unique and not {"account_id", "account"} & set(fields))
    }
    assert others == set(OTHER_INDEXES), "lead the index with the account, or say in OTHER_INDEXES why not"


def test_what_is_large_is_led_by_the_account_without_exception() -> None:
    """These grow with every period of every subscription; of their keys there is no exception."""
    large = {
        "journal_event", "journal_activity", "ledger_posting", "invoicing_document", "invoicing_line",
        "payments_attempt", "subscriptions_subscription", "subscriptions_notice", "licensing_assignment",
        "licensing_pooluse",
    }  # fmt: skip
    assert large <= set(of_accounts()) and not large & set(OWN_KEY)


@pytest.mark.django_db
def test_the_database_has_the_keys_that_the_models_say() -> None:
    for table, model in of_accounts().items():
        with connection.cursor() as cursor:
            found = connection.introspection.get_primary_key_columns(cursor, table)
        assert found is not None, table
        columns = [model._meta.get_field(name).column for name in key_of(model)]
        assert found[: len(columns)] == columns, table


def test_reasons_are_reasons() -> None:
    for reasons in (WITHOUT_ACCOUNT, OWN_KEY, OTHER_INDEXES):
        assert all(len(reason) > 20 for reason in reasons.values())
