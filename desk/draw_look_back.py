"""A look-back is drawn: the population as it stands, a seed, and the sample anybody can draw again."""

from collections.abc import Sequence

from desk.desk import Desk
from desk.finding import Inspection
from engine.commands import OPEN, Command, Outcome
from workflows.rectification.register import ProblemRow, problem_rows
from workflows.rectification.sampling import draw

RATE_PERCENT = 30


def draw_look_back(
    desk: Desk, inspection: Inspection, name: str, seed: str, actor: str, now: int
) -> Sequence[Outcome]:
    """Freeze the closed problems as population, draw, and open a review of each problem of the sample.

    The first outcome is the campaign's, the others the reviews'. Raises RefusedError.
    """
    with desk.database.read() as tx:
        rows = problem_rows(desk.runtime.view(tx), inspection.id)
    population = [_item(row) for row in rows if row.state == "closed"]
    sample = draw(population, seed, RATE_PERCENT)
    campaign = Command(
        action=OPEN,
        kind="look_back_campaign",
        organization_id=inspection.organization_id,
        actor=actor,
        params={
            "name": name,
            "seed": seed,
            "rate_percent": RATE_PERCENT,
            "population": population,
            "sample": sample,
        },
    )
    taken = [Command(action=OPEN, kind="review", parent_id=one, actor=actor, cause=0) for one in sample]
    return desk.must([campaign, *taken], now)


def _item(row: ProblemRow) -> dict[str, object]:
    return {
        "id": row.id,
        "number": row.fields["number"],
        "key": bool(row.fields["key_problem"]),
        "area": row.fields["area"] or "",
        "lead_department": row.names("lead_department"),
        "lead_official": row.names("lead_official"),
    }
