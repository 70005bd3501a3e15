"""The Jinja environment of the reports: autoescape on, missing values an error, Thai filters, the macros of core."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one environment all reports are rendered with; its templates live in reports/templates/<domain>/."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        baht_text=baht_text,
        lines=lines,
        money=money,
        or_dash=or_dash,
        phone=phone,
        thai_date=thai_date,
        thai_digits=thai_digits,
        thai_moment=thai_moment,
    )
    return env


def render_html(name: str, **context: Any) -> str:
    """The HTML of the template `name` ("fund/proposal.html"), ready for `pdf.render`."""
    return environment().get_template(name).render(**context)


def money(amount: Decimal | int | None) -> str:
    """Baht with two decimals and thousands separators; nothing for None."""
    from models.core.thai.money import format_money

    return "" if amount is None else format_money(Decimal(amount))


def baht_text(amount: Decimal | int | None) -> str:
    """An amount in Thai words, "…บาทถ้วน"; nothing for None."""
    from models.core.thai import money as thai_money

    return "" if amount is None else thai_money.baht_text(Decimal(amount))


def thai_date(date: dt.date | None, style: str = "long", lang: str = "th") -> str:
    """A date of the Buddhist era; nothing for None. A moment is shown as its day in Bangkok."""
    from models.core.thai.dates import format_date

    return "" if date is None else format_date(date, style, lang)


def thai_moment(moment: dt.datetime | None, style: str = "long") -> str:
    """A day and time in Bangkok; nothing for None."""
    from models.core.thai.dates import format_datetime, to_bangkok

    return "" if moment is None else format_datetime(to_bangkok(moment), style)


def thai_digits(value: object) -> str:
    """`value` with its digits as ๐-๙."""
    from models.core.thai.text import to_thai_digits

    return to_thai_digits(str(value))


def phone(number: str | None) -> str:
    """A stored telephone number as people write it; nothing for None."""
    from models.core.thai.phone import format_phone

    return format_phone(number) if number else ""


def or_dash(value: object) -> object:
    """`value`, or a dash where there is none, so that no reader wonders whether something is missing."""
    return "-" if value is None or value == "" else value


def lines(text: str | None) -> list[str]:
    """The paragraphs of text as it was typed into a box of several lines, blank ones left out."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
