"""The registry: a school's page saved as a browser posts it; 900 schools that save in the same ten minutes.

What is counted in the rush: answers that are no success, slow ones, numbers that the database does not hold.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench.asking import Person, Tally, ask, token_of
from bench.runner import POSTGRESQL, SQLITE, Meter, bench, percentile
from bench.serving import client_of, cookies_of, server

SCHOOLS = int(os.environ.get("SALA_BENCH_SCHOOLS", "900"))
BRANCHES = 25  # of a school in one curriculum
FULL_RATE = SCHOOLS / 600  # schools a second, when all of them come within ten minutes
FULL_SECONDS, PRESSED_SECONDS = 60, 80  # how long each of the two parts lasts
TWICE = 10  # every tenth school has two people at work at once
HANDS = 64  # browsers that wait for an answer at the same time, at most
CURRICULUM = "pvc2562"
PATH = f"/registration/{CURRICULUM}"


@bench("registry", on=(SQLITE, POSTGRESQL))
def registration_save(meter: Meter) -> None:
    """A school of 25 branches among those of the catalogue: one number changed, every number changed, the page."""
    from tests.views.assessment.registration_pages import fields_of

    (desk,) = _schools(meter, 1)
    client = client_of(meter, desk.user_id)
    turn = 0
    fields: dict[str, Any] = {}
    token = ""

    def open_page() -> None:
        nonlocal fields, token
        page = client.get(PATH).text
        fields, token = fields_of(page), token_of(page)

    def save(changed: int) -> None:
        nonlocal turn
        turn += 1
        for branch in desk.branches[:changed]:
            fields[f"n-{branch}"] = str(10 + turn % 900)
        answer = client.post(PATH, data=fields, headers={"X-CSRFToken": token})
        assert answer.status_code == 303, answer.status_code
        # What the next page would carry, without asking for it.
        fields["version"] = str(int(fields["version"]) + 1)
        fields["read"] = ",".join(f"{branch}:{fields[f'n-{branch}']}" for branch in desk.branches)

    open_page()
    for branch in desk.branches:
        fields[f"n-{branch}"] = "9"
    fields["tick"] = [str(branch) for branch in desk.branches]
    save(0)
    open_page()
    meter.repeat(f"{BRANCHES} branches, one number changed", lambda: save(1), 100)
    open_page()
    meter.repeat(f"{BRANCHES} branches, every number changed", lambda: save(BRANCHES), 100)
    meter.repeat("the page", lambda: client.get(PATH), 50)


# --- 900 schools -----------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A school, who reports for it, its branches, and what the server has promised: branch -> students."""

    school_id: int
    user_id: int
    second_id: int
    branches: list[int]
    people: list[Person] = field(default_factory=list)
    promised: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@bench("registry-rush", on=(POSTGRESQL,))
def ten_minutes(meter: Meter) -> None:
    """Schools open their page, let it keep their typing and save, every tenth with two people at once.

    First as many a second as when all come within ten minutes, then the others within little more than one.
    """
    with meter.once("schools with last year’s numbers", SCHOOLS):
        desks = _schools(meter, SCHOOLS)
        cookies = cookies_of(meter, [pk for one in desks for pk in (one.user_id, one.second_id)])
    for number, one in enumerate(desks):
        one.people = [Person(cookie) for cookie in cookies[2 * number : 2 * number + (2 if number % TWICE == 0 else 1)]]
    some = max(1, round(FULL_RATE * FULL_SECONDS))
    with server(meter) as served:
        ask(served.port, desks[0].people[0], "the first page of a process", "GET", PATH, Tally())
        _come(meter, served.port, "the rate of ten minutes", desks[:some], FULL_SECONDS)
        _come(meter, served.port, "pressed together", desks[some:], PRESSED_SECONDS)
    _prove(meter, desks)


def _come(meter: Meter, port: int, what: str, desks: list[Desk], seconds: float) -> None:
    """Let the schools come one after the other, evenly over so many seconds; print how they were answered."""
    tally, begun = Tally(), time.perf_counter()
    with ThreadPoolExecutor(HANDS) as hands:
        for number, one in enumerate(desks):
            time.sleep(max(0.0, begun + number * seconds / len(desks) - time.perf_counter()))
            together = threading.Barrier(len(one.people))
            for place, person in enumerate(one.people):
                hands.submit(_report, port, one, person, place, together, tally)
    took = time.perf_counter() - begun
    schools = f"{len(desks)} schools, {tally.answers} requests"
    meter.say(f"{what}: {schools}", f"{took:8.1f} s  {tally.answers / took:7.1f} /s")
    tally.say(meter)
    spans = sorted(span for several in tally.spans.values() for span in several)
    meter.say(f"{what}: all", f"p95 {percentile(spans, 0.95) * 1000:6.0f} ms  errors {len(tally.wrong)}")


def _report(port: int, one: Desk, person: Person, place: int, together: threading.Barrier, tally: Tally) -> None:
    """One person's work: the page, typing, saving, the page again. Two of a school share its branches out."""
    from tests.views.assessment.registration_pages import fields_of

    try:
        status, page, _ = ask(port, person, "page", "GET", PATH, tally)
        if status != 200:
            return tally.complain(f"page: {status}")
        own = one.branches[place :: len(one.people)]
        fields, token = fields_of(page), {"X-CSRFToken": token_of(page)}
        numbers = {branch: 5 + (one.school_id + branch) % 90 for branch in own}
        fields |= {f"n-{branch}": str(students) for branch, students in numbers.items()}
        fields["tick"] = [str(branch) for branch in own]
        user = one.second_id if place else one.user_id
        typing = {"user": user, "version": fields["version"], "fields": [[f"n-{own[0]}", "5"]]}
        together.wait(60)
        status, _, _ = ask(port, person, "typing kept", "POST", f"{PATH}/typing", tally, typing=typing, headers=token)
        if status != 200:
            tally.complain(f"typing: {status}")
        status, _, where = ask(port, person, "save", "POST", PATH, tally, form=fields, headers=token)
        if status != 303:
            return tally.complain(f"save: {status}")
        with one.lock:
            one.promised |= numbers
        status, _, _ = ask(port, person, "page after saving", "GET", where, tally)
        if status != 200:
            tally.complain(f"page after saving: {status}")
    except Exception as error:  # noqa: BLE001 - told at the end
        tally.complain(f"{type(error).__name__}: {error}")
    return None


def _prove(meter: Meter, desks: list[Desk]) -> None:
    """Every number that was acknowledged is in the database, no other is, and the sums are those of the lines."""
    from sqlalchemy import select

    from models.assessment.registration import Registration, RegistrationLine
    from models.assessment.round import current_round
    from models.core import audit
    from models.core.db import db

    with meter.app.app_context():
        this = current_round()
        assert this is not None
        rows = {row.school_id: row for row in db.session.scalars(select(Registration).filter_by(round_id=this.id))}
        stored: dict[int, dict[int, int]] = {}
        for line in db.session.scalars(select(RegistrationLine)):
            stored.setdefault(line.registration_id, {})[line.branch_id] = line.students
        found = {pk: stored.get(row.id, {}) for pk, row in rows.items()}
        lost = [one.school_id for one in desks if found.get(one.school_id, {}) != one.promised]
        unlike = [row.id for row in rows.values() if row.students != sum(stored.get(row.id, {}).values())]
        silent = [one.school_id for one in desks if len(one.promised) != BRANCHES]
        broken = audit.verify()
        db.session.remove()
    meter.say("lost or doubled, sums unlike, schools not through", f"{len(lost):5} {len(unlike):5} {len(silent):5}")
    meter.say("audit chain", "whole" if broken is None else f"broken at {broken}")


def _schools(meter: Meter, how_many: int) -> list[Desk]:
    """Schools past their first sign-in, a second person for each, last year's numbers, and a round that is open."""
    from models.assessment.codes import SCHOOL, SCOPE_SCHOOL, RoundState
    from models.assessment.registration import Registration, RegistrationLine
    from models.core.clock import now
    from models.core.db import db
    from models.core.grants import Grant
    from tests.factories.assessment import enrolled, make_round
    from tests.factories.core import make_account

    with meter.app.app_context():
        branches = list(_branches())
        year = timedelta(days=365)
        then = make_round(RoundState.LOCKED, year=2568, opens_at=now() - year, closes_at=now() - year / 2)
        make_round(RoundState.OPEN, year=2569)
        schools = enrolled(*_newcomers(how_many))
        seconds = [make_account() for _ in schools]
        rows = []
        for school, second in zip(schools, seconds, strict=True):
            db.session.add(Grant(user_id=second.id, kind=SCHOOL, scope_type=SCOPE_SCHOOL, scope_id=school.id))
            rows.append(
                Registration(round_id=then.id, school_id=school.id, curriculum=CURRICULUM, students=20 * BRANCHES)
            )
        db.session.add_all(rows)
        db.session.flush()
        made = []
        lines = []
        for place, (row, second) in enumerate(zip(rows, seconds, strict=True)):
            own = [branches[(place + step * 5) % len(branches)] for step in range(BRANCHES)]
            lines += [{"registration_id": row.id, "branch_id": branch, "students": 20} for branch in own]
            account_id = schools[place].account_id
            assert account_id is not None
            made.append(Desk(row.school_id, account_id, second.id, own))
        db.session.execute(RegistrationLine.__table__.insert(), lines)
        db.session.commit()
        db.session.remove()
    return made


def _branches() -> Iterator[int]:
    from sqlalchemy import select

    from models.assessment.catalogue import Branch
    from models.core.db import db

    rows = select(Branch.id).where(Branch.curriculum == CURRICULUM, ~Branch.is_retired)
    yield from db.session.scalars(rows.order_by(Branch.position, Branch.id))


def _newcomers(how_many: int) -> Iterator[Any]:
    from models.assessment.enrolment import Newcomer
    from models.assessment.reference.schools import demo_schools

    for one in demo_schools()[:how_many]:
        yield Newcomer(one.code, one.name, one.province)
