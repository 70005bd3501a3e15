"""The core: the audit chain, the outbox, the limits."""

from __future__ import annotations

from bench.runner import Meter, bench


@bench("audit")
def audit_chain(meter: Meter) -> None:
    """Commits with one entry each, then a walk of the chain."""
    from models.core import audit
    from models.core.db import db

    def commit() -> None:
        audit.note("bench", entity="bench", entity_id=1, value="x" * 100)
        db.session.commit()

    with meter.app.app_context():
        meter.repeat("a commit with one entry", commit, 500)
        with meter.once("verify the chain", 500):
            assert audit.verify() is None


@bench("outbox")
def outbox(meter: Meter) -> None:
    """Messages put on their way, as bulk work does it."""
    from models.core.db import db
    from models.core.outbox import post

    with meter.app.app_context(), meter.once("post messages in one transaction", 2000):
        for number in range(2000):
            post(f"a{number}@x.example", "bench")
        db.session.commit()


@bench("limits")
def limits(meter: Meter) -> None:
    """Counting a try in the table."""
    from services.throttle import SIGN_IN, allow

    with meter.app.app_context():
        meter.repeat("count one try", lambda: allow(SIGN_IN, "a@x.example", "203.0.113.1"), 300)
