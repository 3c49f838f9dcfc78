"""Catalogue files: products, plans, prices with the dates from which they hold, and policies (SCENARIO.md, In)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seatkeeper.core.catalog.plans import Catalog, Plan, Product, TrialTerms
from seatkeeper.core.catalog.prices import FLAT, GRADUATED, MODELS, PER_SEAT, VOLUME, DatedPrice, Price, inversions
from seatkeeper.core.periods import MONTHS
from seatkeeper.core.tables import (
    DEFAULT_GRACE_DAYS,
    DEFAULT_RETENTION_DAYS,
    MOST_SEATS,
    POLICIES,
    POLICY_COLUMNS,
    Policy,
)
from seatkeeper.interfaces.files.codes import CURRENCY
from seatkeeper.interfaces.files.dates import Day
from seatkeeper.interfaces.files.kinds import Choice, Declares, Either, ListOf, Maybe, Reading, Refers, Text
from seatkeeper.interfaces.files.nodes import Node, compose, read_text
from seatkeeper.interfaces.files.problems import Problem
from seatkeeper.interfaces.files.quantities import Micro, Whole
from seatkeeper.interfaces.files.records import Record, Values, may, need

TERMS = ("P1M", "P1Y", "P3Y")
BILLINGS = ("P1M", "P3M", "P1Y", "P3Y")
_SPANS = {
    "month": "P1M",
    "monthly": "P1M",
    "quarterly": "P3M",
    "year": "P1Y",
    "yearly": "P1Y",
    "P12M": "P1Y",
    "P36M": "P3Y",
}


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A catalogue as its file says, and what in it is allowed but hardly meant."""

    catalog: Catalog
    warnings: tuple[Problem, ...]


def _tiers(values: tuple[Values, ...], node: Node, reading: Reading) -> tuple[tuple[int | None, int], ...] | None:
    """Tiers ascend, and the last one is open."""
    good, below = True, 0
    for position, (tier, item) in enumerate(zip(values, node.value, strict=True)):
        up_to = tier.get("up_to")
        last = position == len(values) - 1
        if last and up_to is not None:
            reading.wrong(item.child("up_to"), "the last tier is open: leave out 'up_to'")
            good = False
        elif not last and up_to is None:
            reading.wrong(item, "only the last tier may be without 'up_to'")
            good = False
        elif up_to is not None and up_to <= below:
            reading.wrong(item.child("up_to"), f"tiers must ascend: {up_to} does not come after {below}")
            good = False
        below = up_to if up_to is not None else below
    return tuple((tier.get("up_to"), tier["per_seat"]) for tier in values) if good else None


def _price(values: Values, node: Node, reading: Reading) -> Any:
    model = next(name for name in MODELS if name in values)
    tiers: tuple[tuple[int | None, int], ...] | None = ((None, values[model]),) if model in (PER_SEAT, FLAT) else None
    if tiers is None:
        tiers = _tiers(values[model], node.child(model), reading)
    price = Price(values["currency"], model, tiers or ((None, 0),))
    edges = ", ".join(f"{more} seats less than {seats}" for seats, more in (inversions(price) if tiers else ()))
    if edges:
        reading.warn(
            node.child(model),
            f"at a tier's edge more seats cost less in all: {edges} ({values['currency']}); there adding pays money "
            "back, and a reduction costs",
        )
    return DatedPrice(values["from"], price)


def _policy(values: Values, node: Node, reading: Reading) -> Any:
    if values["id"] in POLICIES:
        return reading.wrong(node.child("id"), f"the policy '{values['id']}' is built in; choose another id")
    policy = Policy(**values)
    reading.notes.setdefault("policies", {})[policy.id] = policy
    return policy


def _plan(values: Values, node: Node, reading: Reading) -> Any:
    term, billing = values["term"], values["billing"]
    if MONTHS[term] % MONTHS[billing]:
        reading.wrong(node.child("billing"), f"the billing interval {billing} does not divide the term {term}")
    most = values["max_seats"]
    if most is not None and most < values["min_seats"]:
        reading.wrong(node.child("max_seats"), f"max_seats {most} is less than min_seats {values['min_seats']}")
    trial = values["trial"]
    if trial is not None and trial.seats < values["min_seats"]:
        least = values["min_seats"]
        reading.warn(
            node.child("trial"), f"no trial can start: it has at most {trial.seats} seats, the plan at least {least}"
        )
    if not values["prices"]:
        reading.warn(node, f"the plan '{values['id']}' has no price, so it cannot be bought")
    seen: dict[tuple[str, Any], Node] = {}
    for dated, item in zip(values["prices"], node.child("prices").value, strict=True):
        key = (dated.price.currency, dated.since)
        if key in seen:
            reading.wrong(item, f"a price in {key[0]} from {key[1]} stands on line {seen[key].line} already")
        seen.setdefault(key, item)
    reading.notes.setdefault("plans", []).append((values, node))
    return values["id"]


def _trial(values: Values, node: Node, reading: Reading) -> TrialTerms:
    return TrialTerms(values["days"], values["seats"])


def _summary(values: Values, node: Node, reading: Reading) -> tuple[str, str]:
    return str(values["en"]), str(values["nl"] or "")


def _in_both(words: tuple[str | tuple[str, str], ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts in English, and in Dutch where every one of them has it."""
    pairs = [one if isinstance(one, tuple) else (one, "") for one in words]
    dutch = tuple(nl for _, nl in pairs)
    return tuple(en for en, _ in pairs), dutch if all(dutch) else ()


def _product(values: Values, node: Node, reading: Reading) -> Any:
    requires, excludes = values["requires"], values["excludes"]
    for key, named in (("requires", requires), ("excludes", excludes), ("includes", values["includes"])):
        if values["id"] in named:
            reading.wrong(node.child(key), f"the product '{values['id']}' cannot name itself here")
    for both in sorted(set(requires) & set(excludes)):
        reading.wrong(node.child("excludes"), f"'{both}' is required and excluded")
    if not values["plans"]:
        reading.warn(node, f"the product '{values['id']}' has no plan, so it cannot be bought")
    found = dict(values)
    for name in ("summary", "category"):
        said = values[name]
        found[name], found[f"{name}_nl"] = said if isinstance(said, tuple) else (said, "")
    for name in ("features", "requirements"):
        found[name], found[f"{name}_nl"] = _in_both(values[name])
    return Product(**found)


def _catalog(values: Values, node: Node, reading: Reading) -> Any:
    policies = POLICIES | reading.notes.get("policies", {})
    plans = {}
    products = {product.id: product for product in values["products"]}
    product_of = {plan: product.id for product in products.values() for plan in product.plans}
    for plan, _ in reading.notes.get("plans", []):
        if plan["policy"] not in policies:  # which is noted when ids are looked up
            continue
        prices = tuple(sorted(plan["prices"], key=lambda dated: dated.since))
        product = product_of.get(plan["id"], "")
        plans[plan["id"]] = Plan(**plan | {"policy": policies[plan["policy"]], "prices": prices, "product": product})
    for one in products.values():
        _requirements(one, products, reading)
    return Catalog(products, plans)


def _requirements(product: Product, products: dict[str, Product], reading: Reading) -> None:
    """A product whose requirements lead back to itself, or exclude one another, can never be held."""
    needed, queue = set(), list(product.requires)
    while queue:
        one = queue.pop()
        if one in products and one not in needed:
            needed.add(one)
            queue.extend(products[one].requires)
    place = reading.declared["product"][product.id]
    if product.id in needed:
        by_way = " and ".join(sorted(needed - {product.id}))
        reading.wrong(place, f"the product '{product.id}' requires itself, by way of {by_way}")
    held = needed | {product.id}
    for one in sorted(held & products.keys()):
        clash = held & set(products[one].excludes)
        if clash and product.id not in needed:
            other = sorted(clash)[0]
            reading.wrong(place, f"'{product.id}' can never be held: '{one}' excludes '{other}', and both are needed")
            return


TIER = Record(
    "a tier",
    {
        "up_to": may(Maybe(Whole(1, MOST_SEATS)), about="Last seat of the tier; the last tier has none."),
        "per_seat": need(Micro(), "Price of a seat and billing period, without VAT."),
    },
)
PRICE = Record(
    "a price",
    {
        "currency": need(CURRENCY),
        "from": need(Day(), "The first date on which this price is in force; the newest such date counts."),
        "per_seat": may(Micro(), about="Every seat at this price for each billing period, without VAT."),
        "volume": may(ListOf(TIER, least=1, most=100), about="All seats at the price of the tier reached."),
        "graduated": may(ListOf(TIER, least=1, most=100), about="The seats of each tier at its own price."),
        "flat": may(Micro(), about="One price for any number of seats."),
    },
    one_of=(PER_SEAT, VOLUME, GRADUATED, FLAT),
    build=_price,
    hints={"price": "per_seat", "amount": "per_seat", "tiers": "volume", "since": "from", "date": "from"},
)
TRIAL = Record(
    "a trial",
    {
        "days": need(Whole(1, 366), "Length in days."),
        "seats": need(Whole(1, MOST_SEATS), "The most seats it may have."),
    },
    build=_trial,
)
POLICY = Record(
    "a policy",
    {"id": need(Declares("policy"))} | {name: need(Choice(words)) for name, words in POLICY_COLUMNS.items()},
    build=_policy,
)
PLAN = Record(
    "a plan",
    {
        "id": need(Declares("plan")),
        "name": may(Text(), "", "What people read; the id where it is left out."),
        "term": need(Choice(TERMS, _SPANS), "The committed span."),
        "billing": need(Choice(BILLINGS, _SPANS), "The span that one regular charge covers; divides the term."),
        "policy": need(Refers("policy", later=True), "flexible, committed, or one of the catalogue's policies."),
        "min_seats": may(Whole(1, MOST_SEATS), 1),
        "max_seats": may(Maybe(Whole(1, MOST_SEATS)), None, "The most seats of the whole pool; none when left out."),
        "grace_days": may(Whole(0, 3660), DEFAULT_GRACE_DAYS),
        "retention_days": may(Whole(0, 3660), DEFAULT_RETENTION_DAYS),
        "trial": may(Maybe(TRIAL), None, "Without it the plan has no trial."),
        "prices": need(ListOf(PRICE, most=10_000)),
    },
    build=_plan,
    hints={"seats_min": "min_seats", "seats_max": "max_seats", "interval": "billing", "price": "prices"},
)
SUMMARY = Record("a summary", {"en": need(Text(2000, True)), "nl": may(Text(2000, True))}, build=_summary)
LABEL = Record("a category", {"en": need(Text(64)), "nl": may(Text(64), "")}, build=_summary)
WORDS = Record("words", {"en": need(Text(200)), "nl": may(Text(200), "")}, build=_summary)
PRODUCT = Record(
    "a product",
    {
        "id": need(Declares("product")),
        "name": need(Text()),
        "sku": may(Text(64), "", "A part number."),
        "sku_id": may(Text(64), "", "A part number's id."),
        "category": may(Either(Text(64), LABEL), "", "Groups products in the catalogue; as text or by language."),
        "summary": may(
            Either(Text(2000, lines=True), SUMMARY),
            "",
            "One or two sentences, as text or by language.",
        ),
        "features": may(ListOf(Either(Text(), WORDS), most=100), (), "What it does, as texts or by language."),
        "requirements": may(
            ListOf(Either(Text(), WORDS), most=100), (), "What it needs besides products, as texts or by language."
        ),
        "requires": may(ListOf(Refers("product", later=True), unique=True), (), "Products that a user must hold too."),
        "excludes": may(
            ListOf(Refers("product", later=True), unique=True), (), "Products that a user may not hold too."
        ),
        "includes": may(ListOf(Refers("product", later=True), unique=True), (), "Products that this makes needless."),
        "plans": need(ListOf(PLAN, most=1000)),
    },
    build=_product,
)
CATALOG = Record(
    "the catalogue",
    {
        "note": may(Text(5000, lines=True), about="For whoever reads the file; not kept."),
        "currencies_note": may(Text(5000, lines=True), about="For whoever reads the file; not kept."),
        "policies": may(ListOf(POLICY, most=1000), ()),
        "products": need(ListOf(PRODUCT, least=1)),
    },
    build=_catalog,
    hints={"catalog": "products", "catalogue": "products"},
)


def resolve_later(reading: Reading) -> None:
    """Look up the ids that may stand after the place that names them."""
    for policy in POLICIES:
        reading.declared.setdefault("policy", {}).setdefault(policy, Node("word", policy, 0, 0))
    for sort, node in reading.later:
        reading.refer(sort, node)


def catalogue_from_text(text: str, name: str) -> CatalogueFile:
    """The catalogue that a text describes. name: what problems call the file. Raises BadFile."""
    reading = Reading(name)
    found = CATALOG.read(compose(text, name), reading)
    resolve_later(reading)
    reading.finish()
    return CatalogueFile(found, tuple(reading.warnings))


def read_catalogue(path: Path) -> CatalogueFile:
    """The catalogue in a file. Raises BadFile, which names file, line and the nearest right name."""
    return catalogue_from_text(read_text(path, str(path)), str(path))
