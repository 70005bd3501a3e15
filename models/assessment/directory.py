"""The directory in which a school finds its code (spec: assessment.md 2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from models.assessment.school import School
from models.core.reference.provinces import PROVINCES
from models.core.thai.text import search_term, search_text, to_ascii_digits


def schools() -> Select[Any]:
    """All schools there are: code, name and province are no secret."""
    return select(School).where(School.deleted_at.is_(None))


def matching(rows: Select[Any], typed: str) -> Select[Any]:
    """Those in whose code, name or province every word that was typed stands, in any part of it.

    Some hundred schools are read faster than an index is asked, so a word may be as short as one likes.
    """
    for word in search_term(to_ascii_digits(typed)).split():
        provinces = [one.code for one in PROVINCES.values() if word in search_text(f"{one.name_th} {one.name_en}")]
        found = [School.search.contains(word, autoescape=True)]
        if provinces:
            found.append(School.province_code.in_(provinces))
        rows = rows.where(or_(*found))
    return rows
