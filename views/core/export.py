"""A list as a file: the same rows as Excel or CSV, written to disk as they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

from flask import abort, flash, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from jobs.exporting import KINDS, NotGiven, ask_export, opened
from models.core import audit
from models.core.db import begin_writing, db
from models.core.workflow import Refused
from reports.core.table import Column, Sheet, write_book, write_csv, write_xlsx
from views.core.base import tell_refused
from views.core.log_words import entity_label
from views.core.look import lang

AT_ONCE = {"xlsx": 5_000, "csv": 5_000}  # rows; what takes longer than anybody likes to wait is made by the worker
IN_MEMORY = 8 * 1024 * 1024  # bytes; what is larger lies on the disk until it is sent


def send_table(
    ending: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    name: str,
    entity: str,
    sheet: str = "",
    **said: Any,
) -> ResponseReturnValue:
    """Send `rows` as `name`.xlsx or .csv and note the export of `entity`; another ending is not found.

    `sheet` names the sheet; else the kind of record does. `said` stands in the note too: what was filtered by.
    What somebody takes who is not signed in is open to everybody and leaves no entry, or anyone could fill the log.
    """
    return _send(
        ending,
        lambda out: (
            write_xlsx(out, columns, rows, sheet=sheet or entity_label(entity))
            if ending == "xlsx"
            else write_csv(out, columns, rows)
        ),
        name,
        entity,
        **said,
    )


def send_list(
    name: str, ending: str, asked: Mapping[str, Any], *, back: str, most: Mapping[str, int] = AT_ONCE
) -> ResponseReturnValue:
    """Send a registered list as `ending`; one of more than `most` rows is made outside the request instead.

    `asked` is what the list's opener gets; it must be plain (JSON). `back` is where one goes who wants too much.
    """
    if ending not in KINDS:
        abort(404)
    try:
        table = opened(name, g.user, asked)
    except NotGiven:
        abort(403)
    if table.count(most[ending]) <= most[ending]:
        return send_table(
            ending,
            table.columns,
            table.rows(),
            name=table.name,
            entity=table.entity,
            sheet=table.title,
            asked=dict(asked) or None,
        )
    begin_writing()
    try:
        ask_export(g.user, name, ending, asked, title=table.title, lang=lang())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        tell_refused(refused)
        return redirect(back)
    flash(_("The list is long. Its file is being made, and you are told under the bell when it is ready."), "success")
    return redirect(url_for("OwnFilesView.list"))


def send_sheets(ending: str, sheets: Iterable[Sheet], *, name: str, entity: str, **said: Any) -> ResponseReturnValue:
    """Send several tables as sheets of `name`.xlsx and note the export with `said`; another ending is not found."""
    return _send(ending if ending == "xlsx" else "", lambda out: write_book(out, sheets), name, entity, **said)


def _send(ending: str, write: Callable[[IO[bytes]], Any], name: str, entity: str, **said: Any) -> ResponseReturnValue:
    if ending not in KINDS:
        abort(404)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - send_file closes it
    write(out)
    out.seek(0)
    if g.user.is_authenticated:
        known = {key: value for key, value in said.items() if value is not None}
        audit.note(f"{entity}.export", entity=entity, ending=ending, **known)
    return send_file(out, mimetype=KINDS[ending], as_attachment=True, download_name=f"{name}.{ending}")
