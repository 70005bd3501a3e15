"""How papers are answered: made when asked for, named in Thai, noted in the log, kept by no cache."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import quote

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reports.core.pdf import PdfFailed
from views.core.errors import answer

log = logging.getLogger("sala.papers")

LONGEST_TITLE = 80  # characters of a file's name
_NOT_IN_NAMES = frozenset('<>:"/\\|?*')


def give(
    make: Callable[[], bytes],
    *,
    name: str,
    fallback: str,
    about: str,
    note: Callable[[], None],
    is_saved: bool = False,
) -> ResponseReturnValue:
    """The PDF that `make` gives, or a page that says so where it cannot be made.

    `about` names the paper in the server's log, without anybody's words; `note` notes the print in the access log.
    `is_saved`: for what is made once, and would not be the same if a browser asked for it again.
    """
    try:
        document = make()
    except PdfFailed as failed:
        # What failed may hold words that somebody typed; the log gets the kind.
        log.warning("paper %s could not be made: %s", about, failed.code)
        return answer(
            422,
            _("This paper cannot be made"),
            _("Its content cannot be laid out on pages. Nothing was lost; tell the staff, and use the screen for now."),
            "not_printable",
        )
    # The note begins a write, which ends the reading: after all that is read.
    note()
    return pdf_response(document, name, fallback=fallback, is_saved=is_saved)


def file_name(*parts: str) -> str:
    """A name for a file of what is not empty, without what file systems refuse: "2569-0001 ชื่อโครงการ.pdf"."""
    text = " ".join(part for part in parts if part)
    clean = "".join(" " if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in text)
    return f"{' '.join(clean.split())[:LONGEST_TITLE].rstrip(' .')}.pdf"


def pdf_response(document: bytes, name: str, *, fallback: str, is_saved: bool = False) -> Response:
    """A PDF to show in the browser, or to save, kept by no cache; `fallback` is its name for those who read ASCII."""
    response = Response(document, mimetype="application/pdf")
    names = f"filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = f"{'attachment' if is_saved else 'inline'}; {names}"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # As for uploaded PDFs: the browser's own viewer, and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response
