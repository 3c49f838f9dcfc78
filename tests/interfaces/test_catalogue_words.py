"""The seller's words in a catalogue file: features and requirements in both languages, kept as they were read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seatkeeper.domain.accounts.models import Seller
from seatkeeper.domain.catalog.operations import catalog, replace_catalog
from seatkeeper.domain.subscriptions.installation import add_test_seller
from seatkeeper.interfaces.demo.installation import CATALOGUE
from seatkeeper.interfaces.files.catalogue import catalogue_from_text, read_catalogue

FILE = """
products:
  - id: visio
    name: Visio
    category: {en: Drawing, nl: Tekenen}
    features:
      - {en: Flow charts, nl: Stroomdiagrammen}
      - {en: Floor plans, nl: Plattegronden}
    requirements: [A browser, {en: A mouse, nl: Een muis}]
    plans: []
"""


@pytest.mark.django_db
def test_words_of_both_languages_are_kept() -> None:
    read = catalogue_from_text(FILE, "catalogue").catalog
    visio = read.products["visio"]
    assert (visio.category, visio.category_nl) == ("Drawing", "Tekenen")
    assert visio.features_nl == ("Stroomdiagrammen", "Plattegronden")
    assert (visio.requirements, visio.requirements_nl) == (("A browser", "A mouse"), ())  # half Dutch is none
    now = datetime(2026, 3, 1, tzinfo=UTC)
    seller = add_test_seller(country="NL", timezone="UTC", credit_to="balance", catalog=read, clock_at=now)
    assert catalog(seller, 1).products["visio"] == visio
    replace_catalog(seller, read)
    version = Seller.objects.get(id=seller).catalog_version
    assert catalog(seller, version).products["visio"] == visio


def test_the_demonstration_has_every_word_in_dutch() -> None:
    for product in read_catalogue(CATALOGUE).catalog.products.values():
        assert product.summary_nl and len(product.features_nl) == len(product.features) > 0, product.id
        assert len(product.requirements_nl) == len(product.requirements), product.id
