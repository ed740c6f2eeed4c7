"""Reads feedback documents and notices: bytes in, facts out, nothing invented and no line lost."""

from collections.abc import Callable, Mapping
from pathlib import PurePath

from documents import checks
from documents.outline.entries import scan
from documents.outline.growth import grow
from documents.outline.harvest import harvest, problem_of, title_of
from documents.outline.survey import Survey
from documents.reading import Reading, ReadingError
from documents.sources import plain, word
from documents.sources.lines import Source

_FORMATS: Mapping[str, Callable[[bytes], Source]] = {".txt": plain.read, ".docx": word.read, ".docm": word.read}


def read(name: str, data: bytes) -> Reading:
    """Read a document; `name` is its file name and tells the format. Raises ReadingError if it cannot be read."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _FORMATS:
        raise ReadingError("unsupported_format", f"不支持“{suffix or name}”格式。请另存为 .docx 或 .txt 后再导入。")
    return understand(_FORMATS[suffix](data))


def understand(source: Source) -> Reading:
    """Infer the structure of a document from its lines."""
    entries = scan(source.lines)
    if not entries:
        raise ReadingError("empty_file", "文件里没有文字。请确认选对了文件；如是扫描件，请先转成文字再导入。")
    survey = Survey(entries)
    growth = grow(survey)
    found = harvest(growth, survey)
    return Reading(
        kind="notice" if survey.is_notice else "feedback",
        areas=tuple(map(title_of, found.areas)),
        headings=tuple(map(title_of, found.headings)),
        problems=tuple(problem_of(node, found.places[node]) for node in found.problems),
        faults=(*source.faults, *checks.check(found, entries, growth.root)),
        source_lines=found.lines,
        stated_totals={},
    )
