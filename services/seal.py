"""Seals small secrets (the tokens of mailed links) so that a row may carry them and a reader of the table may not."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from services.core import settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PREFIX = "sealed:"


class BadSeal(Exception):
    """The value was sealed with another SALA_SECRET_KEY, or was tampered with."""


def _fernet() -> Fernet:
    from cryptography.fernet import Fernet

    key = hmac.new(settings().secret_key.encode(), b"sala.seal.v1", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secret: str) -> str:
    """The secret in a form that only a holder of SALA_SECRET_KEY can read."""
    return PREFIX + _fernet().encrypt(secret.encode()).decode()


def is_sealed(value: object) -> bool:
    """Whether the value came from `seal`."""
    return isinstance(value, str) and value.startswith(PREFIX)


def unseal(value: str) -> str:
    """The secret again; raises BadSeal."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet().decrypt(value.removeprefix(PREFIX).encode()).decode()
    except InvalidToken as error:
        raise BadSeal("sealed with another SALA_SECRET_KEY") from error
