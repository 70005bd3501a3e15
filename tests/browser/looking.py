"""How every page is looked at: opened by somebody, on a wide screen and on a telephone, by eyes and by axe."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import pytest
from flask import url_for
from playwright.sync_api import Page

from tests.browser.conftest import HERE, open_context, picture
from tests.browser.hands import alive
from tests.browser.look import Look
from tests.browser.site import Site, Watch
from tests.browser.world import World, make_world

AXE = (HERE / "axe.min.js").read_text()
WIDTHS = (1280, 390)
ONLY_WIDTHS = (640, 320)  # 1280 at 200 % and at 400 %
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# A sticky bar half covers whatever happens to have been scrolled behind it; focus scrolls it free.
UNSTICK = "document.querySelectorAll('.s-actions, .s-top').forEach((bar) => { bar.style.position = 'static'; })"
FIND_VIOLATIONS = """async (rules) => {
  // The one frame there is shows a mail, sandboxed: not even axe runs in it. A test looks at the mail itself.
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"],
    iframes: false, preload: { assets: ["media"] } }); // none of these rules reads style sheets
  const said = (one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.failureSummary}`);
  return found.violations.flatMap(said);
}"""
# Both what a script has just begun and what the next frame brings have happened.
TAKE_A_TURN = """async () => {
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
}"""
# A wide thing inside its own scrolling region is meant; the page itself must not scroll sideways.
OVERFLOW = """() => {
  const { clientWidth: width, scrollWidth: whole } = document.documentElement;
  if (whole <= width) return [];
  const isWide = (one) => one.getBoundingClientRect().right > width + 1;
  const wide = [...document.body.querySelectorAll("*")].filter(isWide).slice(0, 5);
  return [`${whole} > ${width}`, ...wide.map((one) => one.outerHTML.slice(0, 150))];
}"""


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    """The fund in the middle of its year."""
    with site.data():
        return make_world()


@pytest.fixture(scope="module")
def kept(chromium: Any, site: Site, world: World) -> Iterator[dict[tuple[str, str], tuple[Page, Watch]]]:
    """The one browser of each person and language, with the page that it has open."""
    found: dict[tuple[str, str], tuple[Page, Watch]] = {}
    yield found
    for page, _watch in found.values():
        page.context.close()


@pytest.fixture
def browser_of(
    chromium: Any,
    site: Site,
    world: World,
    kept: dict[tuple[str, str], tuple[Page, Watch]],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., tuple[Page, Watch]]]:
    """Somebody's page, on which they go from address to address as people do; thrown away where a test failed."""
    used: list[tuple[str, str]] = []

    def browser(who: str, locale: str = "th-TH") -> tuple[Page, Watch]:
        used.append((who, locale))
        if (who, locale) not in kept:
            context, watch = open_context(chromium, site, world.people[who], locale=locale)
            context.add_init_script(AXE)
            kept[who, locale] = context.new_page(), watch
        page, watch = kept[who, locale]
        watch.found.clear()
        watch.expected = set()
        return page, watch

    yield browser
    site.errors.clear()
    for whose in used if getattr(request.node, "has_failed", True) else ():
        if whose in kept:
            kept.pop(whose)[0].context.close()


def address(site: Site, world: World, look: Look) -> str:
    """The page's address in this world."""
    values = {name: world.ids[key] for name, key in look.ids.items()} | dict(look.given)
    with site.app.test_request_context(base_url=site.url):
        path = url_for(look.endpoint, **values)
    return f"{path}?{look.query}" if look.query else path


def settle(page: Page, watch: Watch) -> None:
    """Wait until the page has fetched all it wants: scripts, fonts, what its parts ask for."""
    alive(page)
    quiet = 0
    while quiet < 2:  # What came last may ask for more as soon as the page has had its turn.
        page.evaluate(TAKE_A_TURN)
        quiet = 0 if watch.under_way else quiet + 1


def wrong_with(
    look: Look, who: str, site: Site, world: World, browser_of: Callable[..., tuple[Page, Watch]]
) -> list[str]:
    """What is wrong with a page as somebody opens it: with its answer, on both screens, in the console, behind it."""
    page, watch = browser_of(who)
    watch.expected = {look.status} - {200}
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    response = page.goto(address(site, world, look))
    assert response is not None
    assert response.status == look.status
    settle(page, watch)
    assert page.locator("html").get_attribute("lang") == "th"
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 844})
        problems += [f"{width}: {line}" for line in page.evaluate(OVERFLOW)]
        picture(page, f"{look.label}-{who}-{width}")
        page.evaluate(UNSTICK)
        problems += [f"{width}: {line}" for line in page.evaluate(FIND_VIOLATIONS, RULES)]
    for width in ONLY_WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        problems += [f"{width}: {line}" for line in page.evaluate(OVERFLOW)]
    return [*problems, *watch.found, *map(repr, site.errors)]


def looks_of(looks: Iterable[Look], people: Collection[str] | None = None) -> list[Any]:
    """The pages that people look at, all of them or these, as a test's parameters."""
    wanted = ((look, who) for look in looks for who in look.who if people is None or who in people)
    return [pytest.param(look, who, id=f"{look.label}-{who}") for look, who in wanted]
