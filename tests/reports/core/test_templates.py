"""The environment of the report templates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import jinja2
import pytest

from reports.core.templates import environment, render_html


def rendered(source: str, **context: object) -> str:
    return environment().from_string(source).render(**context)


def test_what_people_typed_is_escaped():
    assert rendered("{{ x }}", x="<b>&") == "&lt;b&gt;&amp;"


def test_a_missing_value_is_an_error_rather_than_a_gap():
    with pytest.raises(jinja2.UndefinedError):
        rendered("{{ nothing }}")


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ x | money }}", Decimal("1234567.5"), "1,234,567.50"),
        ("{{ x | money }}", None, ""),
        ("{{ x | baht_text }}", Decimal(21), "ยี่สิบเอ็ดบาทถ้วน"),
        ("{{ x | baht_text }}", None, ""),
        ("{{ x | thai_date }}", dt.date(2026, 3, 12), "12 มีนาคม 2569"),
        ("{{ x | thai_date('short') }}", dt.date(2026, 3, 12), "12 มี.ค. 2569"),
        ("{{ x | thai_date('long', 'en') }}", dt.date(2026, 3, 12), "12 March 2569 BE"),
        ("{{ x | thai_date }}", dt.datetime(2026, 3, 11, 18, 0, tzinfo=dt.UTC), "12 มีนาคม 2569"),
        ("{{ x | thai_date }}", None, ""),
        ("{{ x | thai_moment }}", None, ""),
        ("{{ x | thai_digits }}", "2569-0001", "๒๕๖๙-๐๐๐๑"),
        ("{{ x | or_dash }}", "", "-"),
        ("{{ x | or_dash }}", 0, "0"),
        ("{{ x | lines | join('|') }}", "หนึ่ง\r\n\n สอง ", "หนึ่ง|สอง"),
        ("{{ x | lines | join('|') }}", None, ""),
    ],
)
def test_filters_write_values_as_official_papers_do(source, value, expected):
    assert rendered(source, x=value) == expected


def test_a_moment_is_shown_in_bangkok():
    assert "19:30" in rendered("{{ x | thai_moment }}", x=dt.datetime(2026, 3, 11, 12, 30, tzinfo=dt.UTC)).replace(
        ".", ":"
    )


def test_an_empty_field_leaves_a_line_to_write_on():
    source = '{% import "core/_macros.html" as form %}{{ form.field("ชื่อ", value) }}'

    assert "&nbsp;" in rendered(source, value=None).replace("\u00a0", "&nbsp;")
    assert "ค่าย &lt;1&gt;" in rendered(source, value="ค่าย <1>")


def test_templates_are_found_by_name():
    with pytest.raises(jinja2.TemplateNotFound):
        render_html("core/none.html")
    assert "page-head" in render_html(
        "core/document.html",
        head=True,
        foot=False,
        title="ก",
        number="",
        lang="th",
        css="",
        faces=[],
        body="",
        page={"width": 21, "height": 29.7, "left": 3, "top": 2.5, "text_width": 16, "text_height": 25, "foot_top": 28},
        words={},
    )
