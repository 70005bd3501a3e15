"""The texts that people read and accept: terms, privacy policy; files with versions (spec: fund.md 2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).parent / "reference" / "texts"
ACCEPTED = ("terms", "privacy")
"""The texts that an account is opened with."""

_FILE = re.compile(r"(?P<name>[a-z]+)-(?P<version>\d+\.\d+)-(?P<lang>th|en)\.md")


@dataclass(frozen=True)
class LegalText:
    """One text in one version and language; `blocks` are ("h2" | "p" | "ul", text or lines) in their order."""

    name: str
    version: str
    lang: str
    title: str
    blocks: tuple[tuple[str, str | tuple[str, ...]], ...]


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


@cache
def current_version(name: str) -> str:
    """The version of a text that holds now: the highest there is in Thai."""
    versions = [
        found["version"]
        for path in TEXTS.iterdir()
        if (found := _FILE.fullmatch(path.name)) and found["name"] == name and found["lang"] == "th"
    ]
    return max(versions, key=_order)


@cache
def legal_text(name: str, lang: str = "th", version: str | None = None) -> LegalText:
    """A text in a language, the Thai one where there is no translation. KeyError when there is no such text."""
    version = version or current_version(name)
    path = TEXTS / f"{name}-{version}-{lang}.md"
    if not path.is_file():
        lang, path = "th", TEXTS / f"{name}-{version}-th.md"
    if not path.is_file():
        raise KeyError(name)
    title, blocks = "", []
    for part in re.split(r"\n{2,}", path.read_text(encoding="utf-8").strip()):
        if part.startswith("# "):
            title = part[2:].strip()
        elif part.startswith("## "):
            blocks.append(("h2", part[3:].strip()))
        elif part.startswith("- "):
            blocks.append(("ul", tuple(line[2:].strip() for line in part.splitlines() if line.startswith("- "))))
        else:
            blocks.append(("p", " ".join(part.split("\n"))))
    return LegalText(name, version, lang, title, tuple(blocks))
