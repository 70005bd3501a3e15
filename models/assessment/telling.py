"""How a school and its province are told: under the bell of their accounts, and by mail to their contacts.

A school signs in by its code: its account has no address of its own, so that its mail goes to the contact that the
register has of it (spec: assessment.md 2, 6.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.assessment.school import School
from models.core import outbox
from models.core.db import db


def tell_schools(schools: Iterable[School], event: str, record: Any = None, /, **values: Any) -> int:
    """Tell each school; returns how many of them a mail goes to. Values are plain and free of secrets.

    Their accounts are read with them where the caller loaded them so. The caller commits.
    """
    mailed = 0
    for school in schools:
        account = school.account
        if account is not None:
            outbox.tell([account], event, record, mail=False, **values)
        if school.email:
            outbox.post(school.email, event, user=account, **values)
            mailed += 1
    return mailed


def tell_committee(school: School, event: str, record: Any = None, /, **values: Any) -> None:
    """Tell the committee that a school lies under, which is the school itself where it was made one."""
    committee = db.session.get(School, school.committee_id) if school.committee_id else None
    if committee is not None:
        tell_schools([committee], event, record, **values)
