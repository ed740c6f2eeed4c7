"""Workflows as data: what a definition says of a kind, its states, its actions and its sign-off."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.asks import Asks
from engine.commands import OPEN

SAME = "="
# Where an action leads to the state that the case was in before its present one.
BACK = "<"
FIELD_TYPES = (
    "text", "date", "int", "bool", "person", "department", "case", "people", "departments", "cases", "list",
)  # fmt: skip
Label = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field of a kind. `signed` ones are what a signature is bound to."""

    name: str
    type: str
    label: Label
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """What an action asks for; `choices` limit a text, a `long` one has paragraphs, `help` tells how to fill it.

    A case may be asked for `of` a kind: forms then offer those of the organisation, else the parts of the case.
    """

    name: str
    type: str
    label: Label
    required: bool = True
    choices: tuple[str, ...] = ()
    long: bool = False
    help: Label | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A place in a life. Resting places may be left again; `signing` is where the sign-off happens.

    `quiet_for` are the roles whom the deadline no longer concerns here: they have done their part.
    """

    name: str
    label: Label
    held_by: tuple[str, ...]
    live: bool = True
    resting: bool = False
    signing: bool = False
    quiet_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A step somebody may take. `work` marks what bars its doer from signing; `paper` may be recorded for
    another with a scan; `auto` ones are tried by the door itself; `next_round` begins a new round.
    Of the parameters named in `either` exactly one is to be given."""

    name: str
    label: Label
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    guards: tuple[str, ...] = ()
    operation: str | None = None
    params: tuple[Param, ...] = ()
    work: bool = False
    paper: bool = False
    auto: bool = False
    next_round: bool = False
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignStep:
    """One signature of the sign-off: the role, and who stands in when all of that role are recused.

    Steps of one `group` are signed in any order, all of them before the next group. An `optional` one is asked for
    only where the organisation wants it. When nobody can sign, the `deciders` must say who does.
    """

    name: str
    label: Label
    role: str
    alternates: tuple[str, ...] = ()
    group: str = ""
    optional: bool = False
    deciders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """One edition of a kind's state machine, checked. `hash` is of its text.

    `wakes_on` names a date field: on that local day the automatic actions are tried, though nobody does anything.
    `absorbs` names a field of cases: who worked on their dossiers has worked on this one.
    `seen_by` are the roles that may look at its cases; empty: everybody of the organisation and those above.
    `ladder` is what its deadlines follow, whatever the office has chosen for the others; `letter` the kind that is
    opened under a root of this kind when a step of a ladder asks for an answer in writing. `pause_ladder` is what a
    pause follows while it lasts, counted from its first day; without one a pause is silent for good.
    """

    kind: str
    label: Label
    initial: str
    table: str | None
    parents: tuple[str, ...]
    alert_roles: tuple[str, ...]
    recorders: tuple[str, ...]
    wakes_on: str | None
    states: Mapping[str, State]
    opening: Action
    actions: Mapping[str, Action]
    fields: Mapping[str, Field]
    sign_off: tuple[SignStep, ...] = ()
    seen_by: tuple[str, ...] = ()
    ladder: str | None = None
    letter: str | None = None
    pause_ladder: str | None = None
    absorbs: str | None = None
    auto_actions: tuple[Action, ...] = field(default=())
    signed_fields: tuple[str, ...] = field(default=())

    def action(self, name: str) -> Action | None:
        return self.opening if name == OPEN else self.actions.get(name)


@dataclass(frozen=True, slots=True)
class Known:
    """The words a definition may use: what the family's code and its role file offer.

    `asks` says what a guard or an operation cannot do without.
    """

    roles: frozenset[str]
    guards: frozenset[str]
    operations: frozenset[str]
    asks: Mapping[str, Asks] = field(default_factory=dict)
