"""The statements of the hot paths, written once in Core and run as compiled text."""

from functools import cache

from sqlalchemy import Table, bindparam, insert, literal_column, or_, select, union_all, update

from engine.cases import COLUMNS
from engine.chain import ENTRY_COLUMNS
from engine.commands import Signed
from engine.database import Statement, among, per_case
from engine.standing import MARK
from engine.tables import Assignment, Case, Department, History, Line, Number, Person, Post, Signature

cases: Table = Case.__table__  # type: ignore[attr-defined]
history: Table = History.__table__  # type: ignore[attr-defined]
assignment: Table = Assignment.__table__  # type: ignore[attr-defined]
signature: Table = Signature.__table__  # type: ignore[attr-defined]
line: Table = Line.__table__  # type: ignore[attr-defined]
number: Table = Number.__table__  # type: ignore[attr-defined]
post: Table = Post.__table__  # type: ignore[attr-defined]
person: Table = Person.__table__  # type: ignore[attr-defined]
department: Table = Department.__table__  # type: ignore[attr-defined]

HISTORY_COLUMNS = (*ENTRY_COLUMNS, "hash")
CASE_COLUMNS = tuple(cases.c[name] for name in COLUMNS)
SEQ = COLUMNS.index("seq")
# Literal as in the index: with a bound value SQLite does not see that its partial index would do.
IS_LIVE = cases.c.live == literal_column("1")

GET_CASE = Statement(select(*CASE_COLUMNS).where(cases.c.id == bindparam("case_id")))
GET_CASES = Statement(select(*CASE_COLUMNS).where(among(cases.c.id)))
GET_DOSSIERS = Statement(select(*CASE_COLUMNS).where(among(cases.c.root_id)).order_by(cases.c.id))
_part = cases.alias("part")
_root_id = select(_part.c.root_id).where(_part.c.id == bindparam("case_id")).scalar_subquery()
LOCK_ROOTS = Statement(
    select(cases.c.id)
    .where(cases.c.id.in_(select(_part.c.root_id).where(among(_part.c.id))))
    .order_by(cases.c.id)
    .with_for_update()
)
# A root and its own parts, each row with the mark of the house behind it. Of parts of parts only the index is read.
GET_DOSSIER = Statement(
    select(*CASE_COLUMNS, MARK)
    .join_from(_part, cases, cases.c.root_id == _part.c.root_id)
    .where(
        _part.c.id == bindparam("case_id"),
        or_(cases.c.parent_id.is_(None), cases.c.parent_id == cases.c.root_id),
    )
    .order_by(cases.c.parent_id.nulls_first(), cases.c.id)
)
# The same with the root locked, and behind the mark the seq that the root has under the lock: who had to wait for
# it gets the rows as they were before, and has to ask again.
_locked = select(cases.c.id, cases.c.seq).where(cases.c.id == _root_id).with_for_update().cte("locked")
LOCK_DOSSIER = Statement(
    union_all(
        select(*CASE_COLUMNS, MARK, _locked.c.seq).where(cases.c.id == _locked.c.id),
        select(*CASE_COLUMNS, MARK, _locked.c.seq).where(
            cases.c.root_id == _locked.c.id, cases.c.parent_id == _locked.c.id
        ),
    )
)
_root = cases.alias("root")
GET_DUE = Statement(
    select(cases.c.id)
    .join(_root, _root.c.id == cases.c.root_id)
    .where(cases.c.next_alert_at.is_not(None), cases.c.next_alert_at <= bindparam("now"))
    .order_by(cases.c.next_alert_at, cases.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=_root, skip_locked=True)
)
GET_CHILDREN = Statement(
    select(*CASE_COLUMNS)
    .where(cases.c.root_id == bindparam("root_id"), cases.c.parent_id == bindparam("parent_id"))
    .order_by(cases.c.id)
)


@cache
def update_case(columns: tuple[str, ...]) -> Statement:
    """Sets these columns of a case, and no row when somebody else was faster (compare-and-set on `stored_seq`).

    Parameters in the order of the columns, and after them `case_id` and `stored_seq`.

    Only what changed: a column that is set has its indexes written, though its value be the same.
    """
    mine = (cases.c.id == bindparam("case_id"), cases.c.seq == bindparam("stored_seq"))
    changed = update(cases).where(*mine).values({name: bindparam(name) for name in columns})
    return Statement(changed, order=(*columns, "case_id", "stored_seq"))


INSERT_CASE = Statement(insert(cases).values({name: bindparam(name) for name in COLUMNS}))
INSERT_HISTORY = Statement(
    insert(history).values({name: bindparam(name) for name in HISTORY_COLUMNS}), order=HISTORY_COLUMNS
)
INSERT_LINE = Statement(insert(line).values({one.name: bindparam(one.name) for one in line.c}))
_BEARER = tuple(assignment.c[name] for name in ("role", "person_id", "department_id", "from_on", "to_on"))
GET_BEARERS = per_case(
    select(assignment.c.case_id, *_BEARER).order_by(assignment.c.case_id, assignment.c.id), assignment.c.case_id
)
_SIGNED = tuple(signature.c[name] for name in Signed.__slots__)
_IN_ORDER = (signature.c.round, signature.c.submission, signature.c.at, signature.c.step)
GET_SIGNATURES = Statement(select(*_SIGNED).where(signature.c.root_id == bindparam("root_id")).order_by(*_IN_ORDER))
GET_SIGNATURES_OF = Statement(
    select(signature.c.root_id, *_SIGNED).where(among(signature.c.root_id)).order_by(*_IN_ORDER)
)
GET_POSTS = Statement(
    select(post.c.organization_id, post.c.department_id, post.c.role, post.c.from_on, post.c.to_on).where(
        post.c.person_id == bindparam("person_id")
    )
)
GET_LAST_DAY = Statement(select(person.c.active_until).where(person.c.id == bindparam("person_id")))
GET_DEPARTMENT = Statement(
    select(department.c.organization_id).where(department.c.id == bindparam("department_id"))
)
GET_ENTRIES = Statement(
    select(history.c.actor, history.c.action, history.c.at, history.c.changes, history.c.work)
    .where(history.c.root_id == bindparam("root_id"), history.c.case_id == bindparam("case_id"))
    .order_by(history.c.seq.desc())
)
GET_WORKERS = Statement(
    select(history.c.case_id, history.c.signer)
    .where(
        history.c.root_id == bindparam("root_id"),
        history.c.round == bindparam("round"),
        history.c.work == 1,
    )
    .distinct()
)
# Of many dossiers, of whatever round.
GET_WORKERS_OF = Statement(
    select(history.c.root_id, history.c.round, history.c.case_id, history.c.signer)
    .where(among(history.c.root_id), history.c.work == 1)
    .distinct()
)
GET_NUMBER = Statement(
    select(number.c.value)
    .where(
        number.c.organization_id == bindparam("organization_id"),
        number.c.series == bindparam("series"),
        number.c.year == bindparam("year"),
    )
    .with_for_update()
)
