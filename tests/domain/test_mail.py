"""The outbox on one database: which mails a decision causes, what a server refuses, and dunning that waits for mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from seatkeeper.adapters.mail.files import FileCarrier
from seatkeeper.adapters.mail.smtp import SmtpCarrier
from seatkeeper.config.mail import Mail, mail_from_url
from seatkeeper.domain.accounts.models import Account, Recipient, Seller
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.mail.coming import tell_coming
from seatkeeper.domain.mail.outbox import Sent, send_due
from seatkeeper.domain.mail.ports import Carrier
from seatkeeper.domain.mail.queries import mails, retry, settle_unsure
from seatkeeper.domain.mail.recipients import recipients
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.models import MailRow, SubscriptionRow
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.interfaces.web.letters.compose import compose
from seatkeeper.kit.commands import Actor, call
from seatkeeper.kit.journal.models import Event
from tests.cast import CARDS, Story, moment
from tests.domain.mailbox import Mailbox, serving
from tests.support.documents import complete

pytestmark = pytest.mark.django_db
SELLER = Actor("seller", via="cli")


@pytest.fixture
def box() -> Iterator[tuple[Mailbox, Carrier]]:
    with serving() as (found, url):
        yield found, SmtpCarrier(mail_from_url(url, Path()))


def told(*, bought: str = "2026-03-01T09:00", who: str = "linde", plan: str = "basic-monthly") -> Story:
    """A real seller's account with an owner, which bought; the clock is the test's own."""
    story = Story(who, users=1, at=bought)
    Seller.objects.filter(id=story.seller).update(clock_at=None)
    story.buy(plan, 10)
    User.objects.filter(account_id=story.account).update(role="owner", email="owner@linde.example")
    return story


def kinds() -> list[str]:
    return [one.kind for one in reversed(mails())]


def send(carrier: Carrier, at: datetime) -> Sent:
    return send_due(lambda: at, compose, carrier=carrier)


def test_buying_by_card_writes_two_mails_and_each_goes_once(box: tuple[Mailbox, Carrier]) -> None:
    story = told()
    assert kinds() == ["order", "receipt"]
    assert send(box[1], story.now).sent == 2
    assert send(box[1], story.now).sent == 0
    one, _ = box[0].messages
    assert one["To"] == "owner@linde.example" and "Test seller" in one["From"]
    assert [part.get_content_type() for part in one.walk()] == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize("command", ["close", "set_many_recurring", "set_renewal"])
def test_whatever_ends_a_subscription_is_told_of(command: str) -> None:
    story = told()
    (one,) = SubscriptionRow.objects.values_list("id", flat=True)
    if command == "close":
        call("account.close", story.context())
    elif command == "set_many_recurring":
        story.give(command, subscriptions=(one,), to="off")
        story.give(command, subscriptions=(one,), to="on")
    else:
        story.give(command, subscription=one, recurring="off")
    assert kinds().count("cancelled") == 1


def test_a_test_clocks_people_get_no_mail(box: tuple[Mailbox, Carrier]) -> None:
    story = Story("linde", users=1)
    story.buy("basic-monthly", 10)
    assert {one.state for one in mails()} == {"kept"}
    assert send(box[1], story.now).sent == 0 and not SubscriptionRow.objects.exclude(notice_at=None).exists()


def test_a_refused_command_leaves_no_mail() -> None:
    story = told()
    before = MailRow.objects.count()
    assert story.refused("set_seats", subscription=SubscriptionRow.objects.get().id, seats=0) == "use_cancel"
    assert MailRow.objects.count() == before


@pytest.mark.parametrize(
    ("rcpt", "answer", "state"),
    [
        ("450 later", "250 OK", "waiting"),
        ("550 no such user", "250 OK", "failed"),
        ("250 OK", "451 busy", "waiting"),
        ("250 OK", "554 spam", "failed"),
    ],
)
def test_what_the_server_refuses(box: tuple[Mailbox, Carrier], rcpt: str, answer: str, state: str) -> None:
    story = told()
    box[0].rcpt, box[0].answer = rcpt, answer
    send(box[1], story.now)
    for mail in mails():
        assert (mail.state, mail.tries) == (state, 1)
        assert "refused" in mail.problem and "@" not in mail.problem


def test_a_dead_server_loses_nothing(box: tuple[Mailbox, Carrier]) -> None:
    """Nobody listens: one try tells it for all, it waits, and when the server is back all go."""
    story = told()
    report = send(SmtpCarrier(Mail(host="127.0.0.1", port=9)), story.now)
    assert (report.later, report.sent) == (1, 0)
    assert sorted((one.state, one.tries) for one in mails()) == [("waiting", 0), ("waiting", 1)]
    send(box[1], story.now + timedelta(hours=1))
    assert len(set(box[0].ids)) == 2 == len(box[0].ids)


def test_after_the_last_try_it_has_failed() -> None:
    story = told()
    MailRow.objects.filter(kind="receipt").delete()
    now = story.now
    for _ in range(20):
        send(SmtpCarrier(Mail(host="127.0.0.1", port=9)), now)
        now += timedelta(days=1)
    (mail,) = mails()
    assert (mail.state, mail.tries) == ("failed", 10)


def test_a_person_may_say_that_it_arrived() -> None:
    story = told()
    MailRow.objects.update(state="unsure")
    mail = mails()[0]
    assert settle_unsure(mail.id, now=story.now, actor=SELLER)
    assert not settle_unsure(mail.id, now=story.now, actor=SELLER)
    assert mails()[0].state == "sent"


def test_who_let_mail_go_again_stands_in_the_journal() -> None:
    story = told()
    other = Story("ravel")
    MailRow.objects.bulk_create([
        MailRow(account_id=other.account, kind="deleted", facts={}, at=other.now, due_at=other.now) for _ in range(2)
    ])
    ids = [one.id for one in mails()]
    MailRow.objects.update(state="failed", due_at=story.now + timedelta(days=1))
    assert retry([*ids, 999_999], now=story.now, actor=SELLER) == 4
    assert {one.state for one in mails()} == {"waiting"}
    for one in (story, other):
        (event,) = Event.objects.filter(account_id=one.account, kind="retry_mail")
        mine = [line.id for line in mails(account=one.account)][::-1]
        assert event.actor == "seller:-:cli" and json.loads(event.payload)["facts"] == {"count": 2, "mails": mine}
    MailRow.objects.filter(id=ids[0]).update(state="unsure")
    assert settle_unsure(ids[0], now=story.now, actor=SELLER)
    assert Event.objects.filter(kind="mail_arrived").count() == 1
    MailRow.objects.update(state="sent")
    assert retry(ids, now=story.now, actor=SELLER) == 0
    assert Event.objects.filter(kind="retry_mail").count() == 2, "what is not done is not recorded"
    assert verify().ok


def test_mail_to_nobody_and_mail_that_is_no_longer_true_is_dropped(box: tuple[Mailbox, Carrier]) -> None:
    story = told()
    document = Document.objects.get().id
    MailRow.objects.create(
        account_id=story.account, kind="payment_failed", facts={"document": document}, document_id=document,
        at=story.now, due_at=story.now, state="waiting",
    )
    send(box[1], story.now)
    assert mails()[0].problem == "no longer true"
    User.objects.update(is_active=False)
    MailRow.objects.update(state="waiting")
    send(box[1], story.now)
    assert mails()[1].problem == "nobody to send it to"


def test_files_are_written_whole_and_for_the_owner_only(tmp_path: Path) -> None:
    story = told()
    carrier = FileCarrier(mail_from_url("", tmp_path))
    assert send(carrier, story.now).sent == 2
    found = sorted((tmp_path / "mail").iterdir())
    assert [one.suffix for one in found] == [".eml", ".eml"]
    assert all(one.stat().st_mode & 0o077 == 0 for one in found)


def test_the_setting() -> None:
    found = mail_from_url("smtp://me:s%40cret@mail.example:587/?starttls=1", Path())
    assert (found.host, found.port, found.user, found.password, found.security) == (
        "mail.example", 587, "me", "s@cret", "starttls",
    )
    assert "cret" not in repr(found)
    assert mail_from_url("smtps://mail.example", Path()).port == 465
    with pytest.raises(ValueError, match="SEATKEEPER_EMAIL_URL"):
        mail_from_url("imap://mail.example", Path())


# ---- dunning and mail ----------------------------------------------------------------------------------------------


def declined_after_a_standstill() -> Story:
    """Renewed on 1 April, declined; nothing ran until 2 May, so that all steps but the last are due at once."""
    story = told()
    Method.objects.filter(account_id=story.account).update(token=CARDS["declined"])
    tick(moment("2026-04-01T09:00"))
    return story


def steps() -> int:
    return Document.objects.filter(due_minor__gt=0).order_by("id")[0].steps_done


def test_the_next_step_waits_for_the_last_message_but_not_for_ever(box: tuple[Mailbox, Carrier]) -> None:
    declined_after_a_standstill()
    tick(moment("2026-05-10T09:00"))
    assert steps() == 1
    tick(moment("2026-05-11T09:00"))
    assert steps() == 1, "its message has not gone out"
    assert verify().ok
    send(box[1], moment("2026-05-11T10:00"))
    tick(moment("2026-05-11T10:01"))
    assert steps() == 2, "it has: the run is woken and goes on"
    for day in (12, 13, 14):
        tick(moment(f"2026-05-{day}T09:00"))
        assert steps() == 2
    tick(moment("2026-05-15T09:00"))
    assert steps() == 3, "a dead mail server holds a step up by three days, no longer"
    assert verify().ok


def test_without_a_standstill_the_table_is_kept_whatever_mail_does() -> None:
    declined_after_a_standstill()
    for on, done in (("2026-04-04", 1), ("2026-04-08", 2), ("2026-04-15", 3), ("2026-04-22", 4), ("2026-05-01", 5)):
        tick(moment(f"{on}T09:00"))
        assert Document.objects.filter(kind="invoice").order_by("-id")[0].steps_done == done


def test_a_step_that_is_tried_is_told_by_its_outcome() -> None:
    declined_after_a_standstill()
    MailRow.objects.all().delete()
    tick(moment("2026-04-04T09:00"))
    assert kinds() == ["payment_failed"]


# ---- notices before something happens ------------------------------------------------------------------------------


def told_on(*days: str) -> list[tuple[str, str, object]]:
    """(day, kind, days before) of the notices that come on these days, looked at every noon."""
    found = []
    MailRow.objects.all().delete()
    for day in days:
        tick(moment(f"{day}T11:00"))
        tell_coming(moment(f"{day}T12:00"))
        tell_coming(moment(f"{day}T12:01"))
        found += [(day, one.kind, one.facts.get("days")) for one in mails() if one.facts.get("days")]
        MailRow.objects.all().delete()
    return found


def test_a_yearly_renewal_is_told_60_30_and_7_days_before() -> None:
    told(bought="2026-01-01T09:00", plan="basic-yearly")
    days = [(date(2026, 10, 28) + timedelta(days=number)).isoformat() for number in range(64)]
    assert told_on(*days) == [
        ("2026-11-02", "renewal", 60), ("2026-12-02", "renewal", 30), ("2026-12-25", "renewal", 7),
    ]


def test_the_account_chooses_on_which_days_it_is_told() -> None:
    story = told(bought="2026-01-01T09:00", plan="basic-yearly")
    Account.objects.filter(id=story.account).update(notices={"renewal_days": [30]})
    days = [(date(2026, 10, 28) + timedelta(days=number)).isoformat() for number in range(64)]
    assert told_on(*days) == [("2026-12-02", "renewal", 30)]


def test_recipients_that_are_named_get_their_sort_of_mail() -> None:
    story = told()
    Recipient.objects.create(account_id=story.account, address="ap@linde.example", mails=["invoices", "receipts"])
    assert recipients(story.account, "receipt", {}) == ("ap@linde.example",)
    assert recipients(story.account, "renewal", {}) == ("owner@linde.example",)
    Recipient.objects.update(mails=["notices"])
    assert recipients(story.account, "suspended", {}) == ("ap@linde.example", "owner@linde.example")


@pytest.mark.parametrize(
    ("asked", "types"),
    [
        (None, ["application/pdf"]),
        ([(True, True)], ["application/pdf", "application/xml"]),
        ([(False, True), (False, False)], ["application/xml"]),
        ([(False, False)], []),
    ],
)
def test_a_receipt_brings_the_files_that_its_recipients_asked_for(
    box: tuple[Mailbox, Carrier], asked: list[tuple[bool, bool]] | None, types: list[str]
) -> None:
    story = complete(told())
    for number, (pdf, xml) in enumerate(asked or ()):
        Recipient.objects.create(
            account_id=story.account, address=f"ap{number}@linde.example", mails=["receipts"], pdf=pdf, xml=xml
        )
    story.buy("basic-monthly", 3)
    assert send(box[1], story.now).sent == 4
    with_files = {one["Subject"]: [part for part in one.walk() if part.get_filename()] for one in box[0].messages}
    number_of_it = Document.objects.order_by("-id").values_list("number", flat=True)[0]
    files = next(found for subject, found in with_files.items() if number_of_it in subject)
    assert [one.get_content_type() for one in files] == types
    assert all((one.get_filename() or "").startswith(number_of_it) for one in files)
    assert not any(found for subject, found in with_files.items() if "order" in subject.lower())


def test_a_monthly_renewal_is_told_once() -> None:
    told(bought="2026-03-01T09:00")
    days = [(date(2026, 3, 2) + timedelta(days=number)).isoformat() for number in range(29)]
    assert told_on(*days) == [("2026-03-25", "renewal", 7)]


def test_after_a_standstill_a_notice_that_is_too_late_gives_way_to_the_next() -> None:
    told(bought="2026-01-01T09:00", plan="basic-yearly")
    assert told_on("2026-11-20", "2026-12-04", "2026-12-31") == [("2026-12-04", "renewal", 30)]


def test_ends_are_told_until_the_data_goes() -> None:
    story = told(bought="2026-03-01T09:00")
    story.now = moment("2026-03-02T09:00")
    story.give("set_recurring", subscription=SubscriptionRow.objects.get().id, to="off")
    days = [(date(2026, 3, 3) + timedelta(days=number)).isoformat() for number in range(150)]
    assert told_on(*days) == [
        ("2026-03-25", "expiring", 7), ("2026-04-24", "losing_access", 7), ("2026-04-30", "losing_access", 1),
        ("2026-06-30", "deletion", 30), ("2026-07-23", "deletion", 7),
    ]


def test_a_card_is_told_of_before_it_expires_where_it_pays_for_something() -> None:
    story = told()
    Method.objects.filter(account_id=story.account).update(expires_on=date(2026, 4, 30))
    MailRow.objects.all().delete()
    for day in ("2026-03-30", "2026-04-01", "2026-04-02", "2026-04-24"):
        tell_coming(moment(f"{day}T12:00"))
    cards = [one for one in mails() if one.kind == "card_expiring"]
    assert len(cards) == 2
    Account.objects.update(default_method=None)
    SubscriptionRow.objects.update(method_id=None)
    MailRow.objects.all().delete()
    tell_coming(moment("2026-04-02T12:00"))
    assert not [one for one in mails() if one.kind == "card_expiring"]
