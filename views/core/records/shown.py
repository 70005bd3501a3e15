"""What a record's page shows: its fields in words, and what belongs to it."""

from __future__ import annotations

from typing import Any

from flask import g

from models.core.db import db
from models.core.entity import Entity, entities
from models.core.entity.rows import opens, seen_by
from views.core.records.asked import Asked, url_of
from views.core.records.linked import linked, title_of
from views.core.records.own import add_url
from views.core.records.policy import is_served
from views.core.records.values import RIGHT, shown, width_of
from views.core.records.words import entity_title, field_label

OF_CHILDREN = 5  # rows of each kind that belongs to a record


def children_of(entity: Entity, record: Any) -> list[dict[str, Any]]:
    """What belongs to a record, a few rows of each kind, with the address of the whole list."""
    table, key, found = entity.model.__tablename__, entity.key_of(record), []
    for child in entities():
        if child.parent is None or child.fields[child.parent].to != table:
            continue
        if not (is_served(child) and opens(child, g.user)):
            continue
        rows = seen_by(child, g.user).where(getattr(child.model, child.parent) == key)
        some = list(
            db.session.scalars((child.in_place or child.default_order).sorted(rows).limit(OF_CHILDREN + 1)).unique()
        )
        names = [name for name in child.listed if name != child.parent][:4]
        links = linked(child, some, [*names, *child.listed[:1]])
        asked = Asked(child, equal={child.parent: str(key)} if child.parent in child.filtered else {})
        may_add = child.parent in child.added and opens(child, g.user, "add")
        found.append(
            {
                "title": entity_title(child),
                "columns": [
                    {
                        "label": field_label(child, name),
                        "is_figure": child.fields[name].kind in RIGHT,
                        "width": width_of(child, name),
                    }
                    for name in names
                ],
                "rows": [
                    {
                        "url": url_of(child, "show", pk=child.key_of(one)),
                        "name": title_of(child, one, links),
                        "cells": [shown(child, one, name, links) for name in names],
                    }
                    for one in some[:OF_CHILDREN]
                ],
                "has_more": len(some) > OF_CHILDREN,
                "all_url": asked.url(),
                "add_url": add_url(child, **{child.parent: key}) if may_add else None,
            }
        )
    return found
