"""What differs between two texts, word by word, in Thai too; bounded, so that the longest texts stay quick.

Lines are matched first, then the words of the lines that differ. A passage that was written anew altogether is told
as one piece: a reader gains nothing from the few words that both happen to share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.core.words import units

SAME, GONE, NEW = "same", "gone", "new"
MOST_EDITS = 300  # words put in and taken out; beyond it a passage counts as written anew
LEAST_SHARED = 0.25  # of the words of a passage, below which it counts as written anew


@dataclass(frozen=True)
class Piece:
    """A stretch of one of the two texts: the same in both, gone from the old, or new."""

    did: str
    text: str


Pieces = list[Piece]


def word_diff(old: str, new: str) -> tuple[Pieces, Pieces]:
    """The old text in pieces SAME or GONE, and the new one in pieces SAME or NEW; joined each gives its text back."""
    if old == new:
        same = [Piece(SAME, old)] if old else []
        return same, list(same)
    before: Pieces = []
    after: Pieces = []
    lines = (old.splitlines(keepends=True), new.splitlines(keepends=True))
    for is_same, gone, new_lines in _blocks(*lines):
        if is_same:
            before.append(Piece(SAME, "".join(gone)))
            after.append(Piece(SAME, "".join(gone)))
        else:
            _words_of("".join(gone), "".join(new_lines), before, after)
    return _joined(before), _joined(after)


def shortened(pieces: Pieces, around: int = 120) -> Pieces:
    """The pieces with what stays the same cut to some `around` characters beside each change, at a word's end."""
    found: Pieces = []
    for index, piece in enumerate(pieces):
        if piece.did != SAME:
            found.append(piece)
            continue
        head = around if index else 0
        tail = around if index < len(pieces) - 1 else 0
        if len(pieces) == 1:
            head = 2 * around
        if len(piece.text) <= head + tail + 40:
            found.append(piece)
            continue
        found.append(Piece(SAME, f"{_upto(piece.text, head)} … {_from(piece.text, tail)}"))
    return found


def _upto(text: str, size: int) -> str:
    """About the first `size` characters, up to a word's end."""
    taken = ""
    for unit in units(text[: size + 60]) if size else ():
        if len(taken) + len(unit) > size:
            break
        taken += unit
    return taken.rstrip()


def _from(text: str, size: int) -> str:
    """About the last `size` characters, from a word's beginning."""
    taken = ""
    for unit in reversed(units(text[-(size + 60) :])[1:]) if size else ():
        if len(taken) + len(unit) > size:
            break
        taken = unit + taken
    return taken.lstrip()


def _words_of(old: str, new: str, before: Pieces, after: Pieces) -> None:
    """Add the words of two passages that differ."""
    old_units, new_units = _tokens(old), _tokens(new)
    blocks = list(_blocks(old_units, new_units))
    shared = sum(1 for is_same, gone, _new in blocks if is_same for token in gone if token.strip())
    least = min(sum(1 for token in side if token.strip()) for side in (old_units, new_units))
    if shared < LEAST_SHARED * least:
        blocks = [(False, old_units, new_units)]
    for is_same, gone, came in blocks:
        did = (SAME, SAME) if is_same else (GONE, NEW)
        before.append(Piece(did[0], "".join(gone)))
        after.append(Piece(did[1], "".join(came)))


def _tokens(text: str) -> list[str]:
    """The words of a text and, apart from them, the spaces and line ends after them."""
    return [token for unit in units(text) for token in (unit.rstrip(), unit[len(unit.rstrip()) :]) if token]


def _joined(pieces: Pieces) -> Pieces:
    """Neighbours of one kind as one piece; a mere space between two changes belongs to them."""
    found: Pieces = []
    for index, piece in enumerate(pieces):
        did = piece.did
        if not piece.text:
            continue
        if did == SAME and not piece.text.strip() and 0 < index < len(pieces) - 1:
            did = next((near.did for near in (pieces[index - 1], pieces[index + 1]) if near.text), did)
        if found and found[-1].did == did:
            found[-1] = Piece(did, found[-1].text + piece.text)
        else:
            found.append(Piece(did, piece.text))
    return found


Block = tuple[bool, Sequence[str], Sequence[str]]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """Runs of what both have and of what differs, in order: (whether the same, of the old, of the new)."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield True, old[:start], new[:start]
    yield from _inner(old[start : len(old) - end], new[start : len(new) - end])
    if end:
        yield True, old[len(old) - end :], new[len(new) - end :]


def _inner(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    if not old and not new:
        return
    pairs = _matches(old, new) if old and new else []
    x = y = 0
    for first, second, size in pairs:
        if first > x or second > y:
            yield False, old[x:first], new[y:second]
        yield True, old[first : first + size], new[second : second + size]
        x, y = first + size, second + size
    if x < len(old) or y < len(new):
        yield False, old[x:], new[y:]


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where both agree, as (place in old, place in new, length), by Myers' O(ND); [] beyond MOST_EDITS edits."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(MOST_EDITS + 1):
        trace.append(dict(furthest))
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            furthest[k] = x
            if x >= len(old) and y >= len(new):
                return _walked_back(trace, len(old), len(new))
    return []


def _walked_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, k = trace[edits], x - y
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        before_k = k + 1 if down else k - 1
        before_x = furthest[before_k] if edits else 0
        before_y = before_x - before_k if edits else 0
        start_x = before_x if down or not edits else before_x + 1
        if x > start_x:
            found.append((start_x, start_x - k, x - start_x))
        x, y = before_x, before_y
    return found[::-1]
