"""Sends mail by SMTP; without SALA_SMTP_URL nothing is sent and messages stay readable in the outbox."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from models.core.db import now
from services.core import ServiceDown, settings

SECONDS = 20


class MailDown(ServiceDown):
    """The mail server cannot be reached or takes no mail now: any message would fail, try again later."""


class MailRefused(Exception):
    """The mail server refused this one message. `for_good` says that trying again cannot help."""

    def __init__(self, why: str, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail; `method` is what a calendar file asks of a calendar (RFC 6047), else ""."""

    name: str
    content: bytes
    content_type: str
    method: str = ""


@dataclass(frozen=True)
class Letter:
    """A mail as its reader sees it, in both forms, and what is attached to it."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Server:
    """Where mail goes: smtp://user:password@host:587?starttls=always or smtps://…:465.

    STARTTLS is used where the server offers it; `starttls=always` refuses to go on without.
    """

    host: str
    port: int
    user: str
    password: str
    implicit_tls: bool
    must_encrypt: bool

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read SALA_SMTP_URL."""
        parts = urlsplit(url)
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if implicit else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=implicit,
            must_encrypt=parse_qs(parts.query).get("starttls", [""])[0] == "always",
        )


def is_configured() -> bool:
    """Whether mail can go out at all."""
    return bool(settings().smtp_url)


class Postman:
    """An open connection to the mail server, good for many messages."""

    def __init__(self, smtp: smtplib.SMTP, sender: str, sender_name: str) -> None:
        self._smtp = smtp
        self._sender = sender
        self._sender_name = sender_name

    def send(self, to: str, letter: Letter, key: str) -> None:
        """Hand one mail over; `key` becomes its Message-ID. Raises MailRefused or MailDown."""
        try:
            message = compose(to, letter, key, self._sender, self._sender_name)
            self._smtp.send_message(message, from_addr=self._sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            self._reset()
            raise MailRefused(f"{code} {_text(answer)}", for_good=500 <= code < 600) from error
        except smtplib.SMTPSenderRefused as error:
            # Our own address is refused: every message would be.
            raise MailDown(f"{error.smtp_code} {_text(error.smtp_error)}") from error
        except smtplib.SMTPServerDisconnected as error:
            raise MailDown(str(error)) from error
        except smtplib.SMTPResponseException as error:
            self._reset()
            why = f"{error.smtp_code} {_text(error.smtp_error)}"
            if error.smtp_code == 421:  # The server is closing.
                raise MailDown(why) from error
            raise MailRefused(why, for_good=500 <= error.smtp_code < 600) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused(str(error), for_good=True) from error
        except (OSError, ssl.SSLError) as error:
            raise MailDown(_plain(error)) from error
        except (ValueError, LookupError, MessageError) as error:  # An address that no header can hold.
            raise MailRefused("the address is not one", for_good=True) from error

    def _reset(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.rset()


def compose(to: str, letter: Letter, key: str, sender: str, sender_name: str) -> EmailMessage:
    """The mail with its headers; raises (ValueError and its like) for an address that could smuggle one in."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    for attachment in letter.attachments:
        _attach(message, attachment)
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _slash, sub = attachment.content_type.partition("/")
    if attachment.method:
        # The form in which mail programs offer to accept; the file itself is for those that do not.
        message.add_alternative(
            attachment.content.decode("utf-8"), subtype=sub, params={"method": attachment.method}, cte="base64"
        )
    message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)


@contextmanager
def connection(seconds: float = SECONDS) -> Iterator[Postman]:
    """Connect, encrypt and sign in; raises MailDown. No step waits longer than `seconds`."""
    server = Server.from_url(settings().smtp_url)
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _connect(server, seconds)
        if server.user:
            smtp.login(server.user, server.password)
    except (smtplib.SMTPException, OSError, ssl.SSLError) as error:
        if smtp is not None:
            smtp.close()
        raise MailDown(_plain(error)) from error
    try:
        yield Postman(smtp, settings().mail_from, settings().agency_name)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _connect(server: Server, seconds: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.implicit_tls:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=seconds)
    try:
        smtp.ehlo_or_helo_if_needed()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
        elif server.must_encrypt:
            raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS, and starttls=always asks for it")
        elif server.user and server.host not in ("localhost", "127.0.0.1", "::1"):
            raise smtplib.SMTPNotSupportedError("the server offers no encryption; the password is not sent in clear")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _plain(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, (TimeoutError, socket.timeout)):
        return "timed out"
    return f"{type(error).__name__}: {error}"
