"""Makes a notice and keeps it as it is: what went out must not change when the records do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.desk import Desk
from desk.file_evidence import keep
from desk.make_notice import Wording, notice_document
from desk.make_register import Register
from desk.steps import Asking, Step, steps_of
from engine.commands import OPEN, Command, Outcome
from engine.view import View

KIND = "notice"
FORMS = ("to_public", "inside_party")


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice as it was made, with what can be done with it now; `fields` as its kind declares them."""

    id: int
    fields: Mapping[str, Any]
    state: str
    label: Mapping[str, str]
    steps: Sequence[Step]


def keep_notice(desk: Desk, register: Register, wording: Wording, form: str, actor: str, now: int) -> Outcome:
    """Write the notice from the register of today, put it into the store and note it with the figures it gives."""
    content = notice_document(register, wording, inside=form == "inside_party")
    sha256 = keep(desk, f"{wording.title}.docx", content, now)
    counts = register.counts()
    params = {"form": form, "sha256": sha256, "total": counts["total"], "done": counts["done"]}
    command = Command(action=OPEN, kind=KIND, parent_id=register.inspection.id, actor=actor, params=params)
    return desk.commit([command], now)[0]


def kept_notices(desk: Desk, view: View, inspection_id: int, who: Asking) -> list[KeptNotice]:
    """The notices of an inspection, the newest first."""
    cases = view.children(view.case(inspection_id), KIND)
    return [
        KeptNotice(
            case.id,
            view.fields(case),
            case.state,
            view.definition(case).states[case.state].label,
            steps_of(desk, view.tx, case.id, who),
        )
        for case in reversed(cases)
    ]
