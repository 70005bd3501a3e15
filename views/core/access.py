"""Who may come to a route is said beside the route and asked in one place; a route that says nothing is closed.

A view method says it by decorator, a generated view by its `access` table (method name -> permission). The row scope
(whose record) is the models' `visible_to`; this is only the door to the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.core.matrix import allows

F = TypeVar("F", bound=Callable[..., Any])


def reads_first(function: F) -> F:
    """A posting route that does slow work (hashing, receiving a file) before it asks for the write lock itself."""
    function._reads_first = True  # type: ignore[attr-defined]
    return function


def unasked(function: F) -> F:
    """A route that pages ask by themselves: it is no sign of somebody using the session."""
    function._is_unasked = True  # type: ignore[attr-defined]
    return function


@dataclass(frozen=True)
class Policy:
    """Who may come: everybody, whoever is signed in, or whoever holds one of the permissions."""

    kind: str  # "open" | "signed_in" | "needs" | "closed" | "api_key" | "api_key_or_signed_in"
    permissions: tuple[str, ...] = ()
    # What the shown API key must hold besides ("organization:read"); its account's rights are asked by the route.
    scope: str = ""
    # Pages that an account with something left to do first (password, profile) may still see.
    before_ready: bool = False
    # Those of them that an account without a password of its own may see.
    at_entry: bool = False

    def admits(self, user: Any) -> bool:
        """Whether the user may come to the route at all."""
        if self.kind == "open":
            return True
        if self.kind in ("signed_in", "api_key_or_signed_in"):
            return bool(user.is_authenticated)
        return self.kind == "needs" and any(allows(user, permission) for permission in self.permissions)


OPEN = Policy("open", before_ready=True, at_entry=True)
CLOSED = Policy("closed")


def _say(policy: Policy) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        function._access = policy  # type: ignore[attr-defined]
        return function

    return decorate


def open_to_all(function: F) -> F:
    """Everybody may come, signed in or not."""
    return _say(OPEN)(function)


def signed_in(function: F) -> F:
    """Whoever is signed in may come; the route shows them only what is theirs."""
    return _say(Policy("signed_in"))(function)


def signed_in_early(function: F) -> F:
    """Whoever is signed in, even before the new password or the first profile is done."""
    return _say(Policy("signed_in", before_ready=True))(function)


def signed_in_at_entry(function: F) -> F:
    """Whoever is signed in, even by what stands for a password until the account has its own."""
    return _say(Policy("signed_in", before_ready=True, at_entry=True))(function)


def needs(*permissions: str, before_ready: bool = False) -> Callable[[F], F]:
    """Whoever holds one of the permissions may come (one that visitors hold opens it to them too)."""
    return _say(Policy("needs", permissions, before_ready))


def with_key(scope: str = "", *, or_signed_in: bool = False) -> Policy:
    """Whoever shows an API key that holds the scope may come; a browser's session alone only where that is said."""
    return Policy("api_key_or_signed_in" if or_signed_in else "api_key", scope=scope)


def wants_key(policy: Policy) -> bool:
    """Whether this request stands or falls by an API key: a cookie does not count here."""
    return policy.kind == "api_key" or (policy.kind == "api_key_or_signed_in" and "Authorization" in request.headers)


# Lets the key of a request in, or gives the refusal; set by the views of the API.
KeyDoor = Callable[[Policy], ResponseReturnValue | None]
_key_doors: list[KeyDoor] = []


def set_key_door(door: KeyDoor) -> None:
    """Say who asks the API keys; without anybody such routes stay closed."""
    _key_doors[:] = [door]


def policy_of(endpoint: str, app: Flask | None = None) -> Policy:
    """What the route says; `closed` when it says nothing."""
    function = (app or current_app).view_functions.get(endpoint)
    if function is None:
        return CLOSED
    if endpoint == "static" or endpoint.endswith(".static"):
        return OPEN
    said = getattr(function, "_access", None)
    if isinstance(said, Policy):
        return said
    view = getattr(function, "__self__", None)
    table: dict[str, Any] = getattr(view, "access", {})
    permission = table.get(function.__name__)
    if permission is None:
        return CLOSED
    if isinstance(permission, Policy):
        return permission
    return Policy("needs", (permission,) if isinstance(permission, str) else tuple(permission))


def view_policy(view: Any, method: str) -> Policy:
    """The policy of one method of a view object, by the method's name."""
    said = getattr(getattr(view, method, None), "_access", None)
    if isinstance(said, Policy):
        return said
    permission = getattr(view, "access", {}).get(method)
    if permission is None:
        return CLOSED
    if isinstance(permission, Policy):
        return permission
    return Policy("needs", (permission,) if isinstance(permission, str) else tuple(permission))


def wants_json() -> bool:
    """Whether the browser asked by script and cannot use a page for an answer."""
    return (
        request.headers.get("X-Requested-With") == "fetch"
        or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def path_here() -> str:
    """This page's path and query, to come back to."""
    return request.full_path if request.query_string else request.path


# What keeps the typing of somebody whose session lapsed while the form was open; set by the forms' views.
_keepers: dict[str, Callable[[Any], str | None]] = {}


def keep_typing(endpoint: str, keeper: Callable[[Any], str | None]) -> None:
    """Let `keeper(account)` keep the posted form of `endpoint` as a draft; it gives the page to come back to."""
    _keepers[endpoint] = keeper


def _to_sign_in() -> ResponseReturnValue:
    if wants_json():
        message = _("Your session has ended. Sign in again in another tab; what you typed stays here.")
        return jsonify(error=message, code="session_ended"), 401
    back = path_here() if request.method == "GET" else None
    lapsed = g.get("lapsed_account")
    if request.method == "POST" and lapsed is not None and request.endpoint in _keepers:
        back = _keepers[request.endpoint](lapsed) or back
    reason = "ended" if lapsed is not None else None
    target = url_for("SignView.sign_in", next=back, reason=reason)
    if request.headers.get("HX-Request"):
        return "", 204, {"HX-Redirect": target}
    return redirect(target)


def guard() -> ResponseReturnValue | None:
    """Ask the door of every request, before its view runs."""
    if request.endpoint is None:
        return None  # The 404 page follows.
    policy = policy_of(request.endpoint)
    if policy.kind == "open":
        return None
    if policy.kind == "closed":
        abort(404)
    user = g.user
    if wants_key(policy) or (policy.kind == "api_key_or_signed_in" and not user.is_authenticated):
        return _key_doors[0](policy) if _key_doors else abort(404)
    if not user.is_authenticated and not policy.admits(user):
        return _to_sign_in()
    if user.is_authenticated and (first := duty_before(policy, user)):
        return redirect(first)
    if not policy.admits(user):
        abort(403)
    return None


# Each gives the address of what this account must do first, or None.
_entry_duties: list[Callable[[Any], str | None]] = []
_duties: list[Callable[[Any], str | None]] = []


def register_duty(duty: Callable[[Any], str | None], *, at_entry: bool = False) -> None:
    """Add something that an account must do before anything else; `at_entry`: even before its own early pages."""
    kept = _entry_duties if at_entry else _duties
    if duty not in kept:
        kept.append(duty)


def first_duty(user: Any) -> str | None:
    """Where the account must go first: a new password, then the profile; None when it is ready."""
    return next((target for duty in (*_entry_duties, *_duties) if (target := duty(user))), None)


def duty_before(policy: Policy, user: Any) -> str | None:
    """Where the account must go before it sees a page of this policy; None when nothing stands before it."""
    if policy.at_entry:
        return None
    if policy.before_ready:
        return next((target for duty in _entry_duties if (target := duty(user))), None)
    return first_duty(user)
