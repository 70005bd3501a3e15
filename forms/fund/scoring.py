"""What comes in from the record form, the sheet of the meeting, and the board's decision (spec: fund.md 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from forms.core.base import SalaForm
from forms.core.fields import ThaiDateField, ThaiTextField
from models.core.thai.text import clean_block
from models.fund.codes import LONG_LENGTH, SHORT_LENGTH
from models.fund.scoring.points import INDICATORS

CHOICES = ("none", "has")


class FormData(Protocol):
    """A posted form: one value or all values of a name."""

    def get(self, key: str, default: str = "") -> str: ...

    def getlist(self, key: str) -> list[str]: ...

    def __contains__(self, key: object) -> bool: ...


def read_sheet(data: FormData, numbers: Iterable[int]) -> dict[str, Any]:
    """The posted sheet as `models.fund.scoring.save_sheet` takes it; points and totals that came along are ignored.

    A topic comes as choice-N, tick-N (positions 0 to 3) and advice-N, or as answer-N ("has:0,2"), which is how the
    dialog of a conflict posts a whole answer. Nothing that can be posted raises.
    """
    topics = {number: _read_topic(data, number) for number in numbers}
    return {"advice": _text(data, "advice"), "topics": topics}


def _read_topic(data: FormData, number: int) -> dict[str, Any]:
    if f"answer-{number}" in data:
        choice, _colon, ticks = (data.get(f"answer-{number}") or "").partition(":")
        ticked = ticks.split(",")
    else:
        choice, ticked = data.get(f"choice-{number}", ""), data.getlist(f"tick-{number}")
    allowed = {str(position) for position in range(INDICATORS)}
    return {
        "choice": choice if choice in CHOICES else None,
        "ticked": sorted(int(position) for position in set(ticked) & allowed) if choice == "has" else [],
        "advice": _text(data, f"advice-{number}"),
    }


def _text(data: FormData, name: str) -> str:
    return clean_block(data.get(name) or "")


def write_answer(choice: str | None, ticked: Iterable[int]) -> str:
    """A whole answer as one text, the opposite of what `read_sheet` reads from answer-N."""
    return f"{choice or ''}:{','.join(str(position) for position in sorted(ticked))}"


def unanswered(content: Mapping[str, Any]) -> list[int]:
    """Numbers of the topics without a main choice."""
    return [number for number, topic in content["topics"].items() if topic["choice"] is None]


def too_long(content: Mapping[str, Any]) -> list[int]:
    """Numbers of the topics whose advice is longer than can be kept; 0 stands for the advice in general."""
    advice = {0: content["advice"], **{number: topic["advice"] for number, topic in content["topics"].items()}}
    return [number for number, text in advice.items() if len(text) > LONG_LENGTH]


class DecisionForm(SalaForm):
    """The board's resolution; which of the two it is says the button."""

    version = HiddenField()
    resolution_number = ThaiTextField(
        _("Resolution number"),
        description=_("For example 3/2569, item 4.2; may be left empty"),
        max_length=SHORT_LENGTH,
    )
    resolution_date = ThaiDateField(_("Resolution date"))
