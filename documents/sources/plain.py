"""Plain text in the encodings Chinese offices save it in."""

import codecs

from documents.reading import ReadingError
from documents.sources.lines import Source, number

_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(data: bytes) -> Source:
    """The lines of a text file. Raises ReadingError when it is no text."""
    return Source(number(decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def decode(data: bytes) -> str:
    """Decode UTF-8 (with or without BOM), UTF-16 with BOM or GB18030, in that order of trust.

    Raises ReadingError for what is no text.
    """
    text = _decoded(data)
    if "\0" in text:
        raise ReadingError("not_text", "文件内容不是文本。请确认文件没有损坏，或另存为 .txt、.docx 后再导入。")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return _try(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _try(data, "gb18030")


def _try(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(
            "unknown_encoding",
            f"文件编码无法识别（第{error.start + 1}个字节处读不通）。请用记事本打开，另存为 UTF-8 编码后再导入。",
        ) from error
