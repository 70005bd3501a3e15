"""What every long list offers besides its rows: filters kept as tabs of one's own, shared ones, capped counts.

A list's view reads its own address into something it calls asked; here that is only carried along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from models.core.db import db
from models.core.listing import COUNT_LIMIT
from models.core.saved_list import SavedList, rename_list, save_list, saved_list
from models.core.workflow import Refused
from views.core.base import tell_refused

Asked = TypeVar("Asked")


def carried() -> dict[str, str]:
    """The list that a form carried along, as its address says it."""
    return {name.removeprefix("list-"): value for name, value in request.form.items() if name.startswith("list-")}


def readable(kept: Iterable[SavedList], read: Callable[[Mapping[str, str]], Asked]) -> list[tuple[SavedList, Asked]]:
    """Saved lists with what they ask for; one that can no longer be meant, or not by this reader, is left out."""
    found = []
    for one in kept:
        try:
            found.append((one, read(one.query)))
        except BadRequest:
            continue
    return found


def keep_filters(page: str, query: Mapping[str, str], back: str, *, may_share: bool = False) -> ResponseReturnValue:
    """Keep what a list asks for under the name of the posted form, shared where that was ticked; back to the list."""
    is_shared = may_share and request.form.get("shared") == "1"
    try:
        save_list(g.user.id, page, request.form.get("name", ""), query, is_shared=is_shared)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        tell_refused(refused)
    else:
        flash(
            _("The filters are kept as a tab that everybody with this list sees.")
            if is_shared
            else _("The filters are kept as a tab of yours."),
            "success",
        )
    return redirect(back)


def change_kept(page: str, pk: int, back: str, start: str, *, may_share: bool = False) -> ResponseReturnValue:
    """Rename, share, keep for oneself or take away a tab of one's own, as the posted form says."""
    one = saved_list(g.user.id, page, pk)
    if one is None:
        abort(404)
    done = {
        "rename": _("The tab has its new name."),
        "remove": _("The tab was taken away."),
        "share": _("Everybody with this list sees the tab now."),
        "unshare": _("Only you see the tab now."),
    }
    action = request.form.get("action", "")
    if action not in done or (action == "share" and not may_share):
        raise BadRequest
    try:
        if action == "remove":
            db.session.delete(one)
        elif action == "rename":
            rename_list(one, request.form.get("name", ""))
        else:
            one.is_shared = action == "share"
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        tell_refused(refused)
    else:
        flash(done[action], "success")
    return redirect(start if action == "remove" else back)


def saved_tab(one: SavedList, url: str, *, is_current: bool, count: int | None = None) -> dict[str, Any]:
    """A saved list as a tab: its name, that of whoever shared it, and how many rows the reader has in it."""
    is_own = one.user_id == g.user.id
    return {
        "label": one.name if is_own else f"{one.name} · {one.owner.full_name}",
        "url": url,
        "current": is_current,
        "count": None if count is None else capped(count),
        "icon": "bookmark" if is_own and not one.is_shared else "people",
    }


def capped(count: int) -> str:
    """A count as it is shown: above the limit only that there are more."""
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}"
