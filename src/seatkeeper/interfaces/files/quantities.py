"""Kinds of numbers: counts, prices and amounts, read from their digits and never by way of a binary float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from seatkeeper.core.money import micro_from_text
from seatkeeper.interfaces.files.kinds import Reading
from seatkeeper.interfaces.files.nodes import LIST, MAPPING, NULL, NUMBER, TEXT, Node


@dataclass(frozen=True)
class Whole:
    """A whole number between two others."""

    least: int = 0
    most: int = 10_000_000

    def read(self, node: Node, reading: Reading) -> Any:
        value = node.whole()
        if value is None:
            if node.kind == NUMBER and len(node.value) > 18:
                return reading.wrong(node, f"this can be {self.most} at most")
            quoted = "; take the quotes off" if node.kind == TEXT and node.value.isdigit() else ""
            return reading.wrong(node, f"this must be a whole number, not {node.described()}{quoted}")
        if value < self.least:
            return reading.wrong(node, f"this must be {self.least} or more, not {value}")
        if value > self.most:
            return reading.wrong(node, f"this can be {self.most} at most, not {value}")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


MOST_PRICE = Decimal(100_000_000)
"""Ten million seats at this price still fit where amounts are kept."""


@dataclass(frozen=True)
class Micro:
    """A price of 0 or more with at most 6 decimals, as micro units."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind in (LIST, MAPPING, NULL):
            return reading.wrong(node, f'this must be a price such as "6.00", not {node.described()}')
        if not re.match(r"-?[0-9]+(\.[0-9]+)?\Z", node.value, re.ASCII):
            return reading.wrong(node, f'{node.described()} is not a price; write it as "6.00"')
        if node.value.startswith("-"):
            return reading.wrong(node, f"a price cannot be negative: {node.value}")
        if len(node.value) > 30 or Decimal(node.value) > MOST_PRICE:
            return reading.wrong(node, f"a price can be {MOST_PRICE} at most")
        try:
            return micro_from_text(node.value)
        except ValueError:
            return reading.wrong(node, f"a price has at most 6 decimal places: {node.value}")

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "pattern": r"^[0-9]+(\.[0-9]{1,6})?$"}


@dataclass(frozen=True)
class Amount:
    """An amount of money of 0 or more, kept as text until its currency is known."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind in (LIST, MAPPING, NULL) or not re.match(r"[0-9]{1,12}(\.[0-9]{1,6})?\Z", node.value, re.ASCII):
            return reading.wrong(node, f'{node.described()} is not an amount; write it as "5000.00"')
        return node.value

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$"}
