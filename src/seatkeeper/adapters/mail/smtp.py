"""Mail by SMTP, one conversation a mail, so that every step's failure has its own meaning."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable

from seatkeeper.adapters.mail.message import message, sender_address
from seatkeeper.config.mail import Mail
from seatkeeper.domain.mail.ports import Parcel, Problem, Unsure

OK = 250


class SmtpCarrier:
    """Implements domain.mail.ports.Carrier."""

    def __init__(self, mail: Mail) -> None:
        self.mail = mail

    def deliver(self, parcel: Parcel, handing: Callable[[], bool]) -> None:
        """Hand a mail over; a recipient that the server refuses is passed over where another one is taken."""
        content = message(parcel).as_bytes()
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise Problem(f"the mail server cannot be used: {_said(error)}", every=True) from None
        try:
            self._envelope(server, parcel.recipients)
            if handing():
                self._give(server, content)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        mail = self.mail
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.port, timeout=mail.timeout_seconds, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)
        try:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                server.login(mail.user, mail.password)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _envelope(self, server: smtplib.SMTP, recipients: tuple[str, ...]) -> None:
        """Sender and recipients. Nothing has been handed over yet, whatever goes wrong here."""
        try:
            code, _ = server.mail(sender_address())
            if code != OK:
                raise Problem(f"the server refused the sender ({code})", for_good=code >= 500)
            codes = [server.rcpt(one)[0] for one in recipients]
        except (OSError, smtplib.SMTPException) as error:
            raise Problem(f"the connection was lost: {_said(error)}") from None
        if not any(200 <= code < 300 for code in codes):
            raise Problem(f"the server refused every recipient ({max(codes)})", for_good=min(codes) >= 500)

    def _give(self, server: smtplib.SMTP, content: bytes) -> None:
        try:
            code, _ = server.data(content)
        except smtplib.SMTPDataError as error:  # refused before the mail was given
            raise Problem(f"the server refused the mail ({error.smtp_code})", for_good=error.smtp_code >= 500) from None
        except (OSError, smtplib.SMTPException):
            raise Unsure from None
        if code != OK:
            raise Problem(f"the server refused the mail ({code})", for_good=code >= 500)


def _said(error: BaseException) -> str:
    """The kind of failure and its number; never the server's own words, which may repeat addresses."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__}{f' {code}' if code else ''}"
