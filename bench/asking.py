"""How benchmarks ask as many people at once: each with a cookie of their own, what came back counted in one place."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.runner import Meter, percentile

PATIENCE = 60.0  # seconds that a browser waits for one answer


@dataclass
class Person:
    """Somebody with a browser."""

    cookie: str


@dataclass
class Tally:
    """What came back, from everybody."""

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

    @property
    def answers(self) -> int:
        """How many came back."""
        return sum(map(len, self.spans.values()))

    def say(self, meter: Meter) -> None:
        """Print a line for each kind of request, and what went wrong first."""
        for what, spans in self.spans.items():
            p50, p95, most = percentile(spans, 0.5), percentile(spans, 0.95), max(spans)
            meter.say(what, f"{len(spans):5}  p50 {p50:6.2f} s  p95 {p95:6.2f} s  most {most:6.2f} s")
        for line in self.wrong[:10]:
            print(f"!! {line}")


def token_of(page: str) -> str:
    """The CSRF token that a page carries."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page) or re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', page
    )
    return found[1] if found else ""


def ask(
    port: int,
    one: Person,
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
