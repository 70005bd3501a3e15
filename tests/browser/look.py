"""A page as somebody opens it: what the lists of pages are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Look:
    """A page as one or more people open it; `ids` are names in World.ids, `query` stands after the question mark."""

    endpoint: str
    who: tuple[str, ...]
    ids: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    name: str = ""
    status: int = 200

    @property
    def label(self) -> str:
        """Its name among the pictures."""
        return "-".join(filter(None, (self.endpoint.replace(".", "_"), self.name)))


VISITOR = ("visitor",)
