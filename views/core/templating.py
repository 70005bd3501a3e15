"""Templates are compiled once per language, with what they say in it: no sentence is looked up while a page is drawn.

`_("…")` of a constant becomes its translation when the template is compiled; every other call stays as it is. What was
said stays safe or escaped as before: newstyle gettext gives Markup where the template escapes, and so does this.
"""

from __future__ import annotations

import threading
from collections.abc import MutableMapping
from typing import Any

from flask import has_app_context
from flask.templating import Environment
from flask_babel import force_locale, get_translations
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from views.core.look import lang

_SAYING = ("_", "gettext")
_making = threading.Lock()


class LanguageEnvironment(Environment):
    """Flask's environment, of which each language has a copy with templates of its own."""

    language = ""

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002 - Jinja's
        if not self.language and has_app_context():
            return self._of(lang())._load_template(name, globals)
        return super()._load_template(name, globals)

    def _of(self, language: str) -> LanguageEnvironment:
        copies: dict[str, LanguageEnvironment] = self.__dict__.setdefault("copies", {})
        if language not in copies:
            with _making:
                if language not in copies:
                    copy: Any = self.overlay()
                    copy.language = language
                    copies[language] = copy
        return copies[language]

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        if self.language and has_app_context():
            names = {node.name for node in source.find_all(nodes.Name) if node.ctx != "load"}
            if not names.intersection(_SAYING):
                with force_locale(self.language):
                    source = _Translated().visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Translated(NodeTransformer):
    """Puts translations in the place of constant sentences, and formatting in the place of those with values."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name in _SAYING):
            return node
        if node.dyn_args or node.dyn_kwargs or len(node.args) != 1 or not isinstance(node.args[0], nodes.Const):
            return node
        said = node.args[0].value
        if not isinstance(said, str) or any(pair.key == "__context" for pair in node.kwargs):
            return node
        text = get_translations().ugettext(said)
        if node.kwargs:
            values = nodes.Dict([nodes.Pair(nodes.Const(pair.key), pair.value) for pair in node.kwargs])
            return nodes.Mod(nodes.TemplateData(text), values).set_lineno(node.lineno)
        try:
            text = text % {}  # As newstyle gettext always does.
        except (ValueError, TypeError, KeyError):
            return node
        return nodes.TemplateData(text).set_lineno(node.lineno)
