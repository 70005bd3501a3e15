"""The three steps in which staff make a session: the meeting, who sits, the agenda (spec: fund.md 7)."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from forms.fund.session import MoveItemForm, PeopleForm, SessionForm
from models.core.db import StaleVersion, db
from models.core.identity import names_of
from models.core.once import first_time
from models.core.thai.dates import to_bangkok
from models.core.workflow import Refused
from models.fund.agenda import lines_of, total_of
from models.fund.agenda_moves import move_to_session
from models.fund.codes import SESSION_LEVELS
from models.fund.proposal import Proposal
from models.fund.session import EvaluationSession, ItemState, MemberRole, create_session
from views.core.access import needs
from views.core.base import record_or_404
from views.core.conflict import last_change
from views.core.deeds import REFUSED, SAVED, STALE, done, saved
from views.core.sentences import sentence
from views.fund.session import queries
from views.fund.session.conflict import data_conflict, people_conflict
from views.fund.session.deeds import News, session_or_404, tell_moved, tell_stale
from views.fund.session.words import role_word


class Building:
    """Pages of the steps; mixed into `SessionView`."""

    page: Any

    # --- step 1 ------------------------------------------------------------------------------------------------------

    @expose("/new", methods=["GET", "POST"])
    @needs("session.edit")
    def new(self) -> ResponseReturnValue:
        """Begin a session with its first step; a form sent twice begins one."""
        form = SessionForm()
        if request.method == "GET" and request.args.get("level") in SESSION_LEVELS:
            form.level.data = request.args["level"]
        if form.validate_on_submit():
            if not first_time(request.form.get("once", ""), g.user.id):
                db.session.rollback()
                flash(_("This form was sent already. The session is in the list."), "info")
                return redirect(url_for("SessionView.list"))
            made: list[EvaluationSession] = []
            if saved(form, lambda: made.append(create_session(g.user, **form.content()))) == SAVED:
                flash(_("The session is saved. Choose who sits in it."), "success")
                return redirect(url_for("SessionView.people", pk=made[0].id))
        return self._data_page(None, form), 422 if request.method == "POST" else 200

    @expose("/<int:pk>/edit", methods=["GET", "POST"])
    @needs("session.edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        """Change the data of the meeting; of two people at once the second chooses whose values stand."""
        session = session_or_404(pk)
        form = SessionForm(data=form_data(session))
        if not form.is_submitted():
            return self._data_page(session, form)
        status, conflict = REFUSED, None
        if form.validate():
            news = News(session)
            status = saved(form, lambda: session.perform("edit", g.user, form.version.data, content=form.content()))
            if status == SAVED:
                news.flash(_("The data of the meeting are saved."))
                return redirect(url_for("SessionView.people" if "next" in request.form else "SessionView.show", pk=pk))
            conflict = data_conflict(session, form) if status == STALE else None
        return self._data_page(session, form, conflict), status

    def _data_page(self, session: EvaluationSession | None, form: SessionForm, conflict: Any = None) -> str:
        names = names_of(form.chair_id.data)
        return self.page(
            "fund/session/data.html",
            session=session,
            form=form,
            conflict=conflict,
            chair=[(user_id, names[user_id]) for user_id in form.chair_id.data if user_id in names],
            overlaps=queries.overlaps(session) if session is not None else [],
            is_level_fixed=session is not None and bool(session.agenda),
            once=secrets.token_urlsafe(12),
        )

    # --- step 2 ------------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/people", methods=["GET", "POST"])
    @needs("session.edit")
    def people(self, pk: int) -> ResponseReturnValue:
        """Choose secretaries and members; conflicts of interest are found at once."""
        session = session_or_404(pk, loader=queries.with_agenda)
        form = PeopleForm(
            data={
                "version": session.version,
                "secretary_ids": [user.id for user in session.secretaries],
                "member_ids": [user.id for user in session.people(MemberRole.MEMBER)],
            }
        )
        if not form.is_submitted():
            return self._people_page(session, form)
        status, conflict = REFUSED, None
        if form.validate():
            content = {"secretary_ids": form.secretary_ids.data, "member_ids": form.member_ids.data}
            news = News(session)
            status = saved(form, lambda: session.perform("edit", g.user, form.version.data, content=content))
            if status == SAVED:
                news.flash(_("Secretaries and members are saved."))
                return redirect(
                    url_for("SessionView.agenda" if "next" in request.form else "SessionView.people", pk=pk)
                )
            conflict = people_conflict(session, form) if status == STALE else None
        return self._people_page(session, form, conflict), status

    def _people_page(self, session: EvaluationSession, form: PeopleForm, conflict: Any = None) -> str:
        lines = lines_of(session, g.user)
        names = names_of({*form.secretary_ids.data, *form.member_ids.data})
        before = queries.session_before(session, g.user)
        again = [key for keys in queries.seats_again(session, before).values() for key in keys]
        return self.page(
            "fund/session/people.html",
            session=session,
            form=form,
            conflict=conflict,
            secretaries=[(key, names[key]) for key in form.secretary_ids.data if key in names],
            members=[(key, names[key]) for key in form.member_ids.data if key in names],
            seats=queries.seats_of(session, lines),
            overlaps=queries.overlaps(session),
            before=before,
            again=again,
        )

    @expose("/<int:pk>/people/again", methods=["POST"])
    @needs("session.edit")
    def people_again(self, pk: int) -> ResponseReturnValue:
        """Seat those of the session before who may still sit and do not sit yet, in the roles they had."""
        session = session_or_404(pk)
        more = queries.seats_again(session, queries.session_before(session, g.user))
        content: dict[str, Any] = {
            f"{role}_ids": [user.id for user in session.people(role)] + more[role]
            for role in (MemberRole.SECRETARY, MemberRole.MEMBER)
        }
        if more[MemberRole.CHAIR]:
            content["chair_id"] = more[MemberRole.CHAIR][0]
        return self._change_seats(session, content, _("The members of the session before are added."))

    @expose("/<int:pk>/people/remove", methods=["POST"])
    @needs("session.edit")
    def people_remove(self, pk: int) -> ResponseReturnValue:
        """Take one person out of the session; the chair's seat is empty then."""
        session = session_or_404(pk)
        gone = request.form.get("user_id", "")
        left = {
            role: [user.id for user in session.people(role) if str(user.id) != gone]
            for role in (MemberRole.CHAIR, MemberRole.SECRETARY, MemberRole.MEMBER)
        }
        content = {
            "chair_id": next(iter(left[MemberRole.CHAIR]), None),
            "secretary_ids": left[MemberRole.SECRETARY],
            "member_ids": left[MemberRole.MEMBER],
        }
        return self._change_seats(session, content, _("The person was taken out of the session."))

    def _change_seats(self, session: EvaluationSession, content: dict[str, Any], words: str) -> ResponseReturnValue:
        news = News(session)
        if done(
            lambda: session.perform("edit", g.user, request.form.get("version"), content=content),
            lambda: tell_stale(session),
        ):
            news.flash(words)
        return redirect(url_for("SessionView.people", pk=session.id))

    @expose("/find-people")
    @needs("session.edit")
    def find_people(self) -> ResponseReturnValue:
        """The lists to choose from: committee members, for secretaries fund staff as well."""
        role = request.args.get("role", MemberRole.MEMBER)
        if role not in (MemberRole.CHAIR, MemberRole.SECRETARY, MemberRole.MEMBER):
            abort(400)
        key = request.args.get("session", "")
        session = session_or_404(int(key)) if key.isascii() and key.isdecimal() and len(key) < 19 else None
        taken = {member.user_id: member.role for member in session.members} if session else {}
        found = queries.find_people(request.args.get("q", ""), role)
        places = queries.affiliations_of(account.id for account in found)
        results = []
        for account in found:
            elsewhere = taken.get(account.id, role) != role
            note = (
                _("Sits already: %(role)s", role=role_word(taken[account.id]))
                if elsewhere
                else ", ".join(places.get(account.id, []))
            )
            results.append({"value": account.id, "text": account.full_name, "note": note, "disabled": elsewhere})
        return jsonify(results=results)

    # --- step 3 ------------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/agenda")
    @needs("session.edit")
    def agenda(self, pk: int) -> ResponseReturnValue:
        """The agenda beside the proposals that wait at exactly this level, the longest waiting first."""
        session = session_or_404(pk, loader=queries.with_agenda)
        lines = lines_of(session, g.user)
        q = request.args.get("q", "").strip()[:200]
        offered, has_more = queries.offered(session, g.user, q)
        return self.page(
            "fund/session/agenda.html",
            session=session,
            lines=lines,
            total=total_of(lines),
            offered=offered,
            has_more=has_more,
            most=queries.WAITING_SHOWN,
            q=q,
        )

    @expose("/<int:pk>/agenda/add", methods=["POST"])
    @needs("session.edit")
    def agenda_add(self, pk: int) -> ResponseReturnValue:
        """Put a waiting proposal on the agenda: its own move; pressing twice puts it on once."""
        session = session_or_404(pk)
        proposal = self._proposal()
        item = proposal.open_item
        if item is not None and item.session_id == session.id:
            return self._back_to_agenda(pk)
        number, version = proposal.number, request.form.get("version")
        if done(
            lambda: proposal.perform("put_on_agenda", g.user, version, session=session), lambda: tell_moved(number)
        ):
            flash(_("%(number)s is on the agenda; its applicants are told.", number=number), "success")
        return self._back_to_agenda(pk)

    @expose("/<int:pk>/agenda/remove", methods=["POST"])
    @needs("session.edit")
    def agenda_remove(self, pk: int) -> ResponseReturnValue:
        """Take a proposal off the agenda, so that it waits for another one."""
        session = session_or_404(pk)
        proposal = self._proposal()
        item = proposal.open_item
        if item is None or item.session_id != session.id:
            return self._back_to_agenda(pk)
        number, version = proposal.number, request.form.get("version")
        if done(lambda: proposal.perform("take_off_agenda", g.user, version), lambda: tell_moved(number)):
            flash(_("%(number)s was taken off the agenda and waits for another one.", number=number), "success")
        return self._back_to_agenda(pk)

    @expose("/<int:pk>/agenda/<int:item_id>/move", methods=["GET", "POST"])
    @needs("session.edit")
    def agenda_move(self, pk: int, item_id: int) -> ResponseReturnValue:
        """Give a proposal to another open session of the same level, in one act; its applicants are told once."""
        session = session_or_404(pk)
        item = next((item for item in session.undecided if item.id == item_id), None)
        mine = Proposal.visible_to(g.user, "session.edit")
        if item is None:
            abort(404)
        proposal = record_or_404(mine, Proposal, item.proposal_id)
        targets = queries.other_sessions(session, g.user)
        form = MoveItemForm(data={"version": proposal.version}).offer(targets)
        if not form.is_submitted():
            return self._move_page(session, item, form, targets)
        status = REFUSED
        if form.validate():
            target = next(row.session for row in targets if row.session.id == form.session_id.data)
            status = saved(form, lambda: move_to_session(proposal, target, g.user, form.version.data))
            if status == SAVED:
                words = _(
                    "%(number)s is now on the agenda of %(session)s; its applicants are told.",
                    number=proposal.number,
                    session=target.name,
                )
                flash(words, "success")
                return self._back_to_agenda(pk)
            if status == STALE:
                tell_moved(proposal.number)
                return self._back_to_agenda(pk)
        return self._move_page(session, item, form, targets), status

    def _move_page(self, session: EvaluationSession, item: Any, form: MoveItemForm, targets: Any) -> str:
        return self.page("fund/session/move.html", session=session, item=item, form=form, targets=targets)

    def _proposal(self) -> Any:
        return record_or_404(Proposal.visible_to(g.user, "session.edit"), Proposal, request.form.get("proposal_id", ""))

    @staticmethod
    def _back_to_agenda(pk: int) -> ResponseReturnValue:
        return redirect(url_for("SessionView.agenda", pk=pk, _anchor="agenda"))

    @expose("/<int:pk>/agenda/order", methods=["POST"])
    @needs("session.edit")
    def agenda_order(self, pk: int) -> ResponseReturnValue:
        """Save the order of the items: JSON {version}; 409 with who changed it before, and the version to insist."""
        session = session_or_404(pk)
        on_agenda = {item.id for item in session.items if item.state != ItemState.OFF}
        order = [int(key) for key in request.form.getlist("order") if key.isascii() and key.isdecimal()]
        try:
            session.perform(
                "arrange", g.user, request.form.get("version"), order=[key for key in order if key in on_agenda]
            )
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            return jsonify(error=sentence(refused), code=refused.refusal.code), 422
        except StaleVersion:
            db.session.rollback()
            by, when = last_change(session)
            message = _("%(by)s changed this session at %(when)s.", by=by, when=when)
            return jsonify(error=message, code="stale", version=session.version), 409
        return jsonify(version=session.version, message=_("The order is saved."))


def form_data(session: EvaluationSession) -> dict[str, Any]:
    """The session as its form shows it: day and times are Bangkok's."""
    starts = to_bangkok(session.starts_at)
    return {
        "version": session.version,
        "name": session.name,
        "level": session.level,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": to_bangkok(session.ends_at).time() if session.ends_at else None,
        "place": session.place,
        "link": session.link,
        "chair_id": [session.chair.id] if session.chair else [],
    }
