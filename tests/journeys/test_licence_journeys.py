"""Licences in a real browser: many at once, conflicts, the combobox by keyboard alone, requests, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from seatkeeper.domain.licensing.models import Assignment
from tests.support.browser import new_context
from tests.support.organisation import Organisation, founded, shrunk_planner
from tests.support.steps import Person, faults

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores

CLIPBOARD = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const pasting = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasting));
}"""


def held(organisation: Organisation, product: str) -> set[int]:
    rows = Assignment.objects.filter(account_id=organisation.account, product=product, suspended_on=None)
    return set(rows.values_list("user_id", flat=True))


def combobox(page: Page, name: str = "Users") -> Any:
    return page.get_by_role("combobox", name=name)


def opened_sheet(person: Person, product: str) -> Page:
    person.open(f"/licences/{product}").follow("Assign licences")
    expect(combobox(person.page)).to_be_focused()
    return person.page


@pytest.fixture
def large(transactional_db: None) -> Organisation:
    """An organisation of 520 people with 505 licences of Intune."""
    found = founded(staff=520)
    found.buy("intune", "intune-1-monthly", 505)
    return found


@pytest.fixture
def shrunk(transactional_db: None) -> Organisation:
    """Five people on Planner, of whom the two newest are suspended."""
    return shrunk_planner()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of 390 pixels in each colour scheme."""
    context = new_context(browser, width=390, height=844, dark=request.param == "dark")
    yield context.new_page()
    context.close()


def test_500_pasted_addresses_become_rows_at_once(large: Organisation, live_server: Any, page: Page) -> None:
    from seatkeeper.domain.identity.models import User

    anna = Person(page, live_server.url).sign_in(large.link())
    rows = User.objects.filter(account_id=large.account, role="user").order_by("id").values_list("email", flat=True)
    addresses = list(rows)[:500]
    opened_sheet(anna, "intune-1")
    page.evaluate(CLIPBOARD, "\n".join([*addresses, "nobody@contoso.example"]))
    expect(page.locator(".check-table")).to_contain_text(re.compile("500.users can be given a licence"))
    expect(page.locator("#sheet-status")).to_contain_text("Assign 500")
    page.get_by_role("link", name="Correct nobody@contoso.example").click()
    expect(page.get_by_label("Names and addresses")).to_be_focused()
    page.keyboard.type("anna.jansen@contoso.example")
    anna.press(re.compile("Assign 501"))
    assert anna.receipt() == "501 licences of Intune Plan 1 assigned"
    assert len(held(large, "intune-1")) == 501


def test_users_are_chosen_by_keyboard_alone(anna: Person, contoso: Organisation) -> None:
    page = opened_sheet(anna, "business-basic")
    keys = page.keyboard
    keys.type("gijs")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert not faults(page)
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    second = page.locator("[role=option][aria-selected=true]")
    name = second.get_attribute("data-name")
    expect(combobox(page)).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    keys.press("Enter")
    expect(page.get_by_role("list", name="Chosen users")).to_contain_text(name or "")
    keys.press("ArrowDown")
    expect(options).to_have_count(21)
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(page.locator("[data-user]")).to_have_count(40)
    keys.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("dialog[open]")).to_be_visible()
    keys.press("ArrowDown")
    expect(options.first).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("[data-picked] li")).to_have_count(2)
    keys.press("Backspace")
    expect(page.locator("[data-picked] li")).to_have_count(1)
    anna.settled()
    confirm = page.get_by_role("button", name=re.compile("Assign 1"))
    for _ in range(20):
        if confirm.evaluate("button => button === document.activeElement"):
            break
        keys.press("Tab")
    keys.press("Enter")
    assert anna.receipt() == "1 licence of Business Basic assigned"
    assert contoso.user_named(name or "") in held(contoso, "business-basic")


def test_a_file_is_checked_and_conflicts_are_named(anna: Person, contoso: Organisation, tmp_path: Path) -> None:
    contoso.buy("premium", "business-premium-monthly", 3)
    people = [contoso.user(f"s{number}") for number in (0, 1, 30)]
    file = tmp_path / "users.csv"
    file.write_text("name;email\r\n" + "".join(f"{one.name};{one.email}\r\n" for one in people), encoding="utf-8-sig")
    page = opened_sheet(anna, "business-premium")
    page.get_by_label(re.compile("Or a CSV file")).set_input_files(file)
    table = page.locator(".check-table")
    expect(table).to_contain_text(re.compile("3.rows read from the file"))
    expect(table).to_contain_text(f"{people[0].name} holds Business Standard, excluded by this product")
    assert not faults(page)
    page.get_by_role("checkbox", name=f"Swap {people[0].name}").check()
    expect(table).to_contain_text(f"{people[0].name} gives back Business Standard")
    anna.press(re.compile("Assign 2"))
    assert anna.receipt() == "2 licences of Business Premium assigned"
    assert held(contoso, "business-premium") == {people[0].id, people[2].id}
    assert people[1].id in held(contoso, "business-standard")


def test_buying_and_assigning_is_one_sheet_in_dutch(anna: Person, contoso: Organisation) -> None:
    anna.open("/preferences/language/nl?next=/licences/business-standard").follow("Licenties toewijzen")
    page = anna.page
    expect(combobox(page, "Gebruikers")).to_be_focused()
    page.keyboard.insert_text(", ".join(contoso.user(f"s{number}").email for number in (40, 41, 42)))
    expect(page.locator("#outcome")).to_contain_text("1 beschikbaar, 3 gekozen: 2 te weinig")
    assert not faults(page)
    anna.press(re.compile("2 kopen en toewijzen, nu €.16,59 betalen"))
    assert anna.receipt() == "3 licenties van Business Standard zo nodig gekocht en toegewezen"


def test_who_keeps_a_licence_is_chosen(shrunk: Organisation, live_server: Any, scheme: Page) -> None:
    anna = Person(scheme, live_server.url).sign_in(shrunk.link())
    anna.open("/licences?show=suspended")
    assert not faults(scheme)
    anna.follow("2 suspended: resolve")
    expect(scheme.locator("h1")).to_have_text("Planner and Project Plan 3")
    assert not faults(scheme)
    anna.follow("Choose who keeps one")
    scheme.get_by_role("checkbox", name=re.compile(f"^{shrunk.user('s4').name} ")).check()
    scheme.get_by_role("checkbox", name=re.compile(f"^{shrunk.user('s0').name} ")).check()
    anna.press("Exchange 1 licence")
    assert anna.receipt() == "1 licence of Planner and Project Plan 3 exchanged"
    assert shrunk.users["s4"] in held(shrunk, "planner-3")
    assert scheme.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_chosen_and_all_who_match_are_taken_back_by_two_clicks(anna: Person, contoso: Organisation) -> None:
    anna.open("/licences/business-basic")
    anna.page.get_by_role("checkbox", name="Choose all on this page").check()
    expect(anna.page.locator("[data-selected]")).to_have_text("14 chosen")
    anna.count_from_here()
    anna.press("Take back from the chosen")
    anna.press("Take back 14 licences")
    assert anna.receipt() == "14 licences of Business Basic taken back"
    assert anna.clicks == 2 and held(contoso, "business-basic") == set()


def test_a_request_is_made_and_approved(contoso: Organisation, live_server: Any, browser: Browser) -> None:
    eva_context, carla_context = new_context(browser), new_context(browser, dark=True)
    eva = Person(eva_context.new_page(), live_server.url).sign_in(contoso.link("eva"))
    eva.open("/me")
    expect(eva.page.get_by_role("navigation", name="Pages").get_by_role("link")).to_have_text(["My licences"])
    eva.page.get_by_label("Product", exact=True).select_option(label="Business Basic")
    eva.enter("Note (optional)", "For the project")
    eva.press("Request licence")
    expect(eva.page.locator(".requests")).to_contain_text("Waiting")
    assert not faults(eva.page)
    carla = Person(carla_context.new_page(), live_server.url).sign_in(contoso.link("carla"))
    carla.open("/licences").follow(re.compile("1.request for Business Basic"))
    expect(carla.page.locator("h1")).to_have_text("Business Basic")
    assert not faults(carla.page)
    carla.follow("Answer Eva Visser")
    expect(carla.page.get_by_role("button", name="Approve and assign")).to_be_visible()
    carla.enter("Note to Eva Visser (optional)", "Here you are")
    assert not faults(carla.page)
    carla.press("Approve and assign")
    assert carla.receipt() == "1 licence of Business Basic assigned"
    eva.open("/me")
    expect(eva.page.locator("main")).to_contain_text("Here you are")
    expect(eva.page.get_by_role("table", name="My licences")).to_contain_text("Business Basic")
    eva_context.close()
    carla_context.close()


def test_licences_are_assigned_without_scripts(
    anna_without_scripts: Person, contoso: Organisation, tmp_path: Path
) -> None:
    anna, (one, two) = anna_without_scripts, (contoso.user("s30"), contoso.user("s31"))
    file = tmp_path / "users.csv"
    file.write_text(f"{one.email}\n", encoding="utf-8")
    anna.open("/licences/business-basic/assign")
    anna.page.get_by_label(re.compile("Or a CSV file")).set_input_files(file)
    anna.press("Check")
    anna.enter("Names and addresses", two.name)
    anna.press("Check")
    anna.press(re.compile("Assign 2"))
    assert anna.receipt() == "2 licences of Business Basic assigned"
    assert {one.id, two.id} <= held(contoso, "business-basic")
