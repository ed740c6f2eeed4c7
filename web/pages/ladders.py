"""The alert ladders in words, for who runs the office: what goes out when and to whom, and which one holds."""

from fastapi import APIRouter
from fastapi.responses import Response

from desk.ladders import ladder_names, step_rows
from web.visit import Here, not_found

RUN_BY = ("administrator", "coordinator", "head")
router = APIRouter()


@router.get("/ladders")
def show(here: Here) -> Response:
    if not here.visitor.holds(*RUN_BY):
        raise not_found()
    runtime = here.desk.runtime
    with here.view() as view:
        names = [*ladder_names(view.tx, runtime), *sorted(runtime.registry.own_ladders)]
        ladders = [runtime.editions.ladders(view.tx, name)[0] for name in names]
        chosen = {view.body(one).settings.ladder for one in here.visitor.organizations(RUN_BY)}
    # The one that holds comes first: that is what people come to read.
    ladders.sort(key=lambda one: one.name not in chosen)
    tables = {one.name: step_rows(one, runtime.registry.roles, here.words) for one in ladders}
    return here.page("ladders.html.j2", ladders=ladders, tables=tables, chosen=chosen)
