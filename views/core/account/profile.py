"""Own profile, password, devices and consents (spec: fund.md 2.2 and 2.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from forms.core.account import ChangePasswordForm, ProfileForm, TwicePasswordForm
from models.core import audit, draft, legal, registration, staffing
from models.core.db import StaleVersion, begin_writing, db
from models.core.file import StoredFile, staged_by
from models.core.identity import Account, end_sessions, open_sessions
from models.core.password import hash_password, password_matches
from models.core.reference.titles import TITLES
from models.core.workflow import Refused
from services import throttle
from views.core import ways
from views.core.access import keep_typing, needs, reads_first, signed_in, signed_in_at_entry, signed_in_early
from views.core.base import PageView, tell_refused
from views.core.conflict import Conflict, conflict_of
from views.core.kept import base_number
from views.core.limits import too_many
from views.core.look import file_size
from views.core.sign import leave

CLASHABLE = ("title", "first_name", "last_name", "citizen_id", "position", "work_group", "telephone", "mobile")


KEPT_FORM = "profile"


@dataclass(frozen=True)
class ProfilePart:
    """A fieldset that a domain adds to the profile form, such as the organization.

    `make` gives the part's form, or None when there is nothing to ask of this account; `save` keeps what was chosen
    and gives the address to go on to, or None, and raises Refused. The template gets the form as `part`.
    """

    template: str
    make: Callable[[Account], Any]
    save: Callable[[Account, Any], str | None]


profile_parts: list[ProfilePart] = []


def _password_meanwhile() -> str:
    return _("Somebody has chosen a password for this account meanwhile. Sign in with that one.")


def _not_the_present() -> str:
    return _("This is not your present password. Type it again.")


def _the_name() -> str:
    return _("Others know this word: it is your user name or your first password. Choose another one.")


def file_line(file: StoredFile | None) -> list[dict[str, str]]:
    """A stored file as the upload macro shows it."""
    if file is None:
        return []
    url = url_for("FileView.get", key=file.id)
    return [{"id": file.id, "name": file.name, "size": file_size(file.size), "url": url}]


def _in_page_order(form: ProfileForm, parts: list[Any]) -> list[Any]:
    """The fields as the page has them, for the summary of errors: the domains' parts stand above the contacts."""
    own = list(form)
    at = own.index(form.telephone)
    return [*own[:at], *(field for part in parts for field in part), *own[at:]]


def device_name(agent: str) -> str:
    """A browser's self-description in few words: Chrome · Windows."""
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
               ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
    found = [next((label for mark, label in marks if mark in agent), "") for marks in (browsers, systems)]
    return " · ".join(word for word in found if word) or agent[:60] or _("Unknown device")


def stored_profile(account: Account) -> dict[str, Any]:
    """What the profile form shows of an account."""
    profile = account.profile
    return {
        "title": account.title,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "version": profile.version if profile else 0,
        **{field: getattr(profile, field) if profile else "" for field in registration.PROFILE_FIELDS},
        "card": (profile.card_file_id or "") if profile else "",
    }


def _typed_before(account: Account) -> dict[str, Any] | None:
    """What the owner had typed when the session lapsed, over the version it was typed over."""
    if request.method != "GET" or not request.args.get("kept"):
        return None
    found = draft.kept(account.id, KEPT_FORM, "", "")
    return None if found is None else found.content | {"version": found.base_version}


def _keep(account: Account) -> str | None:
    """Keep the posted profile of somebody whose session lapsed, for them alone; the citizen ID is typed again."""
    form = ProfileForm(is_applicant=False)
    content = {name: form[name].data or "" for name in CLASHABLE if name != "citizen_id"}
    content["card"] = str(form.card.data or "")
    draft.keep(account.id, KEPT_FORM, "", "", base_number(form.version.data), content)
    db.session.commit()
    return url_for("AccountView.profile", kept=1)


class AccountView(PageView):
    """ข้อมูลผู้ใช้งาน."""

    route_base = "/account"
    default_view = "profile"

    @expose("/", methods=["GET", "POST"])
    @signed_in_early
    def profile(self) -> ResponseReturnValue:
        """The first sign-in form, and one's own data later."""
        user: Account = g.user
        is_first = registration.must_fill_profile(user)
        is_applicant = bool(user.kinds & registration.APPLICANTS)
        kept = _typed_before(user)
        values = stored_profile(user) | (kept or {})
        form = ProfileForm(is_applicant=is_applicant, data=values)
        parts = [(part, made) for part in profile_parts if (made := part.make(user)) is not None]
        card = self._card(str(form.card.data or ""))
        conflict = None
        status = 200
        if request.method == "POST":
            if card is None:
                form.card.data = ""
            is_right = all([form.validate_on_submit(), *(made.validate_on_submit() for _part, made in parts)])
            status = 422
            if is_right:
                outcome = self._save(user, form, parts, card, is_first)
                if not isinstance(outcome, Conflict):
                    if outcome is not None:
                        return redirect(outcome)
                else:
                    conflict, status = outcome, 409
        return (
            self.page(
                "core/profile.html",
                form=form,
                parts=parts,
                fields=_in_page_order(form, [made for _part, made in parts]),
                is_first=is_first,
                is_applicant=is_applicant,
                files=file_line(card),
                titles=TITLES,
                consents=registration.consents_of(user),
                conflict=conflict,
                was_kept=kept is not None,
            ),
            status,
        )

    @staticmethod
    def _card(file_id: str) -> StoredFile | None:
        """The card that the form names: the one stored already, or one just uploaded by this user."""
        profile = g.user.profile
        if profile is not None and file_id and file_id == profile.card_file_id:
            return db.session.get(StoredFile, file_id)
        return staged_by(g.user, file_id, registration.CARD_PURPOSE) if file_id else None

    @staticmethod
    def _save(
        user: Account, form: ProfileForm, parts: list[tuple[ProfilePart, Any]], card: StoredFile | None, is_first: bool
    ) -> str | Conflict | None:
        """Save all or nothing: where to go next, the conflict to solve, or None after a refusal that was told."""
        profile = user.profile
        try:
            if profile is not None:
                profile.take_version(form.version.data)
            is_new_card = card is not None and card.attached_at is None
            registration.save_profile(user, form.data, card if is_new_card else None)
            targets = [part.save(user, made) for part, made in parts]
            if is_first:
                registration.complete_profile(user)
            draft.drop(user.id, KEPT_FORM, "")
            db.session.commit()
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            db.session.refresh(user)
            stored = stored_profile(user)
            theirs = ProfileForm(formdata=None, data=stored, is_applicant=False)
            return conflict_of(user, form, theirs, CLASHABLE, version=int(stored["version"]))
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return None
        flash(_("Your data is saved."), "success")
        otherwise = url_for("HomeView.index") if is_first else url_for("AccountView.profile")
        return next((target for target in targets if target), otherwise)

    @expose("/password", methods=["GET", "POST"])
    @signed_in_at_entry
    @reads_first
    def password(self) -> ResponseReturnValue:
        """A new password: the old one is asked too, but for one that was handed over."""
        user: Account = g.user
        if not user.password:
            return self._first_password(user)
        is_handed_over = user.must_change_password
        form: Any = TwicePasswordForm() if is_handed_over else ChangePasswordForm()
        if form.validate_on_submit():
            problem = too_many((throttle.CODE, (str(user.id), "password")))
            if problem:
                form.form_errors.append(problem)
            elif self._change(user, form, is_handed_over):
                flash(_("Your new password is stored. Other devices were signed out."), "success")
                return redirect(url_for("HomeView.index") if is_handed_over else url_for("AccountView.profile"))
        page = self.page("core/password.html", form=form, is_handed_over=is_handed_over)
        return page, 422 if request.method == "POST" else 200

    @staticmethod
    def _change(user: Account, form: Any, is_handed_over: bool) -> bool:
        new, known = str(form.password.data), user.password
        if not is_handed_over and not password_matches(user.password, str(form.old.data)):
            form.old.errors = [_not_the_present()]
            return False
        if password_matches(user.password, new):
            form.password.errors = [_("This is the present password. Choose another one.")]
            return False
        if ways.is_own_name(user, new):
            form.password.errors = [_the_name()]
            return False
        hashed = hash_password(new)
        begin_writing()
        if not registration.has_still(user, known):
            db.session.commit()
            form.form_errors.append(_password_meanwhile())
            return False
        registration.set_password(user, hashed, keep=user.get_id())
        audit.note("password.change", user)
        db.session.commit()
        throttle.forget(throttle.CODE, str(user.id), "password")
        db.session.commit()
        return True

    def _first_password(self, user: Account) -> ResponseReturnValue:
        """The password that an account without one gets: what it came in by, the new one twice; then it signs in."""
        found = ways.first_way(user)
        if found is None:
            abort(403)  # It came in by nothing that this site knows.
        way, name = found
        form = ChangePasswordForm()
        form.old.description = way.first.hint
        if form.validate_on_submit():
            problem = too_many((throttle.CODE, (str(user.id), "password")))
            if problem:
                form.form_errors.append(problem)
            elif not way.first.opens(name, str(form.old.data)):
                form.old.errors = [_not_the_present()]
            elif ways.is_own_name(user, str(form.password.data)) or form.password.data == form.old.data:
                form.password.errors = [_the_name()]
            else:
                return self._choose_first(user, str(form.password.data))
        page = self.page("core/password_first.html", form=form, name=name, noun=way.noun)
        return page, 422 if request.method == "POST" else 200

    @staticmethod
    def _choose_first(user: Account, new: str) -> ResponseReturnValue:
        hashed = hash_password(new)
        begin_writing()
        # Of two who came in by the same first password, the one who chooses first has the account.
        if not registration.has_still(user, None):
            db.session.commit()
            leave()
            flash(_password_meanwhile(), "warning")
            return redirect(url_for("SignView.sign_in"))
        registration.set_password(user, hashed)
        audit.note("password.first", user)
        db.session.commit()
        throttle.forget(throttle.CODE, str(user.id), "password")
        db.session.commit()
        leave()
        flash(_("Your new password is stored. Sign in with it."), "success")
        return redirect(url_for("SignView.sign_in"))

    @expose("/sessions")
    @signed_in
    def sessions(self) -> ResponseReturnValue:
        """Where one is signed in."""
        settings = current_app.config["SALA"]
        rows = [
            {"row": row, "device": device_name(row.device), "is_this": row.id == g.session_row.id}
            for row in open_sessions(g.user.id)
            if registration.is_alive(row, settings.session_idle, settings.session_longest)
        ]
        return self.page("core/sessions.html", rows=rows)

    @expose("/sessions/<int:pk>/end", methods=["POST"])
    @signed_in
    def end_session(self, pk: int) -> ResponseReturnValue:
        """End one of one's own sessions; this one is ended by signing out."""
        if pk != g.session_row.id and end_sessions(g.user.id, only=pk):
            audit.note("session.end", g.user, session=pk)
            flash(_("The device was signed out."), "success")
        db.session.commit()
        return redirect(url_for("AccountView.sessions"))

    @expose("/sessions/end-others", methods=["POST"])
    @signed_in
    def end_other_sessions(self) -> ResponseReturnValue:
        """End all of one's own sessions but this one."""
        end_sessions(g.user.id, but=g.user.get_id())
        audit.note("session.end_others", g.user)
        db.session.commit()
        flash(_("All other devices were signed out."), "success")
        return redirect(url_for("AccountView.sessions"))

    @expose("/consent", methods=["POST"])
    @signed_in_early
    def consent(self) -> ResponseReturnValue:
        """Accept the versions of the texts that hold now."""
        registration.accept_texts(g.user, legal.ACCEPTED)
        db.session.commit()
        flash(_("Your acceptance is recorded."), "success")
        return redirect(url_for("AccountView.profile"))

    @expose("/close", methods=["POST"])
    @needs("user.set_status")
    def close(self) -> ResponseReturnValue:
        """Close one's own account: it cannot sign in any more, and every session ends."""
        try:
            staffing.set_status(g.user, False, by=g.user)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("AccountView.profile"))
        leave()
        flash(_("Your account is closed."), "success")
        return redirect(url_for("SignView.sign_in"))


keep_typing("AccountView.profile", _keep)
