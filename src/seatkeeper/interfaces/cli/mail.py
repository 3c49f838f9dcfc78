"""`seatkeeper mail`: what is in the outbox, what did not go, and how each mail looks with real data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seatkeeper.interfaces.cli.common import BadInput, Json, begin, out, print_json, row, table

app = typer.Typer(no_args_is_help=True, help="Mail: what went, what did not, and how it looks.")

STATES = ("waiting", "claimed", "handing", "sent", "unsure", "failed", "dropped", "kept")
Account = Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Only of this account: its key or number.")]
MailNumber = Annotated[int, typer.Argument(metavar="MAIL", help="Its number; `mail list` shows it.")]


@app.command("list", epilog="Example: seatkeeper mail list --state unsure")
def list_command(
    account: Account = None,
    state: Annotated[list[str] | None, typer.Option(help=f"Only in this state: {', '.join(STATES)}.")] = None,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="So many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """List mails, newest first, with what hinders them."""
    begin()
    from seatkeeper.domain.mail.queries import counts, mails
    from seatkeeper.interfaces.cli import finding

    for wanted in state or ():
        if wanted not in STATES:
            raise BadInput(f"there is no state '{wanted}'; there is {', '.join(STATES)}")
    chosen = finding.account(account).line.id if account else None
    found = mails(account=chosen, states=state or (), most=most)
    if as_json:
        print_json({"counts": counts(), "mails": found})
        return
    shown = table("", "mail", "account", "kind", "state", "written", "tries", "subject or problem", right=("mail",))
    for one in found:
        said = f"{one.subject} ({one.problem})" if one.subject and one.problem else one.subject or one.problem
        row(shown, one.id, one.account, one.kind, one.state, f"{one.at:%Y-%m-%d %H:%M}", one.tries, said)
    out().print(shown)


@app.command("send", epilog="Example: seatkeeper mail send")
def send_command(as_json: Json = False) -> None:
    """Send what is due now, once. `serve` and `worker` do so by themselves."""
    begin()
    from seatkeeper.interfaces.web.letters.sending import send_mail

    report = send_mail()
    if as_json:
        print_json(report)
        return
    said = f"{report.sent} sent, {report.later} later, {report.failed} failed, {report.unsure} unsure"
    out().print(f"Mail: {said}, {report.dropped} no longer true.", markup=False)
    for problem in dict.fromkeys(report.problems):
        out().print(problem, markup=False)


@app.command("retry", epilog="Example: seatkeeper mail retry --failed")
def retry_command(
    mail: Annotated[list[int] | None, typer.Argument(metavar="[MAIL ...]", help="Their numbers.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed.")] = False,
) -> None:
    """Let mails that failed, are unsure, or wait for a later try be tried at once."""
    begin()
    from seatkeeper.domain.mail.queries import mails, retry
    from seatkeeper.interfaces.cli.finding import SELLER
    from seatkeeper.kit.clock import system_now

    ids = [*(mail or ()), *(one.id for one in (mails(states=("failed",), most=10_000) if failed else ()))]
    if not ids and not failed:
        raise BadInput("give the numbers of mails, or --failed")
    out().print(f"{retry(ids, now=system_now(), actor=SELLER)} mails are tried again.", markup=False)


@app.command("arrived", epilog="Example: seatkeeper mail arrived 17")
def arrived_command(mail: MailNumber) -> None:
    """Note that a mail of which it was not sure did arrive, so that it is not sent again."""
    begin()
    from seatkeeper.domain.mail.queries import settle_unsure
    from seatkeeper.interfaces.cli.finding import SELLER
    from seatkeeper.kit.clock import system_now

    if not settle_unsure(mail, now=system_now(), actor=SELLER):
        raise BadInput(f"mail {mail} is not unsure")
    out().print(f"Mail {mail} arrived.", markup=False)


@app.command("preview", epilog="Example: seatkeeper mail preview renewal --account contoso --lang nl --html a.html")
def preview_command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Such as invoice; `mail kinds` lists them.")],
    account: Annotated[str, typer.Option(metavar="ACCOUNT", help="The account's key or number.")],
    lang: Annotated[str | None, typer.Option(help="en or nl; else the account's own.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the HTML form to this file.")] = None,
    as_json: Json = False,
) -> None:
    """Show a kind of mail with an account's real data, as it would be worded now. Nothing is sent."""
    begin()
    from seatkeeper.domain.accounts.queries import organisation
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.interfaces.web.letters.compose import KINDS
    from seatkeeper.interfaces.web.letters.examples import example

    if kind not in KINDS:
        raise BadInput(f"there is no kind of mail '{kind}'; there is {', '.join(KINDS)}")
    if lang not in (None, "en", "nl"):
        raise BadInput(f"--lang must be en or nl: {lang}")
    own = organisation(finding.account(account).line.id)
    assert own is not None, "it was found"
    found = example(own, kind, language=lang)
    if found is None:
        raise BadInput(f"the account '{account}' has nothing that a mail of kind {kind} could tell of")
    letter, _ = found
    if html is not None:
        html.write_text(letter.html, encoding="utf-8")
    if as_json:
        print_json({"subject": letter.subject, "text": letter.text, "language": letter.language})
    else:
        out().print(f"Subject: {letter.subject}\n\n{letter.text}", markup=False)


@app.command("kinds", epilog="Example: seatkeeper mail kinds")
def kinds_command(as_json: Json = False) -> None:
    """List the kinds of mail."""
    begin(require=False)
    from seatkeeper.interfaces.web.letters.compose import KINDS

    if as_json:
        print_json(list(KINDS))
    else:
        out().print("\n".join(KINDS), markup=False)
