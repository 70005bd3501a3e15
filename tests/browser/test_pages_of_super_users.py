"""Every page as a super user opens it, beside test_pages so that two processes share them; and that none is missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import url_for
from playwright.sync_api import Page

from tests.browser.assessment_pages import REGISTRY_NOT_PAGES
from tests.browser.conftest import open_context
from tests.browser.looking import browser_of, kept, looks_of, world, wrong_with
from tests.browser.pages import FUND_LOOKS, LOOKS, NOT_PAGES, Look
from tests.browser.site import Site, Watch
from tests.browser.world import World

__all__ = ["browser_of", "kept", "world"]


@pytest.mark.parametrize(("look", "who"), looks_of(FUND_LOOKS, {"super"}))
def test_a_page_is_usable_by_everybody_on_both_screens(
    look: Look, who: str, site: Site, world: World, browser_of: Callable[..., tuple[Page, Watch]]
) -> None:
    assert wrong_with(look, who, site, world, browser_of) == []


def test_every_route_that_shows_a_page_is_looked_at(site: Site) -> None:
    shown = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    papers = {endpoint for endpoint in shown if "PaperView." in endpoint}  # papers and workbooks, every one
    # Never a page, whatever is asked: tests/views/core/api holds every answer to the API's document.
    programs = {rule.endpoint for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    looked_at = {look.endpoint for look in LOOKS}
    # Made of the same templates for every kind of record: one of each stands for all.
    generated = {endpoint for endpoint in shown if "RecordView." in endpoint}
    assert {one.partition(".")[2] for one in generated} == {one.partition(".")[2] for one in generated & looked_at}
    missing = shown - papers - programs - generated - looked_at - NOT_PAGES.keys()
    assert missing == set(), "add these to tests/browser/pages.py"
    assert looked_at - shown == set()
    assert NOT_PAGES.keys() - shown == set()


@pytest.mark.parametrize("endpoint", sorted(NOT_PAGES.keys() - {"static", "appbuilder.static"}))
def test_what_is_called_no_page_is_none(endpoint: str, site: Site, world: World, chromium: Any) -> None:
    rule = next(rule for rule in site.app.url_map.iter_rules() if rule.endpoint == endpoint)
    known = {"pk": world.ids["draft"], "part": "1", "ending": "xlsx", "key": "0" * 32, "domain": "fund"}
    known |= {"export_type": "csv", "name": "membership", "field": "organization_id", "job": world.ids["bulk"]}
    known |= {"curriculum": "pvc2562"}
    if endpoint.startswith("SessionView"):
        known["pk"] = world.ids["group"]
    who = "member" if NOT_PAGES[endpoint] == "leads on to a part" or endpoint.startswith("Kept") else "staff"
    if endpoint in REGISTRY_NOT_PAGES:
        who, known["pk"] = "national", world.ids["round"]
    with site.app.test_request_context(base_url=site.url):
        path = url_for(endpoint, **{name: known[name] for name in rule.arguments})
    context, _watch = open_context(chromium, site, world.people[who])
    answer = context.request.get(path, max_redirects=0)
    body = answer.text() if answer.status == 200 and "text/html" in answer.headers.get("content-type", "") else ""
    assert "<html" not in body
    context.close()
