"""What will be sent in the coming days if nobody acts: one's own, or the whole office's for who runs it."""

from datetime import timedelta

from fastapi import APIRouter, Query
from fastapi.responses import Response

from desk.forecast import Forecast, forecast, of_organizations, only
from desk.outlook import outlook
from engine.view import View
from engine.working_days import start_of
from web.visit import Here, Visit

OFFICE = ("coordinator", "head", "administrator")
LONGEST = 120

router = APIRouter()


@router.get("/forecast")
def show(here: Here, days: int = Query(30, ge=1, le=LONGEST)) -> Response:
    with here.view() as view:
        until = start_of(here.visitor.today + timedelta(days=days + 1), here.visitor.zone) - 1
        found = forecast(view.tx, here.desk.runtime, here.site.delivery(view.tx), here.now, until)
        coming = list(outlook(here.words, view, _theirs(here, view, found)))
    return here.page("forecast.html.j2", coming=coming, days=days, spans=(7, 30, 90))


def _theirs(here: Visit, view: View, found: Forecast) -> Forecast:
    run = here.visitor.organizations(OFFICE)
    return of_organizations(view, found, run) if run else only(found, here.visitor.person_id)
