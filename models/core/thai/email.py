"""E-mail addresses: well formed, no more; whether anyone reads them only a sent message can tell."""

from email_validator import EmailNotValidError, validate_email

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line

MAX_EMAIL = 254


class BadEmail(BadValue):
    """A text that is no e-mail address. Code: not_an_email."""


def parse_email(text: str) -> str:
    """Return the address as stored and compared: in lower case, without space around it. Raises BadEmail.

    Addresses under .invalid are refused: they are the synthetic ones of accounts without e-mail, never anybody's.
    """
    try:
        # The test environment only adds the reserved .test domain, which demo accounts live in.
        address = validate_email(clean_line(text), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise BadEmail("not_an_email") from None
    return address.normalized.lower()
