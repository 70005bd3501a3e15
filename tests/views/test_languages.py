"""Every page, mail and exported file, in Thai and in English: nothing of the other language but what people wrote.

The pages are those that the browser's tests look at, so that a new one is walked by itself. No browser: the page's
texts, what is read out of it, and the sentences that it gives its scripts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from flask_babel import force_locale

from jobs.letters import render
from models.core import setting
from models.core.audit import AuditEntry
from models.core.db import db
from models.core.entity import Kind, entities
from models.core.identity import Account, open_session
from models.core.matrix import MatrixRow
from models.core.outbox import Message
from models.fund.organization import Organization
from tests.browser.pages import FUND, LOOKS, NOT_PAGES, Look
from tests.browser.world import VISITOR, World, make_world
from tests.conftest import one_transaction
from tests.reading_text import read_page
from views.core.access_log.details import Reader as Words
from views.core.records.file_words import heading_of
from views.core.records.linked import Linked
from views.core.records.values import shown
from views.core.records.words import coded_fields
from views.fund.wizard.loading import office_address

THAI = re.compile("[\u0e01-\u0e5b]")
LATIN = re.compile("[A-Za-z]{2,}")
# Holes that scripts fill, addresses, file names and endings, masked numbers: neither English nor Thai.
NO_LANGUAGE = re.compile(
    r"\{\w*\}|%\(\w+\)s|https?://\S*|(?<!\w)/[\w/.-]+|[\w.+-]+@[\w.-]+|[\w-]*\.[a-z]\w*|x+-x+-\d+|\b[0-9a-f]{32}\b"
    r"|\b[a-z_]+:(?:read|write)\b|sala_\w*"
)
# Names of keys, formats and units; names of others; and the log's in the spec.
KEYS = {"Esc", "Enter", "Ctrl", "Space", "Alt", "Insert", "Delete"}
FORMATS = {"PDF", "CSV", "csv", "Excel", "XLSX", "xlsx", "png", "zip", "KB", "MB", "API", "IP", "SHA"}
NAMES = {"WCAG", "AA", "Spam", "Promotions", "Natural", "Earth", "Access", "Log", "EN"}
THE_SAME_IN_BOTH = KEYS | FORMATS | NAMES
# What a comparison puts around what was written.
MARKS = re.compile(r"\[(?:added|removed|เพิ่ม|ตัดออก): |\]")
# Of a long text, its beginning.
SHORTENED = re.compile("([\u0e01-\u0e5b][^→]{99,})…")
# Who takes files: one of them may take each.
TAKERS = ("super", "staff", "national")
# Codes that the database holds; nobody is to read them on a page.
CODE = re.compile(r"[a-z0-9_.:/-]+")
# What somebody typed into a search or a bound of a filter: it is shown as it was typed, be it a word or like a code.
TYPED = {value for look in LOOKS for value in re.findall(r"(?:^|&)(?:q|(?:from|to)-\w+)=([^&]+)", look.query)}
# Parts of pages that scripts ask for, as staff who ask for nothing; and those that are asked for otherwise.
ASKED = {
    look.endpoint: look
    for look in (
        Look("SearchView.suggest", FUND, query="q=อ่านง่าย"),
        Look("OrganizationView.like", ("alone",), query="name=แสงเทียน"),
        Look("RecordFilesView.part", ("super",), ids={"pk": "import"}, given={"name": "organization"}),
        Look("RecordToolsView.counts", FUND, given={"name": "proposal"}),
        Look("RecordToolsView.progress", FUND, ids={"job": "bulk"}, given={"name": "evaluation_session"}),
    )
}
PARTS = [ASKED.get(name, Look(name, FUND)) for name, what in sorted(NOT_PAGES.items()) if what == "a part of a page"]
# A page for those who program: it shows names of fields and examples of requests.
SHOWS_CODES = {"ApiDocsView.index"}
# What shows what somebody named in both languages, side by side: permissions, entries of lists.
BOTH_NAMES = {
    "console_permissions.index_view",
    "console_permissions.details_view",
    "console_choices.index_view",
    "RecordFilesView_export-permission",
}
# The fund's form is written by the fund, the catalogue of branches by the national office, in Thai alone.
WRITTEN_IN_THAI = frozenset({"fund_scoring_topic", "fund_scoring_indicator", "assessment_branch"})


def all_strings(session: Any, tables: frozenset[str] = frozenset()) -> set[str]:
    """Every string in the database or in these tables of it, those inside JSON too."""
    found: set[str] = set()
    for table in db.metadata.sorted_tables:
        if tables and table.name not in tables:
            continue
        for row in session.execute(sa.select(table)):
            for value in row:
                found |= set(leaves(value))
    return found


def leaves(value: Any) -> Iterator[str]:
    """The strings in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves(inner)


def compact(text: str) -> str:
    """Without spaces: Thai has none between words, and pages keep names and numbers together with others than typed."""
    return "".join(text.split())


def plain(text: str) -> str:
    """Without what is of no language."""
    return " ".join(NO_LANGUAGE.sub(" ", text).split())


@dataclass
class Reader:
    """Somebody who opens pages in one language, in a world of which we know all that people wrote."""

    app: Flask
    world: World
    language: str
    written: list[str]
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        thai = {compact(text) for text in self.written if THAI.search(text)}
        words = {text for text in self.written if not CODE.fullmatch(text)} | TYPED
        latin = {plain(text) for text in words if LATIN.search(text)}
        self._thai = sorted(thai, key=len, reverse=True)
        self._latin = sorted(latin - {""}, key=len, reverse=True)
        self.foreign = cache(self._thai_in if self.language == "en" else self._latin_in)

    def address(self, look: Look) -> str:
        """The page's address in this world."""
        values = {name: self.world.ids[key] for name, key in look.ids.items()} | dict(look.given)
        with self.app.test_request_context():
            path = url_for(look.endpoint, **values)
        return f"{path}?{look.query}" if look.query else path

    def client(self, who: str) -> FlaskClient:
        """The browser of one of the world's people."""
        if who not in self.clients:
            made = self.clients[who] = self.app.test_client()
            with self.app.app_context():
                account = db.session.get(Account, self.world.people[who]) if who != VISITOR else None
                token = open_session(account, "", "127.0.0.1") if account is not None else None
                db.session.commit()
            with made.session_transaction() as cookie:
                cookie["locale"] = self.language
                if token:
                    cookie |= {"_user_id": token, "_fresh": True}
        return self.clients[who]

    def of(self, look: Look) -> Reader:
        """The reader of that page or file: where names stand in both languages, none of them is foreign."""
        has_both = look.endpoint in BOTH_NAMES or look.label in BOTH_NAMES
        return replace(self, written=[*self.written, *both_names()]) if has_both else self

    def foreign_in(self, page: str) -> set[str]:
        """The texts of a page that hold words of the other language which nobody wrote."""
        found = read_page(page)
        assert found.lang in (self.language, "")
        return {text for text in found.texts if self.foreign(text)}

    def _latin_in(self, text: str) -> str:
        if not LATIN.search(text):
            return ""
        left = plain(text)
        for words in self._latin:
            left = left.replace(words, " ")
        return " ".join(word for word in LATIN.findall(left) if word not in THE_SAME_IN_BOTH)

    def _thai_in(self, text: str) -> str:
        if not THAI.search(text):
            return ""
        left = compact(MARKS.sub("", text))
        for begun in SHORTENED.findall(left):
            if any(words.startswith(begun) for words in self._thai):
                left = left.replace(begun, "")
        for words in self._thai:
            left = left.replace(words, " ")
        return left if THAI.search(left) else ""


def both_names() -> set[str]:
    """What permissions and entries of lists are called, in either language."""
    lists = [one.default for one in setting.declared().values() if isinstance(one.kind, setting.Choices)]
    titles = db.session.execute(sa.select(MatrixRow.title_th, MatrixRow.title_en, MatrixRow.group_th))
    return set(leaves([*map(tuple, titles), *((entry.th, entry.en) for entries in lists for entry in entries)]))


def written_by_people(app: Flask, before: set[str]) -> list[str]:
    """What stands in the world beyond what every installation has, as pages show it; and the names of the house."""
    texts = (all_strings(db.session) - before) | all_strings(db.session, WRITTEN_IN_THAI)
    texts |= {line.strip() for text in texts for line in text.splitlines()}
    for account in db.session.scalars(sa.select(Account)):
        texts |= {account.full_name, account.initials}
    for organization in db.session.scalars(sa.select(Organization)):
        texts.add(
            office_address(
                {column.key: getattr(organization, column.key) for column in sa.inspect(Organization).column_attrs}
            )
        )
    settings = app.config["SALA"]
    return sorted(texts | TYPED | {settings.agency_name, settings.parent_name})


@pytest.fixture(scope="module")
def world(filled_app: Flask) -> Iterator[tuple[World, list[str]]]:
    """The fund in the middle of its year, and what its people wrote."""
    with one_transaction(filled_app), filled_app.app_context():
        before = all_strings(db.session)
        made = make_world()
        db.session.commit()
        yield made, written_by_people(filled_app, before)


@pytest.fixture(scope="module", params=["th", "en"])
def reader(request: pytest.FixtureRequest, filled_app: Flask, world: tuple[World, list[str]]) -> Reader:
    """Everybody reads this language."""
    made, written = world
    db.session.execute(sa.update(Account).values(locale=request.param))
    db.session.commit()
    return Reader(filled_app, made, request.param, written)


@pytest.mark.parametrize(
    "look", [pytest.param(look, id=look.label) for look in LOOKS if look.endpoint not in SHOWS_CODES]
)
def test_a_page_speaks_one_language(reader: Reader, look: Look) -> None:
    who = look.who[-1] if reader.language == "th" else look.who[0]  # A page has what one of them sees and another not.

    answer = reader.client(who).get(reader.address(look))

    assert answer.status_code == look.status
    assert reader.of(look).foreign_in(answer.text) == set()


@pytest.mark.parametrize("look", [pytest.param(look, id=look.endpoint) for look in PARTS])
def test_a_part_of_a_page_speaks_one_language(reader: Reader, look: Look) -> None:
    (who,) = look.who

    answer = reader.client(who).get(reader.address(look))

    assert answer.status_code == 200
    assert reader.foreign_in(answer.text) == set()


@pytest.mark.parametrize("who", [VISITOR, "member"])
def test_an_error_speaks_one_language(reader: Reader, who: str) -> None:
    answer = reader.client(who).get("/nowhere")

    assert answer.status_code == 404
    assert reader.foreign_in(answer.text) == set()


def test_a_mail_speaks_its_readers_language(reader: Reader) -> None:
    newest = sa.select(sa.func.max(Message.id)).where(Message.user_id.is_not(None)).group_by(Message.event)
    letters = {
        message.event: render(message)
        for message in db.session.scalars(sa.select(Message).where(Message.id.in_(newest)))
    }

    said = {
        event: {letter.subject, *letter.text.splitlines()} | set(read_page(letter.html).texts)
        for event, letter in letters.items()
    }

    assert len(said) > 10
    assert {(event, text) for event, texts in said.items() for text in texts if reader.foreign(text)} == set()


def _books(app: Flask) -> Iterator[Look]:
    """Every workbook that a page offers; of generated pages, that of each kind of record."""
    rules = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules() if "ending" in rule.arguments}
    books = {name for name, what in NOT_PAGES.items() if what == "a workbook"} - {"AccessLogView.export"}
    asked = "f-sector=private&from-registered_year=2500"  # The log says by what a file was filtered.
    yield Look("RecordFilesView.export", TAKERS, given={"name": "organization", "ending": "xlsx"}, query=asked)
    for endpoint in sorted(rules.keys() & books):
        given = {"ending": "xlsx"} | ({"domain": "fund"} if "domain" in rules[endpoint] else {})
        if "name" not in rules[endpoint]:
            yield Look(endpoint, TAKERS, given=given)
            continue
        for entity in entities():
            is_offered = endpoint != "RecordFilesView.template" or entity.added or entity.changed
            if is_offered:
                yield Look(endpoint, TAKERS, given=given | {"name": entity.name}, name=entity.name)


def _taken(reader: Reader, look: Look) -> Any:
    """The workbook as the first of the look's people who may have it takes it."""
    answers = (reader.client(who).get(reader.address(look)) for who in look.who)
    answer = next(answer for answer in answers if answer.status_code == 200)
    return openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True)


def test_an_exported_file_speaks_its_takers_language(reader: Reader) -> None:
    foreign: dict[str, set[str]] = {}

    for look in _books(reader.app):
        book = _taken(reader, look)
        cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
        if look.endpoint == "RecordFilesView.template":  # It says what to type.
            cells = {cell for cell in cells if not CODE.fullmatch(cell)}
        speaks = reader.of(look).foreign
        foreign[look.label] = {text for text in cells | set(book.sheetnames) if speaks(text)}

    assert len(foreign) > len(entities())
    assert {label: texts for label, texts in foreign.items() if texts} == {}


def test_a_code_in_an_exported_file_is_in_the_words_of_its_page(reader: Reader) -> None:
    said = {}

    for entity in entities():
        look = Look("RecordFilesView.export", TAKERS, given={"name": entity.name, "ending": "xlsx"}, query="all=1")
        heading, *rows = _taken(reader, look).active.iter_rows(values_only=True)
        records = {entity.key_of(record): record for record in db.session.scalars(sa.select(entity.model))}
        with reader.app.test_request_context(), force_locale(reader.language):
            coded = coded_fields(entity)
            place = heading.index(heading_of(entity, entity.pk.key))
            for name in entity.shown:
                if name not in coded and entity.fields[name].kind not in (Kind.CHOICE, Kind.YES_NO):
                    continue
                column = heading.index(heading_of(entity, name))
                cells = [(row[column] or "", shown(entity, records[row[place]], name, Linked())) for row in rows]
                assert [cell for cell, _page in cells] == [page.text for _cell, page in cells], (entity.name, name)
                if name in coded and rows:
                    said[entity.name, name] = {cell for cell, _page in cells} - {""}

    assert {("consent", "text"), ("message", "event"), ("screening_item", "code")} <= said.keys()
    assert [field for field, words in said.items() if not words] == []


def _shape(entry: AuditEntry) -> str:
    """What was done to which fields: entries of one shape have the same labels."""
    changes = entry.payload.get("changes", ())
    return repr(
        [(change["in"], change.get("did"), sorted(change.get("fields", ()))) for change in changes] or entry.action
    )


def test_the_log_says_fields_and_values_in_the_readers_words(reader: Reader) -> None:
    entries = list({_shape(entry): entry for entry in db.session.scalars(sa.select(AuditEntry))}.values())

    with reader.app.test_request_context(), force_locale(reader.language):
        words = Words.of(entries)
        lines = {line for entry in entries for line in words.lines(entry)}

    assert len(lines) > 100
    assert {re.sub(r"\d+", "0", line) for line in lines if reader.foreign(line)} == set()
