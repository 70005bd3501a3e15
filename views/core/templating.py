"""Templates are compiled once per language, with what they say in it: no sentence is looked up while a page is drawn.

`_("…")` of a constant becomes its translation when the template is compiled; every other call stays as it is. What was
said stays safe or escaped as before: newstyle gettext gives Markup where the template escapes, and so does this.

What stands in a page between its tags is escaped by `written`, which makes no object for a text that is only to be
joined with the others.
"""

from __future__ import annotations

import re
import threading
from collections.abc import MutableMapping
from keyword import iskeyword
from types import FunctionType
from typing import Any

from flask import has_app_context
from flask.templating import Environment
from flask_babel import force_locale, get_translations
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from views.core.look import lang

_SAYING = ("_", "gettext")
_to_escape = re.compile("""[&<>'"]""").search
_HOLE = re.compile(r"%\((\w+)\)s")
_making = threading.Lock()


def written(value: Any) -> str:
    """The text of `escape(value)`, for the page alone: it is joined with what stands around it and never seen again."""
    kind = type(value)
    if kind is Markup or (kind is str and _to_escape(value) is None):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Writer(CodeGenerator):
    """Lets the code of a template that escapes write its values by `written`, and call plain functions as they are."""

    plain: frozenset[str] = frozenset()
    """Names that stand for the environment's own functions throughout the template."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        self.writeline(f"from {__name__} import written")
        self.plain = _plain_functions(self.environment) - _made_in(node)
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, **more: Any) -> None:  # noqa: N802
        """A function that wants nothing of the template's context is called without the context's help."""
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        is_odd = node.dyn_args or node.dyn_kwargs or any(iskeyword(pair.key) for pair in node.kwargs)
        if more or is_odd or name not in self.plain:
            super().visit_Call(node, frame, **more)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("written(")
        if finalize.src is not None:
            self.write(finalize.src)


def _plain_functions(environment: Environment) -> frozenset[str]:
    """The environment's functions that take their arguments and nothing of the context."""
    return frozenset(
        name
        for name, value in environment.globals.items()
        if isinstance(value, FunctionType) and not hasattr(value, "jinja_pass_arg")
    )


def _made_in(source: nodes.Template) -> frozenset[str]:
    """Names that a template gives another meaning: what it sets, imports, defines or takes as an argument."""
    found = {node.name for node in source.find_all(nodes.Name) if node.ctx != "load"}
    found |= {node.name for node in source.find_all(nodes.Macro)}
    found |= {node.target for node in source.find_all(nodes.Import)}
    for node in source.find_all(nodes.FromImport):
        found |= {name if isinstance(name, str) else name[1] for name in node.names}
    return frozenset(found)


class _Template(Template):
    """A template whose macros are made once: every template here has the environment's globals and no others."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        return super()._get_default_module()


class LanguageEnvironment(Environment):
    """Flask's environment, of which each language has a copy with templates of its own."""

    language = ""
    code_generator_class = _Writer
    template_class = _Template

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

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        """A sentence that is written where it stands becomes its words and its values, one after the other."""
        parts: list[nodes.Expr] = []
        for child in node.nodes:
            parts += self._pieces(child)
        node.nodes = parts
        return self.generic_visit(node)  # type: ignore[return-value]

    @staticmethod
    def _pieces(child: nodes.Expr) -> list[nodes.Expr]:
        text = _translation(child)
        if text is None or not isinstance(child, nodes.Call):
            return [child]
        values = {pair.key: pair.value for pair in child.kwargs}
        pieces = _HOLE.split(text)
        words, holes = [word.replace("%%", "\0") for word in pieces[::2]], pieces[1::2]
        if sorted(holes) != sorted(values) or any("%" in word for word in words):
            return [child]
        found: list[nodes.Expr] = []
        for place, word in enumerate(words):
            found.append(nodes.TemplateData(word.replace("\0", "%")).set_lineno(child.lineno))
            found += [values[name] for name in holes[place : place + 1]]
        return found

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        """A sentence that is used otherwise becomes its translation, formatted where it has values."""
        self.generic_visit(node)
        text = _translation(node)
        if text is None:
            return node
        if node.kwargs:
            values = nodes.Dict([nodes.Pair(nodes.Const(pair.key), pair.value) for pair in node.kwargs])
            return nodes.Mod(nodes.TemplateData(text), values).set_lineno(node.lineno)
        try:
            text = text % {}  # As newstyle gettext always does.
        except (ValueError, TypeError, KeyError):
            return node
        return nodes.TemplateData(text).set_lineno(node.lineno)


def _translation(node: nodes.Node) -> str | None:
    """What `_("…")` of a constant says in the language of this moment; None for any other node."""
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in _SAYING):
        return None
    if node.dyn_args or node.dyn_kwargs or len(node.args) != 1 or not isinstance(node.args[0], nodes.Const):
        return None
    said = node.args[0].value
    if not isinstance(said, str) or any(pair.key == "__context" for pair in node.kwargs):
        return None
    return str(get_translations().ugettext(said))
