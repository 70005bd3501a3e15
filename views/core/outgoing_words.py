"""What outgoing messages are called on screen: their states, their kinds, and why one did not go out."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.core import choice
from models.core.outbox import FAILED, GATHERED, HELD, SENT, WAITING

# What mail servers answer (RFC 5321 and 3463) and what the network says, each in words that say what to do.
_ERRORS = (
    (r"\b5\.1\.[0123]\b|^550|^551|no such|user unknown|does not exist", _l("There is no such address. Correct it.")),
    (r"\b[45]\.2\.2\b|^452|^552|full|quota", _l("The mailbox is full. It is tried again.")),
    (r"^53[045]|\b5\.7\.8\b|auth", _l("The mail server does not accept our name or password.")),
    (r"^421|^45[01]|\b4\.\d+\.\d+\b|greylist|try again", _l("The mail server asked to try again later.")),
    (r"^55[34]|\b5\.7\.\d+\b|spam|polic|reject", _l("The reader’s mail server refused the message.")),
    (r"timed out|refused|Errno|gaierror|Error|closed|disconnect", _l("The mail server could not be reached.")),
    (r"could not be written", _l("The message could not be written. Tell whoever runs the system.")),
    (r"seal", _l("Its link was made with another key. Have a new link sent.")),
    (r"address is not one", _l("This is no mail address. Correct it.")),
)


def plain_error(error: str) -> str:
    """Why a message did not go out, as somebody can act on it."""
    for pattern, words in _ERRORS[-3:] + _ERRORS[:-3]:
        if re.search(pattern, error, re.IGNORECASE):
            return str(words)
    return _("The mail server did not take it.")


STATE_CHIPS = {FAILED: "fail", WAITING: "wait", HELD: "doing", SENT: "pass", GATHERED: "pass"}
"""A message's state -> the kind of its chip."""


def state_label(state: str) -> str:
    """Where a message stands."""
    words = {
        WAITING: _("Waiting"),
        HELD: _("Kept for the daily e-mail"),
        SENT: _("Sent"),
        GATHERED: _("In a daily e-mail"),
        FAILED: _("Failed"),
    }
    return words.get(state, state)


def channel_label(channel: str) -> str:
    """How a message goes out."""
    return {"mail": _("E-mail"), "sms": _("SMS")}.get(channel, channel)


def about_labels() -> dict[str, str]:
    """What messages may be about, for the filter."""
    return {
        choice.PROPOSALS: _("Proposals"),
        choice.SESSIONS: _("Evaluation sessions"),
        choice.ADMINISTRATION: _("Membership and roles"),
        "account": _("Accounts and sign-in"),
    }
