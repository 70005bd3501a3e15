"""Lists to choose from (kinds of disability, of contribution, of documents): settings, changed entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from models.core import setting
from models.core.setting import CHOICE_LENGTH, Choice, Choices, WrongSetting
from models.core.workflow import Refusal, Refused
from views.core.console.trees import ADD, DOWN, REMOVE, RENAME, RESTORE, UP, Node, Part, Tree, TreeView, WrongText
from views.core.look import lang, link
from views.core.setting import setting_error, setting_words

PARTS = (
    Part("th", _("Name in Thai"), "th", CHOICE_LENGTH),
    Part("en", _("Name in English"), "en", CHOICE_LENGTH),
)
ROOT = "list"


class ChoiceTree(TreeView):
    """รายการให้เลือก."""

    title = _("Lists to choose from")
    about = _(
        "Entries of the lists in forms: add, rename, order and retire them. What was chosen before keeps its name."
    )
    icon_name = "list-check"

    def roots(self) -> Sequence[tuple[str, str]]:
        """Every setting that is a list."""
        return [
            (name, str(words.label))
            for name, one in setting.declared().items()
            if isinstance(one.kind, Choices) and (words := setting_words(name)) is not None
        ]

    def tree(self, root: str) -> Tree:
        """The list and its entries, retired ones at their place."""
        entries: Sequence[Choice] = setting.value(root)
        kept = setting.declared()[root].kind.kept
        words = setting_words(root)
        nodes = [_node(entry, place, entries, entry.code in kept) for place, entry in enumerate(entries)]
        label = str(words.label) if words else root
        url = link("SettingView.edit", name=root)
        return Tree(
            label=label,
            nodes=[Node(ROOT, label, str(words.explanation) if words else "", deeds=frozenset({ADD}), children=nodes)],
            version=str(_version(root)),
            parts=PARTS,
            words={REMOVE: _("Retire"), RESTORE: _("Bring back"), ADD: _("Add an entry")},
            links=[(_("What may be ticked of each entry"), url, "sliders")] if url else [],
        )

    def do(self, root: str, deed: str, node: Node, values: Mapping[str, str], version: str) -> str:
        """By the setting's own rule for its whole list."""
        entries = list(setting.value(root))
        known = {entry.code for entry in entries}
        place = next((n for n, entry in enumerate(entries) if entry.code == node.key), -1)
        if deed == ADD:
            entries.append(Choice("", values["th"], values["en"]))
        elif deed == RENAME:
            entries[place] = replace(entries[place], th=values["th"], en=values["en"])
        elif deed in (REMOVE, RESTORE):
            entries[place] = replace(entries[place], is_retired=deed == REMOVE)
        else:
            other = place + (-1 if deed == UP else 1)
            if not 0 <= other < len(entries):
                raise Refused(Refusal("node_at_the_end"))
            entries[place], entries[other] = entries[other], entries[place]
        try:
            setting.change(root, entries, int(version))
        except WrongSetting as wrong:
            raise WrongText(setting_error(wrong)) from wrong
        if deed == ADD:
            return next((entry.code for entry in setting.value(root) if entry.code not in known), ROOT)
        return node.key


def _version(name: str) -> int:
    row = setting.stored(name)
    return row.version if row is not None else 0


def _node(entry: Choice, place: int, entries: Sequence[Any], is_kept: bool) -> Node:
    deeds = {RENAME}
    if place:
        deeds.add(UP)
    if place + 1 < len(entries):
        deeds.add(DOWN)
    if entry.is_retired:
        deeds.add(RESTORE)
    elif not is_kept:
        deeds.add(REMOVE)
    chip = ("off", gettext("Retired")) if entry.is_retired else None
    note = entry.th if lang() == "en" else entry.en
    if is_kept:
        why = gettext("Part of a rule: it can be renamed, not retired")
        note = f"{note} · {why}"
    values = {"th": entry.th, "en": entry.en}
    return Node(entry.code, entry.name(lang()), note, chip, values, frozenset(deeds))
