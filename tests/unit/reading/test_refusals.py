"""What may not or cannot be read is refused with a stable word and a remedy in Chinese."""

import io
import zipfile

import pytest
from docx import Document

from documents import reader
from documents.reader import read
from documents.reading import ReadingError
from documents.sources import package, secrecy

TEXT = "通报\n一、整改落实情况\n1.台账不全\n整改情况：已补齐。"


def refusal(name: str, data: bytes) -> ReadingError:
    with pytest.raises(ReadingError) as error:
        read(name, data)
    assert any("\u4e00" <= character <= "\u9fff" for character in error.value.message)
    return error.value


def word_file(*paragraphs: str, header: str = "") -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "mark",
    [
        "秘密",
        "机密★10年",
        "绝密★长期",
        "秘  密",
        "【机密】",
        "密级：机密",
        "机密★1年　特急",
        "秘密★",
        "000123 机密★5年",
        "（秘密）",
    ],
)
def test_a_mark_of_secrecy_is_refused(mark: str) -> None:
    assert refusal("通报.txt", f"{mark}\n{TEXT}".encode()).code == "state_secret"
    assert refusal("通报.docx", word_file(TEXT, mark)).code == "state_secret"
    assert refusal("通报.docx", word_file(TEXT, header=mark)).code == "state_secret"


@pytest.mark.parametrize("name", ["机密-通报.txt", "【秘密】通报.txt", "通报（绝密）.txt", "机密.txt"])
def test_a_name_that_bears_the_mark_is_refused_before_the_bytes_are_read(name: str) -> None:
    assert refusal(name, b"\0").code == "state_secret"


@pytest.mark.parametrize(
    "sentence",
    [
        "开展保密教育，未发生泄露国家秘密问题。",
        "商业秘密保护制度不健全",
        "与机密级设备混放",
        "工作秘密",
        "绝密行动",
    ],
)
def test_speaking_of_secrets_is_no_mark(sentence: str) -> None:
    secrecy.refuse("关于保守秘密的通报.txt", [sentence])


def test_an_unknown_format_names_the_ones_that_work() -> None:
    error = refusal("通报.wps", b"")
    assert error.code == "unsupported_format"
    assert ".docx" in error.message


@pytest.mark.parametrize("data", [b"", b"\n\n", "　\u00a0\ufeff".encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal("通报.txt", data).code == "empty_file"


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refusal("通报.txt", b"\xff\xff\xff").code == "unknown_encoding"
    assert refusal("通报.txt", b"a\0b").code == "not_text"


def test_a_file_beyond_the_cap_is_refused_unread() -> None:
    assert refusal("通报.docx", b"x" * (reader.BYTES + 1)).code == "too_large"


def test_endless_text_is_refused() -> None:
    assert refusal("通报.txt", b"a\n" * (reader.LINES + 1)).code == "too_long"
    assert refusal("通报.txt", b"a" * (reader.LINE_CHARACTERS + 1)).code == "too_long"


def test_a_zip_bomb_is_refused_by_what_it_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "UNPACKED", 1_000_000)
    bomb = with_part(word_file(TEXT), "word/media/image1.png", b"\0" * 1_000_001)
    assert refusal("通报.docx", bomb).code == "zip_bomb"


def test_a_zip_bomb_that_lies_about_its_size_is_refused_while_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "PART", 1_000_000)
    data = with_part(word_file(TEXT), "word/document.xml", b" " * 1_000_001)
    claimed = (1_000_001).to_bytes(4, "little")
    assert data.count(claimed) >= 2
    lying = data.replace(claimed, (100).to_bytes(4, "little"))
    assert refusal("通报.docx", lying).code in ("zip_bomb", "broken_file")


def test_too_many_members_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(package.MEMBERS + 1):
            archive.writestr(f"{number}", b"")
    assert refusal("通报.docx", stream.getvalue()).code == "zip_bomb"


def test_an_encrypted_or_foreign_zip_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert refusal("通报.docx", stream.getvalue()).code == "not_word"
    assert refusal("通报.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600).code == "broken_file"


def test_nesting_without_end_is_refused() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    depth = 20_000
    deep = f"<w:document {space}><w:body><w:p>{'<w:r>' * depth}{'</w:r>' * depth}</w:p></w:body></w:document>"
    assert (
        refusal("通报.docx", with_part(word_file(TEXT), "word/document.xml", deep.encode())).code
        == "nested_too_deep"
    )


def test_macros_are_ignored_and_said_so() -> None:
    reading = read("通报.docm", with_part(word_file(*TEXT.split("\n")), "word/vbaProject.bin", b"Sub AutoOpen()"))
    assert [fault.code for fault in reading.faults] == ["macros_ignored"]
    assert [problem.title for problem in reading.problems] == ["台账不全"]


def test_footnotes_are_not_read_and_said_so() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f"<w:footnotes {space}><w:footnote><w:p><w:r><w:t>见附件</w:t></w:r></w:p></w:footnote></w:footnotes>"
    reading = read("通报.docx", with_part(word_file(*TEXT.split("\n")), "word/footnotes.xml", notes.encode()))
    assert [fault.code for fault in reading.faults] == ["footnotes_ignored"]


def test_a_docx_under_the_name_of_a_doc_is_read() -> None:
    assert read("通报.doc", word_file(*TEXT.split("\n"))) == read("通报.txt", TEXT.encode())
