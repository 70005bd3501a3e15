"""What a reader chooses for themselves: the language and the theme of the pages."""

from __future__ import annotations

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from models.core.db import db
from views.core.access import open_to_all
from views.core.base import PageView, safe_next


class LocaleView(PageView):
    """ไทย / English, one click away on every page."""

    route_base = "/locale"
    default_view = "set"

    @expose("/", methods=["POST"])
    @open_to_all
    def set(self) -> ResponseReturnValue:
        """Keep the language (or theme) for the account, or for this browser when nobody is signed in."""
        lang, theme = request.form.get("lang"), request.form.get("theme")
        if (lang or theme) is None or lang not in (None, "th", "en") or theme not in (None, "", "light", "dark"):
            abort(400)
        if lang:
            session["locale"] = lang
        if g.user.is_authenticated:
            if lang:
                g.user.locale = lang
            if theme is not None:
                g.user.theme = theme
            db.session.commit()
        return redirect(safe_next(request.form.get("next"), url_for("HomeView.index")))
