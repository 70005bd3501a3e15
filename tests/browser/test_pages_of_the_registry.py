"""Every page of the registry with believable data, beside test_pages so that several processes share them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.assessment_pages import REGISTRY_LOOKS
from tests.browser.looking import browser_of, kept, looks_of, world, wrong_with
from tests.browser.pages import Look
from tests.browser.site import Site, Watch
from tests.browser.world import World

__all__ = ["browser_of", "kept", "world"]


@pytest.mark.parametrize(("look", "who"), looks_of(REGISTRY_LOOKS))
def test_a_page_is_usable_by_everybody_on_both_screens(
    look: Look, who: str, site: Site, world: World, browser_of: Callable[..., tuple[Page, Watch]]
) -> None:
    assert wrong_with(look, who, site, world, browser_of) == []
