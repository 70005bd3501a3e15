"""The staff's list over a million proposals, as browsers ask for it: gunicorn, 8 connections kept alive."""

from __future__ import annotations

import http.client
import os
import threading
import time
from urllib.parse import quote

from bench.runner import POSTGRESQL, Meter, bench, percentile
from bench.serving import cookie_of, server, staff_of_the_demo

PROPOSALS = int(os.environ.get("SALA_BENCH_PROPOSALS", "1000000"))
CONNECTIONS, SECONDS, ROUNDS = 8, 5.0, 3


@bench("list", on=(POSTGRESQL,))
def staff_list(meter: Meter) -> None:
    """Pages of the list by what they are narrowed by, best of three rounds; then their queries."""
    fill(meter)
    cookie = cookie_of(meter, staff_of_the_demo(meter))
    paths = _paths(meter)
    queries = {what: _queries(meter, cookie, path) for what, path in paths.items()}
    with server(meter) as port:
        _round(port, cookie, list(paths.values()), 2)  # Warm: caches, connections, templates.
        _report(meter, port, cookie, f"all of these, {CONNECTIONS} connections", list(paths.values()), 0)
        for what, path in paths.items():
            _report(meter, port, cookie, what, [path], queries[what])


def fill(meter: Meter) -> None:
    """Make the proposals, unless the database that was given has them."""
    from sqlalchemy import func, select

    from models.core.db import db
    from models.fund.proposal import Proposal
    from views.core.cli import DemoOptions
    from views.fund.demo import build

    with meter.app.app_context():
        if db.session.scalar(select(Proposal.id).limit(1)) is None:
            with meter.once("made", PROPOSALS):
                list(build(DemoOptions(proposals=PROPOSALS)))
        meter.say("proposals in the database", f"{db.session.scalar(select(func.count(Proposal.id))):,}")
        db.session.commit()


def _paths(meter: Meter) -> dict[str, str]:
    """What is asked for: the first page, narrowed ones, contents, and places deep in the list."""
    from sqlalchemy import select

    from models.core.db import db
    from models.fund.proposal import Proposal
    from views.fund.proposal.asked import ORDERS

    with meter.app.app_context():
        rows = select(Proposal.listed_at, Proposal.id).order_by(Proposal.listed_at.desc(), Proposal.id.desc())
        middle = db.session.execute(rows.offset(PROPOSALS * 9 // 10).limit(1)).first()
        first_year = db.session.scalar(select(Proposal.fiscal_year).order_by(Proposal.number_sort.desc()).limit(1)) or 0
        assert middle is not None, "the database is filled"
        deep = ORDERS["-date"].position(tuple(middle))
        db.session.commit()
    year = first_year - 6
    return {
        "first page": "/proposals/",
        "100 lines": "/proposals/?size=100",
        "a tab: returned": "/proposals/?tab=returned",
        "a status: approved by the board": "/proposals/?level=board&status=approved",
        "a year and a status": f"/proposals/?year={year}&level=screening&status=documents",
        "an organization by part of its name": f"/proposals/?org={quote('ทุ่งดอกคูน')}",
        "contains, many: บำบัด": f"/proposals/?q={quote('บำบัด')}",
        "contains, few: รุ่นที่ 5 with a theme": f"/proposals/?q={quote('เบเกอรี่ฝีมือเรา จังหวัดระยอง รุ่นที่ 5')}",
        "a number": f"/proposals/?q={year}-12345",
        "by name, in dictionary order": "/proposals/?sort=name",
        "deep: behind row 900,000": f"/proposals/?after={quote(deep)}",
        "a jump to a number": f"/proposals/?at={year}-40000",
        "counts of the tabs": "/proposals/counts",
    }


def _queries(meter: Meter, cookie: str, path: str) -> int:
    from sqlalchemy import event

    from models.core.db import db

    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
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


# --- load -----------------------------------------------------------------------------------------------------------


def _round(port: int, cookie: str, paths: list[str], seconds: float) -> tuple[list[float], float]:
    """Spans of every request of one round (seconds), and how long the round took."""
    spans: list[float] = []
    trouble: list[BaseException] = []
    until = time.perf_counter() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        turn = number
        try:
            while time.perf_counter() < until:
                begun = time.perf_counter()
                connection.request("GET", paths[turn % len(paths)], headers={"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, f"{paths[turn % len(paths)]}: {answer.status}"
                spans.append(time.perf_counter() - begun)
                turn += 1
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            trouble.append(error)
        finally:
            connection.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if trouble:
        raise trouble[0]
    return spans, time.perf_counter() - begun


def _report(meter: Meter, port: int, cookie: str, what: str, paths: list[str], queries: int) -> None:
    seconds = SECONDS if len(paths) > 1 or what == "first page" else 1.5
    rounds = [_round(port, cookie, paths, seconds) for _ in range(ROUNDS)]
    spans, took = max(rounds, key=lambda one: len(one[0]) / one[1])
    p50, p95, p99 = (percentile(spans, share) * 1000 for share in (0.5, 0.95, 0.99))
    asked = f"{queries:3} queries" if queries else ""
    meter.say(what, f"{len(spans) / took:7.1f} /s  p50 {p50:7.1f}  p95 {p95:7.1f}  p99 {p99:7.1f} ms  {asked}")
