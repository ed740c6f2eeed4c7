"""What a family of workflows brings to the engine: definitions, code by name, tables, roles and message rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from engine.canonical import dumps
from engine.commands import Refusal, Result
from engine.database import PerCase
from engine.definitions import Known, Label
from engine.faults import FaultsError, Reader, whole

if TYPE_CHECKING:
    from engine.cases import CaseState
    from engine.context import Context
    from engine.view import View

# What a waiting line says, by its key: line facts for its template, or None where it is no longer worth telling.
# A line is (key, case_id, template, params as a mapping).
LineRef = tuple[str, int, str, Mapping[str, Any]]
Describe = Callable[["View", Sequence[LineRef]], Mapping[str, Mapping[str, Any] | None]]
Guard = Callable[["Context"], Refusal | None]
Operation = Callable[["Context"], Result]
# The ladder that was chosen for a case in particular; None leaves it to its organisation.
LadderOf = Callable[["View", "CaseState"], str | None]

SYSTEM_ROLE = "system"
REMINDER = "reminder"
# In a rule's `to`: whoever may sign next.
NEXT_SIGNER = "next_signer"
# Likewise, on `KIND.succeed`: whoever follows somebody who leaves, or is asked to name who does.
FOLLOWER = "follower"
# A rule on `*.ACTION` holds for every kind of its family.
EVERY_KIND = "*"
SCOPES = ("organization", "department", "assignment", "above")
LANES = ("digest", "urgent")
# What the door gives when it opens a letter: its form, the step (`ladder.step`) and its label, and two dates.
LETTER_PARAMS = ("form", "step", "grounds", "due_on", "final_on")


def no_choice(_view: View, _case: CaseState) -> str | None:
    """Every case follows its organisation's ladder."""
    return None


@dataclass(frozen=True, slots=True)
class Role:
    """How a role is held. `organization`: by a post there; `above`: by a post in an organisation above;
    `department`: by a post in a department that is assigned to the case as one of `through`;
    `assignment`: by being assigned to the case or to one above it. `falls_to` hears what nobody can hear;
    roles of `last_resort` hear what is left at the end of that line, here or in the organisation above.
    Who is assigned in a role that `counts_as` another has that one too, lent by those who keep it: nobody follows
    in a loan, and history says for whom it was used. `line` is where the role stands in its file."""

    name: str
    label: Label
    scope: str
    through: tuple[str, ...] = ()
    falls_to: str | None = None
    last_resort: bool = False
    counts_as: str | None = None
    line: int | None = field(default=None, compare=False)


# Whoever looks after an installation: the engine's own role, whatever families there are.
ADMINISTRATOR = Role("administrator", {"zh": "系统管理员", "en": "Administrator"}, "organization")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is told what: when `on` (`kind.action`) happens, everybody in `to` gets the message `template`.

    It is worth telling only while the case is in one of `states` (empty: always), and only if the guard `when` has
    nothing against it; `label` says why one gets it. `line` is where the rule stands in its file.
    """

    on: str
    label: Label
    to: tuple[str, ...]
    template: str
    lane: str
    states: tuple[str, ...] = ()
    when: str | None = None
    line: int | None = field(default=None, compare=False)
    _said: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def said(self, role: str) -> str:
        """What a line says of it to who hears it in a role: canonical JSON, always the same."""
        if role not in self._said:
            self._said[role] = dumps({"label": dict(self.label), "role": role})
        return self._said[role]


@dataclass(frozen=True)
class Family:
    """A family of kinds that live together.

    `definitions` maps a file name to its TOML text, `messages` a template's name to its Jinja2 source; `words` is
    the TOML text of its sentences, `reminder` the message that the deadline ladders speak through, `ladder_of` says
    which ladder was chosen for a case, `ladder_rows` what it asks of a root by its kind (`View.row_of`).
    """

    name: str
    definitions: Mapping[str, str]
    roles: Mapping[str, Role]
    rules: tuple[Rule, ...]
    guards: Mapping[str, Guard]
    operations: Mapping[str, Operation]
    messages: Mapping[str, str]
    describe: Describe
    tables: Mapping[str, Table] = field(default_factory=dict)
    words: str = ""
    reminder: str = REMINDER
    ladder_of: LadderOf = no_choice
    ladder_rows: Mapping[str, PerCase] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        return Known(
            roles=frozenset(self.roles) | {SYSTEM_ROLE},
            guards=frozenset(self.guards),
            operations=frozenset(self.operations),
        )


def parse_roles(text: str, where: str) -> Mapping[str, Role]:
    """The roles of a family by name. Raises FaultsError with every fault."""
    top = Reader.of(text, where)
    roles = [_role(row) for row in top.tables("roles")]
    names = {role.name for role in roles}
    assigned = {role.name for role in roles if role.scope == "assignment" and role.counts_as is None}
    for number, role in enumerate(roles):
        if role.name == SYSTEM_ROLE or role.name in [one.name for one in roles[:number]]:
            what = f"there is a role {role.name!r} already"
            top.fault(f"roles[{number}].name", what, "give each its own name")
        if (role.scope == "department") != bool(role.through):
            what = "a role of a department is held through one that is assigned, and no other is"
            top.fault(f"roles[{number}].through", what, "name the assigned departments, or remove it")
        if role.falls_to and role.falls_to not in names:
            top.fault(f"roles[{number}].falls_to", f"unknown role {role.falls_to!r}", "name a role of this file")
        if role.counts_as and role.counts_as not in assigned:
            top.fault(
                f"roles[{number}].counts_as",
                f"{role.counts_as!r} is no role that is assigned",
                "name a role of this file with the scope assignment",
            )
        if role.name in _fallen_to(roles, role):
            top.fault(f"roles[{number}].falls_to", f"{role.name!r} falls to itself in the end", "let the line end")
    top.done()
    if top.faults:
        raise FaultsError(top.faults)
    return {role.name: role for role in roles}


def _fallen_to(roles: Sequence[Role], role: Role) -> set[str]:
    """Every role to which what `role` cannot hear falls in the end."""
    falls_to = {one.name: one.falls_to for one in roles}
    found: set[str] = set()
    name = role.falls_to
    while name is not None and name not in found:
        found.add(name)
        name = falls_to.get(name)
    return found


def parse_rules(text: str, where: str, known: Known, templates: frozenset[str]) -> tuple[Rule, ...]:
    """The message rules of a family. Raises FaultsError with every fault, a missing template among them."""
    top = Reader.of(text, where)
    rules = tuple(_rule(row) for row in top.tables("rules"))
    for number, rule in enumerate(rules):
        if rule.template not in templates:
            top.fault(f"rules[{number}].template", f"no template {rule.template!r}", "add messages/NAME.zh.j2")
        if not rule.to:
            top.fault(f"rules[{number}].to", "nobody is told", "name one or more roles of roles.toml")
        for place, role in enumerate(rule.to):
            if role not in {NEXT_SIGNER, FOLLOWER, *known.roles} - {SYSTEM_ROLE}:
                top.fault(f"rules[{number}].to[{place}]", f"unknown role {role!r}", "name a role of roles.toml")
        if rule.when and rule.when not in known.guards:
            top.fault(f"rules[{number}].when", f"unknown guard {rule.when!r}", "name a guard of the family")
    top.done()
    if top.faults:
        raise FaultsError(top.faults)
    return rules


@whole
def _role(row: Reader) -> Role:
    return Role(
        name=row.text("name"),
        label=row.label("label"),
        scope=row.choice("scope", SCOPES, default="organization"),
        through=row.words("through"),
        falls_to=row.maybe_text("falls_to"),
        last_resort=row.flag("last_resort"),
        counts_as=row.maybe_text("counts_as"),
        line=row.line,
    )


@whole
def _rule(row: Reader) -> Rule:
    return Rule(
        on=row.text("on"),
        label=row.label("label"),
        to=row.words("to"),
        template=row.text("template"),
        lane=row.choice("lane", LANES, default="digest"),
        states=row.words("states"),
        when=row.maybe_text("when"),
        line=row.line,
    )
