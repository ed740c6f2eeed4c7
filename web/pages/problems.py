"""The page of a problem: what it is, where it stands, who answers for it, and what can be done now."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.chain_sheet import chain_sheet
from desk.finding import Inspection
from desk.letters import letters_about
from desk.make_register import Register, load_register
from desk.make_slip import printed_slip
from desk.messages_sent import messages_sent
from desk.problem_sheet import ProblemSheet, problem_sheet
from web.downloads import MEDIA, download
from web.openings import ways_to_open
from web.visit import Here, Visit, not_found
from workflows.rectification.reviews import open_reviews
from workflows.rectification.wording import number_text

router = APIRouter()
# The straight way through a life; what lies beside it is shown by its name alone.
PATH = (
    "feedback", "assignment", "immediate_fix", "time_limited_fix", "institutionalization", "close_out", "closed",
)  # fmt: skip
# Of several possible steps the first of these stands out.
PREFERRED = (
    "confirm", "begin", "assign", "accept_results", "decide", "sign", "recognize",
    "pass_look_back", "accept", "submit",
)  # fmt: skip
# What is done once in a while stands in a closed list, so that the way ahead is not lost among it.
RARE = (
    "correct", "mark_long_term", "pause", "change_period", "recompute", "merge", "take_in", "let_go",
    "dispute", "request_raise", "link_relapse", "ask_withholding", "choose_ladder", "relapse",
    "withdraw_signature", "hand_over", "change_department", "delegate",
)  # fmt: skip
RARE_FOR_MEASURES = ("drop", "pause", "change_period", "recompute", "hand_over", "delegate", "reopen", "comment")


@router.get("/problems/{case_id}")
def show(here: Here, case_id: int) -> Response:
    sheet = _sheet(here, case_id)
    with here.view() as view:
        case = view.case(case_id)
        ways, reviews = ways_to_open(here, view, case), [one.id for one in open_reviews(view, case)]
        letters = letters_about(view, case_id, here.visitor.today, here.words)
    groups = {"preferred": PREFERRED, "rare": RARE, "rare_for_measures": RARE_FOR_MEASURES}
    shown = {
        "path_states": PATH,
        "ways": ways,
        "reviews": reviews,
        "letters": letters,
        **groups,
        **_standing(here, sheet),
    }
    return here.page("problem.html.j2", sheet=sheet, **shown)


@router.get("/problems/{case_id}/messages")
def messages(here: Here, case_id: int) -> Response:
    sheet = _sheet(here, case_id)
    with here.view() as view:
        sent = messages_sent(here.words, view, case_id)
    return here.page("problem_messages.html.j2", sheet=sheet, sent=sent)


@router.get("/problems/{case_id}/chain")
def chain(here: Here, case_id: int) -> Response:
    """For auditors: the hashes of the history, and whether it holds."""
    if not here.visitor.holds("auditor"):
        raise not_found()
    sheet = _sheet(here, case_id)
    with here.view() as view:
        found = chain_sheet(here.words, view, case_id)
    return here.page("problem_chain.html.j2", sheet=sheet, chain=found)


@router.get("/problems/{case_id}/slip.docx")
def slip_word(here: Here, case_id: int) -> Response:
    return _slip(here, case_id, ".docx")


@router.get("/problems/{case_id}/slip.pdf")
def slip_pdf(here: Here, case_id: int) -> Response:
    return _slip(here, case_id, ".pdf")


def _slip(here: Visit, case_id: int, suffix: str) -> Response:
    """The close-out slip to be signed by hand, or with the signatures it has."""
    register = _register(here, _sheet(here, case_id))
    content = printed_slip(here.desk, register, register.row(case_id), suffix)
    name = here.words.say("slip.file", number=number_text(register.row(case_id).fields))
    return download(content, f"{name}{suffix}", MEDIA[suffix])


def _sheet(here: Visit, case_id: int) -> ProblemSheet:
    with here.look() as tx:
        try:
            return problem_sheet(here.desk, tx, case_id, here.visitor)
        except LookupError:
            raise not_found() from None


def _standing(here: Visit, sheet: ProblemSheet) -> dict[str, Any]:
    """Where it stands in the register's own words, and whether only signatures are missing."""
    register = _register(here, sheet)
    row = register.row(sheet.case.id)
    late = row.is_overdue(here.visitor.today)
    return {
        "standing": register.where_it_stands(row),
        "is_late": late,
        "waiting": row.is_done or bool(row.work_done_on and not late),
    }


def _register(here: Visit, sheet: ProblemSheet) -> Register:
    inspection = Inspection(sheet.fields["inspection_id"], sheet.case.organization_id, sheet.inspection)
    return load_register(here.desk, inspection, here.visitor.today)
