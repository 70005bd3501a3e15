"""The last hour before a deadline: 200 applicants save, then all submit at once; gunicorn, loopback, bounded.

What is counted: answers that are no success, saves that the database does not hold, numbers given twice or left out.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass

from bench.asking import PATIENCE, Person, Tally, ask, token_of
from bench.runner import POSTGRESQL, SQLITE, Meter, bench
from bench.serving import cookie_of, server

APPLICANTS = int(os.environ.get("SALA_BENCH_APPLICANTS", "200"))
SAVES = 3
STAFF = 20  # each of them is told of every submission


@dataclass
class Applicant(Person):
    """An organization manager with a complete draft, and what the server has promised them."""

    pk: int
    user_id: int
    typed: str = ""


@bench("rush", on=(POSTGRESQL, SQLITE))
def last_hour(meter: Meter) -> None:
    """Save three times and let the page keep typing in between, then submit together, each with a double click."""
    with meter.once("applicants with a complete draft", APPLICANTS):
        applicants = _applicants(meter)
    tally, together = Tally(), threading.Barrier(APPLICANTS)
    with server(meter) as served:
        begun = time.perf_counter()
        threads = [threading.Thread(target=_hour, args=(served.port, one, together, tally)) for one in applicants]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - begun
    meter.say(f"{APPLICANTS} at once: {tally.answers} requests", f"{took:8.1f} s  {tally.answers / took:7.1f} /s")
    tally.say(meter)
    _prove(meter, applicants, tally)


def _applicants(meter: Meter) -> list[Applicant]:
    from models.core.db import db
    from tests.factories.core import make_account
    from tests.factories.fund import Cast, make_manager, make_proposal

    made = []
    with meter.app.app_context():
        cast = Cast()
        for _ in range(STAFF - 1):
            make_account("staff")
        for _ in range(APPLICANTS):
            author = make_manager()
            made.append((make_proposal(author=author, cast=cast).id, author.id))
        db.session.commit()
    return [Applicant(cookie_of(meter, user_id), pk, user_id) for pk, user_id in made]


def _hour(port: int, one: Applicant, together: threading.Barrier, tally: Tally) -> None:
    try:
        for turn in range(SAVES):
            _save(port, one, f"โครงการส่งเสริมอาชีพ ฉบับที่ {turn + 1} ของ {one.pk}", tally)
        together.wait(PATIENCE * 10)
        _submit(port, one, tally)
    except Exception as error:  # noqa: BLE001 - told by the main thread, which waits for nobody
        tally.complain(f"{type(error).__name__}: {error}")
        together.abort()


def _save(port: int, one: Applicant, title: str, tally: Tally) -> None:
    from tests.views.fund.wizard_pages import fields_of

    path = f"/wizard/{one.pk}/2.1"
    status, page, _ = ask(port, one, "page of part 2.1", "GET", path, tally)
    if status != 200:
        return tally.complain(f"page: {status}")
    fields = {**fields_of(page), "title": title}
    typing = {"user": one.user_id, "version": fields["version"], "fields": [["title", title]]}
    token = {"X-CSRFToken": token_of(page)}
    status, _, _ = ask(port, one, "typing kept", "POST", f"{path}/typing", tally, typing=typing, headers=token)
    if status != 200:
        tally.complain(f"typing: {status}")
    status, _, _ = ask(port, one, "save", "POST", path, tally, form={**fields, "go": "save"}, headers=token)
    if status == 303:
        one.typed = title
    else:
        tally.complain(f"save: {status}")
    return None


def _submit(port: int, one: Applicant, tally: Tally) -> None:
    """Press ส่งข้อเสนอ twice at the same moment, as an impatient hand does."""
    status, page, _ = ask(port, one, "page of the review", "GET", f"/wizard/{one.pk}/review", tally)
    version = re.search(r'name="version" value="(\d+)"', page)
    if status != 200 or version is None:
        return tally.complain(f"review: {status}")
    headers = {"X-CSRFToken": token_of(page)}

    def press() -> None:
        path = f"/wizard/{one.pk}/move/submit"
        status, _, where = ask(port, one, "submit", "POST", path, tally, form={"version": version[1]}, headers=headers)
        if status != 302 or f"/proposals/{one.pk}" not in where:
            tally.complain(f"submit: {status} {where}")

    second = threading.Thread(target=press)
    second.start()
    press()
    second.join()
    return None


def _prove(meter: Meter, applicants: list[Applicant], tally: Tally) -> None:
    """Every acknowledged save is in the database, and the numbers run from 1 to the last, each once."""
    from sqlalchemy import select

    from models.core import audit
    from models.core.db import db
    from models.fund.codes import State
    from models.fund.proposal import Proposal

    with meter.app.app_context():
        rows = {row.id: row for row in db.session.scalars(select(Proposal))}
        lost = [one.pk for one in applicants if rows[one.pk].current_revision.title != one.typed]
        unsent = [one.pk for one in applicants if rows[one.pk].state != State.SCREENING]
        given = Counter(row.sequence for row in rows.values() if row.sequence is not None)
        doubled = [number for number, times in given.items() if times > 1]
        gaps = set(range(1, len(applicants) + 1)) - set(given)
        broken = audit.verify()
        db.session.remove()
    meter.say(
        "errors, lost saves, not submitted, doubled, gaps",
        f"{len(tally.wrong):5} {len(lost):5} {len(unsent):5} {len(doubled):5} {len(gaps):5}",
    )
    meter.say("audit chain", "whole" if broken is None else f"broken at {broken}")
