"""Addresses on the web as people paste them: only what a browser opens as a page, never a script or a file."""

import re
from urllib.parse import urlsplit

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line

_SCHEMES = frozenset({"http", "https"})
_UNSEEN = re.compile(r"[\s\\\x00-\x1f\x7f]")


class BadWebLink(BadValue):
    """A text that is no address of a page. Code: not_a_link."""


def parse_web_link(text: str) -> str:
    """Return the link as it was typed, without spaces around it; its scheme is http or https. Raises BadWebLink."""
    link = clean_line(text)
    if not is_web_link(link):
        raise BadWebLink("not_a_link")
    return link


def is_web_link(link: str) -> bool:
    """Whether a browser opens the text as a page of the web: what pages ask before they make a link of it."""
    if _UNSEEN.search(link):
        return False
    try:
        parts = urlsplit(link)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # brackets that hold no address, a port that is none
        return False
