"""Runs the command line inside the test process: an interpreter for each of a hundred commands takes minutes."""

import io
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from xiaohao.cli import main


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs `xiaohao` in a folder; `options` are for the test to add where it wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.options: tuple[str, ...] = ()

    def run(self, *words: str, answer: str = "") -> Said:
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with (
            chdir(self.folder),
            patch.object(sys, "argv", ["xiaohao", *words]),
            patch.object(sys, "stdin", io.StringIO(answer)),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as stopped:
                code = stopped.code if isinstance(stopped.code, int) else 0
        return Said(code, out.getvalue(), err.getvalue())

    def ok(self, *words: str, answer: str = "") -> str:
        """What a command printed that must succeed."""
        said = self.run(*words, answer=answer)
        assert said.code == 0, said.err + said.out
        return said.out

    def no(self, *words: str, answer: str = "") -> str:
        """The sentence of a command that must be refused with exit code 1."""
        said = self.run(*words, answer=answer)
        assert said.code == 1, said.out
        return said.err
