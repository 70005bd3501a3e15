"""Files of organizations sent in and taken away, and what came of them."""

from __future__ import annotations

import csv
import io

from sqlalchemy import func, select

from models.core.db import db
from models.core.imports import Import
from models.fund.organization import Organization

PAGE = "/records/organization/import"
# What every organization must say beside its name, sector and province.
REST, WORDS = ("address", "chair_first_name"), ("1 ถนนราชดำเนิน", "สมชาย")


def exported(browser, ending="csv", query="all=1"):
    with browser.get(f"/records/organization/export.{ending}?{query}") as answer:
        assert answer.status_code == 200
        return answer.data


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_csv(*rows, coding="utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(coding)


def send(browser, data: bytes, way="both", name="ข้อมูล.csv"):
    answer = browser.post(PAGE, data={"way": way, "file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def run_of() -> Import:
    return db.session.scalars(
        select(Import).order_by(Import.id.desc()).execution_options(populate_existing=True)
    ).first()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Organization))


def wrongs() -> list[tuple[int, str, str]]:
    return [(row, column, why) for row, column, _read, why in run_of().found["bad"]]
