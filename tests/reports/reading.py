"""Reading papers back: their text as a reader copies it, page by page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from reports.core import pdf
from reports.core.breaking import page_numerals

needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")


@pytest.fixture(scope="module", autouse=True)
def typeset_once() -> Iterator[None]:
    """What has been typeset in this module is not typeset again from the same HTML; everything before it runs anew."""
    convert, known = pdf._convert, {}

    def once(html: str, properties: dict[str, str]) -> bytes:
        key = (html, tuple(properties.items()), repr(page_numerals.get()))
        if key not in known:
            known[key] = convert(html, properties)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "_convert", once)
        yield


def pages_of(document: bytes) -> list[str]:
    """The text of each page in its layout."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def run_together(text: str) -> str:
    """Text without any spaces: lines of a paper end where they must."""
    return re.sub(r"\s+", "", text)


def text_of(document: bytes) -> str:
    """The text of the paper as it was drawn, tables row by row and cell by cell, without spaces."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True)
    return run_together(done.stdout.decode(errors="replace"))


def says(document: bytes, words: str) -> bool:
    """Whether the paper says the words, wherever its lines end."""
    return run_together(words) in text_of(document)


def bodies_of(document: bytes) -> str:
    """The text without spaces and without the running heads (two lines) and feet (one) of the pages."""
    pages = [[line for line in page.splitlines() if line.strip()] for page in pages_of(document)]
    return run_together("".join(line for page in pages for line in page[2:-1]))
