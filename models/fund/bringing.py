"""A new proposal from an earlier one (นำข้อมูลจากโครงการเดิมมาใช้): what is copied, and what is not (spec: fund.md 4).

A copy is a draft of its own: its rows have identities of their own, no number, no results. Files are not copied but
named again: their content never changes, and who may read one asks every row that names it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select

from models.core import audit
from models.core.db import db, now
from models.core.matrix import allows
from models.core.workflow import Refusal, Refused
from models.fund.codes import PART_FIELDS, PARTS, State
from models.fund.kinds import line_kinds
from models.fund.membership import membership_of
from models.fund.proposal import Proposal, create_proposal
from models.fund.revision import Activity, Attachment, Disability, Line, Step

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.revision import Revision

ACHIEVEMENTS = "achievements"  # of part 1, chosen by itself: last year's are seldom this year's
CHOICES = ("1", ACHIEVEMENTS, *PARTS[1:])
MOST_YEARS = 10


def sources(user: Account) -> Select[Any]:
    """The proposals that `user` may begin another from: those they may write, of the organization they belong to."""
    membership = membership_of(user)
    organization_id = membership.organization_id if membership is not None else None
    return Proposal.visible_to(user, "proposal.edit").where(Proposal.organization_id == organization_id)


def bring_forward(source: Proposal, by: Account, parts: Collection[str], *, years: int = 0) -> Proposal:
    """A new draft of `by` with the chosen parts of the latest revision of `source`; the caller commits.

    `parts` are among CHOICES; dates move `years` on (0 to MOST_YEARS). Where part 1 is brought from a proposal that the
    fund decided, its answers on earlier support speak of that one.
    Raises Refused: not_permitted, not_a_member, nothing_chosen.
    """
    if unknown := set(parts) - set(CHOICES):
        raise ValueError(f"The form has no part {sorted(unknown)}.")
    if not 0 <= years <= MOST_YEARS:
        raise ValueError(f"Dates move 0 to {MOST_YEARS} years on.")
    if not parts:
        raise Refused(Refusal("nothing_chosen"))
    if not allows(by, "proposal.create"):
        raise Refused(Refusal("not_permitted", permission="proposal.create"))
    if db.session.scalar(sources(by).where(Proposal.id == source.id)) is None:
        raise Refused(Refusal("not_permitted", permission="proposal.edit"))
    earlier = source.current_revision
    proposal = create_proposal(by, source.organization)
    proposal.origin_id, proposal.origin_revision = source.id, earlier.number
    draft = proposal.current_revision
    for choice in CHOICES:
        if choice in parts:
            _copy(earlier, draft, choice)
    if "1" in parts:
        _tell_of(source, draft)
    if years:
        _move_on(draft, years)
    db.session.flush()
    draft.compute_totals()
    # From here on it is no empty draft: a second one is another.
    proposal.saved_at = draft.saved_at = now()
    proposal.show_content(draft)
    db.session.flush()
    audit.note("fund_proposal.bring_forward", proposal, source=source.id, parts=[c for c in CHOICES if c in parts])
    return proposal


def _copy(earlier: Revision, draft: Revision, choice: str) -> None:
    if choice == ACHIEVEMENTS:
        draft.achievements = earlier.achievements
        return
    for field in PART_FIELDS[choice]:
        if field not in (ACHIEVEMENTS, "disabilities"):
            setattr(draft, field, getattr(earlier, field))
    for kind in line_kinds(choice, earlier):
        for line in earlier.lines_of(kind):
            draft.lines.append(
                Line(kind=kind, position=line.position, text=line.text, detail=line.detail, amount=line.amount)
            )
    if choice == "2.1":
        draft.disability_rows = [Disability(kind=kind) for kind in earlier.disabilities]
    if choice == "2.4":
        _copy_steps(earlier, draft)
    if choice == "4":
        for row in earlier.attachments:
            draft.attachments.append(
                Attachment(kind=row.kind, kind_name=row.kind_name, position=row.position, file_id=row.file_id)
            )


def _copy_steps(earlier: Revision, draft: Revision) -> None:
    for step in earlier.steps:
        copy = Step(position=step.position, name=step.name)
        draft.steps.append(copy)
        copy.activities = [
            Activity(
                revision=draft,
                position=activity.position,
                name=activity.name,
                detail=activity.detail,
                starts_on=activity.starts_on,
                ends_on=activity.ends_on,
                budget=activity.budget,
            )
            for activity in step.activities
        ]


def _tell_of(source: Proposal, draft: Revision) -> None:
    """Let part 1 speak of the earlier proposal: it was asked for, and perhaps supported."""
    if not source.was_submitted:
        return
    draft.asked_before = True
    draft.times_asked = min((draft.times_asked or 0) + 1, 1000)
    if source.state == State.APPROVED:
        draft.last_supported_year, draft.last_project = source.fiscal_year, source.title


def _move_on(draft: Revision, years: int) -> None:
    activities = [activity for step in draft.steps for activity in step.activities]
    rows: list[Any] = [draft, *activities]
    for dated in rows:
        dated.starts_on, dated.ends_on = later(dated.starts_on, years), later(dated.ends_on, years)


def later(day: date | None, years: int) -> date | None:
    """The same day some years on; 29 February becomes the 28th where there is none."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
