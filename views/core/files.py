"""Files in and out: uploaded singly and checked by content; given out only to those whom the file's row lets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from flask import abort, current_app, g, jsonify, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from models.core import audit
from models.core.db import begin_writing, db
from models.core.file import StoredFile, may_read, new_file_id
from models.core.matrix import allows
from models.core.thai import text
from services import content, scanner, storage, throttle
from services.core import ServiceDown
from views.core.access import first_duty, reads_first, signed_in_early
from views.core.base import PageView
from views.core.limits import too_many
from views.core.look import file_size


@dataclass(frozen=True)
class Upload:
    """A place where files come in: the types it takes, who may, and whether each look is logged."""

    purpose: str
    extensions: tuple[str, ...]
    permission: str | None = None  # None: whoever is signed in, as for one's own profile
    is_personal: bool = False


_uploads: dict[str, Upload] = {}


# Purposes of files that the system makes to be fetched, each fetching of which is logged.
_fetched: set[str] = set()


def log_fetching(purpose: str) -> None:
    """Let every fetching of files of this purpose be written into the access log."""
    _fetched.add(purpose)


def register_upload(upload: Upload) -> None:
    """Open a place where files come in."""
    _uploads[upload.purpose] = upload


def _refused(error: content.BadFile, upload: Upload) -> str:
    kinds = " ".join(f".{extension}" for extension in upload.extensions)
    texts = {
        "empty": _("The file is empty. Choose another one."),
        "bad_name": _("The file's name cannot be used. Rename it and try again."),
        "type_not_allowed": _("This type of file is not taken here. Choose one of: %(kinds)s", kinds=kinds),
        "content_differs": _(
            "What is in the file is not what its name says. Save it anew as one of: %(kinds)s", kinds=kinds
        ),
        "macros": _("The file holds macros. Save it without them and try again."),
        "encrypted": _("The file is locked with a password. Save it without one and try again."),
        "unsafe": _("The file was found to be unsafe and was not taken."),
        "too_many_pixels": _("The picture is too large. Make it smaller and try again."),
    }
    return texts.get(error.code, _("The file is damaged and cannot be opened. Save it anew and try again."))


class FileView(PageView):
    """One door in and one door out for every uploaded file."""

    route_base = "/files"
    default_view = "get"

    @expose("/<purpose>", methods=["POST"])
    @signed_in_early
    @reads_first
    def upload(self, purpose: str) -> ResponseReturnValue:
        """Take one file into staging; JSON {id, name, size, url} or {error}."""
        upload = _uploads.get(purpose)
        if upload is None:
            abort(404)
        if upload.permission is not None and not allows(g.user, upload.permission):
            abort(403)
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            return jsonify(error=_("No file came with the request. Choose a file."), code="no_file"), 400
        if problem := too_many((throttle.UPLOAD, (str(g.user.id),))):
            return jsonify(error=problem, code="too_many"), 429
        # Browsers on Windows once sent the whole path.
        name = text.clean(PurePath(sent.filename.replace("\\", "/")).name)[-255:]
        file = StoredFile(id=new_file_id(), purpose=purpose, name=name, uploaded_by=g.user.id)
        limit = current_app.config["SALA"].max_upload_mb
        try:
            file.content_type = content.check(name, sent.stream, upload.extensions)
            sent.stream.seek(0)
            scanner.scan(sent.stream)
            sent.stream.seek(0)
            file.size, file.sha256 = storage.put(file.key, sent.stream, limit * 1024 * 1024)
        except storage.TooLarge:
            text_ = _("The file is larger than %(size)s MB. Choose a smaller one.", size=limit)
            return jsonify(error=text_, code="too_large"), 413
        except content.BadFile as error:
            return jsonify(error=_refused(error, upload), code=error.code), 422
        except ServiceDown:
            current_app.logger.exception("a file could not be taken")
            text_ = _("The file could not be stored. Try again in a while; nothing else was lost.")
            return jsonify(error=text_, code="not_stored"), 503
        begin_writing()
        db.session.add(file)
        audit.note("file.upload", file, purpose=purpose, size=file.size)
        db.session.commit()
        return jsonify(
            id=file.id, name=file.name, size=file_size(file.size), url=url_for("FileView.get", key=file.id)
        ), 201

    @expose("/<key>")
    @signed_in_early
    def get(self, key: str) -> ResponseReturnValue:
        """Give a file to whom its row lets; another's is not found. `?download=1` saves instead of showing."""
        file = db.session.get(StoredFile, key) if len(key) == 32 and key.isalnum() else None
        if file is None or not may_read(g.user, file):
            abort(404)
        if file.uploaded_by != g.user.id and (first := first_duty(g.user)):
            return redirect(first)  # Before the first profile one sees what one uploaded oneself, no more.
        upload = _uploads.get(file.purpose)
        if upload is not None and upload.is_personal:
            audit.note("file.view", file, purpose=file.purpose)
        elif file.purpose in _fetched:
            audit.note("file.download", file, purpose=file.purpose, name=file.name)
        return send(file)


def send(file: StoredFile) -> Response:
    """The file's content as an answer: shown in the browser only where the type cannot run anything."""
    shows = file.content_type in {"application/pdf", "image/png", "image/jpeg"} and not request.args.get("download")
    stream = storage.open(file.key)
    response = Response(stream_with_context(_pieces(stream)), mimetype=file.content_type)
    response.headers["Content-Length"] = str(file.size)
    disposition = "inline" if shows else "attachment"
    ascii_name = file.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    header = dump_options_header(disposition, {"filename": ascii_name})
    response.headers["Content-Disposition"] = f"{header}; filename*=UTF-8''{_quoted(file.name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if file.content_type == "application/pdf":
        # Chromium's viewer does not open inside a sandbox; the rest of the policy holds.
        response.headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(256 * 1024):
            yield piece
