"""Passwords: PBKDF2-HMAC-SHA-256, 8 to 128 characters of any kind, common ones refused (spec: fund.md 2.1)."""

from __future__ import annotations

from werkzeug.security import check_password_hash, generate_password_hash

from models.core.reference.passwords import password_text

_rounds = 600_000
_fake: dict[int, str] = {}


def set_rounds(rounds: int) -> None:
    """How many rounds new hashes take; few only in tests."""
    global _rounds
    _rounds = rounds


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return generate_password_hash(password_text(password), f"pbkdf2:sha256:{_rounds}")


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; costs the same time where there is no account (`stored` None)."""
    if not stored:
        if _rounds not in _fake:
            _fake[_rounds] = generate_password_hash("nobody", f"pbkdf2:sha256:{_rounds}")
        check_password_hash(_fake[_rounds], password_text(password))
        return False
    return check_password_hash(stored, password_text(password))
