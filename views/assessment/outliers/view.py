"""The page of the comparison with last year, and its outliers as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import Subquery, select

from models.assessment.catalogue import Branch
from models.assessment.codes import NATIONAL, RoundState
from models.assessment.comparison import (
    BRANCH,
    CHANGES,
    LEVELS,
    Outlier,
    Pair,
    compared,
    count_outliers,
    outliers,
    pairs,
)
from models.assessment.comparison import CURRICULUM as OF_CURRICULUM
from models.assessment.counts import UNUSUAL_FROM
from models.assessment.outside import OutsideAgency
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round, round_before
from models.assessment.school import School
from models.assessment.standing import Schools
from models.assessment.totals import CURRICULUM, FROM_OUTSIDE, FROM_SCHOOLS, SOURCE, numbers, totals
from models.core.db import db
from models.core.matrix import kinds_of
from models.core.reference.provinces import PROVINCES, province_choices, province_name
from reports.core.table import Column
from views.assessment.asked import asked_round, rounds_of
from views.assessment.curricula import curriculum_label, round_label
from views.assessment.outliers.words import change_label, difference, level_label
from views.core.access import needs
from views.core.asked import one_of
from views.core.base import PageView
from views.core.export import send_table
from views.core.look import lang, link

SEE = "outlier.view"
ENTITY = "assessment_outliers"
SHOWN = 100
"""Outliers on the page, the largest first; the file has all of them."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a round and the one before it, by what, which change, a curriculum, a province."""

    round: Round | None
    last: Round | None
    rounds: tuple[Round, ...]
    by: str
    change: str
    curriculum: str
    province: str

    def values(self, **changes: Any) -> dict[str, Any]:
        """What stands in the address, with changes; None takes one out."""
        found = {
            "round": request.args.get("round") and self.round and self.round.id,
            "by": self.by if self.by != LEVELS[0] else None,
            "change": self.change,
            "curriculum": self.curriculum,
            "province": self.province,
        }
        return {name: value for name, value in (found | changes).items() if value}

    @property
    def schools(self) -> Schools:
        """The schools whose numbers this reader compares."""
        rows = School.visible_to(g.user, SEE)
        return rows.where(School.province_code == self.province) if self.province else rows

    @property
    def agencies(self) -> Any:
        """The agencies outside that count beside them."""
        rows = OutsideAgency.visible_to(g.user, SEE)
        return rows.where(OutsideAgency.province_code == self.province) if self.province else rows

    def rows(self, this: Round, last: Round) -> Subquery:
        """What is compared."""
        return compared(this, last, self.schools, self.curriculum)


def _asked() -> Asked:
    rounds = rounds_of(g.user)
    this = asked_round(rounds, request.args)
    return Asked(
        this,
        round_before(this) if this else None,
        tuple(rounds),
        one_of(request.args, "by", LEVELS, LEVELS[0]),
        one_of(request.args, "change", CHANGES),
        one_of(request.args, "curriculum", CURRICULA),
        # A committee's schools are those under it, wherever they lie.
        one_of(request.args, "province", PROVINCES) if _is_national() else "",
    )


def _is_national() -> bool:
    return NATIONAL in kinds_of(g.user, SEE)


@dataclass(frozen=True)
class Total:
    """A line of the totals: all that was reported, and, of schools, what can be compared."""

    label: str
    whole: Pair
    like: Pair | None = None


class OutlierView(PageView):
    """เปรียบเทียบกับปีที่ผ่านมา."""

    route_base = "/outliers"
    default_view = "index"

    @expose("/")
    @needs(SEE)
    def index(self) -> ResponseReturnValue:
        """Totals of this year and last year, and the largest outliers."""
        asked = _asked()
        found: dict[str, Any] = {"totals": [], "listed": [], "tabs": []}
        if asked.round and asked.last:
            rows = asked.rows(asked.round, asked.last)
            counts = count_outliers(rows, asked.by)
            found = {
                "totals": _totals(asked, asked.round, asked.last, rows),
                "listed": _named(outliers(rows, asked.by, asked.change, SHOWN)),
                "tabs": _tabs(asked, counts),
                "count": counts[asked.change] if asked.change else sum(counts.values()),
            }
        return self.page(
            "assessment/outliers/index.html",
            asked=asked,
            current=asked_round(asked.rounds, {}),
            is_over=asked.round is not None and asked.round.state == RoundState.LOCKED,
            levels=_levels(asked),
            curricula=[(code, curriculum_label(code)) for code in CURRICULA],
            provinces=province_choices(lang()) if _is_national() else (),
            of_branch=asked.by == BRANCH,
            shown=SHOWN,
            least=UNUSUAL_FROM,
            round_label=round_label,
            curriculum_label=curriculum_label,
            change_label=change_label,
            difference=difference,
            province_name=lambda code: province_name(code, lang()),
            link=link,
            **found,
        )

    @expose("/export.<ending>")
    @needs(SEE)
    def export(self, ending: str) -> ResponseReturnValue:
        """Every outlier that the filters leave, as a file."""
        asked = _asked()
        if asked.round is None or asked.last is None:
            abort(404)
        found = _named(outliers(asked.rows(asked.round, asked.last), asked.by, asked.change))
        given = asked.values(round=asked.round.id)
        return send_table(ending, _columns(asked), _lines(found), name="outliers", entity=ENTITY, asked=given)


@dataclass(frozen=True)
class Line:
    """An outlier with the school and the branch that it is of, where it is of one."""

    outlier: Outlier
    school: School | None
    branch: Branch | None


def _named(found: list[Outlier]) -> list[Line]:
    """The outliers with their schools and branches; two queries."""
    schools = _by_id(School, {one.school_id for one in found if one.school_id})
    branches = _by_id(Branch, {one.branch_id for one in found if one.branch_id})
    return [Line(one, schools.get(one.school_id), branches.get(one.branch_id)) for one in found]


def _by_id(model: Any, ids: set[int]) -> dict[int, Any]:
    if not ids:
        return {}
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(ids)))}


def _url(asked: Asked, **changes: Any) -> str:
    return url_for("OutlierView.index", **asked.values(**changes))


def _levels(asked: Asked) -> list[dict[str, Any]]:
    return [{"label": level_label(code), "url": _url(asked, by=code), "current": asked.by == code} for code in LEVELS]


def _tabs(asked: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    every = {"label": _("All"), "url": _url(asked, change=None), "current": not asked.change}
    return [every | {"count": f"{sum(counts.values()):,}"}] + [
        {
            "label": change_label(code),
            "url": _url(asked, change=code),
            "current": asked.change == code,
            "count": f"{counts[code]:,}",
        }
        for code in CHANGES
    ]


def _totals(asked: Asked, this: Round, last: Round, rows: Subquery) -> list[Total]:
    """A line for each curriculum, one for agencies outside, one for all; three queries."""

    def of(one: Round) -> dict[Any, int]:
        every = numbers(one.id, schools=asked.schools, agencies=asked.agencies, curriculum=asked.curriculum)
        return totals(every, SOURCE, CURRICULUM)

    before, now, like = of(last), of(this), pairs(rows, OF_CURRICULUM)

    def whole(source: str, codes: Iterable[str]) -> Pair:
        return Pair(*(sum(year.get((source, code), 0) for code in codes) for year in (before, now)))

    codes = [asked.curriculum] if asked.curriculum else list(CURRICULA)
    lines = [Total(curriculum_label(code), whole(FROM_SCHOOLS, [code]), like.get(code, Pair())) for code in codes]
    lines.append(Total(_("Agencies outside"), whole(FROM_OUTSIDE, codes)))
    every = Pair(sum(one.whole.before for one in lines), sum(one.whole.now for one in lines))
    compared_whole = Pair(sum(one.before for one in like.values()), sum(one.now for one in like.values()))
    return [*lines, Total(_("Total"), every, compared_whole)]


def _columns(asked: Asked) -> list[Column]:
    of_school = [
        Column(_("School code"), width=14),
        Column(_("School"), width=44),
        Column(_("Province"), width=20),
        Column(_("Telephone"), width=18),
    ]
    years = [
        Column(_("Academic year %(year)s", year=one.academic_year), "number")
        for one in (asked.last, asked.round)
        if one is not None
    ]
    return [
        *of_school,
        Column(_("Curriculum"), width=26),
        Column(_("Branch code"), width=14),
        Column(_("Branch"), width=36),
        *years,
        Column(_("Difference"), "number"),
        Column(_("Change"), width=20),
    ]


def _lines(found: Iterable[Line]) -> Iterable[list[Any]]:
    for line in found:
        one, school, branch = line.outlier, line.school, line.branch
        yield [
            *(
                (school.code, school.name, province_name(school.province_code, lang()), school.phone)
                if school
                else ("",) * 4
            ),
            curriculum_label(one.curriculum),
            branch.branch_code if branch else "",
            branch.branch if branch else "",
            one.before,
            one.now,
            one.difference,
            change_label(one.change or ""),
        ]
