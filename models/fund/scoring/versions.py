"""The versions of the scoring form: which is in force, the next one, and what differs between two (spec: fund.md 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from models.core.db import db, now
from models.core.matrix import allows
from models.core.workflow import Refusal, Refused
from models.fund.scoring.form import DISCARDED, DRAFT, PUBLISHED, Indicator, ScoringForm, Topic, reference
from models.fund.scoring.points import BAND_CODES

if TYPE_CHECKING:
    from models.core.identity import Account

PERMISSION = "scoring_form.edit"


def _build(number: int, topics: Iterable[Mapping[str, Any]], **more: Any) -> ScoringForm:
    return ScoringForm(
        number=number,
        topics=[
            Topic(
                number=topic["number"],
                title_th=topic["title_th"],
                full=topic["full"],
                points=list(topic["points"]),
                indicators=[Indicator(position=i, text=words) for i, words in enumerate(topic["indicators"])],
            )
            for topic in topics
        ],
        **more,
    )


def ensure_reference() -> ScoringForm:
    """Load version 1 of the form where there is none; repeatable. The caller commits."""
    found = db.session.scalar(select(ScoringForm).where(ScoringForm.number == 1))
    if found is None:
        found = _build(1, reference()["topics"])
        found.state, found.published_at = PUBLISHED, now()
        db.session.add(found)
        db.session.flush()
    return found


def current_form() -> ScoringForm:
    """The version that new sheets use: the one published last."""
    found = db.session.scalar(
        select(ScoringForm).where(ScoringForm.state == PUBLISHED).order_by(ScoringForm.number.desc()).limit(1)
    )
    return found or ensure_reference()


def open_draft() -> ScoringForm | None:
    """The version that is being written, if one is; there is one at most."""
    return db.session.scalar(select(ScoringForm).where(ScoringForm.state == DRAFT))


def new_version(by: Account, source: ScoringForm | None = None) -> ScoringForm:
    """A draft of the next version, a copy of `source` or of the one in force, unless a draft is there already.

    The caller commits. Raises Refused: not_permitted, or not_a_source for a version that was never published.
    """
    if not allows(by, PERMISSION):
        raise Refused(Refusal("not_permitted", permission=PERMISSION))
    draft = open_draft()
    if draft is not None:
        return draft
    source = source or current_form()
    if source.state not in (PUBLISHED, DISCARDED):
        raise Refused(Refusal("not_a_source"))
    latest = db.session.scalar(select(func.max(ScoringForm.number))) or 0
    form = _build(
        max(latest, source.number) + 1,
        (content_of_topic(topic) for topic in source.topics),
        floors=list(source.floors),
        passing=source.passing,
        based_on_id=source.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(form)
    except IntegrityError:
        # Somebody began one at this very moment; there is one draft at most.
        if (draft := open_draft()) is None:
            raise
        return draft
    return form


def content_of_topic(topic: Topic) -> dict[str, Any]:
    """A topic in the shape in which it is edited."""
    return {
        "number": topic.number,
        "title_th": topic.title_th,
        "full": topic.full,
        "points": list(topic.points),
        "indicators": [indicator.text for indicator in topic.indicators],
    }


@dataclass(frozen=True)
class Change:
    """One difference between two versions: `what` is title, full, points, indicator, band, passing or note.

    `number` is the topic's, 0 for what is about the whole form; `place` is the indicator's position or the band's code.
    """

    what: str
    number: int
    place: int | str | None
    before: Any
    after: Any


def changes(old: ScoringForm, new: ScoringForm) -> list[Change]:
    """What `new` says in another way than `old`, in the order of the form."""
    found = []
    for before, after in zip(old.topics, new.topics, strict=True):
        one, other = content_of_topic(before), content_of_topic(after)
        pairs: list[tuple[str, Any, Any, Any]] = [
            ("title", None, one["title_th"], other["title_th"]),
            *(
                ("indicator", place, *texts)
                for place, texts in enumerate(zip(one["indicators"], other["indicators"], strict=True))
            ),
            ("full", None, one["full"], other["full"]),
            ("points", None, one["points"], other["points"]),
        ]
        found += [Change(what, after.number, place, was, is_) for what, place, was, is_ in pairs if was != is_]
    # The last band begins at 0 in every version.
    bands = zip(BAND_CODES, old.floors, new.floors, strict=False)
    found += [Change("band", 0, code, was, is_) for code, was, is_ in bands if was != is_]
    if old.passing != new.passing:
        found.append(Change("passing", 0, None, old.passing, new.passing))
    return found
