"""The mails of a charge that went to the backup method: what was paid, and with what; or that both failed."""

from __future__ import annotations

import pytest

from seatkeeper.domain.mail.ports import Told
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.interfaces.web.letters.compose import compose
from tests.cast import CARDS, Story

pytestmark = pytest.mark.django_db


def letter(own: str, backup: str, language: str, at: str = "2026-04-01T09:00") -> tuple[str, str]:
    """Subject and text of the last mail about the renewal of 1 April."""
    story = Story("linde")
    story.buy("basic-monthly", 10)
    story.card(own)
    added = story.give("replace_card", old=None, token=CARDS[backup], label="Amex 0005").method
    story.give("set_backup_method", method=added)
    Method.objects.filter(account_id=story.account).exclude(id=added).update(label="Visa 4242")
    story.at(at)
    row = MailRow.objects.filter(account_id=story.account).latest("id")
    found = compose(Told(row.account_id, row.kind, row.facts), language=language)
    assert found is not None
    return found.subject.replace("\u00a0", " "), found.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Visa 4242 was declined, so it was charged to Amex 0005, your backup method."),
        ("nl", "Visa 4242 is geweigerd; daarom is het afgeschreven van Amex 0005, uw reservemethode."),
    ],
)
def test_a_receipt_says_which_method_stood_in(language: str, sentence: str) -> None:
    subject, text = letter("declined", "ok", language)
    assert "72" in subject and sentence in text


@pytest.mark.parametrize(
    ("own", "backup", "subject", "sentence"),
    [
        ("declined", "declined", "next try on 4 April 2026", "Visa 4242, nor to Amex 0005. It is tried again on"),
        ("declined", "lost", "next try on 4 April 2026", "nor to Amex 0005. It is tried again on 4 April 2026"),
        ("lost", "declined", "next try on 4 April 2026", "nor to Amex 0005. It is tried again on 4 April 2026"),
        ("lost", "lost", "replace Visa 4242", "nor to Amex 0005, and it is not tried again. Replace them or pay"),
    ],
)
def test_both_that_failed_are_named_with_what_comes_next(own: str, backup: str, subject: str, sentence: str) -> None:
    found = letter(own, backup, "en")
    assert subject in found[0] and sentence in found[1]
    assert "ook niet van Amex 0005" in letter(own, backup, "nl")[1]
