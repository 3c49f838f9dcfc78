"""Every kind of mail in words, with real data, in both languages, plain and HTML."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils.translation import override

from seatkeeper.domain.identity.models import SignInLink, User
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.mail.ports import Letter, Told
from seatkeeper.domain.mail.queries import mails
from seatkeeper.domain.mail.recipients import recipients
from seatkeeper.domain.payments.models import Method
from seatkeeper.interfaces.web.letters.compose import KINDS, compose
from seatkeeper.interfaces.web.letters.examples import example_facts
from seatkeeper.interfaces.web.letters.ways_in import new_password, sign_in_link
from seatkeeper.kit.commands import Actor, Context, call
from tests.support.organisation import Organisation, settled, storied
from tests.support.remembered import put_back

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
VOID = {"meta", "br"}
LINK = re.compile(r"https?://\S+")


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


def asking(organisation: Organisation, person: str, product: str, *, approve: bool | None) -> int:
    """A request for a licence, answered where approve says how; its number."""
    actor = Actor(organisation.user(person).role, organisation.users[person], "web")
    ctx = Context(actor, organisation.account, organisation.now)
    asked: int = call("license.request", ctx, product=product, note="For 2 <drawings>")
    if approve is not None:
        organisation.give("license.answer_request", request=asked, approve=approve, note="Until 1 May")
    return asked


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
    organisation = put_back(storied)
    Method.objects.filter(account_id=organisation.account, kind="card").update(expires_on=date(2026, 3, 31))
    wanted = (("eva", "visio-2", None), ("daan", "business-basic", True), ("eva", "planner-3", False))
    for person, product, approve in wanted:
        asking(organisation, person, product, approve=approve)
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
            assert LINK.search(one.text), kind


def test_subjects_are_those_of_the_design() -> None:
    organisation = put_back(storied)
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
    organisation = put_back(settled)
    facts = {"subscription": organisation.ids["standard"], "on": "2026-04-01", "days": 7}
    letter = compose(Told(organisation.account, "renewal", facts), language="en")
    assert letter is not None
    named = re.search(r"renews on 1.April.2026 for €([\d,.]+):", letter.subject)
    assert named is not None
    organisation.move(organisation.now.replace(month=4, day=1))
    invoice = Document.objects.filter(account_id=organisation.account, issued_on=date(2026, 4, 1)).get()
    assert int(named.group(1).replace(",", "").replace(".", "")) == invoice.gross_minor


def test_a_letter_that_is_no_longer_true_is_not_written() -> None:
    organisation = put_back(settled)
    on = {"subscription": organisation.ids["standard"], "on": "2026-04-01", "days": 7}
    organisation.give("subscription.set_recurring", subscription=organisation.ids["standard"], to="off")
    assert compose(Told(organisation.account, "renewal", on)) is None
    assert compose(Told(organisation.account, "expiring", on)) is not None


def test_names_are_escaped_in_html() -> None:
    organisation = put_back(settled)
    from seatkeeper.domain.accounts.models import Account

    Account.objects.filter(id=organisation.account).update(name="<b>Ko & Co</b>")
    letter = letters(organisation)["order"]
    assert "&lt;b&gt;Ko &amp; Co&lt;/b&gt;" in letter.html and "<b>Ko & Co</b>" in letter.text


def test_a_hard_decline_asks_for_another_method() -> None:
    organisation = put_back(storied)
    document = Document.objects.filter(account_id=organisation.account, due_minor__gt=0).order_by("-id")[0]
    Method.objects.filter(account_id=organisation.account, id=document.method_id).update(blocked=True)
    facts = {"document": document.id, "method": document.method_id, "reason": "stolen", "hard": True}
    letter = compose(Told(organisation.account, "payment_failed", facts), language="en")
    assert letter is not None
    assert letter.subject.replace("\u00a0", " ") == "Payment of €78.16 failed, replace SEPA ending 4300"
    assert "the card is reported stolen" in letter.text


def test_a_request_is_told_to_those_who_can_answer_and_its_answer_to_the_user() -> None:
    organisation = put_back(settled)
    User.objects.filter(id=organisation.users["eva"]).update(language="nl")
    asked = asking(organisation, "eva", "visio-2", approve=None)
    (told,) = [one for one in mails(account=organisation.account, most=500) if one.kind == "licence_requested"]
    assert told.facts == {
        "request": asked, "user": organisation.users["eva"], "product": "visio-2", "told_on": "2026-03-15",
    }
    to = recipients(organisation.account, told.kind, told.facts)
    assert to == ("anna.jansen@contoso.example", "carla.smit@contoso.example")
    letter = compose(Told(organisation.account, told.kind, told.facts))
    assert letter is not None and letter.subject == "Eva Visser asks for Visio Plan 2"
    assert f"/licences/visio-2/requests/{asked}" in letter.text and "None is free" in letter.text
    assert "For 2 &lt;drawings&gt;" in letter.html and "Until" not in letter.text
    organisation.give("license.answer_request", request=asked, approve=False, note="Not now")
    assert compose(Told(organisation.account, told.kind, told.facts)) is None, "it is answered"
    answer = mails(account=organisation.account)[0]
    assert recipients(organisation.account, answer.kind, answer.facts) == ("eva.visser@contoso.example",)
    said = compose(Told(organisation.account, answer.kind, answer.facts))
    assert said is not None and said.subject == "Uw aanvraag voor Visio Plan 2: afgewezen" and said.language == "nl"
    assert "Not now" in said.text and said.text.rstrip().endswith(
        "Aan u verzonden als gebruiker van Contoso Nederland B.V. door Noordlicht Cloud B.V."
    )


def test_a_request_that_is_taken_back_is_no_longer_told_of() -> None:
    organisation = put_back(settled)
    asked = asking(organisation, "eva", "visio-2", approve=None)
    told = mails(account=organisation.account)[0]
    eva = Actor("user", organisation.users["eva"], "web")
    call("license.withdraw_request", Context(eva, organisation.account, organisation.now), request=asked)
    assert compose(Told(organisation.account, told.kind, told.facts)) is None


def test_only_an_invitation_that_goes_has_a_link_that_works() -> None:
    organisation = put_back(settled)
    user, token = organisation.give(  # type: ignore[misc]
        "person.invite", email="jan@contoso.example", name="Jan", role="reader", language="nl", by_mail=True
    )
    assert token == "" and not SignInLink.objects.filter(user_id=user).exists()
    (told,) = [one for one in mails(account=organisation.account, most=500) if one.kind == "invitation"]
    assert told.facts == {"user": user, "by": organisation.users["anna"]} and told.state == "waiting"
    looked = compose(Told(organisation.account, "invitation", told.facts))
    assert looked is not None and "/sign-in/…" in looked.text
    assert not SignInLink.objects.filter(user_id=user).exists()
    gone = compose(Told(organisation.account, "invitation", told.facts, going=True))
    assert gone is not None and gone.subject == "Anna Jansen nodigt u uit voor Contoso Nederland B.V."
    assert "Ziet alles, wijzigt niets." in gone.text
    path = re.search(r"(/sign-in/\S+)", gone.text)
    assert path is not None and Client().post(path[1])["Location"] == "/security/password/set"
    User.objects.filter(id=user).update(is_active=False)
    assert compose(Told(organisation.account, "invitation", told.facts, going=True)) is None


@pytest.mark.parametrize("language", ["en", "nl"])
def test_mail_that_somebody_waits_for_has_the_same_frame(language: str) -> None:
    with override(language):
        made = (
            sign_in_link("Noordlicht", "https://a.example/x"),
            new_password("Noordlicht", "a@b.example", "https://a.example/y"),
        )
    for one in made:
        assert closed(one.html) and one.html.count("<h1") == 1 and f'lang="{language}"' in one.html
        assert LINK.findall(one.text) == re.findall(r'href="([^"]+)"', one.html)
