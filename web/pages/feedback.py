"""A feedback document comes in: uploaded, shown beside its source, corrected, and opened after a yes.

Between the steps nothing is written but the file itself: the corrections travel with the form.
"""

import json
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk.corrections import Correction, CorrectionError
from desk.desk import RefusedError
from desk.file_evidence import file_name_of
from desk.finding import Inspection, NotFoundError
from desk.import_document import Preview, alike, import_document, preview
from documents.reading import ReadingError
from web.uploads import RefusedFileError, keep_upload, uploaded
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
PATH = "/inspections/{case_id}/import"
# What a button of the preview asks for, beside the line it stands on.
CORRECTIONS = ("title", "join", "split", "move", "drop", "same")
MOST_CORRECTIONS = 500
OK = HTTPStatus.OK


@router.get(PATH)
def ask(here: Here, case_id: int) -> Response:
    return _form(here, _inspection(here, case_id))


@router.post(PATH)
def take(here: Here, case_id: int, form: Posted) -> Response:
    """A file, a correction, or the yes: whatever button was pressed, the preview is made anew from the file."""
    inspection = _inspection(here, case_id)
    try:
        sha256, made = _file(here, form), _made(form)
        corrections = _corrections(form, made)
        seen = preview(_name(here, sha256), here.desk.files.get(sha256), corrections)
    except (RefusedFileError, ReadingError) as error:
        return _form(here, inspection, str(error))
    except CorrectionError as error:
        return _again(here, inspection, sha256, made, _does_not_fit(here, error))
    if str(form.get("do", "")) == "commit":
        return _commit(here, inspection, sha256, seen)
    return _preview(here, inspection, sha256, seen)


def _inspection(here: Visit, case_id: int) -> Inspection:
    """Only who keeps the register of the inspection's organisation brings documents in."""
    with here.view() as view:
        case = view.case(case_id)
        if case.kind != "inspection" or case.organization_id not in here.visitor.organizations(["coordinator"]):
            raise not_found()
        return Inspection(case.id, case.organization_id, view.fields(case)["name"])


def _file(here: Visit, form: FormData) -> str:
    """The file just sent, or the one that this preview is of. Raises RefusedFileError."""
    upload = uploaded(form, "file")
    if upload is not None:
        return keep_upload(here, upload)
    sha256 = str(form.get("sha256", ""))
    if not _name(here, sha256):
        raise RefusedFileError(here.words.say("web.evidence.no_file"))
    return sha256


def _name(here: Visit, sha256: str) -> str:
    with here.look() as tx:
        return file_name_of(tx, sha256)


def _made(form: FormData) -> list[Correction]:
    """Those made so far."""
    return [_correction(str(text)) for text in form.getlist("correction")][:MOST_CORRECTIONS]


def _corrections(form: FormData, made: list[Correction]) -> list[Correction]:
    """Those made so far, without the one taken back, and with the one just asked for. Raises CorrectionError."""
    what, _, line = str(form.get("do", "")).partition(":")
    if what == "undo":
        return [one for place, one in enumerate(made) if str(place) != line]
    if what in CORRECTIONS and line.isdecimal():
        return [*made, _asked(form, what, int(line))]
    return made


def _asked(form: FormData, what: str, line: int) -> Correction:
    """What was typed beside the button."""
    typed = str(form.get(f"{what}-{line}", "")).strip()
    if not typed:
        raise CorrectionError(Correction(what, line), "nothing_typed")
    if what in ("join", "move"):
        return Correction(what, line, other=int(typed) if typed.isdecimal() else 0)
    return Correction(what, line, text=typed)


def _correction(text: str) -> Correction:
    """As the form carries it. Raises PageError for what was not written by `_carried`."""
    try:
        what, line, said, other, number = json.loads(text)
    except (ValueError, TypeError):
        raise not_found() from None
    return Correction(str(what), int(line), str(said), int(other), str(number))


def _carried(one: Correction) -> str:
    return json.dumps([one.what, one.line, one.text, one.other, one.number], ensure_ascii=False)


def _does_not_fit(here: Visit, error: CorrectionError) -> str:
    why = here.words.say(f"correction.{error.word}")
    return here.words.say("correction.does_not_fit", which=error.correction.said(here.words), why=why)


def _form(here: Visit, inspection: Inspection, error: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return here.page("feedback.html.j2", status, inspection=inspection, error=error)


def _again(here: Visit, inspection: Inspection, sha256: str, corrections: list[Correction], said: str) -> Response:
    """A correction that does not fit is left away, with the reason."""
    seen = preview(_name(here, sha256), here.desk.files.get(sha256), corrections)
    return _preview(here, inspection, sha256, seen, said, HTTPStatus.UNPROCESSABLE_ENTITY)


def _preview(
    here: Visit, inspection: Inspection, sha256: str, seen: Preview, refused: str = "", status: HTTPStatus = OK
) -> Response:
    reading = seen.reading
    faults: dict[int, list[str]] = {}
    for fault in reading.faults:
        faults.setdefault(fault.line, []).append(fault.message)
    shown: dict[str, Any] = {
        "inspection": inspection,
        "sha256": sha256,
        "seen": seen,
        "reading": reading,
        "faults": faults,
        "made": [(place, _carried(one), one.said(here.words)) for place, one in enumerate(seen.corrections)],
        "refused": refused,
        "alike": {problem.line: known for problem, known in alike(here.desk, seen, inspection)},
    }
    return here.page("feedback_preview.html.j2", status, **shown)


def _commit(here: Visit, inspection: Inspection, sha256: str, seen: Preview) -> Response:
    try:
        outcomes = import_document(here.desk, seen, inspection, here.visitor.actor, here.now)
    except (RefusedError, NotFoundError) as refused:
        return _preview(here, inspection, sha256, seen, str(refused), HTTPStatus.CONFLICT)
    opened = sum(outcome.case_id != inspection.id for outcome in outcomes)
    return here.go(f"/inspections/{inspection.id}", here.words.say("web.feedback.done", n=opened))
