"""Why something was or was not sent to somebody about a problem on a day."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response

from desk.concerned import concerned
from desk.explanation import explain_answer
from desk.why import Question, basis_sentence, why
from web.visit import Here, Visit, not_found

# Whoever answers for the office's messages may ask for others; everybody may ask for themselves.
ASKERS = ("coordinator", "head", "administrator", "auditor", "discipline")

router = APIRouter()


@router.get("/problems/{case_id}/why")
def show(here: Here, case_id: int, person: str = "", day: str = "") -> Response:
    people = _people(here, case_id)
    asked = person if person.isdecimal() else str(here.visitor.person_id)
    if asked not in people:
        raise not_found()
    on = _day(day) or here.visitor.today
    told, basis = _answered(here, Question(int(asked), case_id, on))
    wrong = bool(day) and _day(day) is None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    context = {"case_id": case_id, "people": people, "asked": asked, "day": on.isoformat(), "wrong": wrong}
    return here.page("why.html.j2", status, told=told, basis=basis, **context)


def _answered(here: Visit, question: Question) -> tuple[list[object], str]:
    answer = why(here.desk, question, here.now)
    with here.look() as tx:
        told: list[object] = list(explain_answer(here.desk, tx, question, answer))
    return told, basis_sentence(here.words, answer.basis)


def _people(here: Visit, case_id: int) -> dict[str, str]:
    """Whom one may ask about, in rank order: everybody who has to do with the problem, or only oneself."""
    me = {str(here.visitor.person_id): here.visitor.name}
    if not here.visitor.holds(*ASKERS):
        return me
    with here.view() as view:
        if view.case(case_id).kind != "problem":
            raise not_found()
        return {str(one.person_id): one.name for one in concerned(view, case_id, here.visitor.day)} | me


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
