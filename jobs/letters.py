"""From an event to the mail that its reader sees: words in their language, one layout, links from SALA_BASE_URL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from models.core.choice import group_of
from models.core.db import db
from models.core.identity import Account
from models.core.outbox import DIGEST, Message
from services.core import settings
from services.mail import Attachment, Letter
from services.seal import is_sealed, unseal

HIDDEN = "••••"


@dataclass(frozen=True)
class Section:
    """What a digest says about one thing: its name, the sentences with their times, and where it is read."""

    title: str
    path: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Words:
    """What a mail says, in the reader's language: subject, paragraphs, a button that leads to `path`, and files."""

    subject: str
    paragraphs: list[str] = field(default_factory=list)
    button: str = ""
    path: str = ""
    template: str = "mail/letter"
    attachments: list[Attachment] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


Writer = Callable[[Mapping[str, Any]], Words]
GeneralWriter = Callable[[Message, Mapping[str, Any]], Words]
_writers: dict[str, Writer] = {}
_whole_writers: dict[str, GeneralWriter] = {}
_general: list[GeneralWriter] = []  # one, once it is registered


def letter(event: str) -> Callable[[Writer], Writer]:
    """Register what writes the words of an event's mail; called in the reader's language, url_for works in it."""

    def register(writer: Writer) -> Writer:
        _writers[event] = writer
        return writer

    return register


def whole_letter(event: str) -> Callable[[GeneralWriter], GeneralWriter]:
    """Register what writes an event's mail from the message itself, where its values do not say everything."""

    def register(writer: GeneralWriter) -> GeneralWriter:
        _whole_writers[event] = writer
        return writer

    return register


def write_others(writer: GeneralWriter) -> GeneralWriter:
    """Register what writes the mail of events that have no letter of their own."""
    _general[:] = [writer]
    return writer


def known_letters() -> frozenset[str]:
    """Every event that has a letter of its own."""
    return frozenset(_writers) | frozenset(_whole_writers)


def render(message: Message, reveal: bool = False) -> Letter:
    """The mail as its reader gets it. Without `reveal` sealed values stay hidden and no link is given away.

    Raises BadSeal when a link in it was sealed with another key.
    """
    has_secret = any(is_sealed(value) for value in message.values.values())
    values = {key: _value(value, reveal) for key, value in message.values.items()} | {"to_address": message.address}
    reader = db.session.get(Account, message.user_id) if message.user_id else None
    base = settings().base_url
    with (
        current_app.test_request_context(base_url=base),
        force_locale(reader.locale if reader is not None and reader.locale else "th"),
    ):
        words = _words(message, values)
        link = "" if has_secret and not reveal else _absolute(base, words.path)
        about = {
            "words": words,
            "link": link,
            "absolute": lambda path: _absolute(base, path),
            "choice_link": _choice_link(base, message),
            "base_url": base,
            "agency_name": settings().agency_name,
            "lang": reader.locale if reader is not None and reader.locale else "th",
        }
        templates = current_app.jinja_env
        text = templates.get_template(f"{words.template}.txt").render(about)
        html = templates.get_template(f"{words.template}.html").render(about)
    return Letter(words.subject, _tidy(text), html, tuple(words.attachments))


def _value(value: Any, reveal: bool) -> Any:
    if not is_sealed(value):
        return value
    return unseal(value) if reveal else HIDDEN


def _words(message: Message, values: Mapping[str, Any]) -> Words:
    if whole := _whole_writers.get(message.event):
        return whole(message, values)
    writer = _writers.get(message.event)
    if writer is not None:
        return writer(values)
    if _general:
        return _general[0](message, values)
    return Words(_("News from %(agency)s", agency=settings().agency_name), [_("Sign in to see it.")], _("Open"), "/")


def _absolute(base: str, path: str) -> str:
    if not path:
        return ""
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}{path}"


def _tidy(text: str) -> str:
    """Plain text without the empty lines that the template's statements leave behind."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _choice_link(base: str, message: Message) -> str:
    """Where the reader chooses how to be told of such things; nothing where there is no choice."""
    if group_of(message.event) is None and message.event != DIGEST:
        return ""
    return _absolute(base, url_for("OwnMessagesView.form"))
