"""Documents at their limits: what is refused or given up, a long one, and several at once."""

from __future__ import annotations

import io
import logging
import re
import threading

import pypdf
import pytest

from reports.core import pdf
from reports.core.pdf import PdfFailed, render
from tests.reports.core.pdf_reading import TEXTS, bare, lines_of, needs_poppler

pytestmark = needs_poppler

PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '<img src="http://127.0.0.1:9/x.png"/>',
        '<img src="https://example.com/x.png"/>',
        '<img src="file:///etc/passwd"/>',
        '<img src="/etc/passwd"/>',
        '<img src="../core/pdf.py"/>',
        '<div style="background-image: url(http://127.0.0.1:9/x.png)">ก</div>',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"/><p>ก</p>',
        '<style>@import url("file:///etc/passwd");</style><p>ก</p>',
        "<style>@font-face { font-family: X; src: url(http://127.0.0.1:9/x.ttf) }</style><p>ก</p>",
    ],
)
def test_nothing_outside_the_assets_is_read(body, monkeypatch):
    def no_network(*_args: object, **_more: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.create_connection", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)

    with pytest.raises(PdfFailed) as failure:
        bare(body)

    assert failure.value.code == "resource"
    assert re.search("127.0.0.1|example.com|passwd|pdf.py", failure.value.detail)


@pytest.mark.parametrize("src", ["data:image/png;base64,AAAA", "fonts/README.md", "data:image/svg+xml;base64,PHN2Zz4="])
def test_a_broken_picture_fails_and_is_named(src):
    with pytest.raises(PdfFailed) as failure:
        bare(f'<p>ก</p><img src="{src}"/>')

    assert src[:20] in failure.value.detail


def test_a_refused_picture_fails_however_little_is_logged():
    logging.disable(logging.CRITICAL)
    try:
        with pytest.raises(PdfFailed, match="passwd"):
            bare('<img src="/etc/passwd"/>')
    finally:
        logging.disable(logging.NOTSET)


def test_a_good_picture_is_drawn():
    reader = pypdf.PdfReader(io.BytesIO(bare(f'<p>ก <img src="{PIXEL}" width="20" height="20"/></p>')))

    assert len(reader.pages[0].images) == 1


def test_too_much_html_is_refused_before_it_is_laid_out(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_HTML", 1000)

    with pytest.raises(PdfFailed, match="too_large"):
        bare("<p>" + "ก" * 400 + "</p>")
    assert bare("<p>" + "ก" * 300 + "</p>")


def test_elements_nested_too_deeply_are_refused():
    with pytest.raises(PdfFailed, match="too_deep"):
        bare("<div>" * 1000 + "ก" + "</div>" * 1000)
    assert bare("<div>" * 30 + "ก" + "</div>" * 30)


def test_many_elements_beside_each_other_are_not_deep():
    assert bare("<p>ก<br>ข</p>" * 200)


def test_a_document_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0)

    with pytest.raises(PdfFailed, match="too_long"):
        bare("<p>ก</p>" * 50)


@pytest.mark.parametrize(
    ("error", "code"), [(RecursionError(), "too_deep"), (ValueError("first\nsecond"), "layout"), (KeyError(), "layout")]
)
def test_whatever_the_renderer_raises_is_a_failure_that_says_so(monkeypatch, error, code):
    def fail(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("xhtml2pdf.pisa.CreatePDF", fail)

    with pytest.raises(PdfFailed) as failure:
        bare("<p>ก</p>")

    assert failure.value.code == code
    assert "second" not in failure.value.detail


# --- Size and threads -------------------------------------------------------------------------------------------------


def test_a_proposal_of_twelve_pages_is_rendered_whole():
    paragraphs = "".join(f"<h2>ส่วนที่ {n}</h2>" + "".join(f"<p class='indent'>{t}</p>" for t in TEXTS) for n in range(12))
    rows = "".join(f"<tr><td>{n}</td><td>ค่าตอบแทนวิทยากรครั้งที่ {n}</td><td>{n * 1000:,}.00</td></tr>" for n in range(60))

    document = render(paragraphs + f'<table class="ruled">{rows}</table>', title="ข้อเสนอโครงการ", number="2569-0001")

    count = len(pypdf.PdfReader(io.BytesIO(document)).pages)
    assert 12 <= count <= 25
    assert f"หน้า {count} จาก {count}" in lines_of(document)
    assert len(document) < 1_500_000


def test_threads_that_render_at_once_get_each_their_own():
    results: dict[int, bytes] = {}

    def work(n: int) -> None:
        results[n] = render(f"<p>เอกสารฉบับที่ {n}</p>", title=f"เรื่องที่ {n}", thai_numerals=bool(n % 2))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for n in range(4):
        assert {f"เอกสารฉบับที่ {n}", f"เรื่องที่ {n}", "หน้า ๑ จาก ๑" if n % 2 else "หน้า 1 จาก 1"} == set(lines_of(results[n]))


def test_a_failure_in_one_document_is_not_counted_against_another():
    with pytest.raises(PdfFailed):
        bare('<img src="/etc/passwd"/>')

    assert bare("<p>ก</p>")
