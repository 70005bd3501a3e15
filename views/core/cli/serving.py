"""`serve` and `worker`: the two processes that make up a running Sala."""

from __future__ import annotations

import gc
import os
import socket
from contextlib import suppress
from typing import Any

import click
from flask import Flask, current_app
from flask_babel import force_locale

from models.core.db import db
from reports.core import pdf
from services import memory, migrations
from views.core import metrics
from views.core.cli.common import give_up, plainly, sala, settings
from views.core.errors import without_database


def _refuse_old_tables() -> None:
    with db.engine.connect() as connection:
        if migrations.current(connection) is None:
            give_up("The database has no tables yet: run `flask sala init`.")
    db.engine.dispose()


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            give_up(f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port.")


def _serve_by_gunicorn(app: Flask, host: str, port: int) -> None:
    from gunicorn.app.base import BaseApplication

    metrics.share(settings().data_dir / "metrics")

    def forget_connections(_server: Any, _worker: Any) -> None:
        """A connection opened before the fork belongs to the parent."""
        with app.app_context():
            db.engine.dispose(close=False)

    def count_no_more(_server: Any, worker: Any) -> None:
        metrics.forget_process(worker.pid)

    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": settings().workers,
        "worker_class": _worker_class(_too_long(app)),
        "threads": 4,
        "preload_app": True,
        "max_requests": 5000,
        "max_requests_jitter": 1000,
        "timeout": 120,
        "graceful_timeout": 30,
        "keepalive": 5,
        "limit_request_line": 8190,  # the most it can; what our forms send is bounded by their fields' lengths
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 - gunicorn's heartbeat
        "loglevel": "warning",
        # Our own ProxyFix counts the proxies (SALA_PROXY_COUNT); nobody else sets the scheme.
        "secure_scheme_headers": {},
        "forwarded_allow_ips": "127.0.0.1",
        "control_socket_disable": True,
        "post_fork": forget_connections,
        "child_exit": count_no_more,
    }

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn around the application that is loaded already."""

        def load_config(self) -> None:
            """Set what is chosen above."""
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            """The application; loaded once, before the workers are forked."""
            return app

    _share_memory(app)
    Server().run()


def _worker_class(too_long: bytes) -> type:
    """Gunicorn's threads, which answer an address that is too long with our page: the application never sees it."""
    from gunicorn import util
    from gunicorn.http.errors import LimitRequestLine
    from gunicorn.workers.gthread import ThreadWorker

    class Worker(ThreadWorker):  # type: ignore[misc]
        def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
            """Say it in our words; everything else as gunicorn does."""
            if not isinstance(exc, LimitRequestLine):
                super().handle_error(req, client, addr, exc)
                return
            with suppress(OSError):  # Who asked may have gone.
                util.write_nonblock(client, too_long)

    return Worker


def _too_long(app: Flask) -> bytes:
    """The whole answer to an address that is too long, in Thai: whose it is cannot be known."""
    with app.test_request_context("/"), force_locale("th"):
        page = without_database(414)[0].encode()  # type: ignore[index, union-attr]
    head = "HTTP/1.1 414 URI Too Long", "Connection: close", "Content-Type: text/html; charset=utf-8"
    return "\r\n".join((*head, f"Content-Length: {len(page)}", "", "")).encode() + page


# What every page is made of; a worker would otherwise compile it for itself while its first reader waits.
_FRAME = ("core/base.html", "core/_ui.html", "core/_forms.html", "core/_top.html", "core/_side.html", "core/_foot.html")


def _share_memory(app: Flask) -> None:
    """Make ready in the parent what all workers need, and let no collection of garbage touch it after the fork.

    Pages of memory that nobody writes to stay shared; the collector would write to every object that it looks at. What
    documents are made with is most of it: each worker would sooner or later load it for itself.
    """
    memory.be_frugal()
    with suppress(pdf.PdfFailed):  # Whoever wants a document is told; pages need none.
        pdf.prepare()
    with app.test_request_context("/"):
        for name in (*_FRAME, "core/_config.html", "core/_keys.html"):
            app.jinja_env.get_template(name)
    db.engine.dispose()
    gc.collect()
    memory.give_back()
    gc.freeze()


@sala.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@plainly
def serve(host: str, port: int) -> None:
    """Serve the pages: gunicorn with SALA_WORKERS processes (waitress on Windows)."""
    _refuse_old_tables()
    _refuse_taken_port(host, port)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo(f"Sala is on http://{'127.0.0.1' if host in ('', '0.0.0.0') else host}:{port}")  # noqa: S104
    if os.name == "nt":
        import waitress

        waitress.serve(app, host=host, port=port, threads=8, ident=None)
    else:
        _serve_by_gunicorn(app, host, port)


@sala.command("worker")
@plainly
def worker() -> None:
    """Do the work that outlives a request: mail, jobs, the daily sweeps."""
    from jobs.worker import run

    _refuse_old_tables()
    run(current_app._get_current_object())  # type: ignore[attr-defined]
