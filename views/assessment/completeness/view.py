"""The pages of completeness: the country by province, a province by committee and school; each as a file, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from models.assessment.codes import SECTORS
from models.assessment.outside import OutsideAgency
from models.assessment.overview import Outside, Place, committees, places
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.standing import STANDINGS, Schools, SchoolStanding, Tally, standings
from models.core.clock import now
from models.core.reference.provinces import PROVINCES, REGIONS, province_name
from models.core.thai.text import sort_key
from reports.core.table import Column
from views.assessment.asked import asked_round, rounds_of
from views.assessment.curricula import curriculum_label, round_label
from views.assessment.labels import sector_label
from views.assessment.standings import STANDING_CHIPS, standing_label, status_label
from views.core.access import needs
from views.core.asked import one_of
from views.core.base import PageView
from views.core.export import send_table
from views.core.look import lang, link

SEE = "completeness.view"
ENTITY = "assessment_completeness"
ORDERS = ("percent", "name", "missing", "students")
"""The least complete first, by name, the most missing first, the most students first."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a round, schools of a sector or all, an order, a standing."""

    round: Round | None
    rounds: tuple[Round, ...]
    sector: str
    order: str
    standing: str

    @property
    def current(self) -> Round | None:
        """The round that the pages of a committee's schools are about."""
        return asked_round(self.rounds, {})

    def values(self, **changes: Any) -> dict[str, Any]:
        """What stands in the address, with changes; None takes one out."""
        chosen = request.args.get("round") and self.round and self.round.id
        order = self.order if self.order != ORDERS[0] else None
        found = {"round": chosen, "sector": self.sector, "order": order, "standing": self.standing} | changes
        return {name: value for name, value in found.items() if value}


def _asked() -> Asked:
    rounds = rounds_of(g.user)
    return Asked(
        asked_round(rounds, request.args),
        tuple(rounds),
        one_of(request.args, "sector", SECTORS),
        one_of(request.args, "order", ORDERS, ORDERS[0]),
        one_of(request.args, "standing", STANDINGS),
    )


def _narrowed(rows: Schools, asked: Asked) -> Schools:
    return rows.where(School.sector == asked.sector) if asked.sector else rows


def _led() -> Schools:
    return School.visible_to(g.user, SEE).where(School.committee.is_not(None))


def _places(asked: Asked, this: Round) -> list[Place]:
    """The provinces in the order that is asked for."""
    agencies = OutsideAgency.visible_to(g.user, SEE)
    if asked.sector:
        agencies = agencies.where(OutsideAgency.sector == asked.sector)
    found = places(this, _narrowed(School.visible_to(g.user, SEE), asked), agencies, _led())
    by_name = sorted(found, key=lambda one: sort_key(province_name(one.province_code, lang())))
    ways: dict[str, Any] = {
        "percent": lambda one: (one.tally.percent, -one.tally.missing),
        "missing": lambda one: -one.tally.missing,
        "students": lambda one: -one.instruments,
        "name": lambda _one: 0,
    }
    return sorted(by_name, key=ways[asked.order])


class CompletenessView(PageView):
    """ความครบถ้วนรายจังหวัด."""

    route_base = "/completeness"
    default_view = "index"

    @expose("/")
    @needs(SEE)
    def index(self) -> ResponseReturnValue:
        """The country: figures, the map, and the table of provinces."""
        asked = _asked()
        found = _places(asked, asked.round) if asked.round else []
        whole = sum((one.tally for one in found), Tally())
        return self.page(
            "assessment/completeness/index.html",
            asked=asked,
            places=found,
            whole=whole,
            figures=_figures(found, whole),
            complete=sum(one.tally.missing == 0 for one in found),
            **_words(),
        )

    @expose("/<province>")
    @needs(SEE)
    def show(self, province: str) -> ResponseReturnValue:
        """A province: its committees, and its schools with what they have entered."""
        if province not in PROVINCES:
            abort(404)
        asked = _asked()
        if asked.round is None:
            abort(404)
        rows, led = _of_province(province)
        every = standings(asked.round.id, _narrowed(rows, asked))
        listed = [one for one in every if not asked.standing or one.standing == asked.standing]
        whole = sum((Tally(**{one.standing: 1}) for one in every), Tally())
        return self.page(
            "assessment/completeness/show.html",
            asked=asked,
            province=province,
            name=province_name(province, lang()),
            committees=committees(asked.round, _narrowed(School.visible_to(g.user, SEE), asked), led),
            whole=whole,
            listed=listed,
            tabs=_tabs(asked, province, whole),
            curricula=[(code, curriculum_label(code)) for code in CURRICULA],
            outside_label=outside_label,
            **_words(),
        )

    @expose("/export.<ending>")
    @needs(SEE)
    def export(self, ending: str) -> ResponseReturnValue:
        """The provinces, or with `province` its schools, as a file."""
        asked = _asked()
        if asked.round is None:
            abort(404)
        province = one_of(request.args, "province", PROVINCES)
        given = {**asked.values(round=asked.round.id), "province": province}
        send = partial(send_table, ending, entity=ENTITY, asked={name: value for name, value in given.items() if value})
        if not province:
            rows = ([province_name(one.province_code, lang()), *_cells(one)] for one in _places(asked, asked.round))
            return send(_columns(), rows, name="completeness")
        schools = _narrowed(_of_province(province)[0], asked)
        found = [one for one in standings(asked.round.id, schools) if asked.standing in ("", one.standing)]
        return send(_school_columns(), _lines(found, asked.round), name=f"completeness-{province}")


def _of_province(province: str) -> tuple[Schools, Schools]:
    """The schools of a province by committee and name, and the committees that they lie under or that are in it."""
    seen = School.visible_to(g.user, SEE).where(School.province_code == province)
    order = (School.committee.is_(None), School.name_sort, School.id)
    rows = seen.order_by(*order).options(joinedload(School.under))
    over = seen.with_only_columns(School.under_id).where(School.under_id.is_not(None))
    led = _led().where((School.province_code == province) | School.id.in_(over)).order_by(School.name_sort, School.id)
    return rows, led


def _words() -> dict[str, Any]:
    """What both pages say things with."""
    return {
        "moment_now": now(),
        "round_label": round_label,
        "sectors": [(code, sector_label(code)) for code in SECTORS],
        "sector_label": sector_label,
        "province_name": lambda code: province_name(code, lang()),
        "region_label": region_label,
        "standing_label": standing_label,
        "status_label": status_label,
        "chips": STANDING_CHIPS,
        "link": link,
    }


def region_label(province: str) -> str:
    """The region that a province lies in."""
    return REGIONS[PROVINCES[province].region][0 if lang() == "th" else 1]


def outside_label(outside: Outside) -> str:
    """What a committee said of agencies outside."""
    if outside.is_none:
        return _("Confirmed: none")
    return _("Agencies: %(count)s", count=outside.agencies) if outside.agencies else _("No answer yet")


def _figures(found: list[Place], whole: Tally) -> list[tuple[str, str, str, str | None]]:
    """The headlines: completeness, schools, students, answers about agencies outside."""
    agencies = sum(one.outside_students for one in found)
    led, answered = sum(one.committees for one in found), sum(one.answered for one in found)
    students = sum(one.students for one in found)
    return [
        (
            _("Completeness"),
            f"{whole.percent}",
            "%",
            _("%(done)s of %(whole)s schools", done=f"{whole.done:,}", whole=f"{whole.total:,}"),
        ),
        (_("Schools awaited"), f"{whole.missing:,}", "", None),
        (_("Students of schools"), f"{students:,}", "", None),
        (_("Students of agencies outside"), f"{agencies:,}", "", None),
        (
            _("Committees that answered about agencies outside"),
            f"{answered:,}",
            _("of %(count)s", count=f"{led:,}"),
            None,
        ),
    ]


def _tabs(asked: Asked, province: str, whole: Tally) -> list[dict[str, Any]]:
    counts = {"": whole.total, **{code: getattr(whole, code) for code in STANDINGS}}
    return [
        {
            "label": standing_label(code) if code else _("All"),
            "url": url_for("CompletenessView.show", province=province, **asked.values(standing=code)),
            "current": asked.standing == code,
            "count": counts[code],
        }
        for code in ("", *STANDINGS)
    ]


def _columns() -> list[Column]:
    headings = (
        _("Completeness, percent"),
        _("Schools"),
        standing_label("reported"),
        standing_label("excused"),
        standing_label("missing"),
        _("Students of schools"),
        _("Students of agencies outside"),
        _("Instruments"),
        _("Committees"),
        _("Committees that answered about agencies outside"),
    )
    return [Column(_("Province"), width=26), *(Column(heading, "number") for heading in headings)]


def _cells(one: Place) -> list[int]:
    tally = one.tally
    return [
        tally.percent, tally.total, tally.reported, tally.excused, tally.missing,
        one.students, one.outside_students, one.instruments, one.committees, one.answered,
    ]  # fmt: skip


def _school_columns() -> list[Column]:
    return [
        Column(_("School code"), width=14),
        Column(_("School"), width=44),
        Column(_("Committee"), width=40),
        Column(_("Standing"), width=22),
        Column(_("Status"), width=36),
        *(Column(curriculum_label(code), "number", 24) for code in CURRICULA),
        Column(_("Students in all"), "number"),
        Column(_("Saved"), "datetime"),
        Column(_("Telephone"), width=20),
        Column(_("E-mail"), width=30),
    ]


def _lines(found: Iterable[SchoolStanding], this: Round) -> Iterable[list[Any]]:
    for one in found:
        school, committee = one.school, one.school if one.school.committee else one.school.under
        yield [
            school.code,
            school.name,
            committee.name if committee else "",
            standing_label(one.standing),
            status_label(one.status, this.academic_year),
            *(one.students.get(code, 0) for code in CURRICULA),
            one.total,
            one.saved_at,
            school.phone,
            school.email,
        ]
