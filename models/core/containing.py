"""Which rows hold what somebody typed: exact on both databases, and quick on PostgreSQL however common its letters are.

A trigram index finds rows by every three letters of a phrase and pays for each of them: "จังหวัด" and "รุ่นที่", which
stand in nearly every name, cost more than they rule out. So of a phrase that few rows have only its rarest letters are
asked of the index, and the phrase itself is looked for in the rows that are left. How rare letters are is read from a
sample of the column, once an hour in every process. The sample decides how rows are found, never which.
"""

from __future__ import annotations

import random
import time
import unicodedata
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, and_, func, literal_column, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models.core.db import db
from models.core.thai.text import CONTAINS_FROM, search_term

SAMPLE = 1_000  # rows
ENOUGH = 500  # texts among them; fewer tell nothing, and so small a table is quick to read
KEPT = 3600.0  # seconds
#: Letters that more of the texts have rule too little out to be asked for.
COMMON = 200
#: What the rarest letters may leave of the texts; more than that is not worth reading.
LEFT = 20
MOST = 4
#: A list that is walked in its own order ends with its page.
PAGE = 26
_REMEMBERED = 200

_samples: WeakKeyDictionary[Engine, dict[str, Sample]] = WeakKeyDictionary()


def contains(column: Any, typed: str) -> ColumnElement[bool]:
    """The condition "holds what was typed" on a column of `search_text`, of a model or of rows picked before.

    Fewer than three characters match only the beginning, which `services.migrations` indexes.
    """
    term = search_term(typed)
    if len(term) < CONTAINS_FROM:
        return and_(true(), *(beginning(column, n) == term[:n] for n in range(1, len(term) + 1)))
    whole: ColumnElement[bool] = column.contains(term, autoescape=True)
    if db.engine.dialect.name != "postgresql" or not isinstance(column, InstrumentedAttribute):
        return whole  # Picked rows have no index.
    letters = threes(term)
    if not letters:  # Signs alone: the index would be read from end to end.
        return func.strpos(column, term) > 0
    rarest = _sample_of(column).rarest(term) if len(letters) > MOST else ()
    if not rarest:
        return whole
    return and_(*(column.contains(three, autoescape=True) for three in rarest), func.strpos(column, term) > 0)


def beginning(column: Any, length: int) -> ColumnElement[str]:
    """The first characters of a column, written as in its index."""
    return func.substr(column, literal_column("1"), literal_column(str(length)))


def threes(term: str) -> list[tuple[int, str]]:
    """Every three letters or figures in a row of `term`, with their places: what a trigram index can find by."""
    found = ((place, term[place : place + 3]) for place in range(len(term) - 2))
    return [(place, three) for place, three in found if all(map(_is_of_a_word, three))]


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


class Sample:
    """Some texts of a column, and which letters of a phrase are rare among them; `rows` says of how many."""

    def __init__(self, texts: Sequence[str], rows: int) -> None:
        self.texts = texts
        self.rows = rows
        self._joined = "\n".join(texts)
        self.until = time.monotonic() + KEPT
        self._found: dict[str, tuple[str, ...]] = {}

    def rarest(self, term: str) -> tuple[str, ...]:
        """The letters by which the index finds the few rows that have `term`; none where it should have all of it.

        One alone where walking the list finds a page of them sooner: enough for the database to judge that by.
        """
        if (known := self._found.get(term)) is not None:
            return known
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        found = self._found[term] = self._choose(term)
        return found

    def _choose(self, term: str) -> tuple[str, ...]:
        if len(self.texts) < ENOUGH:
            return ()
        common = {three: self._joined.count(three) for _place, three in threes(term)}
        left, free = self.texts, [one for one in threes(term) if common[one[1]] <= COMMON]
        among, chosen = common, list[str]()
        while free and len(chosen) < MOST:
            # What rules most of the rest out; and where nothing is left, what is rare by itself.
            _among, _common, place, best = min((among[three], common[three], place, three) for place, three in free)
            chosen.append(best)
            left = [text for text in left if best in text]
            free = [one for one in free if abs(one[0] - place) >= len(best)]
            among = {three: sum(three in text for text in left) for _place, three in free}
        share = sum(term in text for text in left) / len(self.texts)
        if share and PAGE / share < len(left) / len(self.texts) * self.rows:
            return tuple(chosen[:1])
        return tuple(chosen) if len(left) <= LEFT else ()


def _sample_of(column: Any) -> Sample:
    """The sample of a column: texts of any rows of its table, read anew when they are an hour old."""
    known = _samples.setdefault(db.engine, {})
    name = str(column)
    found = known.get(name)
    if found is None or found.until < time.monotonic():
        key = column.class_.id
        last = db.session.scalar(select(func.max(key))) or 0
        keys = random.sample(range(1, last + 1), min(SAMPLE, last))
        found = known[name] = Sample(db.session.scalars(select(column).where(key.in_(keys), column != "")).all(), last)
    return found
