"""A tree to look at and change in place: entries under entries, renamed, added, moved and taken out one at a time.

The component is templates/core/console/_tree.html with static/core/js/tree.js; tree.html beside it is the page.
A view says its roots and gives the tree of one; each deed goes to the model's own rule, with the version of the page.
Without scripts every deed is an ordinary form or link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound

from models.core.db import StaleVersion, db
from models.core.workflow import Refusal, Refused
from views.core.access import wants_json
from views.core.console.gate import Gate
from views.core.sentences import sentence

RENAME, ADD, UP, DOWN, REMOVE, RESTORE = "rename", "add", "up", "down", "remove", "restore"
DEEDS = (RENAME, ADD, UP, DOWN, REMOVE, RESTORE)
LONGEST_NODE = 80


@dataclass(frozen=True)
class Part:
    """One text of an entry: its name in the form, its label, its language, how long it may be, whether in lines."""

    name: str
    label: Any
    lang: str = ""
    most: int = 200
    rows: int = 1


@dataclass(frozen=True)
class Node:
    """An entry of the tree. `values` are its texts by part; `deeds` what may be done with it now."""

    key: str
    label: str
    note: str = ""
    chip: tuple[str, str] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    deeds: frozenset[str] = frozenset()
    children: Sequence[Node] = ()
    url: str | None = None
    is_closed: bool = False

    def walk(self) -> Iterator[Node]:
        """Itself and everything below."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Tree:
    """What one page shows: the entries, the version a deed takes, the parts of their texts, why nothing may change."""

    label: str
    nodes: Sequence[Node]
    version: str
    parts: Sequence[Part]
    why: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)
    """What deeds are called here, where not as everywhere: {"remove": "Retire"}."""
    links: Sequence[tuple[Any, str, str]] = ()
    """Where else it is changed: words, address, icon."""

    def find(self, key: str) -> Node:
        """The entry of that key. Raises Refused: node_gone."""
        for node in self.nodes:
            for found in node.walk():
                if found.key == key:
                    return found
        raise Refused(Refusal("node_gone"))


class WrongText(Exception):
    """A text that an entry cannot have: the sentence that says so."""


@dataclass(frozen=True)
class Typing:
    """A form that is open inside the tree: at which entry, for which deed, with what was typed, and what is wrong."""

    node: str
    deed: str
    values: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


class TreeView(Gate):
    """The base of the console's trees: a subclass gives `roots`, `tree` and `do`."""

    default_endpoint = "index_view"
    may_change = True
    group = "reference"
    icon_name = "diagram-3"

    def __init__(self, name: str) -> None:
        super().__init__(name=name, endpoint=f"console_{name}", url=name.replace("_", "-"))

    def roots(self) -> Sequence[tuple[str, str]]:
        """Every tree there is: key and words; the first is shown unasked."""
        raise NotImplementedError

    def tree(self, root: str) -> Tree:
        """The tree of that key."""
        raise NotImplementedError

    def do(self, root: str, deed: str, node: Node, values: Mapping[str, str], version: str) -> str:
        """Do it, and say at which entry the page goes on. Raises WrongText, Refused or StaleVersion; we commit."""
        raise NotImplementedError

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """A tree, with the form of one entry open where the address asks for it."""
        root = self._root(request.args.get("id"))
        node, deed = request.args.get("node", ""), request.args.get("deed", "")
        tree, typing = self.tree(root), None
        if deed:
            try:
                found = tree.find(node)
            except Refused:
                raise NotFound from None
            if deed not in (RENAME, ADD) or deed not in found.deeds:
                raise BadRequest
            typing = Typing(node, deed, found.values if deed == RENAME else {})
        return self._page(root, tree, typing=typing, at=node)

    @expose("/do/", methods=("POST",))
    def change(self) -> ResponseReturnValue:
        """One deed at one entry; what was typed stays where it is refused."""
        root = self._root(request.form.get("id"))
        deed, _sep, key = request.form.get("deed", "").partition(":")
        if deed not in DEEDS or len(key) > LONGEST_NODE:
            raise BadRequest
        tree = self.tree(root)
        typed = {part.name: request.form.get(part.name, "")[: 4 * part.most] for part in tree.parts}
        typing = Typing(key, deed, typed)
        try:
            node = tree.find(key)
            if deed not in node.deeds:
                raise Refused(Refusal("node_gone"))
            if request.form.get("version") != tree.version:
                raise StaleVersion(None)
            at = self.do(root, deed, node, typed, tree.version)
            db.session.commit()
        except WrongText as wrong:
            db.session.rollback()
            return self._again(root, typing, str(wrong)), 422
        except StaleVersion:
            db.session.rollback()
            words = _(
                "Somebody changed this list meanwhile; it was read anew. What you typed still stands; do it again."
            )
            return self._again(root, typing, words), 409
        except Refused as refused:
            db.session.rollback()
            return self._again(root, typing, sentence(refused)), 409
        if wants_json():
            return self._page(root, self.tree(root), at=at)
        flash(_("Saved."), "success")
        return redirect(self.get_url(".index_view", id=root, node=at, _anchor=f"n-{at}"))

    def _root(self, key: str | None) -> str:
        roots = [root for root, _words in self.roots()]
        if not roots:
            raise NotFound
        if key is None:
            return roots[0]
        if key not in roots:
            raise NotFound
        return key

    def _again(self, root: str, typing: Typing, error: str) -> str:
        tree = self.tree(root)
        try:
            stays = typing.deed in (RENAME, ADD) and typing.deed in tree.find(typing.node).deeds
        except Refused:
            stays = False
        shown = Typing(typing.node, typing.deed, typing.values, error) if stays else None
        return self._page(root, tree, typing=shown, at=typing.node, error="" if stays else error)

    def _page(self, root: str, tree: Tree, *, typing: Typing | None = None, at: str = "", error: str = "") -> str:
        template = "core/console/_tree_part.html" if wants_json() else "core/console/tree.html"
        return str(
            self.render(
                template, view=self, root=root, roots=self.roots(), tree=tree, typing=typing, at=at, error=error
            )
        )
