"""Checks that an upload is what its name says: the content must match the name (spec: README, Uploads)."""

from __future__ import annotations

import io
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import BinaryIO

import filetype

from services.core import BadFile as BadFile

MOST_PIXELS = 60_000_000  # A 60-megapixel photo; more is a mistake or an attack on memory.
MOST_UNPACKED = 300 * 1024 * 1024  # bytes
MOST_RATIO = 150
MOST_MEMBERS = 10_000
LONGEST_NAME = 200

# Endings that run when opened; one of them before the last ending is a disguise ("form.exe.pdf").
_RUNS = frozenset(
    (
        "app",
        "bat",
        "bin",
        "cmd",
        "com",
        "cpl",
        "dll",
        "docm",
        "dotm",
        "exe",
        "gadget",
        "hta",
        "htm",
        "html",
        "jar",
        "js",
        "jse",
        "lnk",
        "msc",
        "msi",
        "msp",
        "php",
        "pif",
        "pptm",
        "ps1",
        "py",
        "reg",
        "scr",
        "sh",
        "svg",
        "vb",
        "vbe",
        "vbs",
        "ws",
        "wsf",
        "wsh",
        "xlsm",
        "xltm",
    )
)


Check = Callable[[BinaryIO], None]


@dataclass(frozen=True)
class Kind:
    """A kind of file: what browsers call it, and how its content is looked at."""

    content_type: str
    check: Check


def check(name: str, stream: BinaryIO, allowed: Collection[str]) -> str:
    """The content type of an upload whose content is what its name says; raises BadFile.

    `allowed` are endings without the dot, as {"pdf", "docx"}. The stream must seek; it is left at its start.
    """
    ending = ending_of(name)
    if ending not in allowed or ending not in KINDS:
        raise BadFile("type_not_allowed", allowed=sorted(allowed))
    inner = name.casefold().split(".")[1:-1]
    if any(part.strip() in _RUNS for part in inner):
        raise BadFile("content_differs", ending=ending)
    stream.seek(0)
    if not stream.read(1):
        raise BadFile("empty")
    kind = KINDS[ending]
    try:
        stream.seek(0)
        kind.check(stream)
    except BadFile as error:
        error.values.setdefault("ending", ending)
        raise
    finally:
        stream.seek(0)
    return kind.content_type


def format_of(content_type: str) -> str:
    """What people call a content type: PDF, DOCX; by its own last part where it is none of ours: GZIP."""
    known = (ending for ending, kind in KINDS.items() if kind.content_type == content_type)
    return next(known, content_type.rpartition("/")[2]).upper()


def ending_of(name: str) -> str:
    """The last ending of a file name, small letters, without its dot; raises BadFile for a name that deceives."""
    if not name or len(name) > LONGEST_NAME or any(letter in name for letter in '/\\\0:*?"<>|'):
        raise BadFile("bad_name")
    # A turned-around name ("gpj.exe" shown as "exe.jpg") or an unseen control character.
    if any(unicodedata.category(letter) in ("Cc", "Cf") for letter in name if letter not in "\u200b\u200c\u200d"):
        raise BadFile("bad_name")
    stem, dot, ending = name.rpartition(".")
    return ending.strip().casefold() if dot and stem.strip() else ""


def _wrong() -> BadFile:
    return BadFile("content_differs")


def _guess(stream: BinaryIO) -> str:
    stream.seek(0)
    found = filetype.guess(stream.read(8192))
    return found.mime if found else ""


def _pdf(stream: BinaryIO) -> None:
    stream.seek(0)
    head = stream.read(1024)
    if b"%PDF-" not in head or head.lstrip()[:2] in (b"MZ", b"PK"):
        raise _wrong()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 2048))
    if b"%%EOF" not in stream.read():
        raise BadFile("damaged")


def _image(format_: str) -> Check:
    def look(stream: BinaryIO) -> None:
        from PIL import Image, UnidentifiedImageError

        stream.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                # The size stands in the header: it is asked before a single pixel is unpacked.
                with Image.open(stream, formats=[format_]) as image:
                    if image.width * image.height > MOST_PIXELS or getattr(image, "n_frames", 1) > 200:
                        raise BadFile("too_many_pixels", most=MOST_PIXELS // 1_000_000)
                    image.draft(None, (256, 256))  # A JPEG is read through at an eighth of its size.
                    image.load()
        except Image.DecompressionBombError:
            raise BadFile("too_many_pixels", most=MOST_PIXELS // 1_000_000) from None
        except UnidentifiedImageError:
            raise _wrong() from None
        except (OSError, SyntaxError, ValueError, EOFError):
            raise BadFile("damaged") from None

    return look


def _office(main: str, word: bytes) -> Check:
    """An Open XML document: its main part must be there, and no macros."""

    def look(stream: BinaryIO) -> None:
        with _archive(stream) as archive:
            names = {info.filename for info in archive.infolist()}
            if main not in names or "[Content_Types].xml" not in names:
                raise _wrong()
            with archive.open("[Content_Types].xml") as part:
                types = part.read(1_000_000)
            if b"macroEnabled" in types or any(name.casefold().endswith("vbaproject.bin") for name in names):
                raise BadFile("macros")
            if word not in types:
                raise _wrong()

    return look


def _zip(stream: BinaryIO) -> None:
    with _archive(stream):
        pass


def _archive(stream: BinaryIO) -> zipfile.ZipFile:
    """The zip, once its directory is known to be sane: nothing is unpacked to find out."""
    stream.seek(0)
    head = stream.read(8)
    if head.startswith(_OLE):  # What Office makes of a document with a password.
        raise BadFile("encrypted")
    if not head.startswith(b"PK\x03\x04"):
        raise _wrong()
    size = stream.seek(0, io.SEEK_END)
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeDecodeError):
        raise BadFile("damaged") from None
    packed = sum(info.compress_size for info in members)
    unpacked = sum(info.file_size for info in members)
    # More packed bytes than the file has: members lie over each other, as in a bomb without recursion.
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or packed > size:
        raise BadFile("unsafe", found="zip bomb")
    if unpacked > 10 * 1024 * 1024 and unpacked > MOST_RATIO * max(packed, 1):
        raise BadFile("unsafe", found="zip bomb")
    if any(info.flag_bits & 0x1 for info in members):
        raise BadFile("encrypted")
    return archive


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _old_office(part: str) -> Check:
    """A document of the years before 2007: an OLE file that holds the part, and no macros."""

    def look(stream: BinaryIO) -> None:
        stream.seek(0)
        content = stream.read()
        if not content.startswith(_OLE) or part.encode("utf-16-le") not in content:
            raise _wrong()
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise BadFile("macros")

    return look


def _text(stream: BinaryIO) -> None:
    stream.seek(0)
    content = stream.read()
    if b"\0" in content or _guess(stream):
        raise _wrong()
    for coding in ("utf-8-sig", "cp874"):
        try:
            content.decode(coding)
        except UnicodeDecodeError:
            continue
        return
    raise _wrong()


_OPEN_XML = "application/vnd.openxmlformats-officedocument"

KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", _pdf),
    "docx": Kind(
        f"{_OPEN_XML}.wordprocessingml.document", _office("word/document.xml", b"wordprocessingml.document.main")
    ),
    "xlsx": Kind(f"{_OPEN_XML}.spreadsheetml.sheet", _office("xl/workbook.xml", b"spreadsheetml.sheet.main")),
    "pptx": Kind(
        f"{_OPEN_XML}.presentationml.presentation",
        _office("ppt/presentation.xml", b"presentationml.presentation.main"),
    ),
    "doc": Kind("application/msword", _old_office("WordDocument")),
    "xls": Kind("application/vnd.ms-excel", _old_office("Workbook")),
    "jpg": Kind("image/jpeg", _image("JPEG")),
    "jpeg": Kind("image/jpeg", _image("JPEG")),
    "png": Kind("image/png", _image("PNG")),
    "gif": Kind("image/gif", _image("GIF")),
    "webp": Kind("image/webp", _image("WEBP")),
    "zip": Kind("application/zip", _zip),
    "csv": Kind("text/csv", _text),
    "txt": Kind("text/plain", _text),
}
