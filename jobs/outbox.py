"""Sends what waits in the outbox: leased, sent, marked, each message in its own short transactions."""

from __future__ import annotations

import logging
from contextlib import ExitStack

from jobs.letters import render
from models.core import outbox
from models.core.db import db, reading
from models.core.outbox import Message
from services import mail, sms
from services.core import ServiceDown
from services.mail import Letter, MailRefused, Postman
from services.seal import BadSeal
from services.sms import SmsRefused

log = logging.getLogger("sala.outbox")


def send_due(most: int = 1000) -> int:
    """Send the messages that are due, at most so many; how many were sent.

    A channel that is not configured is left alone. A server that is down ends the round: the message that found it so
    waits for its next try, the others are as they were.
    """
    channels = [name for name, service in (("mail", mail), ("sms", sms)) if service.is_configured()]
    sent = 0
    with ExitStack() as open_connections:
        carrier = _Carrier(open_connections)
        for _round in range(most):
            if not channels:
                break
            message = outbox.lease_message(channels)
            db.session.commit()
            if message is None:
                break
            try:
                _send(carrier, message)
            except ServiceDown as error:
                outbox.was_not_sent(message, str(error))
                channels.remove(message.channel)
                log.warning("%s is down, messages wait", message.channel, extra={"why": error})
            except (MailRefused, SmsRefused) as error:
                _refused(message, error)
            except BadSeal as error:
                outbox.was_refused(message, str(error))
            except Exception as error:
                # One message that cannot be written must not hold up the others.
                db.session.rollback()
                log.exception("message %s could not be made", message.id)
                outbox.was_not_sent(message, f"could not be written: {type(error).__name__}")
            else:
                outbox.was_sent(message)
                sent += 1
            db.session.commit()
    return sent


def _refused(message: Message, error: MailRefused | SmsRefused) -> None:
    if isinstance(error, MailRefused) and not error.for_good:
        outbox.was_not_sent(message, str(error))
    else:
        outbox.was_refused(message, str(error))


class _Carrier:
    """The open connection to the mail server, made for the first mail of a round."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._postman: Postman | None = None

    def mail(self, message: Message, letter: Letter) -> None:
        if self._postman is None:
            self._postman = self._stack.enter_context(mail.connection())
        self._postman.send(message.address, letter, message.key)


def _send(carrier: _Carrier, message: Message) -> None:
    with reading():
        letter = render(message, reveal=True)
        db.session.commit()  # Nothing is held open while the server takes its time.
        if message.channel == "sms":
            sms.send(message.address, letter.text, message.key)
        else:
            carrier.mail(message, letter)
