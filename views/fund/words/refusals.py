"""Why the fund refuses, as sentences that say what to do (codes: models/fund)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from views.core.sentences import says
from views.fund.words.labels import item_label, level_label, part_label

Values = dict[str, Any]

# Codes whose sentence needs no value.
_PLAIN = {
    # --- proposals ---------------------------------------------------------------------------------------------------
    "not_author_or_manager": _l("Only its author or a manager of the organization can take it back."),
    "not_manager": _l("Only a manager of the organization can do this. Ask one of them."),
    "organization_deleted": _l("The organization has been deleted. Ask a system administrator to restore it."),
    "not_ready": _l("Its author has not marked it as ready yet."),
    "was_submitted": _l("It has been submitted, so it cannot be deleted."),
    "first_draft": _l("It was never submitted, so there is no earlier revision to go back to. Delete it instead."),
    "reason_needed": _l("Give the reason; the applicant will read it."),
    "not_a_member": _l("This can only be done for the organization that the person belongs to."),
    "nothing_chosen": _l("Choose one part at least."),
    # --- screening ---------------------------------------------------------------------------------------------------
    "screening_missing": _l("Fill in and save the screening form first."),
    "no_such_item": _l("The check list has changed. Open the form again."),
    "no_such_result": _l("Choose one of the three results."),
    # --- sessions ----------------------------------------------------------------------------------------------------
    "session_not_open": _l("The session is closed. Open it again first, or choose another one."),
    "level_is_fixed": _l("The level cannot change while proposals are on the agenda. Take them off first."),
    "level_needed": _l("Choose the level of the session."),
    "starts_at_needed": _l("Give the date and the time of the session."),
    "ends_before_it_starts": _l("The session ends before it begins. Correct the times."),
    "items_undecided": _l("Some proposals have no result yet. Record them or take them off the agenda first."),
    "has_items": _l("There are proposals on the agenda. Take them off first."),
    "has_results": _l("Some proposals have their results, so the session cannot be cancelled. Close it instead."),
    "cancel_reason_needed": _l("Give the reason; those who were invited will read it."),
    "chair_needed": _l("The session has an agenda or invitations, so it needs a chair. Choose another one in step 1."),
    "same_session": _l("The proposal is on the agenda of this session already."),
    "withdraw_reason_needed": _l("Give the reason why this person may take part."),
    "no_chair": _l("Choose the chair of the session first."),
    "sits_twice": _l("Somebody is chosen twice. Each person has one seat."),
    "may_not_sit": _l("Somebody chosen is no longer on the list for this seat. Choose another person."),
    "not_seated": _l("This person does not sit in the session."),
    "item_decided": _l("This proposal has its result, so nothing about who stepped out can change."),
    # --- scoring -----------------------------------------------------------------------------------------------------
    "sheet_missing": _l("Fill in and save the evaluation form first."),
    "no_such_topic": _l("The evaluation form has changed. Open it again."),
    "no_such_indicator": _l("The evaluation form has changed. Open it again."),
    "no_such_choice": _l("Choose one of the choices offered."),
    "topics_missing": _l("The scoring form needs its eleven topics."),
    "bands_wrong": _l("Each band must begin below the one before it, between 1 and 100."),
    "passing_wrong": _l("The pass mark must lie between 1 and 100."),
    "not_a_source": _l("A new version starts from one that is in force or was."),
    # --- organizations -----------------------------------------------------------------------------------------------
    "name_needed": _l("Type the name."),
    "belongs_elsewhere": _l("The person belongs to another organization. They must leave it first."),
    "already_member": _l("The person belongs to this organization already."),
    "not_an_applicant": _l("This account is not one of a project manager or an organization manager."),
    "has_members": _l("The organization still has members. They must leave first."),
    "has_proposals": _l("The organization has proposals, so it cannot be deleted."),
    "has_manager": _l("The organization has a manager. The manager can appoint others."),
    "same_organization": _l("Both are the same organization. Choose two different ones."),
    "last_manager": _l("The last manager cannot go while there are other members. Appoint another manager first."),
    "leave_instead": _l("You cannot remove yourself. Leave the organization instead."),
    "already_manager": _l("The person is a manager already."),
}


def _say_plainly(code: str, words: Any) -> None:
    @says(code)
    def _plain(values: Values) -> str:  # noqa: ARG001
        return str(words)


for _code, _words in _PLAIN.items():
    _say_plainly(_code, _words)


@says("incomplete")
def _incomplete(values: Values) -> str:
    parts = values.get("parts") or {}
    names = ", ".join(f"{part} {part_label(part)}" for part in parts)
    return _("Something required is missing in %(parts)s", parts=names)


@says("screening_unanswered")
def _screening_unanswered(values: Values) -> str:
    items = tuple(values.get("items", ()))
    names = ", ".join(item_label(code) for code in items)
    return ngettext(
        "%(num)s item of the check list has no answer: %(names)s",
        "%(num)s items of the check list have no answer: %(names)s",
        len(items),
        names=names,
    )


@says("topics_unanswered")
def _topics_unanswered(values: Values) -> str:
    return _("Choose for these topics first: %(topics)s", topics=_numbers(values.get("topics", ())))


@says("below_quorum")
def _below_quorum(values: Values) -> str:
    return _(
        "Only %(present)s of at least %(needed)s who may decide on it are there. Confirm it and give the reason.",
        present=values.get("present"),
        needed=values.get("needed"),
    )


@says("stepped_out_of_item")
def _stepped_out_of_item(values: Values) -> str:
    return _(
        "You step out of item %(n)s, so somebody else of the staff must take it off the agenda first.",
        n=values.get("place"),
    )


@says("wrong_level")
def _wrong_level(values: Values) -> str:
    level = values.get("level")
    return _("The proposal does not wait at the level of this session (%(level)s).", level=level_label(str(level)))


@says("total_wrong")
def _total_wrong(values: Values) -> str:
    return _("The full points must add up to 100; they add up to %(total)s.", total=values.get("total"))


@says("points_wrong")
def _points_wrong(values: Values) -> str:
    return _(
        "The points of topic %(number)s must begin at 0, never fall and end at the full points.",
        number=values.get("number"),
    )


@says("topic_title_missing")
def _topic_title_missing(values: Values) -> str:
    return _("Topic %(number)s needs its name.", number=values.get("number"))


@says("indicators_missing")
def _indicators_missing(values: Values) -> str:
    return _("Topic %(number)s needs its four indicators.", number=values.get("number"))


def _numbers(topics: Any) -> str:
    return ", ".join(str(topic) for topic in topics)
