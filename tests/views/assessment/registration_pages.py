"""What the tests of a school's registration pages share: a school in an open round, its browser, its form as posted."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from models.assessment.registration import save, sheet_of
from models.assessment.round import Round
from models.assessment.school import School
from models.core.db import db

PVC = "pvc2562"
URL = f"/registration/{PVC}"
AS_SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


@dataclass
class Place:
    """A school with branches that it may report in a round."""

    round: Round
    school: School
    branches: list[int]

    def saved(self, counts: dict[int, int], *, by: Any = None) -> None:
        """Save counts beside the pages."""
        sheet = sheet_of(self.round.id, self.school.id, PVC)
        given = {"read": sheet.counts, "version": sheet.version}
        save(by or self.school.account, self.round, self.school, PVC, counts, **given)
        db.session.commit()

    @property
    def counts(self) -> dict[int, int]:
        """What the database has now."""
        return sheet_of(self.round.id, self.school.id, PVC).counts


def fields_of(page: str) -> dict[str, Any]:
    """Name and value of every control of the page's form, as a browser would post them unchanged."""
    start = page.index('id="branches"')
    found: dict[str, Any] = {"tick": []}
    for tag in re.findall(r"<input\b[^>]*>", page[start : page.index("</form>", start)]):
        name, value = _attribute(tag, "name"), _attribute(tag, "value") or ""
        if not name:
            continue
        if name != "tick":
            found[name] = value
        elif " checked" in tag:
            found["tick"].append(value)
    return found


def typed(fields: dict[str, Any], **numbers: str) -> dict[str, Any]:
    """The form with these numbers typed and ticked: {"n12": "25"}; an empty one is taken out and its tick too."""
    made = {**fields, "tick": list(fields["tick"])}
    for name, number in numbers.items():
        branch = name.removeprefix("n")
        made[f"n-{branch}"] = number
        made["tick"] = [one for one in made["tick"] if one != branch] + ([branch] if number else [])
    return made


def conflict_fields(page: str) -> dict[str, Any]:
    """What the dialog posts when mine is kept everywhere."""
    start = page.index('id="conflict"')
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", page[start : page.index("</dialog>", start)]):
        name, value = _attribute(tag, "name"), _attribute(tag, "value") or ""
        if name and not (_attribute(tag, "type") == "radio" and " checked" not in tag):
            found.setdefault(name, []).append(value)
    return found


def opened(browser: FlaskClient, url: str = URL) -> dict[str, Any]:
    """The form of a page as it is opened."""
    answer = browser.get(url)
    assert answer.status_code == 200, answer.status_code
    return fields_of(answer.text)


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else None
