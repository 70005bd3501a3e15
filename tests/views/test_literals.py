"""No page says a word that the catalogues do not know: not in a template, not in a script, not in a view's answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.reading_text import READ_OUT
from views.core.cli.translations import ROOT

THAI = re.compile("[\u0e01-\u0e5b]")
WORDS = re.compile("[A-Za-z\u0e01-\u0e5b]{2,}")
TEMPLATES = [path for ending in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{ending}")]
SCRIPTS = [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
MODULES = [path for folder in ("views", "forms") for path in (ROOT / folder).rglob("*.py")]
# Keys of the keyboard, formats, and the languages by their own names.
NAMES = {
    "Esc",
    "Space",
    "Enter",
    "Ctrl",
    "Excel",
    "xlsx",
    "CSV",
    "csv",
    "png",
    "PDF",
    "JSON",
    "OpenAPI",
    "EN",
    "English",
    "ไทย",
}
# What stands in a template and not on a page: names of classes, attributes that a macro writes, an import map.
CLASSES = re.compile(r"\{%-?\s*block (?:main_class|shell)\s*-?%\}.*?\{%-?\s*endblock\s*-?%\}", re.S)
ATTRIBUTES = re.compile(r'\b(?:data|aria)-[\w-]+(?:="[^"]*")?')
UNREAD = {"script", "style", "code", "pre"}
IMPORT_MAP = "_modules.html"
# Names of keys, of a header and of a font; what else begins with a capital in a script would be a sentence.
NAMES_IN_SCRIPTS = {"Accept", "Alt", "Delete", "End", "Enter", "Escape", "Home", "Shift", "Slash", "Tab"}
SENTENCE = re.compile("[A-Z][a-z]+ [a-z]+|^[A-Z][a-z]{2,}[.!?…]?$|[\u0e01-\u0e5b]{2,}")
TELLING = {"flash", "ValidationError", "StopValidation"}


class Literals(HTMLParser):
    """What a template says by itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes that are read out."""
        self._unread += tag in UNREAD
        self.said += [value for name, value in attrs if name in READ_OUT and value]

    def handle_endtag(self, tag: str) -> None:
        """What follows is read again."""
        self._unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        """A text of the page."""
        if not self._unread:
            self.said.append(ATTRIBUTES.sub("", data))


def uncommented(path: Path) -> str:
    """A template without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)


def found_in(paths: Iterable[Path], look: object) -> set[tuple[str, str]]:
    """(file, what was found there), for a message that says where to go."""
    return {(str(path.relative_to(ROOT)), found) for path in paths for found in look(path)}  # type: ignore[operator]


def test_templates_say_nothing_by_themselves() -> None:
    def words(path: Path) -> set[str]:
        page = Literals()
        # An expression stands for some word; one inside a tag must not end it.
        page.feed(re.sub(r"\{[{%].*?[%}]\}", "§", CLASSES.sub("", uncommented(path)), flags=re.S))
        return {word for text in page.said for word in WORDS.findall(text)} - NAMES

    assert found_in((path for path in TEMPLATES if path.name != IMPORT_MAP), words) == set()


def test_expressions_of_templates_hold_no_thai() -> None:
    def literals(path: Path) -> Iterator[str]:
        for expression in re.findall(r"\{[{%].*?[%}]\}", uncommented(path), re.S):
            yield from (text for text in re.findall(r'"([^"]*)"', expression) if THAI.search(text))

    assert {found for _path, found in found_in(TEMPLATES, literals)} <= {"ไทย", " น."}


def test_scripts_hold_no_sentences() -> None:
    def sentences(path: Path) -> Iterator[str]:
        source = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text("utf-8"), flags=re.S)
        for kinds in re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", source):
            yield from (text for text in kinds if SENTENCE.search(text) and text not in NAMES_IN_SCRIPTS)

    assert found_in(SCRIPTS, sentences) == set()


def test_what_views_and_forms_tell_is_translated() -> None:
    def told(path: Path) -> Iterator[str]:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in TELLING:
                for argument in call.args[:1]:
                    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                    literals = [part.value for part in parts if isinstance(part, ast.Constant)]
                    yield from (str(text) for text in literals if WORDS.search(str(text)))

    assert found_in(MODULES, told) == set()


def test_no_sentence_stands_inside_another_ones_braces() -> None:
    """What collects the sentences does not look into f"…{_('…')}": such a one would never be translated."""

    def nested(path: Path) -> Iterator[str]:
        for text in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(text, ast.JoinedStr):
                calls = (one for one in ast.walk(text) if isinstance(one, ast.Call))
                yield from (ast.unparse(one) for one in calls if getattr(one.func, "id", "") in ("_", "_l", "gettext"))

    assert found_in(MODULES, nested) == set()


def test_every_field_to_search_by_says_how_long_its_words_may_be():
    """A longer search makes an address that no server takes."""
    fields = re.compile(r'<input\b(?=[^>]*(?:type="search"|name="q"))(?![^>]*type="hidden")[^>]*>')
    found = [(path, field) for path in TEMPLATES for field in fields.findall(path.read_text(encoding="utf-8"))]

    assert len(found) > 10
    assert [(path.name, field) for path, field in found if "maxlength=" not in field] == []
