"""What the documents say of the code is true."""

import re
from pathlib import Path

import pytest

import config
from models.fund.workflow import diagram

ROOT = Path(__file__).parent.parent


def test_the_diagram_of_the_moves_is_the_tables():
    drawn = re.search(r"```mermaid\n(.*?)\n```", (ROOT / "docs" / "fund.md").read_text(encoding="utf-8"), re.S)

    assert drawn is not None
    assert drawn[1] == diagram()


def test_the_readme_lists_every_setting():
    read = set(re.findall(r'"(SALA_[A-Z_]+)"', Path(config.__file__).read_text(encoding="utf-8")))
    listed = set(re.findall(r"`(SALA_[A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert read <= listed


@pytest.mark.parametrize(("page", "least"), [("fund.md", 80), ("assessment.md", 60)])
def test_every_test_that_a_domains_page_names_is_there(page, least):
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").partition("## Line by line")[2]
    paths = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    written = {path.stem for path in paths} | {
        name for path in paths for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    named = {name for quoted in re.findall(r"`([^`]+)`", lines) for name in re.findall(r"\btest_\w+", quoted)}

    assert named - written - {Path(__file__).stem} == set()
    assert len(named) > least


def test_every_address_of_the_registrys_page_is_a_route(app):
    page = (ROOT / "docs" / "assessment.md").read_text(encoding="utf-8").partition("## A year")[0]
    named = {path.rstrip("/") or "/" for path in re.findall(r"`(/[^`]*)`", page)}

    known = {rule.rule.rstrip("/") or "/" for rule in app.url_map.iter_rules()}

    assert {path for path in named if not any(rule.startswith(path) for rule in known)} == set()
