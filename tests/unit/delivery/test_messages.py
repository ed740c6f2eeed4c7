"""Templates fail at the start when they are broken, and by name when a fact is missing; never with a gap."""

import pytest
from jinja2 import UndefinedError

from notifications.messages import BadTemplateError, Messages, UnknownMessageError

FACTS = {"title": "台账更新", "due_on": "2026-06-20", "today": "2026-06-12"}


def test_a_template_makes_one_paragraph_without_line_breaks() -> None:
    messages = Messages.parse({"reminder": "“{{ title }}”\n  请在{{ due_on | day }}前\n完成。\n"})

    assert messages.line_text("reminder", FACTS) == "“台账更新”请在6月20日前完成。"


def test_a_line_break_inside_a_fact_does_not_make_an_item() -> None:
    messages = Messages.parse({"reminder": "“{{ title }}”"})

    assert messages.line_text("reminder", {"title": "台账\n● 假事项"}) == "“台账● 假事项”"


def test_a_day_of_another_year_names_its_year() -> None:
    messages = Messages.parse({"reminder": "{{ due_on | day }}"})

    assert messages.line_text("reminder", {**FACTS, "due_on": "2027-01-05"}) == "2027年1月5日"


def test_text_is_not_escaped() -> None:
    assert Messages.parse({"m": "{{ title }}"}).line_text("m", {"title": "A&B <3"}) == "A&B <3"


def test_a_missing_fact_is_an_error_that_names_it() -> None:
    with pytest.raises(UndefinedError, match="title"):
        Messages.parse({"reminder": "{{ title }}"}).line_text("reminder", {})


def test_a_broken_template_stops_the_start_with_its_place() -> None:
    with pytest.raises(BadTemplateError, match="reminder, line 2"):
        Messages.parse({"reminder": "好\n{% if %}"})


def test_an_unknown_message_names_those_there_are() -> None:
    messages = Messages.parse({"reminder": "好", "closed": "好"})

    assert messages.names == {"closed", "reminder"}
    with pytest.raises(UnknownMessageError, match="'nowhere'; there are: closed, reminder"):
        messages.line_text("nowhere", {})
