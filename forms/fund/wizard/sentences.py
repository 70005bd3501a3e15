"""What is wrong with typed content and what to do, for each code of models.fund.wizard.problems."""

from __future__ import annotations

from flask_babel import gettext as _

from models.core.thai.money import format_money
from models.fund.wizard import Problem


def problem_sentence(problem: Problem) -> str:
    """The problem as a sentence in the reader's language."""
    values = problem.values
    if problem.code == "too_long":
        return _(
            "The text has %(length)s characters, %(limit)s at most are possible. Shorten it by %(excess)s.",
            length=f"{values['length']:,}",
            limit=f"{values['longest']:,}",
            excess=f"{values['length'] - values['longest']:,}",
        )
    if problem.code == "too_large":
        return _("The amount is too large. Type %(largest)s baht at most.", largest=format_money(values["largest"]))
    if problem.code == "out_of_range":
        return _("Type a number from %(lowest)s to %(highest)s.", **values)
    texts = {
        "negative": _("The amount is below zero. Type 0 or more."),
        "too_many_decimals": _("The amount has more than two decimals. Round it to whole satang."),
        "ends_before_start": _("The end is before the start. Correct one of the two dates."),
        "no_such_choice": _("This choice does not exist. Choose one of those shown."),
        "not_a_file": _("This file is not here any more. Take it out and upload it again."),
        "name_needed": _("Say what kind of document this is."),
    }
    return texts.get(problem.code, _("This cannot be saved as it is (%(code)s).", code=problem.code))


def too_many_rows(count: int, most: int) -> str:
    """A list has more rows than it takes."""
    return _(
        "There are %(count)s rows, %(most)s at most are possible. Remove %(excess)s.",
        count=f"{count:,}",
        most=f"{most:,}",
        excess=f"{count - most:,}",
    )
