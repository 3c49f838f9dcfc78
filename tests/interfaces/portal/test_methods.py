"""Payment methods: what each pays, until when, and which is not tried any more (SCREENS.md 4.6)."""

from __future__ import annotations

import re
from datetime import date

from seatkeeper.domain.accounts.models import Account
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


def backup_of(organisation: Organisation) -> int | None:
    return Account.objects.get(id=organisation.account).backup_method


def test_a_backup_is_chosen_by_one_click_and_taken_back_by_another(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = client.get("/bills/methods").content.decode()
    assert page.count('formaction="/bills/methods/2/backup"') == 1 and "methods/1/backup" not in page
    answer = client.post(f"/bills/methods/{SEPA}/backup")
    said = client.get(answer["Location"]).content.decode()
    assert backup_of(contoso) == SEPA and "SEPA ending 4300 is the backup now" in said
    assert "Backup method" in rows(contoso)[1] and "No longer backup" in rows(contoso)[1]
    assert client.post(f"/bills/methods/{SEPA}/backup")["Location"].endswith(f"?backup={SEPA}"), "twice is once"
    back = client.post(f"/bills/methods/{SEPA}/backup", {"do": "none"})
    assert "There is no backup method any more." in client.get(back["Location"]).content.decode()
    assert backup_of(contoso) is None and "Make backup" in rows(contoso)[1]


def test_what_cannot_be_the_backup_says_why(contoso: Organisation) -> None:
    client = signed_in(contoso)
    answer = client.post("/bills/methods/1/backup")
    assert answer.status_code == 422 and "The default method is charged first anyway" in answer.content.decode()
    Method.objects.filter(account_id=contoso.account, id=SEPA).update(expires_on=date(2026, 2, 28))
    assert "Make backup" not in rows(contoso)[1]
    dutch = signed_in(contoso)
    dutch.cookies["language"] = "nl"
    assert "Deze kaart is verlopen" in dutch.post(f"/bills/methods/{SEPA}/backup").content.decode()
    assert client.post("/bills/methods/99/backup").status_code == 404
    assert client.get(f"/bills/methods/{SEPA}/backup")["Location"] == "/bills/methods"
    assert signed_in(contoso, "daan").post("/bills/methods/2/backup").status_code == 422 and backup_of(contoso) is None


def test_the_removal_of_a_backup_says_what_follows(contoso: Organisation) -> None:
    contoso.give("payment_method.set_backup", method=SEPA)
    third = contoso.give("payment_method.replace", old=None, token="sandbox_ok", label="Amex 0005").method
    client = signed_in(contoso)
    sheet = client.get(f"/bills/methods/{SEPA}/remove")
    assert "It is the backup method." in sheet.content.decode()
    assert [(one.label, one.was, one.becomes) for one in sheet.context["shown"].outcome.changes] == [
        ("Backup method", "SEPA ending 4300", "none")
    ]
    assert 'value="1"' not in sheet.content.decode(), "the default cannot be it"
    chosen = client.get(f"/bills/methods/{SEPA}/remove?to-method={third}")
    assert chosen.context["shown"].outcome.changes[-1].becomes == "Amex 0005"
    token = chosen.context["shown"].outcome.token
    client.post(f"/bills/methods/{SEPA}/remove", {"to-method": str(third), "token": token})
    assert backup_of(contoso) == third and len(rows(contoso)) == 2


def test_a_subscription_names_the_backup_behind_its_own(contoso: Organisation) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}"
    assert "backup:" not in client.get(path).content.decode()
    contoso.give("payment_method.set_backup", method=SEPA)
    assert "backup: SEPA ending 4300" in client.get(path).content.decode()
    contoso.give("subscription.set_payment_method", subscription=contoso.ids["standard"], method=SEPA)
    assert "backup:" not in client.get(path).content.decode(), "it is that one itself"
