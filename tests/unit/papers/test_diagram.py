"""A drawn workflow can be read: no word lies on another word or under a line, whatever the workflow."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from shipped import REGISTRY

from desk.draw_workflow import Standing, draw
from documents.diagram import mermaid
from documents.diagram_svg import svg
from documents.text_width import width, wrapped
from xiaohao.bootstrap import load_words

NAMESPACE = "{http://www.w3.org/2000/svg}"


def drawn(kind, standing=None):
    definition = REGISTRY.parse(REGISTRY.workflows[kind], kind)
    return draw(definition, 3, REGISTRY, load_words("zh"), standing)


def parsed(diagram):
    return ElementTree.fromstring(svg(diagram))  # noqa: S314  our own text


def box_of(start, end):
    (x, y), (to_x, to_y) = start, end
    return min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)


def texts(root):
    """(left, top, right, bottom) of every text, with the text."""
    for one in root.iter(f"{NAMESPACE}text"):
        size, x, y = (float(one.get(name)) for name in ("font-size", "x", "y"))
        wide = width(one.text, size)
        left = x - wide / 2 if one.get("text-anchor") == "middle" else x
        yield (left, y - size * 0.8, left + wide, y + size * 0.15), one.text


def segments(root):
    for one in root.iter(f"{NAMESPACE}path"):
        if one.get("fill") == "none":
            points = re.findall(r"[ML]([\d.]+) ([\d.]+)", one.get("d"))
            yield from pairwise((float(x), float(y)) for x, y in points)


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("kind", REGISTRY.workflows)
def test_no_word_lies_on_another_or_under_a_line(kind):
    root = parsed(drawn(kind))
    words = list(texts(root))
    assert [(a[1], b[1]) for a, b in combinations(words, 2) if overlap(a[0], b[0])] == []
    lines = [box_of(start, end) for start, end in segments(root)]
    crossed = [text for box, text in words if any(overlap(box, line) for line in lines)]
    assert crossed == []


@pytest.mark.parametrize("kind", REGISTRY.workflows)
def test_everything_lies_on_the_paper(kind):
    root = parsed(drawn(kind))
    wide, high = float(root.get("width")), float(root.get("height"))
    for (left, top, right, bottom), text in texts(root):
        assert left >= 0, text
        assert top >= 0, text
        assert right <= wide, text
        assert bottom <= high, text


def test_every_state_and_every_move_is_drawn_and_the_present_state_marked():
    diagram = drawn("problem", Standing("problem", 3, "close_out", "台账<不实>&“空白”"))
    said = [text for _, text in texts(parsed(diagram))]
    definition = REGISTRY.parse(REGISTRY.workflows["problem"], "problem")

    assert {one.label["zh"] for one in definition.states.values()} <= set(said)
    for action in definition.actions.values():
        if action.target not in ("=", "<"):
            lines = [one for one in said if one.startswith(action.label["zh"])]
            assert len(lines) >= len(set(action.sources) - {action.target}), action.name
    assert "现在在这里" in said
    assert said[0] == "具体问题流程图（第 3 版）：台账<不实>&“空白”"


def test_automatic_moves_are_dashed_and_only_they():
    dashed = svg(drawn("problem")).count("stroke-dasharray")
    autos = [move for move in drawn("problem").moves if move.auto]
    assert dashed == len(autos) + 1  # and the one of the legend
    assert "stroke-dasharray" not in svg(drawn("evidence")).split("自动流转")[0].rpartition("<path")[0]


def test_mermaid_names_states_moves_and_the_present_one():
    text = mermaid(drawn("problem", Standing("problem", 3, "close_out", "甲")))
    assert '    state "销号审核" as close_out\n' in text
    assert "    [*] --> feedback\n" in text
    assert "    feedback --> assignment : 确认问题\n" in text
    assert "    immediate_fix --> time_limited_fix : 立行立改完成（自动流转）\n" in text
    assert "    class close_out current\n" in text
    assert "    class closed resting\n" in text


def test_lines_break_where_they_are_full_and_never_before_a_closing_mark():
    assert wrapped("整改办、组长", 10, 30) == ("整改办、", "组长")
    assert wrapped("", 10, 30) == ()
    assert width("abc整", 10) == pytest.approx(26.8)
