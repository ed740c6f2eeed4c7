"""An office is set up from its own lists: every row has its result, and what is on record is not changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import func, select

from desk.desk import Desk
from desk.directory import LEAST_LIKENESS, NEAREST
from desk.set_up_office import set_up_office
from documents.reading import ReadingError
from documents.sheets.office_template import office_template
from documents.sheets.people import DEPARTMENTS, ORGANIZATIONS, PEOPLE, ListedRow, ListedTable, read_office
from documents.sheets.values import units_of
from documents.sheets.workbook import read_workbook
from engine.database import Tx
from engine.kinds import Role
from engine.organizations import department, organization, person
from engine.registry import Registry
from engine.words import Words

KINDS = {"科室": "department", "部门": "department", "社区": "community", "村": "community", "外部单位": "outside"}
NOT_POSTS = ("lead_department", "supporting_department")  # held by departments, not by people
IN_A_DEPARTMENT = ("department_head", "deputy_department_head", "officer")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class RowResult:
    """What becomes of one row (from 0): `word` is added, there or fault; `text` says more of it."""

    sheet: str
    row: int
    name: str
    word: str
    text: str = ""


@dataclass(frozen=True)
class PeoplePreview:
    """What the lists would add: the plan of desk.set_up_office, and a result for each row."""

    plan: Mapping[str, Sequence[Mapping[str, Any]]]
    results: tuple[RowResult, ...]

    @property
    def faults(self) -> tuple[RowResult, ...]:
        return tuple(one for one in self.results if one.word == "fault")

    def count(self, what: str) -> int:
        return len(self.plan[what])


def preview_people(desk: Desk, file: tuple[str, bytes], organization_name: str | None = None) -> PeoplePreview:
    """Read lists (a file's name and bytes) against what is on record; the organisation where they name none.

    Raises documents.reading.ReadingError. Writes nothing.
    """
    tables = read_office(read_workbook(*file))
    if not tables:
        raise ReadingError("no_sheet", desk.words.say("people.no_header"))
    with desk.database.read() as tx:
        keys = _keys(tx)
        ranks = {what: _highest(tx, what) for what in _RANKED}
    plan = _Plan(desk.words, _roles(desk.runtime.registry), keys, ranks, DEPARTMENTS in tables)
    plan.take(tables, organization_name)
    return PeoplePreview({what: list(rows.values()) for what, rows in plan.rows.items()}, tuple(plan.results))


def import_people(desk: Desk, seen: PeoplePreview, from_on: str) -> None:
    """Write what was previewed; posts are held from a local day (ISO). ValueError when there are faults."""
    if seen.faults:
        raise ValueError("a list with faults is not imported: mend them first")
    set_up_office(desk, seen.plan, from_on)


def people_template(desk: Desk) -> bytes:
    """The workbook to fill in, with the roles of the workflows and what each is for."""
    words, roles = desk.words, desk.runtime.registry.roles
    told = [name for name in roles if f"role.{name}" in words.sentences]
    return office_template([(words.label(roles[name].label), words.say(f"role.{name}")) for name in told])


def _roles(registry: Registry) -> Mapping[str, Role]:
    """The roles that people can hold, by key and by label with and without its bracket."""
    found: dict[str, Role] = {}
    for name, role in registry.roles.items():
        if name not in NOT_POSTS:
            labels = (name, *role.label.values(), re.sub("（.*?）", "", role.label["zh"]))
            found |= {_plain(label): role for label in labels}
    return found


def _plain(text: str) -> str:
    return "".join(units_of(text))


@dataclass
class _Keys:
    """Keys by what they are, the organisation's key and the name; of the records and of what the lists add."""

    by_name: dict[tuple[str, str, str], str] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    printed: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def put(self, what: str, body: str, name: str, key: str) -> None:
        self.by_name |= {(what, body, _plain(name)): key, (what, body, _plain(key)): key}
        self.taken.add((what, key))
        self.printed.setdefault((what, body), []).append(name)

    def get(self, what: str, body: str, name: str) -> str | None:
        return self.by_name.get((what, body, _plain(name)))

    def new(self, what: str, name: str) -> str:
        """A key that nobody has: the name, or the name with a number."""
        key, number = name, 1
        while (what, key) in self.taken:
            number += 1
            key = f"{name}{number}"
        return key

    def nearest(self, what: str, body: str, name: str) -> list[str]:
        names = self.printed.get((what, body), [])
        alike = process.extract(name, names, scorer=fuzz.WRatio, limit=NEAREST, score_cutoff=LEAST_LIKENESS)
        return [one[0] for one in alike]


_RANKED = {DEPARTMENTS: department, PEOPLE: person}


def _keys(tx: Tx) -> _Keys:
    keys = _Keys()
    bodies = {}
    for row in tx.connection.execute(select(organization)):
        bodies[row.id] = row.key
        keys.put(ORGANIZATIONS, "", row.name, row.key)
    for what, table in _RANKED.items():
        for row in tx.connection.execute(select(table)):
            keys.put(what, bodies[row.organization_id], row.name, row.key)
    return keys


def _highest(tx: Tx, what: str) -> int:
    highest = select(func.coalesce(func.max(_RANKED[what].c.rank_order), 0))
    return int(tx.connection.execute(highest).scalar_one())


@dataclass
class _Plan:
    """Goes through the lists, organisations first, and says of each row what becomes of it."""

    words: Words
    roles: Mapping[str, Role]
    keys: _Keys
    ranks: dict[str, int]
    lists_departments: bool
    rows: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {ORGANIZATIONS: {}, DEPARTMENTS: {}, PEOPLE: {}}
    )
    results: list[RowResult] = field(default_factory=list)
    _seen: dict[tuple[str, str], ListedRow] = field(default_factory=dict)
    _body: str = ""

    def take(self, tables: Mapping[str, ListedTable], organization_name: str | None) -> None:
        rows = {what: tables[what].rows if what in tables else [] for what in self.rows}
        for row in rows[ORGANIZATIONS]:
            self._organization(row)
        self._place_parents(rows[ORGANIZATIONS])
        self._body = self._default_body(rows[ORGANIZATIONS], organization_name)
        for row in rows[DEPARTMENTS]:
            self._department(row)
        for row in rows[PEOPLE]:
            self._person(row)

    def _default_body(self, listed: Sequence[ListedRow], name: str | None) -> str:
        """The organisation that is named, the first one listed, or the only one there is."""
        wanted = name or (listed[0].text("name") if listed else "")
        if wanted:
            return self.keys.get(ORGANIZATIONS, "", wanted) or ""
        there = {key for (what, _, _), key in self.keys.by_name.items() if what == ORGANIZATIONS}
        return there.pop() if len(there) == 1 else ""

    def _organization(self, row: ListedRow) -> None:
        name = row.text("name")
        if self.keys.get(ORGANIZATIONS, "", name):
            self._say(row, "there")
            return
        key = row.text("key") or self.keys.new(ORGANIZATIONS, name)
        self.keys.put(ORGANIZATIONS, "", name, key)
        self.rows[ORGANIZATIONS][key] = {"key": key, "name": name}
        self._say(row, "added")

    def _place_parents(self, listed: Sequence[ListedRow]) -> None:
        """A parent may be listed below its child; it is written first."""
        for row in listed:
            key, above = self.keys.get(ORGANIZATIONS, "", row.text("name")), row.text("parent")
            parent = self.keys.get(ORGANIZATIONS, "", above) if above else None
            if above and parent is None:
                self._unknown(row, "parent", ORGANIZATIONS, "", above)
            elif parent and key in self.rows[ORGANIZATIONS]:
                self.rows[ORGANIZATIONS][key]["parent"] = parent
        there = self.rows[ORGANIZATIONS]
        self.rows[ORGANIZATIONS] = {key: there[key] for key in sorted(there, key=self._depth)}

    def _depth(self, key: str) -> int:
        """How many of the organisations to be written stand above one; a ring of them ends somewhere."""
        depth, there = 0, self.rows[ORGANIZATIONS]
        while key in there and "parent" in there[key] and depth < len(there):
            key, depth = there[key]["parent"], depth + 1
        return depth

    def _department(self, row: ListedRow) -> None:
        name, kind = row.text("name"), row.text("kind")
        if not self._belongs(row):
            return
        if self.keys.get(DEPARTMENTS, self._body, name):
            self._say(row, "there")
        elif kind and kind not in KINDS:
            self._fault(row, "kind", "kind", kind)
        else:
            self._add_department(name, row.text("key"), KINDS.get(kind, "department"))
            self._say(row, "added")

    def _add_department(self, name: str, key: str, kind: str) -> str:
        key = key or self.keys.new(DEPARTMENTS, name)
        self.keys.put(DEPARTMENTS, self._body, name, key)
        self.rows[DEPARTMENTS][key] = {
            "key": key,
            "organization": self._body,
            "name": name,
            "kind": kind,
            "rank_order": self._next_rank(DEPARTMENTS),
        }
        return key

    def _next_rank(self, what: str) -> int:
        self.ranks[what] += 1
        return self.ranks[what]

    def _belongs(self, row: ListedRow) -> bool:
        if not self._body:
            self._fault(row, "name", "no_organization", row.text("name"))
        return bool(self._body)

    def _person(self, row: ListedRow) -> None:
        name = _plain(row.text("name"))
        body = self._body_of(row)
        unit = self._unit_of(row, body) if body else None
        roles = self._roles_of(row)
        email = row.text("email")
        if email and not _ADDRESS.fullmatch(email):
            self._fault(row, "email", "email", email)
        if body is None or unit is None or roles is None or not name:
            return
        posts = [{"unit": unit, "role": role.name, "title": row.text("title")} for role in roles]
        self._place_person(row, body, {"name": name, "organization": body, "email": email or None, "posts": posts})

    def _place_person(self, row: ListedRow, body: str, values: dict[str, Any]) -> None:
        """Added, there already, or one more post of somebody above: who has the same key is the same person."""
        name, given = values["name"], row.text("key")
        before = self._seen.setdefault((body, given or name), row)
        known = self.keys.get(PEOPLE, body, given or name)
        if before is not row and not given:
            self._fault(row, "name", "same_name", str(before.row + 1))
        elif before is not row and known in self.rows[PEOPLE]:
            self.rows[PEOPLE][known]["posts"] += values["posts"]
            self._say(row, "added")
        elif known:
            self._say(row, "there")
        else:
            key = given or self.keys.new(PEOPLE, name)
            self.keys.put(PEOPLE, body, name, key)
            self.rows[PEOPLE][key] = {"key": key, **values, "rank_order": self._next_rank(PEOPLE)}
            self._say(row, "added" if values["posts"] else "no_role")

    def _body_of(self, row: ListedRow) -> str | None:
        name = row.text("organization")
        if not name:
            return self._body if self._belongs(row) else None
        body = self.keys.get(ORGANIZATIONS, "", name)
        if body is None:
            self._unknown(row, "organization", ORGANIZATIONS, "", name)
        return body

    def _unit_of(self, row: ListedRow, body: str) -> str | None:
        """The department's key, or the organisation's; without a list of departments the people's are taken."""
        name = row.text("department")
        if not name:
            return body
        if found := self.keys.get(DEPARTMENTS, body, name):
            return found
        if not self.lists_departments and body == self._body:
            return self._add_department(name, "", "department")
        self._unknown(row, "department", DEPARTMENTS, body, name)
        return None

    def _roles_of(self, row: ListedRow) -> list[Role] | None:
        found = []
        for name in units_of(row.text("roles")):
            role = self.roles.get(name)
            if role is None:
                self._fault(row, "roles", "role", name)
                return None
            if role.name in IN_A_DEPARTMENT and not row.text("department"):
                self._fault(row, "department", "department_needed", name)
                return None
            found.append(role)
        return found

    def _unknown(self, row: ListedRow, key: str, what: str, body: str, name: str) -> None:
        nearest = self.keys.nearest(what, body, name)
        offered = self.words.say("sheet.nearest", names="、".join(nearest)) if nearest else ""
        self._fault(row, key, f"unknown_{what}", name + offered)

    def _fault(self, row: ListedRow, key: str, word: str, text: str) -> None:
        said = self.words.say(f"people.{word}", place=row.place(key), text=text)
        self.results.append(RowResult(row.table.sheet, row.row, row.text("name"), "fault", said))

    def _say(self, row: ListedRow, word: str) -> None:
        self.results.append(RowResult(row.table.sheet, row.row, row.text("name"), word))
