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
    Look("NotificationView.list", ("member", "secretary")),
    # --- organizations
    Look("OrganizationView.choose", ("alone",)),
    Look("OrganizationView.new", ("alone",)),
    Look("OrganizationView.list", ("staff", "super")),
    Look("OrganizationView.map", FUND),
    Look("OrganizationView.show", ("manager", "member", "staff", "super"), {"pk": "organization"}),
    Look("OrganizationView.edit", ("manager",), {"pk": "organization"}),
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
    Look("SessionView.show", ("staff", "secretary"), {"pk": "group"}),
    Look("ScoringView.record", ("staff",), {"pk": "group_item"}, name="group"),
    Look("ScoringView.record", ("secretary",), {"pk": "sub_item"}, name="sub"),
    Look("ScoringView.record", FUND, {"pk": "board_item"}, name="board"),
    Look("ScoringView.result", ("staff", "secretary"), {"pk": "result_item"}),
    # --- people, messages, the log
    Look("UserView.list", ("staff", "super")),
    Look("UserView.committee", FUND),
    Look("UserView.new", FUND),
    Look("UserView.show", ("staff", "super"), {"pk": "person"}),
    Look("UserView.edit", FUND, {"pk": "person"}),
    Look("MessageView.list", FUND),
    Look("MessageView.show", FUND, {"pk": "message"}),
    Look("AccessLogView.list", ("staff", "super")),
    Look("AccessLogView.show", ("super",), {"pk": "entry"}),
)

# What answers GET with something else than a page, and what it is.
NOT_PAGES: dict[str, str] = {
    "static": "a file",
    "appbuilder.static": "a file",
    "health.healthz": "for machines",
    "health.readyz": "for machines",
    "health.metrics": "for machines",
    "FileView.get": "a file",
    "KeptTypingView.token": "JSON",
    "OrganizationView.export": "a workbook",
    "OrganizationView.like": "a part of a page",
    "OrganizationView.points": "JSON",
    "OrganizationView.search": "JSON",
    "ProposalView.counts": "a part of a page",
    "SessionView.export": "a workbook",
    "SessionView.calendar": "a calendar file",
    "SessionView.find_people": "JSON",
    "WizardView.begin": "leads on to a part",
}
