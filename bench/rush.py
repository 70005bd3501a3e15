"""The last hour before a deadline: 200 applicants save, then all submit at once; gunicorn, loopback, bounded.

What is counted: answers that are no success, saves that the database does not hold, numbers given twice or left out.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.runner import POSTGRESQL, SQLITE, Meter, bench, percentile
from bench.serving import cookie_of, server

APPLICANTS = int(os.environ.get("SALA_BENCH_APPLICANTS", "200"))
SAVES = 3
STAFF = 20  # each of them is told of every submission
PATIENCE = 60.0  # seconds that a browser waits for one answer


@dataclass
class Applicant:
    """An organization manager with a complete draft, and what the server has promised them."""

    cookie: str
    pk: int
    user_id: int
    typed: str = ""


@dataclass
class Tally:
    """What came back, from all applicants."""

    spans: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, span: float) -> None:
        """Keep the span (seconds) of one answer."""
        with self.lock:
            self.spans.setdefault(what, []).append(span)

    def complain(self, what: str) -> None:
        """Keep what went wrong."""
        with self.lock:
            self.wrong.append(what)


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
    answers = sum(map(len, tally.spans.values()))
    meter.say(f"{APPLICANTS} at once: {answers} requests", f"{took:8.1f} s  {answers / took:7.1f} /s")
    for what, spans in tally.spans.items():
        p50, p95, most = percentile(spans, 0.5), percentile(spans, 0.95), max(spans)
        meter.say(what, f"{len(spans):5}  p50 {p50:6.2f} s  p95 {p95:6.2f} s  most {most:6.2f} s")
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
    status, page, _ = _ask(port, one, "page of part 2.1", "GET", path, tally)
    if status != 200:
        return tally.complain(f"page: {status}")
    fields = {**fields_of(page), "title": title}
    typing = {"user": one.user_id, "version": fields["version"], "fields": [["title", title]]}
    token = {"X-CSRFToken": _token(page)}
    status, _, _ = _ask(port, one, "typing kept", "POST", f"{path}/typing", tally, typing=typing, headers=token)
    if status != 200:
        tally.complain(f"typing: {status}")
    status, _, _ = _ask(port, one, "save", "POST", path, tally, form={**fields, "go": "save"}, headers=token)
    if status == 303:
        one.typed = title
    else:
        tally.complain(f"save: {status}")
    return None


def _submit(port: int, one: Applicant, tally: Tally) -> None:
    """Press ส่งข้อเสนอ twice at the same moment, as an impatient hand does."""
    status, page, _ = _ask(port, one, "page of the review", "GET", f"/wizard/{one.pk}/review", tally)
    version = re.search(r'name="version" value="(\d+)"', page)
    if status != 200 or version is None:
        return tally.complain(f"review: {status}")
    headers = {"X-CSRFToken": _token(page)}

    def press() -> None:
        path = f"/wizard/{one.pk}/move/submit"
        status, _, where = _ask(port, one, "submit", "POST", path, tally, form={"version": version[1]}, headers=headers)
        if status != 302 or f"/proposals/{one.pk}" not in where:
            tally.complain(f"submit: {status} {where}")

    second = threading.Thread(target=press)
    second.start()
    press()
    second.join()
    return None


def _token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page) or re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', page
    )
    return found[1] if found else ""


def _ask(
    port: int,
    one: Applicant,
    what: str,
    method: str,
    path: str,
    tally: Tally,
    *,
    form: dict[str, Any] | None = None,
    typing: Any = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str, str]:
    """Status, text and where it leads on to."""
    body, kind = _body(form, typing)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    begun = time.perf_counter()
    try:
        connection.request(method, path, body, {"Cookie": one.cookie, **kind, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode()
        if given := answer.headers.get("Set-Cookie"):  # The page's token belongs to the cookie that came with it.
            one.cookie = given.partition(";")[0]
    finally:
        connection.close()
    tally.note(what, time.perf_counter() - begun)
    return answer.status, text, answer.headers.get("Location", "")


def _body(form: dict[str, Any] | None, sent: Any) -> tuple[bytes | None, dict[str, str]]:
    if sent is not None:
        return json.dumps(sent).encode(), {"Content-Type": "application/json"}
    if form is not None:
        return urlencode(form, doseq=True).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    return None, {}


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
    for line in tally.wrong[:10]:
        print(f"!! {line}")
    meter.say(
        "errors, lost saves, not submitted, doubled, gaps",
        f"{len(tally.wrong):5} {len(lost):5} {len(unsent):5} {len(doubled):5} {len(gaps):5}",
    )
    meter.say("audit chain", "whole" if broken is None else f"broken at {broken}")
