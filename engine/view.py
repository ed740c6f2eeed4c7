"""What a guard or an operation may look at: one consistent state inside the door's transaction, read on demand."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from engine import statements as sql
from engine.canonical import dumps, loads
from engine.cases import CaseState, valid_signatures
from engine.chain import Entry
from engine.commands import MIGRATE, SYSTEM, Bearer, Signed
from engine.database import PerCase, Row, Tx
from engine.definitions import BACK, Definition, SignStep
from engine.editions import Editions, Workflow
from engine.fields import FieldStore
from engine.ladders import AlertPlan, Ladder, Step
from engine.migrating import state_map
from engine.organizations import (
    Body,
    Holder,
    Person,
    active_people,
    load_body,
    load_person,
    post_holders,
    stand_ins,
)
from engine.registry import Registry
from engine.standing import MOST_DOSSIERS, Standing, keep, standing, standing_under
from engine.terms import lasting_pause
from engine.working_days import WorkingCalendar

# Local days before and after all others, as text compares.
NEVER, FOR_GOOD = "", "9999-12-31"
# So many cases are asked for one by one: a list costs more to take apart.
FEW = 8
Answer = TypeVar("Answer")


class Past(NamedTuple):
    """One entry of a case, as far as rules look at it. `at` epoch seconds UTC, `changes` JSON, `work` 0 or 1."""

    actor: str
    action: str
    at: int
    changes: str
    work: int


@dataclass
class View:
    """Reads rows once and keeps them; what the door plans is seen by the commands after it in the batch."""

    tx: Tx
    registry: Registry
    editions: Editions
    planned: list[Entry] = field(default_factory=list)
    # What is due now, by all that it depends on.
    plans: dict[tuple[Any, ...], AlertPlan] = field(default_factory=dict)
    # What a message of such a plan must know, with its text.
    messages: dict[tuple[Any, ...], tuple[Mapping[str, Any], str]] = field(default_factory=dict)
    _cases: dict[int, CaseState] = field(default_factory=dict)
    _children: dict[int, list[int]] = field(default_factory=dict)
    _opened: list[CaseState] = field(default_factory=list)
    _workers: dict[tuple[int, int], set[tuple[int, str]]] = field(default_factory=dict)
    _noted: dict[tuple[int, int], set[tuple[int, str]]] = field(default_factory=dict)
    _rows: dict[PerCase, dict[int, Row]] = field(default_factory=dict)

    @cached_property
    def standing(self) -> Standing:
        """What is known of the house as it stood when this view first asked."""
        return standing(self.tx)

    def case(self, case_id: int) -> CaseState:
        """A case. Raises LookupError when there is none of that id."""
        found = self._cases.get(case_id)
        if found is None:
            rows = self.tx.run(sql.GET_CASE, {"case_id": case_id})
            if not rows:
                raise LookupError(f"no case {case_id}")
            found = self._cases[case_id] = CaseState(rows[0])
        return found

    def load(self, ids: Iterable[int], actors: Iterable[str] = ()) -> None:
        """Read many cases at once, the roots among them locked in the order of their ids; `actors` will act."""
        wanted = sorted(set(ids) - self._cases.keys())
        if len(wanted) == 1:
            self._load_one(wanted[0])
            if wanted[0] in self._cases:
                self._load_around(self._cases[wanted[0]], actors)
            return
        if wanted:
            roots = self.tx.run(sql.LOCK_ROOTS, {"ids": self.tx.many(wanted)})
            self.load_read_only([*wanted, *(row[0] for row in roots)])
            self._load_bearers(wanted)

    def _load_one(self, case_id: int) -> None:
        """With its root and the root's own parts: automatic moves look at them after every step."""
        rows = self._locked_dossier(case_id)
        if not rows:  # the door refuses what is not there
            return
        self.standing = standing_under(self.tx, rows[0][-1])
        for row in rows:
            self._cases.setdefault(row[0], CaseState(row[:-1]))
        self._children.setdefault(rows[0][0], [row[0] for row in rows[1:]])
        if case_id not in self._cases:  # a part of a part
            self.case(case_id)

    def _locked_dossier(self, case_id: int) -> list[Row]:
        """The rows of GET_DOSSIER, the root's first, as they are under the lock of the root."""
        params = {"case_id": case_id}
        if not self.tx.is_sqlite:  # whose writer is alone from the beginning of its transaction
            rows = self.tx.run(sql.LOCK_DOSSIER, params)
            if all(row[-1] == row[sql.SEQ] for row in rows if row[0] == row[1]):
                return sorted([row[:-1] for row in rows], key=itemgetter(0))
        return self.tx.run(sql.GET_DOSSIER, params)

    def _load_around(self, case: CaseState, actors: Iterable[str]) -> None:
        """What nearly every step looks at."""
        both = [case.id] if case.is_root else [case.id, case.root_id]
        if not self.tx.is_sqlite:
            self._ask_ahead(case, both, actors)
        self._load_bearers(both)

    def _ask_ahead(self, case: CaseState, both: Sequence[int], actors: Iterable[str]) -> None:
        root = self.root(case)
        store, ladder_row = self.workflow(case).store, self.registry.ladder_rows.get(root.kind)
        people = {int(one) for one in actors if not one.startswith(SYSTEM)} - self.standing.last_days.keys()
        self.tx.ask_ahead(
            [
                sql.GET_BEARERS.about(self.tx, both),
                *([store.asking.about(self.tx, self._alike(case))] if store else []),
                *([ladder_row.about(self.tx, [root.id])] if ladder_row else []),
                *((sql.GET_LAST_DAY, {"person_id": one}) for one in people),
            ]
        )

    def _load_bearers(self, ids: Sequence[int]) -> None:
        """Of all these cases in one statement."""
        found: dict[int, list[Bearer]] = {one: [] for one in ids}
        for row in self.tx.run(*sql.GET_BEARERS.about(self.tx, ids)):
            found[row[0]].append(Bearer._make(row[1:]))
        for case_id, bearers in found.items():
            if case_id in self._cases:
                self._cases[case_id].bearers = tuple(bearers)

    def load_read_only(self, ids: Iterable[int]) -> None:
        """Read many cases at once without locking their dossiers."""
        wanted = sorted(set(ids) - self._cases.keys())
        for row in self.tx.run(sql.GET_CASES, {"ids": self.tx.many(wanted)}) if wanted else ():
            self._cases[row[0]] = CaseState(row)

    def load_dossiers(self, root_ids: Iterable[int]) -> None:
        """Read whole dossiers at once, with all that guards look at: a fixed number of queries, nothing is locked.

        For pages that ask of many dossiers what may be done: case by case it would be a query or more each.
        """
        wanted = sorted(set(root_ids))
        if not wanted:
            return
        rows = self.tx.run(sql.GET_DOSSIERS, {"ids": self.tx.many(wanted)})
        loaded = [self._cases.setdefault(row[0], CaseState(row)) for row in rows]
        for case in loaded:
            self._children[case.id] = []
        for case in loaded:
            if case.parent_id is not None:
                self._children[case.parent_id].append(case.id)
        self._load_fields(loaded)
        self._load_bearers([case.id for case in loaded])
        self._load_signatures({case.id: case for case in loaded if case.is_root})
        self._load_workers(wanted)

    def _load_fields(self, loaded: Iterable[CaseState]) -> None:
        by_definition: dict[int, list[CaseState]] = {}
        for case in loaded:
            by_definition.setdefault(case.definition_id, []).append(case)
        for members in by_definition.values():
            store = self.workflow(members[0]).store
            found = store.read_many(self.tx, [one.id for one in members]) if store else {}
            for case in members:
                case.fields = found[case.id] if store else loads(case.stored_data)

    def _load_signatures(self, roots: dict[int, CaseState]) -> None:
        found: dict[int, list[Signed]] = {one: [] for one in roots}
        for root_id, *row in self.tx.run(sql.GET_SIGNATURES_OF, {"ids": self.tx.many(roots)}):
            found[root_id].append(Signed(*row))
        for root_id, signed in found.items():
            roots[root_id].signatures = tuple(signed)

    def _load_workers(self, root_ids: list[int]) -> None:
        rows = self.tx.run(sql.GET_WORKERS_OF, {"ids": self.tx.many(root_ids)})
        for root_id in root_ids:
            self._workers.setdefault((root_id, self._cases[root_id].round), set())
        for root_id, round_, case_id, signer in rows:
            self._workers.setdefault((root_id, round_), set()).add((case_id, signer))

    def add(self, case: CaseState) -> None:
        self._cases[case.id] = case
        self._opened.append(case)

    def forget(self, case: CaseState) -> None:
        """Take back a case that was opened by a command now refused."""
        del self._cases[case.id]
        self._opened.remove(case)

    def known(self) -> Iterable[CaseState]:
        return self._cases.values()

    def knows(self, case_id: int) -> bool:
        """Whether a case has been read: it may have changed since."""
        return case_id in self._cases

    def root(self, case: CaseState) -> CaseState:
        return self._cases.get(case.root_id) or self.case(case.root_id)

    def lineage(self, case: CaseState) -> list[CaseState]:
        """The case, its parent, and so on up to the root."""
        line = [case]
        while case.parent_id is not None:
            case = self.case(case.parent_id)
            line.append(case)
        return line

    def children(self, case: CaseState, kind: str | None = None) -> list[CaseState]:
        """The direct parts of a case in its present round, of one kind or all, oldest first."""
        if case.id not in self._children:
            rows = (
                []
                if case.is_new
                else self.tx.run(sql.GET_CHILDREN, {"root_id": case.root_id, "parent_id": case.id})
            )
            for row in rows:
                self._cases.setdefault(row[0], CaseState(row))
            self._children[case.id] = [row[0] for row in rows]
        found = [self._cases[one] for one in self._children[case.id]]
        if self._opened:
            found += [one for one in self._opened if one.parent_id == case.id and one not in found]
        round_now = self.root(case).round
        return [one for one in found if one.round == round_now and kind in (None, one.kind)]

    def dossier(self, root: CaseState) -> list[CaseState]:
        """The root and everything below it in the present round."""
        found = [root]
        for case in found:
            found.extend(self.children(case))
        return found

    def workflow(self, case: CaseState) -> Workflow:
        edition = case.definition_id
        return self.editions.parsed.get(edition) or self.editions.workflow(self.tx, edition)

    def definition(self, case: CaseState) -> Definition:
        known = self.editions.parsed.get(case.definition_id)
        return (known or self.workflow(case)).definition

    def fields(self, case: CaseState) -> dict[str, Any]:
        """The declared fields of a case by name; every declared one is there."""
        fields = case.fields
        if fields is None:
            store = self.workflow(case).store
            fields = case.fields = self._read_fields(store, case) if store else loads(case.stored_data)
        return fields

    def _read_fields(self, store: FieldStore, case: CaseState) -> dict[str, Any]:
        """With those of every other case of this edition that has been read: who looks at one looks at all."""
        found = store.read_many(self.tx, self._alike(case))
        for one, fields in found.items():
            if one in self._cases:
                self._cases[one].fields = fields
        if case.id not in found:
            raise LookupError(f"case {case.id} has no row of fields")
        return found[case.id]

    def row_of(self, asked: PerCase, case: CaseState) -> Row:
        """What the database says of a case; asked at once for all of its kind that have been read."""
        rows = self._rows.setdefault(asked, {})
        if case.id not in rows:
            alike = [one.id for one in self._cases.values() if one.kind == case.kind and one.id not in rows]
            for row in self.tx.run(*asked.about(self.tx, alike)):
                rows[row[0]] = row
        return rows[case.id]

    def _alike(self, case: CaseState) -> list[int]:
        """It and the others of its edition whose fields are not known yet."""
        edition = case.definition_id
        alike = [one.id for one in self._cases.values() if one.definition_id == edition and one.fields is None]
        return alike if case.id in alike else [case.id]

    def reshape(self, case: CaseState, definition: Definition) -> None:
        """The fields of a case as another edition declares them; what both declare keeps its value."""
        fields = self.fields(case)
        case.fields = {name: fields.get(name) for name in definition.fields}
        if definition.table is None:
            case.stored_data = dumps(case.fields)
            case.touched.add("data")

    def bearers(self, case: CaseState) -> tuple[Bearer, ...]:
        if case.bearers is not None:
            return case.bearers
        lacking = [one.id for one in self._cases.values() if one.bearers is None] if len(self._cases) > FEW else ()
        if len(lacking) > FEW:  # who asks for the bearers of one root of a chunk asks for all of them
            self._load_bearers(lacking)
        if case.bearers is None:
            rows = self.tx.run(sql.GET_BEARERS.one, {"case_id": case.id})
            case.bearers = tuple([Bearer(*row[1:]) for row in rows])
        return case.bearers

    def signatures(self, root: CaseState) -> tuple[Signed, ...]:
        """The signatures of the present round that still stand."""
        if root.signatures is None:
            root.signatures = tuple(Signed(*row) for row in self.tx.run(sql.GET_SIGNATURES, {"root_id": root.id}))
        return valid_signatures(root)

    def workers(self, root: CaseState, part: CaseState | None = None) -> set[str]:
        """Who did work on a dossier in its present round, or on one part of it, as the history names them.

        For the whole dossier those of what it has taken in count too: their work stands in it.
        """
        if part is not None:
            return {who for case_id, who in self._work_done(root) if part.id == case_id}
        own = {who for _case_id, who in self._work_done(root)}
        return own.union(*(self.workers(one) for one in self.absorbed(root)))

    def absorbed(self, root: CaseState) -> list[CaseState]:
        """The roots that a dossier has taken in."""
        name = self.definition(root).absorbs
        return [self.case(one) for one in self.fields(root)[name] or ()] if name else []

    def note_work(self, case: CaseState, signer: str) -> bool:
        """Remember work that is planned; whether it is the person's first on this part in the batch."""
        noted = self._noted_work(self.root(case))
        first = (case.id, signer) not in noted
        noted.add((case.id, signer))
        return first

    def forget_work(self, case: CaseState, signer: str) -> None:
        self._noted_work(self.root(case)).discard((case.id, signer))

    def _noted_work(self, root: CaseState) -> set[tuple[int, str]]:
        return self._noted.setdefault((root.id, root.round), set())

    def _work_done(self, root: CaseState) -> set[tuple[int, str]]:
        key = (root.id, root.round)
        if key not in self._workers:
            rows = self.tx.run(sql.GET_WORKERS, {"root_id": root.id, "round": root.round})
            self._workers[key] = {(row[0], row[1]) for row in rows}
        return self._workers[key] | self._noted_work(root)

    def last_change(self, case: CaseState) -> Past:
        """The newest entry that changed what a form shows; a case that is there has at least its opening."""
        return next(one for one in self.entries(case) if loads(one.changes)["set"].keys() - {"fired"})

    def state_before(self, case: CaseState) -> str | None:
        """The state from which a case came into its present one, as its edition calls it; None in its first.

        A way back leads out of the place it left: from there one goes on back to where one was before.
        """
        actions = self.definition(case).actions
        trail: list[str] = []
        for one in reversed(self.entries(case)):
            changes = loads(one.changes)
            state = changes["set"].get("state")
            if one.action == MIGRATE:
                names = state_map(changes["said"]["states"] or ())
                trail = [names.get(place, place) for place in trail]
            elif state is not None:
                back = one.action in actions and actions[one.action].target == BACK
                trail = trail[:-1] if back else [*trail, state]
        return trail[-2] if len(trail) > 1 else None

    def entries(self, case: CaseState) -> list[Past]:
        """What happened to a case, newest first, with what this batch has planned."""
        planned = [one for one in reversed(self.planned) if one.case_id == case.id]
        stored = self.tx.run(sql.GET_ENTRIES, {"root_id": case.root_id, "case_id": case.id})
        return [Past(one.actor, one.action, one.at, one.changes, one.work) for one in planned] + [
            Past(*row) for row in stored
        ]

    def _keep(self, answers: str, asked: Hashable, answer: Any) -> None:
        """For later transactions too; a view that has met a change of the house keeps its answers to itself."""
        self.standing = self.standing.or_own(self.tx)
        keep(getattr(self.standing, answers), asked, answer)

    def body(self, organization_id: int) -> Body:
        found = self.standing.bodies.get(organization_id)
        if found is None:
            found = load_body(self.tx, organization_id)
            self._keep("bodies", organization_id, found)
        return found

    def is_organization(self, organization_id: int) -> bool:
        try:
            return self.body(organization_id).id == organization_id
        except LookupError:
            return False

    def posts(self, person_id: int) -> list[Any]:
        found = self.standing.posts.get(person_id)
        if found is None:
            found = self.tx.run(sql.GET_POSTS, {"person_id": person_id})
            self._keep("posts", person_id, found)
        return found

    def person(self, person_id: int) -> Person:
        """Raises LookupError when there is no such person."""
        return self.of_house(("person", person_id), lambda tx: load_person(tx, person_id))

    def is_here(self, person_id: int, day: str) -> bool:
        """Whether this is a person, and one who has not left before a local day."""
        last = self.standing.last_days.get(person_id)
        if last is None:
            rows = self.tx.run(sql.GET_LAST_DAY, {"person_id": person_id})
            last = rows[0][0] or FOR_GOOD if rows else NEVER
            self._keep("last_days", person_id, last)
        return day <= last

    def department_organization(self, department_id: int) -> int | None:
        """The organisation a department belongs to; None when there is no such department."""
        rows = self.tx.run(sql.GET_DEPARTMENT, {"department_id": department_id})
        return rows[0][0] if rows else None

    def post_holders(
        self, role: str, day: str, organizations: tuple[int, ...] = (), departments: tuple[int, ...] = ()
    ) -> list[Holder]:
        asked = (role, day, organizations, departments)
        found = self.standing.holders.get(asked)
        if found is None:
            found = post_holders(self.tx, role, day, organizations=organizations, departments=departments)
            self._keep("holders", asked, found)
        return found

    def of_house(self, asked: Hashable, read: Callable[[Tx], Answer]) -> Answer:
        """What `read` finds out about the house alone: organisations, departments, people, posts, editions.

        `asked` names the question with all that the answer depends on besides; nobody changes an answer.
        """
        found: Answer | None = self.standing.answers.get(asked)
        if found is None:
            found = read(self.tx)
            self._keep("answers", asked, found)
        return found

    def of_dossiers(
        self, heads: Mapping[int, str], read: Callable[[list[int]], Mapping[int, Answer]]
    ) -> dict[int, Answer]:
        """What `read` makes of dossiers, by the root's id; `heads` are theirs, and only what is new is read.

        It must be made of what the dossier's history shows and of the house alone: no step changes a dossier
        without another head. Nobody changes an answer.
        """
        known = self.standing.dossiers
        found: dict[int, Answer] = {one[0]: known[one] for one in heads.items() if one in known}
        if lacking := [one for one in heads if one not in found]:
            made = read(lacking)
            self.standing = self.standing.or_own(self.tx)
            for one, answer in made.items():
                keep(self.standing.dossiers, (one, heads[one]), answer, MOST_DOSSIERS)
            found |= made
        return found

    def of_calendar(self, asked: Hashable, work_out: Callable[[WorkingCalendar], Answer]) -> Answer:
        """What follows from the calendar in force; `asked` names all else that it follows from."""
        found: Answer | None = self.standing.answers.get(asked)
        if found is None:
            found = work_out(self.calendar())
            # Asked again: in between the view may have met a change of the house.
            keep(self.standing.answers, asked, found)
        return found

    def active_people(self, ids: tuple[int, ...], day: str) -> list[Holder]:
        asked = ("people", day, ids)
        found = self.standing.holders.get(asked)
        if found is None:
            found = active_people(self.tx, ids, day)
            self._keep("holders", asked, found)
        return found

    def stand_ins(self, day: str) -> list[Holder]:
        """Everybody who acts for somebody else on a local day; `for_id` says for whom."""
        found = self.standing.stand_ins.get(day)
        if found is None:
            found = stand_ins(self.tx, day)
            self._keep("stand_ins", day, found)
        return found

    def sign_steps(self, root: CaseState) -> tuple[SignStep, ...]:
        """The steps of the sign-off that this organisation has switched on, in their order."""
        settings = self.body(root.organization_id).settings
        skipped, extra = settings.skip_sign_steps, settings.extra_sign_steps
        return tuple(
            step
            for step in self.definition(root).sign_off
            if step.group not in skipped and (not step.optional or step.group in extra)
        )

    def ladders(self, case: CaseState) -> tuple[Ladder, ...]:
        """What a case follows: while it is paused its kind's ladder of pauses, if there is one; else its kind's own
        ladder, the one chosen for it, or its organisation's."""
        definition = self.definition(case)
        name = (
            (definition.pause_ladder if lasting_pause(case) else None)
            or definition.ladder
            or self.registry.family_of[case.kind].ladder_of(self, case)
            or self.body(case.organization_id).settings.ladder
        )
        return self._ladders_named(name)

    def step(self, key: str) -> Step | None:
        """The step that an alert's key "ladder.step" names, whatever its case follows now; None where no such
        ladder is in force any more."""
        try:
            found = self._ladders_named(key.rpartition(".")[0])
        except LookupError:
            return None
        keyed = (pair for one in found for pair in (*one.keyed, *one.keyed_again))
        return next((step for known, step in keyed if known == key), None)

    def _ladders_named(self, name: str) -> tuple[Ladder, ...]:
        found = self.standing.ladders.get(name)
        if found is None:
            found = self.editions.ladders(self.tx, name, self.editions.in_force(self.tx))
            self._keep("ladders", name, found)
        return found

    def calendar(self) -> WorkingCalendar:
        found = self.standing.calendar
        if found is None:
            found = self.editions.calendar(self.tx, self.editions.in_force(self.tx))
            self.standing = self.standing.or_own(self.tx)
            self.standing.calendar = found
        return found
