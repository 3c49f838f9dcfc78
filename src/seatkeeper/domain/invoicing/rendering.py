"""Documents as files, made when they are asked for: the same document gives the same bytes, so none are kept."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Mod

import seatkeeper
from seatkeeper.domain.invoicing.form import Form
from seatkeeper.domain.invoicing.forms import load_forms
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.invoicing.ports import NotElectronic
from seatkeeper.domain.invoicing.wiring import e_invoice, printer

PDF, UBL, CII = "pdf", "ubl", "cii"
KINDS = {PDF: "application/pdf", UBL: "application/xml", CII: "application/xml"}
"""The files of a document, and what they are."""
CHUNK = 50


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document as a file that is yet to be made. etag: changes when the bytes would."""

    account: int
    document: int
    number: str
    kind: str
    due_minor: int
    etag: str

    @property
    def name(self) -> str:
        """What the file is called: INV-2026-000001.pdf, INV-2026-000001-ubl.xml."""
        return file_name(self.number, self.kind)

    @property
    def media_type(self) -> str:
        """What it is."""
        return KINDS[self.kind]

    def content(self) -> bytes:
        """Make the file. Raises NotElectronic for an XML that the standard cannot say."""
        form = load_forms(self.account, [self.document])[self.document]
        return rendered(form, self.kind, due_minor=self.due_minor)


def file_name(number: str, kind: str) -> str:
    """What a file of a document is called."""
    return f"{number}.pdf" if kind == PDF else f"{number}-{kind}.xml"


def document_file(account: int, number: str, kind: str) -> DocumentFile | None:
    """A file of one document of the account; None where the account has none of that number. Makes nothing yet."""
    columns = ("id", "form", "due_minor")
    row = Document.objects.filter(account_id=account, number=number).values_list(*columns).first()
    if row is None:
        return None
    id_, form, due = row
    seen = due if kind == PDF else 0
    tag = hashlib.sha256(f"{seatkeeper.__version__}/{account}/{id_}/{form}/{seen}/{kind}".encode()).hexdigest()
    return DocumentFile(account, id_, number, kind, due, tag[:32])


def rendered(form: Form, kind: str, *, due_minor: int) -> bytes:
    """One file of a document. Raises NotElectronic for an XML that the standard cannot say."""
    return printed(form, due_minor=due_minor) if kind == PDF else e_invoice(kind).render(form)


def printed(form: Form, *, due_minor: int) -> bytes:
    """The PDF with its electronic form inside; without one where the standard cannot say the document."""
    try:
        xml: bytes | None = e_invoice(CII).render(form)
    except NotElectronic:
        xml = None
    return printer().render(form, due_minor=due_minor, xml=xml)


def each_pdf(account: int, documents: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """(number, PDF) of some documents of an account, one after the other; few are held at a time."""
    for start in range(0, len(documents), CHUNK):
        ids = list(documents[start : start + CHUNK])
        due = dict(Document.objects.filter(account_id=account, id__in=ids).values_list("id", "due_minor"))
        found = load_forms(account, ids)
        for id_ in ids:
            yield found[id_].number, printed(found[id_], due_minor=due[id_])


def attachments(account: int, documents: Sequence[int], kinds: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
    """(name, media type, content) of some documents in some of KINDS; an XML that cannot be said is left out."""
    due = dict(Document.objects.filter(account_id=account, id__in=documents).values_list("id", "due_minor"))
    forms = load_forms(account, list(documents)) if kinds else {}
    for id_, kind in ((id_, kind) for id_ in documents for kind in kinds):
        try:
            content = rendered(forms[id_], kind, due_minor=due[id_])
        except NotElectronic:
            continue
        yield file_name(forms[id_].number, kind), KINDS[kind], content


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents of the installation to make. part, parts: every parts-th account, for several processes."""

    seller: int | None = None
    account: int | None = None
    since: date | None = None
    part: int = 0
    parts: int = 1

    def rows(self) -> QuerySet[Document]:
        """The documents."""
        found = Document.objects.annotate(turn=Mod("account_id", self.parts)).filter(turn=self.part)
        if self.seller is not None:
            found = found.filter(seller_id=self.seller)
        if self.account is not None:
            found = found.filter(account_id=self.account)
        return found.filter(issued_on__gte=self.since) if self.since is not None else found


def count(wanted: Wanted) -> int:
    """How many documents that is."""
    return wanted.rows().count()


def each_file(wanted: Wanted, kinds: Sequence[str]) -> Iterator[tuple[Form, int, str, bytes | None]]:
    """(form, seller, kind, content) of every file wanted; content None where the standard cannot say a document.

    Account by account, few documents at a time: memory does not grow with their number.
    """
    accounts = wanted.rows().order_by("account_id").values_list("account_id", flat=True).distinct()
    for account in accounts.iterator(chunk_size=1000):
        rows = list(wanted.rows().filter(account_id=account).order_by("id").values_list("id", "seller_id", "due_minor"))
        for start in range(0, len(rows), CHUNK):
            own = rows[start : start + CHUNK]
            found = load_forms(account, [id_ for id_, _, _ in own])
            for id_, seller, due in own:
                for kind in kinds:
                    try:
                        content: bytes | None = rendered(found[id_], kind, due_minor=due)
                    except NotElectronic:
                        content = None
                    yield found[id_], seller, kind, content


def archive(files: Iterator[tuple[str, bytes]], name: Callable[[str], str] = "{}.pdf".format) -> Iterator[bytes]:
    """A ZIP of files as it grows, so that it can be sent before the last of them is made. Holds one file at a time."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as packed:
        for title, content in files:
            packed.writestr(zipfile.ZipInfo(name(title), date_time=(1980, 1, 1, 0, 0, 0)), content)
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What zipfile writes to; the bytes are taken away as they come."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It is only written to."""
        return True

    def write(self, data: object) -> int:
        """Keep bytes until they are taken."""
        own = bytes(data)  # type: ignore[call-overload]
        self._parts.append(own)
        return len(own)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found
