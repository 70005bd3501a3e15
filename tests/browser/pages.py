"""Every page, once: its endpoint, who of the world looks at it, and the ids in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Look:
    """A page as one or more people open it; `ids` are names in World.ids, `query` stands after the question mark."""

    endpoint: str
    who: tuple[str, ...]
    ids: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    name: str = ""
    status: int = 200

    @property
    def label(self) -> str:
        """Its name among the pictures."""
        return "-".join(filter(None, (self.endpoint.replace(".", "_"), self.name)))


VISITOR = ("visitor",)
APPLICANTS = ("manager", "member")
FUND = ("staff",)
EVERYBODY = ("manager", "member", "staff", "secretary", "super")

LOOKS: tuple[Look, ...] = (
    # --- before one is signed in
    Look("SignView.sign_in", VISITOR),
    Look("RegisterView.form", VISITOR),
    Look("RegisterView.sent", VISITOR),
    Look("RegisterView.resend", VISITOR),
    Look("RegisterView.confirm", VISITOR, given={"token": "gone"}, status=410),
    Look("ForgottenView.form", VISITOR),
    Look("ForgottenView.sent", VISITOR),
    Look("ForgottenView.reset", VISITOR, given={"token": "gone"}, status=410),
    Look("PublicView.terms", VISITOR),
    Look("PublicView.privacy", VISITOR),
    Look("PublicView.accessibility", VISITOR),
    # --- everybody's own
    Look("HomeView.index", EVERYBODY),
    Look("HomeView.index", ("alone",), name="alone"),
    Look("AccountView.profile", ("newcomer",), name="first"),
    Look("AccountView.profile", ("member", "staff")),
    Look("AccountView.password", ("member",)),
    Look("AccountView.sessions", ("member",)),
    Look("AddressView.form", ("member",)),
    Look("AddressView.confirm", VISITOR, given={"token": "gone"}, status=410),
    Look("TextsView.form", ("alone",)),
    Look("OwnMessagesView.form", ("member", "staff")),
    Look("OwnDataView.form", ("member", "staff")),
    Look("RecordFilesView.form", ("super",), given={"name": "organization"}),
    Look("RecordFilesView.show", ("super",), ids={"pk": "import"}, given={"name": "organization"}),
    Look("OwnFilesView.list", ("member",), name="empty"),
    Look("OwnFilesView.list", ("staff",)),
    Look("NotificationView.list", ("member", "secretary")),
    Look("SearchView.index", ("member", "staff"), query="q=อ่านง่าย"),
    Look("SearchView.index", FUND, query="q=ไม่มีชื่อนี้", name="nothing-found"),
    Look("SearchView.index", FUND, name="empty"),
    # --- organizations
    Look("OrganizationView.choose", ("alone",)),
    Look("OrganizationView.new", ("alone",)),
    Look("OrganizationView.list", ("staff", "super")),
    Look("OrganizationView.map", FUND),
    Look("OrganizationView.show", ("manager", "member", "staff", "super"), {"pk": "organization"}),
    Look("OrganizationView.edit", ("manager",), {"pk": "organization"}),
    Look("HandOverView.list", ("manager",), {"organization": "organization"}),
    Look("DuplicateView.list", ("staff", "super")),
    Look("DuplicateView.merge", ("super",), name="find"),
    Look("DuplicateView.merge", ("super",), {"one": "organization", "other": "twin"}, name="compare"),
    # --- generated pages: one template each for every kind of record
    Look("RecordToolsView.index", ("staff", "super")),
    Look("RecordToolsView.outcome", FUND, ids={"job": "bulk"}, given={"name": "evaluation_session"}),
    Look("EvaluationSessionRecordView.list", FUND),
    Look("EvaluationSessionRecordView.edit", FUND, ids={"pk": "group"}),
    Look("ProposalRecordView.list", FUND, query="from-fiscal_year=2569&q=คน"),
    Look("OrganizationRecordView.list", ("super",), query="f-sector=private&from-registered_year=abc", status=400),
    Look("OrganizationRecordView.list", ("super",), query="f-sector=public&q=ไม่มีชื่อนี้", name="nothing-found"),
    Look("OrganizationRecordView.add", ("super",)),
    Look("OrganizationRecordView.show", ("super",), ids={"pk": "organization"}),
    Look("OrganizationRecordView.history", ("super",), ids={"pk": "organization"}),
    # --- proposals and the wizard
    Look("ProposalView.list", EVERYBODY),
    Look("ProposalView.list", ("alone",), name="empty"),
    Look("ProposalView.list", FUND, query="q=ไม่มีชื่อนี้", name="nothing-found"),
    Look("ProposalView.show", ("manager", "staff", "secretary", "super"), {"pk": "approved"}, name="approved"),
    Look("ProposalView.show", ("member", "staff"), {"pk": "failed"}, name="failed"),
    Look("ProposalView.show", ("member",), {"pk": "draft"}, name="draft"),
    Look("ProposalView.show", FUND, {"pk": "screening"}, name="screening"),
    Look("ProposalView.history", ("staff", "super"), {"pk": "approved"}),
    Look("ProposalView.compare", ("member", "staff"), {"pk": "revised"}),
    Look("ProposalView.revision", ("member", "staff"), {"pk": "approved"}, {"number": 1}),
    Look("ProposalMoveView.deleted", ("member",)),
    Look("BringView.list", ("member",)),
    Look("BringView.begin", ("member",), {"pk": "approved"}),
    *(
        Look("WizardView.part", ("member",), {"pk": "draft"}, {"part": part}, name=part)
        for part in ["1", "2.1", "2.2", "2.3", "2.4", "3", "4"]
    ),
    Look("WizardView.part", ("member",), {"pk": "begun"}, {"part": "2.2"}, name="begun"),
    Look("WizardView.part", ("member",), {"pk": "ready"}, {"part": "1"}, name="locked"),
    Look("WizardView.review", ("member",), {"pk": "begun"}, name="begun"),
    Look("WizardView.review", ("manager",), {"pk": "draft"}),
    # --- the fund's work
    Look("ScreeningView.list", FUND),
    Look("ScreeningView.form", FUND, {"pk": "screening"}),
    Look("SessionView.list", ("staff", "secretary")),
    Look("SessionView.new", FUND),
    Look("SessionView.edit", FUND, {"pk": "group"}),
    Look("SessionView.people", FUND, {"pk": "group"}),
    Look("SessionView.agenda", FUND, {"pk": "group"}),
    Look("SessionView.agenda_move", FUND, {"pk": "group", "item_id": "group_item"}),
    Look("SessionView.month", ("staff", "secretary")),
    Look("SessionView.show", ("staff", "secretary"), {"pk": "group"}),
    Look("ScoringView.record", ("staff",), {"pk": "group_item"}, name="group"),
    Look("ScoringView.record", ("secretary",), {"pk": "sub_item"}, name="sub"),
    Look("ScoringView.record", FUND, {"pk": "board_item"}, name="board"),
    Look("ScoringView.result", ("staff", "secretary"), {"pk": "result_item"}),
    # --- statistics
    Look("StatisticsView.index", ("visitor", "member", "staff", "secretary")),
    Look("StatisticsView.index", FUND, query="sector=private&kind=learning", name="narrowed"),
    Look("ScoringFormView.list", FUND),
    Look("ScoringFormView.show", FUND, {"pk": "scoring_form"}, name="in-force"),
    Look("ScoringFormView.show", FUND, {"pk": "scoring_draft"}, name="draft"),
    Look("ScoringFormView.edit", FUND, {"pk": "scoring_draft"}),
    # --- people, messages, the log
    Look("UserView.list", ("staff", "super")),
    Look("UserView.committee", FUND),
    Look("UserView.new", FUND),
    Look("UserView.show", ("staff", "super"), {"pk": "person"}),
    Look("UserView.edit", FUND, {"pk": "person"}),
    Look("MessageView.list", FUND),
    Look("MessageView.list", FUND, query="tab=waiting", name="waiting"),
    Look("MessageView.list", FUND, query="tab=sent", name="sent"),
    Look("MessageView.show", FUND, {"pk": "message"}),
    Look("AccessLogView.list", ("staff", "super")),
    Look("PermissionView.matrix", ("super",)),
    Look("PermissionView.reset", ("super",), given={"domain": "fund"}),
    Look("PermissionView.restore", ("super",), {"pk": "matrix_change"}),
    Look("PermissionView.history", ("super",)),
    Look("WhyView.ask", ("super",)),
    Look(
        "WhyView.ask",
        ("super",),
        {"person": "person", "record": "number"},
        {"permission": "proposal.view"},
        name="answered",
    ),
    Look("PrivacyRequestView.list", ("super",)),
    Look("PrivacyRequestView.list", ("super",), query="tab=answered", name="answered"),
    Look("PrivacyRequestView.show", ("super",), {"pk": "privacy_request"}),
    Look("ApiKeyView.list", ("super",)),
    Look("ApiKeyView.give", ("super",)),
    Look("ApiKeyView.show", ("super",), {"pk": "api_key"}),
    Look("ApiDocsView.index", ("super",)),
    Look("ApiDocsView.index", ("member",), name="nothing"),
    Look("SettingView.list", ("super",)),
    Look("SettingView.edit", ("super",), given={"name": "fund.length.long"}),
    # --- the data console
    Look("console.index", ("super",)),
    *(
        Look(f"console_{view}.index_view", ("super",))
        for view in ("grants", "devices", "consents", "limits", "jobs", "backups", "numbers", "permissions")
    ),
    *(Look(f"console_{view}.index_view", ("super",)) for view in ("topics", "affiliations", "apart", "files")),
    *(
        Look(f"console_{view}.details_view", ("super",), {"id": key})
        for view, key in (
            ("grants", "grant"),
            ("devices", "device"),
            ("jobs", "job"),
            ("backups", "backup"),
            ("permissions", "permission"),
            ("topics", "topic"),
            ("affiliations", "affiliation"),
            ("apart", "apart"),
        )
    ),
    Look("console_topics.edit_view", ("super",), {"id": "topic"}),
    Look("console_affiliations.edit_view", ("super",), {"id": "affiliation"}),
    Look("console_choices.index_view", ("super",)),
    Look("console_choices.index_view", ("super",), given={"node": "hearing", "deed": "rename"}, name="renaming"),
    Look("console_scoring.index_view", ("super",)),
    Look("console_scoring.index_view", ("super",), {"id": "scoring_form"}, name="published"),
    Look("console_files.index_view", ("super",), {"month": "month"}, {"purpose": "fund_attachment"}, name="month"),
    Look("console_files.show", ("super",), {"id": "file"}),
    Look("AccessLogView.show", ("super",), {"seq": "entry"}),
    Look("AccessLogView.list", ("staff",), query="group=permission&since=31/02/2569", name="refused", status=400),
    Look("AccessLogView.list", ("super",), query="group=permission&entity=core_matrix_change", name="filtered"),
)

# What answers GET with something else than a page, and what it is.
NOT_PAGES: dict[str, str] = {
    "static": "a file",
    "appbuilder.static": "a file",
    "health.healthz": "for machines",
    "health.readyz": "for machines",
    "health.metrics": "for machines",
    "FileView.get": "a file",
    "TypingView.token": "JSON",
    "EvaluationSessionRecordView.add": "leads to the page that chooses the chair too",
    "OwnFilesView.lines": "a part of a page",
    "RecordFilesView.export": "a workbook",
    "RecordFilesView.template": "a workbook",
    "RecordFilesView.part": "a part of a page",
    "RecordToolsView.counts": "a part of a page",
    "RecordToolsView.progress": "a part of a page",
    "RecordToolsView.pick": "JSON",
    "AccessLogView.export": "a workbook",
    **{
        f"console_{view}.export": "a workbook"
        for view in ("grants", "devices", "consents", "jobs", "backups", "numbers", "permissions")
    },
    **{f"console_{view}.export": "a workbook" for view in ("topics", "affiliations", "apart")},
    "console_files.open": "a file",
    "AccessLogView.people": "JSON",
    "PermissionView.export": "a workbook",
    "ApiKeyView.people": "JSON",
    "WhyView.people": "JSON",
    "OrganizationView.export": "a workbook",
    "ScoringFormView.paper": "a PDF",
    "UserView.export": "a workbook",
    "UserView.export_committee": "a workbook",
    "OrganizationView.like": "a part of a page",
    "OrganizationView.points": "JSON",
    "OrganizationView.search": "JSON",
    "ProposalView.counts": "a part of a page",
    "ProposalView.export": "a workbook",
    "SessionView.export": "a workbook",
    "StatisticsView.export": "a workbook",
    "SessionView.calendar": "a calendar file",
    "SessionView.mine": "a calendar file",
    "SessionView.find_people": "JSON",
    "MessageView.mail": "a mail, seen in the frame of its message's page",
    "PulseView.index": "JSON",
    "SearchView.suggest": "a part of a page",
    "WizardView.begin": "leads on to a part",
}
