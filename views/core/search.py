"""Search over all that one may see; each domain says what there is to find (spec: fund.md 1, "What each sees")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from models.core.thai.text import clean_line, search_term, to_ascii_digits
from views.core.access import signed_in
from views.core.base import PageView
from views.core.look import keep_terms
from views.core.menu import navigation

LEAST = 2  # characters
LONGEST = 200
ON_PAGE, SUGGESTED = 10, 4
_CITIZEN_ID = re.compile(r"(?<!\d)\d(?:[- ]?\d){12}(?!\d)")


@dataclass(frozen=True)
class Asked:
    """What was typed: as it stands, and folded as the searched columns are."""

    typed: str
    term: str

    @property
    def is_enough(self) -> bool:
        """Whether there is something to look for."""
        return len(self.term) >= LEAST

    @property
    def words(self) -> list[str]:
        """The words that are marked in what is found."""
        return self.term.split()


@dataclass(frozen=True)
class Found:
    """One thing that was found: its name, where it is, and what tells it from others of that name."""

    title: str
    url: str
    note: str = ""
    icon: str = "file-earmark-text"


@dataclass(frozen=True)
class Source:
    """One kind of thing to find.

    `find(user, asked, most)` gives at most so many, in one query, of those that the user may see (`visible_to`);
    `all_url(asked)` the list that has the rest; `jump(user, asked)` where what was typed leads without a choice.
    """

    label: Any
    find: Callable[[Any, Asked, int], list[Found]]
    all_url: Callable[[Asked], str | None] = lambda _asked: None
    jump: Callable[[Any, Asked], str | None] = lambda _user, _asked: None


@dataclass
class Group:
    """What one source found."""

    label: str
    items: list[Found] = field(default_factory=list)
    has_more: bool = False
    all_url: str | None = None


# Each domain adds its own; shown in this order.
search_sources: list[Source] = []


def read(typed: str) -> Asked:
    """What was typed, cleaned and cut. Raises BadRequest for what nobody types."""
    if len(typed) > LONGEST * 5:
        raise BadRequest
    typed = clean_line(typed)[:LONGEST]
    return Asked(typed, search_term(typed))


def is_citizen_id(typed: str) -> bool:
    """Whether there may be a citizen ID in what was typed: such a thing must not stay in addresses and logs."""
    return _CITIZEN_ID.search(to_ascii_digits(typed)) is not None


def find(user: Any, asked: Asked, most: int) -> list[Group]:
    """Everything that the user may see and that is meant, by its kind; a query for each source at most."""
    if not asked.is_enough:
        return []
    groups = []
    for source in search_sources:
        found = source.find(user, asked, most + 1)
        if found:
            more = len(found) > most
            groups.append(Group(str(source.label), found[:most], more, source.all_url(asked) if more else None))
    return groups


def pages(_user: Any, asked: Asked, most: int) -> list[Found]:
    """Pages of the menu, by their names."""
    return [
        Found(item.label, item.url, group.label, item.icon)
        for group in navigation()
        for item in group.items
        if asked.term in search_term(item.label)
    ][:most]


def marked(text: str, asked: Asked) -> Markup:
    """The text, escaped, with the words that were asked for marked."""
    folded = "".join(_fold(letter) for letter in text)
    words = sorted({_fold(word) for word in asked.words}, key=len, reverse=True)
    if not words or len(folded) != len(text):
        return keep_terms(text)
    parts, end = [], 0
    for found in re.finditer("|".join(map(re.escape, words)), folded):
        parts += [
            keep_terms(text[end : found.start()]),
            Markup("<mark>{}</mark>").format(text[found.start() : found.end()]),
        ]
        end = found.end()
    return Markup("").join([*parts, keep_terms(text[end:])])


def _fold(text: str) -> str:
    return to_ascii_digits(text).casefold()


class SearchView(PageView):
    """ค้นหา."""

    route_base = "/search"
    default_view = "index"

    @expose("/")
    @signed_in
    def index(self) -> ResponseReturnValue:
        """What was found, by its kind; a number of a proposal leads straight to it."""
        typed = request.args.get("q", "")
        if is_citizen_id(typed):
            # Off the address at once: the browser keeps only the page that it is sent on to.
            flash(_("Citizen IDs cannot be searched for here. Search for the name instead."), "warning")
            return redirect(url_for("SearchView.index"))
        asked = read(typed)
        if asked.is_enough and (target := next((url for s in search_sources if (url := s.jump(g.user, asked))), None)):
            return redirect(target)
        groups = find(g.user, asked, ON_PAGE)
        return self.page("core/search.html", asked=asked, groups=groups, least=LEAST)

    @expose("/suggest")
    @signed_in
    def suggest(self) -> ResponseReturnValue:
        """The first of what was found, as the options of the field's list."""
        typed = request.args.get("q", "")
        asked = read("" if is_citizen_id(typed) else typed)
        return self.page("core/_found.html", asked=asked, groups=find(g.user, asked, SUGGESTED))


def register(builder: Any) -> None:
    """Add the page, and the menu as the last thing to find."""
    builder.add_view_no_menu(SearchView)
    current_app.jinja_env.filters["marked"] = marked
    if not any(source.find is pages for source in search_sources):
        search_sources.append(Source(_l("Pages"), pages))
