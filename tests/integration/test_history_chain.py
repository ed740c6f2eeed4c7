"""History: replaying it gives the rows, and whatever is altered behind its back is found and named."""

from collections.abc import Callable
from typing import Any

import pytest
from office import Office
from sqlalchemy import text

from engine.daily_seals import broken_seals, seal_day
from engine.editions import altered
from engine.history import entries_of, fold, stored_images
from engine.seal import seal

TRIGGERS = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT 'DROP TRIGGER ' || tgname || ' ON ' || tgrelid::regclass FROM pg_trigger "
    "WHERE NOT tgisinternal",
}
Tampering = Callable[[Office, int], Any]


def _long_life(office: Office) -> int:
    """Everything that can happen to one problem, over two rounds."""
    problem = office.problem_in_work("immediate", "time_limited", "institutional", due=office.day(40))
    first, second, third = office.measures(problem)
    office.finishes(first)
    office.do("progress", second, "officer", text="已完成一半")
    office.do("no_change", second, "officer")
    office.do("hand_over", second, "coordinator", to=office.people["colleague"], reason="换岗")
    office.extends(second, "colleague", "lead", until=office.day(70))
    office.do("pause", third, "civil_head", waiting_for="上级审批", reason="待批复")
    office.after(1).do("resume", third, "officer")
    office.after(50).beat()
    office.do(
        "hand_over", problem, "coordinator", role="lead_official", to=office.people["other_lead"], reason="分工调整"
    )
    office.finishes(second, "colleague")
    office.submits(third)
    office.do("return", third, "civil_head", reason="文号不对")
    office.do("submit", third, "officer", result="已更正")
    office.do("accept_results", problem, "civil_head")
    office.do("sign", problem, "civil_head")
    office.do("set_result", problem, "officer", result="台账齐全")
    office.do("sign", problem, "civil_head")
    office.on_paper("sign", problem, "other_lead")
    office.do("sign", problem, "coordinator")
    office.holds_meeting(problem)
    office.on_paper("not_recognize", problem, "supervisor", reason="抽查不符", measures=[third])
    office.redoes(problem)
    office.do("sign", problem, "civil_head")
    office.on_paper("sign", problem, "other_lead")
    office.do("sign", problem, "coordinator")
    office.holds_meeting(problem)
    office.do("start_look_back", problem, "auditor")
    office.do("find_relapse", problem, "auditor", verdict="relapse", finding="台账又停了")
    office.assigns(problem)
    office.finishes(office.adds_measure(problem))
    office.do("begin", problem, "coordinator")
    return problem


def test_replaying_a_long_life_gives_every_row_as_it_is(office: Office) -> None:
    problem = _long_life(office)

    with office.look() as tx:
        view = office.house.runtime.view(tx)
        entries = entries_of(tx, problem)
        folded = fold(entries)
        rows = {case_id: stored_images(view, view.case(case_id)) for case_id in folded}

    assert len(entries) > 50
    assert {row.id for row in office.rows("cases", root_id=problem)} == folded.keys()
    for case_id, row in rows.items():
        assert {name: folded[case_id].get(name) for name in row if name not in ("bearers", "signatures")} == {
            name: value for name, value in row.items() if name not in ("bearers", "signatures")
        }
    assert office.breaks() == []


def test_the_chain_can_be_checked_by_hand_with_nothing_but_json_and_sha256(office: Office) -> None:
    import hashlib  # noqa: PLC0415  this is what an auditor's own script would be
    import json  # noqa: PLC0415

    problem = office.problem_at_close_out()

    head = ""
    for row in office.rows("history", root_id=problem):
        *covered, stored = row
        texts = [head, *(None if value is None else str(value) for value in covered)]
        head = hashlib.sha256(json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
        assert head == stored
    assert head == office.case(problem).head


def _run(office: Office, statement: str, **values: Any) -> int:
    return office.write(text(statement).bindparams(**values))


def _alter(column: str, value: Any) -> Tampering:
    return lambda office, root: _run(
        office, f"UPDATE history SET {column} = :value WHERE root_id = :root AND seq = 3", value=value, root=root
    )


def _delete(which: str) -> Tampering:
    return lambda office, root: _run(office, f"DELETE FROM history WHERE root_id = :root AND {which}", root=root)


def _swap(office: Office, root: int) -> None:
    for seq, moved in ((3, -1), (4, 3), (-1, 4)):
        _run(
            office,
            "UPDATE history SET seq = :to WHERE root_id = :root AND seq = :seq",
            to=moved,
            root=root,
            seq=seq,
        )


def _change(statement: str) -> Tampering:
    return lambda office, root: _run(office, statement, root=root)


def _delete_dossier_but_history(office: Office, root: int) -> None:
    """The rows of the whole dossier go; the database's foreign keys are no obstacle to who can drop them."""
    constraint = (
        "PRAGMA foreign_keys=OFF" if office.dialect == "sqlite" else "SET session_replication_role = replica"
    )
    with office.database.engine.connect() as connection:
        raw = connection.connection
        raw.execute(constraint)
        raw.execute(f"DELETE FROM cases WHERE root_id = {int(root)}")
        raw.execute(
            "PRAGMA foreign_keys=ON" if office.dialect == "sqlite" else "SET session_replication_role = origin"
        )
        raw.commit()


ALTERED = {
    "round": 2, "at": 1, "actor": "1", "signer": "1", "basis": "x", "action": "dispute", "work": 1, "cause": "1:1",
    "changes": '{"said":{},"set":{}}', "hash": "0" * 64,
}  # fmt: skip
LAST = "seq = (SELECT max(seq) FROM history other WHERE other.root_id = :root)"
TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    **{
        f"an entry's {column} altered": (_alter(column, value), "entry_altered")
        for column, value in ALTERED.items()
    },
    "an entry moved to another case": (_alter("case_id", 1), "entry_altered"),
    "one from the middle deleted": (_delete("seq = 3"), "entry_missing"),
    "the first deleted": (_delete("seq = 1"), "entry_missing"),
    "the last deleted": (_delete(LAST), "end_missing"),
    "the whole chain deleted": (_delete("seq > 0"), "end_missing"),
    "two swapped": (_swap, "entry_altered"),
    "a state changed behind it": (_change("UPDATE cases SET state = 'closed' WHERE id = :root"), "row_differs"),
    "a deadline changed": (_change("UPDATE cases SET due_on = '2030-01-01' WHERE id = :root"), "row_differs"),
    "the head changed": (_change("UPDATE cases SET head = '' WHERE id = :root"), "end_missing"),
    "a title changed": (_change("UPDATE problem SET title = '无' WHERE case_id = :root"), "row_differs"),
    "a measure's result changed": (
        _change("UPDATE measure SET result = '好' WHERE case_id IN (SELECT id FROM cases WHERE root_id = :root)"),
        "row_differs",
    ),
    "a file exchanged": (
        _change("UPDATE evidence SET sha256 = 'x' WHERE case_id IN (SELECT id FROM cases WHERE root_id = :root)"),
        "row_differs",
    ),
    "an officer exchanged": (
        _change("UPDATE assignment SET person_id = 1 WHERE role = 'officer' AND case_id = :root"),
        "row_differs",
    ),
    "a problem put into another organisation's lists": (
        _change("UPDATE problem SET organization_id = 1 WHERE case_id = :root"),
        "row_differs",
    ),
    "a part taken out of its dossier": (
        _change("UPDATE cases SET root_id = id, parent_id = NULL WHERE root_id = :root AND kind = 'measure'"),
        "case_missing",
    ),
    "an entry added": (
        _change(
            "INSERT INTO history SELECT root_id, seq + 1, case_id, round, at, actor, signer, basis, 'comment', "
            f"work, cause, changes, hash FROM history WHERE root_id = :root AND {LAST}"
        ),
        "entry_altered",
    ),
    "a signature deleted": (_change("DELETE FROM signature WHERE root_id = :root"), "row_differs"),
    "a signer exchanged": (_change("UPDATE signature SET signer = '1' WHERE root_id = :root"), "row_differs"),
    "a field's row deleted": (_change("DELETE FROM problem WHERE case_id = :root"), "unreadable"),
    "a row made unreadable": (_change("UPDATE cases SET fired = '{' WHERE id = :root"), "unreadable"),
    "the dossier deleted": (_delete_dossier_but_history, "root_missing"),
}


@pytest.mark.row(32)
def test_every_tampering_is_found_and_names_the_dossier(office: Office) -> None:
    """With the triggers dropped, as somebody with the database's password could do; one dossier for each."""
    found = {}
    roots = {}
    for number, name in enumerate(TAMPERINGS):
        roots[name] = office.problem_at_close_out(str(number))
        office.do("sign", roots[name], "civil_head")
    _free(office)
    assert office.breaks() == []

    for name, (tamper, _word) in TAMPERINGS.items():
        tamper(office, roots[name])
    for one in office.breaks():
        found.setdefault(one.root_id, one.word)

    assert {root: word for root, word in found.items() if root in roots.values()} == {
        roots[name]: word for name, (_tamper, word) in TAMPERINGS.items()
    }


def _free(office: Office) -> None:
    """As somebody could who has the database's password: no trigger left."""
    with office.look() as tx:
        drops = list(tx.connection.scalars(text(TRIGGERS[office.dialect])))
    for drop in drops:
        office.write(drop)


@pytest.mark.row(32)
def test_a_dossier_that_is_gone_with_all_its_history_is_missed_by_those_that_rest_on_it(office: Office) -> None:
    """Every chain that is left holds; but the meeting closed the problem, and history says so."""
    problem = office.signed_problem()
    office.holds_meeting(problem)
    [meeting] = office.rows("cases", kind="meeting")
    _free(office)
    _run(office, "DELETE FROM history WHERE root_id = :root", root=meeting.id)
    _delete_dossier_but_history(office, meeting.id)

    [missed] = office.breaks()
    assert (missed.root_id, missed.word, missed.detail.partition(":")[0]) == (
        problem, "cause_missing", str(meeting.id),
    )  # fmt: skip


@pytest.mark.row(32)
def test_two_dossiers_exchanged_whole_are_found(office: Office) -> None:
    """Each chain is whole, but it is the other's."""
    one, other = (office.problem_in_work(number=number) for number in "12")
    _free(office)
    for table in ("history", "cases"):
        for root, place in ((one, -1), (other, one), (-1, other)):
            _run_free(office, f"UPDATE {table} SET root_id = {place} WHERE root_id = {root}")

    assert {found.root_id for found in office.breaks()} == {one, other}


def _run_free(office: Office, statement: str) -> None:
    """Without foreign keys in the way."""
    lite = office.dialect == "sqlite"
    with office.database.engine.connect() as connection:
        raw = connection.connection
        raw.execute("PRAGMA foreign_keys=OFF" if lite else "SET session_replication_role = replica")
        raw.execute(statement)
        raw.execute("PRAGMA foreign_keys=ON" if lite else "SET session_replication_role = origin")
        raw.commit()


@pytest.mark.row(28)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE definition SET body = body || ' ' WHERE kind = 'workflow' AND name = 'problem'",
        "UPDATE definition SET hash = 'x' WHERE kind = 'workflow' AND name = 'problem'",
        "UPDATE definition SET name = 'problems' WHERE kind = 'workflow' AND name = 'problem'",
        "UPDATE definition SET number = 2 WHERE kind = 'workflow' AND name = 'problem'",
    ],
)
def test_an_edition_altered_behind_the_back_is_named(office: Office, change: str) -> None:
    with office.look() as tx:
        assert list(altered(tx)) == []
    _free(office)
    _run(office, change)

    with office.look() as tx:
        [named] = altered(tx)
    assert named.startswith("workflow problem")


def test_a_day_is_sealed_up_to_its_last_second_and_no_further(office: Office) -> None:
    office.at("2026-06-01 23:59:59").opens_problem("1")
    office.at("2026-06-02 00:00:00").opens_problem("2")
    office.at("2026-06-02 09:00:00")
    with office.database.begin() as tx:
        made = seal_day(tx, office.now)
        known = sorted(row.at for row in office.rows("history"))

    assert made is not None
    assert (made.day, made.at) == ("2026-06-01", known[-2])
    with office.look() as tx:
        assert list(broken_seals(tx)) == []
        assert len({seal(tx, made.at + more) for more in (-1, 0, 1)}) == 3
