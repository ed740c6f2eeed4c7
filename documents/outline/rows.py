"""Rows of a table of problems, taken into the tree of titles."""

from typing import Protocol

from documents import numerals
from documents.folding import fold
from documents.marks import Mark
from documents.outline.entries import Entry
from documents.outline.tables import AREA, HEADING, PROBLEM, Row
from documents.outline.tree import Node, Placement
from documents.sentences import bare


class Growing(Protocol):
    """The tree while it grows."""

    current: Node

    def open(self, entry: Entry, kind: str) -> Placement: ...

    def answer(self, text: str) -> Placement: ...


def take(row: Row, growth: Growing) -> list[Placement]:
    """Open what a row names anew, and take its other cells as the answer; one placement for each entry."""
    placed = {entry.index: _open(entry, role, place, growth) for role, place, entry in _titles(row)}
    growth.current.basis = "table"
    for entry, role in zip(row.entries, row.roles, strict=True):
        if role == "number":
            placed[entry.index] = _number(entry, row, growth)
        elif entry.index not in placed:
            placed[entry.index] = _column(entry, role, growth)
    return [placed[entry.index] for entry in row.entries]


def _titles(row: Row) -> list[tuple[str, int, Entry]]:
    roles = (AREA, HEADING, PROBLEM)
    return [(role, place, entry) for role in roles for place, entry in enumerate(row.of(role))]


def _open(entry: Entry, role: str, place: int, growth: Growing) -> Placement:
    """Open a title; a further paragraph of its cell, or an area that is open already, adds to what there is."""
    above = (growth.current, *growth.current.ancestors())
    is_open = role == AREA and any(node.kind == role and node.title == bare(entry.body) for node in above)
    if place == 0 and not is_open:
        return growth.open(entry, role)
    growth.current.detail.append(entry.text)
    return Placement(growth.current, "detail")


def _number(entry: Entry, row: Row, growth: Growing) -> Placement:
    """Give the number of the row to the title it opened, unless that has one of its own."""
    value = numerals.parse(fold(entry.text).strip("(). 、"))
    node = growth.current
    if value and node.entry in row.entries and node.mark is None:
        node.mark = Mark(node.kind, str(value), entry.text)
    return Placement(node, "title")


def _column(entry: Entry, role: str, growth: Growing) -> Placement:
    if role == "answer":
        growth.current.labelled = growth.current.answering = True
        return growth.answer(entry.text)
    return growth.answer(f"{role.removeprefix('field:')}：{entry.text}")
