"""Kinds that the office names for the proposal form: of disability, participation and documents (spec: fund.md 4).

Each is a setting. What can be chosen now is offered to everybody; a retired kind stays on the proposals that have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.core import setting
from models.fund.codes import AMOUNT_KINDS, CONTRIBUTION, LINE_KINDS
from models.fund.settings import (
    FOR_ALL,
    FOR_RESEARCH,
    HAS_AMOUNT,
    KINDS_OF_CONTRIBUTION,
    KINDS_OF_DISABILITY,
    KINDS_OF_DOCUMENT,
)

if TYPE_CHECKING:
    from models.fund.revision import Revision

OTHER_DOCUMENT = "other"  # the kind whose documents the applicant names


def _shown(name: str, used: set[str]) -> tuple[str, ...]:
    """The codes of a list that can be chosen now or are used, in the list's order."""
    return tuple(choice.code for choice in setting.value(name) if not choice.is_retired or choice.code in used)


def disability_kinds(*revisions: Revision) -> tuple[str, ...]:
    """The kinds of disability to offer beside what the revisions have."""
    return _shown(KINDS_OF_DISABILITY, {row.kind for one in revisions for row in one.disability_rows})


def contribution_kinds(*revisions: Revision) -> tuple[str, ...]:
    """The kinds of participation (part 3) to offer beside what the revisions have."""
    lines = [line.kind for one in revisions for line in one.lines]
    used = {kind.removeprefix(CONTRIBUTION) for kind in lines if is_contribution(kind)}
    return _shown(KINDS_OF_CONTRIBUTION, used)


def document_kinds(*revisions: Revision) -> tuple[str, ...]:
    """The kinds of document (part 4) to offer beside what the revisions have."""
    return _shown(KINDS_OF_DOCUMENT, {row.kind for one in revisions for row in one.attachments})


def line_kinds(part: str, *revisions: Revision) -> tuple[str, ...]:
    """The lists of rows of a part in the order of the form; without a revision, of every kind that ever was."""
    if part != "3":
        return LINE_KINDS.get(part, ())
    kinds = contribution_kinds(*revisions) if revisions else tuple(setting.choices(KINDS_OF_CONTRIBUTION))
    return tuple(f"{CONTRIBUTION}{kind}" for kind in kinds)


def has_amount(line_kind: str) -> bool:
    """Whether the rows of a list carry an amount of money."""
    if not is_contribution(line_kind):
        return line_kind in AMOUNT_KINDS
    choice = setting.choices(KINDS_OF_CONTRIBUTION).get(line_kind.removeprefix(CONTRIBUTION))
    return choice is not None and HAS_AMOUNT in choice.flags


def wanted_documents(is_research: bool) -> list[str]:
    """The kinds of document without which a proposal is incomplete."""
    flags = {FOR_ALL, FOR_RESEARCH} if is_research else {FOR_ALL}
    return [c.code for c in setting.value(KINDS_OF_DOCUMENT) if not c.is_retired and c.flags & flags]


def disability_name(code: str, lang: str = "th") -> str:
    """What a kind of disability is called."""
    return setting.choice_name(KINDS_OF_DISABILITY, code, lang)


def contribution_name(code: str, lang: str = "th") -> str:
    """What a kind of participation is called."""
    return setting.choice_name(KINDS_OF_CONTRIBUTION, code.removeprefix(CONTRIBUTION), lang)


def document_name(code: str, lang: str = "th") -> str:
    """What a kind of document is called."""
    return setting.choice_name(KINDS_OF_DOCUMENT, code, lang)


def is_contribution(line_kind: str) -> bool:
    """Whether a list of rows is one of part 3."""
    return line_kind.startswith(CONTRIBUTION)
