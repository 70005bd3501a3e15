"""Several people at once, on connections of their own with real commits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from models.core.db import StaleVersion, db
from models.core.entity.values import WrongValues
from models.core.workflow import Refused


def at_once(app: Flask, deeds: list[Callable[[], Any]]) -> list[str]:
    """Run the deeds in threads, started together; what became of each: done, the refusal's code, stale or wrong."""
    start = threading.Barrier(len(deeds))
    outcomes = [""] * len(deeds)

    def run(index: int) -> None:
        with app.app_context():
            start.wait()
            try:
                deeds[index]()
                db.session.commit()
                outcomes[index] = "done"
            except (Refused, StaleVersion) as reason:
                db.session.rollback()
                outcomes[index] = reason.refusal.code if isinstance(reason, Refused) else "stale"
            except WrongValues:
                db.session.rollback()
                outcomes[index] = "wrong"
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
