"""Electronic addresses and identifiers of parties, from the VAT ids and registrations that they have."""

from __future__ import annotations

import re

VAT_SCHEMES = {
    "AT": "9914", "BE": "9925", "BG": "9926", "CH": "9927", "CY": "9928", "CZ": "9929", "DE": "9930", "EE": "9931",
    "ES": "9920", "FI": "0213", "FR": "9957", "GB": "9932", "GR": "9933", "HR": "9934", "HU": "9910", "IE": "9935",
    "IT": "0211", "LT": "9937", "LU": "9938", "LV": "9939", "MT": "9943", "NL": "9944", "PL": "9945", "PT": "9946",
    "RO": "9947", "SE": "9955", "SI": "9949", "SK": "9950",
}  # fmt: skip
"""Electronic address schemes (EAS) under which a VAT id is an address, by country."""

_PREFIXES = frozenset(VAT_SCHEMES) - {"GR"} | {"EL", "XI", "NO", "DK"}
_FORM = re.compile(r"[A-Z]{2}[A-Z0-9]{2,15}")


def vat_id(text: str) -> str:
    """A VAT id without blanks and stops; nothing where it cannot be one, as nobody confirmed it."""
    own = re.sub(r"[\s.\-]", "", text).upper()
    return own if _FORM.fullmatch(own) and own[:2] in _PREFIXES else ""


def _country(own: str) -> str:
    return "GR" if own[:2] == "EL" else own[:2]


def enterprise(text: str) -> str:
    """A Belgian enterprise number of ten digits whose last two check the others (modulo 97); nothing otherwise."""
    own = re.sub(r"\D", "", text)
    return own if len(own) == 10 and 97 - int(own[:8]) % 97 == int(own[8:]) else ""


def registration(country: str, text: str, vat: str) -> tuple[str, str]:
    """(scheme, identifier) of a party's registration; a scheme where the country's register has one."""
    own = text.strip()
    digits = re.sub(r"\D", "", own)
    if country == "NL" and len(digits) == 8:
        return "0106", digits
    if country == "BE" and (found := enterprise(own or vat)):
        return "0208", found
    return "", own


def endpoint(country: str, text: str, vat: str) -> tuple[str, str]:
    """(scheme, address) at which a party takes electronic invoices: its register's number, else its VAT id."""
    scheme, found = registration(country, text, vat)
    if scheme:
        return scheme, found
    if vat and (known := VAT_SCHEMES.get(_country(vat))):
        return known, vat
    return "", ""
