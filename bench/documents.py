"""Documents as files: the PDF with its electronic form inside, and the two electronic forms by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

from bench import cast
from bench.latency import spread

LINES = 48


def measure(count: int) -> dict[str, Any]:
    """Milliseconds each for so many different documents of one line, and for such of many lines."""
    from seatkeeper.domain.accounts.models import Account, Seller
    from seatkeeper.domain.invoicing.form import Form
    from seatkeeper.domain.invoicing.forms import load_forms
    from seatkeeper.domain.invoicing.models import Document
    from seatkeeper.domain.invoicing.rendering import CII, PDF, UBL, rendered

    seller = cast.seller()
    Seller.objects.filter(id=seller).update(
        name="Bench B.V.", vat_id="NL001234567B01", registration_number="00123456",
        address={"street": "Kade", "number": "1", "postcode": "1000 AA", "town": "Amsterdam"},
        letterhead={"iban": "NL91ABNA0417164300", "bic": "ABNANL2A", "colour": "#0f6c5c"},
    )  # fmt: skip
    cast.buyers(seller, count + 3)
    accounts = Account.objects.filter(seller_id=seller).order_by("id").values_list("id", flat=True)
    documents = dict(Document.objects.filter(account_id__in=list(accounts)).values_list("account_id", "id"))

    def timed(make: Callable[[Form], Any], change: Callable[[Form], Form] = lambda form: form) -> dict[str, float]:
        seconds = []
        for account, document in documents.items():
            began = perf_counter()
            form = change(load_forms(account, [document])[document])
            make(form)
            seconds.append(perf_counter() - began)
        return spread(seconds[3:])

    def long(form: Form) -> Form:
        return replace(form, lines=form.lines * LINES)

    def paper(form: Form) -> bytes:
        return rendered(form, PDF, due_minor=form.gross_minor)

    return {
        "PDF with the XML inside, one line": timed(paper),
        f"PDF with the XML inside, {LINES} lines": timed(paper, long),
        "UBL, one line": timed(lambda form: rendered(form, UBL, due_minor=0)),
        f"UBL, {LINES} lines": timed(lambda form: rendered(form, UBL, due_minor=0), long),
        "CII, one line": timed(lambda form: rendered(form, CII, due_minor=0)),
        f"CII, {LINES} lines": timed(lambda form: rendered(form, CII, due_minor=0), long),
    }
