"""A broken definition stops the start: every fault with its file, its path, its line and its remedy."""

from pathlib import Path
from time import process_time

import pytest
from shipped import REGISTRY

import config
import workflows
from desk.check_workflows import check_families, check_ladders, check_paths
from engine.faults import Fault, FaultsError, Reader
from workflows import families

BROKEN = Path(__file__).parents[2] / "broken"
SOUND = (BROKEN / "sound.toml").read_text(encoding="utf-8")


def told(faults: list[Fault], *, without: str = "") -> str:
    """What a `.fault` file says of them: the line of the table, the path, the message."""
    places = ((one.where.removeprefix(without).lstrip("/"), one) for one in faults)
    return "".join(
        f"{where + ':' if without else ''}{one.line or '-'}: {one.path or 'file'}: {one.message}\n"
        for where, one in places
    )


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.toml")), ids=lambda path: path.stem)
def test_a_fault_is_named_with_its_place_and_remedy(path):
    faults = check_paths([path], REGISTRY, config.ladders())
    expected = path.with_suffix(".fault")
    assert told(faults) == (expected.read_text(encoding="utf-8") if path.stem != "sound" else "")
    assert all(one.where == str(path) and one.remedy for one in faults)


@pytest.mark.parametrize("folder", sorted((BROKEN / "families").iterdir()), ids=lambda folder: folder.name)
def test_a_fault_of_a_family_is_named_with_its_file(folder):
    faults = check_paths([folder], REGISTRY, config.ladders())
    found = told(faults, without=str(folder)).replace(str(folder), folder.name)
    expected = folder / "expected.fault"
    assert found == (expected.read_text(encoding="utf-8") if folder.name != "sound" else "")
    assert all(one.remedy for one in faults)


@pytest.mark.row(15)
@pytest.mark.parametrize("path", sorted((BROKEN / "ladders").glob("*.toml")), ids=lambda path: path.stem)
def test_a_ladder_that_nobody_would_follow_is_named_with_its_place(path):
    faults = check_ladders({**config.ladders(), path.stem: path.read_text(encoding="utf-8")}, REGISTRY)
    expected = path.with_suffix(".fault")
    assert told(faults) == (expected.read_text(encoding="utf-8") if path.stem != "sound" else "")
    assert all((one.where, bool(one.remedy)) == (path.stem, True) for one in faults)


def test_a_ladder_that_a_kind_brings_along_reaches_only_those_whom_that_kind_alerts():
    letters = config.ladders()["unanswered_letters"].replace('["head"]', '["head", "deputy_head"]')
    [fault] = check_ladders({**config.ladders(), "unanswered_letters": letters}, REGISTRY)
    assert (fault.path, fault.remedy) == (
        "steps[3].roles[1]",
        "add it to `alert_roles` of one of: letter, instruction, hazard_letter",
    )


def test_a_ladder_that_a_kind_brings_along_must_be_there():
    faults = {str(one) for one in check_ladders({}, REGISTRY)}
    for place, key, name in (
        ("letter.toml:9", "ladder", "unanswered_letters"),
        ("problem.toml:8", "pause_ladder", "long_pauses"),
    ):
        remedy = f"add config/ladders/{name}.toml"
        assert f"rectification/{place}: {key}: no ladder {name!r} ({remedy})" in faults


def test_every_definition_of_ours_is_sound():
    assert check_families() == []
    assert check_ladders(config.ladders(), REGISTRY) == []
    folders = [Path(workflows.__file__).parent / family.name for family in families()]
    assert check_paths(folders, REGISTRY, config.ladders()) == []


def test_a_file_that_is_not_there_is_a_fault():
    [fault] = check_paths([BROKEN / "nowhere.toml"], REGISTRY, config.ladders())
    assert (fault.where, fault.remedy) == (str(BROKEN / "nowhere.toml"), "add the file")


@pytest.mark.parametrize(
    ("encoding", "line"), [("gb18030", 2), ("utf-16", 1)], ids=["as old editors save it", "two bytes a letter"]
)
def test_a_file_that_is_not_utf_8_is_a_fault_with_its_line(tmp_path, encoding, line):
    path = tmp_path / "letter.toml"
    path.write_bytes(SOUND.encode(encoding))
    [fault] = check_paths([path], REGISTRY, config.ladders())
    assert (fault.where, fault.line, fault.message, fault.remedy) == (
        str(path), line, "not UTF-8", "save it as UTF-8",
    )  # fmt: skip


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["with the mark of Windows editors", "without"])
def test_a_file_may_begin_with_a_byte_order_mark_and_end_its_lines_as_windows_does(tmp_path, mark):
    path = tmp_path / "letter.toml"
    path.write_bytes(mark + SOUND.replace("\n", "\r\n").encode())
    assert check_paths([path], REGISTRY, config.ladders()) == []


def test_a_text_in_which_everything_lies_in_something_else_is_a_fault():
    with pytest.raises(
        FaultsError, match=r"deep\.toml: file: not TOML: lists or tables lie in each other too deeply"
    ):
        Reader.of("a = " + "[" * 5000 + "]" * 5000, "deep.toml")


def test_a_file_with_thousands_of_faults_is_read_at_once():
    """A line number was once looked for from the first line for every fault: a long file took minutes."""
    places = (f'[[states]]\nname = "s{n}"\nlabel = {{ zh = "某", en = "S" }}\n' for n in range(1500))
    began = process_time()
    with pytest.raises(FaultsError) as refused:
        REGISTRY.parse(SOUND + "\n" + "\n".join(places), "long.toml")
    assert refused.value.faults[-1].line == SOUND.count("\n") + 2 + 4 * 1499
    assert len(refused.value.faults) == 3 * 1500
    assert process_time() - began < 2


def test_the_sound_definition_has_no_fault(letter):
    assert list(letter.states) == ["sent", "answered"]
    assert letter.action("open") is letter.opening
    assert letter.action("burn") is None
    assert letter.signed_fields == ("text",)
    assert [step.name for step in letter.sign_off] == ["coordinator"]


def test_all_faults_are_told_at_once(broken):
    _, faults = broken(
        'from = ["sent"]\nto = "answered"\nroles = ["officer"]', 'from = ["x"]\nto = "y"\nroles = ["z"]'
    )
    assert {fault.path for fault in faults} == {"actions[0].from[0]", "actions[0].to", "actions[0].roles[0]"}


def test_what_is_not_toml_is_refused_whole():
    with pytest.raises(FaultsError, match=r"broken\.toml:1: file: not TOML: .*line 1.*\(mend the syntax\)"):
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
