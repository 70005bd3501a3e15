"""The fund's part of the data console: the scoring form as a tree and by topic, affiliations, pairs told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models.core.db import db
from models.core.identity import names_of
from models.core.thai.text import clean_line, search_term
from models.core.workflow import Refusal, Refused
from models.fund.codes import NAME_LENGTH, SHORT_LENGTH
from models.fund.duplicates import Distinct
from models.fund.organization import Organization
from models.fund.proposal import ATTACHMENT_PURPOSE
from models.fund.scoring import FULL_TOTAL, Indicator, ScoringForm, Topic
from models.fund.scoring.versions import PERMISSION, content_of_topic
from models.fund.session import CommitteeAffiliation
from views.core import console
from views.core.console.base import ConsoleView
from views.core.console.columns import Column, Filter, Seen
from views.core.console.fields import Inline
from views.core.console.files import name_files
from views.core.console.trees import DOWN, RENAME, UP, Node, Part, Tree, TreeView, WrongText
from views.core.look import link

FOUND = "v"


def _refusal(form: ScoringForm) -> Refusal | None:
    """A published version never changes, and one that was thrown away stays as it was."""
    return form.refusal("edit", g.user)


# --- the scoring form ------------------------------------------------------------------------------------------------


class ScoringTree(TreeView):
    """แบบกลั่นกรองโครงการ: a version, its topics and their indicators."""

    title = _("Scoring form, as a tree")
    about = _(
        "Every version with its topics and indicators. A draft is changed here; published versions stay as they are."
    )
    icon_name = "diagram-3"

    def roots(self) -> Sequence[tuple[str, str]]:
        """The versions, the newest first."""
        return _versions()

    def tree(self, root: str) -> Tree:
        """The version as it is saved."""
        form = _version(int(root))
        is_open = _refusal(form) is None
        topics = [
            Node(
                f"t{topic.number}",
                str(topic),
                gettext("%(num)s points", num=topic.full),
                values={"text": topic.title_th},
                deeds=_deeds(place, len(form.topics)) if is_open else frozenset(),
                children=[
                    Node(
                        f"t{topic.number}-{one.position}",
                        one.text or "–",
                        values={"text": one.text},
                        deeds=_deeds(inner, len(topic.indicators)) if is_open else frozenset(),
                    )
                    for inner, one in enumerate(topic.indicators)
                ],
                url=link("console_topics.edit_view", id=topic.id) if is_open else None,
                is_closed=True,
            )
            for place, topic in enumerate(form.topics)
        ]
        name = gettext("Version %(number)s", number=form.number)
        editor = link("ScoringFormView.edit" if is_open else "ScoringFormView.show", pk=form.id)
        words = _("Points, bands and publishing") if is_open else _("The version’s own page")
        return Tree(
            label=name,
            nodes=[Node(FOUND, name, form.note, children=topics)],
            version=str(form.version),
            parts=[Part("text", _("Text"), "th", SHORT_LENGTH, 2)],
            why="" if is_open else gettext("Only a draft can be changed. Begin a new version to change something."),
            links=[(words, editor, "pencil" if is_open else "eye")] if editor else [],
        )

    def do(self, root: str, deed: str, node: Node, values: Mapping[str, str], version: str) -> str:
        """By the form's own move "edit"."""
        form = _version(int(root))
        number, _dash, position = node.key.removeprefix("t").partition("-")
        topics = {topic.number: content_of_topic(topic) for topic in form.topics}
        topic, place = topics[int(number)], int(position) if position else None
        step = {UP: -1, DOWN: 1}.get(deed, 0)
        at = node.key
        if deed == RENAME:
            text = _text(values["text"], SHORT_LENGTH if place is not None else NAME_LENGTH)
            if place is None:
                topic["title_th"] = text
            else:
                topic["indicators"][place] = text
            changed = [topic]
        elif place is not None:
            changed = [_moved(topic, place, place + step)]
            at = f"t{number}-{place + step}"
        else:
            other = topics.get(int(number) + step)
            if other is None:
                raise Refused(Refusal("node_at_the_end"))
            topic["number"], other["number"] = other["number"], topic["number"]
            changed, at = [topic, other], f"t{topic['number']}"
        form.perform("edit", g.user, version, content={"topics": changed})
        return at


def _deeds(place: int, total: int) -> frozenset[str]:
    return frozenset({RENAME} | ({UP} if place else set()) | ({DOWN} if place + 1 < total else set()))


def _moved(topic: dict[str, Any], place: int, other: int) -> dict[str, Any]:
    texts = topic["indicators"]
    if not 0 <= other < len(texts):
        raise Refused(Refusal("node_at_the_end"))
    texts[place], texts[other] = texts[other], texts[place]
    return topic


def _text(typed: str, most: int) -> str:
    text = clean_line(typed)
    if not text:
        raise WrongText(gettext("Type the text."))
    if len(text) > most:
        raise WrongText(gettext("The text is too long. %(limit)s characters at most are possible.", limit=f"{most:,}"))
    return text


def _versions() -> list[tuple[str, str]]:
    """Key and words of every version, the newest first."""
    rows = ScoringForm.visible_to(g.user, PERMISSION).with_only_columns(ScoringForm.id, ScoringForm.number)
    found = db.session.execute(rows.order_by(ScoringForm.number.desc()).limit(30))
    return [(str(pk), gettext("Version %(number)s", number=number)) for pk, number in found]


def _version(pk: int) -> ScoringForm:
    rows = ScoringForm.visible_to(g.user, PERMISSION).where(ScoringForm.id == pk)
    found: ScoringForm = db.session.scalars(
        rows.options(selectinload(ScoringForm.topics).selectinload(Topic.indicators))
    ).one()
    return found


class TopicView(ConsoleView):
    """ข้อของแบบกลั่นกรอง: every topic of every version, a draft's with its indicators on one page."""

    model = Topic
    title = _("Topics of the scoring form")
    about = _(
        "The topics of every version. Those of a draft are changed in the list, or with their indicators on a page."
    )
    group, icon_name = "reference", "ui-checks"
    columns = (
        Column("number", _("Topic"), lambda row, _seen: str(row.number), sortable=True),
        Column("title_th", _("Name"), sortable=True, is_wide=True, rows=2),
        Column("full", _("Full points"), sortable=True, kind="number"),
        Column("version", _("Version"), lambda row, _seen: str(row.form.number)),
    )
    details = (
        Column("indicators", _("Indicators"), lambda row, _seen: "\n".join(map(str, row.indicators)), is_wide=True),
    )  # fmt: skip
    order = (Topic.form_id.desc(), Topic.number)
    searched = (Topic.title_th,)
    search_label = _("Name of the topic")
    filters = (
        Filter(
            "form", _("Version"), lambda: dict(_versions()),
            lambda value: Topic.form_id == int(value),
        ),
    )  # fmt: skip
    form_columns = ("title_th", "full")
    column_editable_list = ("title_th", "full")
    form_args = {"full": {"bounds": (0, FULL_TOTAL)}}
    inlines = (
        Inline(
            "indicators", Indicator, _("Indicators"), _("Indicator"), ("text",), {"text": _("Text of the indicator")},
            is_fixed=True,
        ),
    )  # fmt: skip

    def rows(self) -> Select[Any]:
        """With their versions and indicators, in two queries more."""
        return select(Topic).options(joinedload(Topic.form), selectinload(Topic.indicators))

    def name_of(self, record: Topic, seen: Seen) -> str:  # noqa: ARG002 - the base's signature
        """Its number and name."""
        return str(record)

    def refusal(self, record: Topic) -> Refusal | None:
        """As its version's."""
        return _refusal(record.form)

    def write(self, record: Topic, values: Mapping[str, Any], version: str) -> None:
        """By the version's own move "edit"; the points for all ticks are the full points."""
        content = content_of_topic(record)
        content |= {name: values[name] for name in ("title_th", "full") if name in values}
        content["points"] = [*content["points"][:-1], content["full"]]
        if rows := values.get("indicators"):
            content["indicators"] = [row["text"] for row in rows]
        record.form.perform("edit", g.user, version, content={"topics": [content]})


# --- organizations and people ----------------------------------------------------------------------------------------


class AffiliationView(ConsoleView):
    """สังกัดของกรรมการ: where members of committees belong, by which conflicts of interest are found."""

    model = CommitteeAffiliation
    title = _("Affiliations of committee members")
    about = _(
        "Where members of committees belong; conflicts of interest are found by it. New ones are typed with the person."
    )
    group, icon_name = "people", "briefcase"
    can_delete = True
    columns = (
        Column("user_id", _("Committee member"), person=True),
        Column("organization", _("Organization known here"), lambda row, _seen: _known(row)),
        Column("name", _("Written out"), sortable=True, is_wide=True),
    )  # fmt: skip
    order = (CommitteeAffiliation.user_id,)
    searched = (CommitteeAffiliation.name,)
    searched_people = (CommitteeAffiliation.user_id,)
    search_label = _("Member or organization")
    form_columns = ("name",)
    column_editable_list = ("name",)

    def rows(self) -> Select[Any]:
        """With their organizations."""
        return select(CommitteeAffiliation).options(joinedload(CommitteeAffiliation.organization))

    def holds(self, word: str) -> Any:
        """Also the names of organizations known here."""
        names = select(Organization.id).where(Organization.name_search.contains(search_term(word), autoescape=True))
        return or_(super().holds(word), CommitteeAffiliation.organization_id.in_(names))

    def refusal(self, record: CommitteeAffiliation) -> Refusal | None:
        """The name of an organization known here is the organization's own."""
        return Refusal("affiliation_known") if record.organization_id else None

    def write(self, record: CommitteeAffiliation, values: Mapping[str, Any], version: str) -> None:
        """A name that says something."""
        if not values["name"]:
            raise Refused(Refusal("affiliation_empty"))
        super().write(record, values, version)

    def more_of(self, record: CommitteeAffiliation) -> Sequence[tuple[Any, str]]:
        """The member's own page."""
        url = link("UserView.show", pk=record.user_id)
        return [(_("The member’s account"), url)] if url else []


def _known(row: CommitteeAffiliation) -> str:
    return row.organization.name if row.organization else ""


class DistinctView(ConsoleView):
    """คู่ที่ตรวจแล้วว่าต่างกัน: pairs of organizations that are not shown as one any more; deleted, they are again."""

    model = Distinct
    title = _("Organizations found to be two")
    about = _(
        "Pairs with like names that somebody found to be two. Delete one, and the pair is shown for merging again."
    )
    group, icon_name = "reference", "buildings"
    can_delete = True
    columns = (
        Column("pair", _("Pair"), lambda row, seen: f"{_name(row.low_id, seen)} / {_name(row.high_id, seen)}"),
        Column("said_by", _("Found by"), person=True),
        Column("said_at", _("Found"), sortable=True, kind="datetime"),
    )
    order = (Distinct.id.desc(),)
    searched_people = (Distinct.said_by,)
    search_label = _("Organization or person")

    def holds(self, word: str) -> Any:
        """Also the names of the two."""
        names = select(Organization.id).where(Organization.name_search.contains(search_term(word), autoescape=True))
        return or_(super().holds(word), Distinct.low_id.in_(names), Distinct.high_id.in_(names))

    def seen(self, records: Sequence[Distinct]) -> Seen:
        """With the organizations' names."""
        ids = {pk for record in records for pk in (record.low_id, record.high_id)}
        rows = db.session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(ids)))
        return Seen(names_of({record.said_by for record in records}), {"names": dict(tuple(row) for row in rows)})


def _name(pk: int, seen: Seen) -> str:
    return str(seen.more["names"].get(pk, pk))


def register(builder: Any) -> None:  # noqa: ARG001 - every module of the fund registers alike
    """Declare the fund's views and what its files are called."""
    name_files({ATTACHMENT_PURPOSE: _("Documents of proposals")})
    console.declare(
        {"scoring": ScoringTree, "topics": TopicView, "apart": DistinctView, "affiliations": AffiliationView}
    )
