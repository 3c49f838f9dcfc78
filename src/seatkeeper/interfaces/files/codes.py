"""Countries, currencies and time zones, as files name them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from seatkeeper.core.calendar import zone
from seatkeeper.core.countries import COUNTRIES
from seatkeeper.core.money import DECIMALS
from seatkeeper.interfaces.files.kinds import Code, Reading, known_by
from seatkeeper.interfaces.files.nodes import LIST, MAPPING, NULL, Node
from seatkeeper.interfaces.files.problems import nearest, shortened

_OTHER_NAMES = {"UK": "GB", "EL": "GR"}
_country = known_by("country", COUNTRIES, "as two letters of ISO 3166")


def _read_country(node: Node, reading: Reading) -> Any:
    meant = _OTHER_NAMES.get(node.value) if isinstance(node.value, str) else None
    if meant is None and isinstance(node.value, str) and node.value.upper() in COUNTRIES:
        meant = node.value.upper()
    if meant is not None and meant != node.value:
        return reading.wrong(node, f"'{node.value}' is no country as two letters of ISO 3166; did you mean '{meant}'?")
    return _country(node, reading)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    # The whole list takes long to read, so it is only read for a name that is no zone.
    if not name or name.startswith(("/", ".")) or name in ("localtime", "posixrules", "Factory"):
        return False
    try:
        zone(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _read_zone(node: Node, reading: Reading) -> Any:
    if node.kind in (LIST, MAPPING, NULL):
        return reading.wrong(node, f"this must be a time zone such as Europe/Amsterdam, not {node.described()}")
    if _is_zone(node.value):
        return node.value
    return reading.wrong(node, f"{shortened(node.value)} is no IANA time zone{nearest(node.value, _zones())}")


COUNTRY = Code(_read_country, "^[A-Z]{2}$")
CURRENCY = Code(known_by("currency", DECIMALS, "as three letters of ISO 4217"), "^[A-Z]{3}$")
TIMEZONE = Code(_read_zone, "^[A-Za-z0-9_+/-]+$")
