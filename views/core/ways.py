"""Ways to sign in beside the e-mail: identities that a domain registers, and what the pages say of them.

The core knows no school: a domain says how it reads what was typed, and what may stand for a password until the
account has one of its own (spec: assessment.md 2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.core.db import db
from models.core.identity import Account, Identity
from services.core import settings

EMAIL = "email"


@dataclass(frozen=True)
class FirstPassword:
    """What opens an account that has no password of its own yet.

    `claims(name, typed)` says by what was typed alone whether it may be one: such tries are counted by name and by
    address, whoever is known. `opens(name, typed)` whether it is, now; it asks the same of the database for every name.
    `entered(account)` tells those concerned that somebody came in by it. `hint` and `wrong` are what the pages say of
    it, `wrong` without saying whether the account is known or has its own.
    """

    claims: Callable[[str, str], bool]
    opens: Callable[[str, str], bool]
    entered: Callable[[Account], None]
    hint: Any
    wrong: Any


@dataclass(frozen=True)
class Way:
    """An identity of `type` that accounts of a module sign in by; `read` gives its value in what was typed, or None.

    `noun` follows "E-mail or" in the label; `hint` stands under it, `finder` (endpoint, words) leads to who forgot the
    name, `forgotten` says what to do about a forgotten password.
    """

    type: str
    module: str
    read: Callable[[str], str | None]
    noun: Any
    hint: Any
    wrong: Any
    forgotten: Any
    finder: tuple[str, Any] | None = None
    first: FirstPassword | None = None


_ways: dict[str, Way] = {}


def register_way(way: Way) -> None:
    """Let accounts sign in by identities of this type, where the module is part of the site."""
    _ways[way.type] = way


def ways() -> list[Way]:
    """Those of this site."""
    return [way for way in _ways.values() if way.module in settings().modules]


def type_label(code: str) -> str:
    """What an identity of this type is called, of any domain; the code where none registered it."""
    return str(_ways[code].noun) if code in _ways else code


def read(typed: str) -> tuple[str, str, Way | None]:
    """The type and value of the identity that was typed, and its way; an e-mail where it is none of those."""
    for way in ways():
        if (value := way.read(typed)) is not None:
            return way.type, value, way
    return EMAIL, typed, None


def _names(account: Account) -> dict[str, str]:
    rows = select(Identity.type, Identity.value).where(Identity.user_id == account.id)
    return {row.type: row.value for row in db.session.execute(rows)}


def first_way(account: Account) -> tuple[Way, str] | None:
    """The way by which an account without a password of its own comes in, and its name there."""
    if account.password:
        return None
    names = _names(account)
    return next(((way, names[way.type]) for way in ways() if way.first is not None and way.type in names), None)


def is_own_name(account: Account, typed: str) -> bool:
    """Whether that is what the account signs in as: names are no secret, so none can be its password."""
    type_, value, _way = read(typed)
    return _names(account).get(type_) == value.strip().casefold()
