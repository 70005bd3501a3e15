"""A tree of branches as it is posted: a tick and a number a branch, and the numbers that the page was opened on.

Fields: `tick` (branch ids), `n-ID` (the number as typed), `read` (see `write_counts`); where two people changed one
branch, `pick-ID` says which number was chosen, 0 for none, and goes before tick and number (spec: assessment.md 4).
"""

from __future__ import annotations

from collections.abc import Iterable

from models.assessment.counts import MOST, Counts, Typed

TICK, NUMBER, PICK, READ = "tick", "n-", "pick-", "read"
LONGEST = 20  # letters of a number that are worth keeping, to be shown again as they were typed


def typed_rows(fields: Iterable[tuple[str, str]]) -> dict[int, Typed]:
    """The rows that say anything, by branch; fields of other names are nobody's business here."""
    ticked: set[int] = set()
    numbers: dict[int, str] = {}
    picked: dict[int, str] = {}
    for name, text in fields:
        if name == TICK and (branch := _branch(text)):
            ticked.add(branch)
        elif branch := _branch(name.removeprefix(NUMBER)) if name.startswith(NUMBER) else 0:
            numbers[branch] = text[:LONGEST]
        elif branch := _branch(name.removeprefix(PICK)) if name.startswith(PICK) else 0:
            picked[branch] = text[:LONGEST]
    for branch, text in picked.items():
        ticked.discard(branch)
        numbers[branch] = "" if text == "0" else text
        if text != "0":
            ticked.add(branch)
    said = {branch for branch, text in numbers.items() if text.strip()} | ticked
    return {branch: Typed(branch in ticked, numbers.get(branch, "")) for branch in sorted(said)}


def rows_of(counts: Counts) -> dict[int, Typed]:
    """The rows as they stand when nothing was typed over what is saved."""
    return {branch: Typed(True, str(students)) for branch, students in counts.items()}


def write_counts(counts: Counts) -> str:
    """Counts as a page carries them: "12:25,13:7", branch and students."""
    return ",".join(f"{branch}:{students}" for branch, students in sorted(counts.items()))


def read_counts(text: str | None) -> dict[int, int]:
    """The counts that a page carried; a part that says none is left out."""
    found: dict[int, int] = {}
    for part in (text or "").split(","):
        branch, _colon, students = part.partition(":")
        if (key := _branch(branch)) and 0 < (number := _branch(students)) <= MOST:
            found[key] = number
    return found


def field_of(fields: Iterable[tuple[str, str]], name: str) -> str:
    """The first field of that name, "" where there is none."""
    return next((text for one, text in fields if one == name), "")


def _branch(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
