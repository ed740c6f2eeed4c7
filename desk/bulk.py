"""One step for many problems: each goes through the door by itself, and each gets its own answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desk.desk import Desk
from engine.commands import Command, Outcome
from engine.definitions import Action, Definition
from workflows.rectification.wording import number_text

# A list that is pressed at once is one transaction a chunk: nobody else waits long for the only writer.
CHUNK = 100
MOST = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one problem: `refused` is the sentence, empty where it was done."""

    case_id: int
    number: str
    title: str
    refused: str


def bulk_actions(definition: Definition, roles: Iterable[str]) -> list[Action]:
    """The steps that ask nothing of the person and belong to one of these roles, in their order."""
    held = set(roles)
    return [
        one
        for one in definition.actions.values()
        if not one.auto and held & set(one.roles) and not any(param.required for param in one.params)
    ]


def take_in_bulk(desk: Desk, action: str, case_ids: Sequence[int], actor: str, now: int) -> list[Answer]:
    """Take a step for each of these problems; one that is refused hinders no other."""
    ids = list(dict.fromkeys(case_ids))[:MOST]
    outcomes: list[Outcome] = []
    for start in range(0, len(ids), CHUNK):
        commands = [Command(action=action, case_id=one, actor=actor) for one in ids[start : start + CHUNK]]
        outcomes += desk.commit(commands, now)
    return _answers(desk, ids, outcomes)


def _answers(desk: Desk, ids: Sequence[int], outcomes: Sequence[Outcome]) -> list[Answer]:
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        view.load_dossiers(ids)
        fields = [view.fields(view.case(one)) for one in ids]
    return [
        Answer(one, number_text(of), of["title"], desk.explain(outcome.refusal) if outcome.refusal else "")
        for one, of, outcome in zip(ids, fields, outcomes, strict=True)
    ]
