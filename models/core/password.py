"""Passwords: PBKDF2-HMAC-SHA-256, 8 to 128 characters of any kind, common ones refused (spec: fund.md 2.1)."""

from __future__ import annotations

import unicodedata

from werkzeug.security import check_password_hash, generate_password_hash

SHORTEST, LONGEST = 8, 128
_rounds = 600_000
_fake: dict[int, str] = {}


def set_rounds(rounds: int) -> None:
    """How many rounds new hashes take; few only in tests."""
    global _rounds  # noqa: PLW0603
    _rounds = rounds


def _same(password: str) -> str:
    # The same letters typed on another keyboard are the same password (NIST SP 800-63B 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return generate_password_hash(_same(password), f"pbkdf2:sha256:{_rounds}")


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; costs the same time where there is no account (`stored` None)."""
    if not stored:
        if _rounds not in _fake:
            _fake[_rounds] = generate_password_hash("nobody", f"pbkdf2:sha256:{_rounds}")
        check_password_hash(_fake[_rounds], _same(password))
        return False
    return check_password_hash(stored, _same(password))
