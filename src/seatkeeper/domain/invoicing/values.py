"""Lines as the core made them, read from their rows."""

from __future__ import annotations

from typing import Any

from seatkeeper.core.decision import Line as LineValue
from seatkeeper.domain.invoicing.models import Line


def line_value(row: Line) -> LineValue:
    """A line as the core made it, with its arithmetic."""
    data: dict[str, Any] = row.arithmetic
    part, parts = data.get("part", (1, 1))
    return LineValue(
        subscription=row.subscription_id,
        product=row.product,
        plan=row.plan,
        kind=row.kind,
        seats=row.seats,
        start=row.start_on,
        end=row.end_on,
        period_start=row.period_start,
        sequence=row.sequence,
        amount_minor=row.amount_minor,
        category=row.category,
        rate=row.rate,
        exact_before=data["before"],
        exact_after=data["after"],
        denominator=data["over"],
        charged_before_minor=data["charged"],
        days_in_period=data["days"],
        counted=tuple((one[0], one[1], one[2]) for one in data["counted"]),
        counted_before=tuple((one[0], one[1], one[2]) for one in data.get("was", ())),
        takes=tuple((one[0], one[1]) for one in data.get("takes", ())),
        part=part,
        parts=parts,
    )
