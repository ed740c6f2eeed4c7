"""Puts planned changes in place in memory, makes their history entries, and can take a whole command back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.canonical import dumps
from engine.cases import BEARERS, LINKED, LOGGED_COLUMNS, SIGNATURES, CaseState, Snapshot
from engine.chain import Entry, entry_hash
from engine.commands import Command, Draw
from engine.context import Context
from engine.view import View
from engine.writing import NumberKey, Plan, next_case_id, read_number

OPENED_COLUMNS = ("kind", "parent_id", "organization_id")
LISTED = frozenset({BEARERS, SIGNATURES})
# What a case carries itself; anything else that is set is a declared field.
CARRIED = LISTED.union(LOGGED_COLUMNS)


@dataclass
class _Mark:
    """Where a command began, to come back to."""

    entries: int
    lines: int
    woken: int
    numbers: dict[NumberKey, int]
    opened: list[CaseState] = field(default_factory=list)
    worked: list[tuple[CaseState, str]] = field(default_factory=list)
    before: dict[int, tuple[CaseState, Snapshot]] = field(default_factory=dict)


class Recorder:
    """Collects the plan of a batch. What it records is seen at once by everybody who looks through the view."""

    def __init__(self, view: View, now: int) -> None:
        self.plan = Plan()
        view.planned = self.plan.entries
        self._view, self._now = view, now
        self._opened_in_all = 0
        self._mark: _Mark

    @property
    def opened(self) -> tuple[int, ...]:
        """The ids of the cases opened since the mark."""
        return tuple([one.id for one in self._mark.opened])

    def changed_roots(self) -> list[CaseState]:
        """The roots of the dossiers that got entries since the mark, in the order of their first."""
        entries = self.plan.entries
        if len(entries) - self._mark.entries == 1:
            return [self._view.case(entries[-1].root_id)]
        ids = dict.fromkeys([one.root_id for one in entries[self._mark.entries :]])
        return [self._view.case(one) for one in ids]

    def begin(self) -> None:
        """Set the mark that `take_back` comes back to."""
        plan = self.plan
        self._mark = _Mark(len(plan.entries), len(plan.lines), len(plan.woken), dict(plan.numbers))

    def take_back(self) -> None:
        """Undo everything since the mark: a refused command leaves no trace, not even a drawn number."""
        for case, kept in self._mark.before.values():
            case.restore(kept)
        for case in self._mark.opened:
            self._view.forget(case)
        for case, signer in self._mark.worked:
            self._view.forget_work(case, signer)
        del self.plan.entries[self._mark.entries :]
        del self.plan.lines[self._mark.lines :]
        del self.plan.woken[self._mark.woken :]
        self.plan.numbers = self._mark.numbers

    def new_case(self, command: Command, edition: int, state: str, organization_id: int) -> CaseState:
        """A case that is not written yet, under the command's parent if it names one."""
        parent = None if command.parent_id is None else self._view.case(command.parent_id)
        root = self._view.root(parent) if parent else None
        case_id = self.next_id()
        row = (
            case_id, root.id if root else case_id, parent.id if parent else None, organization_id, edition,
            command.kind, state, root.round if root else 1, 0, 0, "", None, None, None, 0, "{}", None, 1, "{}",
        )  # fmt: skip
        case = CaseState(row, is_new=True)
        self._view.add(case)
        self._mark.opened.append(case)
        return case

    def next_id(self) -> int:
        self._opened_in_all += 1
        return next_case_id(self._view.tx, self._opened_in_all - 1)

    def last_number(self, key: NumberKey) -> int:
        return read_number(self._view.tx, key)

    def record(
        self, context: Context, values: Mapping[str, Any], said: Mapping[str, Any], cause: str | None
    ) -> Entry:
        """Put the values in place and append the entry that shows exactly what changed."""
        case = context.case
        self.keep(case)
        images = self._set(case, values)
        if case.is_new and case.seq == 0:
            images = {name: getattr(case, name) for name in OPENED_COLUMNS} | self._all_images(case)
        if images and tuple(images) != ("fired",):
            case.revision += 1
            case.touched.add("revision")
        behalf = {"for": context.behalf} if context.behalf else {}
        entry = self._append(context, dumps({"set": images, "said": said, **behalf}), cause)
        if context.action.work and self._view.note_work(case, context.signer):
            self._mark.worked.append((case, context.signer))
        return entry

    def add_line(self, entry: Entry, person_id: int, lane: str, template: str, params: str) -> None:
        """A message to one person; the same person is told the same thing once, in whatever roles.

        `params` is canonical JSON.
        """
        key = f"{entry.root_id}:{entry.seq}:{person_id}:{template}"
        told = self.plan.lines[self._mark.lines :]
        if told and any(one["key"] == key for one in told):
            return
        row = {
            "key": key, "person_id": person_id, "not_before": self._now, "lane": lane, "case_id": entry.case_id,
            "seq": entry.seq, "rule": template, "params": params,
        }  # fmt: skip
        self.plan.lines.append(row)

    def keep(self, case: CaseState) -> None:
        """Remember a case as it is before the command touches it."""
        if case.id not in self._mark.before:
            self._mark.before[case.id] = (case, case.snapshot())

    def _all_images(self, case: CaseState) -> dict[str, Any]:
        images = {name: case.stored(name) for name in LOGGED_COLUMNS} | dict(case.fields or {})
        if case.bearers:
            images[BEARERS] = [one.row() for one in case.bearers]
        return images

    def _set(self, case: CaseState, values: Mapping[str, Any]) -> dict[str, Any]:
        """The after-images of what really changed."""
        images: dict[str, Any] = {}
        for name, wanted in values.items():
            value: Any = self._drawn(case, wanted) if isinstance(wanted, Draw) else wanted
            if name not in CARRIED:
                if self._put_field(case, name, value):
                    images[name] = value
                    case.touched.add(name)
            elif getattr(case, name) != value:
                setattr(case, name, value)
                images[name] = [one.row() for one in value] if name in LISTED else case.stored(name)
                case.touched.add(name)
        return images

    def _put_field(self, case: CaseState, name: str, value: Any) -> bool:
        """Whether a declared field has another value now."""
        fields = self._view.fields(case)
        if name not in fields:
            raise ValueError(f"{case.kind} has no field {name!r}: declare it in its definition")
        if fields[name] == value:
            return False
        fields[name] = value
        if self._view.definition(case).table is None:
            case.stored_data = dumps(fields)
            case.touched.add("data")
        return True

    def _drawn(self, case: CaseState, draw: Draw) -> int:
        key = (case.organization_id, draw.series, draw.year)
        last = self.plan.numbers.get(key)
        self.plan.numbers[key] = (self.last_number(key) if last is None else last) + 1
        return self.plan.numbers[key]

    def _append(self, context: Context, changes: str, cause: str | None) -> Entry:
        case, root, command = context.case, context.root, context.command
        self.keep(root)
        stored = (
            root.id, root.seq + 1, case.id, case.round, self._now, command.actor, context.signer, command.basis,
            context.action.name, int(context.action.work), cause, changes,
        )  # fmt: skip
        entry = Entry(*stored, entry_hash(root.head, stored))
        root.seq, root.head = entry.seq, entry.hash
        case.seq = entry.seq
        root.touched |= LINKED
        case.touched.add("seq")
        self.plan.entries.append(entry)
        return entry
