"""Every kind of mail in words, with real data, in both languages, plain and HTML."""

from __future__ import annotations

import re
from datetime import date

import pytest

from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.mail.ports import Letter, Told
from seatkeeper.domain.mail.queries import mails
from seatkeeper.domain.payments.models import Method
from seatkeeper.interfaces.web.letters.compose import KINDS, compose, example_facts
from tests.support.organisation import Organisation, settled, storied

pytestmark = pytest.mark.django_db
VOID = {"meta", "br"}


def letters(organisation: Organisation, language: str = "en") -> dict[str, Letter]:
    """The first letter of every kind that can be made of the organisation's own mails and things."""
    found: dict[str, Letter] = {}
    known = [(one.kind, one.facts) for one in mails(account=organisation.account, most=500)]
    made = [(kind, facts) for kind in KINDS for facts in example_facts(organisation.account, kind)]
    for kind, facts in (*known, *made):
        if kind in found or (kind in ("invoice", "receipt", "credit_note") and "document" not in facts):
            continue
        letter = compose(Told(organisation.account, kind, facts), language=language)
        if letter is not None:
            found[kind] = letter
    return found


def closed(html: str) -> bool:
    """Whether every element that is opened is closed, in order."""
    stack: list[str] = []
    for end, name in re.findall(r"<(/?)([a-z][a-z0-9]*)", html):
        if name in VOID:
            continue
        if not end:
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack


def test_every_kind_can_be_written_in_both_languages() -> None:
    organisation = storied()
    Method.objects.filter(account_id=organisation.account, kind="card").update(expires_on=date(2026, 3, 31))
    english, dutch = letters(organisation), letters(organisation, "nl")
    assert set(KINDS) - set(english) <= {"losing_access"}
    assert set(english) == set(dutch)
    for kind, letter in english.items():
        other = dutch[kind]
        assert letter.subject != other.subject and letter.language == "en" and other.language == "nl"
        for one in (letter, other):
            assert "{" not in one.subject + one.text and "[" not in one.text, kind
            assert one.html.startswith("<!doctype html>") and closed(one.html), kind
            assert f'lang="{one.language}"' in one.html and one.html.count("<h1") == 1
            assert "<script" not in one.html and "src=" not in one.html and "url(" not in one.html
            assert all(row in one.html for row in re.findall(r"https?://\S+", one.text)), kind
            lead = one.text.split("\n\n")[0]
            assert re.search(r"\d", lead) or kind in ("suspended_removed",), (kind, lead)


def test_subjects_are_those_of_the_design() -> None:
    organisation = storied()
    found = {kind: letter.subject.replace("\u00a0", " ") for kind, letter in letters(organisation).items()}
    assert found["order"] == "Order S-10211: 5 Teams Phone Standard"
    assert found["invoice"] == "Invoice INV-2026-000013: €78.16, charged on 11 March 2026"
    assert found["credit_note"] == "Credit note CN-2026-000001: €58.33"
    assert found["receipt"].startswith("Paid: €28.30 for INV-2026-000012")
    assert found["payment_failed"] == "Payment of €78.16 failed, next try on 18 March 2026"
    assert found["payment_reminder"] == "Power BI Pro is disabled on 10 April 2026 unless €78.16 is paid"
    assert found["disabled_unpaid"] == "Power BI Pro is disabled, €78.16 unpaid"
    assert found["expired"] == "Visio Plan 2 has expired, access until 26 March 2026"
    assert found["disabled"] == "Exchange Online Plan 1 is disabled, data until 7 June 2026"
    assert found["cancelled"] == "Cancelled: Intune Plan 1, ends 4 March 2026"
    assert found["suspended"] == "12 licences of Exchange Online Plan 1 suspended"
    assert found["trial_ending"] == "Your trial of Entra ID P1 becomes paid on 4 April 2026: €169.40"
    dutch = {kind: letter.subject.replace("\u00a0", " ") for kind, letter in letters(organisation, "nl").items()}
    assert dutch["suspended"] == "12 licenties van Exchange Online Plan 1 opgeschort"
    assert dutch["payment_failed"] == "Betaling van € 78,16 mislukt, nieuwe poging op 18 maart 2026"


def test_the_sum_that_a_renewal_notice_names_is_what_is_invoiced() -> None:
    """If nothing else changes, the invoice of that day has exactly the sum of the mail."""
    organisation = settled()
    facts = {"subscription": organisation.ids["standard"], "on": "2026-04-01", "days": 7}
    letter = compose(Told(organisation.account, "renewal", facts), language="en")
    assert letter is not None
    named = re.search(r"renews on 1.April.2026 for €([\d,.]+):", letter.subject)
    assert named is not None
    organisation.move(organisation.now.replace(month=4, day=1))
    invoice = Document.objects.filter(account_id=organisation.account, issued_on=date(2026, 4, 1)).get()
    assert int(named.group(1).replace(",", "").replace(".", "")) == invoice.gross_minor


def test_a_letter_that_is_no_longer_true_is_not_written() -> None:
    organisation = settled()
    on = {"subscription": organisation.ids["standard"], "on": "2026-04-01", "days": 7}
    organisation.give("subscription.set_recurring", subscription=organisation.ids["standard"], to="off")
    assert compose(Told(organisation.account, "renewal", on)) is None
    assert compose(Told(organisation.account, "expiring", on)) is not None


def test_names_are_escaped_in_html() -> None:
    organisation = settled()
    from seatkeeper.domain.accounts.models import Account

    Account.objects.filter(id=organisation.account).update(name="<b>Ko & Co</b>")
    letter = letters(organisation)["order"]
    assert "&lt;b&gt;Ko &amp; Co&lt;/b&gt;" in letter.html and "<b>Ko & Co</b>" in letter.text


def test_a_hard_decline_asks_for_another_method() -> None:
    organisation = storied()
    document = Document.objects.filter(account_id=organisation.account, due_minor__gt=0).order_by("-id")[0]
    facts = {"document": document.id, "method": document.method_id, "reason": "stolen", "hard": True}
    letter = compose(Told(organisation.account, "payment_failed", facts), language="en")
    assert letter is not None
    assert letter.subject.replace("\u00a0", " ") == "Payment of €78.16 failed, replace SEPA ending 4300"
    assert "the card is reported stolen" in letter.text
