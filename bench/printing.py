"""The PDF of a proposal as long as the longest real ones, and of the scoring form."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

from bench.runner import Meter, bench

TIMES = 7


@bench("pdf")
def proposal_pdf(meter: Meter) -> None:
    """The first one of a process (fonts and dictionary are read), then further ones."""
    from models.core.db import db
    from models.fund.codes import State
    from tests.factories.believable import make_believable_proposal

    with meter.app.app_context():
        proposal = make_believable_proposal(State.WAIT_GROUP)
        db.session.commit()
        revision_id = proposal.submitted_revision_id
        db.session.remove()
        _print(meter, "proposal", revision_id)


def _print(meter: Meter, what: str, revision_id: Any) -> None:
    from pypdf import PdfReader

    from models.core.db import db
    from reports.fund.proposal import proposal_paper
    from views.fund.wizard.loading import load_revision

    spans = []
    for _ in range(TIMES):
        db.session.remove()
        begun = time.perf_counter()
        paper = proposal_paper(load_revision(revision_id))
        spans.append((time.perf_counter() - begun) * 1000)
    pages = len(PdfReader(BytesIO(paper)).pages)
    cold, warm = spans[0], min(spans[1:])
    meter.say(
        f"{what}, {pages} pages, {len(paper) // 1024} KiB",
        f"{cold:9.0f} ms cold {warm:9.0f} ms warm (best of {TIMES - 1}) {warm / pages:7.1f} ms a page",
    )
