"""What goes through the door and what comes back: commands in, outcomes out, changes in between."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

OPEN = "open"
ALERT = "alert"
VOID = "void_signatures"
MIGRATE = "migrate"
SUCCEED = "succeed"
SYSTEM = "system:"
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not possible: a stable word, and what the catalogue needs to make the sentence."""

    word: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Command(NamedTuple):
    """One thing somebody wants done to one case.

    `actor` does it: a person's id as text, or `system:…`. `signer` answers for it and defaults to the actor;
    another signer needs `basis`, the SHA-256 of the signed paper. `revision` is what the form was drawn from.
    `cause` names an entry of another dossier as `root:seq`, or, as a number, an earlier command of the batch.
    To open a case: action `open`, `kind`, `organization_id`, and `parent_id` for a part of a dossier.
    """

    action: str
    actor: str
    case_id: int | None = None
    kind: str | None = None
    organization_id: int | None = None
    parent_id: int | None = None
    params: Mapping[str, Any] = NOTHING
    revision: int | None = None
    signer: str | None = None
    basis: str | None = None
    cause: str | int | None = None

    @property
    def responsible(self) -> str:
        return self.signer or self.actor


class Outcome(NamedTuple):
    """What became of a command. `refusal` is None when it was done; `opened` are the ids of new cases."""

    case_id: int | None
    root_id: int | None = None
    seq: int | None = None
    revision: int | None = None
    state: str | None = None
    refusal: Refusal | None = None
    opened: tuple[int, ...] = ()

    @property
    def done(self) -> bool:
        return self.refusal is None

    @property
    def entry(self) -> str:
        """The history entry's address, `root:seq`, for another dossier's `cause`."""
        return f"{self.root_id}:{self.seq}"


class Bearer(NamedTuple):
    """One who is responsible: a person or a department, in a role, from a local day to a local day (ISO)."""

    role: str
    person_id: int | None
    department_id: int | None
    from_on: str
    to_on: str | None = None

    def row(self) -> list[Any]:
        return list(self)

    def holds_on(self, day: str) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: a step of a submission, who, when, and the hash of what was signed."""

    round: int
    submission: int
    step: str
    signer: str
    actor: str
    at: int
    dossier_hash: str
    basis: str | None = None
    voided_at: int | None = None

    def row(self) -> list[Any]:
        return [
            self.round, self.submission, self.step, self.signer, self.actor,
            self.at, self.dossier_hash, self.basis, self.voided_at,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draw:
    """Stands for the next number of a gap-free series; the door puts the number in its place."""

    series: str
    year: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An action on another case that belongs to this one: all are done, or none.

    In another dossier its entry names this one as its cause. With the action `open` it opens a case of `kind`,
    under the case if one is named, else in the same organisation.
    """

    case_id: int | None
    action: str
    params: Mapping[str, Any] = field(default_factory=dict)
    kind: str | None = None


class Result(NamedTuple):
    """What an operation wants: values to set on its case, follow-ups, and what history shall say.

    `behalf` is whose part the signer plays in it, where the operation knows better than the action's roles tell.
    `wakes`: other cases of the organisation may now be alerted otherwise, so all of them are looked at again.
    """

    values: Mapping[str, Any] = NOTHING
    follow_ups: tuple[FollowUp, ...] = ()
    said: Mapping[str, Any] = NOTHING
    behalf: str | None = None
    wakes: bool = False
