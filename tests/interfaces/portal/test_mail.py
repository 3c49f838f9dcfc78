"""The pages that show every mail with the organisation's own data."""

from __future__ import annotations

import pytest

from seatkeeper.domain.mail.recipients import language_for
from seatkeeper.interfaces.portal.mail_words import NAMES
from seatkeeper.interfaces.web.letters.compose import KINDS
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_every_kind_is_named_and_nothing_else() -> None:
    assert set(NAMES) == set(KINDS)


def test_each_mail_is_shown_in_both_forms_to_those_who_get_it(troubled: Organisation) -> None:
    client = signed_in(troubled)
    listed = client.get("/account/mail").content.decode()
    for kind in KINDS:
        assert f'href="/account/mail/{kind}"' in listed
        page = client.get(f"/account/mail/{kind}?lang=nl")
        assert page.status_code == 200 and "frame-src 'self'" in page["Content-Security-Policy"]
        shown = page.context["shown"]
        drawn = client.get(f"/account/mail/{kind}/letter?lang=nl")
        if shown is None:
            assert kind in ("losing_access", "card_expiring") or kind.startswith("licence_request"), kind
            assert "nothing that this mail" in page.content.decode() and drawn.status_code == 404
            continue
        assert shown.letter.language == "nl" and drawn.content.decode() == shown.letter.html
    page = client.get("/account/mail/invoice")
    assert "anna.jansen@contoso.example" in page.content.decode() and "PDF" in page.content.decode()
    assert page.context["shown"].letter.language == language_for(troubled.account, "invoice", {}) == "en"


def test_a_letter_shown_may_do_nothing(troubled: Organisation) -> None:
    answer = signed_in(troubled).get("/account/mail/order/letter")
    policy = dict(one.partition(" ")[::2] for one in answer["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "base-uri": "'none'", "form-action": "'none'",
        "frame-ancestors": "'self'", "sandbox": "",
    }
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = signed_in(troubled).get("/account/mail/order")
    assert "unsafe" not in page["Content-Security-Policy"] and page["X-Frame-Options"] == "DENY"


def test_without_money_there_are_no_letters(troubled: Organisation) -> None:
    client = signed_in(troubled, "carla")
    for path in ("/account/mail", "/account/mail/order", "/account/mail/order/letter"):
        answer = client.get(path)
        assert answer.status_code == 403 and "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert "/account/mail" not in client.get("/account").content.decode()
    owner = signed_in(troubled)
    assert "/account/mail" in owner.get("/account").content.decode()
    assert owner.get("/account/mail/nothing").status_code == 404
