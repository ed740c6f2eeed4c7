"""Looks at a file that somebody wants to file, before it is kept: is it what its name says, and no state secret."""

import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from documents.reader import BYTES
from documents.reading import ReadingError
from documents.sources import pdf, plain, secrecy, word

HEAD = 512  # bytes that tell the format
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is taken: its content type, how its bytes begin (any of them), and a part its zip must hold."""

    content_type: str
    heads: tuple[bytes, ...] = ()
    member: str = ""
    offset: int = 0
    inline: bool = False


_JPEG = Format("image/jpeg", (b"\xff\xd8\xff",), inline=True)
_TEXT = Format("text/plain; charset=utf-8", inline=True)
_OLD = Format(BINARY, (OLD_OFFICE,))
_ZIP = (b"PK\x03\x04",)
_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS: Mapping[str, Format] = {
    ".pdf": Format("application/pdf", (b"%PDF-",), inline=True),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": Format("image/png", (b"\x89PNG\r\n\x1a\n",), inline=True),
    ".gif": Format("image/gif", (b"GIF87a", b"GIF89a"), inline=True),
    ".bmp": Format("image/bmp", (b"BM",)),
    ".tif": Format("image/tiff", (b"II*\x00", b"MM\x00*")),
    ".docx": Format(f"{_OFFICE}wordprocessingml.document", _ZIP, "word/document.xml"),
    ".xlsx": Format(f"{_OFFICE}spreadsheetml.sheet", _ZIP, "xl/workbook.xml"),
    ".pptx": Format(f"{_OFFICE}presentationml.presentation", _ZIP, "ppt/presentation.xml"),
    ".ofd": Format("application/ofd", _ZIP, "OFD.xml"),
    ".doc": _OLD,
    ".xls": _OLD,
    ".ppt": _OLD,
    ".wps": _OLD,
    ".et": _OLD,
    ".mp4": Format("video/mp4", (b"ftyp",), offset=4),
    ".txt": _TEXT,
    ".csv": Format("text/csv; charset=utf-8"),
}
_TEXTS: Mapping[str, Callable[[bytes], Iterable[str]]] = {
    ".txt": lambda data: (line.text for line in plain.read(data).lines),
    ".csv": lambda data: (line.text for line in plain.read(data).lines),
    ".docx": lambda data: [*word.outside_texts(data), *(line.text for line in word.read(data).lines)],
    ".pdf": lambda data: (line.text for line in pdf.read(data).lines),
}


def check(name: str, file: BinaryIO) -> Format:
    """The format of a file by name and content; its position is 0 again afterwards.

    Raises ReadingError: `unsupported_format`, `not_what_it_says`, `state_secret`.
    """
    suffix = PurePath(name).suffix.lower()
    found = FORMATS.get(suffix)
    if found is None:
        there = "、".join(sorted(FORMATS))
        raise ReadingError("unsupported_format", f"不收“{suffix or name}”格式的文件。可以上传：{there}。")
    if not _is_what_it_says(found, file):
        message = f"文件内容与扩展名“{suffix}”不符，没有保存。请用原来的程序打开，另存后再上传。"
        raise ReadingError("not_what_it_says", message)
    secrecy.refuse(name, ())
    if suffix in _TEXTS:
        _refuse_secret(_TEXTS[suffix], file)
    file.seek(0)
    return found


def _is_what_it_says(found: Format, file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        return False
    if not found.heads:
        return b"\x00" not in head
    if not head[found.offset :].startswith(found.heads):
        return False
    return not found.member or _holds(file, found.member)


def _holds(file: BinaryIO, member: str) -> bool:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            return member in package.namelist()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError):
        return False


def _refuse_secret(texts: Callable[[bytes], Iterable[str]], file: BinaryIO) -> None:
    """What cannot be read as text (a scan, a protected file) is judged by its name alone."""
    file.seek(0)
    data = file.read(BYTES + 1)
    if len(data) > BYTES:
        return
    try:
        lines = list(texts(data))
    except (ReadingError, RecursionError):
        return
    secrecy.refuse("", lines)
