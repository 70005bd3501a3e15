"""A list as a file: the same rows as Excel or CSV, written to disk as they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

from flask import abort, g, send_file
from flask.typing import ResponseReturnValue

from models.core import audit
from reports.core.table import CSV_TYPE, XLSX_TYPE, Column, Sheet, write_book, write_csv, write_xlsx

KINDS = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}
IN_MEMORY = 8 * 1024 * 1024  # bytes; what is larger lies on the disk until it is sent


def send_table(
    ending: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, name: str, entity: str, **said: Any
) -> ResponseReturnValue:
    """Send `rows` as `name`.xlsx or .csv and note the export of `entity`; another ending is not found.

    `said` stands in the note too: what was filtered by.
    What somebody takes who is not signed in is open to everybody and leaves no entry, or anyone could fill the log.
    """
    return _send(
        ending,
        lambda out: write_xlsx(out, columns, rows) if ending == "xlsx" else write_csv(out, columns, rows),
        name,
        entity,
        **said,
    )


def send_sheets(ending: str, sheets: Iterable[Sheet], *, name: str, entity: str) -> ResponseReturnValue:
    """Send several tables as sheets of `name`.xlsx and note the export; another ending is not found."""
    return _send(ending if ending == "xlsx" else "", lambda out: write_book(out, sheets), name, entity)


def _send(ending: str, write: Callable[[IO[bytes]], Any], name: str, entity: str, **said: Any) -> ResponseReturnValue:
    if ending not in KINDS:
        abort(404)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - send_file closes it
    write(out)
    out.seek(0)
    if g.user.is_authenticated:
        audit.note(f"{entity}.export", entity=entity, ending=ending, **said)
    return send_file(out, mimetype=KINDS[ending], as_attachment=True, download_name=f"{name}.{ending}")
