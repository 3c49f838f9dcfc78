"""Bad scenario and catalogue files: the error names the line, what is wrong, and the nearest right name."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from seatkeeper.core.catalog.prices import VOLUME
from seatkeeper.interfaces.files.catalogue import catalogue_from_text, read_catalogue
from seatkeeper.interfaces.files.nodes import MOST_BYTES, compose, read_text
from seatkeeper.interfaces.files.problems import BadFile
from seatkeeper.interfaces.scenario.compare import differences
from seatkeeper.interfaces.scenario.files import found_files, read_scenario, scenario_from_text, schemas
from tests.support.sources import PACKAGE, ROOT

GOOD = """\
scenario: A story
catalog:
  products:
  - id: basic
    name: Basic
    plans:
    - id: basic-monthly
      term: P1M
      billing: P1M
      policy: flexible
      prices:
      - {currency: EUR, from: 2020-01-01, per_seat: "6.00"}
accounts:
- {id: acme, country: NL, currency: EUR, timezone: Europe/Amsterdam, payment: card, users: 3}
- {id: zen, country: JP, currency: EUR, timezone: Asia/Tokyo, payment: card}
steps:
- {at: 2026-03-01T09:00, buy: {account: acme, as: s1, plan: basic-monthly, seats: 10}}
- {at: 2026-03-10T12:00, set_seats: {subscription: s1, seats: 12, when: now}}
- {at: 2026-04-15, wait: {}}
"""


def problem(text: str) -> tuple[int, str]:
    """Line and message of the first thing wrong with a scenario."""
    with pytest.raises(BadFile) as caught:
        scenario_from_text(text, "story.yaml")
    first = caught.value.problems[0]
    assert first.where.startswith("story.yaml")
    return first.line, first.message


BAD = {
    "a key that is nearly right": ("    name: Basic", "    nmae: Basic", 5, "did you mean 'name'?"),
    "a key of another word": ("seats: 10}", "quantity: 10}", 17, "did you mean 'seats'?"),
    "a command that is nearly right": ("set_seats:", "set_seat:", 18, "did you mean 'set_seats'?"),
    "two commands in a step": ("wait: {}", "wait: {}, pay: {account: acme}", 19, "not pay and wait together"),
    "no command in a step": (", wait: {}", "", 19, "none is there"),
    "no time in a step": ("at: 2026-04-15, ", "", 19, "a step lacks 'at'"),
    "an unknown plan": ("plan: basic-monthly", "plan: basic-monthy", 17, "did you mean 'basic-monthly'?"),
    "an unknown account": ("account: acme", "account: amce", 17, "did you mean 'acme'?"),
    "a subscription that no step makes": ("subscription: s1", "subscription: s2", 18, "no subscription is called 's2'"),
    "a subscription made twice": (
        "set_seats: {subscription: s1, seats: 12, when: now}",
        "buy: {account: acme, as: s1, plan: basic-monthly, seats: 1}",
        18,
        "the subscription 's1' stands on line 17 already",
    ),
    "a word for a number": ("seats: 10", "seats: ten", 17, "seats: this must be a whole number, not 'ten'"),
    "a quoted number": ("seats: 10", 'seats: "10"', 17, "take the quotes off"),
    "a fraction": ("seats: 10", "seats: 1.5", 17, "must be a whole number, not the number 1.5"),
    "a negative number": ("seats: 10", "seats: -1", 17, "must be 0 or more"),
    "a huge number": ("seats: 10", "seats: 10000001", 17, "can be 10000000 at most"),
    "a number without end": ("seats: 10", "seats: " + "9" * 5000, 17, "can be 10000000 at most"),
    "a date that does not exist": ("from: 2020-01-01", "from: 2020-02-30", 12, "2020-02-30 does not exist"),
    "a time that does not exist": ("2026-03-10T12:00", "2026-03-10T25:00", 18, "does not exist"),
    "a year out of range": ("at: 2026-04-15", "at: 9999-12-31", 19, "out of range"),
    "steps out of order": ("at: 2026-04-15", "at: 2026-03-09", 19, "before the step on line 18"),
    "an unknown currency": ("- {currency: EUR", "- {currency: EURO", 12, "did you mean 'EUR'?"),
    "an unknown country": ("country: NL", "country: UK", 14, "did you mean 'GB'?"),
    "a country in small letters": ("country: NL", "country: nl", 14, "did you mean 'NL'?"),
    "an unknown time zone": ("Europe/Amsterdam", "Europe/Amsterdm", 14, "did you mean 'Europe/Amsterdam'?"),
    "a path as a time zone": ("Europe/Amsterdam", "../../etc/passwd", 14, "no IANA time zone"),
    "an unknown policy": ("policy: flexible", "policy: flexibel", 10, "did you mean 'flexible'?"),
    "a term in words": ("term: P1M", "term: yearly", 8, "did you mean 'P1Y'?"),
    "a billing interval longer than the term": ("billing: P1M", "billing: P1Y", 9, "does not divide the term P1M"),
    "a price with seven decimals": ('"6.00"', '"6.0000001"', 12, "at most 6 decimal places"),
    "a negative price": ('"6.00"', '"-6"', 12, "cannot be negative"),
    "a price in words": ('"6.00"', "free", 12, "is not a price"),
    "a price beyond everything": ('"6.00"', '"1e30"', 12, "is not a price"),
    "two price models": ('per_seat: "6.00"', 'per_seat: "6", flat: "9"', 12, "not per_seat and flat together"),
    "an unknown user": (
        "wait: {}",
        "assign: {account: acme, product: basic, users: [u4]}",
        19,
        "its users are u1 to u3",
    ),
    "a later start that is not later": ("seats: 10}", "seats: 10, start: 2026-03-01}", 17, "must be later"),
    "an alignment with a later start": (
        "wait: {}",
        "buy: {account: acme, as: s2, plan: basic-monthly, seats: 1, align_with: s1, start: 2026-05-01}",
        19,
        "cannot be together",
    ),
    "arguments of wait": ("wait: {}", "wait: {days: 3}", 19, "takes no arguments"),
    "a list for a mapping": (
        "buy: {account: acme, as: s1, plan: basic-monthly, seats: 10}", "buy: [acme]", 17, "must be a mapping",
    ),
    "a key that stands twice": ("    name: Basic\n", "    name: Basic\n    name: Plus\n", 6, "the first is on line 5"),
    "an unknown part of the result": (
        "steps:", "expect: {subscribtions: {}}\nsteps:", 16, "did you mean 'subscriptions'?",
    ),
    "an unknown account in the expectation": (
        "steps:", "expect: {accounts: {acmee: {}}}\nsteps:", 16, "did you mean 'acme'?"
    ),
    "a word of yes and no where text belongs": ("name: Basic", "name: true", 5, "put it in quotes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_error_names_line_and_remedy(name: str) -> None:
    old, new, line, words = BAD[name]
    assert GOOD.count(old) >= 1
    found_line, message = problem(GOOD.replace(old, new, 1))
    assert words in message
    assert found_line == line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        ("- a\n- b\n", "a scenario must be a mapping"),
        ("a: [1, 2\n", "not YAML"),
        ("a: 1\n--- \nb: 2\n", "a second document"),
        ("a: !!python/object/apply:os.system [ls]\n", "tags such as"),
        ("a: !!str 5\n", "tags such as"),
        ("a: &x [*x]\n", "nothing complete is called &x"),
        ("a: *nowhere\n", "nowhere"),
        ("? [a]\n: b\n", "a key must be a word"),
        ("a: " + "[" * 60 + "]" * 60 + "\n", "nested more than"),
        ("a: \x01\n", "not YAML"),
    ],
)
def test_hostile_text_is_refused_in_a_sentence(text: str, words: str) -> None:
    assert words in problem(text)[1]


def test_aliases_cannot_grow_without_bound() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    begun = time.perf_counter()
    assert "aliases" in problem(bomb)[1]
    assert time.perf_counter() - begun < 5


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(BadFile, match="larger than 5 MB"):
        read_scenario(large)
    with pytest.raises(BadFile, match="no such file"):
        read_scenario(tmp_path / "missing.yaml")
    with pytest.raises(BadFile, match="cannot be read"):
        read_scenario(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match="not text in UTF-8"):
        read_text(file, str(file))


def test_all_problems_are_told_in_the_order_of_the_file() -> None:
    text = (
        GOOD.replace("term: P1M", "trem: P1M")
        .replace("payment: card", "payment: cash")
        .replace("seats: 12", "seats: x")
    )
    with pytest.raises(BadFile) as caught:
        scenario_from_text(text, "story.yaml")
    lines = [one.line for one in caught.value.problems]
    assert lines == sorted(lines)
    assert {8, 14, 15, 18} <= set(lines)
    data = caught.value.data("story.yaml")
    assert data["file"] == "story.yaml"
    assert data["error"] == {"where": caught.value.problems[0].where, "message": caught.value.problems[0].message}


def test_on_off_yes_and_no_are_words() -> None:
    assert compose("a: [on, off, yes, no, true, 5, 5.50, ~]", "x").plain() == {
        "a": ["on", "off", "yes", "no", True, 5, "5.50", None]
    }
    text = GOOD.replace("wait: {}", "set_recurring: {subscription: s1, to: off}").replace("name: Basic", "name: no")
    found = scenario_from_text(text, "x")
    assert found.steps[2].arguments == {"subscription": "s1", "to": "off"}
    assert found.catalog.products["basic"].name == "no"


def test_at_is_local_time_of_the_steps_account() -> None:
    text = GOOD.replace(
        "- {at: 2026-04-15, wait: {}}",
        "- {at: 2026-03-28, buy: {account: zen, as: s2, plan: basic-monthly, seats: 1}}\n"
        "- {at: 2026-03-29, undo: {subscription: s2}}\n- {at: 2026-03-30, wait: {}}\n"
        "- {at: 2026-03-30T00:00+02:00, wait: {}}",
    )
    instants = [step.at for step in scenario_from_text(text, "x").steps]
    assert instants == [
        datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
        datetime(2026, 3, 10, 11, 0, tzinfo=UTC),
        datetime(2026, 3, 27, 15, 0, tzinfo=UTC),
        datetime(2026, 3, 28, 15, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
    ]


def test_a_vat_id_counts_as_confirmed_unless_it_says_otherwise() -> None:
    text = GOOD.replace("country: JP", "country: BE, vat_id: BE0123456789")
    found = scenario_from_text(text, "x").accounts
    assert [one.vat_confirmed for one in found] == [False, True]
    again = scenario_from_text(text.replace("BE0123456789", "BE0123456789, vat_id_confirmed: false"), "x").accounts
    assert not again[1].vat_confirmed


def test_folders_are_read_by_name(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "notes.txt"):
        (tmp_path / name).write_text(GOOD)
    assert [file.name for file in found_files([tmp_path])] == ["a.yml", "b.yaml"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match="no scenario file"):
        found_files([tmp_path / "empty"])


def test_reading_a_small_file_takes_little() -> None:
    file = ROOT / "tests" / "scenarios" / "tiers.yaml"
    read_scenario(file)
    begun = time.process_time()
    for _ in range(50):
        read_scenario(file)
    assert (time.process_time() - begun) / 50 < 0.01


PRODUCT = GOOD[GOOD.index("  products:") : GOOD.index("accounts:")].replace("\n  ", "\n").removeprefix("  ")

BAD_CATALOGUES = {
    "tiers that descend": (
        'per_seat: "6.00"',
        'volume: [{up_to: 10, per_seat: "6"}, {up_to: 5, per_seat: "5"}, {per_seat: "4"}]',
        "ascend",
    ),
    "a last tier that is closed": ('per_seat: "6.00"', 'volume: [{up_to: 10, per_seat: "6"}]', "the last tier is open"),
    "an open tier in the middle": (
        'per_seat: "6.00"', 'volume: [{per_seat: "6"}, {per_seat: "5"}]', "only the last tier",
    ),
    "no tier": ('per_seat: "6.00"', "graduated: []", "this list is empty"),
    "a product that requires itself": ("  name: Basic", "  name: Basic\n  requires: [basic]", "cannot name itself"),
    "an unknown required product": ("  name: Basic", "  name: Basic\n  requires: [basik]", "did you mean 'basic'?"),
    "a maximum below the minimum": (
        "term: P1M", "term: P1M\n    min_seats: 5\n    max_seats: 4", "is less than min_seats",
    ),
    "a trial without days": ("term: P1M", "term: P1M\n    trial: {seats: 5}", "a trial lacks 'days'"),
    "two prices of one date": (
        "prices:", 'prices:\n    - {currency: EUR, from: 2020-01-01, flat: "5"}', "stands on line 10 already",
    ),
    "a policy that is built in": (
        "products:",
        "policies:\n- {id: flexible, fewer: window, cancel: window, frequency: renewal, unpaid: owed}\nproducts:",
        "built in",
    ),
    "a policy with a word of another column": (
        "products:",
        "policies:\n- {id: mine, fewer: windows, cancel: window, frequency: renewal, unpaid: owed}\nproducts:",
        "did you mean 'window'?",
    ),
    "an id with a space": ("id: basic\n", "id: my basic\n", "cannot be an id"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CATALOGUES)
def test_bad_catalogue_is_told(name: str) -> None:
    old, new, words = BAD_CATALOGUES[name]
    catalogue_from_text(PRODUCT, "good.yaml")
    assert old in PRODUCT
    with pytest.raises(BadFile, match=r"bad\.yaml:") as caught:
        catalogue_from_text(PRODUCT.replace(old, new, 1), "bad.yaml")
    assert any(words in one.message for one in caught.value.problems)


def test_products_that_need_and_exclude_one_another_are_told() -> None:
    def product(id_: str, more: str) -> str:
        return f"- {{id: {id_}, name: {id_}, plans: []{more}}}\n"

    circle = "products:\n" + product("a", ", requires: [b]") + product("b", ", requires: [a]")
    with pytest.raises(BadFile, match=r"'a' requires itself, by way of b"):
        catalogue_from_text(circle, "x")
    clash = "products:\n" + product("a", ", requires: [b, c]") + product("b", ", excludes: [c]") + product("c", "")
    with pytest.raises(BadFile, match="can never be held"):
        catalogue_from_text(clash, "x")


def test_a_volume_edge_is_warned_about() -> None:
    text = PRODUCT.replace('per_seat: "6.00"', 'volume: [{up_to: 10, per_seat: "6"}, {per_seat: "5"}]')
    found = catalogue_from_text(text, "x")
    assert [one.message.split(";")[0] for one in found.warnings] == [
        "at a tier's edge more seats cost less in all: 11 seats less than 10 (EUR)"
    ]
    assert found.warnings[0].line == 10


def test_the_demonstrations_catalogue_is_good() -> None:
    found = read_catalogue(PACKAGE / "catalogues" / "microsoft365.yaml").catalog
    assert len(found.products) >= 25
    assert all(product.sku and len(product.sku_id) == 36 for product in found.products.values())
    basic = found.plans["business-basic-yearly-monthly"]
    for on, micro in ((date(2026, 6, 30), 6_000_000), (date(2026, 7, 1), 7_000_000)):
        price = basic.price_on("USD", on)
        assert price is not None
        assert price.total_micro(1) == micro
    models = {dated.price.model for plan in found.plans.values() for dated in plan.prices}
    assert models == {"per_seat", VOLUME, "graduated", "flat"}
    assert {plan.policy.id for plan in found.plans.values()} == {"flexible", "committed"}


def test_schemas_name_every_key() -> None:
    found = schemas()
    assert set(found) == {"scenario", "result", "catalogue"}
    step = found["scenario"]["properties"]["steps"]["items"]
    assert {"at", "buy", "undo", "card", "wait"} <= set(step["properties"])
    assert step["properties"]["buy"]["required"] == ["account", "plan", "seats", "as"]
    assert found["result"]["required"] == ["scenario", "file", "steps", "subscriptions", "documents", "accounts"]


def test_comparison_takes_mappings_in_part_and_lists_whole() -> None:
    found = {"a": {"b": 1, "c": [1, 2]}, "amount": "10"}
    assert not list(differences({"a": {"b": 1}, "amount": 10}, found))
    assert [one.path for one in differences({"a": {"c": [1, 3]}}, found)] == ["a.c[1]"]
    assert [one.path for one in differences({"a": {"c": [1]}}, found)] == ["a.c[1]"]
    assert [one.path for one in differences({"a": {"c": [1, 2, 3]}, "z": None}, found)] == ["a.c[2]", "z"]
    assert [one.path for one in differences({"a": {"b": True}}, found)] == ["a.b"]
