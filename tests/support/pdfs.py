"""What a PDF says of itself, read by another program than the one that wrote it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject


@dataclass(frozen=True)
class Read:
    """A PDF as read: its text by page, metadata, language and the file inside."""

    pages: tuple[str, ...]
    metadata: str
    language: str
    tagged: bool
    title: str
    files: dict[str, bytes]
    relations: tuple[str, ...]
    intents: int
    fonts_embedded: bool

    @property
    def text(self) -> str:
        """All pages as one line."""
        return re.sub(r"\s+", " ", " ".join(self.pages).replace("\u00a0", " "))


def read_pdf(content: bytes) -> Read:
    """Read a PDF."""
    pdf = PdfReader(io.BytesIO(content), strict=True)
    root = pdf.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    metadata = root["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]
    relations = tuple(str(one.get_object()["/AFRelationship"]) for one in root.get("/AF", ()))
    return Read(
        pages=tuple(page.extract_text() for page in pdf.pages),
        metadata=metadata,
        language=str(root["/Lang"]),
        tagged=bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root,  # type: ignore[index]
        title=str(pdf.metadata.title if pdf.metadata else ""),
        files={name: found[0] for name, found in pdf.attachments.items()},
        relations=relations,
        intents=len(root["/OutputIntents"]),  # type: ignore[arg-type]
        fonts_embedded=all(_embedded(font) for page in pdf.pages for font in _fonts(page)),
    )


def _fonts(page: DictionaryObject) -> list[DictionaryObject]:
    fonts = page["/Resources"].get("/Font", {})  # type: ignore[union-attr]
    return [one.get_object() if isinstance(one, IndirectObject) else one for one in fonts.values()]


def _embedded(font: DictionaryObject) -> bool:
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font  # type: ignore[index]
    descriptor = inner["/FontDescriptor"]
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
