"""What an organisation says of itself: commands, the journal, and what the next document does with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.models import Account, Recipient, VatConfirmation
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.changing import effect
from seatkeeper.domain.subscriptions.installation import AccountFacts, add_account
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor, Context, call
from seatkeeper.kit.journal.models import Event
from tests.support.organisation import Organisation, founded

pytestmark = pytest.mark.django_db

GERMAN = {"country": "DE", "street": "Unter den Linden", "number": "1", "postcode": "10117", "town": "Berlin"}
SELLER = Actor("seller", via="cli")


@pytest.fixture
def contoso() -> Organisation:
    """Contoso, Dutch like its seller, with a subscription that renews on the first of each month."""
    found = founded(staff=3)
    found.buy("standard", "business-standard-monthly", 10)
    return found


def give(organisation: Organisation, command: str, *, actor: Actor | None = None, **arguments: Any) -> Any:
    actor = actor or Actor("owner", organisation.users["anna"], "web")
    return call(command, Context(actor, organisation.account, organisation.now), **arguments)


def row(organisation: Organisation) -> Account:
    return Account.objects.get(id=organisation.account)


def newest(organisation: Organisation) -> Document:
    return Document.objects.filter(account_id=organisation.account).latest("id")


def refused(organisation: Organisation, command: str, *, actor: Actor | None = None, **arguments: Any) -> Refused:
    before = row(organisation)
    with pytest.raises(Refused) as found:
        give(organisation, command, actor=actor, **arguments)
    after = row(organisation)
    assert (after.journal_head, after.version) == (before.journal_head, before.version)
    return found.value


def test_every_section_is_kept_and_recorded_and_the_books_hold(contoso: Organisation) -> None:
    give(contoso, "account.set_names", legal_name="Contoso Holding B.V.", display_name="Contoso")
    give(contoso, "account.set_address", address={**GERMAN, "extra": "Hinterhaus"})
    give(contoso, "account.set_vat_id", vat_id="de 136.695.976")
    give(contoso, "account.set_regional", language="nl", timezone="Europe/Amsterdam", currency="EUR")
    give(contoso, "account.set_purchase_order", purchase_order="PO-7781")
    give(contoso, "account.set_notices", renewal_days=[60, 7], licences_below=3)
    recipients = [{"address": "ap@contoso.example", "mails": ["invoices", "reminders"], "pdf": True, "xml": True}]
    give(contoso, "account.set_recipients", recipients=recipients)
    give(contoso, "account.set_terms", actor=SELLER, terms_days=14, credit_limit_minor=50_000)
    found = row(contoso)
    assert (found.name, found.display_name, found.country) == ("Contoso Holding B.V.", "Contoso", "DE")
    assert found.address == {**{k: v for k, v in GERMAN.items() if k != "country"}, "extra": "Hinterhaus"}
    assert (found.vat_id, found.vat_confirmed, found.language) == ("DE136695976", False, "nl")
    assert (found.purchase_order, found.notices) == ("PO-7781", {"renewal_days": [60, 7], "licences_below": 3})
    assert (found.terms_days, found.credit_limit_minor) == (14, 50_000)
    kept = Recipient.objects.get(account_id=contoso.account)
    assert (kept.address, kept.mails) == ("ap@contoso.example", ["invoices", "reminders"])
    assert (kept.pdf, kept.xml) == (True, True)
    kinds = Event.objects.filter(account_id=contoso.account, kind__startswith="account_").values_list("kind", flat=True)
    assert sorted(kinds) == sorted(
        f"account_{one}" for one in ("names", "address", "vat_id", "regional", "purchase_order", "notices",
                                     "recipients", "terms")
    )  # fmt: skip
    assert verify(seller=contoso.seller).ok


def test_journal_holds_no_names_addresses_or_ids(contoso: Organisation) -> None:
    give(contoso, "account.set_names", legal_name="Jansen Advies", display_name="")
    give(contoso, "account.set_address", address=GERMAN)
    give(contoso, "account.set_vat_id", vat_id="DE136695976")
    give(contoso, "account.set_recipients", recipients=[{"address": "ap@contoso.example", "mails": ["invoices"]}])
    give(contoso, "account.confirm_vat", actor=SELLER, evidence="VIES, WAPI-123", by="Fenna")
    said = " ".join(Event.objects.filter(account_id=contoso.account).values_list("payload", flat=True))
    for secret in ("Jansen", "Linden", "136695976", "ap@", "WAPI", "Fenna"):
        assert secret not in said
    assert '"was":{"country":"NL"}' in said and '"is":{"country":"DE"}' in said


def test_saving_what_stood_there_records_nothing(contoso: Organisation) -> None:
    before = row(contoso).journal_sequence
    assert not give(contoso, "account.set_purchase_order", purchase_order="").changed
    assert row(contoso).journal_sequence == before


def test_new_country_and_vat_id_count_from_the_next_document(contoso: Organisation) -> None:
    first = newest(contoso)
    assert (first.vat[0][:2], first.buyer["country"]) == (["S", "21"], "NL")
    found = effect(contoso.account, contoso.now, country="DE")
    assert (found.was.rate, found.becomes.category, found.becomes.rate) == ("21", "S", "19")
    give(contoso, "account.set_address", address=GERMAN)
    contoso.move(datetime(2026, 1, 2, tzinfo=UTC))
    second = newest(contoso)
    assert (second.vat[0][:2], second.buyer["country"], second.buyer["vat_id"]) == (
        ["S", "19"], "DE", "NL009876543B01",
    )
    give(contoso, "account.set_vat_id", vat_id="DE136695976")
    assert effect(contoso.account, contoso.now).becomes.rate == "19"
    give(contoso, "account.confirm_vat", actor=SELLER, evidence="VIES, 2 January, WAPI-123", by="Fenna")
    contoso.move(datetime(2026, 2, 2, tzinfo=UTC))
    third = newest(contoso)
    assert (third.vat[0][:2], third.buyer["vat_id"]) == (["AE", "0"], "DE136695976")
    assert VatConfirmation.objects.get().evidence == "VIES, 2 January, WAPI-123"
    give(contoso, "account.set_vat_id", vat_id="DE114103379")
    assert not row(contoso).vat_confirmed
    first.refresh_from_db()
    assert (first.vat[0][:2], first.buyer["country"]) == (["S", "21"], "NL")
    assert verify(seller=contoso.seller).ok


def test_what_was_due_before_a_change_is_billed_as_it_was(contoso: Organisation) -> None:
    late = datetime(2026, 1, 1, 12, tzinfo=UTC)
    actor = Actor("owner", contoso.users["anna"], "web")
    call("account.set_address", Context(actor, contoso.account, late), address=GERMAN)
    assert newest(contoso).vat[0][:2] == ["S", "21"]


@pytest.mark.parametrize(
    ("country", "typed", "valid"),
    [
        ("GR", "EL094259216", True), ("GR", "GR094259216", False), ("GB", "XI980780684", True),
        ("GB", "GB980780684", True), ("NL", "NL004495445B01", True), ("NL", "NL001234567B02", False),
        ("NL", "DE136695976", False), ("NL", "NL123", False), ("NO", "NO995525828MVA", True),
        ("US", "12-3456789", True), ("US", "no!", False),
    ],
)  # fmt: skip
def test_form_of_vat_ids_is_checked_by_country(contoso: Organisation, country: str, typed: str, valid: bool) -> None:
    give(contoso, "account.set_address", address={**GERMAN, "country": country})
    if valid:
        give(contoso, "account.set_vat_id", vat_id=typed)
    else:
        assert refused(contoso, "account.set_vat_id", vat_id=typed).code == "vat_id_invalid"


def test_second_of_two_editors_is_told_what_changed(contoso: Organisation) -> None:
    shown = {"name": "Contoso Nederland B.V.", "display_name": ""}
    give(contoso, "account.set_names", legal_name="Contoso Holding B.V.", display_name="", expects=shown)
    found = refused(contoso, "account.set_names", legal_name="Contoso Groep B.V.", display_name="", expects=shown)
    assert found.code == "details_changed"
    assert found.facts["differences"] == (("name", "Contoso Nederland B.V.", "Contoso Holding B.V."),)


def test_currency_is_fixed_after_the_first_document(contoso: Organisation) -> None:
    values = dict(language="en", timezone="Europe/Amsterdam", currency="USD")
    assert refused(contoso, "account.set_regional", **values).code == "currency_fixed"
    facts = AccountFacts("fresh", "NL", "EUR", "Europe/Amsterdam", "card")
    fresh = add_account(contoso.seller, facts, at=contoso.now).id
    call("account.set_regional", Context(Actor("owner", 1), fresh, contoso.now), **values)
    assert Account.objects.get(id=fresh).currency == "USD"


@pytest.mark.parametrize(
    ("zone", "counts_at"),
    [
        ("America/New_York", datetime(2026, 1, 1, 5, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2025, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_new_time_zone_counts_from_the_next_billing_period(
    contoso: Organisation, zone: str, counts_at: datetime
) -> None:
    saved = give(contoso, "account.set_regional", language="en", timezone=zone, currency="EUR")
    assert saved.counts_at == counts_at
    assert (row(contoso).timezone, row(contoso).next_timezone) == ("Europe/Amsterdam", zone)
    contoso.move(datetime(2026, 1, 3, tzinfo=UTC))
    assert (row(contoso).timezone, row(contoso).next_timezone_at) == (zone, None)
    contoso.move(datetime(2026, 3, 2, tzinfo=UTC))
    starts = Document.objects.filter(account_id=contoso.account, issued_at__gt=datetime(2026, 1, 2, tzinfo=UTC))
    hours = {one.issued_at.astimezone(UTC).hour for one in starts}
    assert hours == ({5} if zone.startswith("America") else {15})
    assert verify(seller=contoso.seller).ok


def test_booked_time_zone_is_taken_back_by_choosing_the_old_one(contoso: Organisation) -> None:
    give(contoso, "account.set_regional", language="en", timezone="Asia/Tokyo", currency="EUR")
    give(contoso, "account.set_regional", language="en", timezone="Europe/Amsterdam", currency="EUR")
    assert (row(contoso).timezone, row(contoso).next_timezone) == ("Europe/Amsterdam", "")


@pytest.mark.parametrize(
    ("name", "arguments", "field"),
    [
        ("account.set_names", dict(legal_name=" "), "name"),
        ("account.set_address", dict(address={**GERMAN, "country": "XX"}), "country"),
        ("account.set_address", dict(address={**GERMAN, "town": ""}), "town"),
        ("account.set_purchase_order", dict(purchase_order="x" * 65), "purchase_order"),
        ("account.set_notices", dict(renewal_days=[5]), "renewal_days"),
        ("account.set_notices", dict(renewal_days=[7], licences_below=0), "licences_below"),
        ("account.set_recipients", dict(recipients=[{"address": "no", "mails": ["invoices"]}]), "address"),
        ("account.set_recipients", dict(recipients=[{"address": "a@b.example", "mails": []}]), "mails"),
        ("account.set_regional", dict(language="en", timezone="Mars/Base", currency="EUR"), "timezone"),
        ("account.set_regional", dict(language="fr", timezone="Europe/Paris", currency="EUR"), "language"),
    ],
)
def test_bad_input_names_the_field(contoso: Organisation, name: str, arguments: dict[str, Any], field: str) -> None:
    found = refused(contoso, name, **arguments)
    assert (found.code, found.facts["field"]) == ("bad_input", field)


@pytest.mark.parametrize("role", ["license_administrator", "user_administrator", "reader", "user"])
def test_others_may_not_change_it(contoso: Organisation, role: str) -> None:
    found = refused(contoso, "account.set_purchase_order", actor=Actor(role, 1), purchase_order="x")
    assert found.code == "not_permitted"
    assert refused(contoso, "account.close", actor=Actor(role, 1)).code == "not_permitted"


@pytest.mark.parametrize("name", ["account.set_terms", "account.confirm_vat"])
def test_only_the_seller_grants_terms_and_confirms(contoso: Organisation, name: str) -> None:
    arguments = dict(terms_days=90, credit_limit_minor=None) if "terms" in name else dict(evidence="e", by="b")
    assert refused(contoso, name, **arguments).code == "not_permitted"


def test_number_of_a_subscription_stands_on_its_next_document(contoso: Organisation) -> None:
    give(contoso, "subscription.set_purchase_order", subscription=contoso.ids["standard"], number="PO-9")
    contoso.move(datetime(2026, 1, 2, tzinfo=UTC))
    assert newest(contoso).buyer["purchase_order"] == "PO-9"
    again = dict(subscription=contoso.ids["standard"], number="PO-9")
    assert refused(contoso, "subscription.set_purchase_order", **again).code == "nothing_changes"
    strange = dict(subscription=contoso.strangers_subscription + 900, number="x")
    assert refused(contoso, "subscription.set_purchase_order", **strange).code == "unknown_subscription"
    assert verify(seller=contoso.seller).ok


def test_closing_cancels_what_can_be_and_ends_the_rest(contoso: Organisation) -> None:
    contoso.buy("basic", "business-basic-yearly-monthly", 5)
    contoso.move(datetime(2025, 12, 20, 9, tzinfo=UTC))
    outcome = give(contoso, "account.close")
    by_id = {after.id: after for _, after in outcome.decision.subscriptions}
    assert by_id[contoso.ids["standard"]].status == "disabled"
    committed = by_id[contoso.ids["basic"]]
    assert (committed.status, committed.recurring) == ("active", "off")
    assert outcome.decision.documents[0].gross_minor < 0
    assert refused(contoso, "account.close").code == "nothing_changes"
    assert verify(seller=contoso.seller).ok
