"""A changed document beside the imported one: each problem has one row, and nothing is paired twice."""

from desk.compare_document import compare
from desk.same_matter import Standing
from documents.reader import read
from documents.reading import Reading


def known(*titles: str) -> list[Standing]:
    return [
        Standing(place, str(place), title, "assignment", False, "a" * 64, place, "党的领导方面", None)
        for place, title in enumerate(titles, 1)
    ]


def document(*titles: str) -> Reading:
    lines = [f"（{place}）{title}" for place, title in enumerate(titles, 1)]
    return read("反馈.txt", "\n".join(["一、党的领导方面", *lines, ""]).encode())


def words(*rows: tuple[list[Standing], Reading]) -> list[str]:
    [(there, reading)] = rows
    return [row.word for row in compare(there, there, reading)]


def test_the_same_document_has_no_differences() -> None:
    titles = ("制度落实不到位", "研讨走过场", "推诿扯皮")

    assert words((known(*titles), document(*titles))) == ["same"] * 3


def test_a_changed_title_keeps_its_problem_by_its_number() -> None:
    there = known("制度落实不到位", "研讨走过场")
    rows = compare(there, there, document("制度落实还不到位", "研讨走过场"))

    assert [row.word for row in rows] == ["changed", "same"]
    assert rows[0].changes == {"title": ("制度落实不到位", "制度落实还不到位")}
    assert rows[0].known is there[0]


def test_a_problem_put_in_between_moves_the_numbers_and_not_the_pairs() -> None:
    there = known("制度落实不到位", "研讨走过场")
    rows = compare(there, there, document("制度落实不到位", "公车管理混乱", "研讨走过场"))

    assert [row.word for row in rows] == ["same", "new", "same"]
    assert rows[2].known is there[1]


def test_what_the_new_document_lacks_is_named_last() -> None:
    there = known("制度落实不到位", "研讨走过场")
    rows = compare(there, there, document("研讨走过场"))

    assert [(row.word, row.known) for row in rows] == [("same", there[1]), ("missing", there[0])]


def test_problems_of_another_document_are_never_missing() -> None:
    there = known("制度落实不到位", "坡道被占用")

    assert [row.word for row in compare(there, there[:1], document("制度落实不到位"))] == ["same"]
