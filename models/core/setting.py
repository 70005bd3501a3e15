"""Values that the office may change: limits, lengths, lists of choices (spec: fund.md 4, "assumed").

A domain declares each with its default and what may stand there; only what differs from the default is stored. As with
the matrix, the version is read along with the user, so that a change holds at each process's next request.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import Integer, String, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.core.db import Audited, Id, Json, Model, StaleVersion, Versioned, db
from models.core.thai.text import clean_line

_VERSION, _VALUES = "settings_version", "settings_values"
CHOICE_LENGTH = 200


class Setting(Versioned, Audited, Model):
    """A setting that was given another value than its default."""

    __tablename__ = "core_setting"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), nullable=False, unique=True)
    value: Mapped[Any] = mapped_column(Json, nullable=False)


class SettingsVersion(Model):
    """Names the present state of the settings; one row, a new number with every change."""

    __tablename__ = "core_settings_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


# --- what may stand in a setting -------------------------------------------------------------------------------------


class WrongSetting(Exception):
    """A value that the setting does not take: a code and its values, and the row of a list (from 0) it concerns."""

    def __init__(self, code: str, row: int | None = None, **values: Any) -> None:
        super().__init__(code)
        self.code, self.row, self.values = code, row, values


class Kind(Protocol):
    """What a setting's value is: `checked` gives the stored form or raises WrongSetting; `read` makes it usable."""

    def checked(self, value: Any, before: Any) -> Any: ...

    def read(self, stored: Any) -> Any: ...


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds."""

    lowest: int
    highest: int

    def checked(self, value: Any, before: Any) -> int:  # noqa: ARG002
        """The number. Raises WrongSetting: not_a_number, out_of_range."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongSetting("not_a_number")
        if not self.lowest <= value <= self.highest:
            raise WrongSetting("out_of_range", lowest=self.lowest, highest=self.highest)
        return value

    def read(self, stored: Any) -> int:
        """The number."""
        return int(stored)


@dataclass(frozen=True)
class Baht:
    """An amount of money within bounds, stored as text."""

    lowest: Decimal
    highest: Decimal

    def checked(self, value: Any, before: Any) -> str:  # noqa: ARG002
        """The amount with two decimals. Raises WrongSetting: not_a_number, out_of_range."""
        if not isinstance(value, Decimal) or not value.is_finite():
            raise WrongSetting("not_a_number")
        if not self.lowest <= value <= self.highest:
            raise WrongSetting("out_of_range", lowest=self.lowest, highest=self.highest)
        return f"{value:.2f}"

    def read(self, stored: Any) -> Decimal:
        """The amount."""
        return Decimal(stored)


@dataclass(frozen=True)
class YesNo:
    """A rule that is in force or not."""

    def checked(self, value: Any, before: Any) -> bool:  # noqa: ARG002
        """Yes or no. Raises WrongSetting: no_such_choice."""
        if not isinstance(value, bool):
            raise WrongSetting("no_such_choice")
        return value

    def read(self, stored: Any) -> bool:
        """Yes or no."""
        return bool(stored)


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from; a retired one stays the name of what was chosen before."""

    code: str
    th: str
    en: str
    is_retired: bool = False
    flags: frozenset[str] = frozenset()

    def name(self, lang: str) -> str:
        """Its name in a language, "th" or "en"."""
        return self.en if lang == "en" else self.th

    def stored(self) -> dict[str, Any]:
        """As it stands in the table."""
        return {
            "code": self.code,
            "th": self.th,
            "en": self.en,
            "retired": self.is_retired,
            "flags": sorted(self.flags),
        }


@dataclass(frozen=True)
class Choices:
    """A list to choose from: entries are added, renamed, moved and retired, never removed, for records name them.

    `flags` are what may be ticked of an entry; those `kept` the program counts on, and they cannot be retired.
    """

    most: int = 60
    flags: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()

    def checked(self, value: Iterable[Choice], before: Sequence[Choice]) -> list[dict[str, Any]]:
        """The entries, new ones with a code of their own; those left out come back retired, at the end.

        Raises WrongSetting: name_needed, too_long, same_name, kept, none_left, too_many.
        """
        known = {choice.code: choice for choice in before}
        found: dict[str, Choice] = {}
        names: set[str] = set()
        for row, given in enumerate(value):
            th, en = clean_line(given.th), clean_line(given.en)
            if not th or not en:
                raise WrongSetting("name_needed", row)
            if max(len(th), len(en)) > CHOICE_LENGTH:
                raise WrongSetting("too_long", row, limit=CHOICE_LENGTH)
            code = given.code if given.code in known and given.code not in found else _new_code({*known, *found})
            if given.is_retired and code in self.kept:
                raise WrongSetting("kept", row, name=th)
            if not given.is_retired:
                if th in names:
                    raise WrongSetting("same_name", row, name=th)
                names.add(th)
            found[code] = Choice(code, th, en, given.is_retired, given.flags & set(self.flags))
        for code, choice in known.items():
            if code not in found:
                if code in self.kept:
                    raise WrongSetting("kept", name=choice.th)
                found[code] = Choice(code, choice.th, choice.en, True, choice.flags)
        if not names:
            raise WrongSetting("none_left")
        if len(found) > self.most:
            raise WrongSetting("too_many", limit=self.most)
        return [choice.stored() for choice in found.values()]

    def read(self, stored: Any) -> tuple[Choice, ...]:
        """The entries in their order, retired ones too."""
        return tuple(
            Choice(row["code"], row["th"], row["en"], bool(row.get("retired")), frozenset(row.get("flags", ())))
            for row in stored
        )


def _new_code(taken: set[str]) -> str:
    while (code := f"k{secrets.token_hex(4)}") in taken:
        pass
    return code


# --- which settings there are ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declared:
    """A setting as a domain declares it; `spec` is where its default comes from."""

    name: str
    default: Any
    kind: Any
    spec: str


_declared: dict[str, Declared] = {}


def declare(name: str, default: Any, kind: Any, spec: str) -> None:
    """Declare a setting, once at import; its words are given by `views.core.setting.name_setting`.

    `default` in the form that `value` gives: int, Decimal, bool, or Choices as tuples (code, th, en[, flags]).
    """
    if isinstance(kind, Choices):
        default = tuple(Choice(code, th, en, False, frozenset(*flags)) for code, th, en, *flags in default)
    _declared[name] = Declared(name, default, kind, spec)


def declared() -> Mapping[str, Declared]:
    """Every setting there is, by name, in the order of declaration."""
    return MappingProxyType(_declared)


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass
class _Kept:
    bind: Any = None
    version: int = -1
    values: Mapping[str, Any] = field(default_factory=dict)


_kept = _Kept()


def know_version(version: int | None) -> None:
    """Take over the version that was read along with the user."""
    info = db.session().info
    if info.get(_VERSION) != (version or 0):
        info.pop(_VALUES, None)
    info[_VERSION] = version or 0


def _values() -> Mapping[str, Any]:
    """What was given another value than its default, by name, ready to use; read once per version and process."""
    session = db.session()
    found: Mapping[str, Any] | None = session.info.get(_VALUES)
    if found is not None:
        return found
    version = session.info.get(_VERSION)
    if version is None:
        version = db.session.scalar(select(SettingsVersion.version)) or 0
        session.info[_VERSION] = version
    bind = str(session.get_bind().engine.url)
    if (bind, version) != (_kept.bind, _kept.version):
        rows = db.session.execute(select(Setting.name, Setting.value)) if version else ()
        values = {name: _declared[name].kind.read(value) for name, value in rows if name in _declared}
        _kept.bind, _kept.version, _kept.values = bind, version, MappingProxyType(values)
    session.info[_VALUES] = _kept.values
    return _kept.values


def value(name: str) -> Any:
    """The value in force: int, Decimal, bool, or a tuple of Choice (retired ones too)."""
    values = _values()
    return values[name] if name in values else _declared[name].default


def choices(name: str) -> dict[str, Choice]:
    """The entries of a list by code, in their order, retired ones too."""
    return {choice.code: choice for choice in value(name)}


def open_choices(name: str) -> tuple[str, ...]:
    """The codes that can be chosen now, in their order."""
    return tuple(choice.code for choice in value(name) if not choice.is_retired)


def choice_name(name: str, code: str, lang: str = "th") -> str:
    """What an entry is called, retired or not; a code that nobody knows stands as it is."""
    found = choices(name).get(code)
    return found.name(lang) if found is not None else code


# --- changing --------------------------------------------------------------------------------------------------------


def stored(name: str) -> Setting | None:
    """The row of a setting that differs from its default."""
    return db.session.scalar(select(Setting).where(Setting.name == name))


def change(name: str, given: Any, version: int) -> None:
    """Give a setting another value and let every process know; the caller commits.

    `version` is the one its page showed, 0 while it had its default. Raises WrongSetting, StaleVersion.
    """
    row = _locked(name, version)
    wanted = _declared[name].kind.checked(given, value(name))
    if row is None:
        db.session.add(Setting(name=name, value=wanted))
    else:
        row.value = wanted
    _next_version()


def reset(name: str, version: int) -> None:
    """Go back to the default; entries that were added to a list stay, retired. Raises StaleVersion."""
    kind = _declared[name].kind
    if isinstance(kind, Choices):
        added = [choice for code, choice in choices(name).items() if code not in _codes(_declared[name].default)]
        if added:
            change(name, _declared[name].default, version)
            return
    row = _locked(name, version)
    if row is not None:
        db.session.delete(row)
        _next_version()


def _codes(entries: Iterable[Choice]) -> set[str]:
    return {choice.code for choice in entries}


def _locked(name: str, version: int) -> Setting | None:
    """The setting's row as its page showed it, while nobody else may change any."""
    db.session.execute(select(SettingsVersion).with_for_update())
    found = stored(name)
    if (found.version if found is not None else 0) != version:
        raise StaleVersion(found or Setting(name=name), version)
    return found


def _next_version() -> None:
    db.session.flush()
    # Drawn, not counted: settings that were read before their transaction rolled back never pass for the next change.
    db.session.execute(update(SettingsVersion).values(version=1 + secrets.randbelow(2**31 - 1)))
    _forget(db.session())


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any = None) -> None:
    session.info.pop(_VERSION, None)
    session.info.pop(_VALUES, None)
