"""ค่าที่ผู้ดูแลระบบกำหนดได้: limits, lengths and lists of choices, with what each is for (spec: fund.md 4, "assumed")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import String, cast, func, select
from werkzeug.exceptions import NotFound

from forms.core.sentences import value_sentence
from models.core import setting
from models.core.audit import AuditEntry
from models.core.db import StaleVersion, db
from models.core.identity import names_of
from models.core.setting import Baht, Choice, Choices, Declared, Setting, Whole, WrongSetting, YesNo
from models.core.thai.errors import BadValue
from models.core.thai.money import format_money, parse_money
from models.core.thai.text import clean_line, to_ascii_digits
from views.core.access import needs
from views.core.base import PageView
from views.core.conflict import last_change
from views.core.log_words import name_entities
from views.core.look import lang, moment

PERMISSION = "console.use"


@dataclass(frozen=True)
class Words:
    """What a setting is called, what it does, in what it is counted, and the heading it stands under."""

    group: Any
    label: Any
    explanation: Any
    unit: Any = ""
    flags: tuple[tuple[str, Any], ...] = ()


_words: dict[str, Words] = {}


def name_setting(name: str, group: Any, label: Any, explanation: Any, unit: Any = "", **flags: Any) -> None:
    """Let a domain say a declared setting's words; `flags` name what may be ticked of an entry of its list."""
    _words[name] = Words(group, label, explanation, unit, tuple(flags.items()))


def setting_words(name: str) -> Words | None:
    """A setting's words; None where nobody gave it any, and no page shows it."""
    return _words.get(name)


def said(value: Any) -> str:
    """A setting's value as a person reads it, without its unit."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, tuple):
        return ", ".join(choice.name(lang()) for choice in value if not choice.is_retired)
    return f"{value:,}" if isinstance(value, int) else format_money(value)


@dataclass(frozen=True)
class Line:
    """One setting on the page of all of them."""

    name: str
    words: Words
    value: str
    default: str
    is_changed: bool
    spec: str
    changed: str = ""


class SettingView(PageView):
    """ค่าที่กำหนดได้."""

    route_base = "/settings"
    default_view = "list"

    @expose("/")
    @needs(PERMISSION)
    def list(self) -> ResponseReturnValue:
        """Every setting with its value, its default and what it does."""
        groups: dict[str, list[Line]] = {}
        changed = _changes()
        for name, words in _words.items():
            line = _line(setting.declared()[name], words, changed.get(name, ""))
            groups.setdefault(str(words.group), []).append(line)
        return self.page("core/setting_list.html", groups=groups)

    @expose("/<name>", methods=["GET", "POST"])
    @needs(PERMISSION)
    def edit(self, name: str) -> ResponseReturnValue:
        """One setting to change; what does not fit is told in place, and nothing typed is lost."""
        declared = _declared(name)
        if request.method == "GET":
            return self._form(declared, _shown(declared), _version(name))
        typed = _typed(declared)
        try:
            setting.change(name, _read(declared, typed), _posted_version())
            db.session.commit()
        except (WrongSetting, BadValue) as wrong:
            db.session.rollback()
            row = getattr(wrong, "row", None)
            return self._form(declared, typed, _posted_version(), setting_error(wrong), row=row), 422
        except StaleVersion:
            db.session.rollback()
            return self._form(declared, typed, _version(name), clash=_clash(name)), 409
        flash(_("Saved. It holds from everybody’s next page on."), "success")
        return redirect(url_for("SettingView.list", _anchor=name))

    @expose("/<name>/reset", methods=["POST"])
    @needs(PERMISSION)
    def reset(self, name: str) -> ResponseReturnValue:
        """Go back to the value the system came with."""
        declared = _declared(name)
        try:
            setting.reset(name, _posted_version())
            db.session.commit()
        except StaleVersion:
            db.session.rollback()
            return self._form(declared, _shown(declared), _version(name), clash=_clash(name)), 409
        flash(_("Set back to the value the system came with."), "success")
        return redirect(url_for("SettingView.list", _anchor=name))

    def _form(
        self, declared: Declared, typed: Any, version: int, error: str = "", *, row: int | None = None, clash: str = ""
    ) -> str:
        return self.page(
            "core/setting_edit.html",
            declared=declared,
            words=_words[declared.name],
            typed=typed,
            version=version,
            error=error,
            error_row=row,
            clash=clash,
            now_said=said(setting.value(declared.name)),
            default_said=said(declared.default),
            limits=_limits(declared),
            kind=type(declared.kind).__name__,
            is_changed=setting.value(declared.name) != declared.default,
        )


def _declared(name: str) -> Declared:
    found = setting.declared().get(name)
    if found is None or name not in _words:
        raise NotFound
    return found


def _changes() -> dict[str, str]:
    """Who last changed each setting that differs from its default, and when; two queries."""
    latest = select(func.max(AuditEntry.seq)).where(AuditEntry.entity == "core_setting").group_by(AuditEntry.entity_id)
    rows = db.session.execute(
        select(Setting.name, AuditEntry.at, AuditEntry.actor_id)
        .join(AuditEntry, AuditEntry.entity_id == cast(Setting.id, String))
        .where(AuditEntry.entity == "core_setting", AuditEntry.seq.in_(latest))
    ).all()
    people = names_of({row.actor_id for row in rows if row.actor_id})
    return {
        name: _("Changed by %(who)s, %(when)s", who=people.get(actor_id) or _("System"), when=moment(at))
        for name, at, actor_id in rows
    }


def _line(declared: Declared, words: Words, changed: str) -> Line:
    value = setting.value(declared.name)
    default = said(declared.default)
    is_changed = value != declared.default
    return Line(declared.name, words, said(value), default, is_changed, declared.spec, changed)


def _version(name: str) -> int:
    row = setting.stored(name)
    return row.version if row is not None else 0


def _posted_version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _clash(name: str) -> str:
    """Who changed it meanwhile, and to what."""
    row, now_said = setting.stored(name), said(setting.value(name))
    if row is None:
        return _("Somebody set it back to %(value)s meanwhile.", value=now_said)
    who, when = last_change(row)
    return _("%(who)s changed it to %(value)s at %(when)s.", who=who, value=now_said, when=when)


def _limits(declared: Declared) -> str:
    kind = declared.kind
    if not isinstance(kind, Whole | Baht):
        return ""
    lowest, highest = said(kind.lowest), said(kind.highest)
    return _("From %(lowest)s to %(highest)s", lowest=lowest, highest=highest)


# --- typed values ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TypedChoice:
    """A row of a list as it stands in the form."""

    code: str
    th: str
    en: str
    is_retired: bool
    flags: frozenset[str]
    is_kept: bool = False


def _shown(declared: Declared) -> Any:
    value = setting.value(declared.name)
    if isinstance(declared.kind, Choices):
        kept = declared.kind.kept
        return [TypedChoice(c.code, c.th, c.en, c.is_retired, c.flags, c.code in kept) for c in value]
    return ("yes" if value else "no") if isinstance(declared.kind, YesNo) else said(value)


def _typed(declared: Declared) -> Any:
    if not isinstance(declared.kind, Choices):
        return clean_line(request.form.get("value", ""))[:40]
    numbers = sorted({int(found[1]) for key in request.form if (found := re.match(r"choices-(\d{1,4})-", key))})
    rows = []
    for number in numbers[: 2 * declared.kind.most]:
        cell = {part: request.form.get(f"choices-{number}-{part}", "") for part in ("code", "th", "en", "retired")}
        flags = frozenset(flag for flag in declared.kind.flags if request.form.get(f"choices-{number}-{flag}"))
        code = cell["code"][:20]
        row = TypedChoice(
            code, cell["th"], cell["en"], bool(cell["retired"]), flags, code in declared.kind.kept and bool(code)
        )
        if row.code or row.th.strip() or row.en.strip():
            rows.append(row)
    return rows


def _read(declared: Declared, typed: Any) -> Any:
    if isinstance(declared.kind, Choices):
        return [Choice(row.code, row.th, row.en, row.is_retired, row.flags) for row in typed]
    if isinstance(declared.kind, YesNo):
        return {"yes": True, "no": False}.get(typed)
    if isinstance(declared.kind, Baht):
        return parse_money(typed)
    digits = to_ascii_digits(typed).replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def setting_error(wrong: WrongSetting | BadValue) -> str:
    """What is wrong with a value, in a sentence."""
    if isinstance(wrong, BadValue):
        return value_sentence(wrong)
    values = {key: f"{value:,}" if not isinstance(value, str) else value for key, value in wrong.values.items()}
    sentences = {
        "not_a_number": _l("Type a number in figures."),
        "out_of_range": _l("Type a number from %(lowest)s to %(highest)s.", **values),
        "no_such_choice": _l("Choose one of the two."),
        "name_needed": _l("Type the name in both languages, or take the row out."),
        "too_long": _l("The name is too long. %(limit)s characters at most are possible.", **values),
        "same_name": _l("“%(name)s” stands there twice. Give one of them another name.", **values),
        "kept": _l("“%(name)s” is part of a rule and cannot be retired.", **values),
        "none_left": _l("One entry at least must be there to choose."),
        "too_many": _l("%(limit)s entries at most are possible.", **values),
    }
    return str(sentences[wrong.code])


def register(builder: Any) -> None:
    """Add the page under ดูแลระบบ."""
    name_entities({"core_setting": _l("Setting")})
    builder.add_view(
        SettingView, "settings", label=_l("Settings"), icon="sliders", category="system", category_label=_l("System")
    )
