"""Words of personal data: events and their mails, refusals, what stays after an erasure and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forms.core.privacy import KIND_LABELS
from jobs.letters import Words, letter
from models.core.privacy.erasing import Stay
from services.core import settings
from views.core.notification import entity_page, event_says, reader_page
from views.core.sentences import says

Values = Mapping[str, Any]
ENTITY = "core_privacy_request"

entity_page(ENTITY, lambda key: url_for("PrivacyRequestView.show", pk=key))
reader_page(ENTITY, lambda event, _key: url_for("OwnDataView.form") if event == "privacy_answered" else None)
reader_page("core_job", lambda event, _key: url_for("OwnDataView.form") if event == "own_data_ready" else None)


def stay_sentence(stay: Stay) -> str:
    """What stays after an erasure, and why."""
    sentences = {
        "log": _("The access log: who did what, when, from where, as the Computer Crime Act asks; without your name"),
        "consents": _("What you accepted and when, as proof"),
        "supported": _("Your name and citizen ID in projects that the fund supported, for 10 years"),
        "proposals": _("Submitted proposals, which are papers of the organization and the fund"),
        "submitted": _("Your name as the one who submitted proposals"),
        "minutes": _("Your name in minutes, evaluations and document checks"),
    }
    return sentences.get(stay.code, stay.code)


def _kind(values: Values) -> str:
    return str(KIND_LABELS.get(str(values.get("kind")), ""))


@event_says("privacy_asked")
def _asked(values: Values) -> str:
    return _("A request about personal data waits for an answer: %(kind)s", kind=_kind(values))


@event_says("privacy_answered")
def _answered(values: Values) -> str:
    if values.get("done"):
        return _("Your request is done: %(kind)s", kind=_kind(values))
    return _("Your request was refused; the reason stands with it: %(kind)s", kind=_kind(values))


@event_says("own_data_ready")
def _ready(values: Values) -> str:  # noqa: ARG001
    return _("The copy of your data is ready")


@letter("privacy_asked")
def _asked_letter(values: Values) -> Words:
    said = _asked(values)
    due = _("The law gives 30 days.")
    return Words(said, [said, due], _("Open the requests"), url_for("PrivacyRequestView.list"))


@letter("privacy_answered")
def _answered_letter(values: Values) -> Words:
    said = _answered(values)
    return Words(said, [said, _("The answer stands on your page.")], _("Read the answer"), url_for("OwnDataView.form"))


@letter("own_data_ready")
def _ready_letter(values: Values) -> Words:
    said = _ready(values)
    after = _("It is kept for a few days. Only you can open it, after signing in.")
    return Words(said, [said, after], _("Open my data"), url_for("OwnDataView.form"))


@letter("privacy_erased")
def _erased_letter(values: Values) -> Words:
    told = [
        _("As you asked, %(agency)s erased your account and your data.", agency=settings().agency_name),
        _("What the law asks to be kept stays, as the privacy policy says."),
    ]
    answer = str(values.get("answer", "")).strip()
    return Words(_("Your data is erased"), [*told, *([answer] if answer else [])])


@says("privacy_reason_needed")
def _reason_needed(values: Values) -> str:  # noqa: ARG001
    return _("Give the reason of the refusal. The law lets whoever asked know it.")


@says("already_erased")
def _already_erased(values: Values) -> str:  # noqa: ARG001
    return _("This account was erased already.")
