"""Where a person arrives: what waits for them in each of their roles, the most urgent first."""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.homes.auditor import auditor_sections, campaigns
from desk.homes.coordinator import coordinator_sections
from desk.homes.department import department_sections
from desk.homes.duties import duty_sections
from desk.homes.letters import letter_sections
from desk.homes.looking import Looking
from desk.homes.matter import Section
from desk.homes.officer import officer_sections
from desk.homes.official import head_sections, official_sections
from desk.homes.supervisor import standings, supervisor_sections
from engine.database import Tx
from web.navigation import LEADING
from web.shortcuts import shortcuts_for
from web.visit import Here, Visit

router = APIRouter()
# Whose decision others wait for comes first; then one's own work, then what one only watches over.
HOMES: tuple[Callable[[Looking], list[Section]], ...] = (
    head_sections, official_sections, department_sections, letter_sections, officer_sections, duty_sections,
    coordinator_sections, auditor_sections, supervisor_sections,
)  # fmt: skip
URGENT = (
    "returned", "overdue", "head_decide", "lead_decide", "letters", "to_accept", "to_sign", "to_recognize",
    "soon",
    "head_late", "lead_late", "our_overdue",
)  # fmt: skip


@router.get("/")
def show(here: Here) -> Response:
    with here.look() as tx:
        looking = looking_of(here, tx)
        sections = in_order(section for home in HOMES for section in home(looking))
        watched = standings(looking, here.visitor.organizations() if here.visitor.holds(*LEADING) else ())
        checked = campaigns(looking)
    shown: dict[str, Any] = {
        "sections": sections,
        "standings": watched,
        "campaigns": checked,
        "left_out": looking.left_out,
    }
    keeps = here.visitor.organizations(["coordinator"])
    return here.page("home.html.j2", keeps=keeps, shortcuts=shortcuts_for(here.visitor), **shown)


def looking_of(here: Visit, tx: Tx) -> Looking:
    return Looking(here.desk, tx, here.visitor.person_id, here.now, here.visitor.today)


def in_order(sections: Iterable[Section]) -> list[Section]:
    """What is urgent in any role, then the rest role by role; what is empty is left out."""
    found = [one for one in sections if one.matters or one.duties]
    urgent = [one for key in URGENT for one in found if one.key == key]
    return urgent + [one for one in found if one.key not in URGENT]
