"""The scoring form: topics, their indicators and points; data that staff edit as a new version (spec: fund.md 8)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    UniqueConstraint,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.core.db import Audited, Id, Json, Model, UtcDateTime, db, now
from models.core.matrix import allows
from models.core.thai.text import clean_line
from models.core.workflow import HasWorkflow, Refusal, Refused, move, moves
from models.fund.codes import NAME_LENGTH, SHORT_LENGTH
from models.fund.scoring.points import FULL_TOTAL, INDICATORS, Scale

if TYPE_CHECKING:
    from models.core.identity import Account

REFERENCE = Path(__file__).parents[1] / "reference" / "scoring_form.json"
DRAFT, PUBLISHED, DISCARDED = "draft", "published", "discarded"
TOPICS = 11

# fmt: off
FORM_MOVES = moves(
    #    name       from    to         permission
    move("edit",    DRAFT,  DRAFT,     "scoring_form.edit"),
    move("publish", DRAFT,  PUBLISHED, "scoring_form.edit"),
    move("discard", DRAFT,  DISCARDED, "scoring_form.edit"),
)
# fmt: on


class ScoringForm(HasWorkflow, Audited, Model):
    """A version of the form; once published it never changes, for recorded results keep their version."""

    __tablename__ = "fund_scoring_form"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("state IN ('draft', 'published', 'discarded')", name="state"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at"),
        CheckConstraint("passing BETWEEN 0 AND 100", name="passing"),
        # One draft at a time, so that two people do not write two next versions.
        Index(
            "uq_fund_scoring_form_draft",
            "state",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    moves = FORM_MOVES

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=DRAFT)
    note: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    # The lowest totals of the bands but the last, best first, and of a pass: `scale` reads them.
    floors: Mapped[Any] = mapped_column(Json, nullable=False, default=lambda: list(Scale().floors))
    passing: Mapped[int] = mapped_column(Integer, nullable=False, default=Scale().passing)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("fund_scoring_form.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    topics: Mapped[list[Topic]] = relationship(
        back_populates="form", cascade="all, delete-orphan", order_by=lambda: Topic.number
    )

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """All versions for those who hold `permission`."""
        rows = select(cls)
        return rows if allows(user, permission) else rows.where(cls.id.is_(None))

    @property
    def scale(self) -> Scale:
        """Its bands and what passes."""
        return Scale(tuple(self.floors), self.passing)

    @property
    def total(self) -> int:
        """The full points of its topics together; 100 once it is published."""
        return sum(topic.full for topic in self.topics)

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG002
        """A form is published when nothing is wrong with its shape."""
        return next(iter(wrong_shapes(self)), None) if action == "publish" else None

    def on_edit(self, by: Account, content: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Take over what `content` holds of `note`, `floors`, `passing` and `topics`, matched by number.

        A topic: {number, title_th, full, points[5], indicators[4]}.
        """
        if "note" in content:
            self.note = clean_line(content["note"])
        self.floors = [int(floor) for floor in content.get("floors", self.floors)]
        self.passing = int(content.get("passing", self.passing))
        topics = {topic.number: topic for topic in self.topics}
        for typed in content.get("topics", ()):
            topic = topics.get(int(typed["number"]))
            if topic is None:
                raise Refused(Refusal("no_such_topic", number=int(typed["number"])))
            _fill(topic, typed)

    def on_publish(self, by: Account) -> None:
        """Sheets begun from here on use this version."""
        self.published_at, self.published_by_id = now(), by.id


class Topic(Audited, Model):
    """One of the topics 1 to 11: full marks, and the points for 0, 1, 2, 3, 4 indicators ticked."""

    __tablename__ = "fund_scoring_topic"
    __table_args__ = (
        UniqueConstraint("form_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 11", name="number"),
        CheckConstraint("full_marks BETWEEN 0 AND 100", name="full_marks"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("fund_scoring_form.id", ondelete="CASCADE"), nullable=False)
    number: Mapped[int] = mapped_column(Integer, nullable=False)
    title_th: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    full: Mapped[int] = mapped_column("full_marks", Integer, nullable=False)  # FULL is a word of SQL
    points: Mapped[Any] = mapped_column(Json, nullable=False)

    form: Mapped[ScoringForm] = relationship(ScoringForm, back_populates="topics")
    indicators: Mapped[list[Indicator]] = relationship(
        back_populates="topic", cascade="all, delete-orphan", order_by=lambda: Indicator.position
    )

    def __str__(self) -> str:
        return f"{self.number}. {self.title_th}"

    def audit_root(self) -> Any:
        """The form."""
        return self.form or db.session.get(ScoringForm, self.form_id)


class Indicator(Audited, Model):
    """One of a topic's four indicators; position 0 to 3 is its bit in an answer's mask."""

    __tablename__ = "fund_scoring_indicator"
    __table_args__ = (
        UniqueConstraint("topic_id", "position"),
        CheckConstraint("position BETWEEN 0 AND 3", name="position"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("fund_scoring_topic.id", ondelete="CASCADE"), nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False)
    text: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False)

    topic: Mapped[Topic] = relationship(Topic, back_populates="indicators")

    def __str__(self) -> str:
        return self.text

    def audit_root(self) -> Any:
        """The form."""
        topic = self.topic or db.session.get(Topic, self.topic_id)
        return topic.audit_root() if topic is not None else None


def wrong_shapes(form: ScoringForm) -> list[Refusal]:
    """All that keeps a form from being published, in the order of its page; those about a topic name its number."""
    if [topic.number for topic in form.topics] != list(range(1, TOPICS + 1)):
        return [Refusal("topics_missing")]
    found = [refusal for topic in form.topics for refusal in _wrong_topic(topic)]
    if form.total != FULL_TOTAL:
        found.append(Refusal("total_wrong", total=form.total))
    if not form.scale.falls:
        found.append(Refusal("bands_wrong"))
    if not form.scale.can_be_missed:
        found.append(Refusal("passing_wrong"))
    return found


def _wrong_topic(topic: Topic) -> list[Refusal]:
    found = []
    if not topic.title_th:
        found.append(Refusal("topic_title_missing", number=topic.number))
    values = list(topic.points)
    grows = len(values) == INDICATORS + 1 and values == sorted(values) and values[0] == 0 and values[-1] == topic.full
    if not grows:
        found.append(Refusal("points_wrong", number=topic.number))
    if len(topic.indicators) != INDICATORS or not all(indicator.text for indicator in topic.indicators):
        found.append(Refusal("indicators_missing", number=topic.number))
    return found


def _fill(topic: Topic, typed: Mapping[str, Any]) -> None:
    topic.title_th = clean_line(typed.get("title_th", topic.title_th))
    topic.full = int(typed.get("full", topic.full))
    topic.points = [int(value) for value in typed.get("points", topic.points)]
    for indicator, words in zip(topic.indicators, typed.get("indicators", ()), strict=False):
        indicator.text = clean_line(words)


@cache
def reference() -> dict[str, Any]:
    """The form as delivered, with the words around the topics (main choices, topics 12 and 13)."""
    found: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return found


class PublishedForm(Exception):
    """Something tried to change a published version; a mistake of the program, never of a user."""


@event.listens_for(Session, "before_flush")
def _keep_published_forms(session: Session, _context: Any, _instances: Any) -> None:
    for record in (*session.dirty, *session.deleted):
        form = _form_of(record)
        if form is None or not (record in session.deleted or session.is_modified(record)):
            continue
        history: Any = inspect(form).attrs.published_at.load_history()
        if any(value is not None for value in (*history.unchanged, *history.deleted)):
            raise PublishedForm(f"Version {form.number} of the scoring form is published")


def _form_of(record: Any) -> ScoringForm | None:
    if isinstance(record, ScoringForm):
        return record
    if isinstance(record, (Topic, Indicator)):
        root = record.audit_root()
        return root if isinstance(root, ScoringForm) else None
    return None
