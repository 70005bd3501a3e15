"""The page of one agency, being added or edited: drawn in one way for both."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from views.assessment.curricula import curriculum_label, round_label
from views.assessment.outside import desk as desks
from views.assessment.outside.desk import Desk
from views.core.base import PageView
from views.core.kept import browser_key

MOST_FIELDS, MOST_BYTES = 5_000, 512 * 1024


def desk_page(view: PageView, desk: Desk, *, here: str, keep_url: str, **more: Any) -> str:
    """The form of an agency; `here` is where it is posted, `keep_url` where its typing is kept."""
    tree = desk.tree
    return view.page(
        "assessment/outside/agency.html",
        desk=desk,
        form=desk.form,
        tree=tree,
        here=here,
        keep_url=keep_url,
        problems=desks.wrong_rows(tree),
        unsent=_unsent(desk, here, keep_url),
        curriculum_label=curriculum_label,
        round_label=round_label,
        **{"conflict": None, **more},
    )


def _unsent(desk: Desk, here: str, keep_url: str) -> dict[str, Any]:
    """What static/core/js/unsent.js needs: typing outlives the session and the line."""
    return {
        "user": g.user.id,
        "key": browser_key(g.user, desks.FORM),
        "place": ".".join(desk.place),
        "record": desk.place[1],
        "isNew": desk.agency is None,
        "typed": desk.kept_at is not None,
        "secret": [],
        "back": "",
        "keepUrl": keep_url,
        "keptUrl": here,
        "tokenUrl": url_for("TypingView.token"),
        "text": {
            "ended": _("Your session has ended. What you typed is kept; sign in again in a new tab and go on here."),
            "other_user": _(
                "Somebody else has signed in on this browser. Sign in again as yourself; what you typed is kept here."
            ),
        },
    }
