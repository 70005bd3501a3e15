"""How one wants to be told of what happens (spec: fund.md 9)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from forms.core.messages import MessageChoiceForm
from models.core import choice
from models.core.db import StaleVersion, db
from models.core.matrix import allows
from views.core.access import signed_in
from views.core.base import PageView

# Group -> the permissions of those whom its events may concern; a group that is not named concerns everybody.
CONCERNS = {
    choice.PROPOSALS: ("proposal.edit", "proposal.decide"),
    choice.SESSIONS: ("session.view",),
}


def groups_of(user: Any) -> list[str]:
    """The groups of events that may concern a user."""
    return [
        group
        for group in choice.GROUPS
        if group not in CONCERNS or any(allows(user, permission) for permission in CONCERNS[group])
    ]


class OwnMessagesView(PageView):
    """วิธีรับข้อความ."""

    route_base = "/account/messages"
    default_view = "form"

    @expose("/", methods=["GET", "POST"])
    @signed_in
    def form(self) -> ResponseReturnValue:
        """Choose for each group: at once, once a day, or only the bell."""
        kept = choice.choice_of(g.user.id)
        form = MessageChoiceForm(groups_of(g.user), data={**kept.ways, "version": kept.version})
        status = 200
        if request.method == "POST":
            status = 422
            if form.validate_on_submit():
                try:
                    choice.choose(g.user.id, form.chosen, form.version.data)
                    db.session.commit()
                except (StaleVersion, StaleDataError):
                    db.session.rollback()
                    kept = choice.choice_of(g.user.id)
                    form.version.data = str(kept.version)
                    form.form_errors.append(
                        _("You changed this on another page in the meantime. Look at it and save again.")
                    )
                    status = 409
                else:
                    flash(_("Your choice is saved and holds from the next message on."), "success")
                    return redirect(url_for("OwnMessagesView.form"))
        return self.page("core/own_messages.html", form=form), status
