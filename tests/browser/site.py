"""A real server of the application for the browser tests, and eyes on what the browser meets there."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, got_request_exception
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from models.core.clock import later
from models.core.db import db
from models.core.identity import Account, open_session

# What Chromium writes to the console about an answer that a test asks for on purpose.
_STATUS = re.compile(r"the server responded with a status of (\d+)")


class _QuietHandler(WSGIRequestHandler):
    def log(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing; what goes wrong is kept in `Site.errors`."""


@dataclass
class Site:
    """The application behind a port of this machine, on a database of its own."""

    app: Flask
    url: str
    server: BaseWSGIServer
    errors: list[BaseException] = field(default_factory=list)

    @contextmanager
    def data(self) -> Iterator[Any]:
        """The database session of a short context, committed at the end: what the server sees next."""
        with self.app.app_context():
            yield db.session
            db.session.commit()

    def cookie_of(self, account_id: int) -> dict[str, str]:
        """The cookie of a browser on which the account has just signed in."""
        with self.data():
            token = open_session(db.session.get(Account, account_id), "Chromium", "127.0.0.1")
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        value = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)})
        return {"name": self.app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.url}

    def let_sessions_lapse(self, account_id: int) -> None:
        """Make the account's sessions as old as those nobody used for a day."""
        from models.core.identity import SignInSession

        with self.data() as session:
            session.query(SignInSession).filter_by(user_id=account_id).update({"seen_at": later(days=-1)})

    def last_mail(self, address: str, event: str) -> Any:
        """The newest mail to the address about the event, as its reader gets it."""
        from jobs.letters import render
        from models.core.outbox import Message

        with self.data() as session:
            message = session.query(Message).filter_by(address=address, event=event).order_by(Message.id.desc()).first()
            assert message is not None, f"no mail about {event} to {address}"
            return render(message, reveal=True)


@contextmanager
def served(app: Flask, server: BaseWSGIServer, url: str) -> Iterator[Site]:
    """Answer at the server's port, each request in its own thread, until the end."""
    site = Site(app, url, server)

    def note(_sender: Flask, exception: BaseException, **_more: Any) -> None:
        site.errors.append(exception)

    got_request_exception.connect(note, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        got_request_exception.disconnect(note, app)


def bound_server() -> BaseWSGIServer:
    """A server on a free port; it is given its application before it answers."""
    return make_server("127.0.0.1", 0, Flask("empty"), threaded=True, request_handler=_QuietHandler)


@dataclass
class Watch:
    """What a browser met that it should not have: errors in the console, refused policies, requests elsewhere."""

    home: str
    # Statuses that a test brings about on purpose, and whether it takes the network away.
    expected: set[int] = field(default_factory=set)
    is_offline_expected: bool = False
    found: list[str] = field(default_factory=list)
    # Requests that wait for their end, on all pages of the context.
    under_way: set[Request] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Look at every page of the context."""
        context.on("request", self._request)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._ended)
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))

    def _request(self, request: Request) -> None:
        self.under_way.add(request)
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" != self.home:
            self.found.append(f"asked another host: {request.url}")

    def _ended(self, request: Request) -> None:
        self.under_way.discard(request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        status = _STATUS.search(message.text)
        if status and int(status.group(1)) in self.expected:
            return
        if self.is_offline_expected and "net::ERR_" in message.text:
            return
        self.found.append(f"{message.page.url if message.page else ''}: {message.text}")
