"""Where a person arrives: what waits for them in each of their roles, the most urgent first."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

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
from desk.homes.supervisor import Standing, standings, supervisor_sections
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


class Panel(NamedTuple):
    """An inspection in figures. `ends_on` is the end of its period (ISO); `kept`: the visitor keeps its register,
    `meets`: something waits for the meeting."""

    title: str
    inspection_id: int
    total: int
    done: int
    overdue: int
    ends_on: str | None
    kept: bool
    meets: bool


@router.get("/")
def show(here: Here) -> Response:
    with here.look() as tx:
        looking = looking_of(here, tx)
        sections = in_order(section for home in HOMES for section in home(looking))
        watched = standings(looking, here.visitor.organizations() if here.visitor.holds(*LEADING) else ())
        checked = campaigns(looking)
    keeps = here.visitor.organizations(["coordinator"])
    shown: dict[str, Any] = {
        "sections": sections,
        "standings": watched,
        "panels": panels(watched, keeps, meets=any(one.key == "for_meeting" for one in sections)),
        "campaigns": checked,
        "left_out": looking.left_out,
    }
    return here.page("home.html.j2", keeps=keeps, shortcuts=shortcuts_for(here.visitor), **shown)


def panels(standings: Sequence[Standing], keeps: Iterable[int], *, meets: bool) -> list[Panel]:
    """Of each inspection that has something left, or nothing yet; with the body's name where there are several."""
    named, kept = len({one.listed.organization for one in standings}) > 1, frozenset(keeps)
    return [_panel(one, named, kept, meets) for one in standings if one.figures.left or not one.figures.total]


def _panel(standing: Standing, named: bool, kept: frozenset[int], meets: bool) -> Panel:
    listed, figures = standing.listed, standing.figures
    inspection = listed.inspection
    return Panel(
        f"{listed.organization} · {inspection.name}" if named else inspection.name,
        inspection.id,
        figures.total,
        figures.done,
        figures.overdue,
        listed.ends_on,
        inspection.organization_id in kept,
        meets,
    )


def looking_of(here: Visit, tx: Tx) -> Looking:
    return Looking(here.desk, tx, here.visitor.person_id, here.now, here.visitor.today)


def in_order(sections: Iterable[Section]) -> list[Section]:
    """What is urgent in any role, then the rest role by role; what is empty is left out."""
    found = [one for one in sections if one.matters or one.duties]
    urgent = [one for key in URGENT for one in found if one.key == key]
    return urgent + [one for one in found if one.key not in URGENT]
