"""A .doc goes through LibreOffice where it is installed, and says so clearly where it is not."""

import json
import shutil
import stat
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from documents.reader import read
from documents.reading import ReadingError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BLOCKS = [
    {"text": "通报"},
    {"text": "整改落实情况", "depth": 0},
    {"text": "台账不全", "depth": 2},
    {"text": "整改情况：已补齐。"},
]


def install(folder: Path, script: str) -> None:
    """Put a program named soffice into a folder."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def refusal(data: bytes) -> ReadingError:
    with pytest.raises(ReadingError) as error:
        read("通报.doc", data)
    return error.value


def test_without_libreoffice_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refusal(MAGIC)
    assert error.code == "no_libreoffice"
    assert "另存为 .docx" in error.message


def test_what_libreoffice_writes_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build_word: Callable[[Sequence[Any]], bytes]
) -> None:
    (tmp_path / "made.docx").write_bytes(build_word(BLOCKS))
    find_folder = 'while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done'
    install(tmp_path, f'{find_folder}; cp {tmp_path}/made.docx "$out/in.docx"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    reading = read("通报.doc", MAGIC)
    [problem] = reading.problems
    assert (problem.number, problem.title, problem.answer) == ("1", "台账不全", "已补齐。")


@pytest.mark.parametrize("script", ["exit 1", "exit 0"], ids=["it fails", "it writes nothing"])
def test_a_failed_conversion_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    install(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert refusal(MAGIC).code == "conversion_failed"


def test_what_is_no_word_97_file_never_reaches_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, f"touch {tmp_path}/called")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert refusal(b"plain text").code == "broken_file"
    assert not (tmp_path / "called").exists()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_a_real_doc_is_read_through_libreoffice(
    tmp_path: Path, build_word: Callable[[Sequence[Any]], bytes]
) -> None:
    (tmp_path / "real.docx").write_bytes(build_word(BLOCKS))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "doc",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "real.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=90)
    reading = read("通报.doc", (tmp_path / "real.doc").read_bytes())
    assert json.loads(json.dumps(reading.to_json()))["problems"][0]["title"] == "台账不全"
