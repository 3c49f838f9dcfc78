"""What happens to an open invoice by itself next: one decision for the run and for all who foretell it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from seatkeeper.core.payments.tries import NextStep, charged, next_step, next_try_on
from seatkeeper.core.state import Method, OpenDocument
from seatkeeper.core.tables import BANK_TRANSFER, CARD, DIRECT_DEBIT
from tests.cast import pure_state

DUE = date(2026, 3, 1)
FIRST = date(2026, 3, 4)


def declined(**facts: Any) -> OpenDocument:
    """An invoice whose charge of 1 March was declined."""
    known = {"due_minor": 100, "method": 1, "overdue_from": DUE, "covers": frozenset(), **facts}
    return OpenDocument(1, "INV-2026-000001", DUE, DUE, 100, **known)


@pytest.mark.parametrize(
    ("method", "facts", "expected"),
    [
        (Method(1, CARD), {}, NextStep(FIRST, "try", 1)),
        (Method(1, DIRECT_DEBIT), {}, NextStep(FIRST, "try", 1)),
        (Method(1, CARD, blocked=True), {}, NextStep(FIRST, "remind")),
        (Method(1, BANK_TRANSFER), {}, NextStep(FIRST, "remind")),
        (Method(1, CARD), {"blocked": True}, NextStep(FIRST, "remind")),
        (Method(1, CARD), {"method": None}, NextStep(FIRST, "remind")),
        (Method(1, CARD), {"pending_minor": 100}, None),
        (Method(1, CARD), {"due_minor": 0}, None),
        (Method(1, CARD), {"steps_done": 5, "last_step_on": date(2026, 3, 31)}, None),
        (Method(1, CARD), {"steps_done": 4, "last_step_on": date(2026, 3, 22)}, NextStep(date(2026, 3, 31), "disable")),
        # after a standstill, and with the last message still to go out
        (Method(1, CARD), {"steps_done": 1, "last_step_on": date(2026, 3, 9)}, NextStep(date(2026, 3, 10), "try", 1)),
        (
            Method(1, CARD), {"steps_done": 1, "last_step_on": date(2026, 3, 9), "untold": True},
            NextStep(date(2026, 3, 13), "try", 1),
        ),
    ],
)  # fmt: skip
def test_next_step_of_an_invoice(method: Method, facts: dict[str, Any], expected: NextStep | None) -> None:
    document = declined(**facts)
    state = pure_state(methods={1: method}, documents=(document,))
    assert next_step(state, document) == expected
    tried = expected is not None and expected.what == "try"
    assert next_try_on(state, document) == (expected.on if tried and expected else None)


def test_an_invoice_that_was_not_declined_is_not_tried_again() -> None:
    """By bank transfer, or before its collection date: it is due, and that is all."""
    document = declined(overdue_from=None)
    state = pure_state(documents=(document,))
    assert next_step(state, document) == NextStep(FIRST, "try", 1)
    assert next_try_on(state, document) is None
    assert charged(state, document, DUE) == state.methods[1]


@pytest.mark.parametrize(
    ("backup", "facts", "expected"),
    [
        (Method(2, CARD), {}, NextStep(FIRST, "try", 1)),  # its own comes first
        (Method(2, CARD), {"blocked": True}, NextStep(FIRST, "try", 2)),
        (Method(2, CARD, blocked=True), {"blocked": True}, NextStep(FIRST, "remind")),
        (Method(2, CARD, removed=True), {"blocked": True}, NextStep(FIRST, "remind")),
        (Method(2, BANK_TRANSFER), {"blocked": True}, NextStep(FIRST, "remind")),
        (Method(2, CARD, expires_on=FIRST), {"blocked": True}, NextStep(FIRST, "try", 2)),
        (Method(2, CARD, expires_on=date(2026, 3, 3)), {"blocked": True}, NextStep(FIRST, "remind")),
        (Method(2, CARD), {"blocked": True, "method": 2}, NextStep(FIRST, "remind")),  # it is the backup itself
    ],
)
def test_a_backup_stands_in_for_a_method_that_rests(
    backup: Method, facts: dict[str, Any], expected: NextStep
) -> None:
    document = declined(**facts)
    state = pure_state(methods={1: Method(1, CARD), 2: backup}, backup_method=2, documents=(document,))
    assert next_step(state, document) == expected
