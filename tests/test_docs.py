"""What the documents say of the code is true."""

import re
from pathlib import Path

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


def test_every_test_that_the_funds_page_names_is_there():
    lines = (ROOT / "docs" / "fund.md").read_text(encoding="utf-8").partition("## Line by line")[2]
    paths = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    written = {path.stem for path in paths} | {
        name for path in paths for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    named = {name for quoted in re.findall(r"`([^`]+)`", lines) for name in re.findall(r"\btest_\w+", quoted)}

    assert named - written - {Path(__file__).stem} == set()
    assert len(named) > 80
