"""What another table would have done: what is known is told, what is not is counted apart."""

from __future__ import annotations

import pytest

from seatkeeper.core.payments.declines import DECLINES, is_hard
from seatkeeper.core.payments.lab import Ending, Failure, ending, simulate, table_from_text
from seatkeeper.core.tables import DUNNING


def failure(*refused: int, paid: int | None, by_person: bool = False, hard: bool = False) -> Failure:
    return Failure("EUR", 1_000, refused, paid, by_person, hard)


@pytest.mark.parametrize(
    ("found", "table", "expected"),
    [
        (failure(0, 3, paid=7), DUNNING, Ending("recovered", 7, 2)),
        (failure(0, 3, paid=None), DUNNING, Ending("disabled", 30, 4)),
        (failure(0, 3, paid=10, by_person=True), DUNNING, Ending("recovered", 10, 2)),
        (failure(0, 3, paid=7), ((2, "try"), (20, "disable")), Ending("disabled", 20, 1)),
        (failure(0, 3, paid=7), ((5, "try"), (20, "disable")), Ending("perhaps", 5, 1)),
        (failure(0, 3, paid=7), ((9, "try"), (20, "disable")), Ending("recovered", 9, 1)),
        (failure(0, paid=25, by_person=True), ((3, "try"), (10, "disable")), Ending("perhaps", 3, 1)),
        (failure(0, paid=12, by_person=True, hard=True), DUNNING, Ending("recovered", 12, 0)),
        (failure(0, 3, paid=None), ((5, "try"),), Ending("open", None, 1)),
    ],
)
def test_endings(found: Failure, table: tuple[tuple[int, str], ...], expected: Ending) -> None:
    assert ending(found, table) == expected


def test_results_add_up() -> None:
    every = [failure(0, 3, paid=7), failure(0, paid=None), failure(0, 3, 7, paid=14)]
    results = simulate(every, DUNNING)
    assert sum(one.failures for one in results) == 3 and sum(one.amount_minor for one in results) == 3_000
    assert {one.kind: one.days for one in results} == {"recovered": 21, "disabled": 0}


@pytest.mark.parametrize(
    "text", ["", "3", "x try", "3 charge", "7 try, 3 try", "3 try, 3 try", "0 try", "366 try", "3 disable, 7 try"]
)
def test_what_is_no_table(text: str) -> None:
    with pytest.raises(ValueError, match=r"days|step|disabling"):
        table_from_text(text)


def test_a_table_from_text() -> None:
    assert table_from_text("3 try, 7 try, 14 try, 21 try, 30 disable") == DUNNING


def test_hard_declines() -> None:
    assert is_hard("stolen") and not is_hard("insufficient_funds") and not is_hard("something new")
    assert set(DECLINES.values()) == {"hard", "soft"}
