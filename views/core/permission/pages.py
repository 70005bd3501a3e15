"""The pages of the system by name, and what each asks for: what a permission opens, why a page is shut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from views.core.access import Policy, policy_of

_names: dict[str, Any] = {
    "HomeView.index": _l("Main page"),
    "AccountView.profile": _l("Your profile"),
    "NotificationView.list": _l("Notifications"),
    "PermissionView.matrix": _l("Permissions"),
    "PermissionView.history": _l("History of the permissions"),
    "WhyView.ask": _l("Why somebody may or may not"),
    "AccessLogView.list": _l("Access log"),
    "MessageView.list": _l("Outgoing messages"),
    "SettingView.list": _l("Settings"),
}


@dataclass(frozen=True)
class NamedPage:
    """A page by its name, with what it asks for."""

    endpoint: str
    label: str
    policy: Policy


def name_pages(names: Mapping[str, Any]) -> None:
    """Let a domain say what its pages are called, by endpoint."""
    _names.update(names)


def page_label(endpoint: str) -> str:
    """What a page is called; one without a name stands by its address."""
    if endpoint in _names:
        return str(_names[endpoint])
    rules = current_app.url_map._rules_by_endpoint.get(endpoint, [])
    return str(rules[0].rule) if rules else endpoint


def pages() -> list[NamedPage]:
    """The pages that have a name and are there in this installation."""
    there = current_app.view_functions
    return [NamedPage(name, str(label), policy_of(name)) for name, label in _names.items() if name in there]


def pages_of(permission: str) -> list[str]:
    """The names of the pages that a permission opens."""
    return [page.label for page in pages() if permission in page.policy.permissions]
