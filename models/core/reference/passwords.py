"""Passwords that everyone tries first: refused when a new one is chosen. spec: fund.md 2."""

import unicodedata
from functools import cache
from pathlib import Path

MIN_PASSWORD, MAX_PASSWORD = 8, 128
"""Characters a new password may have."""


def password_text(text: str) -> str:
    """Return a password as it is hashed and compared: NFC, so that every keyboard types the same one. Nothing else."""
    return unicodedata.normalize("NFC", text)


def is_common_password(text: str) -> bool:
    """Whether `text` is on the list of common passwords, whatever its case and the spaces around it."""
    return password_text(text).strip().casefold() in _common_passwords()


@cache
def _common_passwords() -> frozenset[str]:
    path = Path(__file__).with_name("common_passwords.txt")
    return frozenset(line for line in path.read_text(encoding="utf-8").splitlines() if line)
