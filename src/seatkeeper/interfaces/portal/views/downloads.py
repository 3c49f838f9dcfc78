"""Documents as files: the PDF, its two electronic forms, and all PDFs of a filter at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.invoicing.ports import NotElectronic
from seatkeeper.interfaces.portal import bill_calls
from seatkeeper.interfaces.portal.views.bills import wanted
from seatkeeper.interfaces.portal.views.frame import not_there, sees
from seatkeeper.interfaces.web.text import say

NO_FORM = N_("The European standard for e-invoices cannot say what this document says. Its PDF has everything.")


@sees("money.see")
def file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """One file of a document. Asked again with its tag, it answers that nothing changed and makes nothing."""
    found = bill_calls.document_file(request, number, kind)
    if found is None:
        return not_there(request)
    tag = f'"{found.etag}"'
    same = get_conditional_response(request, etag=tag)
    if same is not None:
        return _kept(same, tag)
    try:
        content = found.content()
    except NotElectronic:
        context = {"sentence": say(NO_FORM), "number": number}
        return render(request, "portal/no_form.html", context, status=409)
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return _kept(response, tag)


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    """The browser may keep it, and asks each time whether it is still so."""
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@sees("money.see")
def archive(request: HttpRequest) -> HttpResponseBase:
    """A ZIP with the PDFs of the list's filter, sent while it is made."""
    files = bill_calls.document_archive(request, wanted(request.GET))
    response = StreamingHttpResponse(files, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="documents.zip"'
    response["Cache-Control"] = "private, no-store"
    return response
