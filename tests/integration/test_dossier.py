"""A dossier outlives the software: plain files, their hashes, and a script that needs nothing but Python."""

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from office import Office

import xiaohao.check_history
from desk.file_evidence import Upload, file_evidence
from desk.make_dossier import MissingFileError, make_dossier

SCRIPT = Path(xiaohao.check_history.__file__).read_bytes()
PHOTO = "整改后的台账".encode()


def with_evidence(office: Office) -> int:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    upload = Upload("台账/../照片.jpg", "整改照片", PHOTO, office.today)
    file_evidence(office.house.desk, measure, upload, office.actor("officer"), office.now)
    return problem


def made(office: Office, problem: int) -> dict[str, bytes]:
    content = make_dossier(office.house.desk, problem, SCRIPT, office.now)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "check_history.py", "history.jsonl"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_dossier_holds_everything_and_names_it_in_its_index(office: Office) -> None:
    problem = with_evidence(office)
    found = made(office, problem)

    [evidence] = [name for name in found if name.startswith("evidence/")]
    assert evidence.startswith("evidence/1-1-1_1_")
    assert evidence.endswith(".jpg")
    assert found[evidence] == PHOTO
    index = found["index.txt"].decode()
    assert all(name in index for name in found if name != "index.txt")
    assert "1-1-1  整改照片" in index
    assert "立行立改" in found["state.txt"].decode()
    assert "officer同志：提交佐证" in found["history.txt"].decode()
    sums = dict(reversed(line.split("  ")) for line in found["sha256.txt"].decode().splitlines())
    assert sums == {name: hashlib.sha256(found[name]).hexdigest() for name in found if name != "sha256.txt"}


def test_the_history_in_it_is_checked_by_the_script_in_it_alone(office: Office, tmp_path: Path) -> None:
    for name, content in made(office, with_evidence(office)).items():
        path = tmp_path / "dossier" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert check(tmp_path / "dossier").returncode == 0

    history = tmp_path / "dossier" / "history.jsonl"
    history.write_text(history.read_text(encoding="utf-8").replace("confirm", "reject", 1), encoding="utf-8")
    altered = check(tmp_path / "dossier")
    assert (altered.returncode, "was altered" in altered.stdout) == (1, True)


def test_the_same_state_gives_the_same_bytes(office: Office) -> None:
    problem = with_evidence(office)
    desk = office.house.desk
    assert make_dossier(desk, problem, SCRIPT, office.now) == make_dossier(desk, problem, SCRIPT, office.now)


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_a_file_that_is_gone_or_changed_is_named(office: Office, damage: str) -> None:
    problem = with_evidence(office)
    path = office.house.desk.files.path(hashlib.sha256(PHOTO).hexdigest())
    path.unlink() if damage == "missing" else path.write_bytes(b"x")

    with pytest.raises(MissingFileError, match="整改照片"):
        made(office, problem)


def test_evidence_of_an_earlier_round_is_in_it_too(office: Office) -> None:
    problem = with_evidence(office)
    for measure in office.measures(problem):
        office.do("submit", measure, "officer", result="已清理")
        office.do("accept", measure, "civil_head")
    office.signs_up_to_meeting(problem)
    office.on_paper("decide", problem, "head")
    office.do("relapse", problem, "auditor", finding="又停了")

    assert len([name for name in made(office, problem) if name.startswith("evidence/")]) == 1
