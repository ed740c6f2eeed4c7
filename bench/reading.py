"""T8: the register of one inspection and the counts of one organisation, among all the others."""

from statistics import median

from sqlalchemy import func, select

from bench.advance import Size
from bench.office import FIRST_INSPECTION, FIRST_ORGANIZATION, Office
from bench.timing import seconds
from engine import statements as sql
from engine.database import Tx
from workflows.rectification.register import problem_rows

READS = 50


def register_and_counts(office: Office, _size: Size) -> dict[str, float]:
    """Milliseconds for the 50 problems of an inspection with people and measures, and for the counts by state."""

    def register() -> None:
        with office.database.read() as tx:
            view = office.runtime.view(tx)
            if not problem_rows(view, FIRST_INSPECTION + 2):
                raise RuntimeError("an empty register")

    def counts() -> None:
        with office.database.read() as tx:
            count_by_state(tx, FIRST_ORGANIZATION + 1)

    return {
        "T8": median(seconds(register) for _ in range(READS)) * 1000,
        "T8b": median(seconds(counts) for _ in range(READS)) * 1000,
    }


def count_by_state(tx: Tx, organization_id: int) -> dict[str, int]:
    """The live problems of an organisation by state: the query of a dashboard."""
    cases = sql.cases
    rows = tx.connection.execute(
        select(cases.c.state, func.count())
        .where(cases.c.live == 1, cases.c.organization_id == organization_id, cases.c.kind == "problem")
        .group_by(cases.c.state)
    )
    return {row[0]: row[1] for row in rows}
