"""Filling lines with units (see words), for the paragraphs of xhtml2pdf.

xhtml2pdf holds a paragraph as fragments: text in one font and colour, pictures, line breaks, markers of no width.
Here the text of all fragments is cut into units together, so that a bold word or a change of font makes no difference
to where a line may end, and the units go into lines first come, first served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfmetrics import getAscentDescent
from xhtml2pdf.reportlab_paragraph import FragLine, ParaLines, _reserved, imgVRange

from reports.core.words import OBJECT, SOFT_SPOTS, SPACES, clusters, units

_FUZZ = 1e-6  # points; sums of widths are not exact

Measure = Callable[[str, str, float], float]

#: How page numbers are written in the document being rendered: a table for str.translate, None for 0-9.
page_numerals: ContextVar[dict[int, str] | None] = ContextVar("page_numerals", default=None)


class Cut(str):
    """Text that remembers the units it was put together from, so that drawing shapes what breaking has shaped."""

    __slots__ = ("spread", "units")
    units: tuple[str, ...]
    spread: float  # points added after every cluster, in a justified line

    def __new__(cls, parts: tuple[str, ...]) -> Cut:
        """The parts joined."""
        self = super().__new__(cls, "".join(parts))
        self.units = parts
        self.spread = 0.0
        return self


@dataclass(slots=True)
class Unit:
    """One unit on its way into a line: its pieces by fragment, and its width with and without the spaces after it."""

    pieces: list[tuple[Any, str]] = field(default_factory=list)
    width: float = 0.0
    inked: float = 0.0
    line_break: bool = False

    def add(self, frag: Any, text: str, measure: Measure) -> None:
        """Append a piece of text, points wide as `measure` says."""
        self.pieces.append((frag, text))
        ink = text.rstrip(SPACES)
        if ink:
            self.inked = self.width + measure(ink, frag.fontName, frag.fontSize)
        self.width += measure(text, frag.fontName, frag.fontSize)

    def add_object(self, frag: Any) -> None:
        """Append a picture, box or marker."""
        self.pieces.append((frag, ""))
        self.width += _object_width(frag)
        if _is_object(frag):
            self.inked = self.width


def text_of(frag: Any) -> str:
    """The text of a fragment; a page number is an object that only becomes text when asked."""
    text = getattr(frag, "text", None)
    if text is None:
        return " ".join(word.decode() if isinstance(word, bytes) else word for word in getattr(frag, "words", ()))
    if isinstance(text, bytes):
        return text.decode("utf-8")
    if not isinstance(text, str):
        text = str(text)
    numerals = page_numerals.get()
    if numerals and (getattr(frag, "pageNumber", False) or getattr(frag, "pageCount", False)):
        return text.translate(numerals)
    return text


def break_paragraph(frags: list[Any], widths: list[float], *, bounds: bool, measure: Measure) -> ParaLines:
    """The lines of a paragraph whose first line is `widths[0]` points wide, and each other one the last of `widths`.

    `bounds` asks for lines as high as their pictures. Each line carries `source`, the fragments it was made of with
    the spaces that fell at its end: a paragraph that continues on the next page is put together from them.
    """
    lines: list[FragLine] = []
    line: list[Unit] = []
    used = 0.0
    pending = list(reversed(units_of(frags, measure)))

    def room() -> float:
        return widths[min(len(lines), len(widths) - 1)]

    def end_line(*, forced: bool = False) -> None:
        nonlocal line, used
        lines.append(_make_line(line, room(), bounds=bounds, forced=forced, measure=measure))
        line, used = [], 0.0

    while pending:
        unit = pending.pop()
        if unit.line_break:
            line.append(unit)
            end_line(forced=True)
            continue
        if used + unit.inked <= room() + _FUZZ:
            line.append(unit)
            used += unit.width
            continue
        if any(u.inked for u in line):
            end_line()
            pending.append(unit)
            continue
        parts = _divide(unit, room() - used, measure)
        line.append(parts[0])
        if len(parts) > 1:
            pending.append(parts[1])
            end_line()
        else:
            used += unit.width
    if not line and not lines:
        line.append(Unit(pieces=[(frags[0], "")]))  # a paragraph of nothing is one empty line
    if not lines or any(text.strip(SPACES) or hasattr(frag, "cbDefn") for unit in line for frag, text in unit.pieces):
        end_line()  # not for mere spaces after a last <br>
    return ParaLines(kind=1, lines=lines)


def units_of(frags: list[Any], measure: Measure) -> list[Unit]:
    """The units of all fragments together, with what each piece of them is drawn with."""
    result: list[Unit] = []
    stretch: list[Any] = []
    for frag in frags:
        if hasattr(frag, "lineBreak"):
            result.extend(_units_of_stretch(stretch, measure))
            result.append(Unit(pieces=[(frag, "")], line_break=True))
            stretch = []
        else:
            stretch.append(frag)
    result.extend(_units_of_stretch(stretch, measure))
    return result


def _units_of_stretch(frags: list[Any], measure: Measure) -> Iterator[Unit]:
    """The units of fragments between two line breaks."""
    texts = [OBJECT if _is_object(frag) else "" if hasattr(frag, "cbDefn") else text_of(frag) for frag in frags]
    last = len(frags) - 1
    index, offset = -1, 0  # the fragment being read and how far; -1: before the first

    for text in units("".join(texts)):
        unit = Unit()
        need = len(text)
        while need:
            while index < 0 or offset == len(texts[index]):
                index, offset = index + 1, 0
                if hasattr(frags[index], "cbDefn"):
                    unit.add_object(frags[index])
                    need -= len(texts[index])
                    offset = len(texts[index])
                    if not need:
                        break
            if need:
                piece = texts[index][offset : offset + need]
                unit.add(frags[index], piece, measure)
                offset += len(piece)
                need -= len(piece)
        while index < last and offset == len(texts[index]) and _closes(frags[index + 1]):
            index, offset = index + 1, 0
            unit.add_object(frags[index])
        yield unit

    rest = Unit()
    for frag in frags[index + 1 :]:
        if hasattr(frag, "cbDefn"):
            rest.add_object(frag)
    if rest.pieces:
        yield rest


def _closes(frag: Any) -> bool:
    """Whether a fragment is the closing edge of an inline box, which stays with the text before it."""
    return getattr(getattr(frag, "cbDefn", None), "edge", None) == "close"


def _divide(unit: Unit, room: float, measure: Measure) -> list[Unit]:
    """A unit too wide for a whole line, as what fits and the rest; undivided where it is one cluster.

    An address is divided after its punctuation where that costs less than half the line; anything else between two
    clusters.
    """
    atoms = [(frag, cluster) for frag, text in unit.pieces for cluster in (clusters(text) if text else [""])]
    head, width, soft, placed = 0, 0.0, 0, False
    for index, (frag, cluster) in enumerate(atoms):
        advance = measure(cluster, frag.fontName, frag.fontSize) if cluster else _object_width(frag)
        if placed and width + advance > room + _FUZZ and cluster.strip(SPACES):
            break
        width += advance
        head = index + 1
        placed = placed or bool(cluster or advance)
        if cluster in SOFT_SPOTS and width > room / 2:
            soft = head
    head = soft or head
    if head >= len(atoms):
        return [unit]
    parts = [Unit(), Unit()]
    for index, (frag, cluster) in enumerate(atoms):
        part = parts[index >= head]
        if not cluster:
            part.add_object(frag)
        elif part.pieces and part.pieces[-1][0] is frag and part.pieces[-1][1]:
            _frag, text = part.pieces.pop()
            part.pieces.append((frag, text + cluster))
        else:
            part.pieces.append((frag, cluster))
    return [_measured(part.pieces, measure) for part in parts]


def _measured(pieces: list[tuple[Any, str]], measure: Measure) -> Unit:
    unit = Unit()
    for frag, text in pieces:
        if text:
            unit.add(frag, text, measure)
        else:
            unit.add_object(frag)
    return unit


def _is_object(frag: Any) -> bool:
    """Whether a fragment is a picture or box: something of its own width that a line may end beside."""
    return bool(getattr(getattr(frag, "cbDefn", None), "width", 0))


def _object_width(frag: Any) -> float:
    thing = getattr(frag, "cbDefn", None)
    if thing is None:
        return 0.0
    own = getattr(thing, "width", 0) or getattr(thing, "advance", 0) + getattr(thing, "reserve", 0)
    return float(own)


def _make_line(line: list[Unit], room: float, *, bounds: bool, forced: bool, measure: Measure) -> FragLine:
    """The drawn form of a line: neighbouring pieces of one fragment joined, the spaces at both ends dropped."""
    pieces = [piece for unit in line for piece in unit.pieces]
    source = _joined(pieces)
    drawn = _joined(_without_outer_spaces(pieces))
    if not drawn or hasattr(drawn[-1], "cbDefn"):
        # The text operator that ends a line comes with its last text; a line must have one, be it empty.
        carrier = pieces[-1][0].clone()
        for name in ("cbDefn", "lineBreak"):
            if hasattr(carrier, name):
                delattr(carrier, name)
        carrier.text = ""
        drawn.append(carrier)
    width = sum(_object_width(f) if hasattr(f, "cbDefn") else measure(f.text, f.fontName, f.fontSize) for f in drawn)
    ascent, descent, size = _extent(source, bounds=bounds)
    made = FragLine(
        kind=1,
        extraSpace=room - width + _reserved(drawn),
        wordCount=1 + sum(f.text.count(" ") + f.text.count("\u00a0") for f in drawn),
        words=drawn,
        source=source,
        fontSize=size,
        ascent=ascent,
        descent=descent,
    )
    if forced:
        made.lineBreak = True
    return made


def _without_outer_spaces(pieces: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    trimmed = [piece for piece in pieces if not hasattr(piece[0], "lineBreak")]
    for order, strip in ((range(len(trimmed)), str.lstrip), (range(len(trimmed) - 1, -1, -1), str.rstrip)):
        for index in order:
            frag, text = trimmed[index]
            if _is_object(frag):
                break
            trimmed[index] = frag, strip(text, SPACES)
            if trimmed[index][1]:
                break
    return [(frag, text) for frag, text in trimmed if text or hasattr(frag, "cbDefn")]


def _joined(pieces: list[tuple[Any, str]]) -> list[Any]:
    """One clone of each fragment for its neighbouring pieces, with their units remembered."""
    result: list[Any] = []
    last, parts = None, []
    for frag, text in pieces:
        if frag is last and text:
            parts.append(text)
        else:
            if parts:
                result[-1].text = Cut(tuple(parts))
            last, parts = frag, [text] if text else []
            result.append(frag.clone())
            result[-1].text = ""
    if parts:
        result[-1].text = Cut(tuple(parts))
    return result


def _extent(frags: list[Any], *, bounds: bool) -> tuple[float, float, float]:
    """The ascent, descent (negative) and font size of a line of `frags`, in points."""
    ascent = descent = size = 0.0
    for frag in frags:
        if bounds and _is_object(frag):
            low, high = imgVRange(frag.cbDefn.height, frag.cbDefn.valign, frag.fontSize)
        else:
            high, low = getAscentDescent(frag.fontName, frag.fontSize)
        ascent, descent, size = max(ascent, high), min(descent, low), max(size, frag.fontSize)
    return ascent, descent, size
