"""A list as a file: the same rows as Excel or CSV, written to disk as they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from flask import abort, send_file
from flask.typing import ResponseReturnValue

from models.core import audit
from reports.core.table import CSV_TYPE, XLSX_TYPE, Column, iter_csv, write_xlsx

KINDS = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}
IN_MEMORY = 8 * 1024 * 1024  # bytes; what is larger lies on the disk until it is sent


def send_table(
    ending: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, name: str, entity: str
) -> ResponseReturnValue:
    """Send `rows` as `name`.xlsx or .csv and note the export of `entity`; another ending is not found."""
    if ending not in KINDS:
        abort(404)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - send_file closes it
    if ending == "xlsx":
        write_xlsx(out, columns, rows)
    else:
        out.writelines(iter_csv(columns, rows))
    out.seek(0)
    audit.note(f"{entity}.export", entity=entity, ending=ending)
    return send_file(out, mimetype=KINDS[ending], as_attachment=True, download_name=f"{name}.{ending}")
