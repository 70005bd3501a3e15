"""The fund's settings in words: what each is for and in what it is counted (models/fund/settings.py)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from models.fund import settings
from views.core.setting import name_setting

LIMITS = _("Limits of the proposal form")
RULES = _("Rules of the proposal form")
LISTS = _("Lists of the proposal form")


def register() -> None:
    """Say the words of every setting of the fund."""
    characters, rows = _("characters"), _("rows")
    name_setting(
        settings.LENGTH_NAME,
        LIMITS,
        _("Longest name"),
        _("Names of projects, units, coordinators, steps and activities"),
        characters,
    )
    name_setting(
        settings.LENGTH_SHORT,
        LIMITS,
        _("Longest short text"),
        _("Rows of the lists of parts 1 to 3 and the note on the budget"),
        characters,
    )
    name_setting(
        settings.LENGTH_LONG,
        LIMITS,
        _("Longest long text"),
        _("Rationale, method, achievements, problems met and details of activities"),
        characters,
    )
    name_setting(
        settings.LARGEST, LIMITS, _("Largest amount"), _("Every amount of money in the proposal form"), _("baht")
    )
    name_setting(
        settings.ROWS_LIST,
        LIMITS,
        _("Rows of a list"),
        _("Each list of parts 1, 2.2 and 2.3: activities, objectives, indicators, places and so on"),
        rows,
    )
    name_setting(
        settings.ROWS_CONTRIBUTION, LIMITS, _("Rows of a kind of participation"), _("Each kind of part 3"), rows
    )
    name_setting(settings.ROWS_STEP, LIMITS, _("Steps of a project"), _("Part 2.4"), rows)
    name_setting(settings.ROWS_ACTIVITY, LIMITS, _("Activities of a step"), _("Part 2.4"), rows)
    name_setting(settings.ROWS_DOCUMENT, LIMITS, _("Files of a kind of document"), _("Part 4"), _("files"))
    name_setting(
        settings.NOTE_WANTED,
        RULES,
        _("A difference of the budget needs a note"),
        _(
            "Whether a proposal is incomplete while the budget of 2.4 differs from the amounts asked and nothing"
            " explains it"
        ),
    )
    name_setting(
        settings.KINDS_OF_DISABILITY,
        LISTS,
        _("Kinds of disability"),
        _("What is ticked in part 2.1. A new name holds for earlier proposals too: for another meaning, add an entry"),
    )
    name_setting(
        settings.KINDS_OF_CONTRIBUTION,
        LISTS,
        _("Kinds of participation"),
        _("What other agencies give, in part 3. Each entry has a list of rows of its own"),
        has_amount=_("Its rows have an amount of money"),
    )
    name_setting(
        settings.KINDS_OF_DOCUMENT,
        LISTS,
        _("Kinds of document"),
        _("What is attached in part 4 and looked at in the document check"),
        for_all=_("Every proposal needs it"),
        for_research=_("Research projects need it"),
    )
