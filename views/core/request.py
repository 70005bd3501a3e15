"""What comes in by HTTP, before any view reads it: without the one character that no database can keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class CleanValues(ImmutableMultiDict[str, Any]):
    """Arguments of an address or a form; NUL is part of no text, and PostgreSQL refuses every query that holds it.

    A part of a form that came without a name is nobody's value.
    """

    def __init__(self, mapping: Any = None) -> None:
        pairs = ImmutableMultiDict(mapping).items(multi=True)
        super().__init__([(_without_nul(key), _without_nul(value)) for key, value in pairs if isinstance(key, str)])


class SalaRequest(Request):
    """A request whose texts every database can keep, and whose JSON is read or refused but never breaks the server."""

    parameter_storage_class = CleanValues

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The JSON of the body; lists inside lists without end are no more JSON than a syntax error is."""
        try:
            return super().get_json(force=force, silent=silent, cache=cache)
        except RecursionError:
            if silent:
                return None
            raise BadRequest from None


class SalaFlask(Flask):
    """The application: nothing in it is a coroutine, so nothing is asked whether it is one at every request."""

    request_class = SalaRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func
