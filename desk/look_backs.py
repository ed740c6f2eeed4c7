"""A look-back as its page shows it: the population, the seed, what they give when drawn again, and the reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine import statements as sql
from engine.cases import CaseState
from engine.view import View
from workflows.rectification.sampling import draw

KIND = "look_back_campaign"


@dataclass(frozen=True, slots=True)
class Review:
    """One problem of the sample: its review, `id` None where none was opened with this draw."""

    id: int | None
    problem_id: int
    number: str
    title: str
    state: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """One draw. `again` are the ids that population and seed give when drawn now."""

    id: int
    name: str
    seed: str
    rate_percent: int
    population: Sequence[Mapping[str, Any]]
    sample: Sequence[int]
    again: Sequence[int]
    reviews: tuple[Review, ...]

    @property
    def is_as_drawn(self) -> bool:
        return list(self.again) == list(self.sample)

    @property
    def done(self) -> int:
        return sum(one.state == "concluded" for one in self.reviews)


def campaign_cases(view: View) -> list[CaseState]:
    """All of them, the newest first."""
    return _cases(view, select(sql.cases.c.id).where(sql.cases.c.kind == KIND).order_by(sql.cases.c.id.desc()))


def campaign(view: View, case: CaseState) -> Campaign:
    fields = view.fields(case)
    return Campaign(
        id=case.id,
        name=fields["name"],
        seed=fields["seed"],
        rate_percent=fields["rate_percent"],
        population=fields["population"],
        sample=fields["sample"],
        again=draw(fields["population"], fields["seed"], fields["rate_percent"]),
        reviews=_reviews(view, case, fields["sample"]),
    )


def _reviews(view: View, case: CaseState, sample: Sequence[int]) -> tuple[Review, ...]:
    """In the order of the sample."""
    view.load_read_only(sample)
    opened = {view.root(one).id: one for one in _opened_by(view, case)}
    return tuple(_review(view, view.case(one), opened.get(one)) for one in sample)


def _opened_by(view: View, case: CaseState) -> list[CaseState]:
    """The reviews that name the draw as their cause."""
    history = sql.history.c
    query = select(history.case_id).where(history.action == "open", history.cause.like(f"{case.id}:%"))
    return [one for one in _cases(view, query) if one.kind == "review"]


def _cases(view: View, query: Any) -> list[CaseState]:
    ids = list(view.tx.connection.execute(query).scalars())
    view.load_read_only(ids)
    return [view.case(one) for one in ids]


def _review(view: View, problem: CaseState, review: CaseState | None) -> Review:
    known = view.fields(problem)
    verdict = view.fields(review)["verdict"] if review else None
    return Review(
        id=review.id if review else None,
        problem_id=problem.id,
        number=known["number"] or "",
        title=known["title"],
        state=review.state if review else "",
        verdict=verdict or "",
    )
