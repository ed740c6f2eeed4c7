"""One person looking at many dossiers at once: what is theirs, what the door would let through, what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import and_, bindparam, func, or_, select

from desk.desk import Desk
from desk.homes.matter import Button, Matter
from desk.steps import current_definition
from engine import statements as sql
from engine.cases import CaseState
from engine.chain import Entry
from engine.commands import OPEN, Refusal
from engine.database import Statement, Tx, among, one_of
from engine.deadlines import Pause, days_left
from engine.definitions import Action
from engine.permissions import holds_any
from engine.statements import IS_LIVE
from engine.term_steps import pause_blanks
from engine.view import FOR_GOOD, View
from engine.words import Words
from engine.working_days import local_day
from workflows.letters import letter_name
from workflows.rectification.delegations import WORKING
from workflows.rectification.facts import FIX_STATES, TRACKS, is_waiting, of_track
from workflows.rectification.letters import INSTRUCTION, LETTER
from workflows.rectification.register import clock_of
from workflows.rectification.tables import TABLES
from workflows.rectification.wording import number_text

_CASE, _BEARER = sql.cases, sql.assignment
_FIRST_DUE = func.min(_CASE.c.due_on)
GET_BORNE = Statement(
    select(_CASE.c.root_id, _FIRST_DUE)
    .join(_BEARER, _BEARER.c.case_id == _CASE.c.id)
    .where(_BEARER.c.person_id == bindparam("person_id"), _BEARER.c.role == bindparam("role"))
    .where(_BEARER.c.to_on.is_(None), IS_LIVE)
    .group_by(_CASE.c.root_id)
    .order_by(_FIRST_DUE, _CASE.c.root_id)
)
# What somebody bears until a day: on loan, or in their own last days.
GET_ENDING = Statement(
    select(_CASE.c.root_id)
    .join(_BEARER, _BEARER.c.case_id == _CASE.c.id)
    .where(_BEARER.c.person_id == bindparam("person_id"), _BEARER.c.to_on >= bindparam("today"))
    .where(one_of(_BEARER.c.role, WORKING), IS_LIVE)
    .distinct()
)
_IN_WORK = (
    select(_CASE.c.id)
    .where(_CASE.c.organization_id == bindparam("organization_id"), _CASE.c.kind == "problem", IS_LIVE)
    .order_by(_CASE.c.due_on, _CASE.c.id)
)
GET_IN_WORK = Statement(_IN_WORK)
_PROBLEM = TABLES["problem"]
GET_EXCEPTIONS = Statement(
    _IN_WORK.join(_PROBLEM, _PROBLEM.c.case_id == _CASE.c.id).where(
        or_(
            _CASE.c.due_on < bindparam("today"),
            _CASE.c.state == "close_out",
            _PROBLEM.c.stage_until.is_not(None),
        )
    )
)
# Requests for more time live below what they ask for; one that is granted beyond the period waits to be reported.
GET_ASKED = Statement(
    select(_CASE.c.root_id)
    .where(_CASE.c.organization_id == bindparam("organization_id"), _CASE.c.kind == "extension", IS_LIVE)
    .distinct()
)
# What is asked for or was answered is little: it is read by itself, not looked for in every problem.
_PART = _CASE.alias("part")
_ASKING = and_(_PART.c.kind == "extension", one_of(_PART.c.state, ("requested", "to_report")))
_ANSWERED = and_(one_of(_PART.c.kind, (LETTER, INSTRUCTION)), _PART.c.state == "answered")
_OF_PART = select(_PART.c.root_id).where(
    _PART.c.organization_id == bindparam("organization_id"), or_(_ASKING, _ANSWERED)
)
GET_TO_ARRANGE = Statement(
    _IN_WORK.where(
        or_(
            one_of(_CASE.c.state, ("feedback", "assignment", "close_out", "disputed")),
            _CASE.c.id.in_(_OF_PART),
        )
    )
)
MOST_READ = 400
PART_ENTRIES = ("return", "submit", "withdraw", "reopen", "alert")
ROOT_ENTRIES = ("return_to_work", "not_recognize", "find_relapse", "relapse")
_ENTRY = sql.history
GET_PAST = Statement(
    select(*(_ENTRY.c[name] for name in sql.HISTORY_COLUMNS))
    .where(among(_ENTRY.c.root_id), one_of(_ENTRY.c.action, (*PART_ENTRIES, *ROOT_ENTRIES)))
    .order_by(_ENTRY.c.root_id, _ENTRY.c.seq)
)


@dataclass
class Looking:
    """A person at an instant (epoch seconds UTC; `today` is its local day), inside one reading transaction."""

    desk: Desk
    tx: Tx
    person_id: int
    now: int
    today: date
    left_out: int = 0
    _past: dict[int, list[Entry]] = field(default_factory=dict)
    _openings: dict[str, Action] = field(default_factory=dict)

    @cached_property
    def view(self) -> View:
        return self.desk.runtime.view(self.tx)

    @property
    def words(self) -> Words:
        return self.desk.words

    @cached_property
    def actor(self) -> str:
        return str(self.person_id)

    @property
    def day(self) -> str:
        return self.today.isoformat()

    # --- whose ---

    def places(self, *roles: str) -> list[int]:
        """The organisations in which the person holds one of these roles today."""
        return self._held(roles, 0)

    def departments(self, *roles: str) -> list[int]:
        return self._held(roles, 1)

    def _held(self, roles: Iterable[str], column: int) -> list[int]:
        """Of the posts in force the organisation (0) or department (1), each once."""
        rows = self.view.posts(self.person_id)
        found = (row[column] for row in rows if row[2] in roles and row[3] <= self.day <= (row[4] or FOR_GOOD))
        return list(dict.fromkeys(one for one in found if one is not None))

    def borne(self, role: str) -> list[int]:
        """The dossiers in which the person bears a role towards what lives, the nearest deadline first."""
        return [row[0] for row in self.tx.run(GET_BORNE, {"person_id": self.person_id, "role": role})]

    def ending(self) -> list[int]:
        """The dossiers in which the person does an officer's work only until a day that is not over."""
        return [row[0] for row in self.tx.run(GET_ENDING, {"person_id": self.person_id, "today": self.day})]

    def found(self, statement: Statement, *roles: str) -> list[int]:
        """The problems that a statement finds in the organisations where the person holds one of these roles."""
        asked: dict[str, int | str] = {"today": self.day} if statement is GET_EXCEPTIONS else {}
        places = self.places(*roles)
        return [row[0] for place in places for row in self.tx.run(statement, {"organization_id": place, **asked})]

    def problems(self, root_ids: Iterable[int]) -> list[CaseState]:
        """The problems among these dossiers, read whole with everything below them, by their ids.

        Nobody reads more than the first `MOST_READ` on one page: what is left out is counted.
        """
        wanted = list(dict.fromkeys(root_ids))
        ids = sorted(wanted[:MOST_READ])
        if not ids:
            return []
        self.left_out += len(wanted) - len(ids)
        self.view.load_dossiers(ids)
        self._load_past(ids)
        return [case for case in map(self.view.case, ids) if case.kind == "problem"]

    # --- what may be done ---

    def refusal(self, case: CaseState, action: str) -> Refusal | None:
        found = self.view.definition(case).actions[action]
        return self.desk.runtime.refusal(self.view, case, found, self.actor, self.now)

    def buttons(self, case: CaseState, *actions: str) -> tuple[Button, ...]:
        """Those of these actions that are possible now, in their order."""
        definition = self.view.definition(case)
        known = [definition.actions[name] for name in actions if name in definition.actions]
        return tuple(self._button(case, one) for one in known if self.refusal(case, one.name) is None)

    def _button(self, case: CaseState, action: Action) -> Button:
        asks = any(param.required for param in action.params)
        return Button(case.id, action.name, self.words.label(action.label), asks, case.revision)

    def to_open(self, case: CaseState, kind: str) -> tuple[Button, ...]:
        """Opens a part of this kind, for who has a role in it; its guards are asked when the form is."""
        opening = self._opening(kind)
        if not holds_any(self.view, case, self.actor, opening.roles, self.day):
            return ()
        label = self.words.label(opening.label)
        return (Button(case.id, OPEN, label, asks=True, revision=case.revision, opens=kind),)

    def _opening(self, kind: str) -> Action:
        if kind not in self._openings:
            self._openings[kind] = current_definition(self.desk, self.tx, kind).opening
        return self._openings[kind]

    # --- how it is shown ---

    def matter(self, case: CaseState, notes: Iterable[str] = (), *actions: str) -> Matter:
        """A case with its possible steps; where the first of `actions` is refused, with the reason."""
        problem = self.view.root(case)
        of_problem = self.view.fields(problem)
        buttons = self.buttons(case, *actions)
        pause = clock_of(self.view, case).pause
        refused = None if buttons or not actions else self.refusal(case, actions[0])
        return Matter(
            case_id=case.id,
            kind=case.kind,
            root_id=problem.id,
            number=number_text(of_problem),
            title=of_problem["title"],
            text=self._text(case),
            state=self.standing(case),
            due_on=case.due_on,
            left=self._left(case, pause),
            waiting=self.is_waiting(case),
            paused=self.words.say("pause.standing", **pause_blanks(pause)) if pause else "",
            notes=tuple(notes),
            buttons=buttons,
            blocked=self.desk.words.refusal(refused) if refused else "",
        )

    def _text(self, case: CaseState) -> str:
        """What a part is about; a problem has its title."""
        if case.is_root:
            return ""
        fields = self.view.fields(case)
        if case.kind == INSTRUCTION:
            return self.words.say("home.instruction", text=fields["text"])
        return letter_name(fields) if case.kind == LETTER else fields.get("text") or ""

    def _left(self, case: CaseState, pause: Pause | None) -> int | None:
        """Local days until the deadline; while it is paused no day counts. None where nothing is owed."""
        if case.due_on is None or not case.live:
            return None
        until = min(self.today, pause.start - timedelta(days=1)) if pause else self.today
        return days_left(until, date.fromisoformat(case.due_on))

    def is_waiting(self, case: CaseState) -> bool:
        return is_waiting(case, self.view) if case.is_root else case.state == "submitted"

    def standing(self, case: CaseState) -> str:
        """The state in words; of a problem in work how far its tracks are."""
        if case.is_root and case.state in FIX_STATES:
            return self.words.say("tracks.in_work", **self._track_counts(case))
        return self.words.label(self.view.definition(case).states[case.state].label)

    def _track_counts(self, problem: CaseState) -> Mapping[str, str]:
        counts = {}
        for track in TRACKS:
            all_of = of_track(self.view, problem, track)
            counts[track] = f"{sum(one.state == 'accepted' for one in all_of)}/{len(all_of)}"
        return counts

    # --- what happened ---

    def past(self, case: CaseState) -> list[Entry]:
        """What sent a case back or reminded of it, oldest first."""
        return self._past.get(case.id, [])

    def day_of(self, entry: Entry) -> str:
        zone = self.view.body(self.view.case(entry.root_id).organization_id).settings.zone
        return local_day(entry.at, zone).isoformat()

    def _load_past(self, root_ids: list[int]) -> None:
        for row in self.tx.run(GET_PAST, {"ids": self.tx.many(root_ids)}):
            entry = Entry(*row)
            self._past.setdefault(entry.case_id, []).append(entry)
