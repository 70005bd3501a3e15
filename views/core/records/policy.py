"""Who may come to the pages of an entity: asked of its declaration, for generated and for shared routes alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, g, request

from models.core.entity import Entity, entities, entity_named
from models.core.entity.rows import opens
from models.core.matrix import allows
from views.core.access import F, Policy


@dataclass(frozen=True)
class RecordPolicy(Policy):
    """Whoever may do the deed on some record of the entity; without one, of that which the address names."""

    kind: str = "needs"
    entity: Entity | None = None
    deed: str = "view"
    also: str = ""  # a permission that is needed besides

    def admits(self, user: Any) -> bool:
        """Whether the matrix opens the deed to the user, in a kind for which the entity is generated."""
        entity = self.entity or served((request.view_args or {}).get("name", ""))
        if entity is None:
            return bool(user.is_authenticated)  # A name of nothing is not found; that is the route's to say.
        return opens(entity, user, self.deed) and (not self.also or allows(user, self.also))


@dataclass(frozen=True)
class AnyRecordPolicy(Policy):
    """Whoever may see some record of some entity."""

    kind: str = "needs"

    def admits(self, user: Any) -> bool:
        """Whether the matrix opens any entity to the user."""
        return any(is_served(entity) and opens(entity, user) for entity in entities())


def policy_for(entity: Entity, deed: str = "view", *, also: str = "") -> RecordPolicy:
    """The policy of a route that does a deed on records of the entity; `also` names a permission needed besides."""
    permission = entity.gates.of(deed)
    return RecordPolicy(permissions=(permission,) if permission else (), entity=entity, deed=deed, also=also)


def opens_named(function: F) -> F:
    """A route of every entity at once: whoever may see some record of the one whose name stands in the address."""
    function._access = RecordPolicy()  # type: ignore[attr-defined]
    return function


def is_served(entity: Entity) -> bool:
    """Whether this installation has the domain of the entity."""
    settings = current_app.config["SALA"]
    return entity.group == "core" or entity.group in settings.modules


def served(name: str) -> Entity | None:
    """The entity of that name where this installation has it."""
    entity = entity_named(name)
    return entity if entity is not None and is_served(entity) else None


def entity_or_404(name: str) -> Entity:
    """The entity that an address names."""
    entity = served(name)
    if entity is None:
        abort(404)
    return entity


def opened_entities() -> list[Entity]:
    """The entities of which this reader may see some record, in the order of their declaration."""
    return [entity for entity in entities() if is_served(entity) and opens(entity, g.user)]
