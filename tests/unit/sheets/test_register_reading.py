"""Registers in the shapes offices give them: where the header stands, what a row belongs to, what is left out."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from documents.sheets.register import RegisterReading, read_register
from documents.sheets.workbook import Sheet, Span, Value, Workbook

PLAIN = ["序号", "方面", "具体问题", "整改措施", "牵头领导", "责任科室", "经办人", "整改时限"]


def read(*rows: list[Value], spans: tuple[Span, ...] = (), own: dict[str, str] | None = None) -> RegisterReading:
    found = maybe(*rows, spans=spans, own=own)
    assert found is not None
    return found


def maybe(
    *rows: list[Value], spans: tuple[Span, ...] = (), own: dict[str, str] | None = None
) -> RegisterReading | None:
    width = max(map(len, rows))
    even = tuple((*row, *[""] * (width - len(row))) for row in rows)
    return read_register(Workbook((Sheet("台账", even, spans),)), own or {})


def down(column: int, top: int, bottom: int) -> Span:
    return Span(top, column, bottom, column)


def test_the_header_is_found_below_title_and_origin() -> None:
    found = read(["青溪街道台账"], ["填报单位：整改办"], [], PLAIN, ["1", "", "甲不落实"])

    assert found.header.top == 3
    assert [one.title for one in found.problems] == ["甲不落实"]
    assert [one.reason for one in found.left] == ["above", "above", "above"]


def test_names_in_brackets_blanks_and_line_ends_are_the_same_names() -> None:
    labels: list[Value] = ["序 号", "存在的\n问题（简述）", "牵头单位／责任部门", "完成时限*"]
    found = read(labels, ["1", "甲不落实", "财政所", "2026.3.1"])

    assert found.header.columns.keys() == {"number", "title", "due_on", "lead_department"}
    assert found.problems[0].lead_departments == ("财政所",)


def test_a_header_of_two_rows_is_read_by_its_lower_row() -> None:
    found = read(
        ["序号", "具体问题", "责任分工", "", "整改时限"],
        ["", "", "牵头领导", "责任部门", ""],
        ["1", "甲不落实", "钱乙", "财政所", 46000.0],
        spans=(down(0, 0, 1), down(1, 0, 1), Span(0, 2, 0, 3), down(4, 0, 1)),
    )

    assert found.problems[0].lead_officials == ("钱乙",)
    assert found.problems[0].due_on == date(2025, 12, 9)


def test_rows_of_one_merged_problem_are_its_measures() -> None:
    found = read(
        PLAIN,
        ["1", "党建", "甲不落实", "立即补学", "钱乙", "财政所", "蒋寅", "2026.3.1"],
        ["", "", "", "制定学习制度", "", "", "杨巳", "2026.6.1"],
        spans=tuple(down(column, 1, 2) for column in (0, 1, 2, 4, 5)),
    )

    [problem] = found.problems
    assert [(one.text, one.track, one.officers) for one in problem.measures] == [
        ("立即补学", "immediate", ("蒋寅",)),
        ("制定学习制度", "institutional", ("杨巳",)),
    ]
    assert problem.officers == ("蒋寅", "杨巳")
    assert problem.due_on == date(2026, 6, 1)


def test_without_merged_cells_a_blank_problem_goes_on_too() -> None:
    found = read(PLAIN, ["1", "党建", "甲不落实", "补学"], ["", "", "", "研讨"], ["2", "", "乙不落实", "整顿"])

    assert [len(one.measures) for one in found.problems] == [2, 1]
    assert [one.area for one in found.problems] == ["党建", "党建"]


def test_several_problems_share_a_merged_area() -> None:
    found = read(PLAIN, ["1", "（一）党建方面", "甲"], ["2", "", "乙"], ["3", "—", "丙"], spans=(down(1, 1, 2),))

    assert [(one.area_number, one.area) for one in found.problems] == [
        ("1", "党建方面"), ("1", "党建方面"), (None, None)
    ]  # fmt: skip


def test_a_row_across_the_table_is_an_area_and_sums_are_left_out() -> None:
    across = (Span(1, 0, 1, 7), Span(3, 0, 3, 7))
    found = read(
        PLAIN, ["（二）作风方面"], ["1", "", "甲"], ["共1个问题"], ["填表人：", "", "审核人："], spans=across
    )

    assert [(one.area_number, one.area, one.title) for one in found.problems] == [("2", "作风方面", "甲")]
    assert [one.reason for one in found.left] == ["section", "summary", "summary"]


def test_the_header_of_a_second_page_is_no_problem() -> None:
    found = read(PLAIN, ["1", "", "甲"], PLAIN, ["2", "", "乙"])

    assert [one.title for one in found.problems] == ["甲", "乙"]


def test_a_register_of_headings_alone_counts_them() -> None:
    assert read(["序号", "反馈问题", "整改措施"], ["1", "甲不落实", "补学"]).problems[0].title == "甲不落实"
    both = read(["序号", "反馈问题", "具体表现"], ["1", "1.学习不深", "甲不落实"]).problems[0]
    assert (both.heading_number, both.heading, both.title) == ("1", "学习不深", "甲不落实")


def test_the_offices_own_names_come_first() -> None:
    own = {"整改内容": "title", "落实人": "officer", "备注": "-"}
    found = read(["整改内容", "落实人", "备注"], ["甲", "蒋寅", "无"], own=own)

    assert (found.problems[0].title, found.problems[0].officers) == ("甲", ("蒋寅",))
    assert not found.header.unknown


def test_columns_nobody_knows_are_named_with_their_letter() -> None:
    found = read([*PLAIN, "自定义"], ["1", "", "甲"])

    assert found.header.named(found.header.unknown) == ("I列“自定义”",)


def test_a_sheet_without_the_column_of_the_problems_is_no_register() -> None:
    assert maybe(["序号", "整改措施"], ["1", "补学"]) is None


def test_all_faults_are_found_at_once_with_their_cells() -> None:
    found = read(
        PLAIN,
        ["1", "", "甲", "补学", "钱乙", "财政所", "蒋寅", "2026.13.40"],
        ["2", "", "乙", "", "", "", "", "12月底"],
        ["3", "", "", "", "钱乙"],
    )

    assert [(one.place, one.word, one.text) for one in found.faults] == [
        ("第2行 H列 整改时限", "date", "2026.13.40"),
        ("第3行 H列 整改时限", "date", "12月底"),
        ("第4行 C列 具体问题", "no_title", ""),
    ]


MEASURES = st.lists(
    st.tuples(
        st.text(st.sampled_from("清理台账（一）；。1.【】立行立改\n2026-03-01，"), min_size=1, max_size=20).filter(
            lambda text: text.strip() == text and text.strip("\n")
        ),
        st.sampled_from(["立行立改", "限期整改", "制度促改"]),
        st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(MEASURES)
def test_measures_read_back_from_the_form_in_which_they_leave(measures: list[tuple[str, str, date]]) -> None:
    cell = "\n".join(
        f"{number}.【{track}】{text}（蒋寅，{due}）" for number, (text, track, due) in enumerate(measures, 1)
    )
    found = read(PLAIN, ["1", "", "甲", cell]).problems[0].measures

    assert [(one.text, one.due_on, one.officers) for one in found] == [
        (text, due, ("蒋寅",)) for text, _, due in measures
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=8), st.floats(allow_nan=False), st.booleans()), max_size=9), max_size=12
    )
)
def test_every_row_is_accounted_for_whatever_it_holds(rows: list[list[Value]]) -> None:
    found = read(PLAIN, *rows)

    placed = {one.row for one in found.left} | {one.row for one in found.problems}
    placed |= {measure.row for one in found.problems for measure in one.measures} | {
        one.row for one in found.faults
    }
    assert placed | {found.header.top, found.header.bottom} == set(range(len(rows) + 1))
