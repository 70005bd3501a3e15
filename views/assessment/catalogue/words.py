"""What the catalogue's columns and faults are called, in both languages, and why it refuses (spec: 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.assessment.branch_deeds import FIELD, PROGRAMME
from models.assessment.catalogue import Fault, longest
from models.assessment.importing import CURRICULUM, FILE_COLUMNS
from models.assessment.reference.catalogue import CURRICULA
from models.core.entity.cells import folded
from views.assessment.curricula import curriculum_label
from views.core.records.file_words import unread_words
from views.core.sentences import says

LANGUAGES = ("th", "en")
Values = Mapping[str, Any]

_COLUMNS = {
    CURRICULUM: _l("Curriculum"),
    "programme_code": _l("Code of the programme type"),
    "programme": _l("Programme type"),
    "field_code": _l("Code of the subject field"),
    "field": _l("Subject field"),
    "branch_code": _l("Code of the branch"),
    "branch": _l("Branch"),
}
# What a note of the log says beside the columns.
_NOTED = {
    "added": _l("Branches added"),
    "changed": _l("Branches changed"),
    "retired": _l("Branches retired"),
    "moved": _l("Branches in another order"),
    "code": _l("Code"),
}
_MOVES = {"rename": _l("Field or programme type renamed")}


def column_label(column: str) -> str:
    """A column of the catalogue's file."""
    return str(_COLUMNS[column])


def group_label(group: str) -> str:
    """What stands above a branch."""
    return column_label({PROGRAMME: "programme", FIELD: "field"}[group])


def branch_move(action: str) -> str:
    """What was done to the catalogue, for the log."""
    return str(_MOVES.get(action, action))


def note_label(_table: str, name: str) -> str:
    """What a value is called that an import or a renaming leaves in the log; empty for every other."""
    return str(_NOTED.get(name, ""))


def note_words(_table: str, name: str, value: Any) -> str:
    """A curriculum's code in words; empty for every other value."""
    return curriculum_label(value) if name == CURRICULUM and value in CURRICULA else ""


def columns_by_heading() -> dict[str, str]:
    """The columns of a file by their folded headings in every language, and by their codes."""
    names = {folded(name): name for name in FILE_COLUMNS}
    for language in LANGUAGES:
        with force_locale(language):
            names |= {folded(column_label(name)): name for name in FILE_COLUMNS}
    return names


def called(curriculum: str) -> set[str]:
    """What a file may call the curriculum: its code, and its label and title in every language."""
    one = CURRICULA[curriculum]
    names = {curriculum, *(one.title(language) for language in LANGUAGES)}
    for language in LANGUAGES:
        with force_locale(language):
            names.add(curriculum_label(curriculum))
    return {folded(name) for name in names}


def fault_words(fault: Fault) -> str:
    """What is wrong with a cell of a file, and what to do."""
    said = {
        "missing": _("This cell is empty. Fill it in."),
        "twice": _("The same stands in row %(row)s already. Keep one of the rows.", row=fault.other),
        "another_name": _("Row %(row)s gives this code another name. Write both alike.", row=fault.other),
        "elsewhere": _(
            "In row %(row)s this field stands under another programme type. A field has one.", row=fault.other
        ),
        "excel_error": _("The formula in this cell failed. Put the value itself into the cell."),
        "spoiled": _("Excel shortened this number. Make the column text, type the digits anew and save."),
        "other_curriculum": _("This is another curriculum. Open that one’s page to import it."),
    }
    if fault.code == "too_long":
        return _("The text is too long. %(limit)s characters at most are possible.", limit=longest(fault.column))
    return said[fault.code]


def unread(code: str, values: Values) -> str:
    """Why a file could not be read as a catalogue."""
    if code == "columns_missing":
        names = ", ".join(column_label(name) for name in values["columns"])
        return _("These columns are missing: %(names)s. Export the catalogue and change that file.", names=names)
    return unread_words(code, values)


@says("is_retired")
def _is_retired(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("The branch is retired already.")


@says("is_not_retired")
def _is_not_retired(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("The branch can be chosen already.")


@says("no_such_group")
def _no_such_group(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("No branch has this code any more. Open the catalogue again.")


@says("renamed_meanwhile")
def _renamed_meanwhile(values: Values) -> str:
    return _("Somebody renamed it to “%(name)s” meanwhile. Look at it, and save again if yours is better.", **values)


@says("file_has_faults")
def _file_has_faults(values: Values) -> str:
    return ngettext(
        "%(num)s cell of the file is wrong, so nothing is imported.",
        "%(num)s cells of the file are wrong, so nothing is imported.",
        values["count"],
    )


@says("file_is_empty")
def _file_is_empty(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("There is nothing in the file below its headings.")


@says("catalogue_changed")
def _catalogue_changed(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("The catalogue was changed since the file was checked. Look at what the file would change now.")
