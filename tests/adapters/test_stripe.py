"""The Stripe adapter keeps the contract of gateways: whole against the stand-in, its basics against localstripe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.adapters.gateways import Basics, Contract
from tests.adapters.stripes import LocalRail, StandInRail, point_at
from tests.support.localstripe import LocalStripe
from tests.support.stripe_server import StripeServer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStripe]:
    with LocalStripe(tmp_path_factory.mktemp("localstripe")) as server:
        yield server


class TestStandIn(Contract):
    """The contract against the stand-in."""

    @pytest.fixture
    def rail(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[StandInRail]:
        with StripeServer() as server:
            point_at(server.address, monkeypatch, settings)
            yield StandInRail(server)

    def test_a_day_after_stripe_forgets_its_keys_and_nothing_is_charged_twice(self, rail: StandInRail) -> None:
        charge = self.charge()
        rail.lose_next_answer(after=True)
        self.nothing_is_said(charge)
        rail.server.keys.clear()
        assert self.give(self.later(charge, 30)).succeeded
        assert rail.taken_minor() == 12_50

    def test_every_question_that_makes_something_has_our_key(self, rail: StandInRail) -> None:
        charge = self.charge()
        self.give(charge)
        self.refund(charge, 1_00)
        made = [key.rpartition("-")[2] for key in rail.server.keys if charge.key.partition("-")[0] in key]
        assert charge.key.rpartition("-")[2] in made and len(made) >= 2


class TestLocalStripe(Basics):
    """The contract's basics against localstripe."""

    @pytest.fixture
    def rail(self, local: LocalStripe, monkeypatch: pytest.MonkeyPatch, settings: Any) -> LocalRail:
        point_at(local.address, monkeypatch, settings)
        return LocalRail(local)

    def test_what_nobody_is_there_to_confirm_is_called_off(self, rail: LocalRail) -> None:
        charge = self.charge("confirm")
        assert self.give(charge).reason == "authentication_required"
        assert not self.give(charge).waits and rail.taken_minor() == 0
