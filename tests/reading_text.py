"""What a reader sees or hears on a page: its texts and the attributes that are read out, found without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

READ_OUT = {"placeholder", "title", "aria-label", "aria-description", "aria-roledescription", "alt", "label"}
SILENT = {"script", "style"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}
# Words that stand in these belong to the text around them; anything else parts one text from the next.
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "mark",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
}
BETWEEN_WORDS = {"\u200b", "\u2060", "\xad"}


class PageTexts(HTMLParser):
    """Feed it a page; `texts` are those in the page's own language, `others` those that an element calls another's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = ""
        self.texts: list[str] = []
        self.others: list[str] = []
        self._open: list[tuple[str, str]] = []  # tag, language
        self._words: list[str] = []
        self._json = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element says by itself."""
        given = {name: value or "" for name, value in attrs}
        above = self._open[-1][1] if self._open else ""
        lang = given.get("lang", above)
        if tag == "html":
            self.lang = lang
        if tag not in INLINE or lang != above:
            self._end_text()
        self._json = tag if given.get("type") == "application/json" else ""
        for name, value in given.items():
            is_button = tag == "input" and given.get("type") in ("submit", "button", "reset")
            if name in READ_OUT or (name == "value" and is_button):
                self._say(value, lang)
            elif name.startswith("data-"):
                for said in _said_by_data(value):
                    self._say(said, lang)
        if tag not in VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        """Close it, and what was left open inside."""
        if tag not in INLINE:
            self._end_text()
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                if self._open[place][1] != (self._open[place - 1][1] if place else ""):
                    self._end_text()
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """A text, unless nobody reads it; data for scripts are read as far as they hold sentences."""
        tag = self._open[-1][0] if self._open else ""
        if tag == self._json == "script":
            for said in _said_by_data(data):
                self._say(said, self._open[-1][1])
        elif tag not in SILENT:
            self._words.append(data)

    def close(self) -> None:
        """No more comes."""
        super().close()
        self._end_text()

    def _end_text(self) -> None:
        if self._words:
            said, self._words = "".join(self._words), []
            self._say(said, self._open[-1][1] if self._open else self.lang)

    def _say(self, text: str, lang: str) -> None:
        for sign in BETWEEN_WORDS:
            text = text.replace(sign, "")
        if words := " ".join(text.split()):
            (self.texts if lang in (self.lang, "") else self.others).append(words)


def _said_by_data(value: str) -> Iterator[str]:
    """Of data for scripts: the sentences, in whatever they are wrapped; not names, numbers, addresses, dates."""
    if value.lstrip().startswith(("{", "[")):
        try:
            yield from _leaves(json.loads(value))
        except ValueError:
            pass
        else:
            return
    if not value.isascii() or (" " in value.strip() and value.lstrip()[:1].isalpha()):
        yield value


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield from _said_by_data(value) if not value.lstrip().startswith(("{", "[")) else ()


def read_page(page: str) -> PageTexts:
    """Everything that the page says, in document order."""
    found = PageTexts()
    found.feed(page)
    found.close()
    return found
