"""Documents as files: what comes back, to whom, and how it is asked again."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.invoicing.models import Document
from tests.support.einvoices import faults
from tests.support.organisation import Organisation
from tests.support.pdfs import read_pdf
from tests.support.portal import signed_in

KINDS = (("{}.pdf", "application/pdf"), ("{}/ubl.xml", "application/xml"), ("{}/cii.xml", "application/xml"))


def _number(organisation: Organisation) -> str:
    return Document.objects.filter(account_id=organisation.account).latest("id").number


@pytest.mark.parametrize(("path", "media_type"), KINDS)
def test_file_comes_with_its_name_and_kind(contoso: Organisation, path: str, media_type: str) -> None:
    number = _number(contoso)
    answer = signed_in(contoso).get("/bills/" + path.format(number))
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{number}')
    assert answer["Cache-Control"] == "private, no-cache"


def test_files_are_sound(contoso: Organisation) -> None:
    client, number = signed_in(contoso), _number(contoso)
    for syntax in ("ubl", "cii"):
        assert faults(syntax, client.get(f"/bills/{number}/{syntax}.xml").content) == []
    assert number in read_pdf(client.get(f"/bills/{number}.pdf").content).text


@pytest.mark.parametrize(("path", "media_type"), KINDS)
def test_file_asked_for_again_is_not_made_again(contoso: Organisation, path: str, media_type: str) -> None:
    client, address = signed_in(contoso), "/bills/" + path.format(_number(contoso))
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(address, headers={"if-none-match": '"other"'}).content == first.content


def test_tag_of_the_pdf_changes_when_it_is_paid_and_that_of_the_xml_does_not(contoso: Organisation) -> None:
    client, number = signed_in(contoso), _number(contoso)
    before = [client.get("/bills/" + path.format(number))["ETag"] for path, _ in KINDS]
    Document.objects.filter(account_id=contoso.account, number=number).update(due_minor=1)
    after = [client.get("/bills/" + path.format(number))["ETag"] for path, _ in KINDS]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, True]


def test_only_who_may_see_money_gets_a_file(contoso: Organisation) -> None:
    number = _number(contoso)
    for person, status in (("daan", 200), ("carla", 403), ("eva", 403)):
        client = signed_in(contoso, person)
        for path in [path.format(number) for path, _ in KINDS]:
            assert client.get(f"/bills/{path}").status_code == status, (person, path)
        assert client.get("/bills.zip").status_code == status


def test_document_that_the_standard_cannot_say_is_told_so(contoso: Organisation) -> None:
    Seller.objects.update(vat_id="")
    contoso.buy("more", "power-bi-pro-monthly", 2)
    client, number = signed_in(contoso), _number(contoso)
    answer = client.get(f"/bills/{number}/ubl.xml")
    assert answer.status_code == 409 and b"European standard" in answer.content
    assert client.get(f"/bills/{number}.pdf").status_code == 200


def test_zip_holds_the_pdfs_of_the_filter(troubled: Organisation) -> None:
    client = signed_in(troubled)
    for query in ("", "?show=overdue", "?show=credit_note", "?search=000001", "?show=nonsense"):
        shown = client.get(f"/bills{query}").context["page"].rows
        answer = client.get(f"/bills.zip{query}")
        assert answer["Content-Type"] == "application/zip" and answer.streaming
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as found:
            assert found.testzip() is None
            assert found.namelist() == [f"{one.number}.pdf" for one in shown], query
            for name in found.namelist()[:1]:
                assert found.read(name) == client.get(f"/bills/{name}").content


def test_downloads_are_linked_where_documents_are_listed(contoso: Organisation) -> None:
    client, number = signed_in(contoso), _number(contoso)
    for path, wanted in (
        (f"/bills/{number}", (f"/bills/{number}.pdf", f"/bills/{number}/ubl.xml", f"/bills/{number}/cii.xml")),
        ("/bills", (f"/bills/{number}.pdf", '/bills.zip"')),
        ("/bills?show=paid", (f"/bills/{number}.pdf", '/bills.zip?show=paid"')),
        (f"/products/{contoso.reference('visio')}", (f"/bills/{number}.pdf",)),
    ):
        body = client.get(path).content.decode()
        for address in wanted:
            assert f'href="{address}' in body, (path, address)


def test_file_takes_few_queries(contoso: Organisation) -> None:
    client, number = signed_in(contoso), _number(contoso)
    client.get(f"/bills/{number}.pdf")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/bills/{number}.pdf")
    assert len(queries) <= 10


def test_document_keeps_the_language_of_its_issue(contoso: Organisation) -> None:
    client, number = signed_in(contoso), _number(contoso)
    before = client.get(f"/bills/{number}.pdf").content
    Account.objects.update(language="nl")
    client.post("/preferences/language/nl")
    assert client.get(f"/bills/{number}.pdf").content == before
