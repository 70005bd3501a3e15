"""The forms of the wizard's parts: every field of a proposal, read as people type (spec: fund.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, widgets
from wtforms.validators import StopValidation

from forms.core.base import SalaForm, SalaMeta
from forms.core.fields import (
    EmailField,
    MoneyField,
    PhoneField,
    ReadField,
    ThaiDateField,
    ThaiTextArea,
    ThaiTextField,
    YearField,
)
from forms.fund.wizard import labels
from forms.fund.wizard.content import content_of
from forms.fund.wizard.rows import Cell, Column, Row, RowsField, RowSpec
from forms.fund.wizard.sentences import problem_sentence
from models.core.thai.dates import BUDDHIST_OFFSET
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits
from models.fund import settings
from models.fund.kinds import (
    OTHER_DOCUMENT,
    disability_kinds,
    document_kinds,
    has_amount,
    line_kinds,
    wanted_documents,
)
from models.fund.revision import Revision
from models.fund.wizard import Problem, longest_texts, problems


class BadCount(BadValue):
    """A text that is no whole number."""


class CountField(ReadField):
    """A whole number, with Thai or Arabic digits."""

    default_attributes = {"inputmode": "numeric", "autocomplete": "off"}

    def read(self, text: str) -> int:
        """The number typed."""
        digits = to_ascii_digits(clean_line(text))
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 6:
            raise BadCount("not_a_count")
        return int(digits)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Tell what could not be read."""
        if self._refusal:
            raise StopValidation(gettext("This is not a number. Type digits, for example 2."))


class PartForm(SalaForm):
    """A part of the wizard: it accepts what is incomplete, and tells everything that is wrong at once."""

    class Meta(SalaMeta):
        """The token of the page is checked for every POST, before any form is made."""

        csrf = False

    part: ClassVar[str]
    # What must be there before the proposal is ready; a mark on the label, not a condition of saving.
    wanted: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.wanted:
            self[name].flags.required = True
        for name, longest in longest_texts(self.part).items():
            if isinstance(self[name], ThaiTextField | ThaiTextArea):
                self[name].max_length = self[name].flags.maxlength = longest

    @property
    def lists(self) -> list[RowsField]:
        """The fields that are lists of rows."""
        return [field for field in self if isinstance(field, RowsField)]

    def content(self) -> dict[str, Any]:
        """What was typed, as the model takes it."""
        return {field.name: _value(field) for field in self}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be saved; what cannot be read and what breaks a rule is told at its place."""
        is_readable = super().validate(extra_validators)
        return self.tell(problems(self.part, self.content())) and is_readable

    def tell(self, found: Iterable[Problem]) -> bool:
        """Put each problem at its field; whether there were none."""
        told = False
        for problem in found:
            place = self._place(problem.where)
            if place is not None and place.errors:
                continue  # What is wrong with it is said already.
            told = True
            errors = self.form_errors if place is None else place.errors
            if isinstance(errors, tuple):
                place.errors = errors = list(errors)
            errors.append(problem_sentence(problem))
        return not told

    def _place(self, where: str) -> Field | Cell | None:
        path = where.split(".")
        if len(path) == 1:
            return self._fields.get(path[0])
        row: Row = self._rows_of(path[0])[int(path[1])]
        if len(path) == 5 and row.inner is not None:
            row = row.inner.filled[int(path[3])]
        return row[path[-1]]

    def _rows_of(self, name: str) -> list[Row]:
        field: RowsField = self[name]
        return field.list.filled

    def summary(self) -> list[tuple[str | None, str, str]]:
        """(id, label, sentence) of everything that is wrong, in page order; the links of the page's summary."""
        return [*self._errors()]

    def _errors(self) -> Iterator[tuple[str | None, str, str]]:
        for field in self:
            if isinstance(field, RowsField):
                yield from field.list.all_errors()
            else:
                # The full name: "telephone" alone would not say whose.
                name = str(labels.FIELDS.get(field.name) or field.label.text)
                for error in field.errors:
                    yield field.id, name, str(error)
        for error in self.form_errors:
            yield None, "", str(error)


def _value(field: Field) -> Any:
    if isinstance(field, (EmailField, PhoneField)):
        return field.data or ""
    if isinstance(field, RadioField):
        return {"yes": True, "no": False}.get(str(field.data))
    if isinstance(field, YearField):
        return field.data + BUDDHIST_OFFSET if field.data else None
    return field.data


def _text(name: str, **kwargs: Any) -> ThaiTextField:
    return ThaiTextField(labels.FIELDS[name], **kwargs)


def _block(name: str, **kwargs: Any) -> ThaiTextArea:
    return ThaiTextArea(labels.FIELDS[name], **kwargs)


LINE_ID = Column("line_id", "", "hidden")


def _lines(kind: str, text: Any, *more: Column, **kwargs: Any) -> RowsField:
    spec = RowSpec(kind, (LINE_ID, Column("text", text, longest=settings.LENGTH_SHORT), *more))
    return RowsField(spec, labels.LISTS[kind], **kwargs)


AMOUNT = Column("amount", _("Amount (baht)"), "baht")


class OrganizationForm(PartForm):
    """Part 1: what the organization does and where it was supported; its own data are shown beside, read only."""

    part = "1"
    wanted = frozenset({"asked_before"})

    current_activity = _lines("current_activity", _("Activity or project"))
    achievements = _block("achievements")
    asked_before = RadioField(
        labels.FIELDS["asked_before"], choices=[("no", _("Never")), ("yes", _("Asked before"))], validate_choice=False
    )
    times_asked = CountField(labels.FIELDS["times_asked"])
    last_supported_year = YearField(labels.FIELDS["last_supported_year"])
    last_project = _text("last_project")
    problems_met = _block("problems_met")
    other_help = _lines("other_help", _("Funding source"), AMOUNT)


class DetailsForm(PartForm):
    """Part 2.1: the name, whom it concerns, and who answers for it."""

    part = "2.1"
    wanted = frozenset(
        {
            "title",
            "disabilities",
            "unit_name",
            "unit_phone",
            "unit_email",
            "coordinator_name",
            "coordinator_phone",
            "coordinator_email",
        }
    )

    title = _text("title")
    disabilities = SelectMultipleField(
        labels.FIELDS["disabilities"],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        description=_("Tick all that apply"),
    )
    is_research = BooleanField(
        labels.FIELDS["is_research"], description=_("A research outline is then attached in part 4")
    )
    unit_name = _text("unit_name")
    unit_phone = PhoneField(_("Telephone"))
    unit_email = EmailField(_("E-mail"))
    coordinator_name = _text("coordinator_name")
    coordinator_phone = PhoneField(_("Telephone"))
    coordinator_email = EmailField(_("E-mail"))


class RationaleForm(PartForm):
    """Part 2.2: why, and what is to come of it."""

    part = "2.2"
    wanted = frozenset({"rationale", "objective", "target", "indicator", "output"})

    rationale = _block("rationale", description=_("Where the project comes from, and why it is needed"))
    objective = _lines("objective", _("Objective"))
    target = _lines("target", _("Target"))
    indicator = _lines("indicator", _("Indicator"))
    output = _lines("output", _("Output"))
    outcome = _lines("outcome", _("Outcome"))
    impact = _lines("impact", _("Impact"))


class WorkForm(PartForm):
    """Part 2.3: where, when, how, and what is asked from whom."""

    part = "2.3"
    wanted = frozenset({"place", "starts_on", "ends_on", "method", "amount_asked"})

    place = _lines("place", _("Place"))
    starts_on = ThaiDateField(labels.FIELDS["starts_on"])
    ends_on = ThaiDateField(labels.FIELDS["ends_on"])
    method = _block("method")
    amount_asked = MoneyField(labels.FIELDS["amount_asked"])
    other_source = _lines("other_source", _("Funding source"), AMOUNT)


ACTIVITY = RowSpec(
    "activities",
    (
        LINE_ID,
        Column("name", _("Activity"), longest=settings.LENGTH_NAME),
        Column("detail", _("Detail"), "block", settings.LENGTH_LONG),
        Column("starts_on", _("Start date"), "day"),
        Column("ends_on", _("End date"), "day"),
        Column("budget", _("Budget (baht)"), "baht"),
    ),
)
STEP = RowSpec("steps", (LINE_ID, Column("name", _("Name of the step"), longest=settings.LENGTH_NAME)), inner=ACTIVITY)


class StepsForm(PartForm):
    """Part 2.4: steps, each with its activities; the sums are the server's."""

    part = "2.4"
    wanted = frozenset({"steps"})

    budget_note = ThaiTextArea(labels.FIELDS["budget_note"])
    steps = RowsField(STEP, labels.LISTS["steps"])


GIVEN = Column("text", _("What was given"), longest=settings.LENGTH_SHORT)
AGENCY = Column("detail", _("By which agency"), longest=settings.LENGTH_SHORT)


class ContributionsForm(PartForm):
    """Part 3: what other agencies give, by kind."""

    part = "3"


class AttachmentsForm(PartForm):
    """Part 4: files by kind; they were uploaded singly before, the form names them."""

    part = "4"

    def content(self) -> dict[str, Any]:
        """The files in one list, kind by kind."""
        return {"attachments": [{**row.content, "kind": kind} for kind, row in self._placed()]}

    def _placed(self) -> list[tuple[str, Row]]:
        # A row without a file says nothing: its template's only other cell is the name of a kind of the user's own.
        return [(field.name, row) for field in self.lists for row in field.list.rows if row.has_file]

    def _rows_of(self, name: str) -> list[Row]:  # noqa: ARG002 - all files are one list to the model
        return [row for _kind, row in self._placed()]

    def _place(self, where: str) -> Field | Cell | None:
        place = super()._place(where)
        return place if isinstance(place, Cell) else None


@lru_cache(maxsize=32)
def _contributions_form(kinds: tuple[tuple[str, bool], ...]) -> type[PartForm]:
    """The form of part 3 with a list for each kind: (its code, whether its rows have an amount)."""
    fields = {}
    for kind, with_amount in kinds:
        spec = RowSpec(kind, (LINE_ID, GIVEN, AGENCY, AMOUNT) if with_amount else (LINE_ID, GIVEN, AGENCY))
        fields[kind] = RowsField(spec, labels.lazy(labels.list_label, kind))
    return type("ContributionsFormNow", (ContributionsForm,), fields)


@lru_cache(maxsize=32)
def _attachments_form(kinds: tuple[str, ...]) -> type[PartForm]:
    """The form of part 4 with a list for each kind."""
    fields = {}
    for kind in kinds:
        columns = (LINE_ID, Column("file_id", _("File"), "hidden"))
        if kind == OTHER_DOCUMENT:
            columns = (*columns, Column("kind_name", _("Kind of document"), longest=settings.LENGTH_NAME))
        fields[kind] = RowsField(RowSpec(kind, columns), labels.lazy(labels.attachment_label, kind))
    return type("AttachmentsFormNow", (AttachmentsForm,), fields)


FORMS: dict[str, type[PartForm]] = {
    form.part: form for form in (OrganizationForm, DetailsForm, RationaleForm, WorkForm, StepsForm)
}


def _form_class(part: str, revisions: tuple[Revision, ...]) -> type[PartForm]:
    """The form of a part; parts 3 and 4 have the kinds that the office offers, and those that the revision has."""
    if part == "3":
        return _contributions_form(tuple((kind, has_amount(kind)) for kind in line_kinds("3", *revisions)))
    return _attachments_form(document_kinds(*revisions)) if part == "4" else FORMS[part]


def _prepared(form: PartForm, revisions: tuple[Revision, ...]) -> PartForm:
    """The form with what depends on the office's lists and on the revision."""
    if isinstance(form, DetailsForm):
        form.disabilities.choices = [(kind, labels.disability_label(kind)) for kind in disability_kinds(*revisions)]
    if isinstance(form, AttachmentsForm):
        for kind in wanted_documents(any(revision.is_research for revision in revisions)):
            form[kind].flags.required = True
    return form


def form_of(revision: Revision, part: str) -> PartForm:
    """The form of a part as it is saved."""
    content: dict[str, Any] = dict(content_of(revision, part))
    if part == "1":
        asked, year = content["asked_before"], content["last_supported_year"]
        content["asked_before"] = None if asked is None else ("yes" if asked else "no")
        content["last_supported_year"] = year - BUDDHIST_OFFSET if year else None
    if part == "4":
        for kind in document_kinds(revision):
            content[kind] = [row for row in content["attachments"] if row["kind"] == kind]
    return _prepared(_form_class(part, (revision,))(formdata=None, data=content), (revision,))


def typed_form(part: str, typed: MultiDict[str, str] | Mapping[str, Any], revision: Revision | None = None) -> PartForm:
    """The form of a part as it was typed: posted, or kept by itself."""
    revisions = (revision,) if revision is not None else ()
    form = _form_class(part, revisions)(formdata=typed if isinstance(typed, MultiDict) else MultiDict(typed))
    return _prepared(form, revisions)
