"""Asks a virus scanner about an upload: clamd by its INSTREAM command; without SALA_SCANNER_URL nothing is asked."""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from services.core import BadFile, ServiceDown, settings

SECONDS = 30.0
_BLOCK = 64 * 1024


class ScannerDown(ServiceDown):
    """A scanner is configured and does not answer: the upload must wait, for an unscanned file is not taken."""


class Infected(BadFile):
    """The scanner found something; its name for it is in `values["found"]`, the code is `unsafe`."""

    def __init__(self, found: str) -> None:
        super().__init__("unsafe", found=found)


def is_configured() -> bool:
    """Whether uploads are scanned."""
    return bool(settings().scanner_url)


def scan(stream: BinaryIO, seconds: float = SECONDS) -> None:
    """Return when the scanner finds nothing (or none is configured); raises Infected or ScannerDown.

    The stream must seek; it is left at its start.
    """
    if not is_configured():
        return
    stream.seek(0)
    try:
        with _connect(settings().scanner_url, seconds) as link:
            link.sendall(b"zINSTREAM\0")
            while block := stream.read(_BLOCK):
                link.sendall(struct.pack("!L", len(block)) + block)
            link.sendall(struct.pack("!L", 0))
            answer = _answer(link)
    except OSError as error:
        raise ScannerDown(f"{type(error).__name__}: {error}") from error
    finally:
        stream.seek(0)
    if answer.endswith(" FOUND"):
        raise Infected(answer.removeprefix("stream: ").removesuffix(" FOUND"))
    if not answer.endswith(" OK"):
        raise ScannerDown(answer or "no answer")


def check(seconds: float = 3.0) -> None:
    """Raise ScannerDown when a configured scanner does not answer."""
    if not is_configured():
        return
    try:
        with _connect(settings().scanner_url, seconds) as link:
            link.sendall(b"zPING\0")
            if _answer(link) != "PONG":
                raise ScannerDown("no PONG")
    except ScannerDown:
        raise
    except OSError as error:
        raise ScannerDown(f"{type(error).__name__}: {error}") from error


def _connect(url: str, seconds: float) -> socket.socket:
    """tcp://host:3310 or unix:///run/clamav/clamd.ctl."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(seconds)
        try:
            link.connect(unquote(parts.path))
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=seconds)


def _answer(link: socket.socket) -> str:
    parts = []
    while block := link.recv(4096):
        parts.append(block)
        if b"\0" in block:
            break
    return b"".join(parts).partition(b"\0")[0].decode("utf-8", "replace").strip()
