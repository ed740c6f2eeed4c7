"""All families put together: which kind keeps its fields where, and what the names in definitions mean."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table

from engine.commands import VOID
from engine.definitions import Definition, Known, parse
from engine.faults import Fault, FaultsError
from engine.fields import FieldStore
from engine.kinds import ADMINISTRATOR, Family, Guard, Operation, Role, Rule


class Registry:
    """Built once at the start. Raises FaultsError or ValueError when a family does not fit."""

    def __init__(self, families: Iterable[Family]) -> None:
        self.families = tuple(families)
        self.roles: dict[str, Role] = {ADMINISTRATOR.name: ADMINISTRATOR}
        self.guards: dict[str, Guard] = {}
        self.operations: dict[str, Operation] = {}
        self.messages: dict[str, str] = {}
        self._tables: dict[str, Table] = {}
        self._stores: dict[tuple[str, str], FieldStore] = {}
        self.rules: dict[str, list[Rule]] = {}
        for family in self.families:
            self._add(family)
        self.workflows: dict[str, str] = {}
        self.family_of: dict[str, Family] = {}
        self._parse_families()

    @property
    def known(self) -> Known:
        return Known(
            roles=frozenset(self.roles) | {"system"},
            guards=frozenset(self.guards),
            operations=frozenset(self.operations),
        )

    def parse(self, text: str, where: str) -> Definition:
        return parse(text, where, self.known)

    def store(self, definition: Definition) -> FieldStore | None:
        """The kind's own table, or None when its fields lie in `data`."""
        if definition.table is None:
            return None
        key = (definition.table, ",".join(definition.fields))
        if key not in self._stores:
            self._stores[key] = FieldStore(self._tables[definition.table], definition)
        return self._stores[key]

    def told(self, kind: str, action: str) -> Iterable[Rule]:
        return self.rules.get(f"{kind}.{action}", ())

    def rules_of(self, template: str) -> list[Rule]:
        return [rule for rules in self.rules.values() for rule in rules if rule.template == template]

    def _add(self, family: Family) -> None:
        _merge(self.roles, family.roles, "role", family)
        _merge(self.guards, family.guards, "guard", family)
        _merge(self.operations, family.operations, "operation", family)
        _merge(self._tables, family.tables, "table", family)
        _merge(self.messages, family.messages, "message", family)
        for rule in family.rules:
            self.rules.setdefault(rule.on, []).append(rule)

    def _parse_families(self) -> None:
        """Every broken definition is named at once: who mends one file must not find the next only then."""
        faults: list[Fault] = []
        for family in self.families:
            try:
                self._parse_all(family)
            except FaultsError as error:
                faults += error.faults
        if faults:
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
            self._add_kind(family, definition, where)
            definitions[definition.kind] = definition
        if faults:
            raise FaultsError(faults)
        _check_rules(family, definitions)
        _check_reminder(family, definitions.values())

    def _add_kind(self, family: Family, definition: Definition, where: str) -> None:
        if definition.table is not None and definition.table not in self._tables:
            raise ValueError(f"{where}: no table {definition.table!r}: add it to the family's tables")
        self.store(definition)
        if definition.kind in self.workflows:
            raise ValueError(f"{where}: the kind {definition.kind!r} has a definition already")
        self.workflows[definition.kind] = family.definitions[where]
        self.family_of[definition.kind] = family


def _check_rules(family: Family, definitions: Mapping[str, Definition]) -> None:
    """A rule for what never happens would be silently without effect."""
    for rule in family.rules:
        kind, _, action = rule.on.partition(".")
        definition = definitions.get(kind)
        if definition is None or (definition.action(action) is None and action != VOID):
            raise ValueError(f"family {family.name} has a rule on {rule.on!r}, which nobody can do")
        for state in rule.states:
            if state not in definition.states:
                raise ValueError(f"family {family.name} has a rule on {rule.on!r} for the state {state!r}: no such")


def _check_reminder(family: Family, definitions: Iterable[Definition]) -> None:
    """Without its text a reminder would fail when it is packed, at night."""
    if any(one.alert_roles for one in definitions) and family.reminder not in family.messages:
        raise ValueError(
            f"family {family.name} has no message {family.reminder!r}, which its deadlines speak through"
        )


def _merge(into: dict[str, Any], more: Mapping[str, Any], what: str, family: Family) -> None:
    """Families may share a name when they mean the very same by it, as two offices share their officers."""
    for name, thing in more.items():
        if into.get(name, thing) != thing:
            raise ValueError(f"family {family.name} names a {what} {name!r} that another family already has")
        into[name] = thing
