"""A table that somebody sends to be brought in: checked, scanned and put into storage before anything is read of it."""

from __future__ import annotations

from pathlib import PurePath

from flask import current_app, g, request
from flask_babel import gettext as _

from models.core import imports, setting
from models.core.file import StoredFile, new_file_id
from models.core.imports import PURPOSE
from models.core.thai import text as texts
from services import content, scanner, storage, throttle
from services.core import BadFile, ServiceDown
from views.core.limits import too_many

ENDINGS = ("xlsx", "csv")


class NotReceived(Exception):
    """Why a file was not taken, as a sentence, and the status to answer with."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


def most_megabytes() -> int:
    """How large a file may be that is brought in."""
    return min(int(setting.value(imports.MOST_MEGABYTES)), current_app.config["SALA"].max_upload_mb)


def received() -> StoredFile:
    """The file that was sent as "file", checked and in storage, its row not stored yet. Raises NotReceived."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NotReceived(_("No file came with the request. Choose a file."), 400)
    if problem := too_many((throttle.UPLOAD, (str(g.user.id),))):
        raise NotReceived(problem, 429)
    name = texts.clean(PurePath(sent.filename.replace("\\", "/")).name)[-255:]
    file = StoredFile(id=new_file_id(), purpose=PURPOSE, name=name, uploaded_by=g.user.id)
    limit = most_megabytes()
    try:
        file.content_type = content.check(name, sent.stream, ENDINGS)
        sent.stream.seek(0)
        scanner.scan(sent.stream)
        sent.stream.seek(0)
        file.size, file.sha256 = storage.put(file.key, sent.stream, limit * 1024 * 1024)
    except storage.TooLarge:
        raise NotReceived(_("The file is larger than %(size)s MB. Choose a smaller one.", size=limit), 413) from None
    except BadFile as bad:
        known = {
            "empty": _("The file is empty. Choose another one."),
            "type_not_allowed": _("Only Excel (.xlsx) and CSV files can be imported."),
            "encrypted": _("The file is locked with a password. Save it without one and try again."),
            "macros": _("The file holds macros. Save it without them and try again."),
        }
        otherwise = _("What is in the file is not what its name says. Save it anew as .xlsx or .csv.")
        raise NotReceived(known.get(bad.code, otherwise)) from None
    except ServiceDown:
        current_app.logger.exception("a file could not be taken")
        text = _("The file could not be stored. Try again in a while; nothing else was lost.")
        raise NotReceived(text, 503) from None
    return file
