"""The ways from the page of a case to the forms of what may be opened from it."""

from urllib.parse import urlencode

from desk.openings import Opening, openings_of
from engine.cases import CaseState
from engine.view import View
from web.places import OPENINGS, place_of
from web.visit import Visit


def ways_to_open(here: Visit, view: View, case: CaseState) -> list[tuple[str, str]]:
    """Label and path of each form; what has a page of its own is linked where it belongs."""
    found = openings_of(here.desk, view.tx, case, here.visitor, but=OPENINGS)
    return [(here.words.label(one.definition.opening.label), _path(one, case)) for one in found]


def _path(opening: Opening, case: CaseState) -> str:
    kind = opening.definition.kind
    if opening.param is None:
        return f"/cases/{case.id}/parts/{kind}"
    asked = {"kind": kind, "organization": case.organization_id, opening.param: case.id, "back": place_of(case)}
    return f"/new?{urlencode(asked)}"
