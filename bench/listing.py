"""The staff's list over a million proposals, as browsers ask for it, beside a plain Django admin on the same tables."""

from __future__ import annotations

import importlib.util
from urllib.parse import quote

from bench.runner import POSTGRESQL, SQLITE, Meter, bench
from bench.serving import SALA_WITH_FULL_MENU, THREADS, WORKERS, Round, Served, cookie_of, django_server, load, server
from bench.serving import staff_of_the_demo as staff

CONNECTIONS, SECONDS, ROUNDS = 8, 5.0, 3
MANY, FEW, ORGANIZATION = "บำบัด", "เบเกอรี่ฝีมือเรา จังหวัดระยอง รุ่นที่ 5", "ทุ่งดอกคูน"
PAGE = 25

Paths = dict[str, str]


def rows_of(kind: str) -> int:
    """How many proposals a database of this kind is filled with."""
    return 1_000_000 if kind == POSTGRESQL else 100_000


@bench("listing", on=(POSTGRESQL, SQLITE), proposals=rows_of)
def staff_list(meter: Meter) -> None:
    """Pages of the list by what they are narrowed by, best of three rounds; Django's; each alone on one connection."""
    _fill_matrix(meter)
    cookie = cookie_of(meter, staff(meter))
    paths = _paths(meter)
    queries = {what: _queries(meter, cookie, path) for what, path in paths.items()}
    with server(meter, SALA_WITH_FULL_MENU) as served:
        load(meter, served, cookie, list(paths.values()), CONNECTIONS, 3)  # Warm: caches, connections, templates.
        meter.say(
            "served by", f"gunicorn, {WORKERS} workers of {THREADS} threads; {CONNECTIONS} connections kept alive"
        )
        ours = _report(
            meter,
            served,
            cookie,
            "first page, 25 lines",
            paths["first page, 25 lines"],
            seconds=SECONDS,
            queries=queries["first page, 25 lines"],
        )
        _report(meter, served, cookie, "all of these in turn", *paths.values())
        for what, path in list(paths.items())[1:]:
            _report(meter, served, cookie, what, path, queries=queries[what])
        for what, path in paths.items():
            _report(meter, served, cookie, f"one connection: {what}", path, connections=1, rounds=1)
    theirs = _django(meter)
    if theirs is not None:
        meter.say("Sala / Django admin, first page", f"{ours.rate / theirs.rate:6.1f} times as many a second")


def _fill_matrix(meter: Meter) -> None:
    """The matrix of every domain whose file is there."""
    from models.core.db import db
    from models.core.matrix import PERMISSIONS, ensure_matrix

    with meter.app.app_context():
        for path in sorted(PERMISSIONS.glob("*.csv")):
            if not path.stem.endswith("-house"):
                ensure_matrix(path.stem)
        db.session.commit()
        db.session.remove()


def _paths(meter: Meter) -> Paths:
    """What is asked for: the first page, narrowed ones, contents, and places deep in the list."""
    from sqlalchemy import func, select

    from models.core.db import db
    from models.fund.proposal import Proposal
    from views.fund.proposal.asked import ORDERS

    with meter.app.app_context():
        count = db.session.scalar(select(func.count(Proposal.id))) or 0
        rows = select(Proposal.listed_at, Proposal.id).order_by(Proposal.listed_at.desc(), Proposal.id.desc())
        last = db.session.execute(rows.offset(count - 2 * PAGE).limit(1)).one()
        first_year = db.session.scalar(select(Proposal.fiscal_year).order_by(Proposal.number_sort.desc()).limit(1)) or 0
        deep = ORDERS["-date"].position(tuple(last))
        db.session.commit()
        db.session.remove()
    year = first_year - 6
    return {
        "first page, 25 lines": "/proposals/",
        "100 lines": "/proposals/?size=100",
        f"page {count // PAGE:,} (keyset)": f"/proposals/?after={quote(deep)}",
        "a jump to a number": f"/proposals/?at={year}-{count // 25:05}",
        "a jump to a date": f"/proposals/?at={quote(f'12/3/{year}')}",
        "a tab: returned": "/proposals/?tab=returned",
        "a status: approved by the board": "/proposals/?level=board&status=approved",
        "a year and a status": f"/proposals/?year={year}&level=screening&status=documents",
        "by name, in dictionary order": "/proposals/?sort=name",
        "an organization by part of its name": f"/proposals/?org={quote(ORGANIZATION)}",
        "contains, many found": f"/proposals/?q={quote(MANY)}",
        "contains, few found": f"/proposals/?q={quote(FEW)}",
        "a number": f"/proposals/?q={year}-{count // 81:05}",
        "counts of the tabs, capped at 10,000": "/proposals/counts",
    }


def _queries(meter: Meter, cookie: str, path: str) -> int:
    from sqlalchemy import event

    from models.core.db import db

    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    with meter.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = meter.app.test_client(use_cookies=False).get(path, headers={"Cookie": cookie})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return len(seen)


def _report(
    meter: Meter,
    served: Served,
    cookie: str,
    what: str,
    *paths: str,
    seconds: float = 2.0,
    queries: int = 0,
    connections: int = CONNECTIONS,
    rounds: int = ROUNDS,
) -> Round:
    """The best of some rounds, printed: what others do on the machine only ever takes away."""
    found = [load(meter, served, cookie, list(paths), connections, seconds) for _ in range(rounds)]
    best = max(found, key=lambda one: one.rate)
    meter.say(what, f"{best}{f'  {queries} queries' if queries else ''}")
    return best


def _django(meter: Meter) -> Round | None:
    """The same from a plain Django admin: its first page, a filter, a search, and its last page."""
    if importlib.util.find_spec("django") is None:
        meter.say("Django admin", "left out: requirements-dev.txt is not installed")
        return None
    list_url = "/admin/fund/proposal/"
    with django_server(meter) as (served, cookie):
        load(meter, served, cookie, [list_url], CONNECTIONS, 1)
        first = _report(meter, served, cookie, "Django admin: first page, 25 lines", list_url, seconds=SECONDS)
        paths = {
            "a status: approved by the board": f"{list_url}?board_status__exact=approved",
            "contains, many found": f"{list_url}?q={quote(MANY)}",
            "contains, few found": f"{list_url}?q={quote(FEW)}",
            "page 40,000 of a million": f"{list_url}?p={rows_of(meter.database) // PAGE}",
        }
        for what, path in paths.items():
            _report(meter, served, cookie, f"Django admin: {what}", path, seconds=1.0, rounds=1)
    return first
