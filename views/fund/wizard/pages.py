"""The pages of the wizard: one per part, each saved by itself; and the page that reads the whole once more."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from forms.fund.wizard import PartForm, content_of, differences, form_of, same_content, typed_form
from forms.fund.wizard.parts import StepsForm
from models.core.clock import later
from models.core.db import StaleVersion, db
from models.core.file import StoredFile
from models.core.identity import Account
from models.core.thai.dates import BUDDHIST_OFFSET, MONTHS_EN, MONTHS_TH, MONTHS_TH_SHORT
from models.core.workflow import Refused
from models.fund.codes import ATTACHMENT_PURPOSE, ATTACHMENT_TYPES, State
from models.fund.membership import membership_of
from models.fund.proposal import Proposal, create_proposal
from models.fund.revision import Attachment, Revision
from models.fund.wizard import WrongContent, save_part
from views.core.access import needs
from views.core.base import PageView, tell_refused
from views.core.kept import browser_key
from views.core.look import lang, link
from views.core.sentences import sentence
from views.fund.wizard import kept
from views.fund.wizard.conflict import Conflict, conflict_of, with_picks
from views.fund.wizard.kept import KeptTyping, base_of
from views.fund.wizard.loading import load_revision, part_or_404, proposal_or_404
from views.fund.wizard.moving import moves_of
from views.fund.wizard.navigation import first_to_do, neighbours, progress_of
from views.fund.wizard.sums import sums_of

# An empty draft this young is the one that the same button made a moment ago.
SAME_CLICK = {"minutes": -1}
JUST_SAVED = "wizard_saved"


class WizardView(PageView):
    """สร้างโครงการ and แก้ไขข้อเสนอโครงการ."""

    route_base = "/wizard"
    default_view = "begin"

    @expose("/new", methods=["POST"])
    @needs("proposal.create")
    def create(self) -> ResponseReturnValue:
        """Begin a draft and open its first part; a button pressed twice opens the same draft."""
        # Two presses wait for each other here, so that the second finds what the first has made.
        db.session.execute(select(Account.id).where(Account.id == g.user.id).with_for_update())
        membership = membership_of(g.user)
        if membership is None:
            flash(
                _("You do not belong to an organization yet. Choose or add one first; proposals are made for it."),
                "warning",
            )
            return redirect(url_for("HomeView.index"))
        proposal = self._made_just_now(membership.organization_id)
        if proposal is None:
            try:
                proposal = create_proposal(g.user, membership.organization)
            except Refused as refused:
                db.session.rollback()
                tell_refused(refused)
                return redirect(url_for("HomeView.index"))
            db.session.commit()
        return redirect(url_for("WizardView.begin", pk=proposal.id))

    @staticmethod
    def _made_just_now(organization_id: int) -> Proposal | None:
        return db.session.scalar(
            Proposal.visible_to(g.user, "proposal.edit")
            .join(Revision, Revision.id == Proposal.current_revision_id)
            .where(
                Proposal.author_id == g.user.id,
                Proposal.organization_id == organization_id,
                Proposal.created_at > later(**SAME_CLICK),
                Proposal.state == State.DRAFT,
                Revision.version == 1,  # Nothing was saved in it yet.
            )
            .order_by(Proposal.id.desc())
            .limit(1)
        )

    @expose("/<int:pk>")
    @needs("proposal.edit")
    def begin(self, pk: int) -> ResponseReturnValue:
        """Open the first part that misses something."""
        proposal = proposal_or_404(pk)
        if elsewhere := _own_page(proposal):
            return redirect(elsewhere)
        revision = load_revision(proposal.current_revision_id)
        return redirect(url_for("WizardView.part", pk=pk, part=first_to_do(revision)))

    @expose("/<int:pk>/<part>")
    @needs("proposal.edit")
    def part(self, pk: int, part: str) -> ResponseReturnValue:
        """A part to fill in: as it is saved, or with the typing that was kept for this person."""
        proposal = proposal_or_404(pk)
        part_or_404(part)
        if elsewhere := _own_page(proposal):
            return redirect(elsewhere)
        revision = load_revision(proposal.current_revision_id)
        if refusal := proposal.refusal("save", g.user):
            return self._read(proposal, revision, _locked(proposal, sentence(refusal)))
        typing = kept.offered(g.user, revision, part)
        form = typed_form(part, typing.typed, revision) if typing else form_of(revision, part)
        return self._show(proposal, revision, form, typing=typing)

    @expose("/<int:pk>/<part>", methods=["POST"])
    @needs("proposal.edit")
    def save(self, pk: int, part: str) -> ResponseReturnValue:
        """Save a part, complete or not; what is wrong is told in place, and nothing typed is lost."""
        proposal = proposal_or_404(pk)
        part_or_404(part)
        revision = load_revision(proposal.current_revision_id)
        form = typed_form(part, request.form, revision)
        if not form.validate():
            return self._again(proposal, revision, form)
        content = with_picks(form.content(), content_of(revision, part), request.form)
        try:
            clash = self._write(proposal, part, content)
        except WrongContent as wrong:
            db.session.rollback()
            form.tell(wrong.problems)
            return self._again(proposal, load_revision(proposal.current_revision_id), form)
        except Refused as refused:
            db.session.rollback()
            kept.keep_posted(g.user, proposal.id, part)
            db.session.commit()
            tell_refused(refused)
            return redirect(url_for("WizardView.part", pk=pk, part=part))
        if clash is not None:
            revision = load_revision(proposal.current_revision_id)
            return self._again(proposal, revision, form, conflict=clash)
        kept.drop(g.user, proposal.id, part)
        db.session.commit()
        return self._go_on(proposal, part)

    @staticmethod
    def _write(proposal: Proposal, part: str, content: dict[str, Any]) -> Conflict | None:
        """Write a part over the state it was typed over; None when it is saved, else what stands against it.

        A save of another part raises the proposal's version as well; then this part is as its page showed it, and
        nobody's work is lost by going on.
        """
        version: int | str | None = request.form.get("version")
        for _attempt in range(3):
            try:
                save_part(proposal, part, content, g.user, version)
            except StaleVersion:
                db.session.rollback()
                revision = load_revision(proposal.current_revision_id)
                if refusal := proposal.refusal("save", g.user):
                    raise Refused(refusal) from None
                theirs = content_of(revision, part)
                if same_content(content, theirs):
                    return None  # Pressed twice: the first press saved it.
                if request.form.get("base") != base_of(revision, part):
                    return conflict_of(proposal, differences(content, theirs), g.user)
                version = proposal.version
            else:
                return None
        revision = load_revision(proposal.current_revision_id)
        return conflict_of(proposal, differences(content, content_of(revision, part)), g.user)

    def _again(
        self, proposal: Proposal, revision: Revision, form: PartForm, conflict: Conflict | None = None
    ) -> ResponseReturnValue:
        """The page with what was typed: 422 with its errors, or 409 with what somebody else saved."""
        kept.keep_posted(g.user, proposal.id, form.part)
        db.session.commit()
        page, _status = self._show(proposal, revision, form, conflict=conflict)
        return page, 409 if conflict else 422

    def _go_on(self, proposal: Proposal, part: str) -> ResponseReturnValue:
        session[JUST_SAVED] = f"{proposal.id}/{part}"  # The browser then forgets its own copy.
        if request.form.get("go") == "next":
            _before, after = neighbours(part)
            if after is None:
                return redirect(url_for("WizardView.review", pk=proposal.id), 303)
            return redirect(url_for("WizardView.part", pk=proposal.id, part=after), 303)
        flash(_("Saved"), "success")
        return redirect(url_for("WizardView.part", pk=proposal.id, part=part), 303)

    @expose("/<int:pk>/review")
    @needs("proposal.edit")
    def review(self, pk: int) -> ResponseReturnValue:
        """Everything once more, to read before it is sent, and the moves."""
        proposal = proposal_or_404(pk)
        if elsewhere := _own_page(proposal):
            return redirect(elsewhere)
        return self._read(proposal, load_revision(proposal.current_revision_id), None)

    def _read(self, proposal: Proposal, revision: Revision, notice: str | None) -> ResponseReturnValue:
        return self.page(
            "fund/wizard/review.html",
            proposal=proposal,
            revision=revision,
            progress=progress_of(revision),
            moves=moves_of(proposal),
            notice=notice,
            print_url=_print_url(revision),
            just_saved=session.pop(JUST_SAVED, None),
            browser=_browser(proposal, revision, None),
        )

    def _show(
        self,
        proposal: Proposal,
        revision: Revision,
        form: PartForm,
        *,
        typing: KeptTyping | None = None,
        conflict: Conflict | None = None,
    ) -> tuple[str, int]:
        """A part's page. What it was opened on goes along: the version, and the mark of the part's saved content.

        A form shown again keeps those it came with, so that what somebody else saved meanwhile is noticed; only a
        page that shows the other's values goes on from them.
        """
        part = form.part
        before, after = neighbours(part)
        posted = request.form if request.method == "POST" and conflict is None else {}
        version = typing.version if typing else posted.get("version", proposal.version)
        base = typing.base if typing else posted.get("base") or base_of(revision, part)
        page = self.page(
            "fund/wizard/part.html",
            proposal=proposal,
            revision=revision,
            part=part,
            form=form,
            version=version,
            base=base,
            progress=progress_of(revision, part),
            moves=moves_of(proposal),
            before=before,
            after=after,
            typing=typing,
            conflict=conflict,
            errors=form.summary(),
            sums=sums_of(form, revision) if isinstance(form, StepsForm) else None,
            files=_files(form, proposal) if part == "4" else {},
            accept=",".join(f".{name}" for name in (*ATTACHMENT_TYPES, "jpeg")),
            upload_url=url_for("FileView.upload", purpose=ATTACHMENT_PURPOSE),
            max_bytes=current_app.config["SALA"].max_upload_mb * 1024 * 1024,
            print_url=_print_url(revision),
            just_saved=session.pop(JUST_SAVED, None),
            browser=_browser(proposal, revision, part),
        )
        return page, 200


def _own_page(proposal: Proposal) -> str | None:
    """The proposal's own page, where what is no draft any more is read; None for a draft, ready or not."""
    return None if proposal.is_draft else link("ProposalView.show", pk=proposal.id)


def _locked(proposal: Proposal, reason: str) -> str:
    """Why a part cannot be filled in now, and what can be done."""
    if proposal.state == State.READY:
        return _("The draft is marked as ready and locked. Take it back to edit it.")
    return reason


def _print_url(revision: Revision) -> str | None:
    return link("PaperView.proposal", pk=revision.proposal_id, revision=revision.number)


def _files(form: PartForm, proposal: Proposal) -> dict[str, StoredFile]:
    """The files that the form names, by id: those of this person in staging, and those of this proposal."""
    ids = {row["file_id"].value for field in form.lists for row in field.list.rows if row.has_file}
    if not ids:
        return {}
    attached = select(Attachment.file_id).join(Revision).where(Revision.proposal_id == proposal.id)
    staged = and_(StoredFile.attached_at.is_(None), StoredFile.uploaded_by == g.user.id)
    found = db.session.scalars(
        select(StoredFile).where(
            StoredFile.id.in_(ids),
            StoredFile.purpose == ATTACHMENT_PURPOSE,
            or_(StoredFile.id.in_(attached), staged),
        )
    )
    return {file.id: file for file in found}


def _browser(proposal: Proposal, revision: Revision, part: str | None) -> dict[str, Any]:
    """What the page's script needs: addresses, the person's key, sums to compare with, sentences, names of months."""
    asked = (revision.amount_asked or 0) + revision.other_sources
    months = {
        name.replace(".", "").casefold(): number
        for names in (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, [month[:3] for month in MONTHS_EN])
        for number, name in enumerate(names, start=1)
    }
    return {
        "user": g.user.id,
        "proposal": proposal.id,
        "revision": revision.id,
        "part": part,
        "key": browser_key(g.user, kept.FORM),
        "keepUrl": url_for("KeptTypingView.keep", pk=proposal.id, part=part) if part else None,
        "tokenUrl": url_for("TypingView.token"),
        "signInUrl": url_for("SignView.sign_in", next=request.path),
        "asked": int(asked * 100) if part == "2.4" else None,
        "months": months if part == "2.4" else {},
        "monthsShort": list(MONTHS_TH_SHORT) if lang() == "th" else [month[:3] for month in MONTHS_EN],
        "era": BUDDHIST_OFFSET if lang() == "th" else 0,
        "text": {
            "saving": _("Keeping what you type…"),
            "typed": _("Typing…"),
            "offline": _("No connection. What you type is kept in this browser and sent when the connection is back."),
            "ended": _("Your session has ended. What you typed is kept; sign in again in a new tab and go on here."),
            "ended_short": _("Not kept on the server: signed out"),
            "other_user": _(
                "Somebody else has signed in on this browser. Sign in again as yourself; what you typed is kept here."
            ),
            "failed": _("What you typed could not be kept. Save it, or copy it elsewhere."),
            "sums": _("Step {step}: {step_budget} baht. In all {budget} baht, {days} days"),
        },
    }
