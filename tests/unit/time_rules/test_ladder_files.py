"""Ladders as data: what a file may say, and every fault by file, path and remedy."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.faults import FaultsError
from engine.ladder_files import Audience, parse_ladder
from engine.ladders import ALWAYS, AfterAlerts, Conditions, Days, Every, Ladder, Letter, ShareLeft

ROLES = frozenset({"officer", "department_head", "lead_official", "head", "auditor"})
HEARING = Audience(ROLES, ("problem", "measure"), ROLES - {"auditor"}, frozenset({"close_out"}))

PRESETS = sorted(path.stem for path in (Path(__file__).parents[3] / "config" / "ladders").glob("*.toml"))

LADDER = """
name = "invented"
label = { zh = "示例", en = "Example" }
source = "made up"

[[steps]]
name = "warning"
label = { zh = "预警", en = "Warning" }
trigger = { days = -3, unit = "workday" }
roles = ["officer"]
colour = "blue"
level = 1

[[steps]]
name = "overdue"
label = { zh = "逾期", en = "Overdue" }
trigger = { every = "week", first = 1 }
roles = ["officer"]
lane = "urgent"
level = 2
"""

WARNING = "trigger = { days = -3, unit = "
LAST = "level = 2"


def parsed(text: str) -> Ladder:
    return parse_ladder(tomllib.loads(text), "invented.toml", HEARING, text)


def faults_of(text: str) -> list[str]:
    with pytest.raises(FaultsError) as refused:
        parsed(text)
    return [str(fault) for fault in refused.value.faults]


def test_a_ladder_says_when_to_whom_in_which_colour_and_lane() -> None:
    ladder = parsed(LADDER)
    warning, overdue = ladder.steps
    assert (ladder.name, ladder.source, ladder.label["en"]) == ("invented", "made up", "Example")
    assert warning.trigger == Days(-3, "workday")
    assert (warning.roles, warning.colour, warning.lane, warning.level) == (("officer",), "blue", "digest", 1)
    assert warning.when is ALWAYS
    assert overdue.trigger == Every("week", first=1, last=None)
    assert (overdue.colour, overdue.lane, overdue.label["zh"]) == (None, "urgent", "逾期")


@pytest.mark.parametrize(
    ("written", "trigger"),
    [
        ("{ days = 0 }", Days(0)),
        ("{ days = 3660 }", Days(3660)),
        ("{ percent_left = 30 }", ShareLeft(0.3)),
        ("{ percent_left = 0 }", ShareLeft(0)),
        ("{ percent_left = 100 }", ShareLeft(1)),
        ('{ every = "day", first = 1, last = 1 }', Every("day", 1, 1)),
        ('{ every = "month", last = -6 }', Every("month", None, -6)),
        ('{ every = "day", first = 1, last = 7 }', Every("day", 1, 7)),
        ('{ every = "week", first = 1, on = "thursday" }', Every("week", 1, None, 3)),
        ('{ every = "month", on = 28 }', Every("month", None, None, 28)),
    ],
)
def test_each_trigger_has_its_spelling(written: str, trigger: object) -> None:
    assert parsed(LADDER.replace('{ days = -3, unit = "workday" }', written)).steps[0].trigger == trigger


def test_conditions_are_added_to_a_trigger() -> None:
    when = (
        'when = { states = ["close_out"], no_progress_since_days = 9, unanswered_days = 5, '
        'after_alerts = { step = "warning", times = 2, consecutive = true } }'
    )
    assert parsed(LADDER.replace(LAST, f"{LAST}\n{when}")).steps[1].when == Conditions(
        frozenset({"close_out"}), 9, AfterAlerts("warning", 2, consecutive=True), 5
    )


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ('source = "made up"', "", "source: missing"),
        ('name = "invented"', 'name = "In vented"', "name: 'In vented' is not a name"),
        ('zh = "示例", ', "", "label: no text in zh"),
        ('name = "overdue"', 'name = "warning"', "steps[1].name: 'warning' is there twice"),
        ("colour =", "color =", "steps[0].color: unknown key"),
        ('lane = "urgent"', 'lane = "loud"', "steps[1].lane: unknown word 'loud'"),
        ("level = 1", "", "steps[0].level: not a number from 1 to 3660"),
        ("level = 1", 'level = "1"', "steps[0].level: '1' is not a int"),
        ('roles = ["officer"]\ncolour', "roles = []\ncolour", "steps[0].roles: nobody hears this step"),
        ('roles = ["officer"]\ncolour', 'roles = ["boss"]\ncolour', "steps[0].roles[0]: unknown role 'boss'"),
        (
            'roles = ["officer"]\ncolour',
            'roles = ["officer", "auditor"]\ncolour',
            "steps[0].roles[1]: 'auditor' hears no deadline of what follows this ladder "
            "(add it to `alert_roles` of one of: problem, measure)",
        ),
        (
            LAST,
            f'{LAST}\nwhen = {{ states = ["closing"] }}',
            "steps[1].when.states: no state 'closing' in what follows this ladder",
        ),
        (f'{WARNING}"workday" }}', "", "steps[0].trigger: missing"),
        (f'{WARNING}"workday" }}', "trigger = {}", "steps[0].trigger: names 0 kinds of trigger"),
        ("{ days = -3,", "{ days = -3, percent_left = 9,", "steps[0].trigger: names 2 kinds of trigger"),
        ("days = -3", "days = -3661", "steps[0].trigger.days: -3661 days is more than ten years"),
        ("days = -3", "percent_left = 101", "steps[0].trigger.percent_left: 101 is no percentage"),
        ('"workday"', '"hour"', "steps[0].trigger.unit: unknown word 'hour'"),
        ('"week"', '"fortnight"', "steps[1].trigger.every: unknown word 'fortnight'"),
        ("first = 1", "first = 1, last = 0", "steps[1].trigger.last: 0 is before 1"),
        ("first = 1", "first = 1, last = 9", "steps: officer hears nothing more after the last step"),
        (LAST, f"{LAST}\nwhen = {{ mood = 1 }}", "steps[1].when.mood: unknown key"),
        (LAST, f"{LAST}\nwhen = {{ no_progress_since_days = 0 }}", "no_progress_since_days: not a number from 1"),
        (
            "first = 1",
            'first = 1, on = "someday"',
            "steps[1].trigger.on: unknown word 'someday' (one of: monday",
        ),
        ('every = "week"', 'every = "month", on = 29', "steps[1].trigger.on: 29 is no day of every month"),
        ('every = "week"', 'every = "day", on = 1', "steps[1].trigger.on: 1 is no day of every day"),
        (LAST, f"{LAST}\nanswer_workdays = 3", "steps[1].answer_workdays: there is no letter to answer"),
        (LAST, f'{LAST}\nletter = "督办单"\nanswer_workdays = 0', "answer_workdays: not a number from 1 to 3660"),
        (LAST, f"{LAST}\nfinal = {{ days = 0 }}", "steps[1].final.days: not a number from 1 to 3660"),
        (LAST, f'{LAST}\nfinal = {{ days = 3, unit = "month" }}', "steps[1].final.unit: unknown word 'month'"),
        (
            LAST,
            f'{LAST}\nwhen = {{ after_final = "warning" }}',
            "after_final: no step 'warning' above that sets a final date (name a step above this one: none)",
        ),
        (
            'source = "made up"',
            'source = "made up"\nrelapse_start = "red"',
            "relapse_start: no step 'red' (name one of: warning, overdue)",
        ),
        (LAST, f"{LAST}\nwhen = {{ unanswered_days = 2 }}", "unanswered_days: does not say which alert"),
        (
            LAST,
            f'{LAST}\nwhen = {{ after_alerts = {{ step = "overdue" }} }}',
            "step: no step 'overdue' above (name a step above this one: warning)",
        ),
    ],
)
def test_every_fault_names_file_path_and_remedy(wrong: str, right: str, fault: str) -> None:
    found = faults_of(LADDER.replace(wrong, right, 1))
    assert any(one.startswith("invented.toml") and fault in one and one.endswith(")") for one in found), found


def test_a_step_may_ask_for_an_answer_in_writing_and_set_a_final_date() -> None:
    asks = f'{LAST}\nletter = "督办单"\nanswer_workdays = 3\nfinal = {{ days = 10, unit = "workday" }}'
    warning, overdue = parsed(LADDER.replace(LAST, asks)).steps
    assert (warning.letter, warning.final) == (None, None)
    assert (overdue.letter, overdue.final) == (Letter("督办单", Days(3, "workday")), Days(10, "workday"))
    default = parsed(LADDER.replace(LAST, f'{LAST}\nletter = "督办单"')).steps[1].letter
    assert default == Letter("督办单", Days(5, "workday"))


def test_after_a_relapse_the_lower_steps_speak_as_the_start_does_at_their_own_time() -> None:
    text = LADDER.replace('source = "made up"', 'source = "made up"\nrelapse_start = "overdue"')
    ladder = parsed(text)
    warning, overdue = (step for _, step in ladder.steps_in(2))
    assert tuple(step for _, step in ladder.steps_in(1)) == ladder.steps
    assert (warning.name, warning.trigger, warning.level) == ("warning", Days(-3, "workday"), 1)
    assert (warning.label["zh"], warning.lane, warning.colour) == ("逾期（反弹从严，提前提醒）", "urgent", None)
    assert overdue == ladder.steps[1]


def test_a_ladder_without_steps_is_refused() -> None:
    assert any("steps: no step" in one for one in faults_of(LADDER[: LADDER.index("[[steps]]")]))


def test_all_faults_are_listed_at_once() -> None:
    found = faults_of(LADDER.replace("level = 1", "level = 0").replace("colour", "color"))
    assert len(found) == 2


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_loads_under_its_own_name_and_tells_its_source(
    shipped: Callable[[str], Ladder], name: str
) -> None:
    ladder = shipped(name)
    assert ladder.name == name
    assert ladder.source
    assert all(step.label["zh"] and step.label["en"] for step in ladder.steps)
