"""How long a server takes to be there, and what memory its processes need when the main pages were seen."""

from __future__ import annotations

import http.client
import os
import re
import signal
import time

from bench import processes
from bench.runner import Meter, bench
from bench.serving import SALA_WITH_FULL_MENU, Served, cookie_of, load, server, staff_of_the_demo

STARTS = 3
PROPOSALS = 500


@bench("start", proposals=lambda _kind: PROPOSALS)
def start(meter: Meter) -> None:
    """The master from nothing to listening, a worker from its fork to its first page; then memory."""
    cookie = cookie_of(meter, staff_of_the_demo(meter))
    listening, first, forked, again = [], [], [], []
    for _ in range(STARTS):
        with server(meter, SALA_WITH_FULL_MENU, workers=1) as served:
            begun = time.perf_counter()
            _get(served.port, "/proposals/", cookie)
            first.append(time.perf_counter() - begun)
            ready, answered = _replace_worker(served, cookie)
            listening.append(served.listening_after)
            forked.append(ready)
            again.append(answered)
    for what, spans in (
        ("the master listens after", listening),
        ("and the first page is there after another", first),
        ("a new worker answers after its fork", forked),
        ("and has made its first list after", again),
    ):
        meter.say(what, f"{min(spans):6.2f} s  (of {len(spans)}: {', '.join(f'{span:.2f}' for span in spans)})")
    with server(meter, SALA_WITH_FULL_MENU) as served:
        seen = 0
        for one in (cookie, _super_user(meter)):
            pages = _main_pages(served.port, one)
            seen += len(pages)
            load(meter, served, one, pages, 8, 6)
        _memory(meter, served, f"after {seen} main pages")
        papers = _papers(served.port, cookie)
        load(meter, served, cookie, papers, 8, 8)
        _memory(meter, served, "after PDF and Excel too")


def _get(port: int, path: str, cookie: str = "") -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "th"})
        answer = line.getresponse()
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer.read().decode()
    finally:
        line.close()


def _replace_worker(served: Served, cookie: str) -> tuple[float, float]:
    """Seconds from the fork of a worker that replaces another to its first answer, and to its first list."""
    old = served.workers
    for pid in old:
        os.kill(pid, signal.SIGTERM)
    forked = processes.wait_for("a new worker", lambda: bool(set(served.workers) - set(old)), pause=0.002)
    _get(served.port, "/healthz")
    ready = time.perf_counter()
    _get(served.port, "/proposals/", cookie)
    return ready - forked, time.perf_counter() - forked


def _main_pages(port: int, cookie: str) -> list[str]:
    """What the menu leads to, and a proposal with its history."""
    home = _get(port, "/", cookie)
    side = home.partition('id="side"')[2].partition("</nav>")[0]
    entries = dict.fromkeys(re.findall(r'href="(/[^"]*)"', side))
    found = re.findall(r'href="(/proposals/\d+)"', _get(port, "/proposals/?tab=agenda", cookie))
    pages = ["/", *entries, "/search/?q=a", "/notifications/", "/account/"]
    pages += [page for one in found[:1] for page in (one, f"{one}/history")]
    return [page for page in pages if _is_page(port, page, cookie)]


def _is_page(port: int, path: str, cookie: str) -> bool:
    try:
        _get(port, path, cookie)
    except AssertionError:  # One that this kind of user may not see, or that leads elsewhere.
        return False
    return True


def _papers(port: int, cookie: str) -> list[str]:
    page = _get(port, "/proposals/?tab=agenda", cookie)
    number = re.findall(r'href="(/proposals/\d+)"', page)[0]
    papers = re.findall(r'href="(/papers/[^"]+)"', _get(port, number, cookie))
    assert papers, "a proposal has its paper"
    return [papers[0].replace("&amp;", "&"), "/proposals/export.xlsx?tab=agenda"]


def _super_user(meter: Meter) -> str:
    from models.core.identity import account_by_identity

    with meter.app.app_context():
        account = account_by_identity("email", "admin@demo.sala.example")
        assert account is not None, "the demo has it"
        key = account.id
    return cookie_of(meter, key)


def _memory(meter: Meter, served: Served, when: str) -> None:
    workers = [processes.memory(pid) for pid in served.workers]
    master = processes.memory(served.pid)
    each = ", ".join(f"{one['Pss']:.0f}" for one in workers)
    meter.say(
        f"memory {when}", f"worker {each} MB PSS ({workers[0]['Rss']:.0f} RSS), master {master['Pss']:.0f} MB PSS"
    )
