"""The page of statistics over a million proposals, and what keeping its sums costs."""

from __future__ import annotations

import os
from collections.abc import Callable

from flask.testing import FlaskClient

from bench.listing import rows_of
from bench.runner import POSTGRESQL, Meter, bench
from bench.serving import client_of, staff_of_the_demo

CHANGES = int(os.environ.get("SALA_BENCH_CHANGES", "5000"))
AIM = "aim: under 300 ms"


@bench("statistics", on=(POSTGRESQL,), proposals=rows_of)
def statistics(meter: Meter) -> None:
    """Pages by what they are narrowed to, with folded sums and with some thousand changes not folded in."""
    meter.say("aim", AIM)
    _sizes(meter)
    for who, client in (("staff", client_of(meter, staff_of_the_demo(meter))), ("visitor", meter.app.test_client())):
        for what, query in _queries(who).items():
            meter.repeat(f"{who}: {what}", _asker(client, query), times=20)
    with meter.app.app_context():
        _change(meter)
    meter.repeat(
        f"staff: one year, {CHANGES:,} changes unfolded",
        _asker(client_of(meter, staff_of_the_demo(meter)), ""),
        times=20,
    )
    _keep(meter)


def _queries(who: str) -> dict[str, str]:
    from models.core.clock import today
    from models.core.thai.dates import fiscal_year

    year = fiscal_year(today()) - 2
    found = {"this year": "", "a full year": f"?to={year}"}
    if who == "staff":
        found["every year"] = f"?from={year - 12}&to={year}"
        found["a province and a kind, every year"] = f"?from={year - 12}&to={year}&province=50&kind=seeing"
    return found


def _asker(client: FlaskClient, query: str) -> Callable[[], object]:
    def ask() -> None:
        with client.get(f"/statistics/{query}") as response:
            assert response.status_code == 200, response.status_code

    return ask


def _sizes(meter: Meter) -> None:
    from sqlalchemy import func, select

    from models.core.db import db
    from models.fund.statistics import StatisticCell, StatisticDelta, StatisticFact

    with meter.app.app_context():
        for model in (StatisticFact, StatisticCell, StatisticDelta):
            meter.say(model.__tablename__, f"{db.session.scalar(select(func.count()).select_from(model)):,} rows")
        db.session.commit()


def _change(meter: Meter) -> None:
    """Let so many proposals count as something else, each refreshed alone as a move does."""
    from sqlalchemy import select, update

    from models.core.db import db
    from models.fund.proposal import Proposal
    from models.fund.statistics import keeping

    ids = list(db.session.scalars(select(Proposal.id).where(Proposal.board_status == "approved").limit(CHANGES)))
    db.session.execute(update(Proposal).where(Proposal.id.in_(ids)).values(amount_asked=Proposal.amount_asked + 1))
    with meter.once("a proposal counted anew, within its transaction", len(ids)):
        for key in ids:
            keeping.refresh(db.session.connection(), [key])
    db.session.commit()


def _keep(meter: Meter) -> None:
    from sqlalchemy import func, select

    from models.core.db import db
    from models.fund.proposal import Proposal
    from models.fund.statistics import keeping

    with meter.app.app_context():
        count = db.session.scalar(select(func.count(Proposal.id))) or 0
        with meter.once("folded", 4 * CHANGES):
            while keeping.fold():
                db.session.commit()
            db.session.commit()
        with meter.once("rebuilt", count):
            keeping.rebuild()
            db.session.commit()
        with meter.once("checked", count):
            wrong = keeping.check()
            db.session.commit()
        meter.say("what the check found", str(len(wrong)))
