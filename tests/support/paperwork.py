"""What an office does at the command line beside its pages: its notice, and how something stood."""

from pathlib import Path

import docx
from office import Office
from terminal import Terminal


def command(office: Office, *words: str) -> str:
    """What a command of `xiaohao` prints, on the office's own database."""
    data = office.house.settings.data
    return Terminal(data).ok(*words, "--database", office.database.url, "--dir", str(data))


def makes_notice(office: Office, name: str = "通报.docx") -> Path:
    """The notice of the office's today, as a Word file."""
    command(office, "notice", "-o", name, "--as-of", office.today)
    return office.house.settings.data / name


def words_of(document: Path) -> str:
    return "\n".join(one.text for one in docx.Document(str(document)).paragraphs)
