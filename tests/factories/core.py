"""Accounts for tests and demo data."""

from __future__ import annotations

from itertools import count
from typing import Any

from models.core.clock import now
from models.core.db import db
from models.core.grants import Grant
from models.core.identity import Account, Consent, Identity, Profile
from models.core.legal import ACCEPTED, current_version
from models.core.password import hash_password
from models.core.thai.citizen import sample_citizen_id
from models.core.thai.text import search_text, sort_key

_numbers = count(1)
FIRST = ("พิมพ์ชนก", "อรอนงค์", "ธนากร", "สุรีย์", "มาลี", "กมลวรรณ", "อนุชา", "สาวิตรี", "วีรพงษ์", "ณัฐวุฒิ")
LAST = ("ศรีสุข", "ทองประเสริฐ", "วงศ์ทอง", "พงษ์ไพร", "วงษ์สุวรรณ์", "เรืองศรี", "แก้วมณี", "ใจงาม", "บุญมี", "สายสวัสดิ์")


def make_account(
    kind: str | None = None,
    *,
    email: str | None = None,
    password: str | None = None,
    title: str = "นางสาว",
    first_name: str | None = None,
    last_name: str | None = None,
    has_profile: bool = True,
    **fields: Any,
) -> Account:
    """An account that can sign in at once, of `kind` if one is given, with its profile done unless said otherwise."""
    number = next(_numbers)
    email = email or f"user{number}@sala.example"
    first_name = first_name or FIRST[number % len(FIRST)]
    last_name = last_name or LAST[(number // len(FIRST)) % len(LAST)]
    account = Account(
        username=email,
        email=email,
        title=title,
        first_name=first_name,
        last_name=last_name,
        active=True,
        password=hash_password(password) if password else "pbkdf2:sha256:1$none$none",
        confirmed_at=now(),
        sort_key=sort_key(f"{first_name} {last_name}"),
        search_text=search_text(f"{first_name} {last_name} {email}"),
        **fields,
    )
    if has_profile:
        account.profile = Profile(
            citizen_id=sample_citizen_id(number),
            position="ครูชำนาญการ",
            work_group="กลุ่มบริหารวิชาการ",
            mobile="0812345678",
            completed_at=now(),
        )
    db.session.add(account)
    db.session.flush()
    db.session.add(Identity(user_id=account.id, type="email", value=email.casefold()))
    if kind is not None:
        db.session.add(Grant(user_id=account.id, kind=kind))
    db.session.flush()
    return account


def accept_texts(account: Account) -> None:
    """The account accepted the terms and the privacy policy as they are now."""
    db.session.add_all(Consent(user_id=account.id, text=text, text_version=current_version(text)) for text in ACCEPTED)
