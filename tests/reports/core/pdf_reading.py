"""What the tests of documents share: a document to draw, and what a reader copies out of one."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from reports.core.pdf import render
from tests.reports.core.test_words import PROSE

needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")

TEXTS = [line.replace("|", "") for line in PROSE]


def poppler(document: bytes, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=document, capture_output=True, check=True
    ).stdout.decode()


def text_of(document: bytes) -> str:
    """The text as a reader copies it, its lines and pages run together."""
    return re.sub(r"\s+", "", poppler(document))


def lines_of(document: bytes) -> list[str]:
    return [line for line in poppler(document).replace("\f", "\n").splitlines() if line]


def words_of(document: bytes) -> list[tuple[float, float, str]]:
    """The words on all pages: left edge, right edge (points), text."""
    found = re.findall(r'<word xMin="([\d.]+)".*?xMax="([\d.]+)".*?>(.*?)</word>', poppler(document, "-bbox"))
    return [(float(left), float(right), text) for left, right, text in found]


def bare(body: str, **options: object) -> bytes:
    """A document without running head and foot, so that its text is the body's alone."""
    return render(body, title="ทดสอบ", head=False, foot=False, **options)  # type: ignore[arg-type]
