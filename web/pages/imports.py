"""Workbooks come in on the page: a register with its preview and its faults, an office's lists of people."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk.desk import RefusedError
from desk.finding import Inspection, inspections
from desk.import_people import import_people, preview_people
from desk.import_register import (
    RegisterPreview,
    import_register,
    preview_register,
    remember_names,
    words_for_columns,
)
from desk.own_names import OwnNames
from documents.reading import ReadingError
from web.sent import KEEPERS, kept_inspection, sent_file
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
OFFICE_KEEPERS = ("administrator",)
SHOWN = 100  # problems of a preview
MAPPED = "map:"  # a field that says what a column is, by the column's name
IMPORT = "import"


@router.get("/imports")
def list_all(here: Here) -> Response:
    """Where the visitor may bring something in."""
    kept = here.visitor.organizations(KEEPERS)
    with here.look() as tx:
        found = [one for one in inspections(tx) if one.organization_id in kept]
    return here.page("imports.html.j2", inspections=found, people=here.visitor.holds(*OFFICE_KEEPERS))


@router.get("/inspections/{case_id}/register-import")
def ask(here: Here, case_id: int) -> Response:
    return _register_page(here, kept_inspection(here, case_id))


@router.post("/inspections/{case_id}/register-import")
def bring_in(here: Here, case_id: int, form: Posted) -> Response:
    """Previewed first; imported once it was seen and has no faults."""
    inspection = kept_inspection(here, case_id)
    try:
        sent, said = sent_file(here, form), _said(form)
        seen = preview_register(here.desk, inspection, (sent.name, sent.content), here.now, said)
    except ReadingError as error:
        return _register_page(here, inspection, error=error.message)
    if form.get("do") != IMPORT or seen.faults:
        return _register_page(here, inspection, seen, said.columns)
    return _imported(here, inspection, seen, said)


def _imported(here: Visit, inspection: Inspection, seen: RegisterPreview, said: OwnNames) -> Response:
    try:
        import_register(here.desk, seen, inspection, here.visitor.actor, here.now)
    except RefusedError as refused:
        return _register_page(here, inspection, error=refused.sentence, status=HTTPStatus.CONFLICT)
    if said.columns:
        remember_names(here.desk, inspection, said)
    figures = {"n": seen.new, "assigned": seen.assigned, "measures": seen.measures}
    return here.go("/imports", here.words.say("web.imports.done", **figures))


def _register_page(
    here: Visit,
    inspection: Inspection,
    seen: RegisterPreview | None = None,
    mapped: Mapping[str, str] | None = None,
    error: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    wrong = error or (seen is not None and seen.faults)
    if wrong and status == HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    shown = {
        "inspection": inspection,
        "seen": seen,
        "kept": here.desk.files.put(seen.content) if seen else "",
        "tasks": seen.tasks[:SHOWN] if seen else (),
        "columns": words_for_columns(here.words),
        "mapped": mapped or {},
        "prefix": MAPPED,
    }
    return here.page("register_import.html.j2", status, error=error, **shown)


@router.get("/imports/people")
def ask_people(here: Here) -> Response:
    _check_keeps_office(here)
    return here.page("people_import.html.j2", seen=None, kept="", error="", name="")


@router.post("/imports/people")
def bring_people_in(here: Here, form: Posted) -> Response:
    """A result for each row; written once it was seen and has no faults."""
    _check_keeps_office(here)
    try:
        sent = sent_file(here, form)
        seen = preview_people(here.desk, (sent.name, sent.content), here.visitor.organization)
    except ReadingError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return here.page("people_import.html.j2", status, seen=None, kept="", error=error.message, name="")
    if form.get("do") == IMPORT and not seen.faults:
        import_people(here.desk, seen, here.visitor.day)
        return here.go("/imports", here.words.say("web.imports.people_done", n=seen.count("people")))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if seen.faults else HTTPStatus.OK
    kept = here.desk.files.put(sent.content)
    return here.page("people_import.html.j2", status, seen=seen, kept=kept, error="", name=sent.name)


def _check_keeps_office(here: Visit) -> None:
    if not here.visitor.holds(*OFFICE_KEEPERS):
        raise not_found()


def _said(form: FormData) -> OwnNames:
    """What was said of the columns nobody knew."""
    fields = ((str(key), str(value)) for key, value in form.multi_items())
    return OwnNames({key.removeprefix(MAPPED): value for key, value in fields if key.startswith(MAPPED) and value})
