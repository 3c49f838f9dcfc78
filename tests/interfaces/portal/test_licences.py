"""Licences in the portal: the list, who holds one, assigning many at once, choosing who keeps one, requests."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.licensing.models import Assignment, LicenceRequest
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from tests.support.organisation import Organisation, founded, shrunk_planner
from tests.support.portal import signed_in

PREMIUM = "/licences/business-premium/assign"


def held(organisation: Organisation, product: str, *, suspended: bool = False) -> set[int]:
    rows = Assignment.objects.filter(account_id=organisation.account, product=product)
    return set(rows.filter(suspended_on__isnull=not suspended).values_list("user_id", flat=True))


def check(client: Client, path: str, **fields: Any) -> Any:
    """What the assign sheet found for a form."""
    answer = client.post(path, fields)
    assert answer.status_code == 200, answer.content.decode()
    return answer.context


def confirm(client: Client, path: str, context: Any, **more: Any) -> str:
    """Press the sheet's button; the receipt as text."""
    outcome = context["shown"].outcome
    assert outcome is not None, context["shown"]
    answer = client.post(path, {"token": outcome.token, **dict(outcome.hidden), **more})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"]).content.decode().replace("\u00a0", " ")


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def address(organisation: Organisation, *numbers: int) -> str:
    return "\n".join(organisation.user(f"s{number}").email for number in numbers)


@pytest.fixture
def shrunk(db: None) -> Organisation:
    """Five people on Planner, of whom the two newest are suspended."""
    return shrunk_planner()


# ---- the list -------------------------------------------------------------------------------------------------------


def test_list_is_filtered_sorted_and_summed(troubled: Organisation) -> None:
    client = signed_in(troubled)
    page = client.get("/licences").context["page"]
    assert page.sums.bought == sum(row.pool.bought for row in page.rows) > 0
    assert page.sums.idle_minor == sum(row.pool.idle_minor for row in page.rows)
    suspended = client.get("/licences?show=suspended").context["page"]
    assert {row.product for row in suspended.rows} == {"planner-3", "exchange-1"}
    assert page.counts["suspended"] == 2
    none = client.get("/licences?show=none").context["page"].rows
    assert none and all(row.pool.available == 0 for row in none)
    costs = [row.pool.idle_minor for row in client.get("/licences?sort=cost&order=down").context["page"].rows]
    assert costs == sorted(costs, reverse=True)
    assert client.get("/licences?show=nonsense&sort=nonsense").context["page"].rows


def test_list_is_searched_by_product_and_by_user(troubled: Organisation) -> None:
    client, user = signed_in(troubled), troubled.user("s0")
    assert [row.product for row in client.get("/licences?search=visio").context["page"].rows] == ["visio-2"]
    found = client.get("/licences", {"search": user.email})
    products = {row.product for row in found.context["page"].rows}
    assert products == {"business-standard", "planner-3", "exchange-1", "entra-p1"}
    assert f"/licences/planner-3?search={user.email.replace('@', '%40')}" in found.content.decode()
    assert "No product matches" in client.get("/licences?search=zzz").content.decode()


def test_list_is_exported_as_it_is_filtered(troubled: Organisation) -> None:
    rows = rows_of(signed_in(troubled).get("/licences.csv?show=suspended"))
    assert rows[0] == [
        "Product", "Bought", "Assigned", "Available", "Suspended", "On subscriptions", "Cost of unassigned", "Currency",
    ]  # fmt: skip
    assert rows[1][:5] == ["Planner and Project Plan 3", "6", "6", "0", "4"]
    assert len(rows) == 3
    plain = signed_in(troubled, "carla").get("/licences.csv")
    assert "Currency" not in plain.content.decode() and "Business Basic" in plain.content.decode()


# ---- who holds one --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["name", "email", "since"])
@pytest.mark.parametrize("order", ["up", "down"])
def test_holders_are_paged_by_key_in_every_order(db: None, sort: str, order: str) -> None:
    found = founded(staff=120)
    found.buy("intune", "intune-1-monthly", 120)
    for first, last in ((60, 120), (0, 60)):
        found.assign("intune-1", first, last)
    client, seen, path = signed_in(found), [], f"/licences/intune-1?sort={sort}&order={order}"
    while path:
        answer = client.get(path)
        seen += [one.user for one in answer.context["page"].holders]
        path = answer.context["next"]
    assert len(seen) == len(set(seen)) == 120
    if sort == "since":
        oldest = [found.users[f"s{number}"] for number in (*range(60, 120), *range(60))]
        assert seen == (oldest[::-1] if order == "down" else oldest)


def test_holders_are_filtered_and_exported(shrunk: Organisation) -> None:
    client = signed_in(shrunk)
    suspended = client.get("/licences/planner-3?show=suspended")
    assert {one.user for one in suspended.context["page"].holders} == held(shrunk, "planner-3", suspended=True)
    rows = rows_of(client.get("/licences/planner-3.csv?show=suspended"))
    assert rows[0] == ["Name", "E-mail", "Through", "Since", "Suspended since", "Also holds"]
    assert [row[4] for row in rows[1:]] == ["2026-01-01", "2026-01-01"]
    assert len(rows_of(client.get("/licences/planner-3.csv"))) == 6


def test_suspended_users_are_named_with_both_ways_out(shrunk: Organisation) -> None:
    html = signed_in(shrunk).get("/licences/planner-3").content.decode().replace("\u00a0", " ")
    for number in (3, 4):
        assert shrunk.user(f"s{number}").name in html
    assert "2 licences are suspended since" in html and "oldest first; on" in html
    assert f"/products/{shrunk.reference('planner')}/licences" in html and "/licences/planner-3/keep" in html


def test_everybody_who_matches_is_taken_back_at_once(contoso: Organisation) -> None:
    client, path = signed_in(contoso), "/licences/business-basic/unassign"
    sheet = client.get(f"{path}?all=yes&search=&show=all")
    assert "Take back 14 licences" in confirm_button(sheet)
    assert "14 licences of Business Basic taken back" in confirm(client, path, sheet.context)
    assert held(contoso, "business-basic") == set()


def confirm_button(answer: Any) -> str:
    return str(answer.context["shown"].outcome.button).replace("\u00a0", " ")


def test_taking_back_says_what_needs_it_and_offers_both(contoso: Organisation) -> None:
    contoso.buy("phone", "teams-phone-monthly", 3)
    user = contoso.users["s0"]
    contoso.give("license.assign", product="teams-phone", users=(user,))
    client, path = signed_in(contoso), "/licences/business-standard/unassign"
    sheet = client.get(f"{path}?users={user}")
    html = sheet.content.decode().replace("\u00a0", " ")
    assert "1 user keeps Teams Phone Standard, which works only with Business Standard" in html
    assert "Take back Teams Phone Standard as well" in html
    both = client.get(f"{path}?users={user}&also=teams-phone")
    assert "1 user keeps" not in both.content.decode().replace("\u00a0", " ")
    confirm(client, path, both.context)
    assert user not in held(contoso, "teams-phone") | held(contoso, "business-standard")


# ---- assigning many -------------------------------------------------------------------------------------------------


def test_five_hundred_pasted_addresses_are_checked_by_a_fixed_number_of_queries(db: None) -> None:
    found = founded(staff=520)
    found.buy("intune", "intune-1-monthly", 510)
    client, path = signed_in(found), "/licences/intune-1/assign"
    check(client, path, typed=address(found, 1))
    counted = []
    for count in (5, 500):
        typed = address(found, *range(count))
        with CaptureQueriesContext(connection) as queries:
            context = check(client, path, typed=typed)
        counted.append(len(queries))
        assert len(context["check"].ok) == count
    assert counted[1] <= counted[0] <= 24
    assert "500 licences of Intune Plan 1 assigned" in confirm(client, path, context)
    assert len(held(found, "intune-1")) == 500


@pytest.mark.parametrize(
    "text",
    [
        "email;name\r\n{0};A\r\n{1};B\r\n",
        "\ufeffName,E-mail\n\"Jansen, A.\",{0}\n\"B\",\"{1}\"\n",
        "{0}\n{1}\n",
        "key\ns30\ns31\n",
        "a\tb\n1\t{0}\n2\t{1}\n",
    ],
)
def test_files_of_every_habit_are_read(contoso: Organisation, text: str) -> None:
    body = text.format(contoso.user("s30").email, contoso.user("s31").email)
    file = SimpleUploadedFile("users.csv", body.encode())
    context = check(signed_in(contoso), "/licences/business-basic/assign", file=file)
    assert context["check"].users == (contoso.users["s30"], contoso.users["s31"])
    assert len(context["wanted"].file_rows) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"a;b\n1;2\n", "No column with addresses was found"),
        (b"\x89PNG\x00\x01\xff", "no text in UTF-8"),
        (b"email\n", "names nobody"),
        (b"", "names nobody"),
        (b"email\n" + b"x@example.com\n" * 150_000, "too large"),
        (b"email\n" + b"x@y.eu\n" * 20_002, "more than 20,000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(contoso: Organisation, body: bytes, said: str) -> None:
    answer = signed_in(contoso).post(
        "/licences/business-basic/assign", {"file": SimpleUploadedFile("users.csv", body)}
    )
    assert said in answer.content.decode()
    assert answer.context["shown"].outcome is None


def test_the_sample_file_is_read_by_the_sheet(contoso: Organisation) -> None:
    client = signed_in(contoso)
    sample = client.get("/licences-sample.csv").content
    context = check(client, "/licences/business-basic/assign", file=SimpleUploadedFile("users.csv", sample))
    assert [one.typed for one in context["check"].unknown] == ["anna.jansen@example.com", "bram.devries@example.com"]


def test_conflicts_are_named_left_out_and_the_rest_goes_on(contoso: Organisation) -> None:
    contoso.buy("premium", "business-premium-monthly", 5)
    inactive = contoso.user("s33")
    inactive.is_active = False
    inactive.save()
    contoso.give("license.assign", product="business-premium", users=(contoso.users["s34"],))
    client, names = signed_in(contoso), {number: contoso.user(f"s{number}").name for number in (0, 34)}
    context = check(client, PREMIUM, typed=address(contoso, 0, 30, 31, 33, 34) + "\nnobody@contoso.example")
    html = client.post(PREMIUM, {"typed": address(contoso, 0)}).content.decode()
    assert f"{names[0]} holds Business Standard, excluded by this product" in html
    found = context["check"]
    assert [len(group) for group in (found.ok, found.holds, found.conflicts, found.unknown, found.inactive)] == [
        2, 1, 1, 1, 1,
    ]  # fmt: skip
    assert "2 licences of Business Premium assigned" in confirm(client, PREMIUM, context)
    assert contoso.users["s0"] in held(contoso, "business-standard")


def test_a_swap_is_one_command(contoso: Organisation) -> None:
    contoso.buy("premium", "business-premium-monthly", 5)
    client, typed = signed_in(contoso), address(contoso, 0, 1, 2)
    one = check(client, PREMIUM, typed=typed, swap=str(contoso.users["s1"]))
    assert (len(one["check"].ok), len(one["check"].conflicts)) == (1, 2)
    every = check(client, PREMIUM, typed=typed, swap="all")
    assert "3 licences of Business Premium assigned" in confirm(client, PREMIUM, every)
    assert len(held(contoso, "business-premium")) == 3
    assert len(held(contoso, "business-standard")) == 6


def test_what_is_required_is_assigned_along(contoso: Organisation) -> None:
    contoso.buy("phone", "teams-phone-monthly", 5)
    client, path = signed_in(contoso), "/licences/teams-phone/assign"
    lacking = check(client, path, typed=address(contoso, 40))
    assert lacking["shown"].outcome is None and lacking["check"].lacking == 1
    given = check(client, path, typed=address(contoso, 40), first=str(contoso.users["s40"]))
    confirm(client, path, given)
    assert contoso.users["s40"] in held(contoso, "teams-phone") & held(contoso, "business-standard")


def test_an_owner_buys_and_assigns_on_one_sheet(contoso: Organisation) -> None:
    client, path = signed_in(contoso), "/licences/business-standard/assign"
    answer = client.post(path, {"typed": address(contoso, 40, 41, 42, 43)})
    html = answer.content.decode().replace("\u00a0", " ")
    assert "1 available, 4 chosen: 3 short" in html
    assert answer.context["shown"].outcome.button == "Buy 3 and assign, pay €24.88 now"
    documents = Document.objects.count()
    receipt = confirm(client, path, answer.context)
    assert "4 licences of Business Standard bought where needed and assigned" in receipt and "€24.88" in receipt
    assert Document.objects.count() == documents + 1
    row = SubscriptionRow.objects.get(account_id=contoso.account, id=contoso.ids["standard"])
    assert row.seats == 13 and len(held(contoso, "business-standard")) == 13


def test_a_licence_administrator_asks_who_can_buy(contoso: Organisation) -> None:
    client, path = signed_in(contoso, "carla"), "/licences/business-standard/assign"
    answer = client.post(path, {"typed": address(contoso, 40, 41, 42, 43)})
    html = answer.content.decode().replace("\u00a0", " ")
    assert "Ask Anna Jansen and Bram de Vries to buy 3." in html
    assert "mailto:anna.jansen@contoso.example,bram.devries@contoso.example?subject=3%20licences%20more" in html
    assert answer.context["shown"].outcome is None and "€" not in html
    before = held(contoso, "business-standard")
    users = ",".join(str(contoso.users[f"s{number}"]) for number in (40, 41, 42, 43))
    assert client.post(path, {"token": "x", "chosen": users}).status_code in (409, 422)
    assert held(contoso, "business-standard") == before


def test_licences_are_added_to_the_subscription_that_is_chosen(contoso: Organisation) -> None:
    second = contoso.buy("second", "business-standard-yearly", 1)
    contoso.give("license.assign", product="business-standard", users=(contoso.users["s30"], contoso.users["s31"]))
    client, path = signed_in(contoso), "/licences/business-standard/assign"
    context = check(client, path, typed=address(contoso, 40), buy=str(second))
    confirm(client, path, context)
    assert SubscriptionRow.objects.get(account_id=contoso.account, id=second).seats == 2


def test_a_double_click_assigns_once(contoso: Organisation) -> None:
    client, path = signed_in(contoso), "/licences/business-basic/assign"
    outcome = check(client, path, typed=address(contoso, 30))["shown"].outcome
    fields = {"token": outcome.token, **dict(outcome.hidden)}
    first, second = client.post(path, fields), client.post(path, fields)
    assert first["Location"] == second["Location"]


def test_users_of_another_organisation_are_never_found(contoso: Organisation) -> None:
    from seatkeeper.domain.identity.models import User

    other = User.objects.filter(account_id=contoso.stranger)[0]
    client = signed_in(contoso)
    context = check(client, "/licences/business-basic/assign", typed=other.email, users=[str(other.id)])
    assert [one.outcome for one in context["page"].candidates] == ["unknown"]
    assert other.email not in client.get("/licences/business-basic/users", {"q": other.email}).content.decode()


def test_options_of_the_combobox_come_by_key(contoso: Organisation) -> None:
    client, path = signed_in(contoso), "/licences/business-basic/users"
    first = client.get(path, {"q": "contoso"}).content.decode()
    more = re.search(r'data-more="([^"]+)"', first)
    assert first.count("data-user=") == 20 and more
    second = client.get(path, {"q": "contoso", "after": more[1]}).content.decode()
    ids = re.findall(r'data-user="(\d+)"', first + second)
    assert len(ids) == len(set(ids)) == 40
    assert str(contoso.users["s10"]) not in ids  # holds it already
    assert "No user matches" in client.get(path, {"q": "zzzz"}).content.decode()
    assert signed_in(contoso, "daan").get(path, {"q": "finn"}).status_code == 404


# ---- who keeps one --------------------------------------------------------------------------------------------------


def test_who_keeps_a_licence_is_exchanged(shrunk: Organisation) -> None:
    client, path = signed_in(shrunk, "carla"), "/licences/planner-3/keep"
    back, instead = shrunk.users["s4"], shrunk.users["s0"]
    assert client.get(f"{path}?back={back}").context["shown"].outcome is None
    sheet = client.get(f"{path}?back={back}&instead={instead}")
    assert "1 licence of Planner and Project Plan 3 exchanged" in confirm(client, path, sheet.context)
    assert held(shrunk, "planner-3", suspended=True) == {shrunk.users["s0"], shrunk.users["s3"]}


def test_a_booked_reduction_names_whom_it_touches_and_lets_one_choose(contoso: Organisation) -> None:
    booked = {"subscription": contoso.ids["standard"], "seats": 7, "when": "renewal"}
    contoso.give("subscription.set_seats", **booked)
    client, path, reference = signed_in(contoso), "/licences/business-standard/keep", contoso.reference("standard")
    page = client.get("/licences/business-standard")
    assert [one.user for one in page.context["page"].cuts[0].who] == [contoso.users["s8"], contoso.users["s7"]]
    assert "the newest first" in page.content.decode()
    fields = f"booking={reference}&search=&instead={contoso.users['s0']}"
    sheet = client.get(f"{path}?{fields}")
    assert "those you chose first" in sheet.content.decode() and "drops the booked" not in sheet.content.decode()
    confirm(client, path, sheet.context)
    after = client.get("/licences/business-standard").context["page"].cuts[0]
    assert [one.user for one in after.who] == [contoso.users["s0"], contoso.users["s8"]]
    again = client.get(f"{path}?booking={reference}")
    assert [one.user for one in again.context["page"].chosen] == [contoso.users["s0"]]
    contoso.move(contoso.now + timedelta(days=20))
    assert held(contoso, "business-standard", suspended=True) == {contoso.users["s0"], contoso.users["s8"]}


def test_who_may_not_change_a_subscription_does_not_choose_for_its_booking(contoso: Organisation) -> None:
    contoso.give("subscription.set_seats", subscription=contoso.ids["standard"], seats=7, when="renewal")
    reference = contoso.reference("standard")
    answer = signed_in(contoso, "carla").get(
        f"/licences/business-standard/keep?booking={reference}&instead={contoso.users['s0']}"
    )
    assert answer.context["shown"].outcome is None and "Anna Jansen" in answer.content.decode()
    nothing = signed_in(contoso).get(f"/licences/business-basic/keep?booking={reference}")
    assert nothing.status_code == 404


# ---- my licences, requests ------------------------------------------------------------------------------------------


def test_a_user_sees_their_own_licences_and_asks_for_another(contoso: Organisation) -> None:
    contoso.give("license.assign", product="business-basic", users=(contoso.users["eva"],))
    client = signed_in(contoso, "eva")
    assert client.get("/")["Location"] == "/me"
    page = client.get("/me")
    assert [one.name for one in page.context["page"].licences] == ["Business Basic"]
    html = page.content.decode()
    assert html.count('<nav class="nav"') == 1 and 'href="/products"' not in html and "€" not in html
    asked = client.post("/me/requests", {"product": "business-standard", "note": "For the <b>project</b>"})
    assert asked["Location"] == "/me"
    html = client.get("/me").content.decode()
    assert "For the &lt;b&gt;project&lt;/b&gt;" in html and "Waiting" in html
    again = client.post("/me/requests", {"product": "business-standard", "note": "Again"})
    assert again.status_code == 422 and "the request is waiting for an answer" in again.content.decode()
    assert ">Again</textarea>" in again.content.decode()
    request = LicenceRequest.objects.get()
    assert client.post(f"/me/requests/{request.id}/withdraw")["Location"] == "/me"
    assert "Withdrawn" in client.get("/me").content.decode()
    assert client.post(f"/me/requests/{request.id}/withdraw").status_code == 422


def test_everybody_else_finds_their_own_licences_in_the_menu(contoso: Organisation) -> None:
    for person in ("anna", "bram", "carla", "daan"):
        client = signed_in(contoso, person)
        assert '<a href="/me">' in client.get("/products").content.decode()
        assert client.get("/me").status_code == 200


def asked(organisation: Organisation, product: str, person: str = "eva") -> int:
    signed_in(organisation, person).post("/me/requests", {"product": product, "note": "It is for the project"})
    return LicenceRequest.objects.get(user_id=organisation.users[person], product=product).pk


def test_a_request_is_approved_on_the_sheet(contoso: Organisation) -> None:
    number, client = asked(contoso, "business-basic"), signed_in(contoso, "carla")
    assert "1 request for Business Basic" in client.get("/licences").content.decode().replace("\u00a0", " ")
    assert "It is for the project" in client.get("/licences/business-basic/requests").content.decode()
    path = f"/licences/business-basic/requests/{number}"
    sheet = client.get(path)
    assert "1 licence of Business Basic assigned" in confirm(client, path, sheet.context, note="Here you are")
    html = signed_in(contoso, "eva").get("/me").content.decode()
    assert "Approved" in html and "Here you are" in html and "Carla Smit" in html
    assert "already answered" not in html
    assert client.get(path).context["shown"].outcome is None
    outcome = sheet.context["shown"].outcome
    assert client.post(path, {"token": outcome.token, **dict(outcome.hidden)}).status_code == 302  # a double click


def test_a_request_is_declined_with_a_note(contoso: Organisation) -> None:
    number, client = asked(contoso, "business-basic"), signed_in(contoso)
    path = f"/licences/business-basic/requests/{number}"
    button = client.get(f"{path}?answer=decline").context["shown"].outcome.button
    assert button == "Decline the request"
    answer = client.post(path, {"answer": "decline", "note": "Use Teams"})
    assert answer["Location"] == "/licences/business-basic/requests"
    html = signed_in(contoso, "eva").get("/me").content.decode()
    assert "Declined" in html and "Use Teams" in html
    assert client.post(path, {"answer": "decline"}).status_code == 422


def test_an_owner_buys_for_a_request_and_others_ask(contoso: Organisation) -> None:
    contoso.give("license.assign", product="business-standard", users=(contoso.users["s40"],))
    number = asked(contoso, "business-standard")
    path = f"/licences/business-standard/requests/{number}"
    carla = signed_in(contoso, "carla").get(path)
    assert "to buy 1." in carla.content.decode() and carla.context["shown"].outcome is None
    client = signed_in(contoso)
    sheet = client.get(path)
    assert sheet.context["shown"].outcome.button == "Buy 1 and assign, pay €8.29 now"
    confirm(client, path, sheet.context)
    assert contoso.users["eva"] in held(contoso, "business-standard")
    assert LicenceRequest.objects.get(id=number).status == "approved"


def test_requests_of_others_are_not_there(contoso: Organisation) -> None:
    number = asked(contoso, "business-basic")
    assert signed_in(contoso, "daan").post(f"/me/requests/{number}/withdraw").status_code == 404
    assert signed_in(contoso).get(f"/licences/visio-2/requests/{number}").status_code == 404
    assert signed_in(contoso).get("/licences/planner-3/requests").status_code == 404
    reader = signed_in(contoso, "daan")
    sheet = reader.get(f"/licences/business-basic/requests/{number}")
    assert sheet.context["shown"].outcome is None
    reader.post(f"/licences/business-basic/requests/{number}", {"answer": "decline"})
    assert LicenceRequest.objects.get(id=number).status == "open"


def test_pages_take_as_many_queries_with_many_holders_as_with_few(db: None) -> None:
    found = founded(staff=400)
    found.buy("intune", "intune-1-monthly", 400)
    client = signed_in(found)
    paths = ("/licences?search=finn", "/licences/intune-1?search=finn&sort=since", "/licences/intune-1/users?q=finn",
             "/licences/intune-1/unassign?all=yes&search=&show=all", "/licences/intune-1.csv", "/me")  # fmt: skip
    counted: list[list[int]] = []
    for first, last in ((0, 10), (10, 390)):
        found.assign("intune-1", first, last)
        counted.append([])
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counted[-1].append(len(queries))
    assert counted[1] == counted[0]
    assert max(counted[1]) <= 24
