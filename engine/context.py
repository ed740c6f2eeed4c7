"""What a guard and an operation are handed: the case, the command, the time, and a view to look around."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.cases import CaseState
from engine.commands import Command
from engine.definitions import Action, Definition
from engine.view import View


@dataclass(slots=True)
class Context:
    """One attempt. `today` is the local day of the case's organisation (ISO); `now` epoch seconds UTC.

    `signer` answers for it: the command's, or its actor.
    """

    view: View
    definition: Definition
    action: Action
    case: CaseState
    command: Command
    signer: str
    params: Mapping[str, Any]
    now: int
    today: str
    # Whose part the signer plays, where it is somebody else's; a person's id as text.
    behalf: str | None = None

    @property
    def fields(self) -> dict[str, Any]:
        return self.view.fields(self.case)

    @property
    def root(self) -> CaseState:
        return self.view.root(self.case)
