"""What every service needs: the settings of the running application, and one instance per application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app

from config import Settings

T = TypeVar("T")


class ServiceDown(OSError):
    """Something outside does not answer; its message is for the log and the operator, never for a page."""


class BadFile(Exception):
    """An upload is refused: a code and its values, which the edge turns into a sentence.

    Codes: `empty`, `too_large` (limit, bytes), `bad_name`, `type_not_allowed` (allowed), `content_differs` (ending),
    `damaged`, `macros`, `encrypted`, `too_many_pixels` (most, in megapixels), `unsafe` (found).
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.config["SALA"])


def kept(name: str, make: Callable[[Settings], T]) -> T:
    """The application's one instance of a service, made when it is first asked for."""
    key = f"sala_{name}"
    if key not in current_app.extensions:
        current_app.extensions[key] = make(settings())
    return cast(T, current_app.extensions[key])
