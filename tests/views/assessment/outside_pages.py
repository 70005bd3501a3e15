"""What the tests of outside agencies share: a committee in an open round, its forms as a browser would post them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from models.assessment.agency import Details, Sheet, add, change, sheet_of
from models.assessment.codes import STATE
from models.assessment.outside import OutsideAgency, agencies_in
from models.assessment.round import Round
from models.assessment.school import School
from models.core.db import db

PVC = "pvc2562"
ADD = f"/outside/{PVC}/add"
LIST = "/outside/agencies/"
NONE = "/outside/none/"
ARMY = Details("โรงเรียนช่างฝีมือทหาร", STATE, "กองบัญชาการกองทัพไทย", "10")
WHO = {"name": ARMY.name, "sector": ARMY.sector, "parent": ARMY.parent, "province_code": ARMY.province_code}


@dataclass
class Place:
    """A committee with branches that agencies may ask for in a round."""

    round: Round
    committee: School
    branches: list[int]

    def added(self, details: Details = ARMY, counts: dict[int, int] | None = None) -> OutsideAgency:
        """An agency, entered beside the pages."""
        made = add(self.committee.account, self.round, self.committee, PVC, details, counts or {self.branches[0]: 12})
        db.session.commit()
        return made

    def changed(self, agency: OutsideAgency, details: Details = ARMY, counts: dict[int, int] | None = None) -> None:
        """The agency, saved by somebody else beside the pages."""
        change(self.committee.account, agency, details, counts or {self.branches[0]: 12}, sheet_of(agency))
        db.session.commit()

    @property
    def agencies(self) -> list[OutsideAgency]:
        """What is entered."""
        db.session.expire_all()
        return list(db.session.scalars(agencies_in(self.round.id).order_by(OutsideAgency.id)))


def stored(agency: OutsideAgency) -> Sheet:
    """An agency as the database has it now."""
    db.session.expire_all()
    return sheet_of(agency)


class _Controls(HTMLParser):
    """The controls that a browser would post of one element, as (name, value)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pairs: list[tuple[str, str]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.pairs.append((self._select, given.get("value") or ""))
        elif tag == "input" and name and not (kind in ("radio", "checkbox") and "checked" not in given):
            self.pairs.append((name, given.get("value") or ""))


def fields_of(page: str, start: str = 'id="branches"', end: str = "</form>") -> dict[str, Any]:
    """What the page's form would post unchanged; a name that stands more than once has a list."""
    at = page.index(start)
    controls = _Controls()
    controls.feed(page[at : page.index(end, at)])
    found: dict[str, list[str]] = {"tick": []}
    for name, value in controls.pairs:
        found.setdefault(name, []).append(value)
    return {name: values if name == "tick" or len(values) > 1 else values[0] for name, values in found.items()}


def chosen_in_conflict(page: str) -> dict[str, Any]:
    """What the dialog posts where two people said different things, mine kept everywhere."""
    return fields_of(page, 'id="conflict"', "</dialog>")


def typed(fields: dict[str, Any], numbers: dict[int, str] | None = None, **who: str) -> dict[str, Any]:
    """The form with these numbers typed and ticked, an empty one unticked, and these details."""
    made = {**fields, "tick": list(fields["tick"]), **who}
    for branch, number in (numbers or {}).items():
        made[f"n-{branch}"] = number
        made["tick"] = [one for one in made["tick"] if one != str(branch)] + ([str(branch)] if number else [])
    return made


def words_of(page: str) -> str:
    """The page's text without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", page[page.index("<main") :]).split())
