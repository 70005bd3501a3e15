"""Shaping and breaking: glyph positions as HarfBuzz has them, widths that agree, lines that fit."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import uharfbuzz
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject
from xhtml2pdf.reportlab_paragraph import Paragraph

from reports.core import thai
from reports.core.breaking import break_paragraph
from reports.core.pdf import ASSETS
from reports.core.words import clusters
from tests.reports.core.test_words import PROSE

SIZE = 16.0
FEATURES = {"kern": True, "liga": True, "dlig": True}

_TEXT = (
    "ที่ ป้ ป้า ปั๊ม ญู กตัญญู น้ำ กี่ เก้าอี้ ฟั่น ฝั่ง ฐาน ฐู ฎีกา ปฏิทิน ฤๅษี ก็ ทั้งนี้ สิทธิ์ ศักดิ์ ซ้ำ จำ โต๊ะ เปี๊ยก "
    "พันธุ์ ใหญ่ ไม้ เรื่อง เมื่อ ผู้ รู้ ปู่ ชื่อ หนึ่ง ปีนี้ ฬู กู้ ๒๕๖๙ AVATAR Tofu ระบบSala"
)
WORDS = _TEXT.split()


@pytest.fixture(scope="module", params=["Sarabun-Regular", "Sarabun-Bold", "Sarabun-BoldItalic"])
def font(request):
    thai.install()
    name = f"Test {request.param}"
    pdfmetrics.registerFont(TTFont(name, ASSETS / "fonts" / f"{request.param}.ttf"))
    return pdfmetrics.getFont(name)


def glyphs_drawn(font: TTFont, text: str) -> list[tuple[int, float, float]]:
    """The glyphs that the text operators for `text` put on paper: number, x and y in thousandths of the size."""
    canvas = Canvas("/dev/null")
    writer = canvas.beginText()
    writer._setFont(font.fontName, SIZE)
    operators = re.sub(r"/Span <<.*?>>> BDC|EMC", "", writer._formatText(text))
    subsets = font.state[canvas._doc].subsets
    placed, x, rise, subset = [], 0.0, 0.0, 0
    token = re.compile(
        r"/F\d+\+(\d+) [\d.]+ Tf [\d.]+ TL|(-?[\d.]+) Ts|\[(.*?)\] TJ|(\((?:\\.|[^\\)])*\)) Tj", re.DOTALL
    )
    for match in token.finditer(operators):
        if match[1]:
            subset = int(match[1])
        elif match[2]:
            rise = float(match[2]) / SIZE * 1000
        else:
            for part in re.finditer(r"\(((?:\\.|[^\\)])*)\)|(-?[\d.]+)", match[3] or match[4], re.DOTALL):
                if part[2]:
                    x -= float(part[2])
                    continue
                raw = re.sub(r"\\([0-7]{3}|.)", lambda m: chr(int(m[1], 8)) if len(m[1]) == 3 else m[1], part[1])
                for code in raw.encode("latin-1"):
                    char = subsets[subset][code]
                    if char != 0x200B:
                        placed.append((font.face.charToGlyph[char], x, rise))
                    x += font.face.getCharWidth(char)
    return placed


def glyphs_of_harfbuzz(font: TTFont, text: str) -> list[tuple[int, float, float]]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(font.hbFace), buffer, FEATURES)
    placed, x = [], 0
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        placed.append((info.codepoint, x + at.x_offset, at.y_offset))
        x += at.x_advance
    return placed


@pytest.mark.parametrize("word", WORDS)
def test_glyphs_stand_where_harfbuzz_puts_them(font, word):
    drawn, wanted = glyphs_drawn(font, word), glyphs_of_harfbuzz(font, word)

    assert [glyph for glyph, _x, _y in drawn] == [glyph for glyph, _x, _y in wanted]
    for (_g, x, y), (_h, want_x, want_y) in zip(drawn, wanted, strict=True):
        assert x == pytest.approx(want_x, abs=0.6)  # operators carry six decimals of a point, kerns a thousandth
        assert y == pytest.approx(want_y, abs=0.6)


@pytest.mark.parametrize("word", ["ที่", "ป้า", "กตัญญู"])
def test_character_by_character_the_glyphs_would_stand_elsewhere(font, word):
    """What the test above would miss were shaping taken away: these words need it."""
    naive, x = [], 0.0
    for char in word:
        naive.append((font.face.charToGlyph[ord(char)], x, 0.0))
        x += font.face.charWidths[ord(char)]

    assert glyphs_of_harfbuzz(font, word) != naive


@pytest.mark.parametrize("word", WORDS)
def test_the_width_of_a_string_is_that_of_its_glyphs(font, word):
    buffer = uharfbuzz.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(font.hbFace), buffer, FEATURES)
    wanted = sum(at.x_advance for at in buffer.glyph_positions) * SIZE / 1000

    assert pdfmetrics.stringWidth(word, font.fontName, SIZE) == pytest.approx(wanted)
    assert thai.measure(word, font.fontName, SIZE) == pytest.approx(wanted)


def test_the_pieces_of_a_shape_give_back_source_and_glyphs(font):
    for word in WORDS:
        pieces = thai.shape(font, word).pieces

        assert "".join(piece.source for piece in pieces) == word
        for piece in pieces:
            assert not piece.differs or len(clusters(piece.source)) == 1


def test_the_same_glyph_is_kept_once_wherever_it_stands(font):
    first, second = (
        [one for piece in thai.shape(font, word).pieces for one in piece.glyphs.__shapeData__] for word in ("กา", "นกา")
    )

    assert all(one is other for one, other in zip(first, second[1:], strict=True))


def test_invisible_characters_are_not_drawn(font):
    assert glyphs_drawn(font, "ก\u200bข\u2060\ufeff") == glyphs_drawn(font, "กข")


def test_installing_twice_changes_nothing(font):
    before = PDFTextObject._formatText, TTFont.stringWidth, Paragraph.breakLines, Paragraph.breakLinesCJK

    thai.install()

    assert before == (PDFTextObject._formatText, TTFont.stringWidth, Paragraph.breakLines, Paragraph.breakLinesCJK)


def test_fonts_that_cannot_be_shaped_are_drawn_as_ever():
    thai.install()
    writer = Canvas("/dev/null").beginText()
    writer.setFont("Helvetica", SIZE)

    assert writer._formatText("Sala") == "(Sala) Tj"


# --- Lines ------------------------------------------------------------------------------------------------------------


class Frag(SimpleNamespace):
    """As much of a fragment as breaking asks for."""

    def clone(self) -> Frag:
        return Frag(**vars(self))


def frag(font: TTFont, text: str, **more: object) -> Frag:
    return Frag(text=text, fontName=font.fontName, fontSize=SIZE, **more)


def lines_of(frags: list[Frag], widths: list[float]) -> list[str]:
    broken = break_paragraph(frags, widths, bounds=True, measure=thai.measure)
    return ["".join(f.text for f in line.words) for line in broken.lines]


@pytest.mark.parametrize("width", [120, 200, 333, 454])
@pytest.mark.parametrize("line", PROSE, ids=range(len(PROSE)))
def test_no_word_is_divided_whatever_the_width(font, line, width):
    text = line.replace("|", "")
    words = re.split(r"[| ]+", line)

    broken = lines_of([frag(font, text)], [width])

    assert re.sub(r"\s", "", "".join(broken)) == re.sub(r"\s", "", text)
    offset, ends = 0, set()
    for word in words:
        offset += len(word)
        ends.add(offset)
    offset = 0
    for drawn in broken:
        offset += len(drawn.replace(" ", ""))
        assert offset in ends, drawn
        assert drawn == drawn.strip()
        assert thai.measure(drawn, font.fontName, SIZE) <= width + 0.1


def test_a_change_of_font_makes_no_difference_to_line_ends(font):
    text = PROSE[1].replace("|", "")
    whole = lines_of([frag(font, text)], [300])

    parts = lines_of([frag(font, text[i : i + 7]) for i in range(0, len(text), 7)], [300])

    assert parts == whole


def test_the_first_line_may_be_narrower(font):
    lines = lines_of([frag(font, PROSE[0].replace("|", ""))], [200, 400])

    assert thai.measure(lines[0], font.fontName, SIZE) <= 200 < thai.measure(lines[1], font.fontName, SIZE)


def test_space_left_on_a_line_is_what_alignment_needs(font):
    broken = break_paragraph([frag(font, "กองทุน ")], [300], bounds=True, measure=thai.measure)

    assert broken.lines[0].extraSpace == pytest.approx(300 - thai.measure("กองทุน", font.fontName, SIZE))


@pytest.mark.parametrize(
    "text",
    [
        "https://www.example.go.th/fund/proposals/2569-0001/compare?with=1&mode=side",
        "supercalifragilistic" * 4,
        "ฮฺ๎ฬ" * 60,
    ],
)
def test_what_fits_no_line_is_divided_between_clusters(font, text):
    lines = lines_of([frag(font, text)], [150])

    assert "".join(lines) == text
    assert len(lines) > 1
    for line in lines:
        assert thai.measure(line, font.fontName, SIZE) <= 150.1
    pieces = [cluster for line in lines for cluster in clusters(line)]
    assert pieces == clusters(text)


def test_an_address_is_divided_after_its_punctuation(font):
    lines = lines_of([frag(font, "https://www.example.go.th/fund/proposals/revision/compare")], [190])

    assert all(line[-1] in "/." for line in lines[:-1])


def test_a_column_narrower_than_a_letter_still_ends(font):
    assert lines_of([frag(font, "ที่นี่")], [1]) == ["ที่", "นี่"]


def test_non_breaking_space_holds_words_together(font):
    width = thai.measure("มาตรา 3 แห่ง", font.fontName, SIZE) - 1

    assert lines_of([frag(font, "มาตรา 3\u00a0แห่ง")], [width]) == ["มาตรา", "3\u00a0แห่ง"]


def test_a_line_break_ends_its_line_and_a_second_leaves_one_empty(font):
    br = frag(font, "", lineBreak=1)

    assert lines_of([frag(font, "ก"), br, br.clone(), frag(font, " ข"), br.clone(), frag(font, " ")], [300]) == [
        "ก",
        "",
        "ข",
    ]


def picture(font: TTFont, width: float) -> Frag:
    return frag(font, "", cbDefn=SimpleNamespace(kind="img", width=width, height=10, valign="baseline"))


def test_a_line_may_end_beside_a_picture_which_takes_its_room(font):
    room = thai.measure("กองทุน", font.fontName, SIZE) + 50

    together = break_paragraph([frag(font, "กองทุน"), picture(font, 49)], [room], bounds=True, measure=thai.measure)
    apart = break_paragraph([frag(font, "กองทุน"), picture(font, 51)], [room], bounds=True, measure=thai.measure)

    assert [len(line.words) for line in together.lines] == [3]  # text, picture, and the empty text that ends a line
    assert together.lines[0].extraSpace == pytest.approx(1)
    assert len(apart.lines) == 2


def test_a_line_is_as_high_as_its_picture(font):
    tall = picture(font, 10)
    tall.cbDefn.height = 90

    broken = break_paragraph([frag(font, "ก"), tall], [300], bounds=True, measure=thai.measure)

    assert broken.lines[0].ascent == 90


def test_the_closing_edge_of_a_box_stays_on_the_line_of_its_text(font):
    def edge(kind: str) -> Frag:
        return frag(font, "", cbDefn=SimpleNamespace(kind="inlineBox", edge=kind, advance=4))

    frags = [
        frag(font, "กองทุน"),
        edge("open"),
        frag(font, "หน่วยงาน"),
        edge("close"),
        frag(font, "โครงการ"),
        edge("mark"),
    ]
    width = thai.measure("กองทุนหน่วยงาน", font.fontName, SIZE) + 8.5

    broken = break_paragraph(frags, [width], bounds=True, measure=thai.measure)

    kinds = [[getattr(getattr(f, "cbDefn", None), "edge", f.text) for f in line.words] for line in broken.lines]
    assert kinds == [["กองทุน", "open", "หน่วยงาน", "close", ""], ["โครงการ", "mark", ""]]


def test_the_narrowest_a_paragraph_can_be_is_its_widest_word(font):
    width = thai._min_width(SimpleNamespace(frags=[frag(font, "หน่วยงาน ก "), frag(font, "ข")]))

    assert width == pytest.approx(thai.measure("หน่วยงาน", font.fontName, SIZE))


def test_what_a_paragraph_carries_to_the_next_page_is_all_of_it(font):
    text = PROSE[2].replace("|", "")
    broken = break_paragraph([frag(font, text[:40]), frag(font, text[40:])], [200], bounds=True, measure=thai.measure)

    assert "".join(f.text for f in thai._frags_of_lines(broken, 0, len(broken.lines))) == text


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("กขญปฟที่นู้ำเโไๆฯ ()\"'.,/-ab1๒\u00a0\u200b"), max_size=15), min_size=1, max_size=5),
    st.integers(20, 400),
)
def test_breaking_loses_nothing_and_overflows_nowhere(font, texts, width):
    broken = break_paragraph([frag(font, text) for text in texts], [width], bounds=True, measure=thai.measure)

    source = "".join(f.text for line in broken.lines for f in line.source)
    assert source.rstrip(" \u200b") == "".join(texts).rstrip(" \u200b")
    for line in broken.lines:
        assert sum(thai.measure(f.text, f.fontName, SIZE) for f in line.words) <= width + 0.1 or (
            len(clusters("".join(f.text for f in line.words).strip())) == 1
        )
