"""The messages that WTForms, Flask-WTF and FAB show, named here so that extraction keeps them in our catalogue.

They are translated when shown (`CatalogueTranslations`, `TranslatedCSRF`, FAB's own); none of the three ships Thai.
"""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

LIBRARY_MESSAGES = (
    _("Invalid field name '%s'."),
    _("Field must be equal to %(other_name)s."),
    _("Field must be between %(min)d and %(max)d characters long."),
    _("Number must be at least %(min)s."),
    _("Number must be at most %(max)s."),
    _("Number must be between %(min)s and %(max)s."),
    _("Date must be at least %(min)s."),
    _("Date must be at most %(max)s."),
    _("Date must be between %(min)s and %(max)s."),
    _("This field is required."),
    _("Invalid input."),
    _("Invalid email address."),
    _("Invalid IP address."),
    _("Invalid Mac address."),
    _("Invalid URL."),
    _("Invalid UUID."),
    _("Invalid value, must be one of: %(values)s."),
    _("Invalid value, can't be any of: %(values)s."),
    _("This field cannot be edited."),
    _("This field is disabled and cannot have a value."),
    _("Invalid CSRF Token."),
    _("CSRF token missing."),
    _("CSRF failed."),
    _("CSRF token expired."),
    _("The CSRF token is missing."),
    _("The CSRF session token is missing."),
    _("The CSRF token has expired."),
    _("The CSRF token is invalid."),
    _("The CSRF tokens do not match."),
    _("Invalid Choice: could not coerce."),
    _("Choices cannot be None."),
    _("Not a valid choice."),
    _("Invalid choice(s): one or more data inputs could not be coerced."),
    _("Not a valid datetime value."),
    _("Not a valid date value."),
    _("Not a valid time value."),
    _("Not a valid week value."),
    _("Not a valid integer value."),
    _("Not a valid decimal value."),
    _("Not a valid float value."),
)

LIBRARY_PLURALS = (
    lazy_ngettext(
        "Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long.", 1
    ),
    lazy_ngettext(
        "Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters.", 1
    ),
    lazy_ngettext("Field must be exactly %(max)d character long.", "Field must be exactly %(max)d characters long.", 1),
    lazy_ngettext(
        "'%(value)s' is not a valid choice for this field.", "'%(value)s' are not valid choices for this field.", 1
    ),
)

BUILDER_MESSAGES = (
    _("Added Row"),
    _("Changed Row"),
    _("Deleted Row"),
    _("Contains"),
    _("Not Contains"),
    _("Starts with"),
    _("Not Starts with"),
    _("Ends with"),
    _("Not Ends with"),
    _("Equal to"),
    _("Not Equal to"),
    _("Greater than"),
    _("Smaller than"),
    _("Relation"),
    _("No Relation"),
    _("Relation as Many"),
)
