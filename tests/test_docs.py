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
