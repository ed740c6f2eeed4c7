"""An auditor's question: which problems of the look-back are still to be checked."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from desk.homes.looking import Looking
from desk.homes.matter import Matter, Section, section
from engine import statements as sql
from engine.canonical import loads
from engine.cases import CaseState
from engine.database import Statement, among
from workflows.rectification.reviews import open_reviews

ROLE = "auditor"
VERDICTS = ("pass_look_back", "find_relapse")
# Only the newest look-backs can still have something open; older ones are in the register.
MOST_CAMPAIGNS = 20
_CASE = sql.cases.c
GET_CAMPAIGNS = Statement(
    select(_CASE.id, _CASE.data)
    .where(_CASE.kind == "look_back_campaign", among(_CASE.organization_id))
    .order_by(_CASE.id.desc())
    .limit(MOST_CAMPAIGNS)
)
GET_IN_LOOK_BACK = Statement(select(_CASE.id).where(among(_CASE.id), _CASE.state == "look_back"))


@dataclass(frozen=True, slots=True)
class Campaign:
    """One look-back: how many of its sample have their verdict."""

    id: int
    name: str
    sample: tuple[int, ...]
    left: int

    @property
    def checked(self) -> int:
        return len(self.sample) - self.left


def auditor_sections(looking: Looking) -> list[Section]:
    """What the person may check; what they handled or signed themselves says that they must step aside."""
    open_ones = {one for campaign in campaigns(looking) for one in campaign.sample}
    problems = [one for one in looking.problems(open_ones) if one.state == "look_back"]
    return [section("to_check", [_to_check(looking, one) for one in problems])] if looking.places(ROLE) else []


def _to_check(looking: Looking, problem: CaseState) -> Matter:
    """The problem with its verdicts; where a check sheet is open, that takes looks and verdict alike."""
    sheet = next(iter(open_reviews(looking.view, problem)), None)
    if sheet is None:
        return looking.matter(problem, (), *VERDICTS)
    look = "begin" if sheet.state == "drawn" else "note"
    fill = looking.words.say("home.fill_check_sheet")
    buttons = tuple(replace(one, label=fill, on_page=True) for one in looking.buttons(sheet, look))
    text = looking.words.say("home.sheet", state=looking.standing(sheet))
    refused = None if buttons else looking.refusal(sheet, look)
    blocked = looking.words.refusal(refused) if refused else ""
    matter = replace(looking.matter(problem), case_id=sheet.id, kind=sheet.kind, text=text)
    return replace(matter, buttons=buttons, blocked=blocked)


def campaigns(looking: Looking) -> list[Campaign]:
    """The newest look-backs of the organisations where the person is an auditor, newest first."""
    places = looking.places(ROLE)
    if not places:
        return []
    rows = looking.tx.run(GET_CAMPAIGNS, {"ids": looking.tx.many(places)})
    read = [(row[0], loads(row[1])) for row in rows]
    open_ones = _in_look_back(looking, {one for _, data in read for one in data["sample"]})
    found = []
    for case_id, data in read:
        found.append(Campaign(case_id, data["name"], tuple(data["sample"]), len(open_ones & set(data["sample"]))))
        # Drawn again, a problem is looked at by the newest look-back alone: the older one has its verdict.
        open_ones -= set(data["sample"])
    return found


def _in_look_back(looking: Looking, ids: set[int]) -> set[int]:
    return {row[0] for row in looking.tx.run(GET_IN_LOOK_BACK, {"ids": looking.tx.many(ids)})}
