"""The side navigation: what this user may follow, asked of the matrix and drawn once for all who see the same.

What is kept here depends on the kinds of a user, the state of the matrix, the language and the page, all of which stand
in its key; never on the person. A change of the matrix, and of what somebody is, shows at the next request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from models.core import matrix
from views.core.look import lang

HOME = "HomeView.index"
_MOST = 400
"""Menus kept at once; a process that has more begins anew, so that no number of kinds and pages fills the memory."""


@dataclass(frozen=True)
class NavItem:
    """A line of the side navigation."""

    label: str
    url: str
    icon: str
    current: bool
    endpoint: str = ""  # what waits behind it is asked for by this name (views.core.pulse)


@dataclass(frozen=True)
class NavGroup:
    """A heading of the side navigation and the lines under it."""

    label: str
    items: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Navigation:
    """The groups that a user sees on this page, and the key under which they may be kept."""

    groups: tuple[NavGroup, ...]
    key: Hashable

    def __bool__(self) -> bool:
        return bool(self.groups)

    def __iter__(self) -> Iterator[NavGroup]:
        return iter(self.groups)


NOTHING = Navigation((), None)


def kept(key: Hashable, make: Callable[[], Any], builder: Any) -> Any:
    """What was made under `key` while the matrix and the menu were as they are now, else what `make` gives."""
    stamp = matrix.stamp()
    if stamp is None:
        return make()
    known: dict[Hashable, Any] = current_app.extensions.setdefault("sala.menu", {})
    whole = (stamp, _entries(builder), key)
    if whole not in known:
        made = make()
        if len(known) >= _MOST:
            known.clear()
        known[whole] = made
    return known[whole]


def _entries(builder: Any) -> tuple[str, ...]:
    """The menu's entries by name."""
    names = []
    for item in builder.menu.get_list():
        names.append(item.name)
        names += [child.name for child in item.childs]
    return tuple(names)


def navigation() -> Navigation:
    """The menu as this user may see it, by domain; asked of the matrix once, without a query per entry."""
    if g.get("no_database") or not g.user.is_authenticated:
        return NOTHING
    builder = current_app.extensions["appbuilder"]
    allowed = builder.sm.get_user_menu_access()
    here = _here(builder, allowed)
    key = (allowed, here, lang(), request.script_root)
    groups = kept(("groups", key), lambda: _groups(builder, allowed, here), builder)
    return Navigation(groups, key)


def drawn(nav: Any) -> Markup:
    """The side navigation as HTML; its template sees the groups and nothing of the request."""

    def draw() -> Markup:
        return Markup(current_app.jinja_env.get_template("core/_side.html").render(nav=nav))  # noqa: S704 - it escapes

    if not isinstance(nav, Navigation):
        return draw()
    return kept(("drawn", nav.key), draw, current_app.extensions["appbuilder"])  # type: ignore[no-any-return]


def _here(builder: Any, allowed: frozenset[str]) -> tuple[str, ...]:
    """The names of the entries that this page belongs to."""
    asked = request.endpoint or ""
    view = asked.partition(".")[0]
    found = []
    for item in builder.menu.get_list():
        for entry in item.childs or (item,):
            if entry.name in allowed and _is_here(entry, asked, view):
                found.append(entry.name)
    if asked == HOME:
        found.append(HOME)
    return tuple(found)


def _is_here(item: Any, asked: str, asked_view: str) -> bool:
    view = item.baseview
    if covers := getattr(view, "covers", None):  # an entry that leads to many views
        return bool(covers(asked))
    return (asked_view == view.endpoint and not item.href) or asked == endpoint_of(item)


def endpoint_of(item: Any) -> str:
    """Where an entry of the menu leads."""
    view = item.baseview
    return f"{view.endpoint}.{item.href or view.default_view}"


def _groups(builder: Any, allowed: frozenset[str], here: tuple[str, ...]) -> tuple[NavGroup, ...]:
    top = [NavItem(_("Main page"), url_for(HOME), "house", HOME in here)]
    groups = []
    for item in builder.menu.get_list():
        if item.name not in allowed:
            continue
        if item.childs:
            lines = tuple(_nav_item(child, here) for child in item.childs if child.name in allowed)
            groups.append(NavGroup(_(str(item.label)), lines))
        else:
            top.append(_nav_item(item, here))
    return NavGroup("", tuple(top)), *groups


def _nav_item(item: Any, here: tuple[str, ...]) -> NavItem:
    endpoint = endpoint_of(item)
    return NavItem(_(str(item.label)), url_for(endpoint), item.icon or "circle", item.name in here, endpoint)
