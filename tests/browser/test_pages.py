"""Every page of applicants and of the fund with believable data: usable by all, nothing wrong in the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.looking import (
    AXE,
    FIND_VIOLATIONS,
    OVERFLOW,
    RULES,
    WIDTHS,
    address,
    browser_of,
    kept,
    looks_of,
    world,
    wrong_with,
)
from tests.browser.pages import FUND_LOOKS, Look
from tests.browser.site import Site, Watch
from tests.browser.world import World

__all__ = ["browser_of", "kept", "world"]

PEOPLE = {who for look in FUND_LOOKS for who in look.who} - {"super"}


@pytest.mark.parametrize(("look", "who"), looks_of(FUND_LOOKS, PEOPLE))
def test_a_page_is_usable_by_everybody_on_both_screens(
    look: Look, who: str, site: Site, world: World, browser_of: Callable[..., tuple[Page, Watch]]
) -> None:
    assert wrong_with(look, who, site, world, browser_of) == []


def test_a_mail_is_usable_by_everybody_on_both_screens(
    site: Site, world: World, browser_of: Callable[..., Any]
) -> None:
    page, _watch = browser_of("staff")
    mail = page.request.get(address(site, world, Look("MessageView.mail", ("staff",), {"pk": "message"})))
    assert mail.status == 200

    # Under no policy of its page, which lets no script run in a mail, not even the one that looks.
    page.goto("about:blank")
    page.set_content(mail.text())
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(AXE)
        problems += [f"{width}: {line}" for line in page.evaluate(OVERFLOW)]
        problems += [f"{width}: {line}" for line in page.evaluate(FIND_VIOLATIONS, RULES)]

    assert problems == []
