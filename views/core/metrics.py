"""Figures for Prometheus: requests as they come, queues as they stand when they are asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess, values
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import func, select

from models.core import backup, job, outbox
from models.core.db import db, now

_SHARED = "PROMETHEUS_MULTIPROC_DIR"

_own = CollectorRegistry()
_requests = Counter("sala_requests", "Requests answered", ["method", "endpoint", "status"], registry=_own)
_seconds = Histogram(
    "sala_request_seconds",
    "Time to answer, in seconds",
    ["endpoint"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)


def share(folder: Path) -> None:
    """Let the processes forked from here on keep their counts in files of this folder, so that any can give all."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[_SHARED] = str(folder)
    # The library looks at the variable when it is imported, which was long ago; no count has been made yet.
    values.ValueClass = values.get_value_class()


def forget_process(pid: int) -> None:
    """A process that shared its counts is gone."""
    multiprocess.mark_process_dead(pid)


def note_request(method: str, endpoint: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    _requests.labels(method, endpoint, f"{status // 100}xx").inc()
    _seconds.labels(endpoint).observe(seconds)


class _Queues:
    """How many messages and jobs wait or failed, and how long the oldest waits; one query each."""

    def collect(self) -> Iterator[Any]:
        """The gauges as they stand now."""
        for name, model, made in (
            ("messages", outbox.Message, outbox.Message.made_at),
            ("jobs", job.Job, job.Job.made_at),
        ):
            gauge = GaugeMetricFamily(f"sala_{name}", f"{name.capitalize()} by state", labels=["state"])
            oldest = GaugeMetricFamily(f"sala_{name}_oldest_waiting_seconds", f"Age of the oldest waiting of {name}")
            age = 0.0
            states = ("waiting", "running", "failed")
            rows = db.session.execute(
                select(model.state, func.count(), func.min(made)).where(model.state.in_(states)).group_by(model.state)
            )
            for state, count, first in rows:
                gauge.add_metric([state], count)
                if state == "waiting":
                    age = (now() - first).total_seconds()
            oldest.add_metric([], age)
            yield gauge
            yield oldest
        if (last := backup.last_good()) is not None:
            about = "Age of the last backup that lacked nothing"
            yield GaugeMetricFamily("sala_backup_age_seconds", about, value=(now() - last).total_seconds())


def page() -> bytes:
    """The figures in Prometheus' text form."""
    registry = CollectorRegistry()
    registry.register(_Queues())
    if os.environ.get(_SHARED):
        multiprocess.MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(_own) + generate_latest(registry)
