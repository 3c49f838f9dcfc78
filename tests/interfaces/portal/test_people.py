"""People and roles: inviting, changing, shutting out; the last owner; strangers; who may."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from seatkeeper.adapters.mail.smtp import SmtpCarrier
from seatkeeper.config.mail import Mail
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.mail.outbox import send_due
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.interfaces.web.letters.compose import compose
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.commands import Actor, Context, call
from seatkeeper.kit.journal.models import Event
from tests.support.carriers import Kept
from tests.support.organisation import Organisation
from tests.support.portal import sign_in_ages, signed_in

pytestmark = pytest.mark.django_db
NEW = {"email": "jan.nieuw@contoso.example", "name": "Jan Nieuw", "role": "reader", "language": "nl"}


def given(contoso: Organisation, person: str, command: str, **arguments: object) -> str | None:
    """The code with which a command by a person is refused; None where it was done."""
    user = contoso.user(person)
    ctx = Context(Actor(user.role, user.id), contoso.account, contoso.now)
    try:
        call(command, ctx, **arguments)
    except Refused as refused:
        return refused.code
    return None


def test_an_invitation_brings_somebody_in_by_a_link_in_their_language(contoso: Organisation) -> None:
    client = signed_in(contoso)
    assert client.post("/account/people/invite", NEW)["Location"] == "/account/people?said=invited"
    carrier = Kept()
    assert send_due(system_now, compose, carrier=carrier).sent == 1
    (sent,) = carrier.parcels
    assert sent.recipients == (NEW["email"],) and "nodigt u uit" in sent.letter.subject
    path = re.search(r"http://localhost:8787(/sign-in/\S+)", sent.letter.text)
    assert path is not None and path[0] in sent.letter.html
    assert "invited" in client.get("/account/people?search=nieuw").content.decode()
    newcomer = Client()
    assert newcomer.post(path[1])["Location"] == "/security/password/set"
    assert newcomer.get("/products").status_code == 200
    event = Event.objects.filter(account_id=contoso.account).order_by("-sequence")[0]
    assert event.kind == "invite_person" and "nieuw" not in event.payload and verify(seller=contoso.seller).ok


def test_what_became_of_an_invitation_stands_on_the_persons_page(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.post("/account/people/invite", NEW)
    page = f"/account/people/{User.objects.get(email=NEW['email']).pk}"
    assert "is on its way" in client.get(page).content.decode()
    down = SmtpCarrier(Mail(host="127.0.0.1", port=9))
    assert send_due(system_now, compose, carrier=down).later == 1
    assert "could not be mailed yet" in client.get(page).content.decode()
    MailRow.objects.filter(kind="invitation").update(due_at=system_now())
    assert send_due(system_now, compose, carrier=Kept()).sent == 1
    assert "The invitation went out on" in client.get(page).content.decode()
    assert client.post(page, {"do": "again"})["Location"] == "/account/people?said=invited"
    assert "is on its way" in client.get(page).content.decode()


def test_a_refused_invitation_keeps_what_was_typed_and_says_why(contoso: Organisation) -> None:
    client = signed_in(contoso)
    before = User.objects.count()
    taken = client.post("/account/people/invite", {**NEW, "email": contoso.user("bram").email.upper()})
    assert taken.status_code == 422 and "in use already" in taken.content.decode()
    assert 'value="Jan Nieuw"' in taken.content.decode()
    assert client.post("/account/people/invite", {**NEW, "email": "no address"}).status_code == 422
    assert User.objects.count() == before and not mail.outbox


def test_the_last_owner_stays(contoso: Organisation) -> None:
    anna, bram = contoso.users["anna"], contoso.users["bram"]
    assert given(contoso, "anna", "person.set_role", user=anna, role="reader") == "last_owner"
    contoso.give("license.assign", product="business-basic", users=(anna,))
    assert given(contoso, "anna", "person.deactivate", user=anna) == "last_owner"
    assert Assignment.objects.filter(account_id=contoso.account, user_id=anna).count() == 1
    assert given(contoso, "anna", "person.set_role", user=bram, role="owner") is None
    assert given(contoso, "anna", "person.set_role", user=anna, role="reader") is None
    assert contoso.user("anna").role == "reader"


def test_shutting_out_ends_sessions_and_takes_licences_back(contoso: Organisation) -> None:
    person, user = signed_in(contoso, "bram"), contoso.users["bram"]
    contoso.give("license.assign", product="business-basic", users=(user,))
    client = signed_in(contoso)
    assert "takes back 1" in client.get(f"/account/people/{user}").content.decode().replace("\xa0", " ")
    assert client.post(f"/account/people/{user}", {"do": "out"})["Location"] == "/account/people?said=out"
    assert person.get("/products").status_code == 302
    assert not Assignment.objects.filter(account_id=contoso.account, user_id=user).exists()
    assert client.post(f"/account/people/{user}", {"do": "in"}).status_code == 302
    assert contoso.user("bram").is_active


def test_links_of_before_the_shutting_out_stay_dead(contoso: Organisation) -> None:
    user, other = contoso.users["bram"], contoso.link("carla")
    links = [contoso.link("bram"), contoso.link("bram")]
    Client().post("/password/forgotten", {"email": contoso.user("bram").email})
    found = re.search(r"http://testserver(/password/new/\S+)", str(mail.outbox[0].body))
    assert found is not None
    assert "password1" in Client().get(found[1], follow=True).content.decode()
    client = signed_in(contoso)
    client.post(f"/account/people/{user}", {"do": "again"})
    client.post(f"/account/people/{user}", {"do": "out"})
    client.post(f"/account/people/{user}", {"do": "in"})
    for link in links:
        assert Client().post(link).status_code == 410
    assert "used already" in Client().get(found[1], follow=True).content.decode()
    assert MailRow.objects.get(kind="invitation").state == "dropped"
    assert Client().post(other)["Location"] == "/", "of others"
    assert Client().post(contoso.link("bram")).status_code == 302, "and new ones"


@pytest.mark.parametrize(
    ("person", "command", "arguments", "code"),
    [
        ("bram", "person.invite", {"email": "x@y.example"}, "not_permitted"),
        ("carla", "person.invite", {"email": "x@y.example"}, "not_permitted"),
        ("daan", "person.set_role", {"role": "owner"}, "not_permitted"),
        ("bram", "person.deactivate", {}, "not_permitted"),
        ("eva", "person.reactivate", {}, "not_permitted"),
    ],
)
def test_only_owners_and_user_administrators_manage_people(
    contoso: Organisation, person: str, command: str, arguments: dict[str, object], code: str
) -> None:
    user = {} if command == "person.invite" else {"user": contoso.users["eva"]}
    assert given(contoso, person, command, **user, **arguments) == code


def test_a_user_administrator_manages_users_and_no_roles(contoso: Organisation) -> None:
    User.objects.filter(id=contoso.users["carla"]).update(role="user_administrator")
    assert given(contoso, "carla", "person.invite", email="x@y.example") is None
    assert given(contoso, "carla", "person.invite", email="z@y.example", role="owner") == "not_permitted"
    assert given(contoso, "carla", "person.deactivate", user=contoso.users["anna"]) == "not_permitted"
    assert given(contoso, "carla", "person.deactivate", user=contoso.users["s1"]) is None


def test_who_can_change_a_person_is_named(contoso: Organisation) -> None:
    User.objects.filter(id=contoso.users["bram"]).update(role="user_administrator")
    client, bram = signed_in(contoso, "carla"), contoso.user("bram").name
    said = {
        whose: re.findall(r"needs another role: (.*?) can do it", client.get(f"/account/people/{id_}").content.decode())
        for whose, id_ in (("user", contoso.users["s1"]), ("owner", contoso.users["anna"]))
    }
    assert bram in said["user"][0] and bram not in said["owner"][0]


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "javascript:alert(1)"])
def test_a_proof_leads_nowhere_else(contoso: Organisation, elsewhere: str) -> None:
    client = sign_in_ages(signed_in(contoso))
    assert elsewhere not in client.get("/security/prove", {"next": elsewhere}).content.decode()
    assert signed_in(contoso).get("/security/prove", {"next": elsewhere})["Location"] == "/"


def test_a_person_of_another_organisation_is_not_there(contoso: Organisation) -> None:
    stranger = User.objects.filter(account_id=contoso.stranger).first()
    assert stranger is not None
    client = signed_in(contoso)
    assert client.get(f"/account/people/{stranger.id}").status_code == 404
    assert given(contoso, "anna", "person.set_role", user=stranger.id, role="reader") == "not_found"


def test_a_change_of_roles_asks_for_a_recent_sign_in_and_comes_back_filled_in(contoso: Organisation) -> None:
    client = sign_in_ages(signed_in(contoso))
    user = contoso.users["bram"]
    away = client.post(f"/account/people/{user}", {"do": "role", "role": "reader"})
    assert away["Location"].startswith("/security/prove?next=") and contoso.user("bram").role != "reader"
    assert "role%3Dreader" in away["Location"]
    asked = client.get(away["Location"])
    assert "sign-in link by mail" in asked.content.decode()
    client.post(away["Location"])
    path = re.search(r"http://testserver(/sign-in/\S+)", mail.outbox[0].body)
    assert path is not None
    client.post(path[1])
    assert client.post(f"/account/people/{user}", {"do": "role", "role": "reader"}).status_code == 302
    assert contoso.user("bram").role == "reader"


def test_ten_thousand_people_are_paged_by_name(contoso: Organisation) -> None:
    client = signed_in(contoso)
    first = client.get("/account/people?role=user")
    page = first.context["page"]
    assert len(page.rows) == 50 and page.total == 61
    second = client.get(first.context["next"]).context["page"]
    names = [one.name for one in (*page.rows, *second.rows)]
    assert names == sorted(names) and len(set(names)) == 61
