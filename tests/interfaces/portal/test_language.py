"""What the seller wrote in both languages is shown in the reader's own."""

from __future__ import annotations

import pytest

from seatkeeper.domain.catalog.operations import catalog, replace_catalog
from seatkeeper.interfaces.files.catalogue import catalogue_from_text
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.any_database

FILE = """
products:
  - id: chat
    name: Chat
    summary: {en: Talk to each other., nl: Met elkaar praten.}
    plans:
      - id: chat-monthly
        term: P1M
        billing: P1M
        policy: flexible
        prices: [{currency: EUR, from: 2020-01-01, per_seat: "1.00"}]
"""


def test_a_product_is_described_in_the_readers_language(contoso: Organisation) -> None:
    replace_catalog(contoso.seller, catalogue_from_text(FILE, "chat.yaml").catalog)
    catalog.cache_clear()
    client = signed_in(contoso)
    assert "Talk to each other." in client.get("/buy").content.decode()
    client.get("/preferences/language/nl")
    assert "Met elkaar praten." in client.get("/buy").content.decode()
    assert "Met elkaar praten." in client.get("/buy/chat").content.decode()
