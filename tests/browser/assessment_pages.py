"""Every page of the registry, once; the people are those of tests.browser.assessment_world."""

from __future__ import annotations

from tests.browser.look import VISITOR, Look

SCHOOL = ("school",)
PROVINCE = ("province",)
NATIONAL = ("national",)
REGISTRY = ("school", "province", "national")

REGISTRY_LOOKS: tuple[Look, ...] = (
    # --- everybody's own
    Look("HomeView.index", REGISTRY),
    Look("AccountView.password", SCHOOL),
    # --- a school's registration
    Look("RegistrationView.index", ("school", "other_school", "province")),
    Look("RegistrationView.index", SCHOOL, given={}, ids={"round": "last_round"}, name="over"),
    Look("RegistrationView.pvc2556", ("other_school",)),
    Look("RegistrationView.pvs2557", SCHOOL, name="last-year-only"),
    Look("RegistrationView.pvc2562", ("school", "province")),
    Look("RegistrationView.pvc2562", SCHOOL, ids={"round": "last_round"}, name="over"),
    Look("RegistrationView.pvs2563", SCHOOL, query="carry=1", name="carried"),
    # --- schools and agencies outside, which a committee reports for
    Look("OutsideView.index", ("province", "foreign_province")),
    Look("OutsideView.add", PROVINCE, given={"curriculum": "pvc2562"}),
    Look("AgencyView.list", ("province", "foreign_province", "national")),
    Look("AgencyView.list", PROVINCE, ids={"gone": "gone_agency"}, name="undo"),
    Look("AgencyView.list", PROVINCE, query="deleted=1", name="deleted"),
    Look("AgencyView.list", PROVINCE, query="q=ไม่มีในรายการ", name="nothing"),
    Look("AgencyView.show", ("province", "national"), ids={"pk": "agency"}),
    Look("NoneOutsideView.index", ("province", "foreign_province")),
    # --- a province checks its schools
    Look("CheckingView.index", ("province", "foreign_province", "national")),
    Look("CheckingView.pvc2562", ("province", "national")),
    Look("CheckingView.pvc2562", PROVINCE, query="by=branch", name="by-branch"),
    Look("CheckingView.pvc2562", PROVINCE, query="q=ไม่มีชื่อนี้", name="nothing"),
    Look("CheckingView.pvc2556", PROVINCE, query="tab=missing"),
    Look("CheckingView.pvs2557", PROVINCE, query="by=branch", name="none-by-branch"),
    Look("CheckingView.pvs2563", PROVINCE, query="tab=noted"),
    Look("CheckingView.show", ("province", "national"), ids={"pk": "school_row"}),
    Look("CheckingView.missing", PROVINCE),
    Look("StatusView.list", ("province", "foreign_province")),
    Look("PrivateSchoolView.list", ("province", "foreign_province")),
    # --- rounds
    Look("RoundView.list", REGISTRY),
    Look("RoundView.show", REGISTRY, ids={"pk": "round"}),
    Look("RoundView.show", NATIONAL, ids={"pk": "last_round"}, name="over"),
    Look("RoundView.show", NATIONAL, ids={"pk": "next_round"}, name="prepared"),
    Look("RoundView.new", NATIONAL),
    Look("RoundView.edit", NATIONAL, ids={"pk": "round"}),
    Look("RoundView.unlock", NATIONAL, ids={"pk": "last_round"}),
    Look("RoundView.unlock", NATIONAL, ids={"pk": "round"}, name="open"),
    # --- the catalogue
    Look("CatalogueView.index", REGISTRY),
    Look("CatalogueView.show", ("school", "national"), given={"curriculum": "pvc2562"}),
    Look("CatalogueView.show", NATIONAL, given={"curriculum": "pvs2563"}, query="q=ไม่มีชื่อนี้", name="nothing"),
    Look("CatalogueView.branch", ("school", "national"), ids={"pk": "branch"}),
    Look("CatalogueView.new", NATIONAL, given={"curriculum": "pvc2562"}, query="field=20101"),
    Look("CatalogueView.edit", NATIONAL, ids={"pk": "branch"}),
    Look("CatalogueView.rename", NATIONAL, given={"curriculum": "pvc2562", "group": "field", "code": "20101"}),
    Look("CatalogueView.bring", NATIONAL, given={"curriculum": "pvc2562"}),
    Look("CatalogueView.checked", NATIONAL, given={"curriculum": "pvc2562"}, ids={"file": "right_file"}),
    Look("CatalogueView.checked", NATIONAL, given={"curriculum": "pvc2562"}, ids={"file": "wrong_file"}, name="wrong"),
    # --- reports
    Look("RegistrationReportView.index", REGISTRY),
    Look("RegistrationReportView.index", NATIONAL, ids={"committee": "province_row"}, name="committee"),
    Look(
        "RegistrationReportView.index", PROVINCE, ids={"round": "last_round", "school": "school_row"}, name="last-year"
    ),
    # --- how schools sign in
    Look("SchoolCodeView.list", VISITOR),
    Look("SchoolCodeView.list", VISITOR, query="q=ไม่มีชื่อนี้", name="nothing"),
    Look("SchoolPasswordView.list", ("province", "national")),
    Look("SchoolPasswordView.list", PROVINCE, query="q=ไม่มีชื่อนี้", name="nothing"),
    Look("AccountView.password", ("new_school",), name="first"),
    # --- committees and their schools
    Look("CommitteeView.list", NATIONAL),
    Look("CommitteeView.list", NATIONAL, query="q=ไม่มีชื่อนี้", name="nothing-found"),
    Look("CommitteeView.show", NATIONAL, {"pk": "province_row"}),
    Look("CommitteeView.homeless", NATIONAL),
    # --- the whole country
    Look("CompletenessView.index", NATIONAL),
    Look("CompletenessView.show", NATIONAL, given={"province": "20"}),
    Look("OutlierView.index", ("province", "national")),
    Look("OutlierView.index", NATIONAL, query="by=branch", name="branches"),
)

# What answers GET with something else than a page, and what it is.
REGISTRY_NOT_PAGES: dict[str, str] = {
    "CommitteeView.schools": "JSON",
    "CatalogueView.export": "a file",
    "CheckingView.export": "a file",
    "CompletenessView.export": "a file",
    "OutlierView.export": "a file",
    "RoundView.schools": "what a picker asks",
}
