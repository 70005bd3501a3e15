"""What looks the same for everybody is drawn once and kept: parts of the page's frame, chips, lists of choices.

A kept part is made from its arguments alone, in a language, under a root: its template gets no context of the request,
so nothing of a person can stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from views.core.look import lang

_MOST = 4000
"""Parts kept at once; a process that has more begins anew, so that nothing grows without end."""


def drawer(template: str, macro: str) -> Callable[..., Markup]:
    """What draws a macro of a template for this request: `draw(*values)`, each once for its language and root.

    The values stand for themselves: texts, numbers, None. Markup is refused: it equals a text that is not safe.
    """
    kept, where = _kept(), (template, macro, lang(), request.script_root)
    module: Any = None

    def draw(*values: Hashable) -> Markup:
        nonlocal module
        key = (where, values)
        found = kept.get(key)
        if found is None:
            if any(isinstance(value, Markup) for value in values):
                raise TypeError("What is kept is made of plain texts.")
            module = module or current_app.jinja_env.get_template(template).module
            found = kept[key] = Markup(getattr(module, macro)(*values))  # noqa: S704 - the macro escapes
        return found

    return draw


def drawn(template: str, macro: str, *values: Hashable) -> Markup:
    """What a macro of a template draws of these values; see `drawer`."""
    return drawer(template, macro)(*values)


def options(choices: Iterable[tuple[Hashable, object]], chosen: Hashable = None) -> Markup:
    """The lines of a choice, (value, label) each, with the chosen one selected; labels are plain texts."""
    return drawn("core/_ui.html", "options", tuple((value, str(label)) for value, label in choices), chosen)


def fixed_part(template: str) -> Markup:
    """What a template without any context draws: drawn once for each language and root."""
    kept, key = _kept(), (template, lang(), request.script_root)
    found = kept.get(key)
    if found is None:
        found = Markup(current_app.jinja_env.get_template(template).render(lang=lang()))  # noqa: S704 - it escapes
        kept[key] = found
    return found


def _kept() -> dict[Hashable, Markup]:
    kept: dict[Hashable, Markup] = current_app.extensions.setdefault("sala.drawn", {})
    if len(kept) >= _MOST:
        kept.clear()
    return kept
