"""สิทธิ์การใช้งานระบบ: the matrix, a look at what a change does before it is saved, its history (spec: fund.md 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from models.core.db import StaleVersion, db
from models.core.identity import Account
from models.core.listing import Order, walk
from models.core.matrix import Cell, MatrixChange, MatrixRow, changing
from models.core.matrix.changing import EDIT, EDITED, REASON_LENGTH, RESET, RESTORED, WHATS
from models.core.matrix.effects import effects_of
from models.core.workflow import Refused
from reports.core.table import Column as TableColumn
from views.core.access import keep_typing, needs
from views.core.base import PageView, record_or_404
from views.core.export import send_table
from views.core.look import clock
from views.core.permission import shown
from views.core.permission.words import domain_label, title_of, what_label
from views.core.sentences import sentence

LATEST_FIRST = Order("id", (), MatrixChange.id, descending=True)
PAGE = 25
LONGEST_ADDRESS = 6_000  # characters; some hundred ticks
_LISTS = {True: "give", False: "take"}
LONGEST_BASE = 100_000  # characters; a matrix of a thousand cells is a third of it


class PermissionView(PageView):
    """สิทธิ์การใช้งานระบบ."""

    route_base = "/permissions"
    default_view = "matrix"

    @expose("/")
    @needs(EDIT)
    def matrix(self) -> ResponseReturnValue:
        """The matrix of a domain with its tick boxes; an address may bring ticks that were kept over a sign-in."""
        domain = _domain(request.args.get("domain"))
        kept = {cell: held for held in (True, False) for cell in _cells(domain, request.args.getlist(_LISTS[held]))}
        reason = request.args.get("reason", "")[:REASON_LENGTH]
        return self._editor(domain, changing.real(kept) if kept else {}, reason=reason)

    @expose("/matrix/<domain>", methods=["POST"])
    @needs(EDIT)
    def change(self, domain: str) -> ResponseReturnValue:
        """What was ticked: shown with its effect, saved after that, or taken back into the matrix to go on."""
        domain = _domain(domain)
        changes, version = _posted_changes(domain), _posted_version()
        step, what = request.form.get("step"), request.form.get("what", EDITED)
        reason = request.form.get("reason", "")
        if version != changing.version_now():
            return self._clash(domain, changes, version, reason)
        if step == "edit":
            return self._editor(domain, changes, reason=reason)
        if step != "save":
            refused = changing.refusal_to_change(changes)
            if refused is not None:
                return self._editor(domain, changes, reason=reason, error=sentence(refused)), 422
            return self._preview(domain, changes, version, reason=reason)
        try:
            changing.change(domain, changes, reason, by=g.user, version=version, what=what)
            db.session.commit()
        except StaleVersion:
            db.session.rollback()
            return self._clash(domain, changes, version, reason)
        except Refused as refused:
            db.session.rollback()
            if refused.refusal.code.startswith("matrix_reason"):
                error = sentence(refused)
                return self._preview(domain, changes, version, what=what, reason=reason, error=error), 422
            return self._editor(domain, changes, reason=reason, error=sentence(refused)), 422
        said = ngettext("%(num)s tick is changed.", "%(num)s ticks are changed.", len(changes))
        from_when = _("It holds from everybody’s next page on.")
        flash(f"{said} {from_when}", "success")
        return redirect(url_for("PermissionView.matrix", domain=domain))

    @expose("/matrix/<domain>/reset")
    @needs(EDIT)
    def reset(self, domain: str) -> ResponseReturnValue:
        """What going back to the manual's would change, for the whole matrix or for one row."""
        domain, row = _domain(domain), request.args.get("row")
        if row is not None and row not in {one.code for one in changing.rows_of(domain)}:
            raise NotFound
        return self._preview_or_nothing(domain, changing.to_reference(domain, row), RESET)

    @expose("/changes/<int:pk>/restore")
    @needs(EDIT)
    def restore(self, pk: int) -> ResponseReturnValue:
        """What putting an earlier change's ticks back as they were before it would change."""
        made = record_or_404(select(MatrixChange), MatrixChange, pk)
        return self._preview_or_nothing(_domain(made.domain), changing.to_before(made), RESTORED)

    def _preview_or_nothing(self, domain: str, changes: Mapping[Cell, bool], what: str) -> ResponseReturnValue:
        refused = changing.refusal_to_change(changes)
        if refused is None:
            return self._preview(domain, changes, changing.version_now(), what=what)
        flash(sentence(refused), "info" if refused.code == "matrix_no_change" else "warning")
        return redirect(url_for("PermissionView.matrix", domain=domain))

    @expose("/history")
    @needs(EDIT)
    def history(self) -> ResponseReturnValue:
        """Every change: who, when, why, which ticks."""
        domain = _domain(request.args.get("domain"))
        rows = select(MatrixChange).where(MatrixChange.domain == domain).options(joinedload(MatrixChange.maker))
        page = walk(rows, LATEST_FIRST, PAGE, after=request.args.get("after"), before=request.args.get("before"))
        lines = [
            (
                change,
                what_label(change.what),
                shown.told_cells(domain, change.changes),
                bool(changing.to_before(change)),
            )
            for change in page.rows
        ]
        return self.page(
            "core/permission/history.html", domain=domain, tabs=_tabs(domain, "history"), page=page, lines=lines
        )

    @expose("/export/<domain>.<ending>")
    @needs(EDIT)
    def export(self, domain: str, ending: str) -> ResponseReturnValue:
        """The matrix as it is now, as Excel or CSV."""
        domain = _domain(domain)
        columns = [
            TableColumn(_("No."), width=6),
            TableColumn(_("Group"), width=28),
            TableColumn(_("Permission"), width=48),
            TableColumn(_("Code"), width=26),
            *(TableColumn(column.label, width=14) for column in shown.columns_of(domain)),
            TableColumn(_("Marks in the manual"), "number", width=12),
            TableColumn(_("Basis"), width=40),
            TableColumn(_("Compared with the manual"), width=18),
        ]
        rows = shown.export_rows(domain)
        return send_table(ending, columns, rows, name=f"permissions-{domain}", entity="core_matrix_cell")

    # --- the two pages -----------------------------------------------------------------------------------------------

    def _editor(
        self, domain: str, changes: Mapping[Cell, bool], *, reason: str = "", error: str = "", clash: str = ""
    ) -> str:
        groups = shown.groups_of(domain, changes)
        rows = [row for group in groups for row in group.rows]
        return self.page(
            "core/permission/matrix.html",
            domain=domain,
            tabs=_tabs(domain, "matrix"),
            groups=groups,
            columns=shown.columns_of(domain),
            row_count=len(rows),
            base=" ".join(cell.value for row in rows for cell in row.cells if cell.was),
            version=changing.version_now(),
            reason=reason,
            reason_length=REASON_LENGTH,
            error=error,
            clash=clash,
            changed=[(row, cell) for row in rows for cell in row.cells if cell.change],
            differs=any(row.differs for row in rows),
        )

    def _preview(
        self,
        domain: str,
        changes: Mapping[Cell, bool],
        version: int,
        *,
        what: str = EDITED,
        reason: str = "",
        error: str = "",
    ) -> str:
        effects = effects_of(changes)
        return self.page(
            "core/permission/preview.html",
            domain=domain,
            domain_name=domain_label(domain),
            told=shown.told(domain, effects),
            concerned=effects.concerned,
            give=[f"{code}:{kind}" for (code, kind), held in changes.items() if held],
            take=[f"{code}:{kind}" for (code, kind), held in changes.items() if not held],
            version=version,
            what=what if what in WHATS else EDITED,
            what_name=what_label(what),
            reason=reason,
            reason_length=REASON_LENGTH,
            error=error,
        )

    def _clash(self, domain: str, changes: Mapping[Cell, bool], version: int, reason: str) -> ResponseReturnValue:
        """Somebody else changed the matrix first: who and what, and one's own ticks laid over theirs."""
        lines = []
        for change in changing.changes_since(domain, version):
            cells = "; ".join(
                f"{'+' if held else '−'} {text}" for text, held in shown.told_cells(domain, change.changes)
            )
            who = change.maker.full_name if change.maker is not None else _("System")
            lines.append(
                _(
                    "%(who)s at %(when)s: %(cells)s (%(reason)s)",
                    who=who,
                    when=clock(change.made_at),
                    cells=cells,
                    reason=change.reason,
                )
            )
        told = "\n".join(lines) or _("Somebody changed the permissions meanwhile.")
        return self._editor(domain, changing.real(changes), reason=reason, clash=told), 409


def _domains() -> list[str]:
    """The domains that have a matrix, asked once per request."""
    if "matrix_domains" not in g:
        g.matrix_domains = changing.domains()
    found: list[str] = g.matrix_domains
    return found


def _domain(wanted: str | None) -> str:
    """A domain that has a matrix; the first when none is named."""
    found = _domains()
    if wanted is None and found:
        return found[0]
    if wanted not in found:
        raise NotFound
    return wanted


def _tabs(domain: str, page: str) -> list[dict[str, Any]]:
    """A tab for each domain's matrix; none where there is but one."""
    found = _domains()
    if len(found) < 2:
        return []
    url = f"PermissionView.{page}"
    return [{"label": domain_label(one), "url": url_for(url, domain=one), "current": one == domain} for one in found]


def _posted_version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else -1


def _cells(domain: str, values: list[str]) -> set[Cell]:
    """The cells of a domain that are written as "proposal.view:staff"; whatever else is sent is left out."""
    if not values:
        return set()
    known = {f"{code}:{kind}": (code, kind) for code, kind in changing.known_cells(domain)}
    return {known[value] for value in values if value in known}


def _posted_changes(domain: str) -> dict[Cell, bool]:
    """What the form wants changed: ticks against those that its page showed, or cells to give and to take."""
    base = request.form.get("base")
    if base is not None:
        if len(base) > LONGEST_BASE:
            abort(413)
        return changing.differences(_cells(domain, base.split()), _cells(domain, request.form.getlist("cell")))
    given, taken = (_cells(domain, request.form.getlist(_LISTS[held])) for held in (True, False))
    return {cell: cell in given for cell in sorted(given ^ taken)}


def _keep(_account: Account) -> str | None:
    """The address at which a form, posted after the session lapsed, stands again as it was ticked."""
    domain = str((request.view_args or {}).get("domain"))
    if domain not in _domains():
        return None
    changes = _posted_changes(domain)
    lists = {
        name: [f"{code}:{kind}" for (code, kind), held in changes.items() if held == is_given]
        for is_given, name in _LISTS.items()
    }
    address = url_for("PermissionView.matrix", domain=domain, reason=request.form.get("reason") or None, **lists)
    return address if len(address) < LONGEST_ADDRESS else None


keep_typing("PermissionView.change", _keep)


def permission_titles(codes: set[str]) -> dict[str, str]:
    """What permissions are called, by code; one query."""
    rows = db.session.scalars(select(MatrixRow).where(MatrixRow.code.in_(codes)))
    return {row.code: title_of(row) for row in rows}
