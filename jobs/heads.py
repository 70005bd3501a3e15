"""Exports each day's last link of the audit chain to a file, so that the chain can be held against it later.

A copy of these small files kept elsewhere proves that entries of the past were not rewritten, even by somebody who
has both the database and the key.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from sqlalchemy import select

from jobs.runner import Task, job
from jobs.schedule import schedule
from models.core.audit import AuditDay, AuditEntry
from models.core.db import db
from services.core import settings


def folder() -> Path:
    """Where the heads lie, one file for each day."""
    return settings().data_dir / "audit-heads"


def export_heads() -> int:
    """Write the heads of days that have no file yet; how many. A file that is there is never written again."""
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    there = {path.stem for path in target.glob("*.json")}
    new = [day for day in db.session.scalars(select(AuditDay)) if day.day.isoformat() not in there]
    for day in new:
        waiting = target / f".{day.day.isoformat()}.part"
        with waiting.open("w", encoding="utf-8") as file:
            json.dump({"day": day.day.isoformat(), "seq": day.seq, "mac": day.mac}, file)
            file.flush()
            os.fsync(file.fileno())
        waiting.rename(target / f"{day.day.isoformat()}.json")
    return len(new)


def changed_head() -> str | None:
    """The first day whose exported head is not what the chain says now; None when all agree."""
    for path in sorted(folder().glob("*.json")):
        kept = json.loads(path.read_text(encoding="utf-8"))
        mac = db.session.scalar(select(AuditEntry.mac).where(AuditEntry.seq == kept["seq"]))
        if mac != kept["mac"]:
            return str(kept["day"])
    return None


@job("audit_heads", reads=True)
def audit_heads(_task: Task) -> None:
    """The daily export."""
    export_heads()


schedule("audit_heads", "hour")
