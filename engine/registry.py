"""All families put together: which kind keeps its fields where, and what the names in definitions mean."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from sqlalchemy import Table

from engine.asks import asks_of
from engine.commands import SUCCEED, VOID
from engine.definition_checks import numbered
from engine.definition_files import parse
from engine.definitions import Definition, Known
from engine.faults import Fault, FaultsError, line_of
from engine.fields import FieldStore
from engine.kinds import (
    ADMINISTRATOR,
    EVERY_KIND,
    FOLLOWER,
    LETTER_PARAMS,
    SYSTEM_ROLE,
    Family,
    Guard,
    Operation,
    Role,
    Rule,
)
from engine.ladder_files import Audience


class Registry:
    """Built once at the start. Raises FaultsError when a family does not fit."""

    def __init__(self, families: Iterable[Family]) -> None:
        self.families = tuple(families)
        self.roles: dict[str, Role] = {ADMINISTRATOR.name: ADMINISTRATOR}
        self.guards: dict[str, Guard] = {}
        self.operations: dict[str, Operation] = {}
        self.messages: dict[str, str] = {}
        self.tables: dict[str, Table] = {}
        self._stores: dict[tuple[str, str], FieldStore] = {}
        self.rules: dict[str, list[Rule]] = {}
        for family in self.families:
            self._add(family)
        self.ladder_rows = {kind: row for family in self.families for kind, row in family.ladder_rows.items()}
        # Of the roles that are lent, which one they count as.
        self.loans = {role.name: role.counts_as for role in self.roles.values() if role.counts_as}
        self.workflows: dict[str, str] = {}
        self.family_of: dict[str, Family] = {}
        self.definitions: dict[str, Definition] = {}
        self._parse_families()

    @property
    def known(self) -> Known:
        return Known(
            roles=frozenset(self.roles) | {"system"},
            guards=frozenset(self.guards),
            operations=frozenset(self.operations),
            asks=asks_of({**self.guards, **self.operations}),
        )

    @property
    def letters(self) -> frozenset[str]:
        """The kinds that another kind's definition names as its letter."""
        return frozenset(one.letter for one in self.definitions.values() if one.letter)

    @property
    def own_ladders(self) -> frozenset[str]:
        """Those that kinds bring along: nobody chooses them."""
        brought = ((one.ladder, one.pause_ladder) for one in self.definitions.values())
        return frozenset(name for names in brought for name in names if name)

    def audience(self, ladder: str) -> Audience:
        """Whom a ladder reaches: through the kinds that bring it along, or else all that follow a chosen one.

        A ladder of pauses reaches whom it names: those who wait are not the ones to remember.
        """
        if any(one.pause_ladder == ladder for one in self.definitions.values()):
            return Audience(frozenset(self.roles))
        own = ladder if ladder in self.own_ladders else None
        served = [one for one in self.definitions.values() if one.alert_roles and one.ladder == own]
        return Audience(
            roles=frozenset(self.roles),
            kinds=tuple(one.kind for one in served),
            heard=frozenset(role for one in served for role in one.alert_roles),
            states=frozenset(state for one in served for state in one.states),
        )

    def parse(self, text: str, where: str) -> Definition:
        return parse(text, where, self.known)

    def parse_stored(self, text: str, where: str) -> Definition:
        """An edition that was in force once. Raises FaultsError for what this program no longer has."""
        definition = self.parse(text, where)
        if definition.kind not in self.family_of:
            message = f"the program has no kind {definition.kind!r}"
            raise FaultsError([Fault(where, "kind", 1, message, "bring its family back")])
        if fault := self._store_fault(definition, where, text):
            raise FaultsError([fault])
        return definition

    def store(self, definition: Definition) -> FieldStore | None:
        """The kind's own table, or None when its fields lie in `data`."""
        if definition.table is None:
            return None
        key = (definition.table, ",".join(definition.fields))
        if key not in self._stores:
            self._stores[key] = FieldStore(self.tables[definition.table], definition)
        return self._stores[key]

    def told(self, kind: str, action: str) -> Iterable[Rule]:
        return self.rules.get(f"{kind}.{action}", ())

    def rules_of(self, template: str) -> list[Rule]:
        return [rule for rules in self.rules.values() for rule in rules if rule.template == template]

    def _add(self, family: Family) -> None:
        _merge(self.roles, family.roles, "role", family)
        _merge(self.guards, family.guards, "guard", family)
        _merge(self.operations, family.operations, "operation", family)
        _merge(self.tables, family.tables, "table", family)
        _merge(self.messages, family.messages, "message", family)

    def _parse_families(self) -> None:
        """Every broken definition is named at once: who mends one file must not find the next only then."""
        faults: list[Fault] = []
        for family in self.families:
            faults += _role_faults(family, self.roles)
            try:
                self._parse_all(family)
            except FaultsError as error:
                faults += error.faults
        # A part may belong to a kind of another family: with one of them broken nobody knows.
        if faults := faults or list(_parent_faults(self.family_of, self.definitions)):
            raise FaultsError(faults)

    def _parse_all(self, family: Family) -> None:
        definitions: dict[str, Definition] = {}
        faults: list[Fault] = []
        for where, text in family.definitions.items():
            try:
                definition = self.parse(text, where)
            except FaultsError as error:
                faults += error.faults
                continue
            found = self._add_kind(family, definition, where)
            faults += [found] if found else []
            definitions[definition.kind] = definition
        # With a definition missing, every rule on it would be called a fault of its own.
        faults = faults or [
            *_rule_faults(family, definitions),
            *_reminder_faults(family, definitions),
            *_asked_kind_faults(family, definitions),
            *_letter_faults(family, definitions),
            *_succession_faults(family, definitions),
        ]
        if faults:
            raise FaultsError(faults)
        for rule in family.rules:
            for kind in _kinds_of(rule, definitions):
                on = f"{kind}.{_split(rule)[1]}"
                self.rules.setdefault(on, []).append(replace(rule, on=on))

    def _add_kind(self, family: Family, definition: Definition, where: str) -> Fault | None:
        """Take a kind in, or say why its place is not free or its fields have none."""
        kind = definition.kind
        if kind in self.workflows:
            line = line_of(family.definitions[where], "kind")
            return Fault(where, "kind", line, f"the kind {kind!r} has a definition already", "choose another name")
        if fault := self._store_fault(definition, where, family.definitions[where]):
            return fault
        self.workflows[kind] = family.definitions[where]
        self.family_of[kind] = family
        self.definitions[kind] = definition
        return None

    def _store_fault(self, definition: Definition, where: str, text: str) -> Fault | None:
        """Why the fields of a kind have no place, if they have none."""
        if definition.table is not None and definition.table not in self.tables:
            message = f"no table {definition.table!r}"
            return Fault(where, "table", line_of(text, "table"), message, "add it to the family's tables")
        try:
            self.store(definition)
        except ValueError as error:
            return Fault(where, "fields", line_of(text, "fields"), str(error), "add the column with a migration")
        return None


def _role_faults(family: Family, roles: Mapping[str, Role]) -> Iterator[Fault]:
    """One may be held through a role of another family, but nobody through what is never assigned."""
    for number, role in enumerate(family.roles.values()):
        for place, through in enumerate(role.through):
            if through not in roles or roles[through].scope != "assignment":
                where, path = f"{family.name}/roles.toml", f"roles[{number}].through[{place}]"
                message = f"{through!r} is no role that is assigned"
                yield Fault(where, path, role.line, message, "name one with the scope assignment")


def _split(rule: Rule) -> tuple[str, str]:
    """The kind and the action that a rule is on."""
    kind, _, action = rule.on.partition(".")
    return kind, action


def _kinds_of(rule: Rule, definitions: Mapping[str, Definition]) -> list[str]:
    """The kinds of the family that a rule is about, so far as they know its action."""
    kind, action = _split(rule)
    asked = [one for one in definitions.values() if kind in (one.kind, EVERY_KIND)]
    return [one.kind for one in asked if one.action(action) is not None or action in (SUCCEED, VOID)]


def _rule_faults(family: Family, definitions: Mapping[str, Definition]) -> Iterator[Fault]:
    """A rule for what never happens would be silently without effect."""
    where = f"{family.name}/messages/rules.toml"
    for number, rule in enumerate(family.rules):
        kinds = _kinds_of(rule, definitions)
        if not kinds:
            message = f"family {family.name} has a rule on {rule.on!r}, which nobody can do"
            yield Fault(where, f"rules[{number}].on", rule.line, message, "write KIND.ACTION of this family")
            continue
        if FOLLOWER in rule.to and _split(rule)[1] != SUCCEED:
            message = f"family {family.name} has a rule on {rule.on!r}, where nobody follows anybody"
            yield Fault(where, f"rules[{number}].to", rule.line, message, f"name {FOLLOWER} on KIND.{SUCCEED} only")
        states = {state: None for kind in kinds for state in definitions[kind].states}
        for place, state in enumerate(rule.states):
            if state not in states:
                message = f"family {family.name} has a rule on {rule.on!r} for the state {state!r}: no such"
                remedy = f"one of: {', '.join(states)}"
                yield Fault(where, f"rules[{number}].states[{place}]", rule.line, message, remedy)


def _succession_faults(family: Family, definitions: Mapping[str, Definition]) -> Iterator[Fault]:
    """Whoever takes over from a leaver must hear of it, whatever it is that they take over."""
    if not any(role.scope == "assignment" for role in family.roles.values()):
        return
    rules = [rule for rule in family.rules if FOLLOWER in rule.to]
    told = {kind for rule in rules for kind in _kinds_of(rule, definitions)}
    if silent := [kind for kind in definitions if kind not in told]:
        message = f"nobody tells who follows a leaver in: {', '.join(silent)}"
        remedy = f'add a rule on "{EVERY_KIND}.{SUCCEED}" to "{FOLLOWER}"'
        yield Fault(f"{family.name}/messages/rules.toml", "rules", None, message, remedy)


def _reminder_faults(family: Family, definitions: Mapping[str, Definition]) -> Iterator[Fault]:
    """Without its text a reminder would fail when it is packed, at night."""
    if any(one.alert_roles for one in definitions.values()) and family.reminder not in family.messages:
        message = f"family {family.name} has no message {family.reminder!r}, which its deadlines speak through"
        yield Fault(f"{family.name}/messages", "", None, message, f"add {family.reminder}.zh.j2")


def _parent_faults(family_of: Mapping[str, Family], definitions: Mapping[str, Definition]) -> Iterator[Fault]:
    """A part of what does not exist, or of itself in the end, could never be opened."""
    standing = {""}
    while more := [one.kind for one in definitions.values() if one.kind not in standing and _opens(one, standing)]:
        standing.update(more)
    for one in definitions.values():
        family = family_of[one.kind]
        for place, parent in enumerate(one.parents):
            if parent and parent not in definitions:
                yield fault_of(family, one, f"parents[{place}]", f"no kind {parent!r}", _one_of(definitions))
        if one.kind not in standing and all(parent in definitions for parent in one.parents):
            message = f"{one.kind!r} is a part of itself in the end"
            yield fault_of(family, one, "parents", message, "name a kind that stands by itself")


def fault_of(family: Family, one: Definition, path: str, message: str, remedy: str) -> Fault:
    """A fault of a definition that only shows beside the others."""
    where = f"{family.name}/{one.kind}.toml"
    return Fault(where, path, line_of(family.definitions.get(where, ""), path), message, remedy)


def _opens(one: Definition, standing: Set[str]) -> bool:
    return not standing.isdisjoint(one.parents or ("",))


def _asked_kind_faults(family: Family, definitions: Mapping[str, Definition]) -> Iterator[Fault]:
    """A form would have nothing to offer, and nobody would know why."""
    for one in definitions.values():
        for path, action in numbered(one):
            for place, param in enumerate(action.params):
                if param.of and param.of not in definitions:
                    at = f"{path}.params[{place}].of"
                    yield fault_of(family, one, at, f"no kind {param.of!r}", _one_of(definitions))


def _one_of(definitions: Mapping[str, Definition]) -> str:
    return f"one of: {', '.join(definitions)}"


def _letter_faults(family: Family, definitions: Mapping[str, Definition]) -> Iterator[Fault]:
    """A letter that the door cannot open would take the reminder with it, at night."""
    for one in definitions.values():
        if one.letter is None:
            continue
        letter = definitions.get(one.letter)
        if letter is None:
            yield fault_of(family, one, "letter", f"no kind {one.letter!r}", "name a kind of this family")
            continue
        params = letter.opening.params
        needed = {param.name for param in params if param.required} - set(LETTER_PARAMS)
        missing = set(LETTER_PARAMS) - {param.name for param in params}
        if one.kind not in letter.parents or SYSTEM_ROLE not in letter.opening.roles:
            message = f"the system cannot open {letter.kind!r} under {one.kind!r}"
            yield fault_of(family, one, "letter", message, 'add it to its parents, and "system" to [open] roles')
        if missing or needed:
            message = f"{letter.kind!r} takes other parameters than a letter is given"
            yield fault_of(family, one, "letter", message, f"take {', '.join(LETTER_PARAMS)}; no other is required")


def _merge(into: dict[str, Any], more: Mapping[str, Any], what: str, family: Family) -> None:
    """Families may share a name when they mean the very same by it, as two offices share their officers."""
    for name, thing in more.items():
        if into.get(name, thing) != thing:
            message = f"family {family.name} names a {what} {name!r} that another family already has"
            raise FaultsError([Fault(family.name, f"{what}s", None, message, "choose another name")])
        into[name] = thing
