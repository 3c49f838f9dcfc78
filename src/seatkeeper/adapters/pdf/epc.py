"""The payment code of EPC069-12 (version 2): a QR code with which a banking app fills in a transfer in euros."""

from __future__ import annotations

import segno

from seatkeeper.core.money import plain
from seatkeeper.domain.invoicing.form import Bank

MOST_MINOR = 99_999_999_999
MOST_NAME = 70


def payload(bank: Bank, amount_minor: int, reference: str) -> str:
    """What the code says: the account, the sum and the structured reference."""
    name = " ".join(bank.holder.split())[:MOST_NAME]
    sum_ = f"EUR{plain(amount_minor, 'EUR')}"
    return "\n".join(("BCD", "002", "1", "SCT", bank.bic, name, bank.iban, sum_, "", reference))


def drawn(text: str) -> str:
    """A QR code as an SVG picture, with a quiet zone of four modules. Error correction M, as the standard has it."""
    code = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8", eci=False)
    size = len(code.matrix) + 8
    dots = []
    for y, row in enumerate(code.matrix, start=4):
        x = 0
        while x < len(row):
            if row[x]:
                first = x
                while x < len(row) and row[x]:
                    x += 1
                dots.append(f"M{first + 4} {y}h{x - first}v1H{first + 4}z")
            x += 1
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{"".join(dots)}"/></svg>'
    )
