"""What our sources and the libraries under them say, and what of it each catalogue says in its language.

Ours is collected into babel/translations; what a library says by itself (none ships Thai) is translated in
babel/libraries, a catalogue per library, which `views.core.languages` puts under ours at start.
"""

from __future__ import annotations

import gettext
import importlib.util
import io
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message, TranslationError
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[3]
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "lazy_gettext", "_l")),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
    "pgettext": ((1, "c"), 2),
}
# As Flask-Admin's templates call them; what Flask-WTF raises without translating it, which `forms.core.base` does.
LIBRARY_KEYWORDS: dict[str, Any] = KEYWORDS | {"_gettext": None, "_ngettext": (1, 2)}
RAISED: dict[str, Any] = LIBRARY_KEYWORDS | {"ValidationError": None}

Key = tuple[str, str]  # msgid (a plural's first form) and context


@dataclass(frozen=True)
class Source:
    """Who says strings, our folders or an installed package, and the name of the catalogue that translates them."""

    name: str
    catalogue: str
    folders: tuple[str, ...] = ()
    package: str = ""
    keywords: Mapping[str, Any] = field(default_factory=lambda: KEYWORDS)

    @property
    def is_ours(self) -> bool:
        """Whether the strings are in our own sources."""
        return not self.package

    def paths(self) -> list[Path]:
        """The folders to read; a package is found without importing it."""
        if self.is_ours:
            return [ROOT / folder for folder in self.folders]
        found = importlib.util.find_spec(self.package)
        if found is None or found.origin is None:
            raise ModuleNotFoundError(self.package)
        return [Path(found.origin).parent]

    def path(self, language: str) -> Path:
        """Where its catalogue of the language is."""
        tree = "translations" if self.is_ours else "libraries"
        return ROOT / "babel" / tree / language / "LC_MESSAGES" / f"{self.catalogue}.po"

    def said(self) -> Catalog:
        """Every string that it means to be translated, in order."""
        with (ROOT / "babel" / "babel.cfg").open(encoding="utf-8") as file:
            methods, options = parse_mapping_cfg(file)[:2]
        if not self.is_ours:
            methods = [(pattern, method) for pattern, method in methods if not pattern.endswith(".txt")]
        found: dict[Key, str | tuple[str, ...]] = {}
        for path in self.paths():
            for _path, _line, text, _comments, context in extract_from_dir(
                str(path), methods, options, keywords=self.keywords
            ):
                msgid = text if isinstance(text, str) else tuple(text)
                if msgid and (isinstance(msgid, tuple) or _key(msgid, context) not in found):
                    found[_key(msgid, context)] = msgid
        catalog = Catalog(fuzzy=False)
        for key in sorted(found):
            catalog.add(found[key], context=key[1] or None)
        return catalog


OURS = Source("Sala", "messages", folders=("views", "forms", "reports", "jobs", "services", "templates"))
SOURCES = (
    OURS,
    Source("Flask-AppBuilder", "fab", package="flask_appbuilder", keywords=LIBRARY_KEYWORDS),
    Source("Flask-Admin", "admin", package="flask_admin", keywords=LIBRARY_KEYWORDS),
    Source("WTForms", "wtforms", package="wtforms", keywords=LIBRARY_KEYWORDS),
    Source("Flask-WTF", "flask_wtf", package="flask_wtf", keywords=RAISED),
)


@dataclass(frozen=True)
class Shortfall:
    """Of the strings that are said: how many there are, and which a catalogue does not say, or not surely.

    `broken` ones have other %(holes)s than the string; `stale` ones are not compiled as they are written.
    """

    total: int
    missing: list[str]
    fuzzy: list[str]
    broken: list[str]
    stale: list[str]

    def __bool__(self) -> bool:
        return bool(self.named())

    def named(self) -> list[str]:
        """All of them."""
        return [*self.missing, *self.fuzzy, *self.broken, *self.stale]


def languages() -> list[str]:
    """The languages that have a catalogue."""
    catalogues = (ROOT / "babel" / "translations").glob("*/LC_MESSAGES/messages.po")
    return sorted(path.parent.parent.name for path in catalogues)


def shortfall(source: Source, language: str, said: Catalog | None = None) -> Shortfall:
    """What the catalogue of the source lacks in the language; English needs its own words there, too."""
    catalog = read(source, language)
    compiled = _compiled(source, language)
    found: dict[str, list[str]] = {"missing": [], "fuzzy": [], "broken": [], "stale": []}
    messages = list(_messages(said or source.said()))
    for wanted in messages:
        msgid = _first(wanted.id)
        message = catalog.get(msgid, wanted.context)
        if message is None or not all(_forms(message)):
            found["missing"].append(msgid)
        elif message.fuzzy:
            found["fuzzy"].append(msgid)
        elif _is_broken(message, catalog):
            found["broken"].append(msgid)
        elif compiled.get(_key(message.id, message.context)) != _forms(message)[0]:
            found["stale"].append(msgid)
    return Shortfall(len(messages), **found)


def read(source: Source, language: str) -> Catalog:
    """The catalogue of the source in the language; an empty one where there is none yet."""
    path = source.path(language)
    if not path.exists():
        about = f"# What {source.name} says, for those who read it in Sala."
        return Catalog(locale=language, project="Sala", header_comment=about, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def collect(source: Source, language: str, said: Catalog) -> None:
    """Put what is said into the source's catalogue, drop what nobody says any more, compile; twice is as once."""
    catalog = read(source, language)
    # A copy: a new string's object would become part of every language's catalogue.
    catalog.update(deepcopy(said), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    if language == "en":
        for message in _messages(catalog):
            if message.fuzzy or not all(_forms(message)):
                message.string = message.id
                message.flags.discard("fuzzy")
    path = source.path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    written, compiled = io.BytesIO(), io.BytesIO()
    write_po(written, catalog, width=0, ignore_obsolete=True, include_lineno=False)
    write_mo(compiled, catalog)
    path.write_bytes(written.getvalue())
    path.with_suffix(".mo").write_bytes(compiled.getvalue())


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _first(msgid: Any) -> str:
    return str(msgid[0]) if isinstance(msgid, (tuple, list)) else str(msgid)


def _key(msgid: Any, context: str | None) -> Key:
    return _first(msgid), context or ""


def _forms(message: Message) -> list[str]:
    given = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return [form or "" for form in given]


def _is_broken(message: Message, catalog: Catalog) -> bool:
    return any(isinstance(error, TranslationError) for error in message.check(catalog))


def _compiled(source: Source, language: str) -> dict[Key, str]:
    path = source.path(language).with_suffix(".mo")
    if not path.exists():
        return {}
    with path.open("rb") as file:
        known = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    plain: dict[Key, str] = {}
    for msgid, text in known.items():
        words, form = msgid if isinstance(msgid, tuple) else (msgid, 0)
        context, _sign, words = words.rpartition("\x04")
        if form == 0:
            plain[words, context] = text
    return plain
