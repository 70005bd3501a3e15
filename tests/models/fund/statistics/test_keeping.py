"""The kept sums are what the proposals' rows say, after every move, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from models.core import clock
from models.core.db import db
from models.core.thai.dates import bangkok_day
from models.fund.codes import LEVELS, Result, State
from models.fund.proposal import Proposal
from models.fund.revision import Disability
from models.fund.screening import save_screening, screening_of
from models.fund.statistics import Asked, Count, StatisticCell, StatisticDelta, StatisticFact, keeping, read
from models.fund.statistics.reading import mean, quantile
from tests.factories.fund import (
    Cast,
    all_items,
    complete_content,
    make_organization,
    make_proposal,
    manager_of,
    screen,
    walk,
)
from tests.models.fund.test_stateful import Fund, begin_a_year

EVER = Asked(2400, 2800)


def counted() -> dict[str, Any]:
    """The figures, from every proposal's rows in plain Python: by year and stage, by dimension, days."""
    found: dict[str, Any] = {"year": {}, "province": {}, "sector": {}, "kind": {}, "days": {}}
    for proposal in db.session.scalars(select(Proposal).where(Proposal.submitted_revision_id.is_not(None))):
        revision = proposal.submitted_revision
        assert revision is not None
        level = next(found for found in reversed(LEVELS) if getattr(proposal, f"{found}_status") != "none")
        status = getattr(proposal, f"{level}_status")
        form = screening_of(revision)
        if (level, status) == ("screening", "waiting") and form is not None and not form.is_sent:
            status = "started"
        frozen = revision.organization_snapshot or {}
        keys = [("year", proposal.fiscal_year), ("province", frozen["province_code"]), ("sector", frozen["sector"])]
        for part, key in [*keys, *(("kind", row.kind) for row in revision.disability_rows)]:
            stages = found[part].setdefault(key, {})
            stages[f"{level}.{status}"] = stages.get(f"{level}.{status}", Count()) + Count(1, revision.amount_asked)
        ended = getattr(revision, f"{level}_at")
        if status not in ("waiting", "started", "scheduled"):
            days = (bangkok_day(ended) - bangkok_day(revision.submitted_at)).days
            found["days"].setdefault(proposal.fiscal_year, Counter())[days] += 1
    return found


def shown() -> dict[str, Any]:
    """The same of what is kept."""
    figures = read(EVER)
    return {"year": figures.years, **figures.by, "days": figures.days}


class CountedFund(Fund):
    """The fund of the random walk, whose statistics are looked at after every step."""

    facts: ClassVar[int] = 0
    clock = ExitStack()  # of all runs: the log's days never go back

    @rule()
    def fold(self) -> None:
        """The job runs at any moment."""
        keeping.fold()
        db.session.commit()

    @rule(province=st.sampled_from(["10", "50", "90"]), sector=st.sampled_from(["public", "private"]))
    def the_organization_moves(self, province: str, sector: str) -> None:
        """What a submission froze stays; the next one counts in the new place."""
        organization = self.proposals[0].organization
        organization.province_code, organization.sector = province, sector
        db.session.commit()

    @rule(hours=st.integers(1, 400))
    def time_goes_by(self, hours: int) -> None:
        """Decisions come days later."""
        self.clock.enter_context(clock.frozen_at(clock.later(hours=hours)))

    @invariant()
    def the_statistics_are_what_the_rows_say(self) -> None:
        """Exact at every moment, folded or not."""
        assert shown() == counted()

    def teardown(self) -> None:
        """The kept sums are those that a rebuild would make."""
        try:
            assert keeping.check() == []
            CountedFund.facts += db.session.scalar(select(func.count()).select_from(StatisticFact)) or 0
        finally:
            super().teardown()


def test_after_any_moves_the_statistics_are_what_the_rows_say(app, session):
    CountedFund.beginning = begin_a_year(app)
    with CountedFund.clock:
        run_state_machine_as_test(
            CountedFund,
            settings=settings(
                max_examples=8,
                stateful_step_count=30,
                deadline=None,
                phases=[Phase.generate],  # what fails is a matter of the whole walk; making it smaller takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )

    assert CountedFund.facts > 0


def test_a_rebuild_makes_what_the_moves_had_kept(session):
    cast = Cast()
    for state in (State.DRAFT, State.SCREENING, State.RETURNED, State.AGENDA_SUB, State.APPROVED, State.NOT_CONSIDERED):
        make_proposal(state, cast=cast, organization=make_organization(province_code="10"))
    before = shown()
    session.execute(update(StatisticFact).values(province="96"))
    assert keeping.check() != []

    assert keeping.rebuild() == 5

    assert shown() == before == counted()
    assert keeping.check() == []
    assert session.scalar(select(func.count()).select_from(StatisticDelta)) == 0


def test_folding_changes_no_figure_and_leaves_no_empty_cell(session):
    proposal = make_proposal(State.SCREENING)
    keeping.fold()
    walk(proposal, State.WAIT_SUB, Cast())
    before = shown()

    assert keeping.fold() > 0

    assert shown() == before == counted()
    assert keeping.fold() == 0
    cells = session.scalars(select(StatisticCell).where(StatisticCell.family == "stage")).all()
    assert {cell.code for cell in cells} == {"sub.waiting"}


def test_a_proposal_counts_under_each_of_its_kinds_and_once_in_all(session):
    make_proposal(State.SCREENING)  # of two kinds

    figures = read(EVER)

    assert {kind: stages.total.proposals for kind, stages in figures.by["kind"].items()} == {
        "intellectual": 1,
        "learning": 1,
    }
    assert figures.span.total == Count(1, Decimal(486_500))


def test_a_kind_that_the_office_named_itself_counts_like_any_other(session):
    content = complete_content()
    content["2.1"]["disabilities"] = ["learning", "autism"]
    proposal = make_proposal(State.READY, content=content)
    revision = proposal.current_revision
    session.add(Disability(revision=revision, kind="a_new_kind"))
    proposal.perform("submit", manager_of(proposal.organization), proposal.version)
    before = shown()

    assert set(before["kind"]) == {"a_new_kind", "autism", "learning"}
    assert session.scalar(select(StatisticFact.kinds)) == "a_new_kind,autism,learning"
    assert keeping.check() == []
    keeping.rebuild()
    assert shown() == before


def test_a_saved_form_that_is_not_sent_is_screening_in_progress(session):
    proposal, cast = make_proposal(State.SCREENING), Cast()
    save_screening(proposal, all_items(proposal.submitted_revision), cast.staff, 0)

    assert set(read(EVER).span) == {"screening.started"}


def test_a_new_revision_counts_with_its_own_amount_province_and_days(session):
    content, cast = complete_content(budget=300_000), Cast()
    organization = make_organization(province_code="50")
    proposal = make_proposal(State.SCREENING, content=content, organization=organization)
    screen(proposal, cast.staff, Result.DOCUMENTS)
    assert read(EVER).span_days.total() == 1
    proposal.perform("revise", proposal.author, proposal.version)
    proposal.perform(
        "save", proposal.author, proposal.version, part="2.3", content=complete_content(budget=200_000)["2.3"]
    )
    proposal.perform(
        "save", proposal.author, proposal.version, part="2.4", content=complete_content(budget=200_000)["2.4"]
    )
    organization.province_code = "90"
    session.flush()
    still = read(EVER)
    assert still.span["screening.documents"].asked == 300_000
    proposal.perform("mark_ready", proposal.author, proposal.version)
    proposal.perform("submit", manager_of(organization), proposal.version)

    figures = read(EVER)

    assert figures.span == {"screening.waiting": Count(1, Decimal(200_000))}
    assert set(figures.by["province"]) == {"90"}
    assert figures.span_days.total() == 0


def test_the_figures_can_be_narrowed_to_a_province_a_sector_and_a_kind(session):
    cast = Cast()
    for province, sector in (("10", "public"), ("10", "private"), ("50", "private")):
        make_proposal(State.SCREENING, cast=cast, organization=make_organization(province_code=province, sector=sector))

    def total(**narrowed: Any) -> int:
        return read(Asked(2400, 2800, **narrowed)).span.total.proposals

    assert (total(), total(province="10"), total(sector="private")) == (3, 2, 2)
    assert (total(province="10", sector="private"), total(kind="learning"), total(kind="seeing")) == (1, 3, 0)
    assert read(Asked(2400, 2401)).span.total == Count()


@pytest.mark.parametrize(
    ("days", "median", "nine_in_ten", "average"),
    [
        ({}, None, None, None),
        ({7: 1}, 7, 7, Decimal("7.0")),
        ({1: 1, 3: 1}, 1, 3, Decimal("2.0")),
        ({1: 5, 2: 4, 90: 1}, 1, 2, Decimal("10.3")),
        ({0: 9, 5: 1}, 0, 0, Decimal("0.5")),
    ],
)
def test_quantiles_are_whole_days_within_which_so_many_were_decided(days, median, nine_in_ten, average):
    assert (quantile(days, 50), quantile(days, 90), mean(days)) == (median, nine_in_ten, average)


def test_many_who_submit_at_once_and_the_folding_job_lose_nothing(own_database):
    from models.core.identity import Account

    app = own_database
    with app.app_context():
        keys = []
        for _ in range(6):
            proposal = make_proposal(State.READY)
            keys.append((proposal.id, manager_of(proposal.organization).id))
        db.session.commit()
    begin, errors = threading.Barrier(len(keys) + 1), []

    def submit(pk: int, user: int) -> None:
        with app.app_context():
            begin.wait()
            try:
                proposal = db.session.get(Proposal, pk)
                proposal.perform("submit", db.session.get(Account, user), proposal.version)
                db.session.commit()
            except Exception as error:  # noqa: BLE001 - told by the assertion below
                errors.append(error)

    def fold() -> None:
        with app.app_context():
            begin.wait()
            for _ in range(5):
                try:
                    keeping.fold()
                    db.session.commit()
                except Exception as error:  # noqa: BLE001 - told by the assertion below
                    errors.append(error)

    threads = [threading.Thread(target=submit, args=key) for key in keys] + [threading.Thread(target=fold)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    with app.app_context():
        assert read(EVER).span == {"screening.waiting": Count(6, Decimal(6 * 486_500))}
        assert keeping.check() == []
        keeping.fold()
        assert keeping.check() == []
