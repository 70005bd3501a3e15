"""What files of records say: headings, codes in words, what each column takes, and what is wrong with a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from forms.core.sentences import value_sentence
from jobs.importing import Words, register_words
from models.core import imports
from models.core.entity import Entity, Kind, entity_of_table
from models.core.entity.cells import codes_of, folded, key_fields, taken_fields
from models.core.entity.values import WrongValue
from models.core.imports import Import
from models.core.thai.errors import BadValue
from models.core.workflow import Refusal
from views.core.records.words import code_label, coded_fields, field_help, field_label, value_text
from views.core.sentences import sentence

LANGUAGES = ("th", "en")
REMEMBERED = 2_000  # codes in words, of one file
LONGEST_CODE = 100  # characters; a longer one is a free text, and none is remembered


def heading_of(entity: Entity, name: str) -> str:
    """A column's heading: the field's name, told apart where two fields are called alike; the key is the number."""
    if name == entity.pk.key and name not in entity.fields:
        return _("Record number")
    label = field_label(entity, name)
    alike = [other for other in entity.fields if folded(field_label(entity, other)) == folded(label)]
    return f"{label} ({name})" if len(alike) > 1 else label


def label_of(entity: Entity) -> Callable[[str, Any], str]:
    """Codes, and yes or no, in words; the last ones are remembered, for their number may have no end."""
    said = {True: _("Yes"), False: _("No")}
    remembered = lru_cache(REMEMBERED)(partial(code_label, entity))

    def label(name: str, code: Any) -> str:
        if isinstance(code, bool):
            return said[code]
        if isinstance(code, str) and len(code) > LONGEST_CODE:
            return code_label(entity, name, code)
        return remembered(name, code)

    return label


def words_of(entity: Entity) -> Words:
    """What a file of the entity may call its columns and codes, and how its mistakes are told."""
    names: dict[str, str] = {}
    wanted = (*taken_fields(entity), *key_fields(entity), *entity.fields)
    for language in LANGUAGES:
        with force_locale(language):
            for name in wanted:
                names.setdefault(folded(heading_of(entity, name)), name)
    for name in wanted:
        names.setdefault(folded(name), name)
    return Words(
        names=names,
        heading=lambda name: heading_of(entity, name),
        label=label_of(entity),
        coded=coded_fields(entity),
        text=lambda name, value: value_text(entity, name, value),
        reason=reason,
        report=(_("Row in the file"), _("Column"), _("What was read"), _("Why it cannot be stored")),
    )


def reason(why: BadValue | Refusal) -> str:
    """What is wrong with a row, and what to do."""
    if isinstance(why, Refusal):
        return sentence(why)
    own: dict[str, Any] = {
        "spoiled": _("Excel shortened this number. Make the column text, type the digits anew and save."),
        "lost_zero": _("Excel took the leading zero away. Make the column text and type the digits anew."),
        "excel_error": _("The formula in this cell failed. Put the value itself into the cell."),
        "twice": _("The same stands in row %(row)s already. Keep one of the rows."),
        "no_key_given": _("Nothing says which record is meant. Fill in its number or key, or choose to add."),
        "already_there": _("There is such a record already. Take the row out, or choose to update too."),
        "not_changed_here": _("This cannot be changed after adding. Put back what was there."),
        "surplus": _("There is something where no heading stands: “%(found)s”. Is a text parted in two by its comma?"),
        "alike": _("A record with this name exists: %(name)s (no. %(key)s)"),
        "alike_row": _("Row %(row)s has this name too: %(name)s"),
        "not_stored": _("The database does not take this row: another record may have the same values."),
    }
    if isinstance(why, WrongValue) and why.code in own:
        return str(own[why.code]) % why.values if why.values else str(own[why.code])
    return value_sentence(why)


def unread_sentence(run: Import) -> str:
    """Why a file could not be read as a table of these records."""
    return unread_words(run.why, run.found)


def unread_words(code: str, values: Mapping[str, Any]) -> str:
    """Why a file could not be read as a table, by the code of what reading it raised (BadFile, WrongHeadings)."""
    said = {
        "too_many_rows": _("The file has more than %(limit)s rows. Part it into several files."),
        "too_many_columns": _("The file has more than %(limit)s columns. Take out those that are not needed."),
        "cell_too_long": _("A cell in row %(row)s is too long to be read. Is a quotation mark left open there?"),
        "empty": _("There is nothing in the file below its headings."),
        "none_known": _("No heading in the first row is known. Begin with the template, and keep its first row."),
        "twice": _("The column “%(heading)s” stands there twice. Take one out."),
        "no_key": _("To update, the file needs the record number or the key. Export the list and change that file."),
        "damaged": _("The file is damaged and cannot be read. Save it anew and try again."),
    }
    text = said.get(code, _("The file was found to be unsafe and was not read."))
    if "%(" not in text:
        return text
    return text % {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}


def reading_sentence(run: Import) -> str:
    """How a text table was read, so that one sees whether that was guessed right; empty for a workbook."""
    coding, sign = run.found.get("coding", ""), run.found.get("sign", "")
    if not coding:
        return ""
    signs = {",": _("commas (,)"), ";": _("semicolons (;)"), "\t": _("tabs")}
    return _("Read as text in %(coding)s, its cells parted by %(sign)s", coding=coding, sign=signs[sign])


def state_of(run: Import) -> tuple[str, str]:
    """Where an import stands: the chip's kind and its words."""
    found: dict[str, tuple[str, str]] = {
        imports.CHECKING: ("doing", _("The file is being checked")),
        imports.CHECKED: ("fix", _("To be corrected")) if run.bad else ("wait", _("Checked, not imported yet")),
        imports.UNREAD: ("fail", _("Could not be read")),
        imports.STORING: ("doing", _("Being imported")),
        imports.STORED: ("pass", _("Import done")),
        imports.MOVED: ("fail", _("Not imported")),
        imports.CANCELLED: ("off", _("Cancelled")),
    }
    return found[run.state]


def explained(entity: Entity, names: list[str]) -> Iterator[tuple[str, str, str, str, str]]:
    """What each column takes: whether it must be filled, how it is written, and its codes with their meaning."""
    label, coded = label_of(entity), coded_fields(entity)
    hows = {
        Kind.NUMBER: _("A number"),
        Kind.DECIMAL: _("A number with a decimal point, such as 13.7563"),
        Kind.MONEY: _("Baht, two decimals at most"),
        Kind.DATE: _("A date, such as 11/03/2569"),
        Kind.MOMENT: _("Day and time, such as 11/03/2569 13:30"),
        Kind.YES_NO: _("Yes or no"),
        Kind.CHOICE: _("A code or its meaning"),
        Kind.LINK: _("The number of the record"),
        Kind.CITIZEN_ID: _("13 digits, the column as text"),
        Kind.PHONE: _("Digits, the column as text"),
        Kind.EMAIL: _("An e-mail address"),
    }
    for name in names:
        heading = heading_of(entity, name)
        if name not in entity.fields:
            yield heading, "", _("To update: the record’s number. Leave it empty to add."), "", ""
            continue
        one = entity.fields[name]
        codes = codes_of(one, coded)
        written = hows[Kind.CHOICE] if codes else hows.get(one.kind, _("Text"))
        above = entity_of_table(one.to or "")
        if above is not None and above.key is not None:
            written = _("The number of the record, or this of it: %(key)s", key=field_label(above, above.key))
        if one.is_year:
            written = _("A Buddhist year, such as 2570")
        how = " ".join(filter(None, (written, field_help(entity, name))))
        needed = _("Yes") if one.is_required else ""
        yield heading, needed, how, str(codes[0]) if codes else "", label(name, codes[0]) if codes else ""
        for code in codes[1:]:
            yield heading, "", "", str(code), label(name, code)


register_words(words_of)
