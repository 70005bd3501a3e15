"""HTML to PDF: A4 with the margins of official Thai papers, Sarabun, running head and foot, no access to anything.

The HTML comes from our own templates, autoescaped; but what people typed is in it, and xhtml2pdf fetches whatever it
names. So only reports/assets can be read, nothing remote, and size, depth and time are bounded.

xhtml2pdf and reportlab are imported with the first document: of all commands few make one. A server's parent process
makes one that nobody sees (`prepare`), so that its workers share them.
"""

from __future__ import annotations

import io
import logging
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from markupsafe import Markup

from reports.core.templates import environment
from services import memory

ASSETS = Path(__file__).resolve().parent.parent / "assets"
MAX_HTML = 8 * 1024 * 1024  # bytes; a proposal of 12 pages has some 100 KB
MAX_DEPTH = 60  # elements in each other; tables in tables are laid out again at every level
MAX_SECONDS = 120

_FACES = (
    ("Sarabun", "Sarabun-Regular.ttf", "normal", "normal"),
    ("Sarabun", "Sarabun-Bold.ttf", "bold", "normal"),
    ("Sarabun", "Sarabun-Italic.ttf", "normal", "italic"),
    ("Sarabun", "Sarabun-BoldItalic.ttf", "bold", "italic"),
    ("Sala Symbols", "SalaSymbols.ttf", "normal", "normal"),
)
_WORDS = MappingProxyType({"th": {"page": "หน้า", "of": "จาก"}, "en": {"page": "Page", "of": "of"}})
#: What xhtml2pdf says when it goes on without a picture, font or other part of the document.
_MISSING = re.compile(
    r"blocked|not allowed|cannot|could not|none of the font families|wrong attributes|no room|dropped", re.IGNORECASE
)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)


class PdfFailed(Exception):
    """A document could not be made; `code` says in what way and `detail` what failed, for the log and the job's row.

    Codes: too_large, too_deep, too_long (the limits above), resource (a picture or font that is broken, missing or
    refused), layout (anything else xhtml2pdf cannot lay out).
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Page:
    """A sheet and its margins, in centimetres."""

    width: float = 21.0
    height: float = 29.7
    left: float = 3.0
    right: float = 2.0
    top: float = 2.5
    bottom: float = 2.0

    @property
    def text_width(self) -> float:
        """What the margins leave of the width."""
        return round(self.width - self.left - self.right, 3)

    @property
    def text_height(self) -> float:
        """What the margins leave of the height."""
        return round(self.height - self.top - self.bottom, 3)

    @property
    def foot_top(self) -> float:
        """Where the running foot begins, within the bottom margin."""
        return round(self.height - self.bottom + 0.45, 3)


PORTRAIT = Page()
LANDSCAPE = Page(width=29.7, height=21.0, left=2.5, right=2.0, top=2.5, bottom=2.0)


def render(
    body_html: str,
    *,
    title: str,
    number: str = "",
    lang: Literal["th", "en"] = "th",
    page: Page = PORTRAIT,
    head: bool = True,
    foot: bool = True,
    thai_numerals: bool = False,
    author: str = "",
    subject: str = "",
    css: str = "",
) -> bytes:
    """The PDF of `body_html`: what stands inside <body>, rendered by Jinja with autoescape.

    `title` and `number` stand in the running head and in the document's properties, "หน้า 1 จาก 3" in the foot, its
    figures in ๐-๙ with `thai_numerals`. `css` is added to reports/assets/official.css. Raises PdfFailed.
    """
    from reports.core import thai
    from reports.core.breaking import page_numerals

    _check_size(body_html)
    thai.install()
    html = (
        environment()
        .get_template("core/document.html")
        .render(
            body=Markup(body_html),  # noqa: S704 - rendered with autoescape by the caller
            css=Markup(stylesheet("official") + css),  # noqa: S704 - ours
            faces=[
                {"family": family, "path": str(ASSETS / "fonts" / file), "weight": weight, "style": style}
                for family, file, weight, style in _FACES
            ],
            foot=foot,
            head=head,
            lang=lang,
            number=number,
            page=page,
            title=title,
            words=_WORDS[lang],
        )
    )
    token = page_numerals.set(thai.THAI_NUMERALS if thai_numerals else None)
    try:
        return _convert(html, {"title": title, "author": author, "subject": subject, "keywords": number})
    finally:
        page_numerals.reset(token)
        memory.give_back()


def prepare() -> None:
    """Make a document for nobody: processes forked from this one share its libraries, dictionary and fonts."""
    render("<p>ก</p>", title="")


def _convert(html: str, properties: dict[str, str]) -> bytes:
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import RenderLimitError, ResourceAccessPolicy

    policy = ResourceAccessPolicy.server(
        base_dir=ASSETS, allow_remote=False, max_document_bytes=None, max_render_seconds=MAX_SECONDS
    )
    out = io.BytesIO()
    complaints = _Complaints()
    logger = logging.getLogger("xhtml2pdf")
    logger.addHandler(complaints)
    try:
        result = pisa.CreatePDF(
            html,
            dest=out,
            path=str(ASSETS / "document.html"),  # what relative addresses are relative to
            encoding="utf-8",
            context_meta=properties,
            resource_policy=policy,
        )
    except RenderLimitError as error:
        raise PdfFailed("too_long", str(error)) from error
    except RecursionError as error:
        raise PdfFailed("too_deep", "elements nest too deeply") from error
    except Exception as error:  # xhtml2pdf and reportlab raise anything at all
        raise PdfFailed("layout", _first_line(error)) from error
    finally:
        logger.removeHandler(complaints)
    for _mode, _line, message, _source in result.log:
        complaints.note(message)  # again, for a process that is set to log less
    if complaints.failures or result.err:
        raise PdfFailed("resource", "; ".join(complaints.failures) or f"{result.err} errors")
    return out.getvalue()


class _Complaints(logging.Handler):
    """Gathers what xhtml2pdf logs instead of raising, in the thread that renders."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.failures: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take what this thread's renderer says."""
        if record.thread == self.thread:
            self.note(record.getMessage(), serious=record.levelno >= logging.ERROR)

    def note(self, message: object, *, serious: bool = False) -> None:
        """Keep a complaint, once, that means something is missing from the document."""
        complaint = " ".join(str(message).split())[:200]
        if (serious or _MISSING.search(complaint)) and not any(complaint in known for known in self.failures):
            self.failures.append(complaint)


@lru_cache(maxsize=8)
def stylesheet(name: str) -> str:
    """A file of reports/assets by its name without the ending: what a domain's papers add to the official look."""
    return (ASSETS / f"{name}.css").read_text("utf-8")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__


def _check_size(html: str) -> None:
    """Refuse what would take the renderer minutes or its whole stack, before it starts."""
    size = len(html.encode("utf-8", "surrogatepass"))
    if size > MAX_HTML:
        raise PdfFailed("too_large", f"{size} bytes of HTML, {MAX_HTML} at most")
    depth = _Depth()
    depth.feed(html)
    if depth.deepest > MAX_DEPTH:
        raise PdfFailed("too_deep", f"elements nest {depth.deepest} deep, {MAX_DEPTH} at most")


class _Depth(HTMLParser):
    """Counts how deeply elements nest; those that need no closing tag count as closed by their parent's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        """Go one deeper."""
        if tag not in _VOID:
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        """Come back to where the element was opened."""
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """An element that holds nothing."""
