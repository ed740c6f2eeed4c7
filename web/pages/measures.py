"""Breaking a problem into measures: a table with a row each, many in one submission, a result for each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk.choosing import people_groups
from desk.steps import current_definition, may_open
from engine.commands import OPEN, Command
from engine.definitions import Action
from web.facts import title_of
from web.forms.fields import Given, field_of
from web.forms.reading import ReadForm, read_form
from web.visit import Here, Posted, Visit

router = APIRouter()
MEASURE = "measure"
ROWS = 8
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was typed: what it says by field, and what is wrong with it."""

    number: int
    given: Given
    refused: str = ""


@router.get("/problems/{case_id}/measures")
def ask(here: Here, case_id: int) -> Response:
    return _form(here, case_id, [Row(number, Given({}, {})) for number in range(ROWS)])


@router.post("/problems/{case_id}/measures")
def add(here: Here, case_id: int, form: Posted) -> Response:
    """Every sound row is opened in one batch; what was refused comes back with its reason, the rest is done."""
    read = [(number, one) for number, one in _rows(here, form) if any(map(any, one.given.values.values()))]
    sound = [(number, one) for number, one in read if one.is_sound]
    outcomes = here.desk.commit([_command(here, case_id, one) for _, one in sound], here.now)
    refused = {
        number: here.explain(outcome.refusal)
        for (number, _), outcome in zip(sound, outcomes, strict=True)
        if outcome.refusal is not None
    }
    left = [Row(n, one.given, refused.get(n, "")) for n, one in read if n in refused or not one.is_sound]
    done = len(sound) - len(refused)
    if left or not read:
        return _form(here, case_id, left or [Row(n, Given({}, {})) for n in range(ROWS)], done=done, empty=not read)
    return here.go(f"/problems/{case_id}", here.words.say("web.measures.added", n=done))


def _command(here: Visit, case_id: int, read: ReadForm) -> Command:
    return Command(action=OPEN, kind=MEASURE, parent_id=case_id, actor=here.visitor.actor, params=read.params)


def _rows(here: Visit, form: FormData) -> list[tuple[int, ReadForm]]:
    """Each row by its number: its fields are called `NAME-NUMBER`."""
    opening = _opening(here)
    count = min(int(str(form.get("rows", "0")) or 0) if str(form.get("rows", "0")).isdecimal() else 0, MOST_ROWS)
    found = []
    for number in range(count):
        fields = [(one.name, value) for one in opening.params for value in form.getlist(f"{one.name}-{number}")]
        found.append((number, read_form(here.words, opening, FormData(fields))))
    return found


def _form(here: Visit, case_id: int, rows: Sequence[Row], *, done: int = 0, empty: bool = False) -> Response:
    opening = _opening(here)
    with here.view() as view:
        case = view.case(case_id)
        closed = may_open(here.desk, view.tx, MEASURE, case_id, here.visitor)
        people = people_groups(view, case.organization_id, here.visitor.day)
        title = title_of(here.words, view, case)
    drawn = [(row, [field_of(here.words, one, people, row.given) for one in opening.params]) for row in rows]
    wrong = any(row.refused or row.given.errors for row in rows) or empty
    status = HTTPStatus.CONFLICT if closed else (HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK)
    return here.page(
        "measures.html.j2",
        status,
        case_id=case_id,
        title=title,
        rows=drawn,
        params=opening.params,
        done=done,
        wrong=wrong,
        empty=empty,
        refused=here.explain(closed) if closed else "",
        due_on=case.due_on,
    )


def _opening(here: Visit) -> Action:
    with here.look() as tx:
        return current_definition(here.desk, tx, MEASURE).opening
