"""Papers that are seen before they are taken over: the file that was sent, or the one kept at the preview."""

from dataclasses import dataclass
from pathlib import PurePath

from starlette.datastructures import FormData, UploadFile

from desk.finding import Inspection, inspections
from documents.reading import ReadingError
from web.visit import Visit, not_found

KEEPERS = ("coordinator",)
DIGEST = 64  # hexadecimal digits


@dataclass(frozen=True)
class Sent:
    """A file by its name."""

    name: str
    content: bytes


def kept_inspection(here: Visit, case_id: int) -> Inspection:
    """The inspection, for those who keep its register. Raises PageError."""
    with here.look() as tx:
        found = [one for one in inspections(tx) if one.id == case_id]
    if not found or found[0].organization_id not in here.visitor.organizations(KEEPERS):
        raise not_found()
    return found[0]


def sent_file(here: Visit, form: FormData) -> Sent:
    """The file that was chosen, or the one kept at the preview. Raises ReadingError when there is neither."""
    file, kept, name = form.get("file"), str(form.get("kept", "")), str(form.get("name", ""))
    if isinstance(file, UploadFile) and file.filename:
        return Sent(PurePath(file.filename).name, file.file.read())
    path = here.desk.files.path(kept)
    if len(kept) != DIGEST or not kept.isalnum() or not path.is_file():
        raise ReadingError("empty_file", here.words.say("web.imports.no_file"))
    return Sent(name, path.read_bytes())
