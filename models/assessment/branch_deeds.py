"""A branch added, changed, retired and brought back by hand; a field or programme type renamed (spec: assessment.md 3).

What holds for a file holds here: a code has one name in its curriculum, and a field stands under one programme type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from models.assessment.catalogue import Branch, Line, faults_of, longest
from models.assessment.importing import EDIT, take_turn
from models.assessment.reference.catalogue import COLUMNS
from models.core import audit
from models.core.db import db
from models.core.entity.values import WrongValue, WrongValues
from models.core.matrix import kinds_of
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

PROGRAMME, FIELD = "programme", "field"
GROUPS = (PROGRAMME, FIELD)
"""What stands above a branch and is renamed for all of its branches at once."""


class BadBranch(BadValue):
    """Values that a branch cannot have beside the others of its curriculum.

    Codes: twice (name) of a branch's code, retired (name) where that branch was retired, another_name (known, name),
    elsewhere (known, name: the programme type that the field stands under).
    """


def add_branch(by: Account, curriculum: str, content: Mapping[str, str]) -> Branch:
    """Add a branch behind the others of its field; the caller commits. Raises Refused, WrongValues."""
    _may(by)
    take_turn(curriculum)
    known = _branches(curriculum)
    line = _judged(known, content)
    made = Branch(curriculum=curriculum, position=_make_room(curriculum, known, line))
    _say(made, line)
    db.session.add(made)
    db.session.flush()
    return made


def change_branch(by: Account, branch: Branch, version: int | str | None, content: Mapping[str, str]) -> None:
    """Change a branch's code, name, or what it stands under; the caller commits.

    Raises Refused, StaleVersion, WrongValues.
    """
    _taken(by, branch, version)
    known = _branches(branch.curriculum)
    line = _judged([one for one in known if one.id != branch.id], content)
    if line.field_code != branch.field_code:
        branch.position = _make_room(branch.curriculum, [one for one in known if one.id != branch.id], line)
    _say(branch, line)
    db.session.flush()


def retire(by: Account, branch: Branch, version: int | str | None) -> None:
    """Take a branch out of what can be chosen; what was registered of it stays. The caller commits.

    Raises Refused (is_retired), StaleVersion.
    """
    _taken(by, branch, version)
    if branch.is_retired:
        raise Refused(Refusal("is_retired"))
    branch.is_retired = True
    db.session.flush()


def bring_back(by: Account, branch: Branch, version: int | str | None) -> None:
    """Let a retired branch be chosen again; the caller commits.

    Raises Refused (is_not_retired), StaleVersion, and WrongValues where the names above it are others by now.
    """
    _taken(by, branch, version)
    if not branch.is_retired:
        raise Refused(Refusal("is_not_retired"))
    others = [one for one in _branches(branch.curriculum) if one.id != branch.id]
    _judged(others, {column: getattr(branch, column) for column in COLUMNS})
    branch.is_retired = False
    db.session.flush()


def rename_group(by: Account, curriculum: str, group: str, code: str, *, was: str, name: str) -> int:
    """Rename a programme type or a field for all its branches, the retired ones too; how many. The caller commits.

    `was` is the name that the page showed. Raises Refused (no_such_group, renamed_meanwhile with name), WrongValues.
    """
    _may(by)
    take_turn(curriculum)
    name = clean_line(name)
    if not name:
        raise WrongValues({"name": WrongValue("needed")})
    if len(name) > longest(group):
        raise WrongValues({"name": WrongValue("too_long", length=len(name), limit=longest(group))})
    rows = [one for one in _branches(curriculum) if getattr(one, f"{group}_code") == code]
    if not rows:
        raise Refused(Refusal("no_such_group"))
    now = next((getattr(one, group) for one in rows if not one.is_retired), getattr(rows[0], group))
    if now != was:
        raise Refused(Refusal("renamed_meanwhile", name=now))
    for one in rows:
        setattr(one, group, name)
        one.place()
    db.session.flush()
    if now != name:
        audit.note(
            "assessment_branch.rename", entity="assessment_branch", curriculum=curriculum, code=code, name=[now, name]
        )
    return len(rows)


def _may(by: Account) -> None:
    if not kinds_of(by, EDIT):
        raise Refused(Refusal("not_permitted", permission=EDIT))


def _taken(by: Account, branch: Branch, version: int | str | None) -> None:
    """The branch, locked, at the version that the page showed."""
    _may(by)
    take_turn(branch.curriculum)
    db.session.refresh(branch, with_for_update=True)
    branch.take_version(version)


def _branches(curriculum: str) -> list[Branch]:
    """A curriculum's branches as they stand now: what the page read before its turn came may be older."""
    rows = select(Branch).where(Branch.curriculum == curriculum).order_by(Branch.position, Branch.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def _judged(others: Sequence[Branch], content: Mapping[str, str]) -> Line:
    """What was typed as a line that goes with the others of its curriculum. Raises WrongValues."""
    line = _completed(others, {column: clean_line(content.get(column) or "") for column in COLUMNS})
    by_place = {place: one for place, one in enumerate(others) if not one.is_retired}
    lines = [Line(place, *(getattr(one, column) for column in COLUMNS)) for place, one in by_place.items()]
    wrong: dict[str, BadValue] = {}
    for fault in faults_of([*lines, line]):
        if fault.row != line.row:
            continue
        other = by_place.get(fault.other) if fault.other is not None else None
        wrong.setdefault(fault.column, _wrong(fault.column, fault.code, line, other))
    # Its number is the catalogue's for good: a retired branch keeps its code.
    if "branch_code" not in wrong and (gone := next((o for o in others if _is_called(o, line)), None)) is not None:
        wrong["branch_code"] = BadBranch("retired", name=gone.branch)
    if wrong:
        raise WrongValues(wrong)
    return line


def _completed(others: Sequence[Branch], typed: dict[str, str]) -> Line:
    """What was typed as a line; a known field brings its programme type along, a known code its name."""
    in_use = [one for one in others if not one.is_retired]
    field = next((one for one in in_use if one.field_code == typed["field_code"]), None)
    if field is not None:
        typed["programme_code"] = typed["programme_code"] or field.programme_code
        typed["field"] = typed["field"] or field.field
    programme = next((one for one in in_use if one.programme_code == typed["programme_code"]), None)
    if programme is not None:
        typed["programme"] = typed["programme"] or programme.programme
    return Line(-1, *(typed[column] for column in COLUMNS))


def _is_called(one: Branch, line: Line) -> bool:
    return one.is_retired and one.branch_code == line.branch_code


def _wrong(column: str, code: str, line: Line, other: Branch | None) -> BadValue:
    if code == "missing":
        return WrongValue("needed")
    if code == "too_long" or other is None:
        return WrongValue("too_long", length=len(getattr(line, column)), limit=longest(column))
    if code == "twice":
        return BadBranch("twice", name=other.branch)
    if code == "another_name":
        return BadBranch("another_name", known=getattr(line, f"{column}_code"), name=getattr(other, column))
    return BadBranch("elsewhere", known=line.field_code, name=other.programme)


def _make_room(curriculum: str, others: Sequence[Branch], line: Line) -> int:
    """The place behind the last branch of the field, else of the programme type, else of all; those after move down."""
    for code in ("field_code", "programme_code"):
        places = [one.position for one in others if getattr(one, code) == getattr(line, code)]
        if places:
            place = max(places) + 1
            db.session.execute(
                update(Branch)
                .where(Branch.curriculum == curriculum, Branch.position >= place)
                .values(position=Branch.position + 1)
            )
            return place
    return max((one.position for one in others), default=-1) + 1


def _say(branch: Branch, line: Line) -> None:
    for column in COLUMNS:
        setattr(branch, column, getattr(line, column))
    branch.place()
