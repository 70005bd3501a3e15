"""How schools sign in: the directory of codes, the first sign-in, and letting schools in (spec: assessment.md 2)."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import lazy_gettext as _l

from models.assessment import activation, settings
from models.assessment.enrolment import SCHOOL_CODE, clean_code
from models.assessment.school import School
from models.core.db import db
from views.assessment.signing.checks import letters_recommended
from views.assessment.signing.directory import SchoolCodeView
from views.assessment.signing.passwords import SchoolPasswordView
from views.assessment.signing.words import sign_in_move
from views.core.cli.checks import register_deploy_check
from views.core.log_words import name_moves
from views.core.notification import reader_page
from views.core.setting import name_setting
from views.core.ways import FirstPassword, Way, register_way

FIRST = FirstPassword(
    claims=activation.claims,
    opens=activation.opens,
    entered=activation.entered,
    hint=_l("The school code, or the activation code of your letter"),
    wrong=_l(
        "The first password did not let you in. It works only while a registration round is open, and only until the"
        " school has chosen its own. If nobody of your school did, ask your committee to give the first password back."
    ),
)
CODES = Way(
    type=SCHOOL_CODE,
    module="assessment",
    read=clean_code,
    noun=_l("school code"),
    hint=_l("Schools type their code of 10 digits"),
    wrong=_l("The school code or the password is not right. Check both and try again."),
    forgotten=_l("A school that forgot its password asks its committee to give the first password back."),
    finder=("SchoolCodeView.list", _l("Find a school code")),
    first=FIRST,
)


def _where_news_lead(event: str, key: str) -> str | None:
    """News of a first sign-in: the school sees where it is signed in, whoever lets it in what can be done about it."""
    school = db.session.get(School, int(key)) if event in (activation.ENTERED, activation.RESET) else None
    if school is None:
        return None
    if school.account_id == g.user.id:
        return url_for("AccountView.sessions" if event == activation.ENTERED else "AccountView.password")
    return url_for("SchoolPasswordView.list", q=school.code)


def register(builder: Any) -> None:
    """Add the pages, the way to sign in, the settings' words and what the deployment check recommends."""
    builder.add_view_no_menu(SchoolCodeView)
    builder.add_view(
        SchoolPasswordView,
        "school_passwords",
        label=_l("First passwords of schools"),
        icon="key",
        category="assessment",
        category_label=_l("Assessment instruments"),
    )
    register_way(CODES)
    register_deploy_check(letters_recommended)
    name_moves("school_sign_in", sign_in_move)
    reader_page("assessment_school", _where_news_lead)
    group = _l("Sign-in of schools")
    name_setting(
        settings.ACTIVATION_CODES,
        group,
        _l("Activation codes instead of the school code"),
        _l(
            "A school’s first sign-in asks for a one-time code that its committee prints as a letter. Without it, the"
            " public code of the school is its first password."
        ),
    )
    name_setting(
        settings.STATE_SHOWN,
        group,
        _l("Everybody sees whether a school still has its first password"),
        _l("A column of the directory of school codes, which is public."),
    )
