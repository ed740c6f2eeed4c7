"""Reads feedback documents and notices: bytes in, facts out, nothing invented and no line lost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath

from documents import checks, totals
from documents.outline import noise
from documents.outline.entries import Entry, renumber, scan
from documents.outline.growth import Growth, grow
from documents.outline.harvest import Harvest, harvest, problem_of, title_of
from documents.outline.paragraphs import join
from documents.outline.survey import Survey
from documents.reading import Fault, Reading, ReadingError, Reason, SourceLine
from documents.sources import old_word, pdf, plain, secrecy, word
from documents.sources.lines import Line, Source
from documents.totals import StatedTotal

BYTES = 30 * 1024 * 1024
LINES = 10_000
LINE_CHARACTERS = 50_000
CHARACTERS = 2_000_000
_ZIP = b"PK\x03\x04"  # a .docx under the name of a .doc, as some programs save it


def _word(data: bytes) -> Source:
    try:
        secrecy.refuse("", word.outside_texts(data))
        return word.read(data)
    except RecursionError as error:
        raise word.nested_too_deep() from error


_FORMATS: Mapping[str, Callable[[bytes], Source]] = {
    ".txt": plain.read,
    ".docx": _word,
    ".docm": _word,
    ".doc": lambda data: _word(data if data.startswith(_ZIP) else old_word.convert(data)),
    ".pdf": pdf.read,
}


def read(name: str, data: bytes) -> Reading:
    """Read a document; `name` is its file name and tells the format. Raises ReadingError if it cannot be read."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _FORMATS:
        message = f"不支持“{suffix or name}”格式。请另存为 .docx、.pdf 或 .txt 后再导入。"
        raise ReadingError("unsupported_format", message)
    if len(data) > BYTES:
        raise ReadingError(
            "too_large", f"文件超过{BYTES // 1024 // 1024}MB。请去掉图片和附件，只保留正文后再导入。"
        )
    secrecy.refuse(name, ())
    source = _FORMATS[suffix](data)
    secrecy.refuse("", (line.text for line in source.lines))
    _refuse_endless(source.lines)
    return understand(source)


def _refuse_endless(lines: Sequence[Line]) -> None:
    longest = max((len(line.text) for line in lines), default=0)
    if len(lines) > LINES or longest > LINE_CHARACTERS or sum(len(line.text) for line in lines) > CHARACTERS:
        raise ReadingError("too_long", "文字过多，不像是通报或反馈意见，已拒绝读取。请只保留正文后再导入。")


def understand(source: Source) -> Reading:
    """Infer the structure of a document from its lines; pure, and the same for every format."""
    written = scan(join(source))
    if not written:
        raise ReadingError("empty_file", "文件里没有文字。请确认选对了文件；如是扫描件，请先转成文字再导入。")
    ignored = noise.reasons(written)
    survey = Survey(renumber([entry for entry in written if entry.index not in ignored]))
    growth = grow(survey)
    found = harvest(growth, survey)
    stated = totals.every((entry.number, entry.text) for entry in found.outside)
    return Reading(
        kind="notice" if survey.is_notice else "feedback",
        areas=tuple(map(title_of, found.areas)),
        headings=tuple(map(title_of, found.headings)),
        problems=tuple(problem_of(node, found.places[node]) for node in found.problems),
        faults=_faults(source, written, found, growth, stated),
        source_lines=_all_lines(found.lines, written, ignored),
        stated_totals=totals.by_name(stated),
    )


def _faults(
    source: Source, written: Sequence[Entry], found: Harvest, growth: Growth, stated: list[StatedTotal]
) -> tuple[Fault, ...]:
    counted = {"areas": len(found.areas), "headings": len(found.headings), "problems": len(found.problems)}
    faults = [*source.faults, *checks.check(found, written, growth), *totals.reconcile(stated, counted)]
    return tuple(sorted(faults, key=lambda fault: fault.line))


def _all_lines(
    lines: Iterable[SourceLine], written: Sequence[Entry], ignored: Mapping[int, Reason]
) -> tuple[SourceLine, ...]:
    noise_lines = (
        SourceLine(line.number, line.text, "ignored", ignored[entry.index])
        for entry in written
        if entry.index in ignored
        for line in entry.lines
    )
    return tuple(sorted([*lines, *noise_lines], key=lambda line: line.number))
