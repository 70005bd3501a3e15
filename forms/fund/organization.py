"""Forms of organizations, their members, and the accounts that staff make (spec: fund.md 2.4 and 3)."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField

from forms.core.account import NamesForm, OnceField, title_field
from forms.core.base import SalaForm, SalaMeta
from forms.core.fields import (
    CitizenIdField,
    EmailField,
    LatitudeField,
    LongitudeField,
    PhoneField,
    ReadField,
    ThaiTextField,
    YearField,
)
from forms.core.sentences import SENTENCES, value_sentence
from forms.core.validators import Required
from models.core.reference.provinces import province_choices
from models.core.thai.dates import BUDDHIST_OFFSET
from models.core.thai.place import parse_postcode
from models.fund.codes import NAME_LENGTH, PRIVATE, PUBLIC, SHORT_LENGTH
from models.fund.rules import BadOrganization, wrong_organization

MOST_ROWS = 100
PERSON_LENGTH = 150
PERSON_TITLE_LENGTH = 50
ROW_LISTS = ("directors", "officers", "objectives")


SENTENCES[BadOrganization] = {
    "parent_agency_needed": _("Enter the parent agency of the public sector."),
    "half_a_place": _("Fill in both latitude and longitude, or neither."),
    "year_unlikely": _("The year %(year)s cannot be right. Type a year from %(first)s to %(last)s."),
}


class RowMeta(SalaMeta):
    """A row inside a form: the form itself carries the token."""

    csrf = False


class PersonRow(SalaForm):
    """A director or officer; a row left empty counts for nothing."""

    Meta = RowMeta

    id = HiddenField()
    title = title_field(PERSON_TITLE_LENGTH)
    first_name = ThaiTextField(_("First name"), max_length=PERSON_LENGTH)
    last_name = ThaiTextField(_("Last name"), max_length=PERSON_LENGTH)
    citizen_id = CitizenIdField(_("Citizen ID"), description="")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not any((field.raw_data or [field.data or ""])[0] for field in self if field.name[-3:] != "-id")

    def validate(self, extra_validators: Any = None) -> bool:
        """A row that holds anything needs its first name."""
        is_right = super().validate(extra_validators)
        if not self.first_name.data and not self.is_blank:
            self.first_name.errors = [gettext("Enter the first name, or remove the row.")]
            return False
        return is_right

    def content(self) -> dict[str, Any]:
        """The row as models.fund.members takes it.

        A stored citizen ID is never sent to the page, so an empty field of a stored row leaves it as it is.
        """
        row: dict[str, Any] = {
            "id": int(self.id.data) if str(self.id.data or "").isdecimal() else None,
            "title": self.title.data or "",
            "first_name": self.first_name.data or "",
            "last_name": self.last_name.data or "",
        }
        if self.citizen_id.data:
            row["citizen_id"] = self.citizen_id.data
        return row


class ObjectiveRow(SalaForm):
    """One objective."""

    Meta = RowMeta

    id = HiddenField()
    text = ThaiTextField(_("Objective"), max_length=SHORT_LENGTH)

    def content(self) -> dict[str, Any]:
        """The row as models.fund.members takes it."""
        return {"id": int(self.id.data) if str(self.id.data or "").isdecimal() else None, "text": self.text.data or ""}


class PostcodeField(ReadField):
    """A postcode, Thai digits too; `data` is its five digits."""

    default_attributes = {"inputmode": "numeric", "autocomplete": "postal-code"}

    def read(self, text: str) -> str:
        return parse_postcode(text)


class OrganizationForm(SalaForm):
    """Everything about an organization (spec: fund.md 3)."""

    version = HiddenField()
    form_token = OnceField()
    name = ThaiTextField(
        _("Name of the organization"), max_length=NAME_LENGTH, validators=[Required(_("Enter the name."))]
    )
    sector = RadioField(
        _("Sector"),
        choices=[(PUBLIC, _("Public sector")), (PRIVATE, _("Private sector"))],
        validators=[Required(_("Choose the sector."))],
    )
    parent_agency = ThaiTextField(
        _("Parent agency"), max_length=NAME_LENGTH, description=_("Needed for the public sector")
    )
    registered_year = YearField(_("Year registered (Buddhist era)"))
    address = ThaiTextField(
        _("Postal address"),
        max_length=SHORT_LENGTH,
        description=_("House number, village, street"),
        validators=[Required(_("Enter the address."))],
    )
    subdistrict = ThaiTextField(_("Subdistrict"), max_length=100)
    district = ThaiTextField(_("District"), max_length=100)
    province_code = SelectField(_("Province"), validators=[Required(_("Choose the province."))])
    postcode = PostcodeField(_("Postcode"))
    phone = PhoneField(_("Telephone"))
    email = EmailField(_("E-mail"))
    latitude = LatitudeField(_("Latitude"))
    longitude = LongitudeField(_("Longitude"))
    chair_title = title_field(PERSON_TITLE_LENGTH)
    chair_first_name = ThaiTextField(
        _("First name"), max_length=PERSON_LENGTH, validators=[Required(_("Enter the first name of the president."))]
    )
    chair_last_name = ThaiTextField(_("Last name"), max_length=PERSON_LENGTH)
    directors = FieldList(FormField(PersonRow), max_entries=MOST_ROWS)
    officers = FieldList(FormField(PersonRow), max_entries=MOST_ROWS)
    objectives = FieldList(FormField(ObjectiveRow), max_entries=MOST_ROWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = str(get_locale() or "th")[:2]
        self.province_code.choices = [("", gettext("Choose a province")), *province_choices(lang)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what they may not say together."""
        is_right = super().validate(extra_validators)
        for name, wrong in wrong_organization(self.content()):
            if not self[name].errors:
                self[name].errors = [value_sentence(wrong)]
            is_right = False
        return is_right

    def content(self) -> dict[str, Any]:
        """What models.fund.members.edit_organization takes."""
        plain = {
            field.name: field.data
            for field in self
            if field.name not in ("csrf_token", "version", "form_token", "registered_year", *ROW_LISTS)
        }
        for key in ("latitude", "longitude"):
            plain[key] = None if plain[key] is None else float(plain[key])
        for key in ("phone", "email", "postcode", "parent_agency"):
            plain[key] = plain[key] or ""
        year = self.registered_year.data
        plain["registered_year"] = None if year is None else year + BUDDHIST_OFFSET
        return plain | {key: [row.form.content() for row in self[key]] for key in ROW_LISTS}


def blank_rows() -> dict[str, Any]:
    """An empty row of each list, numbered for the page's template."""
    rows: dict[str, Any] = {"objectives": ObjectiveRow(formdata=None, prefix="objectives-__n__-")}
    for key in ("directors", "officers"):
        rows[key] = PersonRow(formdata=None, prefix=f"{key}-__n__-")
    return rows


class MemberForm(SalaForm):
    """Adding a member by e-mail."""

    email = EmailField(
        _("E-mail of the new member"),
        validators=[Required(_("Enter the e-mail of the person."))],
        description=_("Who has no account yet gets an invitation"),
    )


class ChoiceForm(SalaForm):
    """Which organization one belongs to, asked with the first profile and later until there is one."""

    Meta = RowMeta

    how = RadioField(
        _("Your organization"),
        choices=[
            ("choose", _("Choose it from the list")),
            ("add", _("It is not on the list; add it in the next step")),
            ("later", _("Choose later; without one no proposal can be made")),
        ],
        default="choose",
        validators=[Required(_("Choose one of these."))],
    )
    organization = HiddenField(_("Organization"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization.flags.control = "organization-pick"  # What the summary of errors leads to.

    def validate(self, extra_validators: Any = None) -> bool:
        """Choosing from the list needs something chosen."""
        is_right = super().validate(extra_validators)
        if self.how.data == "choose" and not str(self.organization.data or "").isdecimal():
            self.organization.errors = [gettext("Choose the organization from the list.")]
            return False
        return is_right


class PersonAccountForm(NamesForm):
    """An account of a committee member or of staff, as staff keep it (spec: fund.md 2.4)."""

    version = HiddenField()
    telephone = PhoneField(_("Telephone"))
    citizen_id = CitizenIdField(
        _("Citizen ID"), description=_("For finding conflicts of interest; 13 digits, Thai digits and spaces are fine")
    )
    affiliations = FieldList(ThaiTextField(_("Affiliation"), max_length=NAME_LENGTH), max_entries=30)


class NewPersonForm(PersonAccountForm):
    """The same, with what is only asked when the account is made."""

    form_token = OnceField()
    kind = RadioField(_("Role"), validators=[Required(_("Choose the role."))])
    email = EmailField(
        _("E-mail"),
        validators=[Required(_("Enter the e-mail."))],
        description=_("It is the user name; it needs no confirmation"),
        autocomplete="off",
    )
    status = RadioField(
        _("Status"), choices=[("open", _("Account open")), ("closed", _("Account closed"))], default="open"
    )
