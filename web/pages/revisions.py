"""A changed document beside the imported one: every difference with a box to tick, taken over in one step."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk.desk import RefusedError
from desk.finding import Inspection, NotFoundError
from desk.import_document import Revision, compare_document, import_revision, imported_documents, preview
from documents.reading import ReadingError
from web.sent import Sent, kept_inspection, sent_file
from web.visit import Here, Posted, Visit

router = APIRouter()
PATH = "/inspections/{case_id}/revision"
TAKE = "take"


@router.get(PATH)
def ask(here: Here, case_id: int) -> Response:
    return _form(here, kept_inspection(here, case_id))


@router.post(PATH)
def decide(here: Here, case_id: int, form: Posted) -> Response:
    """Compared first; what was ticked is taken over after the yes."""
    inspection = kept_inspection(here, case_id)
    try:
        sent = sent_file(here, form)
        seen = preview(sent.name, sent.content)
        revision = compare_document(here.desk, seen, inspection, str(form.get("against", "")))
    except (ReadingError, NotFoundError) as error:
        return _form(here, inspection, str(error))
    if form.get("do") != TAKE:
        return _differences(here, inspection, sent, revision)
    return _taken(here, inspection, sent, revision, form)


def _taken(here: Visit, inspection: Inspection, sent: Sent, revision: Revision, form: FormData) -> Response:
    ticked = {str(one) for one in form.getlist("row")}
    rows = [row for place, row in enumerate(revision.rows) if str(place) in ticked and row.word != "same"]
    try:
        import_revision(here.desk, revision, rows, inspection, here.visitor.actor, here.now)
    except RefusedError as refused:
        return _differences(here, inspection, sent, revision, refused.sentence)
    return here.go("/imports", here.words.say("cli.taken", n=len(rows)))


def _form(here: Visit, inspection: Inspection, error: str = "") -> Response:
    documents = imported_documents(here.desk, inspection)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    shown: dict[str, Any] = {"inspection": inspection, "documents": documents, "error": error, "revision": None}
    return here.page("revision.html.j2", status, **shown)


def _differences(
    here: Visit, inspection: Inspection, sent: Sent, revision: Revision, refused: str = ""
) -> Response:
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    shown = {
        "inspection": inspection,
        "revision": revision,
        "rows": [(place, row) for place, row in enumerate(revision.rows) if row.word != "same"],
        "same": sum(row.word == "same" for row in revision.rows),
        "kept": here.desk.files.put(sent.content),
        "name": sent.name,
        "refused": refused,
    }
    return here.page("revision.html.j2", status, **shown)
