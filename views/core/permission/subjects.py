"""Kinds of records that one can ask about: found by what people call them, named only to those who see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.core.workflow import HasWorkflow
from views.core.log_words import action_label


@dataclass(frozen=True)
class Subject:
    """A kind of record.

    `find` reads a number as people write it and gives the record's id; `view` is the permission by which the asker
    sees its name; `pages` says which argument of which endpoints is the record's id ("ProposalView.": "pk").
    """

    entity: str
    model: Any
    label: Any
    view: str
    find: Callable[[str], int | None]
    name: Callable[[Any], str]
    pages: Mapping[str, str] = field(default_factory=dict)

    @property
    def moves(self) -> dict[str, Any]:
        """The moves of its workflow; empty where it has none."""
        return dict(self.model.moves) if issubclass(self.model, HasWorkflow) else {}

    def key_in(self, endpoint: str, arguments: Mapping[str, Any]) -> int | None:
        """The record's id in the arguments of an address; None where the page is not about such a record."""
        for start, argument in self.pages.items():
            if endpoint.startswith(start) and isinstance(arguments.get(argument), int):
                return int(arguments[argument])
        return None


_subjects: dict[str, Subject] = {}


def register_subject(subject: Subject) -> None:
    """Let people ask about records of this kind."""
    _subjects[subject.entity] = subject


def subjects() -> list[Subject]:
    """Every kind of record that one can ask about."""
    return list(_subjects.values())


# Scope type -> the names of scopes by id, those that the reader may know.
ScopeNames = Callable[[set[int]], Mapping[int, str]]
_scopes: dict[str, ScopeNames] = {}


def name_scopes(scope_type: str, names: ScopeNames) -> None:
    """Let a domain say what the scopes of its grants are called."""
    _scopes[scope_type] = names


def scope_names(grants: Iterable[Any]) -> dict[tuple[str, int], str]:
    """The names of the scopes of some grants, by type and id; one query per type."""
    wanted: dict[str, set[int]] = {}
    for one in grants:
        if one.scope_id is not None and one.scope_type in _scopes:
            wanted.setdefault(one.scope_type, set()).add(one.scope_id)
    return {(kind, key): name for kind, ids in wanted.items() for key, name in _scopes[kind](ids).items()}


def moves_of(permission: str) -> list[str]:
    """What a permission lets one do with records, in words."""
    return [
        action_label(f"{subject.entity}.{name}")
        for subject in _subjects.values()
        for name, row in subject.moves.items()
        if row.permission == permission
    ]
