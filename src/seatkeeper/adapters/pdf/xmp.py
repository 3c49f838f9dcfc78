"""Says in a PDF's metadata that it holds an electronic invoice, as Factur-X wants it. No other byte of meaning changes.

typst writes the metadata as plain text and an ordinary table of offsets; so the text is put in and the offsets of
what stands behind it are moved.
"""

from __future__ import annotations

import re

SPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document", "factur-x.xml"),
    ("DocumentType", "The type of the hybrid document in capital letters", "INVOICE"),
    ("Version", "The actual version of the standard applying to the embedded XML document", "1.0"),
    ("ConformanceLevel", "The conformance level of the embedded XML document", "EN 16931"),
)
_OBJECT = re.compile(rb"\n\d+ 0 obj\n<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")


def _item(name: str, meaning: str) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>"
        f"<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
    )


SCHEMA = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    f"<pdfaSchema:namespaceURI>{SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>"
    + "".join(_item(name, meaning) for name, meaning, _ in PROPERTIES)
    + "</rdf:Seq></pdfaSchema:property></rdf:li>"
)
DESCRIPTION = (
    f'<rdf:Description rdf:about="" xmlns:fx="{SPACE}">'
    + "".join(f"<fx:{name}>{value}</fx:{name}>" for name, _, value in PROPERTIES)
    + "</rdf:Description>"
)


def with_factur_x(pdf: bytes) -> bytes:
    """The PDF with Factur-X in its metadata."""
    found = _OBJECT.search(pdf)
    assert found is not None, "typst writes one metadata stream, not compressed"
    start, length = found.end(), int(found[1])
    text = pdf[start : start + length]
    schemas = b"<pdfaExtension:schemas><rdf:Bag>"
    assert text.count(schemas) == 1 and text.count(b"</rdf:RDF>") == 1, "the metadata is as it was"
    new = text.replace(schemas, schemas + SCHEMA.encode()).replace(b"</rdf:RDF>", DESCRIPTION.encode() + b"</rdf:RDF>")
    head = found[0].replace(b"/Length %d/" % length, b"/Length %d/" % len(new))
    longer = len(new) - length + len(head) - len(found[0])
    body = pdf[: found.start()] + head + new + pdf[start + length :]
    return _moved(body, after=found.start() + 1, by=longer)


def _moved(pdf: bytes, *, after: int, by: int) -> bytes:
    """The PDF with the offsets of everything behind a place moved."""
    place = pdf.rindex(b"startxref\n")
    old = int(pdf[place + 10 :].split(b"\n", 1)[0])
    table = pdf.index(b"xref\n", old + by)
    assert table == old + by, "the table of offsets stands behind the metadata"

    def moved(entry: re.Match[bytes]) -> bytes:
        offset = int(entry[1])
        return b"%010d 00000 n" % (offset + by if offset > after else offset)

    entries = re.sub(rb"(\d{10}) 00000 n", moved, pdf[table:place])
    return pdf[:table] + entries + b"startxref\n%d\n%%%%EOF" % (old + by)
