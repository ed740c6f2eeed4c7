"""Pieces of pages: each value is drawn once, by nothing but itself, and escaped like every text."""

import pytest
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup

from desk.choosing import Group, Option
from web.navigation import Shown
from web.offers import offer
from web.rendering import environment
from xiaohao.bootstrap import load_words

PIECES = {
    "pieces/text.html.j2": "{% macro draw(one) %}<td>{{ one }}</td>{% endmacro %}",
    "pieces/leaking.html.j2": "{% macro draw(one) %}{{ form_token }}{% endmacro %}",
    "pieces/dated.html.j2": "{% macro draw(one) %}{{ one | days }}{% endmacro %}",
    "page.html.j2": "{{ piece('text', value) }}{{ piece('leaking', value) }}",
}


def pieces_of(language="zh"):
    return environment(load_words(language)).globals["piece"]


@pytest.fixture
def made():
    templates = environment(load_words("zh"))
    templates.loader = DictLoader(PIECES)
    return templates


def test_a_value_is_drawn_once_and_another_one_by_itself(made):
    piece = made.globals["piece"]
    assert piece("text", "甲") is piece("text", "甲")
    assert piece("text", "乙") == "<td>乙</td>"


def test_a_piece_is_escaped_and_not_escaped_again(made):
    drawn = made.globals["piece"]("text", "<script>&")
    assert isinstance(drawn, Markup)
    assert made.from_string("{{ piece('text', '<script>&') }}").render() == "<td>&lt;script&gt;&amp;</td>"


def test_a_piece_sees_nothing_of_the_page_that_it_stands_on(made):
    page = made.get_template("page.html.j2")
    with pytest.raises(UndefinedError, match="form_token"):
        page.render(value="甲", form_token="x")  # noqa: S106  of nobody


def test_a_piece_knows_no_day_but_the_one_it_is_given(made):
    with pytest.raises(KeyError, match="visitor"):
        made.from_string("{{ piece('dated', '2026-06-01') }}").render(visitor="somebody")


def test_what_cannot_be_compared_is_no_value(made):
    with pytest.raises(TypeError, match="unhashable"):
        made.globals["piece"]("text", ["甲"])


def test_each_language_draws_its_own():
    links = (Shown("/register", "register", here=True),)
    chinese, english = (pieces_of(one)("navigation", links) for one in ("zh", "en"))
    assert ">台账<" in chinese
    assert "Register" in english
    assert 'aria-current="page"' in chinese


def test_the_page_that_is_open_is_part_of_the_value():
    draw = pieces_of()
    open_, other = ((Shown("/register", "register", here=here),) for here in (True, False))
    assert "aria-current" in draw("navigation", open_)
    assert "aria-current" not in draw("navigation", other)


def test_what_a_list_does_not_offer_makes_no_other_list():
    groups = (Group("财政所", (Option(7, "甲"), Option(12, "<乙>"))),)
    assert offer(groups, "4711") == offer(groups, "") == offer(groups, "甲")
    drawn = pieces_of()("options", offer(groups, "12"))
    assert '<option value="12" selected>&lt;乙&gt;</option>' in drawn
    assert drawn.count("selected") == 1
