"""The mails of the fund's events, in the reader's language, each with a link (spec: fund.md 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from jobs.letters import Words, write_others
from models.core.outbox import Message
from views.core.notification import event_sentence, news_page
from views.fund.words.events import fill

# Event -> subject, and what follows from it for the reader; the bell's sentence stands between them.
LETTERS: dict[str, tuple[Any, Any]] = {
    "proposal_ready": (
        _l("Please confirm: %(project)s"),
        _l("Read the proposal, then submit it to the fund, or take it back to be edited."),
    ),
    "proposal_taken_back": (_l("Taken back to be edited: %(project)s"), _l("The draft can be edited again.")),
    "proposal_submitted": (
        _l("Submitted to the fund: %(project)s"),
        _l("The fund checks the documents next. You will be told of every result."),
    ),
    "screening_passed": (
        _l("Passed the document check: %(project)s"),
        _l("It now waits for an agenda of the working group."),
    ),
    "screening_failed": (
        _l("Did not pass the document check: %(project)s"),
        _l("Read the advice. You can make a new revision without typing everything again."),
    ),
    "screening_documents": (
        _l("Documents incorrect or incomplete: %(project)s"),
        _l("Read which documents are concerned, then make a new revision and submit it again."),
    ),
    "proposal_on_agenda": (
        _l("Waiting for the meeting: %(project)s"),
        _l("There is nothing for you to do. You will be told the result."),
    ),
    "proposal_off_agenda": (
        _l("Taken off the agenda: %(project)s"),
        _l("There is nothing for you to do. It will be put on another agenda."),
    ),
    "proposal_moved_session": (
        _l("Another meeting: %(project)s"),
        _l("There is nothing for you to do. You will be told the result."),
    ),
    "evaluation_passed": (
        _l("Passed the %(level)s: %(project)s"),
        _l("Result, points and advice stand on the proposal’s page."),
    ),
    "evaluation_failed": (
        _l("Did not pass the %(level)s: %(project)s"),
        _l("Read the advice on each topic. You can make a new revision without typing everything again."),
    ),
    "board_approved": (
        _l("Approved: %(project)s"),
        _l("The fund will contact you about the contract."),
    ),
    "board_refused": (
        _l("Not approved: %(project)s"),
        _l("The proposal was returned. You can make a new revision and submit it again."),
    ),
    "proposal_not_considered": (
        _l("Closed without consideration: %(project)s"),
        _l("The reason stands on the proposal’s page too."),
    ),
    "proposal_revised": (_l("A revision was begun: %(project)s"), _l("It is sent to the fund when it is submitted.")),
    "revision_discarded": (_l("The unsent revision was discarded: %(project)s"), _l("The submitted one stays.")),
    "proposal_deleted": (
        _l("The draft was deleted: %(project)s"),
        _l("It can be restored from the list of deleted drafts."),
    ),
    "proposal_restored": (_l("The draft was restored: %(project)s"), _l("It can be edited again.")),
    "proposal_handed_over": (
        _l("You now take care of: %(project)s"),
        _l("A manager of your organization gave it to you."),
    ),
    "proposal_given_away": (
        _l("Handed over to %(member)s: %(project)s"),
        _l("A manager of your organization gave it to somebody else. You are not told of it any more."),
    ),
    "member_joined": (
        _l("%(member)s joined %(organization)s"),
        _l("If you do not know this person, suspend or remove them on the organization’s page."),
    ),
    "member_added": (_l("You were added to %(organization)s"), _l("You can now draft proposals for it.")),
    "member_suspended": (_l("%(member)s was suspended from %(organization)s"), _l("A manager can undo it.")),
    "member_reinstated": (_l("%(member)s may act for %(organization)s again"), ""),
    "member_removed": (
        _l("%(member)s was removed from %(organization)s"),
        _l("Proposals stay with the organization; its manager can give them to somebody else."),
    ),
    "member_left": (
        _l("%(member)s left %(organization)s"),
        _l("Proposals stay with the organization; its manager can give them to somebody else."),
    ),
    "role_changed": (_l("%(member)s is now %(role)s of %(organization)s"), ""),
}


def _button(event: str) -> str:
    return _("Open the organization") if event.startswith(("member_", "role_")) else _("Open the proposal")


def write(message: Message, values: Mapping[str, Any]) -> Words:
    """The mail of an event: what happened, what follows, and the page it is about.

    An event without words of its own says what stands under the bell.
    """
    sentence = event_sentence(message.event, dict(values))
    path = news_page(message.event, message.entity, message.entity_id)
    if message.event not in LETTERS:
        return Words(sentence, [sentence], _("Open"), path)
    subject, after = LETTERS[message.event]
    paragraphs = [sentence, str(after)] if after else [sentence]
    return Words(str(subject) % fill(dict(values)), paragraphs, _button(message.event), path)


write_others(write)
