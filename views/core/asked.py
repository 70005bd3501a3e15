"""What stands in an address, read and bounded: 400 for what no link of ours can say."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from werkzeug.exceptions import BadRequest


def one_of(args: Mapping[str, str], name: str, known: Collection[str], otherwise: str = "") -> str:
    """The word given under a name, `otherwise` where none is. Raises BadRequest for one that is not known."""
    given = args.get(name) or otherwise
    if given != otherwise and given not in known:
        raise BadRequest
    return given


def number(args: Mapping[str, str], name: str, lowest: int, highest: int) -> int | None:
    """The number given under a name, None where none is. Raises BadRequest for anything else."""
    given = args.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 9 and lowest <= int(given) <= highest):
        raise BadRequest
    return int(given)
