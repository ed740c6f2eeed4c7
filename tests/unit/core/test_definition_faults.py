"""A broken definition stops the start: every fault with its file, its path, its line and its remedy."""

import pytest

from engine.faults import Fault, FaultsError, Reader

LABEL = '{ zh = "甲", en = "A" }'
ACTION = f'label = {LABEL}\nfrom = ["sent"]\nroles = ["officer"]\n'
# Where a table begins: the text of its head, and which of them.
STATE_1 = ("[[states]]", 1)
STATE_2 = ("[[states]]", 2)
STATE_3 = ("[[states]]", 3)
ACTION_1 = ("[[actions]]", 1)
ACTION_2 = ("[[actions]]", 2)
SIGN_OFF = ("[[sign_off]]", 1)
FIELD_2 = ("[[fields]]", 2)
OPENING = ("[open]", 1)

CASES = {
    # name: (the sound text, what stands there instead, path, line, message, remedy)
    "unreachable": (
        "[[sign_off]]",
        f'[[states]]\nname = "lost"\nlabel = {LABEL}\nlive = false\nresting = true\n\n[[sign_off]]',
        "states[2]",
        STATE_3,
        "'lost' is unreachable",
        "lead an action to it",
    ),
    "trap": (
        "live = false\nresting = true",
        "live = false",
        "states[1]",
        STATE_2,
        "'answered' is a trap",
        "resting = true",
    ),
    "only a way to itself": (
        "live = false\nresting = true",
        'held_by = ["officer"]',
        "states[1]",
        STATE_2,
        "is a trap",
        "add an action",
    ),
    "nobody may take it": (
        'to = "answered"\nroles = ["officer"]',
        'to = "answered"',
        "actions[0]",
        ACTION_1,
        "nobody may take 'answer'",
        "name its roles",
    ),
    "nobody may open it": (
        'label = { zh = "发出", en = "Send" }\nroles = ["office"]',
        'label = { zh = "发出", en = "Send" }',
        "open",
        OPENING,
        "nobody may take 'open'",
        "name its roles",
    ),
    "nobody holds the state": (
        'held_by = ["officer"]\n',
        "",
        "states[0].held_by",
        STATE_1,
        "nobody holds 'sent'",
        "name who",
    ),
    "unknown guard": (
        '["has_text"]',
        '["has_stamp"]',
        "actions[0].guards",
        ACTION_1,
        "unknown guard 'has_stamp'",
        "has_text",
    ),
    "unknown operation": (
        '"note"',
        '"burn"',
        "actions[0].operation",
        ACTION_1,
        "unknown operation 'burn'",
        "one of: note",
    ),
    "unknown role of an action": (
        'to = "="\nroles = ["office"]',
        'to = "="\nroles = ["king"]',
        "actions[1].roles",
        ACTION_2,
        "unknown role 'king'",
        "officer",
    ),
    "unknown role in a state": (
        'held_by = ["officer"]',
        'held_by = ["king"]',
        "states[0].held_by",
        STATE_1,
        "unknown role 'king'",
        "officer",
    ),
    "unknown quiet role": (
        'quiet_for = ["office"]',
        'quiet_for = ["king"]',
        "states[0].quiet_for",
        STATE_1,
        "unknown role 'king'",
        "officer",
    ),
    "unknown signer": (
        'role = "office"',
        'role = "king"',
        "sign_off[0]",
        SIGN_OFF,
        "unknown role 'king'",
        "officer",
    ),
    "unknown hearer": (
        'alert_roles = ["officer"]',
        'alert_roles = ["king"]',
        "alert_roles",
        ("alert_roles = ", 1),
        "unknown role 'king'",
        "officer",
    ),
    "unknown recorder": (
        'recorders = ["office"]',
        'recorders = ["king"]',
        "recorders",
        ("recorders = ", 1),
        "unknown role 'king'",
        "officer",
    ),
    "unknown first state": (
        'initial = "sent"',
        'initial = "born"',
        "initial",
        ("initial = ", 1),
        "no state 'born'",
        "answered, sent",
    ),
    "unknown source": (
        'from = ["sent"]\nto = "="',
        'from = ["lost"]\nto = "="',
        "actions[1].from",
        ACTION_2,
        "unknown state 'lost'",
        "answered, sent",
    ),
    "unknown target": (
        'to = "answered"',
        'to = "lost"',
        "actions[0].to",
        ACTION_1,
        "unknown state 'lost'",
        "answered, sent",
    ),
    "starts nowhere": (
        'from = ["sent"]\nto = "="',
        'from = []\nto = "="',
        "actions[1].from",
        ACTION_2,
        "'remind' starts nowhere",
        "name the states",
    ),
    "state twice": (
        'name = "answered"',
        'name = "sent"',
        "states[1].name",
        STATE_2,
        "'sent' stands twice",
        "its own name",
    ),
    "action twice": (
        'name = "remind"',
        'name = "answer"',
        "actions[1].name",
        ACTION_2,
        "'answer' stands twice",
        "its own name",
    ),
    "field twice": (
        'name = "submission"',
        'name = "text"',
        "fields[1].name",
        FIELD_2,
        "'text' stands twice",
        "its own name",
    ),
    "parameter twice": (
        'choices = ["yes", "no"]',
        f'\n[[actions.params]]\nname = "text"\nlabel = {LABEL}',
        "actions[0].params[1].name",
        ACTION_1,
        "'text' stands twice",
        "its own name",
    ),
    "a name that the door keeps for itself": (
        'name = "remind"',
        'name = "alert"',
        "actions[1].name",
        ACTION_2,
        "'alert' belongs to the engine",
        "another name",
    ),
    "field named like a column": (
        'name = "submission"',
        'name = "due_on"',
        "fields[1].name",
        FIELD_2,
        "'due_on' is a column of every case",
        "another",
    ),
    "sign-off without submission": (
        'name = "submission"',
        'name = "counted"',
        "sign_off",
        SIGN_OFF,
        "a sign-off counts its submissions",
        "submission",
    ),
    "no label": (
        'label = { zh = "已回复", en = "Answered" }\n',
        "",
        "states[1].label",
        STATE_2,
        "missing",
        "add `label`",
    ),
    "no English": (', en = "Answered" }', " }", "states[1].label", STATE_2, "no text in en", "zh ="),
    "no Chinese": ('{ zh = "已回复", ', "{ ", "states[1].label", STATE_2, "no text in zh", "en ="),
    "unknown key": (
        'quiet_for = ["office"]',
        'quite_for = ["office"]',
        "states[0].quite_for",
        STATE_1,
        "unknown key",
        "quiet_for",
    ),
    "unknown key at the top": (
        "recorders =",
        "recorder =",
        "recorder",
        ("recorder = ", 1),
        "unknown key",
        "recorders",
    ),
    "missing kind": ('kind = "letter"\n', "", "kind", None, "missing", "add `kind`"),
    "missing opening": ("[open]", "[opening]", "open.label", None, "missing", "add `label`"),
    "wrong type of a flag": (
        "resting = true",
        "resting = 1",
        "states[1].resting",
        STATE_2,
        "1 is not a bool",
        "write a bool",
    ),
    "wrong type of a list": (
        'guards = ["has_text"]',
        'guards = "has_text"',
        "actions[0].guards",
        ACTION_1,
        "is not a list",
        "write a list",
    ),
    "list of numbers": (
        'guards = ["has_text"]',
        "guards = [1]",
        "actions[0].guards",
        ACTION_1,
        "not a list of words",
        '["a"',
    ),
    "unknown type of a field": (
        'type = "int"',
        'type = "float"',
        "fields[1].type",
        FIELD_2,
        "unknown word 'float'",
        "text",
    ),
}


def _line(text, place):
    """The number of the nth line that begins so; None when the fault has no line of its own."""
    if place is None:
        return None
    beginning, nth = place
    return [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(beginning)][nth - 1]


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_named_with_its_place_and_remedy(broken, name):
    old, new, path, place, message, remedy = CASES[name]
    text, faults = broken(old, new)
    found = [fault for fault in faults if fault.path == path and message in fault.message]
    assert [(fault.where, fault.line) for fault in found] == [("letter.toml", _line(text, place))]
    assert remedy in found[0].remedy


def test_the_sound_definition_has_no_fault(letter):
    assert list(letter.states) == ["sent", "answered"]
    assert letter.action("open") is letter.opening
    assert letter.action("burn") is None
    assert letter.signed_fields == ("text",)
    assert [step.name for step in letter.sign_off] == ["office"]


def test_all_faults_are_told_at_once(broken):
    _, faults = broken(
        'from = ["sent"]\nto = "answered"\nroles = ["officer"]', 'from = ["x"]\nto = "y"\nroles = ["z"]'
    )
    assert {fault.path for fault in faults} >= {"actions[0].from", "actions[0].to", "actions[0].roles", "states[0]"}


def test_what_is_not_toml_is_refused_whole():
    with pytest.raises(FaultsError, match=r"broken\.toml: file: not TOML: .*line 1.*\(mend the syntax\)"):
        Reader.of("kind = letter", "broken.toml")


def test_a_fault_reads_as_a_place_a_message_and_a_remedy():
    fault = Fault("letter.toml", "states[0]", 12, "is a trap", "add an action")
    assert str(fault) == "letter.toml:12: states[0]: is a trap (add an action)"
    assert str(Fault("letter.toml", "", None, "not TOML", "mend it")) == "letter.toml: file: not TOML (mend it)"


def test_a_list_where_tables_belong():
    reader = Reader.of("states = [1]", "letter.toml")
    assert list(reader.tables("states")) == []
    assert [str(fault) for fault in reader.faults] == ["letter.toml:1: states[0]: not a table (write [[states]])"]


def test_true_does_not_pass_for_one():
    reader = Reader.of("amount = true", "x.toml")
    assert reader.number("amount", default=3) == 3
    assert [fault.message for fault in reader.faults] == ["True is not a int"]


@pytest.mark.parametrize("name", ["open", "alert", "void_signatures"])
def test_names_that_the_door_keeps_for_itself(broken, name):
    _, faults = broken('name = "remind"', f'name = "{name}"')
    assert [fault.path for fault in faults] == ["actions[1].name"]
