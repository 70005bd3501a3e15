"""Thai in PDF: shaped glyphs, text that copies out as it was written, and lines that end between words.

reportlab draws one glyph a character where the font says, so that marks float beside tall consonants and over each
other; and xhtml2pdf ends lines at spaces only, of which Thai has few. `install()` puts three things in their place:

- every run drawn in an embedded font is shaped by HarfBuzz; what comes out is wrapped in a marked-content span whose
  ActualText is the source, so that searching and copying find it (ISO 32000-1, 14.9.4);
- the width of a string is that of its shaped glyphs;
- paragraphs are broken by reports.core.breaking;
- a justified line is spread between all its letters, as Thai is set, and not at its few spaces alone.

List markers, which xhtml2pdf takes from fonts that are not embedded, come from the document's own; and the CSS list
style `thai` counts ๑. ๒. ๓.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont, shapeFragWord
from reportlab.pdfgen.textobject import PDFTextObject
from xhtml2pdf import reportlab_paragraph, tags
from xhtml2pdf.reportlab_paragraph import Paragraph, ParaLines

from reports.core.breaking import Cut, break_paragraph, units_of
from reports.core.words import clusters

_CACHE_SIZE = 4_000  # shapes of a font, some 2 KB each; a paper of 16 pages has 1,300
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_CLOSING = "\u200b"
_CLOSING_DATA = ShapeData(0, 0, 0, 0, 0, 0)
_PARTS = re.compile(r"[ \u00a0]+|[^ \u00a0]+")

_MARKERS = {"disc": "\u2022", "circle": "\u25cb", "square": "\u25a0"}
#: For str.translate: 0-9 as ๐-๙.
THAI_NUMERALS = {ord("0") + n: digit for n, digit in enumerate("๐๑๒๓๔๕๖๗๘๙")}

#: How far a justified line is spread between letters before its spaces take the rest, in ems. Viewers take a gap of
#: a tenth of an em for the end of a word.
_MAX_SPREAD = 0.06
#: How far a space may be widened, in ems; a line that needs more stays ragged.
_MAX_SPACE = 0.8

_install_lock = threading.Lock()
_original: dict[str, Any] = {}


class Piece(NamedTuple):
    """Some clusters of a shaped unit: their source, their glyphs, and whether the glyphs do not spell the source."""

    source: str
    glyphs: ShapedStr
    differs: bool


class Shape(NamedTuple):
    """A shaped unit: its pieces, and its width in thousandths of the font size."""

    pieces: tuple[Piece, ...]
    advance: float


def install() -> None:
    """Teach reportlab and xhtml2pdf Thai, once in a process; calling it again does nothing."""
    with _install_lock:
        if _original:
            return
        _original.update(
            format_text=PDFTextObject._formatText,
            string_width=TTFont.stringWidth,
            break_lines=Paragraph.breakLines,
            split_frags=Paragraph._get_split_blParaFunc,
            draw_justified=reportlab_paragraph._justifyDrawParaLineX,
        )
        PDFTextObject._formatText = _format_text
        TTFont.stringWidth = _string_width
        Paragraph.breakLines = Paragraph.breakLinesCJK = _break_lines
        Paragraph._get_split_blParaFunc = _split_function
        Paragraph.minWidth = _min_width
        reportlab_paragraph._justifyDrawParaLineX = _draw_justified
        for style, marker in _MARKERS.items():
            tags._list_style_font.pop(style, None)
            tags._list_style_type[style] = marker
        tags._list_style_type["thai"] = lambda context: tags.listDecimal(context).translate(THAI_NUMERALS)


def shape(font: TTFont, text: str) -> Shape:
    """The glyphs for `text`, remembered with the font; they fit any size, since positions are relative to it."""
    cache: dict[str, Shape] = font.__dict__.setdefault("_shapes", {})
    found = cache.get(text)
    if found is None:
        if len(cache) >= _CACHE_SIZE:
            cache.clear()
        found = cache[text] = _shape(font, text)
    return found


def measure(text: str, font_name: str, size: float) -> float:
    """How wide `text` is drawn, in points; in a font that cannot be shaped, what reportlab says."""
    font = pdfmetrics.getFont(font_name)
    if not getattr(font, "shapable", False):
        return float(font.stringWidth(text, size))
    return sum(shape(font, part).advance for part in _parts(text)) * size / 1000


def _shape(font: TTFont, text: str) -> Shape:
    drawn = text.translate(_INVISIBLE)
    if not drawn:
        return Shape((), 0.0)
    frag = SimpleNamespace(fontName=font.fontName, fontSize=10)
    glyphs: ShapedStr = shapeFragWord([0, (frag, drawn)], force=True)[1][1]
    pieces = tuple(_pieces(drawn, glyphs, closing=_has_closing_glyph(font)))
    known: dict[ShapeData, ShapeData] = font.__dict__.setdefault("_shape_data", {})
    for piece in pieces:
        # One of a kind: without its place in the text, the same glyph is the same everywhere.
        data = (placed._replace(cluster=0) for placed in piece.glyphs.__shapeData__)
        piece.glyphs.__shapeData__ = [known.setdefault(one, one) for one in data]
    return Shape(pieces, sum(d.x_advance for d in glyphs.__shapeData__))


def _pieces(text: str, glyphs: ShapedStr, *, closing: bool) -> Iterator[Piece]:
    """The glyphs divided between clusters: stretches that draw just their own characters, and clusters that do not.

    ActualText goes around a single cluster with the spaces after it. Viewers guess from distances where a word ends:
    Chrome's measures from the first glyphs of a span, so a long span leaves a gap; Poppler from its last glyph, so one
    that ends in a mark set back over its consonant leaves a gap too, unless a glyph of no width closes it at its true
    end (`closing`).
    """
    data = glyphs.__shapeData__
    plain = ""
    plain_from = glyph = start = 0
    pending: Piece | None = None
    for cluster in clusters(text):
        first, start = glyph, start + len(cluster)
        while glyph < len(data) and data[glyph].cluster < start:
            glyph += 1
        own = glyphs[first:glyph]
        # A cluster without glyphs was drawn by the one before it: the "i" of the ligature "fi".
        if pending and (first == glyph or not cluster.strip(" \u00a0")):
            pending = Piece(pending.source + cluster, pending.glyphs + own, differs=True)
            plain_from = glyph
            continue
        if pending:
            yield pending
            pending = None
        if own == cluster and not any(d.x_offset or d.y_offset or not d.x_advance for d in data[first:glyph]):
            plain += cluster
            continue
        if plain:
            yield Piece(plain, glyphs[plain_from:first], differs=False)
        if closing and not data[glyph - 1].x_advance:
            own += ShapedStr(_CLOSING, [_CLOSING_DATA])
        pending = Piece(cluster, own, differs=True)
        plain, plain_from = "", glyph
    if pending:
        yield pending
    if plain:
        yield Piece(plain, glyphs[plain_from:], differs=False)


def _has_closing_glyph(font: TTFont) -> bool:
    """Whether the font has an empty glyph of no width, as Sarabun's NULL, which then stands for U+200B."""
    face = font.face
    if ord(_CLOSING) not in face.charToGlyph:
        glyph = face.charToGlyph.get(0)
        if glyph is None or face.charWidths.get(0, face.defaultWidth):
            return False
        face.charToGlyph[ord(_CLOSING)] = glyph
        face.charWidths[ord(_CLOSING)] = 0
    return face.charWidths.get(ord(_CLOSING), face.defaultWidth) == 0


def _parts(text: str) -> tuple[str, ...] | list[str]:
    """What is shaped at a time: units where the text remembers them, else what stands between spaces."""
    return text.units if isinstance(text, Cut) else _PARTS.findall(text)


def _string_width(font: TTFont, text: str | bytes, size: float, encoding: str = "utf-8") -> float:
    """Stands for TTFont.stringWidth, so that all that is measured agrees with what is drawn."""
    if not font.shapable or isinstance(text, ShapedStr):
        return float(_original["string_width"](font, text, size, encoding))
    if isinstance(text, bytes):
        text = text.decode(encoding)
    width = sum(shape(font, part).advance for part in _parts(text)) * size / 1000
    return width + (text.spread * len(clusters(text)) if isinstance(text, Cut) and text.spread else 0)


def _format_text(self: PDFTextObject, text: str | bytes) -> str:
    """Stands for PDFTextObject._formatText: the operators that draw `text`, shaped."""
    original = _original["format_text"]
    font = pdfmetrics.getFont(self._fontname)
    if not text or isinstance(text, ShapedStr) or not getattr(font, "shapable", False):
        return str(original(self, text))
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    operators: list[str] = []
    plain = ShapedStr("", [])
    pieces: Iterator[Piece] = (piece for part in _parts(text) for piece in shape(font, part).pieces)
    if isinstance(text, Cut) and text.spread:
        pieces = _spread(pieces, text.spread / self._fontsize * 1000)
    for piece in pieces:
        if not piece.differs:
            plain += piece.glyphs
            continue
        if plain:
            operators.append(original(self, plain))
            plain = ShapedStr("", [])
        operators.append(_with_actual_text(piece.source, original(self, piece.glyphs)))
    if plain:
        operators.append(original(self, plain))
    return " ".join(operators)


def _spread(pieces: Iterator[Piece], spread: float) -> Iterator[Piece]:
    """`pieces` with room after each of their clusters, in thousandths of the font size.

    The spaces after a cluster leave its span here: widened by the word spacing, they would be read as two.
    """
    for piece in pieces:
        data = list(piece.glyphs.__shapeData__)
        parts = clusters(piece.source)
        ink = piece.source.rstrip(" \u00a0") if piece.differs else piece.source
        end = len(data) - (len(piece.source) - len(ink)) - 1 if piece.differs else -1
        for index, part in enumerate(parts):
            # No further than the last glyph: a ligature is one for two clusters.
            end = min(end + ((index > 0) if piece.differs else len(part)), len(data) - 1)
            data[end] = data[end]._replace(x_advance=data[end].x_advance + spread)
        glyphs = ShapedStr(piece.glyphs, data)
        cut = len(data) - (len(piece.source) - len(ink))
        yield Piece(ink, glyphs[:cut], piece.differs)
        if cut < len(data):
            yield Piece(piece.source[len(ink) :], glyphs[cut:], differs=False)


def _draw_justified(tx: Any, offset: float, line: Any, last: int = 0) -> None:
    """Stands for xhtml2pdf's drawing of a justified line, which widens spaces alone."""
    texts = [frag.text for frag in line.words if isinstance(frag.text, Cut)]
    gaps = sum(len(clusters(text)) for text in texts) - 1
    if last or getattr(line, "lineBreak", False) or gaps < 1 or line.extraSpace <= 0:
        _original["draw_justified"](tx, offset, line, 1)
        return
    spread = min(line.extraSpace / gaps, _MAX_SPREAD * line.fontSize)
    rest = line.extraSpace - spread * gaps
    spaces = line.wordCount - 1
    if rest > spaces * _MAX_SPACE * line.fontSize + 1e-6:
        spread = rest = 0.0
    for text in texts:
        text.spread = spread
    if spaces and rest:
        tx.setWordSpace(rest / spaces)
    _original["draw_justified"](tx, offset, line, 1)
    tx.setWordSpace(0)


def _with_actual_text(source: str, operators: str) -> str:
    text = source.encode("utf-16-be").hex().upper()
    return f"/Span <</ActualText <FEFF{text}>>> BDC {operators} EMC"


def _break_lines(self: Paragraph, width: float | list[float]) -> ParaLines:
    """Stands for Paragraph.breakLines and breakLinesCJK."""
    if self.dir == "rtl":
        return _original["break_lines"](self, width)
    if getattr(self, "_splitpara", False) and hasattr(self, "blPara"):
        return self.blPara  # the part of a paragraph that stays on the page above: broken already
    widths = list(width) if isinstance(width, list | tuple) else [width]
    reportlab_paragraph._handleBulletWidth(self.bulletText, self.style, widths)
    leading = getattr(self, "autoLeading", getattr(self.style, "autoLeading", ""))
    self.height = 0
    if not self.frags:
        return _original["break_lines"](self, width)
    return break_paragraph(self.frags, widths, bounds=leading not in {"", "off"}, measure=measure)


def _min_width(self: Paragraph) -> float:
    """Stands for Paragraph.minWidth, of which a table makes its columns: the widest unit."""
    return max((unit.inked for unit in units_of(self.frags, measure)), default=0.0)


def _split_function(self: Paragraph) -> Any:
    """Stands for Paragraph._get_split_blParaFunc: how a paragraph on two pages gets its fragments back."""
    if all(hasattr(line, "source") for line in self.blPara.lines):
        return _frags_of_lines
    return _original["split_frags"](self)


def _frags_of_lines(lines: ParaLines, start: int, stop: int) -> list[Any]:
    return [frag for line in lines.lines[start:stop] for frag in line.source]
