"""Which language a reader gets, and where its words come from: our catalogue, and under it those of the libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask_admin.babel
from flask import g, has_app_context, request, session
from flask_babel import Babel, Domain

CATALOGUES = Path(__file__).parents[2] / "babel"
OURS = str(CATALOGUES / "translations")
LIBRARIES = str(CATALOGUES / "libraries")
# What forms and FAB's views say goes through one domain; of two that say the same string, the last is heard.
DOMAINS = {"fab": LIBRARIES, "wtforms": LIBRARIES, "flask_wtf": LIBRARIES, "messages": OURS}


def choose_locale() -> str:
    """The user's choice, else this browser session's, else what the browser asks for, else Thai."""
    if not request:
        return "th"
    user = g.get("user")
    if request.path.startswith("/api/"):  # A program says itself what it reads.
        return request.accept_languages.best_match(["th", "en"], "th")
    chosen = getattr(user, "locale", "") or session.get("locale", "")
    if chosen in ("th", "en"):
        return chosen
    return request.accept_languages.best_match(["th", "en"], "th")


class ReadersDomain(Domain):  # type: ignore[misc]
    """Finds the reader's words once a request; Flask-Babel works out who reads, and in what, for every sentence."""

    def get_translations(self) -> Any:
        """The catalogue of the reader's language; kept where `refresh` and `force_locale` drop it."""
        context = g.get("_flask_babel") if has_app_context() else None
        found = getattr(context, "babel_translations", None)
        if found is None:
            found = super().get_translations()
            if context is not None:
                context.babel_translations = found
        return found


def prepare_languages(app: Any) -> None:
    """Let our own rule choose the language instead of FAB's, which only knows its cookie; and give it the words."""
    configuration = app.extensions["babel"]
    configuration.locale_selector = choose_locale
    if not isinstance(configuration.instance, Babel):  # pragma: no cover - a changed library is told at the start
        raise TypeError("Flask-Babel keeps its configuration elsewhere now.")
    configuration.default_domain = ";".join(DOMAINS)
    configuration.translation_directories = list(DOMAINS.values())
    configuration.instance.domain_instance = ReadersDomain(domain=configuration.default_domain)
    # Flask-Admin has domains of its own. They remember what they found first: nothing, had a page asked before this.
    for domain in (flask_admin.babel.domain, flask_admin.babel.wtforms_domain):
        domain._translation_directories = [LIBRARIES]
        domain.cache.clear()
