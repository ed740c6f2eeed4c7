"""Evidence: filed by a form, shown where the browser can show it safely, downloaded otherwise."""

from dataclasses import replace
from http import HTTPStatus
from pathlib import PurePath
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.datastructures import FormData

from desk.file_evidence import file_kept
from desk.steps import current_definition, may_open
from documents.attachments import BINARY, FORMATS
from engine.commands import Refusal
from web.facts import title_of
from web.forms.fields import Given, field_of
from web.forms.reading import ReadForm, read_form
from web.places import place_of
from web.uploads import RefusedFileError, keep_upload, uploaded
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
# What the form asks for; the rest is known from the file.
ASKED = ("title", "about_on")


@router.get("/cases/{case_id}/evidence")
def ask(here: Here, case_id: int) -> Response:
    return _form(here, case_id, Given({}, {}))


@router.post("/cases/{case_id}/evidence")
def file(here: Here, case_id: int, form: Posted) -> Response:
    """Kept first, then recorded: 303 when it is filed, 422 or 409 with what was typed."""
    read = _read(here, form)
    upload = uploaded(form, "file")
    if upload is None:
        return _form(here, case_id, read.given, error=here.words.say("web.evidence.no_file"))
    try:
        sha256 = keep_upload(here, upload)
    except RefusedFileError as refused:
        return _form(here, case_id, read.given, error=str(refused))
    name = PurePath(upload.filename or "").name
    params = {"title": PurePath(name).stem, **read.params, "sha256": sha256, "file_name": name}
    outcome = file_kept(here.desk, case_id, params, here.visitor.actor, here.now)
    if outcome.refusal is not None:
        return _form(here, case_id, read.given, refused=outcome.refusal)
    return here.go(_place(here, case_id), here.words.say("web.evidence.filed", name=params["title"]))


@router.get("/cases/{case_id}/file")
def download(here: Here, case_id: int, show: bool = False) -> Response:
    """The bytes of a piece of evidence; `show` inline where its format is harmless in a browser."""
    with here.view() as view:
        case = view.case(case_id)
        fields = view.fields(case) if case.kind == "evidence" else {}
    path = here.desk.files.path(fields["sha256"]) if fields else None
    if path is None or not path.exists():
        raise not_found()
    found = FORMATS.get(PurePath(fields["file_name"]).suffix.lower())
    inline = show and found is not None and found.inline
    how = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(fields['file_name'], safe='')}"}
    # Whatever a file holds, it runs no script and loads nothing.
    headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    return FileResponse(path, headers=headers, media_type=found.content_type if inline and found else BINARY)


def _read(here: Visit, form: FormData) -> ReadForm:
    """The title may be left out: the file's name will do."""
    with here.look() as tx:
        opening = current_definition(here.desk, tx, "evidence").opening
    asked = tuple(replace(one, required=False) for one in opening.params if one.name in ASKED)
    return read_form(here.words, replace(opening, params=asked), form)


def _form(here: Visit, case_id: int, given: Given, error: str = "", refused: Refusal | None = None) -> Response:
    with here.view() as view:
        case = view.case(case_id)
        closed = may_open(here.desk, view.tx, "evidence", case_id, here.visitor)
        opening = current_definition(here.desk, view.tx, "evidence").opening
        params = [one for one in opening.params if one.name in ASKED]
        fields = [field_of(here.words, replace(one, required=False), (), given) for one in params]
        title, place = title_of(here.words, view, case), place_of(case)
    refusal = refused or closed
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else (HTTPStatus.CONFLICT if refusal else HTTPStatus.OK)
    return here.page(
        "evidence_form.html.j2",
        status,
        case_id=case_id,
        title=title,
        place=place,
        fields=fields,
        error=error,
        refused=here.explain(refusal) if refusal else "",
        formats=sorted(FORMATS),
        most=here.site.settings.upload_megabytes,
    )


def _place(here: Visit, case_id: int) -> str:
    with here.view() as view:
        return place_of(view.case(case_id))
