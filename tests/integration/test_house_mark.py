"""What is known of the house is kept between transactions, and not a moment longer than it is true."""

from collections.abc import Iterator
from threading import Thread

import pytest
from office import Office, house_at
from sqlalchemy import text

from engine.database import Tx
from engine.editions import CALENDAR, LADDER, newest, publish
from engine.standing import read_mark

# Each of them changes one thing, and afterwards the officer is refused with the word.
LEAVES = "UPDATE person SET active_until = '2026-05-31' WHERE key = 'officer'"
CHANGES = {
    "organization": "UPDATE organization SET name = 'x'",
    "department": "UPDATE department SET name = 'x'",
    "person": LEAVES,
    "post": "UPDATE post SET title = 'x'",
    "stand_in": "INSERT INTO stand_in (person_id, stand_in_id, from_on, to_on, reason, recorded_by, recorded_at) "
    "SELECT min(id), max(id), '2026-06-01', '2026-06-01', 'x', 'x', 0 FROM person",
}


class _TakenBackError(Exception):
    """Ends a transaction without its changes."""


@pytest.fixture
def elsewhere(office: Office) -> Iterator[Office]:
    """Another process at the same database: nothing that one knows is known to the other."""
    opened = Office(house_at(office.database.url, office.house.settings.data), now=office.now)
    yield opened
    opened.database.dispose()


def _mark(office: Office) -> str | None:
    with office.look() as tx:
        return read_mark(tx)


def _progress(office: Office, measure: int, by: str = "officer") -> str | None:
    return office.refusal("progress", measure, by, text="进展")


def test_whoever_leaves_elsewhere_is_refused_in_the_next_transaction(office: Office, elsewhere: Office) -> None:
    measure = office.measures(office.problem_in_work())[0]
    assert _progress(office, measure) is None

    elsewhere.write(LEAVES)

    assert _progress(office, measure) == "not_yours"


def test_a_post_given_elsewhere_counts_in_the_next_transaction(office: Office, elsewhere: Office) -> None:
    problem = office.problem_in_work()
    measure = office.measures(problem)[0]
    office.submits(measure)
    assert office.refusal("accept", measure, "finance_head") == "not_yours"

    elsewhere.write(
        "INSERT INTO post (organization_id, department_id, role, person_id, title, from_on) "
        f"SELECT organization_id, id, 'department_head', {office.people['finance_head']}, '', '2026-06-01' "
        "FROM department WHERE key = 'civil'"
    )

    assert office.refusal("accept", measure, "finance_head") is None


def test_an_hour_set_elsewhere_is_kept_to_in_the_next_transaction(office: Office, elsewhere: Office) -> None:
    """What comes next of a ladder is kept too: the hour of the day must not be."""
    problem = office.problem_in_work()
    before = office.case(problem).next_alert_at

    elsewhere.settings(opens="10:00")
    office.do("pause", problem, "coordinator", waiting_for="上级批复", reason="等待批复")
    office.do("resume", problem, "coordinator")

    assert (office.case(problem).next_alert_at, before) == (before + 90 * 60, before)


@pytest.mark.parametrize("table", [*CHANGES, "definition"])
def test_every_change_of_the_house_sets_another_mark(office: Office, table: str) -> None:
    before = _mark(office)

    if table == "definition":
        with office.database.begin() as tx:
            publish(tx, LADDER, "weekly_5_3_1", (newest(tx, LADDER, "weekly_5_3_1") or "") + "\n# anew\n")
    else:
        office.write(CHANGES[table])

    assert before not in (None, _mark(office))


def test_work_on_cases_leaves_the_mark_as_it_is(office: Office) -> None:
    before = _mark(office)

    office.problem_at_close_out()
    office.after(120).sweep()

    assert _mark(office) == before


def test_what_was_taken_back_was_never_known(office: Office) -> None:
    """A transaction sees its own changes; those after it must not, though the mark is what it was."""
    measure = office.measures(office.problem_in_work())[0]
    command = office.command("progress", measure, "officer", text="进展")

    def change_and_fail() -> None:
        with office.database.begin() as tx:
            tx.connection.execute(text(LEAVES))
            [outcome] = office.house.runtime.execute(tx, [command], office.now)
            assert outcome.refusal
            raise _TakenBackError

    with pytest.raises(_TakenBackError):
        change_and_fail()

    assert _progress(office, measure) is None


def test_a_view_from_before_a_change_leaves_nothing_of_it(office: Office) -> None:
    """It read the mark, then the house was changed in its transaction, then it asked for somebody."""
    measure = office.measures(office.problem_in_work())[0]
    office.write("UPDATE organization SET name = 'y'")  # nothing is known under the new mark

    def look_change_and_fail() -> None:
        with office.database.begin() as tx:
            view = office.house.runtime.view(tx)
            assert view.standing.last_days == {}
            tx.connection.execute(text(LEAVES))
            assert not view.is_here(office.people["officer"], office.today)
            raise _TakenBackError

    with pytest.raises(_TakenBackError):
        look_change_and_fail()

    assert _progress(office, measure) is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_waits_for_a_dossier_sees_what_the_other_one_did(office: Office, elsewhere: Office) -> None:
    """Read before the lock was free, the last measure would seem to be done, and the problem move on by itself."""
    problem = office.problem_in_work()
    measure = office.measures(problem)[0]
    office.submits(measure)
    accept = office.command("accept", measure, "civil_head")
    adding = office.opening(
        "measure", "coordinator", parent=problem, text="再清理", track="immediate",
        officer=office.people["officer"], due_on=office.day(30),
    )  # fmt: skip
    refusals = []
    with office.database.begin() as tx:
        office.house.runtime.execute(tx, [adding], office.now)
        other = Thread(target=lambda: refusals.extend(one.refusal for one in elsewhere.send(accept)))
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join()

    assert refusals == [None]
    assert office.state(problem) == "immediate_fix"


def test_an_answer_about_the_house_is_kept_until_somebody_changes_it(office: Office, elsewhere: Office) -> None:
    asked: list[str] = []

    def names_of_departments(tx: Tx) -> tuple[str, ...]:
        asked.append("")
        return tuple(tx.connection.scalars(text("SELECT name FROM department ORDER BY name")))

    def known() -> tuple[str, ...]:
        with office.look() as tx:
            return office.house.runtime.view(tx).of_house("names of departments", names_of_departments)

    before = known()
    assert known() is before
    elsewhere.write(CHANGES["department"])
    assert set(known()) == {"x"}
    assert len(asked) == 2


def test_an_answer_about_a_house_half_changed_is_left_to_nobody(office: Office) -> None:
    """It may be a page that meets the change, or the change that asks for what it has just written."""

    def name_of(tx: Tx) -> str:
        return str(tx.connection.scalar(text("SELECT name FROM person WHERE key = 'officer'")))

    def change_and_fail() -> str:
        with office.database.begin() as tx:
            view = office.house.runtime.view(tx)
            assert view.standing.mark
            tx.connection.execute(text("UPDATE person SET name = 'x' WHERE key = 'officer'"))
            assert view.of_house("name of the officer", name_of) == "x"
            raise _TakenBackError

    with pytest.raises(_TakenBackError):
        change_and_fail()
    with office.look() as tx:
        view = office.house.runtime.view(tx)
        assert view.of_house("name of the officer", name_of) == view.person(office.people["officer"]).name != "x"


def test_whether_a_deadline_is_provisional_follows_the_calendar_in_force(office: Office) -> None:
    def worked_out() -> str:
        with office.look() as tx:
            view = office.house.runtime.view(tx)
            return view.of_calendar("years", lambda calendar: str(sorted(calendar.years)))

    before = worked_out()
    with office.database.begin() as tx:
        year = 'year = 2031\nsource = "x"\n[[holidays]]\nname = "元旦"\nfirst = "2031-01-01"\nlast = "2031-01-01"\n'
        publish(tx, CALENDAR, "2031", year)
    assert worked_out() != before
