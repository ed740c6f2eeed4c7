"""The head's one page for the meeting: on screen, and on one sheet of A4."""

from fastapi import APIRouter
from fastapi.responses import Response

from desk.head_page import head_page
from desk.inspections import chosen_inspection, inspections_of
from desk.make_register import load_register
from web.navigation import LEADING
from web.visit import Here, not_found

router = APIRouter()


@router.get("/meeting-page")
def show(here: Here) -> Response:
    if not here.visitor.holds(*LEADING):
        raise not_found()
    with here.view() as view:
        listed = inspections_of(view, here.visitor.organizations())
        chosen = chosen_inspection(listed, here.request.query_params.get("inspection", ""))
        page = register = None
        if chosen:
            register = load_register(here.desk, chosen.inspection, here.visitor.today)
            page = head_page(view, register)
    return here.page("meeting_page.html.j2", listed=listed, chosen=chosen, shown=page, register=register)
