"""What is said in the sources, and what of it each catalogue says in its language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
SOURCES = ("views", "forms", "reports", "jobs", "services", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


@dataclass(frozen=True)
class Shortfall:
    """Of the strings in the sources: how many there are, which have no translation, which one is doubtful."""

    total: int
    missing: list[str]
    fuzzy: list[str]


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(
        path.parent.parent.name for path in (ROOT / "babel" / "translations").glob("*/LC_MESSAGES/messages.po")
    )


def said_in_sources() -> set[str]:
    """Every string of the sources that is meant to be translated (a plural by its first form)."""
    with (ROOT / "babel" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)[:2]
    said = set()
    for folder in SOURCES:
        found = extract_from_dir(str(ROOT / folder), methods, options, keywords=KEYWORDS)
        for _path, _line, message, _comments, _context in found:
            said.add(message[0] if isinstance(message, tuple) else message)
    return said - {""}


def shortfall(language: str) -> Shortfall:
    """What the language's catalogue does not say yet. English says a string by itself."""
    path = ROOT / "babel" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    said = said_in_sources()
    done, fuzzy = set(), []
    for message in catalog:
        msgid = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        if not msgid:
            continue
        texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        if message.fuzzy:
            fuzzy.append(msgid)
        elif all(texts):
            done.add(msgid)
    missing = [] if language == "en" else sorted(said - done - set(fuzzy))
    return Shortfall(len(said), missing, sorted(fuzzy))
