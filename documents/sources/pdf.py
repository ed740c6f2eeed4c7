"""PDF files that hold text; a scan holds none, and no text is guessed from a picture."""

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from documents.reading import ReadingError
from documents.sources.lines import Source, number

PAGES = 500
CHARACTERS = 2_000_000
#: the blank that typesetting puts between Chinese and figures comes out as one the author never wrote
_AUTOMATIC_GAP = re.compile(
    r"(?<=[0-9A-Za-z%]) (?=[\u3000-\u9fff\uff00-\uffef])|(?<=[\u3000-\u9fff]) (?=[0-9A-Za-z])"
)


def read(data: bytes) -> Source:
    """Give the lines of every page as printed; paragraphs are put together again later."""
    try:
        return Source(number(list(_lines(_open(data)))), in_pages=True)
    except ReadingError:
        raise
    except DependencyError as error:
        raise _locked() from error
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OSError,
        ArithmeticError,
    ) as error:
        raise ReadingError(
            "broken_file", "PDF 文件已损坏，读不出来。请重新导出，或另存为 .docx 后再导入。"
        ) from error


def _open(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked()
    if len(reader.pages) > PAGES:
        raise ReadingError("too_long", f"PDF 超过{PAGES}页，已拒绝打开。请只保留通报或反馈意见正文后再导入。")
    return reader


def _lines(reader: PdfReader) -> Iterator[str]:
    size = 0
    for page in reader.pages:
        text = page.extract_text()
        size += len(text)
        if size > CHARACTERS:
            raise ReadingError("too_long", "PDF 文字过多，已拒绝打开。请只保留通报或反馈意见正文后再导入。")
        yield from _AUTOMATIC_GAP.sub("", text).splitlines()
    if not size:
        raise ReadingError("no_text", "PDF 里没有文字，像是扫描件。请先做文字识别，或找起草单位要 Word 原件。")


def _locked() -> ReadingError:
    return ReadingError("password", "PDF 设有密码，打不开。请先去掉密码再导入。")
