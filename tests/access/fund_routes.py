"""The fund's routes: who may come, to which record, and what is posted."""

from __future__ import annotations

from tests.access.table import (
    APPLICANTS,
    FUND,
    SIGNED_IN,
    Route,
    needs,
)

# Values beginning with @ are taken from the world of the test.
FUND_ROUTES: dict[str, Route] = {
    # --- people -----------------------------------------------------------------------------------------------------
    "UserView.list": needs("user.edit"),
    "UserView.committee": needs("appoint.committee"),
    "UserView.export": needs("user.edit", url={"ending": "csv"}),
    "UserView.export_committee": needs("appoint.committee", url={"ending": "csv"}),
    "UserView.new": needs("appoint.staff", "appoint.committee", "appoint.super_user"),
    "UserView.show": needs("user.edit", url={"pk": "@secretary"}),
    "UserView.edit": needs("user.edit", url={"pk": "@secretary"}),
    "UserView.renew": needs("appoint.staff", "appoint.committee", "appoint.super_user", url={"pk": "@secretary"}),
    "UserView.status": needs("user.set_status", url={"pk": "@secretary"}, data={"status": "closed"}, sees=FUND),
    "UserView.appoint": needs(
        "appoint.staff", "appoint.committee", "appoint.super_user", url={"pk": "@secretary"}, data={"kind": "committee"}
    ),
    "UserView.dismiss": needs(
        "appoint.staff", "appoint.committee", "appoint.super_user", url={"pk": "@secretary"}, data={"kind": "committee"}
    ),
    # --- organizations ----------------------------------------------------------------------------------------------
    "OrganizationView.list": needs("organization.view"),
    "OrganizationView.map": needs("organization.view"),
    "OrganizationView.points": needs("organization.view"),
    "OrganizationView.export": needs("organization.view", url={"ending": "csv"}),
    "OrganizationView.search": Route(SIGNED_IN, query={"q": "มูลนิธิ"}),
    "OrganizationView.like": needs("organization.create", query={"name": "มูลนิธิ"}),
    "OrganizationView.new": needs("organization.create"),
    "OrganizationView.choose": needs("organization.view"),
    "OrganizationView.show": needs("organization.view", record="organization", url={"pk": "@organization"}),
    "OrganizationView.edit": needs("organization.edit", record="managed_organization", url={"pk": "@organization"}),
    "OrganizationView.delete": needs("organization.delete", record="managed_organization", url={"pk": "@organization"}),
    "OrganizationView.restore": needs("organization.delete", url={"pk": "@deleted_organization"}),
    "DuplicateView.list": needs("organization.view", sees=FUND),
    "DuplicateView.apart": needs("organization.merge", data={"one": "@organization", "other": "@foreign_organization"}),
    "DuplicateView.merge": needs(
        "organization.merge", query={"one": "@organization", "other": "@foreign_organization"}
    ),
    "HandOverView.list": needs(
        "proposal.edit", record="managed_organization", url={"organization": "@organization"}, sees={"manager"}
    ),
    "HandOverView.hand_over": needs(
        "proposal.edit",
        record="managed_organization",
        url={"organization": "@organization"},
        data={"ids": "@draft", "to": "@colleague"},
        sees={"manager"},
    ),
    "MemberView.add": needs(
        "member.add",
        record="managed_organization",
        url={"organization": "@organization"},
        data={"email": "x@sala.example"},
    ),
    "MemberView.move": needs(
        "member.set_status",
        "member.remove",
        "appoint.organization_manager",
        "member.leave",
        record="membership",
        url={"organization": "@organization", "pk": "@membership", "action": "suspend"},
        sees={"manager"} | FUND,
    ),
    # --- proposals --------------------------------------------------------------------------------------------------
    "ProposalView.list": needs("proposal.view"),
    "ProposalView.counts": needs("proposal.view"),
    "ProposalView.export": needs("proposal.view", url={"ending": "csv"}),
    "ProposalView.save_filters": needs("proposal.view", data={"name": "ของฉัน"}),
    "ProposalView.change_filters": needs(
        "proposal.view", url={"pk": "@saved_list"}, data={"action": "remove"}, sees={"author"}
    ),
    "BringView.list": needs("proposal.create"),
    "BringView.begin": needs("proposal.create", record="draft", url={"pk": "@draft"}, sees=APPLICANTS),
    "ProposalView.show": needs("proposal.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "ProposalView.revision": needs("proposal.view", record="on_agenda", url={"pk": "@on_agenda", "number": 1}),
    "ProposalView.compare": needs("proposal.view", record="screening", url={"pk": "@revised"}),
    "ProposalView.history": needs("access_log.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "ProposalView.not_consider": needs(
        "proposal.decide", record="screening", url={"pk": "@screening"}, data={"reason": "อยู่นอกภารกิจ"}
    ),
    "ProposalView.not_consider_many": needs("proposal.decide", data={"reason": "อยู่นอกภารกิจ"}),
    "WizardView.create": needs("proposal.create"),
    "WizardView.begin": needs("proposal.edit", record="draft", url={"pk": "@draft"}),
    "WizardView.part": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "WizardView.save": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "WizardView.review": needs("proposal.edit", record="draft", url={"pk": "@draft"}),
    "KeptTypingView.keep": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "KeptTypingView.discard": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "ProposalMoveView.deleted": needs("proposal.restore"),
    "ProposalMoveView.move": needs(
        "proposal.edit",
        "proposal.submit",
        "proposal.delete",
        "proposal.restore",
        record="draft",
        url={"pk": "@draft", "action": "mark_ready"},
        data={"version": "1"},
    ),
    # --- screening --------------------------------------------------------------------------------------------------
    "ScreeningView.list": needs("proposal.decide"),
    "ScreeningView.form": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.save": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.send": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.keep": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.discard": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    # --- sessions and scoring ---------------------------------------------------------------------------------------
    "SessionView.list": needs("session.view"),
    "SessionView.export": needs("session.view", url={"ending": "csv"}),
    "SessionView.new": needs("session.edit"),
    "SessionView.find_people": needs("session.edit", query={"q": "พิมพ์"}),
    "SessionView.show": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.calendar": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.month": needs("session.view"),
    "SessionView.mine": needs("session.view"),
    "SessionView.attendance": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.agenda_move": needs("session.edit", record="session", url={"pk": "@session", "item_id": "@item"}),
    "PaperView.agenda": needs("session.view", record="session", url={"pk": "@session"}),
    "PaperView.resolutions": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.step_out": needs("session.view", record="session", url={"pk": "@session"}, data={"item_id": "@item"}),
    "ScoringView.record": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.save": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.keep": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.forget": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.result": needs("result.view", record="session", url={"pk": "@done_item"}),
    "ScoringFormView.list": needs("scoring_form.edit"),
    "ScoringFormView.new": needs("scoring_form.edit"),
    **{
        f"ScoringFormView.{name}": needs("scoring_form.edit", url={"pk": "@scoring_draft"})
        for name in ("show", "paper", "edit", "save", "keep", "forget", "publish", "discard")
    },
    **{
        f"SessionView.{name}": needs("session.edit", record="session", url={"pk": "@session"})
        for name in (
            "edit",
            "people",
            "people_again",
            "people_remove",
            "agenda",
            "agenda_order",
            "cancel",
            "close",
            "delete",
            "invite",
            "reopen",
        )
    },
    "SessionView.agenda_add": needs(
        "session.edit", record="session", url={"pk": "@session"}, data={"proposal_id": "@waiting"}
    ),
    "SessionView.agenda_remove": needs(
        "session.edit", record="session", url={"pk": "@session"}, data={"proposal_id": "@on_agenda"}
    ),
    "SessionView.step_in": needs(
        "session.edit", record="session", url={"pk": "@session"}, data={"item_id": "@item", "user_id": "@secretary"}
    ),
    # --- statistics -------------------------------------------------------------------------------------------------
    "StatisticsView.index": needs("statistics.view"),
    "StatisticsView.export": needs("statistics.view", url={"ending": "xlsx"}),
    # --- papers -----------------------------------------------------------------------------------------------------
    "PaperView.proposal": needs("proposal.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "PaperView.comparison": needs("proposal.view", record="screening", url={"pk": "@revised"}),
    "PaperView.screening_form": needs("result.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "PaperView.scoring_form": needs(
        "result.view", record="on_agenda", url={"pk": "@on_agenda", "level": "group"}, sees=FUND | {"secretary"}
    ),
}
