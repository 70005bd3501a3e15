"""The pages of proposals, for applicants, staff, committees and super users alike (spec: fund.md 4 and 5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import BadRequest

from models.core import audit
from models.core.db import StaleVersion, db
from models.core.matrix import allows
from models.core.reference.provinces import province_choices, province_name
from models.core.saved_list import SavedList
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused
from models.fund import scope
from models.fund.codes import SHORT_LENGTH
from models.fund.membership import membership_of
from models.fund.proposal import Proposal
from models.fund.revision import Revision
from views.core.access import needs
from views.core.base import PageView, record_or_404, tell_refused
from views.core.lists import capped, saved_tab
from views.core.look import lang
from views.core.sentences import sentence
from views.core.widgets import link
from views.fund.proposal import asked as asking
from views.fund.proposal import history as histories
from views.fund.proposal import queries
from views.fund.proposal.asked import Asked
from views.fund.proposal.comparing import differences, summary_of, two_revisions
from views.fund.proposal.lines import Reader, lines_of, title_of, widths_of
from views.fund.proposal.page import may_see_people, results_by_level, shown_state, timeline
from views.fund.proposal.tools import ListTools, may_share, query_of, returning, saved_tabs
from views.fund.wizard.loading import load_revision
from views.fund.words import disability_label, level_label, status_label

VIEW = "proposal.view"
MOST_AT_ONCE = 100


class ProposalView(ListTools, PageView):
    """โครงการ."""

    route_base = "/proposals"
    default_view = "list"

    # --- the list ----------------------------------------------------------------------------------------------------

    @expose("/")
    @needs(VIEW)
    def list(self) -> ResponseReturnValue:
        """One page of the proposals that the user may see; counts follow by themselves."""
        wanted = asking.read(request.args, queries.tabs_of(g.user))
        shown, page = queries.page(g.user, wanted)
        saved = saved_tabs()
        reader = Reader.of(g.user)
        lines = lines_of(page.rows, reader)
        is_empty = not page.rows and not (wanted.after or wanted.before)
        return self.page(
            "fund/proposal/list.html",
            asked=shown,
            page=page,
            lines=lines,
            reader=reader,
            widths=widths_of(lines),
            sees_many=queries.sees_many(g.user),
            tabs=_tabs(shown, saved),
            saved=[one for one, _asked in saved if one.user_id == g.user.id],
            may_share=may_share(g.user),
            can_save=bool(shown.filters) and query_of(shown) not in [one.query for one, _asked in saved],
            applied=_applied(shown),
            years=[(year, _("Year %(year)s", year=year)) for year in queries.years(page)],
            levels=[(level, level_label(level)) for level in asking.LEVELS],
            statuses=[(status, status_label(status)) for status in asking.STATUSES],
            provinces=province_choices(lang()) if queries.sees_many(g.user) else [],
            sizes=asking.SIZES,
            is_lost_jump=bool(wanted.at) and queries.jump_to(wanted) is None,
            way_out=_way_out(shown) if is_empty else None,
            create_url=_create_url(),
        )

    @expose("/counts")
    @needs(VIEW)
    def counts(self) -> ResponseReturnValue:
        """The tabs with their counts and the list's total, fetched after the page."""
        wanted = asking.read(request.args, queries.tabs_of(g.user))
        saved = saved_tabs()
        by_tab, of_saved, total = queries.counts(g.user, wanted, [asked for _one, asked in saved])
        tabs = _tabs(wanted, saved, by_tab, of_saved)
        return self.page("fund/proposal/_counts.html", asked=wanted, tabs=tabs, total=capped(total), is_part=True)

    # --- one proposal ------------------------------------------------------------------------------------------------

    @expose("/<int:pk>")
    @needs(VIEW)
    def show(self, pk: int) -> ResponseReturnValue:
        """The proposal with the revision that the user reads."""
        return self._show(_proposal(pk), None)

    @expose("/<int:pk>/revisions/<int:number>")
    @needs(VIEW)
    def revision(self, pk: int, number: int) -> ResponseReturnValue:
        """An earlier (or the latest) revision, as it was submitted."""
        return self._show(_proposal(pk), number)

    def _show(self, proposal: Proposal, number: int | None, status: int = 200, **more: Any) -> ResponseReturnValue:
        revisions: list[Revision] = [*proposal.readable_revisions(g.user, VIEW)]
        found = [revision for revision in revisions if number in (None, revision.number)]
        if not found:
            abort(404)
        revision = load_revision(found[-1].id)
        is_applicant = scope.acts_as_applicant(proposal, g.user, VIEW)
        if not is_applicant:
            # The page names a coordinator with telephone and e-mail: whoever of the fund looked is written down.
            audit.note("fund_proposal.view", proposal, revision=revision.number)
        sees_people = may_see_people(proposal, g.user)
        page = self.page(
            "fund/proposal/show.html",
            proposal=proposal,
            revision=revision,
            is_latest=revision.id == revisions[-1].id,
            readable=len(revisions),
            revisions=[one for one in reversed(revisions) if one.is_submitted],
            title=title_of(revision),
            state=shown_state(proposal, is_applicant),
            is_applicant=is_applicant,
            sees_people=sees_people,
            events=timeline(proposal, revisions, g.user),
            levels=results_by_level(proposal, revision, g.user),
            history_url=link("ProposalView.history", pk=proposal.id)
            if sees_people and allows(g.user, "access_log.view")
            else None,
            closing=self._closing(proposal),
            disabilities=[disability_label(kind) for kind in revision.disabilities],
            **{"reason": "", "reason_error": "", **more},
        )
        return page, status

    @staticmethod
    def _closing(proposal: Proposal) -> bool:
        """Whether the user may close the proposal without consideration now."""
        if not allows(g.user, "proposal.decide"):
            return False
        return proposal.refusal("not_consider", g.user) is None

    @expose("/<int:pk>/compare")
    @needs(VIEW)
    def compare(self, pk: int) -> ResponseReturnValue:
        """Two revisions that the user may read, difference by difference; the last two unless said otherwise."""
        proposal = _proposal(pk)
        revisions, old, new = two_revisions(proposal)
        everything = bool(request.args.get("all"))
        parts = differences(old, new, everything=everything)
        if not scope.acts_as_applicant(proposal, g.user, VIEW):
            audit.note("fund_proposal.view", proposal, revision=new.number)
        return self.page(
            "fund/proposal/compare.html",
            proposal=proposal,
            title=title_of(new),
            old=old,
            new=new,
            revisions=revisions,
            parts=parts,
            summary=summary_of(parts),
            everything=everything,
            pdf_url=link(
                "PaperView.comparison", pk=pk, old=old.number, new=new.number, all="1" if everything else None
            ),
        )

    @expose("/<int:pk>/history")
    @needs("access_log.view")
    def history(self, pk: int) -> ResponseReturnValue:
        """Who changed what, from what to what, for the fund's staff."""
        proposal = _proposal(pk)
        if not may_see_people(proposal, g.user):
            abort(404)
        entries, page = histories.page_of(proposal, request.args.get("after"), request.args.get("before"))
        return self.page(
            "fund/proposal/history.html", proposal=proposal, title=title_of(proposal), entries=entries, page=page
        )

    # --- ไม่พิจารณา ----------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/not-consider", methods=["POST"])
    @needs("proposal.decide")
    def not_consider(self, pk: int) -> ResponseReturnValue:
        """Close a proposal without a judgement, for a reason that its applicants read."""
        proposal = record_or_404(Proposal.visible_to(g.user, "proposal.decide"), Proposal, pk)
        reason = request.form.get("reason", "")
        if error := _too_long(reason):
            return self._show(proposal, None, 422, reason=reason, reason_error=error)
        try:
            proposal.perform("not_consider", by=g.user, version=request.form.get("version"), reason=reason)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            if refused.refusal.code == "reason_needed":
                return self._show(_proposal(pk), None, 422, reason=reason, reason_error=sentence(refused))
            tell_refused(refused)
        except StaleVersion:
            db.session.rollback()
            error = _("Somebody changed the proposal meanwhile. Look at it again; your reason is kept.")
            return self._show(_proposal(pk), None, 409, reason=reason, reason_error=error)
        else:
            flash(_("The proposal was closed without consideration; its applicants were told."), "success")
        return redirect(url_for("ProposalView.show", pk=pk))

    @expose("/not-consider", methods=["POST"])
    @needs("proposal.decide")
    def not_consider_many(self) -> ResponseReturnValue:
        """Close the ticked proposals for one reason; those that cannot be are told one by one."""
        back = redirect(returning().url())
        ticked = dict.fromkeys(request.form.getlist("ids"))
        reason = request.form.get("reason", "")
        if not ticked or len(ticked) > MOST_AT_ONCE:
            raise BadRequest
        if not reason.strip():
            flash(sentence(Refusal("reason_needed")), "warning")
            return back
        if error := _too_long(reason):
            flash(error, "warning")
            return back
        done = 0
        for key in ticked:
            pk, _colon, version = key.partition(":")
            proposal = record_or_404(Proposal.visible_to(g.user, "proposal.decide"), Proposal, pk)
            try:
                proposal.perform("not_consider", by=g.user, version=version, reason=reason)
                db.session.commit()
                done += 1
            except (Refused, StaleVersion) as error:
                number = proposal.number
                db.session.rollback()
                moved_on = _("Somebody changed it meanwhile. Look at it again.")
                why = sentence(error) if isinstance(error, Refused) else moved_on
                flash(f"{number}: {why}", "warning")
        if done:
            flash(
                ngettext(
                    "%(num)s proposal was closed without consideration.",
                    "%(num)s proposals were closed without consideration.",
                    done,
                ),
                "success",
            )
        return back


def _too_long(reason: str) -> str:
    """What is wrong with the length of a reason; empty when nothing is."""
    length = len(clean_line(reason))
    if length <= SHORT_LENGTH:
        return ""
    return _("The reason has %(length)s characters; shorten it to %(limit)s.", length=f"{length:,}", limit=SHORT_LENGTH)


def _proposal(pk: int) -> Proposal:
    proposal: Proposal = record_or_404(Proposal.visible_to(g.user, VIEW), Proposal, pk)
    return proposal


def _create_url() -> str | None:
    """Where a draft is begun: for those who may create and belong to an organization."""
    if not allows(g.user, "proposal.create") or membership_of(g.user) is None:
        return None
    return link("WizardView.create")


def _tabs(
    asked: Asked,
    saved: list[tuple[SavedList, Asked]],
    counts: dict[str, int] | None = None,
    of_saved: list[int] | None = None,
) -> list[dict[str, Any]]:
    """The tabs that everybody has, then one's own; one's own is current where the list asks for just that."""
    here = query_of(asked)
    own = [
        saved_tab(
            one,
            wanted.url(size=asked.size),
            is_current=one.query == here,
            count=of_saved[index] if of_saved else None,
        )
        for index, (one, wanted) in enumerate(saved)
    ]
    is_own = any(tab["current"] for tab in own)
    labels = {
        "all": _("All"),
        "screening": _("Waiting for the document check"),
        "agenda": _("Waiting for an agenda"),
        "meeting": _("Waiting for the meeting"),
        "returned": _("Returned for revision"),
        "drafts": _("Drafts"),
    }
    return [
        {
            "label": labels[tab],
            "url": Asked(tab=tab, sort=asked.sort, size=asked.size).url(),
            "current": asked.tab == tab and not is_own,
            "count": capped(counts[tab]) if counts else None,
        }
        for tab in queries.tabs_of(g.user)
    ] + own


def _filter_words(asked: Asked) -> dict[str, str]:
    """Each filter in force in words, and the tab."""
    level = level_label(asked.level) if asked.level else ""
    status = status_label(asked.status) if asked.status else ""
    words = {
        "q": _("Number or name: %(text)s", text=asked.q),
        "org": _("Organization: %(text)s", text=asked.org),
        "province": _("Province: %(name)s", name=province_name(asked.province, lang()) if asked.province else ""),
        "year": _("Year %(year)s", year=asked.year),
        "level": _("Level: %(level)s", level=level),
        "status": _("Status: %(status)s", status=status),
    }
    return {name: words[name] for name in asked.filters}


def _unset(asked: Asked, name: str) -> Asked:
    unset: dict[str, Any] = {"tab": "all", "year": None}
    return replace(asked, **{name: unset.get(name, ""), "after": None, "before": None, "at": ""})


def _applied(asked: Asked) -> list[tuple[str, str]]:
    return [(words, _unset(asked, name).url()) for name, words in _filter_words(asked).items()]


def _way_out(asked: Asked) -> dict[str, Any]:
    """What an empty list offers: the one filter without which there is most, and the list without any."""
    found = queries.counts_without_one(g.user, asked)
    best = max(found, key=lambda name: found[name], default=None)
    names = {
        "tab": _("this tab"),
        "q": _("the number or name"),
        "org": _("the organization"),
        "province": _("the province"),
        "year": _("the year"),
        "level": _("the level"),
        "status": _("the status"),
    }
    out: dict[str, Any] = {"is_filtered": bool(found), "all_url": Asked(sort=asked.sort, size=asked.size).url()}
    if best is not None and found[best]:
        out |= {"name": names[best], "count": capped(found[best]), "url": _unset(asked, best).url()}
    return out
