"""The wizard's part 2.4 saved as a browser posts it: 5 steps of 20 activities, through the whole application."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bench.runner import POSTGRESQL, SQLITE, Meter, bench
from bench.serving import client_of

STEPS, ACTIVITIES = 5, 20


@bench("save", on=(SQLITE, POSTGRESQL))
def wizard_save(meter: Meter) -> None:
    """One changed amount among a hundred activities; then every activity changed."""
    from models.core.db import db
    from models.fund.revision import new_line_id
    from models.fund.wizard import save_part
    from tests.factories.fund import activity, make_member, make_organization, make_proposal

    def steps() -> list[dict[str, Any]]:
        return [
            {
                "line_id": new_line_id(),
                "name": f"ขั้นตอนที่ {step + 1} ดำเนินงานร่วมกับโรงเรียนเครือข่าย",
                "activities": [
                    activity(
                        f"กิจกรรมที่ {number + 1} ประชุมเชิงปฏิบัติการและผลิตสื่อ",
                        date(2026, 5, 1) + timedelta(days=number),
                        10,
                        12_500,
                        "ค่าอาหาร ค่าพาหนะ ค่าวิทยากร และค่าวัสดุ ตามรายละเอียดในตารางค่าใช้จ่ายที่แนบ",
                    )
                    for number in range(ACTIVITIES)
                ],
            }
            for step in range(STEPS)
        ]

    with meter.app.app_context():
        author = make_member(make_organization())
        proposal = make_proposal(author=author)
        save_part(proposal, "2.4", {"steps": steps()}, author, proposal.version)
        db.session.commit()
        pk, user_id = proposal.id, author.id
        db.session.remove()

    client = client_of(meter, user_id)
    url = f"/wizard/{pk}/2.4"
    fields, token = _form(client.get(url).text)
    turn = 0

    def save(changed: int) -> None:
        nonlocal turn
        turn += 1
        for name in [name for name in fields if name.endswith("-budget")][:changed]:
            fields[name] = f"{12_000 + turn % 900:,}.00"
        fields["version"] = str(_version(meter, pk))
        answer = client.post(url, data={**fields, "go": "save"}, headers={"X-CSRFToken": token})
        assert answer.status_code in (302, 303), answer.status_code

    meter.repeat(f"{STEPS} x {ACTIVITIES} activities, one amount changed", lambda: save(1), 60)
    meter.repeat(f"{STEPS} x {ACTIVITIES} activities, every amount changed", lambda: save(STEPS * ACTIVITIES), 40)
    meter.repeat(f"{STEPS} x {ACTIVITIES} activities, the page", lambda: client.get(url), 30)


def _form(page: str) -> tuple[dict[str, Any], str]:
    import re

    from tests.views.fund.wizard_pages import fields_of

    fields = fields_of(page)
    token = fields.get("csrf_token") or (re.search(r'name="csrf-token" content="([^"]+)"', page) or [None, ""])[1]
    return fields, str(token)


def _version(meter: Meter, pk: int) -> int:
    """The proposal's version as the page would show it; read apart from what is measured by one tiny query."""
    from sqlalchemy import select

    from models.core.db import db
    from models.fund.proposal import Proposal

    with meter.app.app_context():
        found = db.session.scalar(select(Proposal.version).where(Proposal.id == pk))
        db.session.remove()
    return int(found or 0)
