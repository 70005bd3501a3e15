"""What a console's view shows: an allow list of columns, each with its words; a secret never gets onto one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect

SECRET = re.compile(r"password|passwd|token|secret|hash|digest|salt|^mac$|sha256|(^|_)key$|citizen|params|payload|told")
"""Names of columns that no view of the console may show, sort by, search or change."""


class SecretColumn(ValueError):
    """A view names a column that holds a secret; a mistake of the view's writer, told at the start."""


@dataclass
class Seen:
    """What the lines of one page have in common: people's names by id, and whatever else a view reads at once."""

    names: Mapping[int, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """One column of a view: its attribute, its heading, and how a person reads it.

    `shown(record, seen)` says it in words; `person` means that it holds an account's id; `kind` is the spreadsheet's.
    """

    name: str
    label: Any
    shown: Callable[[Any, Seen], Any] | None = None
    sortable: bool = False
    person: bool = False
    choices: Mapping[str, Any] | None = None
    kind: str = "text"
    note: Callable[[Any, Seen], Any] | None = None
    """A second line in smaller type."""
    chips: Mapping[str, str] | Callable[[Any], str] | None = None
    """Value -> kind of chip, or a function from the record to it."""
    rows: int = 1
    """Lines of the field where it is changed in the list."""
    is_wide: bool = False

    def value(self, record: Any, seen: Seen) -> Any:
        """What stands in the list and in an export."""
        if self.shown is not None:
            return self.shown(record, seen)
        found = getattr(record, self.name)
        if self.person:
            return seen.names.get(found, "") if found is not None else ""
        if self.choices is not None:
            return str(self.choices.get(found, found))
        return found


@dataclass(frozen=True)
class Filter:
    """A choice above the list. `options` are value -> words, or a function that gives them; `where` the condition."""

    name: str
    label: Any
    options: Mapping[str, Any] | Callable[[], Mapping[str, Any]]
    where: Callable[[str], Any] | None = None

    def choices(self) -> dict[str, str]:
        """Value -> words in the reader's language."""
        found = self.options() if callable(self.options) else self.options
        return {value: str(words) for value, words in found.items()}


@dataclass(frozen=True)
class Deed:
    """Something done with one record or several ticked ones: a method of the view, `do_<name>(record)`."""

    name: str
    label: Any
    icon_name: str
    done: Any
    confirm: Any = ""
    is_danger: bool = False


def forbid_secrets(model: Any, names: Iterable[str]) -> None:
    """Raises SecretColumn where one of the columns holds a secret, by its name or by what its table says of it."""
    attributes = inspect(model).column_attrs
    for name in names:
        column = attributes[name].columns[0] if name in attributes else None
        if column is None:
            continue
        if SECRET.search(name) or SECRET.search(column.name) or column.info.get("audit") in ("secret", "citizen"):
            raise SecretColumn(f"{model.__name__}.{name} is not for the console")
