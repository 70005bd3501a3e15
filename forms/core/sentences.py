"""What is wrong with a typed value and what to do: a sentence for each code that models/core/thai raises."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from models.core.entity.values import WrongValue
from models.core.thai.citizen import BadCitizenId
from models.core.thai.dates import BadDate
from models.core.thai.email import BadEmail
from models.core.thai.errors import BadValue
from models.core.thai.money import BadMoney
from models.core.thai.phone import BadPhone
from models.core.thai.place import BadCoordinate, BadPostcode
from models.core.thai.times import BadTime
from models.core.thai.web import BadWebLink

SENTENCES: dict[type[BadValue], dict[str, LazyString]] = {
    BadDate: {
        "not_a_date": _("This is not a date. Type day/month/Buddhist year, for example 11/03/2569."),
        "two_digit_year": _("The year %(year)s is too short. Type the Buddhist year in four digits, such as 2569."),
        "year_not_buddhist": _("%(year)s is not a Buddhist year. If you mean %(year)s CE, type %(suggested)s."),
        "year_out_of_range": _("The year %(year)s cannot be right. Type a year from %(first)s to %(last)s."),
        "no_such_month": _("There is no month %(month)s. Type a month from 1 to 12."),
        "no_such_day": _("There is no day %(day)s in month %(month)s of %(year)s. Check the day and the month."),
    },
    BadTime: {
        "not_a_time": _("This is not a time. Type hours and minutes, for example 09.30."),
        "no_such_time": _("There is no such time. Hours go from 00 to 23, minutes from 00 to 59."),
    },
    BadMoney: {
        "not_a_number": _("This is not an amount. Type digits, for example 1,250.00."),
        "misplaced_comma": _(
            "A comma is in the wrong place. Use commas for thousands and a point for satang: 1,250.00."
        ),
        "negative": _("The amount is below zero. Type 0 or more."),
        "too_many_decimals": _("The amount has more than two decimals. Round it to whole satang."),
        "too_large": _("The amount is too large. Type 999,999,999.99 baht at most."),
    },
    BadCitizenId: {
        "not_digits": _("There is something other than digits. Type only the 13 digits on the card."),
        "wrong_length": _("A citizen ID has 13 digits; there are %(length)s now. Check the number with the card."),
        "wrong_check_digit": _("The last digit does not match the check digit. Check the number with the card again."),
    },
    BadPhone: {
        "not_a_phone": _("This is not a telephone number. Type digits, for example 02 123 4567."),
        "too_short": _("Type all %(expected)s digits; there are %(length)s now."),
        "too_long": _("There are %(length)s digits, more than %(expected)s. Type one number only."),
        "not_mobile": _("This is not a mobile number. Type ten digits that begin with 06, 08 or 09."),
        "unknown_prefix": _(
            "No Thai number begins like this. Begin with 0 and the area code, for example 043 555 120."
        ),
    },
    BadCoordinate: {
        "not_a_number": _("This is not a coordinate. Type degrees with a decimal point, for example 13.756331."),
        "a_pair": _("Both coordinates are in one field. Type latitude and longitude each in its own field."),
        "out_of_range": _("The coordinate is out of range. Type a number from -%(limit)s to %(limit)s."),
    },
    BadEmail: {
        "not_an_email": _("This is not an e-mail address. Type it in full, for example name@example.com."),
    },
    BadPostcode: {
        "not_a_postcode": _("A postcode has five digits, for example 10300."),
    },
    BadWebLink: {
        "not_a_link": _("This is not a link. Paste it whole; it begins with https://"),
    },
    WrongValue: {
        "needed": _("Fill this in."),
        "too_long": _("The text has %(length)s characters; shorten it to %(limit)s."),
        "not_text": _("This is not a text."),
        "not_a_choice": _("This cannot be chosen. Choose one of the list."),
        "not_a_number": _("This is not a number. Type digits, for example 25."),
        "not_a_decimal": _("This is not a number. Type digits with a decimal point, for example 13.7563."),
        "not_a_year": _("This is not a year. Type the Buddhist year in four digits, for example 2570."),
        "too_small": _("The number is too small. Type %(limit)s or more."),
        "too_large": _("The number is too large. Type %(limit)s at most."),
        "not_yes_no": _("Choose yes or no."),
        "not_a_moment": _("This is not a time. Type the day and the time, for example 11/03/2569 13:30."),
        "no_such_record": _("There is no such record, or you do not see it. Choose another one."),
        "not_data": _("This value cannot be typed."),
        "taken": _("Another record has this already. Type another one."),
        "not_so_many_digits": _("Type %(digits)s digits; nothing else belongs here."),
        "not_a_field": _("This record has no such field."),
    },
}


def value_sentence(error: BadValue) -> str:
    """Return the sentence, in the reader's language, for an error that a rule of models/core/thai raised."""
    sentence = str(SENTENCES[type(error)][error.code])
    return sentence % error.values if error.values else sentence
