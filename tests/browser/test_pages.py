"""Every page with believable data, on a wide screen and on a telephone: usable by all, nothing wrong in the console."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import url_for
from playwright.sync_api import Page

from tests.browser.conftest import HERE, open_context, picture
from tests.browser.hands import alive
from tests.browser.pages import LOOKS, NOT_PAGES, Look
from tests.browser.site import Site, Watch
from tests.browser.world import World, make_world
from tests.factories import fund

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


@pytest.mark.parametrize(
    ("look", "who"),
    [pytest.param(look, who, id=f"{look.label}-{who}") for look in LOOKS for who in look.who],
)
def test_a_page_is_usable_by_everybody_on_both_screens(
    look: Look, who: str, site: Site, world: World, browser_of: Callable[..., tuple[Page, Watch]]
) -> None:
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

    assert problems == []
    assert watch.found == []
    assert site.errors == []


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


def test_every_route_that_shows_a_page_is_looked_at(site: Site) -> None:
    shown = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    papers = {endpoint for endpoint in shown if endpoint.startswith("PaperView.")}  # PDF, every one
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
    if endpoint.startswith("SessionView"):
        known["pk"] = world.ids["group"]
    with site.app.test_request_context(base_url=site.url):
        path = url_for(endpoint, **{name: known[name] for name in rule.arguments})
    who = "member" if NOT_PAGES[endpoint] == "leads on to a part" or endpoint.startswith("Kept") else "staff"
    context, _watch = open_context(chromium, site, world.people[who])
    answer = context.request.get(path, max_redirects=0)
    body = answer.text() if answer.status == 200 and "text/html" in answer.headers.get("content-type", "") else ""
    assert "<html" not in body
    context.close()


# --- the other language ----------------------------------------------------------------------------------------------

ENGLISH = (
    ("SignView.sign_in", "visitor", ""),
    ("RegisterView.form", "visitor", ""),
    ("HomeView.index", "member", ""),
    ("AccountView.profile", "member", ""),
    ("ProposalView.list", "staff", ""),
    ("ProposalView.show", "member", "failed"),
    ("WizardView.part", "member", "2.1"),
    ("WizardView.part", "member", "2.4"),
    ("ScreeningView.form", "staff", ""),
    ("SessionView.list", "staff", ""),
    ("SessionView.agenda", "staff", ""),
    ("OrganizationView.edit", "manager", ""),
    ("RecordToolsView.index", "staff", ""),
    ("EvaluationSessionRecordView.list", "staff", ""),
    ("EvaluationSessionRecordView.edit", "staff", ""),
    ("UserView.list", "staff", ""),
)
# The frame's own words; what people typed, and the names of agencies, stay as they are.
CHROME_WORDS = """() => {
  const words = "title, h1, h2, h3, legend, label, th, button, .btn, .s-chip, dt, nav a, .s-hint, .s-notice p";
  const others = "[lang=th], .s-agency, .s-door-cloth, .s-text, .leaflet-container";
  const ours = (selector) => [...document.querySelectorAll(selector)].filter((one) => !one.closest(others));
  return [
    ...ours(words).map((one) => one.innerText),
    ...ours("[aria-label]").map((one) => one.getAttribute("aria-label")),
    ...ours("[placeholder]").map((one) => one.placeholder),
  ];
}"""
THAI = re.compile(r"[\u0e00-\u0e7f]+(?: [\u0e00-\u0e7f]+)*")


def own_words(site: Site) -> str:
    """Everything that people of the world have typed, and the names of the house."""
    from models.core.identity import Account
    from models.core.reference.provinces import province_choices
    from models.fund.organization import Organization
    from models.fund.revision import Revision
    from models.fund.session import EvaluationSession

    with site.data() as session:
        texts = [revision.title for revision in session.query(Revision)]
        texts += [name for row in session.query(Account) for name in (row.full_name, row.first_name, row.last_name)]
        texts += [row.initials for row in session.query(Account)]
        texts += [row.name for row in session.query(Organization)] + [
            row.name for row in session.query(EvaluationSession)
        ]
        texts += [name for _code, name in province_choices("th")]
    settings = site.app.config["SALA"]
    texts += [(HERE / "content.py").read_text(), Path(fund.__file__).read_text(), "ไทย ศาลา"]
    return "\n".join(filter(None, [*texts, settings.agency_name, settings.parent_name]))


@pytest.mark.parametrize(("endpoint", "who", "name"), ENGLISH)
def test_english_pages_speak_english(
    endpoint: str,
    who: str,
    name: str,
    site: Site,
    world: World,
    browser_of: Callable[..., tuple[Page, Watch]],
) -> None:
    look = next(look for look in LOOKS if look.endpoint == endpoint and who in look.who and name in ("", look.name))
    page, watch = browser_of(who, "en-US")
    page.goto(address(site, world, look))
    settle(page, watch)
    assert page.locator("html").get_attribute("lang") == "en"
    picture(page, f"{look.label}-{who}-english")
    allowed = own_words(site)
    said = page.evaluate(CHROME_WORDS)
    assert {thai for text in said for thai in THAI.findall(text) if thai not in allowed} == set()
    assert watch.found == []
