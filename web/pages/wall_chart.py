"""The wall chart: on a page, on a screen on the wall that turns its own sheets, and as a PDF to print."""

from fastapi import APIRouter
from fastapi.responses import Response

from desk.inspections import Listed, chosen_inspection, inspections_of
from desk.make_register import load_register
from desk.make_wall_chart import wall_chart
from documents.wall_chart import WallChart, wall_chart_svg
from documents.wall_chart_pdf import PAPERS, Paper, wall_chart_pdf
from engine.seal import seal
from web.downloads import MEDIA, download
from web.visit import Here, Visit, not_found

router = APIRouter()
# Long enough to read a sheet from three metres away.
SECONDS_A_SHEET = 20


@router.get("/wall-chart")
def show(here: Here) -> Response:
    listed, chosen = _chosen(here)
    sheets = wall_chart_svg(_chart(here, chosen)) if chosen else ()
    return here.page("wall_chart.html.j2", listed=listed, chosen=chosen, sheets=sheets, papers=list(PAPERS))


@router.get("/wall-chart/screen")
def screen(here: Here) -> Response:
    """One sheet and nothing else; the browser asks for the next one by itself, without any script."""
    _, chosen = _chosen(here)
    if chosen is None:
        raise not_found()
    sheets = wall_chart_svg(_chart(here, chosen))
    place = _place(here, len(sheets))
    following = f"/wall-chart/screen?inspection={chosen.inspection.id}&sheet={place % len(sheets) + 1}"
    return here.page("wall_screen.html.j2", sheet=sheets[place - 1], following=following, seconds=SECONDS_A_SHEET)


@router.get("/wall-chart.pdf")
def pdf(here: Here) -> Response:
    paper: Paper = "a1" if here.request.query_params.get("paper") == "a1" else "a3"
    _, chosen = _chosen(here)
    if chosen is None:
        raise not_found()
    chart = _chart(here, chosen)
    return download(wall_chart_pdf(chart, paper), f"{chart.title}{here.visitor.day}.pdf", MEDIA[".pdf"])


def _chosen(here: Visit) -> tuple[list[Listed], Listed | None]:
    with here.view() as view:
        listed = inspections_of(view, here.visitor.organizations())
    return listed, chosen_inspection(listed, here.request.query_params.get("inspection", ""))


def _chart(here: Visit, chosen: Listed) -> WallChart:
    with here.look() as tx:
        code = seal(tx, here.now)
    return wall_chart(load_register(here.desk, chosen.inspection, here.visitor.today), code)


def _place(here: Visit, how_many: int) -> int:
    """The sheet that is asked for, counted from 1; the first where there is none of that number."""
    asked = here.request.query_params.get("sheet", "")
    return int(asked) if asked.isdecimal() and 1 <= int(asked) <= how_many else 1
