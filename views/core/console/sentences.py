"""Why the console refuses, in sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from views.core.sentences import says


@says("job_not_failed")
def _job_not_failed(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Only work that was given up can be done again. This has moved on meanwhile.")


@says("grant_over")
def _grant_over(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This role is over already.")


@says("session_over")
def _session_over(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This device is signed out already.")


@says("own_session")
def _own_session(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This is the device you are using. Sign out by the menu under your name.")


@says("node_gone")
def _node_gone(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This entry is not there any more, or cannot be changed in this way. The list was read anew.")


@says("node_at_the_end")
def _node_at_the_end(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("It stands at the end already.")


@says("affiliation_known")
def _affiliation_known(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This organization is known here; its name is changed on its own page, the affiliation with the person.")


@says("affiliation_empty")
def _affiliation_empty(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Type the name of the organization, or delete the affiliation.")
