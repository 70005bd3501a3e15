"""What was tried too often; taking a count away lets somebody try again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

from models.core import audit
from models.core.clock import now
from models.core.db import db
from models.core.identity import account_by_identity
from models.core.throttle import Throttle
from services import throttle
from views.core import ways
from views.core.console.asked import Asked
from views.core.console.base import ConsoleView
from views.core.console.columns import Column, Deed, Filter

LIMITS = {
    limit.name: (limit, words)
    for limit, words in (
        (throttle.SIGN_IN, _("Signing in: one account from one address")),
        (throttle.SIGN_IN_ADDRESS, _("Signing in: everybody from one address")),
        (throttle.FIRST_PASSWORD, _("First passwords: one account")),
        (throttle.FIRST_PASSWORD_ADDRESS, _("First passwords: everybody from one address")),
        (throttle.LINK_MAIL, _("Links by e-mail: one e-mail address")),
        (throttle.LINK_MAIL_ADDRESS, _("Links by e-mail: asked for from one address")),
        (throttle.CODE, _("Codes and passwords asked for again: one account")),
        (throttle.UPLOAD, _("Uploads: one account")),
    )
}
_LATELY = timedelta(hours=1)


def _limit(row: Throttle) -> Any:
    return LIMITS.get(row.key.partition(":")[0])


def _is_full(row: Throttle) -> bool:
    limit = _limit(row)
    return limit is not None and row.count > limit[0].most and row.ends_at > now()


def _chip(row: Throttle) -> str:
    if row.ends_at <= now():
        return "off"
    return "fix" if _is_full(row) else "pass"


class ThrottleView(ConsoleView):
    """จำนวนครั้งที่ลอง: what was tried too often; taking a count away lets somebody try again."""

    model = Throttle
    title = _("Limits on tries")
    about = _(
        "What was tried how often: signing in, codes, links. Taking a count away lets somebody try again at once."
    )
    note = _(
        "A count names nobody. To find somebody’s, type their e-mail, their address, or both; where they tried to sign"
        " in is in the access log."
    )
    group, icon_name = "people", "stopwatch"
    can_export = can_view_details = False
    columns = (
        Column("limit", _("What is limited"), lambda row, _seen: str(_limit(row)[1]) if _limit(row) else "–"),
        Column("count", _("Times tried"), sortable=True, kind="number"),
        Column("most", _("Allowed"), lambda row, _seen: _limit(row)[0].most if _limit(row) else "–", kind="number"),
        Column("standing", _("State"), lambda row, _seen: _said(row), chips=_chip),
        Column("ends_at", _("Counts until"), sortable=True, kind="datetime"),
    )
    order = (Throttle.ends_at.desc(),)
    search_label = _("E-mail, address, or both")
    filters = (
        Filter(
            "limit",
            _("What is limited"),
            {name: words for name, (_limit_, words) in LIMITS.items()},
            lambda value: Throttle.key.startswith(f"{value}:", autoescape=True),
        ),
    )
    deeds = (
        Deed(
            "forget",
            _("Let them try again"),
            "arrow-counterclockwise",
            _("The count is taken away; they may try again."),
        ),
    )

    def key_of(self, record: Throttle) -> str:
        """Not the count's own key, which is a digest of whom it counts."""
        return hashlib.sha256(record.key.encode()).hexdigest()[:24]

    def record(self, key: str | None) -> Any:
        """By the digest of its key, among the counts that stand now."""
        if key and len(key) == 24:
            for record in db.session.scalars(self.rows().limit(20_000)):
                if self.key_of(record) == key:
                    return record
        return super().record("")

    def narrowed(self, asked: Asked) -> Select[Any]:
        """A search is for what an e-mail and an address count under."""
        rows = super().narrowed(Asked(asked.page, asked.size, filters=asked.filters))
        words = asked.search.split()
        return rows.where(Throttle.key.in_(_keys(words))) if words else rows

    def do_forget(self, record: Throttle) -> None:
        """Begin the count anew."""
        audit.note("core_throttle.forget", entity="core_throttle", limit=record.key.partition(":")[0])
        found = _limit(record)
        if found is None:  # a limit of an earlier version
            db.session.delete(record)
        else:
            throttle.forget_key(found[0], record.key)


def _said(row: Throttle) -> str:
    if row.ends_at <= now():
        return gettext("Over")
    return gettext("Must wait") if _is_full(row) else gettext("Within the limit")


def _keys(words: Sequence[str]) -> set[str]:
    """Every key under which these e-mails and addresses may be counted."""
    found = set()
    for word in words:
        found |= {throttle.key_of(limit, word) for limit, _words in LIMITS.values()}
        found |= {throttle.key_of(throttle.SIGN_IN, word, other) for other in words if other != word}
        type_, name, _way = ways.read(word)
        account = account_by_identity(type_, name)
        if account is not None:
            found.add(throttle.key_of(throttle.UPLOAD, str(account.id)))
            found |= {throttle.key_of(throttle.CODE, str(account.id), what) for what in throttle.CODES}
            tried = (
                select(audit.AuditEntry.address)
                .where(
                    audit.AuditEntry.entity == "ab_user",
                    audit.AuditEntry.entity_id == str(account.id),
                    audit.AuditEntry.at > now() - _LATELY,
                )
                .distinct()
                .limit(50)
            )
            found |= {throttle.key_of(throttle.SIGN_IN, word, address) for address in db.session.scalars(tried)}
    return found
