"""The words of the daily digest: what happened, by what it happened to (spec: fund.md 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from jobs.letters import Section, Words, whole_letter
from models.core import outbox
from models.core.outbox import Message
from models.core.thai.dates import bangkok_day
from views.core.look import day, moment
from views.core.notification import event_sentence, news_page, news_title


@whole_letter(outbox.DIGEST)
def _digest(message: Message, values: Mapping[str, Any]) -> Words:
    """One section for each record, in the order of its first news; a sentence and its time for each event."""
    told = outbox.gathered_in(message)
    about: dict[tuple[str, str], list[Message]] = {}
    for one in told:
        about.setdefault((one.entity, one.entity_id), []).append(one)
    sections = [_section(entity, entity_id, rows) for (entity, entity_id), rows in about.items()]
    count = len(told) or int(values.get("count") or 0)
    subject = ngettext(
        "%(num)s piece of news, %(day)s",
        "%(num)s pieces of news, %(day)s",
        count,
        day=day(bangkok_day(message.made_at)),
    )
    intro = _("This is what happened since the last e-mail of this kind. Each heading leads to its page.")
    return Words(
        subject, [intro], _("Open the notifications"), news_page("", "", ""), template="mail/digest", sections=sections
    )


def _section(entity: str, entity_id: str, rows: list[Message]) -> Section:
    """The news of one record; its name stands in the heading and not again in each sentence."""
    title = news_title(entity, dict(rows[-1].values))
    lines = []
    for row in rows:
        said, name = event_sentence(row.event, dict(row.values)), news_title(entity, dict(row.values))
        lines.append((moment(row.made_at), said.replace(f": {name}", "") if name else said))
    return Section(title or _("Other news"), news_page(rows[-1].event, entity, entity_id), lines)
