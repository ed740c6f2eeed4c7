"""Files that come in by a form: looked at, kept, and refused with a sentence."""

from pathlib import PurePath

from starlette.datastructures import FormData, UploadFile

from desk.file_evidence import keep_file
from documents.attachments import check
from documents.reading import ReadingError
from web.visit import Visit


class RefusedFileError(Exception):
    """A file was not sent or is not kept; the text says why and what to do."""


def uploaded(form: FormData, name: str) -> UploadFile | None:
    """The file of a field, None when none was chosen."""
    found = form.get(name)
    return found if isinstance(found, UploadFile) and found.filename else None


def uploaded_bytes(form: FormData, name: str) -> tuple[str, bytes]:
    """The name and the content of a file that was checked before; empty where none was sent."""
    found = uploaded(form, name)
    return (PurePath(found.filename or "").name, found.file.read()) if found else ("", b"")


def check_upload(here: Visit, file: UploadFile | None) -> None:
    """Raises RefusedFileError for a file that is not there or not to be kept."""
    if file is None:
        raise RefusedFileError(here.words.say("web.evidence.no_file"))
    if (file.size or 0) > here.site.settings.largest_file:
        raise RefusedFileError(here.words.say("web.error.too_large"))
    try:
        check(file.filename or "", file.file)
    except ReadingError as error:
        raise RefusedFileError(error.message) from None


def keep_upload(here: Visit, file: UploadFile) -> str:
    """The SHA-256 of a file that is now in the store. Raises RefusedFileError."""
    check_upload(here, file)
    return keep_file(here.desk, PurePath(file.filename or "").name, file.file, here.now)
