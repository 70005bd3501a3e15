"""A million records as a file, made by a worker of its own; and ten thousand rows judged and stored."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.runner import POSTGRESQL, SQLITE, Meter, bench

ROWS = int(os.environ.get("SALA_BENCH_ROWS", "1000000"))
IMPORTED = int(os.environ.get("SALA_BENCH_IMPORTED", "10000"))
AIM = 200  # MB

WORKER = """
import json, logging
logging.disable(logging.INFO)
import config
from app import create_app
from jobs.runner import run_due

def memory(name):
    lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(lines[name].split()[0]) / 1024

app = create_app(config.read())
before = memory("VmHWM")
with app.app_context():
    done = run_due(1)
print(json.dumps({"done": done, "before": before, "peak": memory("VmHWM")}))
"""


@bench("exporting", on=(POSTGRESQL, SQLITE))
def exporting(meter: Meter) -> None:
    """Peak memory of the worker (VmHWM), seconds and size for each kind of file."""
    with meter.once("made", ROWS):
        user_id = _fill(meter)
    meter.say("aim", f"under {AIM} MB")
    for ending in ("csv", "xlsx"):
        _export(meter, user_id, ending)


def _export(meter: Meter, user_id: int, ending: str) -> None:
    from sqlalchemy import select

    from jobs.exporting import EXPORT, ask_export
    from models.core.db import db
    from models.core.entity import entity_named
    from models.core.file import StoredFile
    from models.core.identity import Account
    from models.core.job import Job

    entity = entity_named("organization")
    assert entity is not None
    asked = {"entity": entity.name, "query": {"sort": "name"}, "columns": list(entity.shown)}
    with meter.app.app_context():
        ask_export(db.session.get_one(Account, user_id), "records", ending, asked, title="-", lang="th")
        db.session.commit()
    begun = time.perf_counter()
    said = _work(meter)
    span = time.perf_counter() - begun
    with meter.app.app_context():
        job = db.session.scalars(select(Job).where(Job.kind == EXPORT).order_by(Job.id.desc())).first()
        assert job is not None
        assert job.file_id, (job.state, job.error)
        size = db.session.get_one(StoredFile, job.file_id).size / 1024**2
        db.session.commit()
    meter.say(
        f"{ending}, {len(entity.shown) + 1} columns",
        f"{ROWS:,} rows {span:7.1f} s {ROWS / span:9,.0f} /s  file {size:6.1f} MB  "
        f"peak {said['peak']:5.0f} MB (idle {said['before']:.0f})",
    )


@bench("importing", on=(POSTGRESQL, SQLITE))
def importing(meter: Meter) -> None:
    """A CSV of which half updates and half adds: judged (nothing stored), then stored in one transaction."""
    from jobs import importing as work
    from jobs.exporting import speaking_to
    from models.core.db import db
    from models.core.entity import entity_named
    from models.core.file import StoredFile, new_file_id
    from models.core.identity import Account
    from models.core.matrix import set_cells
    from services import storage

    user_id = _fill(meter, IMPORTED // 2)
    entity = entity_named("organization")
    assert entity is not None
    with meter.app.app_context():
        set_cells({("organization.edit", "super_user"): True})
        user = db.session.get_one(Account, user_id)
        file = StoredFile(
            id=new_file_id(), purpose="import", name="a.csv", content_type="text/csv", uploaded_by=user_id
        )
        file.size, file.sha256 = storage.put(file.key, io.BytesIO(_csv(IMPORTED)), 2**30)
        run = work.ask_check(user, entity, "both", file, "th")
        db.session.commit()
        with speaking_to(user, "th"):
            with meter.once("judged, nothing stored", IMPORTED), _own(meter):
                work.check(run, user)
                db.session.commit()
            assert (run.adds, run.changes, run.bad) == (IMPORTED // 2, IMPORTED // 2, 0), run.found
            assert work.ask_store(user, run)
            db.session.commit()
            with meter.once("stored in one transaction", IMPORTED), _own(meter):
                work.store(run, user)
                db.session.commit()
        assert run.state == "stored"
        db.session.remove()


@contextmanager
def _own(meter: Meter) -> Iterator[None]:
    """This process's own seconds, which others on the machine do not lengthen."""
    begun = time.process_time()
    yield
    meter.say("  of which this process worked", f"{time.process_time() - begun:9.2f} s")


def _csv(count: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["เลขที่", "name", "sector", "province_code", "phone"])
    for number in range(count):
        key = number + 1 if number < count // 2 else ""
        writer.writerow([key, f"มูลนิธิแสงเทียน สาขา {number}", "private", "50", "02 123 4567"])
    return out.getvalue().encode()


def _work(meter: Meter) -> dict[str, Any]:
    env = {**os.environ, **meter.env}
    done = subprocess.run([sys.executable, "-c", WORKER], env=env, check=True, capture_output=True, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert said["done"] == 1, said
    return said


def _fill(meter: Meter, count: int = 0) -> int:
    """So many organizations, put straight into their table, and a super user; the user's id."""
    from sqlalchemy import insert, select

    from models.core.clock import now
    from models.core.db import db
    from models.core.grants import grant
    from models.core.identity import Account
    from models.core.kinds import SUPER_USER
    from models.core.thai.text import search_text, sort_key
    from models.fund.organization import Organization

    with meter.app.app_context():
        user = Account(username="bench", email="bench@sala.example", first_name="ผู้", last_name="วัด", active=True)
        user.password, user.confirmed_at = "-", now()
        db.session.add(user)
        db.session.flush()
        grant(user.id, SUPER_USER)
        names = [f"มูลนิธิแสงเทียนเพื่อการเรียนรู้ แห่งที่ {number}" for number in range(1000)]
        keys = [(name, sort_key(name), search_text(name)) for name in names]
        rows = [
            {
                "name": name,
                "name_sort": sorted_by,
                "name_search": searched,
                "sector": "private",
                "province_code": "50",
                "address": f"{number} หมู่ 3 ถนนเชียงใหม่-ฝาง",
                "subdistrict": "ริมเหนือ",
                "district": "แม่ริม",
                "postcode": "50180",
                "phone": "053123456",
                "email": f"office{number}@sala.example",
                "registered_year": 2550,
                "year_order": 2550,
                "latitude": 18.9,
                "longitude": 98.9,
            }
            for number, (name, sorted_by, searched) in enumerate(keys)
        ]
        wanted, there = count or ROWS, min(len(rows), count or ROWS)
        db.session.execute(insert(Organization), rows[:there])
        table = Organization.__table__
        columns = [column for column in table.columns if column.name != "id"]
        while there < wanted:  # The database doubles them by itself, which is quicker than sending each.
            some = select(*columns).order_by(table.c.id).limit(min(there, wanted - there))
            db.session.execute(table.insert().from_select(columns, some))
            there += min(there, wanted - there)
        key = user.id
        db.session.commit()
        db.session.remove()
    return key
