"""Payment methods: what each pays, until when, and which is not tried any more (SCREENS.md 4.6)."""

from __future__ import annotations

import re
from datetime import date

from seatkeeper.domain.payments.models import Method
from tests.support.organisation import SEPA, Organisation
from tests.support.portal import signed_in


def rows(organisation: Organisation, person: str = "anna") -> list[str]:
    """The rows of the table as text."""
    html = signed_in(organisation, person).get("/bills/methods").content.decode()
    body = html[html.index("<tbody") : html.index("</tbody>")]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def test_methods_say_what_they_pay_and_which_is_the_default(contoso: Organisation) -> None:
    card, debit = rows(contoso)
    assert "4242" in card and "Default method" in card and "4 subscriptions" in card.replace("\u00a0", " ")
    assert "4300" in debit and "nothing" in debit and "Default method" not in debit


def test_blocked_and_expired_methods_say_so_in_words(contoso: Organisation) -> None:
    Method.objects.filter(account_id=contoso.account, id=SEPA).update(blocked=True)
    Method.objects.filter(account_id=contoso.account, id=1).update(expires_on=date(2026, 2, 28))
    card, debit = rows(contoso)
    assert "Expired" in card and "February 2026" in card
    assert "Refused before; not tried again." in debit


def test_replaced_methods_and_other_organisations_are_not_listed(contoso: Organisation) -> None:
    Method.objects.filter(account_id=contoso.account, id=SEPA).update(replaced_by=1)
    Method.objects.filter(account_id=contoso.stranger).update(brand="Stranger", last_four="9999")
    assert len(rows(contoso)) == 1 and "9999" not in rows(contoso)[0]


def test_a_reader_sees_methods_and_a_user_without_money_does_not(contoso: Organisation) -> None:
    assert len(rows(contoso, "daan")) == 2
    assert signed_in(contoso, "eva").get("/bills/methods").status_code == 403
