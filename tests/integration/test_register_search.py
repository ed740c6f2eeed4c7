"""The register a page at a time: what the filter asks for, each row once, and no row read that is not shown."""

from dataclasses import replace
from typing import Any

import pytest
from counting import counted
from office import SHANGHAI, Office
from sqlalchemy import text

from desk import search_register
from desk.figures import figures
from desk.finding import Inspection
from desk.head_page import HeadPage, head_page
from desk.make_notice import Wording, notice_facts
from desk.make_register import register_sheet, summary
from desk.search_register import (
    Page,
    Search,
    areas,
    chosen_columns,
    exported,
    found_figures,
)
from engine.working_days import local_day


def there(office: Office) -> Inspection:
    return Inspection(office.inspection, office.organizations["street"], "")


def page(office: Office, search: Search, size: int = 50) -> Page:
    with office.look() as tx:
        view = office.house.runtime.view(tx)
        today = local_day(office.now, SHANGHAI)
        return search_register.search_register(office.house.desk, view, there(office), search, today, size)


def found(office: Office, **asked: Any) -> list[int]:
    return [row.id for row in page(office, Search(**asked)).register.rows]


def pages(office: Office, search: Search, size: int) -> list[list[int]]:
    """All pages, one after the other."""
    got = []
    while True:
        one = page(office, search, size)
        got.append([row.id for row in one.register.rows])
        if not one.following:
            return got
        search = replace(search, after=one.following)


def meeting_page(office: Office) -> HeadPage:
    with office.look() as tx:
        return head_page(office.house.runtime.view(tx), office.register())


@pytest.fixture
def five(office: Office) -> list[int]:
    """A late one, one near its deadline, one signed in time, a closed one, one that is not assigned yet."""
    late = office.problem_in_work(number="1", due=office.day(5), department="finance")
    near = office.problem_in_work(number="2", due=office.day(20), lead="other_lead", officers=["colleague"])
    signing = office.problem_at_close_out("3", due=office.day(10))
    closed = office.closed_problem("4")
    fresh = office.opens_problem("（６）", "健身器材损坏", area="党的领导方面", key_problem=True)
    office.after(15)
    return [late, near, signing, closed, fresh]


def test_each_filter_gives_what_it_asks_for(office: Office, five: list[int]) -> None:
    late, near, signing, closed, fresh = five
    office.do("mark_long_term", near, "coordinator", long_term=True)
    asked: list[tuple[dict[str, Any], list[int]]] = [
        ({}, five),
        ({"area": "党的领导方面"}, [fresh]),
        ({"department": office.departments["finance"]}, [late]),
        ({"official": office.people["other_lead"]}, [near]),
        ({"officer": office.people["colleague"]}, [near]),
        ({"state": "close_out"}, [signing]),
        ({"done": True}, [closed]),
        ({"done": False}, [late, near, signing, fresh]),
        ({"overdue": True}, [late]),
        ({"key_problem": True}, [fresh]),
        ({"long_term": True}, [near]),
        ({"text": "健身"}, [fresh]),
        ({"text": "（6）"}, []),
        ({"text": "６"}, [fresh]),
        ({"text": "%"}, []),
        ({"text": "健身", "done": True}, []),
    ]
    for given, wanted in asked:
        assert found(office, **given) == wanted, given


def test_work_signed_in_time_is_not_called_overdue(office: Office, five: list[int]) -> None:
    assert found(office, overdue=True) == [five[0]]


def test_in_the_order_of_deadlines_what_is_in_work_comes_first(office: Office, five: list[int]) -> None:
    late, near, signing, closed, fresh = five
    assert found(office, order="deadline") == [late, signing, near, closed, fresh]
    assert found(office, order="newest") == five[::-1]


@pytest.mark.parametrize("order", search_register.ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_row_stands_on_one_page(
    office: Office, five: list[int], order: search_register.Order, size: int
) -> None:
    whole = found(office, order=order)
    turned = pages(office, Search(order=order), size)
    assert [one for some in turned for one in some] == whole
    assert all(len(some) == size for some in turned[:-1])
    assert sorted(whole) == five


def test_a_page_of_overdue_ones_is_full_though_many_between_them_are_not(office: Office) -> None:
    ids = office.many_problems(9, due=office.day(3))
    for done in ids[1::2]:
        office.finishes(office.measures(done)[0])
    office.after(9)

    assert pages(office, Search(overdue=True), 2) == [[ids[0], ids[2]], [ids[4], ids[6]], [ids[8]]]


@pytest.mark.parametrize("after", ["x", "12.", "rest.x", "9" * 30, "'; DROP", "-1"])
def test_a_place_that_is_none_is_the_first_page(office: Office, five: list[int], after: str) -> None:
    assert found(office, after=after) == five


def test_as_many_queries_for_twelve_rows_as_for_two(office: Office) -> None:
    def queries() -> int:
        with counted(office.database) as count:
            page(office, Search())
            return count()

    office.many_problems(2, due=office.day(9))
    before = queries()
    office.many_problems(10, due=office.day(9))
    assert queries() == before


@pytest.mark.parametrize(
    ("part", "index"),
    [("document", "ix_problem_inspection"), ("newest", "ix_problem_inspection"), ("dated", "ix_cases_live_due")],
)
def test_a_page_is_found_by_index_and_needs_no_sorting(
    office: Office, part: search_register.Part, index: str
) -> None:
    office.opens_inspection()
    inspection = there(office)
    params = {"inspection_id": inspection.id, "organization_id": inspection.organization_id}
    with office.look() as tx:
        if not tx.is_sqlite:
            # A table of no rows is read whole for less; what matters is what is done with a full one.
            for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan", "enable_hashjoin"):
                tx.connection.execute(text(f"SET LOCAL {setting} = off"))
        prefix = "EXPLAIN QUERY PLAN" if tx.is_sqlite else "EXPLAIN"
        asked, bind = search_register.page_of((), part).compiled[tx.dialect]
        values = bind({**params, "day": "", "last": 7, "size": 51})
        plan = str(tx.connection.exec_driver_sql(f"{prefix} {asked}", values).all())
    assert index in plan
    assert not any(word in plan for word in ("TEMP B-TREE", "Sort", "SCAN problem", "SCAN cases"))


@pytest.mark.usefixtures("five")
def test_the_workbook_holds_exactly_what_the_search_finds_in_the_chosen_columns(office: Office) -> None:
    search = Search(done=False, order="deadline")
    columns = chosen_columns(["title", "number", "no such column"])
    with office.look() as tx:
        view, today = office.house.runtime.view(tx), local_day(office.now, SHANGHAI)
        register = exported(office.house.desk, view, there(office), search, today)
    assert register is not None
    sheet = register_sheet(register, columns)
    assert [column.key for column in sheet.columns] == ["number", "title"]
    assert [row[0] for row in sheet.rows] == ["1", "3", "2", "（６）"]


def test_what_was_merged_shows_on_a_page_as_in_the_whole_register(office: Office) -> None:
    notice = office.opens_problem("立1", "健身器材破损", source="immediate_notice")
    office.do("confirm", notice, "coordinator")
    office.files_evidence(notice, "coordinator")
    problem = office.opens_problem("13", "健身器材破损")
    office.do("merge", notice, "coordinator", into=problem, kind="same_matter", reason="同一处")
    whole, shown = office.register(), page(office, Search()).register
    assert "并入立1，巡察期间先行整改" in shown.where_it_stands(shown.rows[0])
    assert shown.rows[0].all_evidence == ("立1-0-1",)
    assert register_sheet(shown).rows == register_sheet(whole).rows


def test_areas_stand_in_the_order_of_the_document(office: Office) -> None:
    for number, area in enumerate(["组织建设方面", "党的领导方面", "组织建设方面"]):
        office.opens_problem(str(number), area=area)
    with office.look() as tx:
        assert areas(office.house.runtime.view(tx), there(office)) == ["组织建设方面", "党的领导方面"]


@pytest.mark.usefixtures("five")
def test_register_page_heads_page_and_notice_say_the_same_figures(office: Office) -> None:
    register = office.register()
    counts = register.counts()
    wording = Wording("通报", "街道", (), (), (), None)
    with office.look() as tx:
        view, today = office.house.runtime.view(tx), local_day(office.now, SHANGHAI)
        on_page = found_figures(view, there(office), Search(), today)
        overdue = found_figures(view, there(office), Search(overdue=True), today)

    assert counts == {"total": 5, "done": 1, "overdue": 1}
    assert (on_page, overdue.total) == (meeting_page(office).figures, 1)
    assert (on_page.total, on_page.done, on_page.overdue) == tuple(counts.values())
    assert "共 5 个问题，已销号 1 个，逾期 1 个。" in summary(register)[0]
    assert "反馈的5个具体问题已完成整改1个" in notice_facts(register, wording).overview[0]


def test_the_heads_page_names_who_has_what_in_rank_order_and_the_last_reminder(
    office: Office, five: list[int]
) -> None:
    late, near, signing, _closed, fresh = five
    office.beat()
    shown = meeting_page(office)

    assert [(one.official, one.department, [p.id for p in one.problems]) for one in shown.groups] == [
        ("lead同志", "社会事务办", [signing]),
        ("lead同志", "财政所", [late]),
        ("other_lead同志", "社会事务办", [near]),
        ("", "", [fresh]),
    ]
    [behind] = [p for one in shown.groups for p in one.problems if p.late]
    assert (behind.id, behind.time, behind.officers) == (late, "逾期10天", "officer同志")
    assert behind.escalated.startswith("2026-06-16 ")
    assert shown.done == ("4",)


def test_whoever_has_the_most_overdue_is_not_put_first(office: Office) -> None:
    for number in "123":
        office.problem_in_work(number=number, due=office.day(2), lead="other_lead")
    office.problem_in_work(number="4", due=office.day(60))
    office.after(9)

    assert [one.official for one in meeting_page(office).groups] == ["lead同志", "other_lead同志"]


def test_the_figures_of_a_long_list_are_those_of_its_rows_whatever_happened(office: Office) -> None:
    """Late, late before it was paused, paused in time, done for a stage, disputed, signed late."""
    due = office.day(5)
    paused_in_time, paused_late, staged, disputed, late, signed = (
        office.problem_in_work("immediate", "time_limited", number=str(number), due=due) for number in range(6)
    )
    office.do("pause", paused_in_time, "coordinator", waiting_for="区里", reason="等批复")
    office.finishes(office.measures(staged)[0])
    office.do("request_stage", staged, "civil_head", until=office.day(90), reason="等预算")
    office.do("approve_stage", staged, "lead")
    office.after(8)
    office.do("pause", paused_late, "coordinator", waiting_for="区里", reason="等批复")
    office.do("dispute", disputed, "civil_head", reason="数据有误")
    for measure in office.measures(signed):
        office.finishes(measure)
    office.after(30)

    register = office.register()
    assert [row.id for row in register.rows if row.is_overdue(register.as_of)] == [
        paused_late,
        disputed,
        late,
        signed,
    ]
    assert found(office, overdue=True) == [paused_late, disputed, late, signed]
    with office.look() as tx:
        view, today = office.house.runtime.view(tx), local_day(office.now, SHANGHAI)
        on_page = found_figures(view, there(office), Search(), today)
        of_body = figures(view, [there(office)], today)[office.inspection]
    assert on_page == of_body
    assert register.counts() == {"total": on_page.total, "done": on_page.done, "overdue": on_page.overdue}
