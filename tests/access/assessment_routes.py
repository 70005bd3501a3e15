"""The registry's routes: who may come, to which record, and what is posted."""

from __future__ import annotations

from models.assessment.reference.catalogue import CURRICULA
from tests.access.table import OPEN, Route, needs

# Values beginning with @ are taken from the world of the test.
ASSESSMENT_ROUTES: dict[str, Route] = {
    # --- a school's registration: always that of one's own school
    "RegistrationView.index": needs("registration.enter"),
    **{f"RegistrationView.{code}": needs("registration.enter") for code in CURRICULA},
    "RegistrationView.save": needs("registration.enter", url={"curriculum": "pvc2562"}),
    "RegistrationView.keep": needs("registration.enter", url={"curriculum": "pvc2562"}),
    "RegistrationView.discard": needs("registration.enter", url={"curriculum": "pvc2562"}),
    # --- schools and agencies outside, which a committee reports for
    "OutsideView.index": needs("outside.enter"),
    "OutsideView.add": needs("outside.enter", url={"curriculum": "pvc2562"}),
    "OutsideView.keep": needs("outside.enter", url={"curriculum": "pvc2562"}),
    "OutsideView.discard": needs("outside.enter", url={"curriculum": "pvc2562"}),
    "AgencyView.list": needs("outside.view"),
    "AgencyView.show": needs("outside.view", record="committee", url={"pk": "@agency"}),
    "AgencyView.save": needs("outside.enter", record="own_committee", url={"pk": "@agency"}),
    "AgencyView.delete": needs("outside.enter", record="own_committee", url={"pk": "@agency"}, data={"version": "1"}),
    "AgencyView.restore": needs("outside.enter", record="own_committee", url={"pk": "@agency"}),
    "AgencyView.keep": needs("outside.enter", record="own_committee", url={"pk": "@agency"}),
    "AgencyView.discard": needs("outside.enter", record="own_committee", url={"pk": "@agency"}),
    "NoneOutsideView.index": needs("outside.confirm"),
    "NoneOutsideView.confirm": needs("outside.confirm"),
    "NoneOutsideView.withdraw": needs("outside.confirm"),
    # --- a province checks its schools
    "CheckingView.index": needs("registration.check", "completeness.view"),
    **{f"CheckingView.{code}": needs("registration.check", "completeness.view") for code in CURRICULA},
    "CheckingView.show": needs(
        "registration.check", "completeness.view", record="schools_under", url={"pk": "@school_row"}
    ),
    "CheckingView.missing": needs("registration.check", "completeness.view"),
    "CheckingView.export": needs("registration.check", "completeness.view", url={"ending": "csv"}),
    "CheckingView.remind": needs("school.remind", data={"all": "1"}),
    "NoteView.write": needs(
        "registration.check",
        record="schools_under",
        url={"pk": "@school_row", "curriculum": "pvc2562"},
        data={"text": "-"},
    ),
    "NoteView.settle": needs("registration.check", record="schools_under", url={"pk": "@note"}, data={"version": "1"}),
    "NoteView.ask_again": needs(
        "registration.check", record="schools_under", url={"pk": "@note"}, data={"version": "1"}
    ),
    "NoteView.answer": needs(
        "registration.enter", record="own_school", url={"pk": "@note"}, data={"version": "1", "text": "-"}
    ),
    "StatusView.list": needs("school.status"),
    "StatusView.save": needs("school.status"),
    "PrivateSchoolView.list": needs("school.add_private"),
    "PrivateSchoolView.add": needs("school.add_private", data={"committee": "@province_row"}, sees={"province"}),
    # --- reports
    "RegistrationReportView.index": needs("registration.report"),
    "RegistrationPaperView.school": needs(
        "registration.report", record="school", url={"pk": "@school_row", "ending": "xlsx"}
    ),
    **{
        f"RegistrationPaperView.{paper}": needs(
            "registration.report", record="committee", url={"pk": "@province_row", "ending": "xlsx"}
        )
        for paper in ("outside", "schools", "detail")
    },
    **{
        f"RegistrationPaperView.{paper}": needs("registration.report", url={"ending": "xlsx"}, sees={"national"})
        for paper in ("provinces", "committees", "branches")
    },
    "RegistrationPaperView.everything": needs("registration.report", url={"by": "reporter", "ending": "csv"}),
    # --- rounds
    "RoundView.list": needs("round.view"),
    "RoundView.show": needs("round.view", url={"pk": "@round"}),
    "RoundView.new": needs("round.manage"),
    "RoundView.edit": needs("round.manage", url={"pk": "@round"}),
    "RoundView.move": needs("round.manage", url={"pk": "@round", "action": "lock"}),
    "RoundView.unlock": needs("round.unlock", url={"pk": "@last_round"}),
    "RoundView.schools": needs("round.unlock", query={"q": "วิทยาลัย"}),
    "RoundView.take_back": needs("round.unlock", url={"pk": "@last_round", "unlock": "@unlock"}),
    # --- the whole country
    "CompletenessView.index": needs("completeness.view"),
    "CompletenessView.show": needs("completeness.view", url={"province": "20"}),
    "CompletenessView.export": needs("completeness.view", url={"ending": "csv"}),
    "OutlierView.index": needs("outlier.view"),
    "OutlierView.export": needs("outlier.view", url={"ending": "csv"}),
    # --- committees and their schools
    "CommitteeView.list": needs("school.manage"),
    "CommitteeView.show": needs("school.manage", url={"pk": "@province_row"}),
    "CommitteeView.homeless": needs("school.manage"),
    "CommitteeView.schools": needs("school.manage", query={"q": "วิทยาลัย"}),
    "CommitteeView.make": needs("school.manage", data={"school": "@other_school_row"}),
    "CommitteeView.unmake": needs("school.manage", url={"pk": "@province_row"}, data={"version": "1"}),
    "CommitteeView.move": needs("school.manage", data={"target": "none", "ids": "@other_school_row"}),
    # --- how schools sign in
    "SchoolCodeView.list": Route(OPEN),
    "SchoolPasswordView.list": needs("school.let_in"),
    "SchoolPasswordView.letters": needs("school.let_in", data={"all": "1"}),
    "SchoolPasswordView.reset": needs("school.let_in", url={"pk": "@other_school_row"}, record="schools_under"),
    # --- the catalogue
    "CatalogueView.index": needs("catalogue.view"),
    "CatalogueView.show": needs("catalogue.view", url={"curriculum": "pvc2562"}),
    "CatalogueView.branch": needs("catalogue.view", url={"pk": "@branch"}),
    "CatalogueView.export": needs("catalogue.view", url={"curriculum": "pvc2562", "ending": "csv"}),
    "CatalogueView.new": needs("catalogue.edit", url={"curriculum": "pvc2562"}),
    "CatalogueView.edit": needs("catalogue.edit", url={"pk": "@branch"}),
    "CatalogueView.move": needs("catalogue.edit", url={"pk": "@branch", "action": "retire"}),
    "CatalogueView.rename": needs(
        "catalogue.edit", url={"curriculum": "pvc2562", "group": "field", "code": "20101"}, data={"name": "ช่างยนต์"}
    ),
    "CatalogueView.bring": needs("catalogue.edit", url={"curriculum": "pvc2562"}),
    # A file is found by whoever sent it, and by nobody else.
    "CatalogueView.checked": needs("catalogue.edit", url={"curriculum": "pvc2562", "file": "0" * 32}, sees=set()),
}
