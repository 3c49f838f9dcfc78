"""Bank statements for tests, as camt.053.001.02 writes them; nothing in them is anybody's."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from xml.sax.saxutils import escape

OWN = "NL91ABNA0417164300"
PAYER = "NL20INGB0001234567"


def transfer(
    amount: str, text: str, *, reference: str = "", iban: str = PAYER, currency: str = "EUR", credit: bool = True,
    booked: str = "2026-03-20", status: str = "BOOK", structured: bool = False,
) -> str:
    """One entry."""
    about = (
        f"<Strd><CdtrRefInf><Ref>{escape(text)}</Ref></CdtrRefInf></Strd>" if structured
        else f"<Ustrd>{escape(text)}</Ustrd>"
    )
    bank = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{"CRDT" if credit else "DBIT"}</CdtDbtInd>'
        f"<Sts>{status}</Sts><BookgDt><Dt>{booked}</Dt></BookgDt>{bank}<NtryDtls><TxDtls>"
        f"<RltdPties><Dbtr><Nm>A. Payer &amp; Co</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{about}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def statement(entries: Iterable[str], *, iban: str = OWN, opening: str = "", closing: str = "") -> str:
    """A whole message."""
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{Decimal(amount)}</Amt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        for code, amount in (("OPBD", opening), ("CLBD", closing))
        if amount
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        f"<BkToCstmrStmt><GrpHdr/><Stmt><Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{balances}"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    )
