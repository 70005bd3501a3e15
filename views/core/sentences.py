"""Codes become sentences here, in the reader's language; each says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from models.core.workflow import Refusal, Refused

Sentence = Callable[[dict[str, Any]], str]
_sentences: dict[str, Sentence] = {}


def says(code: str) -> Callable[[Sentence], Sentence]:
    """Register the sentence of a refusal's code; it gets the refusal's values."""

    def register(function: Sentence) -> Sentence:
        _sentences[code] = function
        return function

    return register


def sentence(refusal: Refusal | Refused) -> str:
    """The refusal as a sentence; a code without one is still told, with its code for the staff."""
    reason = refusal.refusal if isinstance(refusal, Refused) else refusal
    found = _sentences.get(reason.code)
    if found is None:
        return _("This cannot be done now (%(code)s).", code=reason.code)
    return found(reason.values)


def known_codes() -> frozenset[str]:
    """Every code that has its sentence; the tests compare it with the codes that the rules give."""
    return frozenset(_sentences)


@says("not_permitted")
def _not_permitted(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("You do not have the right to do this on this record.")


@says("wrong_stage")
def _wrong_stage(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("The record has moved on to another stage. Open it again to see where it stands now.")


@says("list_name_needed")
def _list_name_needed(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Give the tab a name.")


@says("list_name_too_long")
def _list_name_too_long(values: dict[str, Any]) -> str:
    return _("The name is too long. %(limit)s characters at most are possible.", **values)


@says("name_taken")
def _name_taken(values: dict[str, Any]) -> str:
    return _("You have a tab “%(name)s” already. Choose another name.", **values)


@says("too_many_lists")
def _too_many_lists(values: dict[str, Any]) -> str:
    return _("%(limit)s tabs of one’s own are possible. Take one away first.", **values)


@says("job_is_over")
def _job_is_over(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("The work is over already. There is nothing to cancel.")
