"""The bodies below: how each stands, read only, and what was reported for the district's judgement."""

from fastapi import APIRouter
from fastapi.responses import Response

from desk.homes.supervisor import below, standings, supervisor_sections
from web.pages.home import looking_of
from web.visit import Here, not_found

router = APIRouter()


@router.get("/bodies")
def show(here: Here) -> Response:
    if not here.visitor.holds("supervisor"):
        raise not_found()
    with here.look() as tx:
        looking = looking_of(here, tx)
        listed = standings(looking, below(looking))
        sections = [one for one in supervisor_sections(looking) if one.matters]
    return here.page("bodies.html.j2", standings=listed, sections=sections)
