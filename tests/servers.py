"""Tiny servers on a free port, each in a thread: they note what they get and misbehave when told."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import redis


@contextmanager
def listening(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve each connection by `handle`, one after the other; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def serve() -> None:
        while True:
            try:
                link, _address = listener.accept()
            except OSError:
                return
            with link:
                if stopping.is_set():
                    return
                link.settimeout(5)
                try:
                    handle(link)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # On Linux closing alone does not wake accept().
        stopping.set()
        with suppress(OSError):
            socket.create_connection(listener.getsockname(), timeout=1).close()
        listener.close()
        thread.join(timeout=2)


@dataclass
class SmtpServer:
    """A mail server: keeps what it takes; `answers` overrides the reply to a verb, as {"RCPT": "550 no"}."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ("8BITMIME", "SMTPUTF8")

    def handle(self, link: socket.socket) -> None:
        """Speak SMTP on one connection."""
        file = link.makefile("rwb")

        def say(line: str) -> None:
            file.write(line.encode() + b"\r\n")
            file.flush()

        say(self.answers.get("CONNECT", "220 test"))
        while line := file.readline():
            verb = line[:4].decode("ascii", "replace").strip().upper()
            self.verbs.append(verb)
            if verb in self.answers:
                say(self.answers[verb])
                if self.answers[verb].startswith("421"):
                    return
            elif verb == "EHLO":
                say("\r\n".join([f"250-{offer}" for offer in ("test", *self.offers)] + ["250 OK"]))
            elif verb == "AUTH":
                self.logins.append(base64.b64decode(line.split()[2]).decode())
                say("235 welcome")
            elif verb == "RCPT":
                self.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                say("250 OK")
            elif verb == "DATA":
                say("354 go on")
                body = b""
                while (part := file.readline()) not in (b".\r\n", b""):
                    body += part.removeprefix(b".") if part.startswith(b"..") else part
                self.raw.append(body)
                mail = message_from_bytes(body, policy=policy.default)
                assert isinstance(mail, EmailMessage)
                self.mails.append(mail)
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 OK")


@contextmanager
def smtp_server(**options: Any) -> Iterator[SmtpServer]:
    """A mail server on `port`."""
    server = SmtpServer(**options)
    with listening(server.handle) as port:
        server.port = port
        yield server


@contextmanager
def clamd(answer: str) -> Iterator[tuple[int, list[bytes]]]:
    """A scanner that answers every INSTREAM with `answer`; yields its port and what it was given."""
    got: list[bytes] = []

    def handle(link: socket.socket) -> None:
        file = link.makefile("rb")
        command = b""
        while not command.endswith(b"\0"):
            command += file.read(1)
        if command == b"zPING\0":
            link.sendall(b"PONG\0")
            return
        content = b""
        while size := struct.unpack("!L", file.read(4))[0]:
            content += file.read(size)
        got.append(content)
        link.sendall(answer.encode() + b"\0")

    with listening(handle) as port:
        yield port, got


@dataclass
class HttpServer:
    """An HTTP server: notes requests, answers by `reply(method, path, body)` -> (status, headers, body)."""

    port: int = 0
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)

    def json(self, index: int = -1) -> Any:
        """The JSON body of a request."""
        return json.loads(self.requests[index][2])


Reply = Callable[[str, str, bytes], tuple[int, dict[str, str], bytes]]


@contextmanager
def http_server(reply: Reply) -> Iterator[HttpServer]:
    """An HTTP server on `port`."""
    noted = HttpServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            noted.requests.append((self.command, self.path, body))
            status, headers, answer = reply(self.command, self.path, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any  # noqa: N815

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    noted.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield noted
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=2)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


REDIS_URL = os.environ.get("SALA_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


def redis_answers() -> bool:
    """Whether there is a Redis to test with."""
    try:
        return bool(redis.Redis.from_url(REDIS_URL, socket_connect_timeout=0.5).ping())
    except redis.RedisError:
        return False
