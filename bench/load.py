"""The client of the benchmarks: one process, one thread, sockets kept alive, answers read and dropped.

Run as a script of its own, it reads what to do as JSON from stdin and prints what it saw as JSON. It imports nothing of
Sala and parses no more of an answer than its length, so that the servers get nearly all of the machine; its own
processor time is printed beside theirs.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

READ = 1 << 18
ENDLESS, LAST_CHUNK = 1 << 62, b"0\r\n\r\n"
PATIENCE = 60.0
"""Seconds without any answer after which a round is given up."""


@dataclass
class Seen:
    """What came back in one round."""

    spans: list[float] = field(default_factory=list)
    bytes: int = 0
    reconnected: int = 0
    wrong: list[str] = field(default_factory=list)


class Asker:
    """One connection: asks, reads the answer to its end, asks for the next path."""

    def __init__(self, number: int, requests: list[bytes], address: tuple[str, int]) -> None:
        self.requests, self.address, self.turn = requests, address, number
        self.line: socket.socket | None = None

    def ask(self) -> None:
        """Send the next request, on a new connection where the old one was closed."""
        if self.line is None:
            self.line = socket.create_connection(self.address, timeout=30)
            self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun, self.head, self.end, self.read_so_far, self.wanted = time.perf_counter(), b"", b"", 0, -1
        self.closes = False
        self.line.sendall(self.requests[self.turn % len(self.requests)])

    def close(self) -> None:
        """Give the connection up."""
        if self.line is not None:
            self.line.close()
        self.line = None

    def take(self, seen: Seen) -> bool:
        """Read what is there; whether the answer is whole now."""
        assert self.line is not None
        data = self.line.recv(READ)
        if not data:
            raise ConnectionResetError
        if self.wanted < 0:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            head, data = self.head[:end].lower(), self.head[end + 4 :]
            if not head.startswith(b"http/1.1 200"):
                seen.wrong.append(f"{self.requests[self.turn % len(self.requests)][:80]!r}: {head[:40]!r}")
            found = head.find(b"content-length:")
            # Without its length it comes in chunks, the last of which is empty.
            self.wanted = int(head[found + 15 : (head + b"\r").index(b"\r", found)]) if found >= 0 else ENDLESS
            self.closes = b"connection: close" in head
        self.read_so_far += len(data)
        self.end = (self.end + data)[-len(LAST_CHUNK) :]
        return self.end == LAST_CHUNK if self.wanted == ENDLESS else self.read_so_far >= self.wanted


def run_round(port: int, cookie: str, paths: list[str], connections: int, seconds: float) -> dict[str, object]:
    """Ask for the paths in turn on so many connections at once, for so long."""
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nAccept-Language: th\r\n"
        "User-Agent: Mozilla/5.0 (bench)\r\nAccept: text/html\r\n\r\n".encode()
        for path in paths
    ]
    seen, poll = Seen(), selectors.DefaultSelector()
    began, worked = time.perf_counter(), time.process_time()
    until = began + seconds

    def start(one: Asker) -> None:
        fresh = one.line is None
        one.ask()
        if fresh:
            poll.register(one.line, selectors.EVENT_READ, one)  # type: ignore[arg-type]

    def stop(one: Asker) -> None:
        poll.unregister(one.line)  # type: ignore[arg-type]
        one.close()

    for number in range(connections):
        start(Asker(number, requests, ("127.0.0.1", port)))
    busy = connections
    while busy:
        ready = poll.select(PATIENCE)
        if not ready:
            seen.wrong.append(f"nothing came for {PATIENCE:.0f} s")
            break
        for key, _mask in ready:
            one: Asker = key.data
            try:
                if not one.take(seen):
                    continue
            except ConnectionError:
                # A worker that has had its share of requests goes; the request was not begun.
                seen.reconnected += 1
                stop(one)
                start(one)
                continue
            now = time.perf_counter()
            seen.spans.append(now - one.begun)
            seen.bytes += one.read_so_far
            one.turn += 1
            if one.closes or now >= until:
                stop(one)
            if now >= until:
                busy -= 1
            else:
                start(one)
    return {
        "spans": seen.spans,
        "took": time.perf_counter() - began,
        "own": time.process_time() - worked,
        "bytes": seen.bytes,
        "reconnected": seen.reconnected,
        "wrong": seen.wrong[:5],
    }


if __name__ == "__main__":
    json.dump(run_round(**json.load(sys.stdin)), sys.stdout)
