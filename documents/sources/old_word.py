"""Word 97 files, which only LibreOffice reads well enough to trust."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from documents.reading import ReadingError

SECONDS = 90
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def convert(data: bytes) -> bytes:
    """Give a .doc as the bytes of a .docx, made by `soffice` in a folder and profile of its own."""
    program = shutil.which("soffice")
    if not program:
        raise ReadingError(
            "no_libreoffice",
            "读取 .doc 需要本机装有 LibreOffice，现在没有找到。请用 Word 或 WPS 另存为 .docx 后再导入。",
        )
    if not data.startswith(_MAGIC):
        raise ReadingError(
            "broken_file", "这不是 .doc 文件，或已损坏。请用 Word 或 WPS 打开后另存为 .docx 再导入。"
        )
    with tempfile.TemporaryDirectory(prefix="xiaohao-doc-") as folder:
        return _run(program, data, Path(folder))


def _run(program: str, data: bytes, folder: Path) -> bytes:
    source = folder / "in.doc"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--norestore",
        "--convert-to",
        "docx",
        "--outdir",
        str(folder),
        str(source),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603  # no shell, own file name
        return (folder / "in.docx").read_bytes()
    except (subprocess.SubprocessError, OSError) as error:
        raise ReadingError(
            "conversion_failed", "LibreOffice 没能打开这个 .doc 文件。请用 Word 或 WPS 另存为 .docx 后再导入。"
        ) from error
