"""The notices of an inspection: made from the records of the day, kept as they were, recorded when they are out."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from desk.file_evidence import file_name_of
from desk.finding import Inspection
from desk.keep_notice import FORMS, KIND, keep_notice, kept_notices
from desk.make_notice import WordingError, wording_of
from desk.make_register import load_register
from desk.steps import current_definition, may_open
from documents.attachments import BINARY
from web.downloads import attached
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
PATH = "/inspections/{case_id}/notices"


@router.get(PATH)
def list_(here: Here, case_id: int) -> Response:
    return _page(here, case_id)


@router.post(PATH)
def make(here: Here, case_id: int, form: Posted) -> Response:
    """409 with the reason where the office's own wording cannot be used, or the door refuses."""
    wanted = str(form.get("form", ""))
    if wanted not in FORMS:
        raise not_found()
    inspection, key = _inspection(here, case_id)
    register = load_register(here.desk, inspection, here.visitor.today)
    try:
        wording = wording_of(register, here.site.wordings / f"{key}.toml")
    except WordingError as error:
        return _page(here, case_id, str(error))
    outcome = keep_notice(here.desk, register, wording, wanted, here.visitor.actor, here.now)
    if outcome.refusal is not None:
        return _page(here, case_id, here.explain(outcome.refusal))
    return here.go(PATH.format(case_id=case_id), here.words.say("web.notices.made"))


@router.get("/notices/{case_id}/file")
def file(here: Here, case_id: int) -> Response:
    """The document as it was made, as an attachment."""
    with here.view() as view:
        case = view.case(case_id)
        if case.kind != KIND:
            raise not_found()
        sha256 = view.fields(case)["sha256"]
        name = file_name_of(view.tx, sha256)
    path = here.desk.files.path(sha256)
    if not path.exists():
        raise not_found()
    return FileResponse(path, headers=attached(name), media_type=BINARY)


def _page(here: Visit, case_id: int, refused: str = "") -> Response:
    inspection, _ = _inspection(here, case_id)
    with here.view() as view:
        notices = kept_notices(here.desk, view, case_id, here.visitor)
        makes = may_open(here.desk, view.tx, KIND, case_id, here.visitor) is None
        definition = current_definition(here.desk, view.tx, KIND)
    return here.page(
        "notices.html.j2",
        HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        inspection=inspection,
        notices=notices,
        makes=makes,
        forms=FORMS,
        refused=refused,
        definition=definition,
    )


def _inspection(here: Visit, case_id: int) -> tuple[Inspection, str]:
    """The inspection and the key of its body."""
    with here.view() as view:
        case = view.case(case_id)
        if case.kind != "inspection":
            raise not_found()
        name, key = view.fields(case)["name"], view.body(case.organization_id).key
        return Inspection(case_id, case.organization_id, name), key
