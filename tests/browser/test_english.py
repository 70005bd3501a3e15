"""Pages in the other language: the frame's own words are English."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import HERE, picture
from tests.browser.looking import address, browser_of, kept, settle, world
from tests.browser.pages import LOOKS
from tests.browser.site import Site, Watch
from tests.browser.world import World
from tests.factories import fund

__all__ = ["browser_of", "kept", "world"]

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
