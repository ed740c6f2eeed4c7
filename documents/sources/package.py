"""Opens the zip of an office file without trusting what it says about itself."""

import io
import zipfile
import zlib

from documents.reading import ReadingError

MEMBERS = 5_000
UNPACKED = 100 * 1024 * 1024
PART = 40 * 1024 * 1024


class Package:
    """The parts of an Office Open XML file, each read under a cap whatever its header claims."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise _broken() from error
        self.names = self._zip.namelist()
        claimed = sum(info.file_size for info in self._zip.infolist())
        if len(self.names) > MEMBERS or claimed > UNPACKED:
            raise _bomb()

    def part(self, name: str) -> bytes | None:
        """Give the bytes of one part, or None if there is no such part."""
        if name not in self.names:
            return None
        try:
            with self._zip.open(name) as member:
                data = member.read(PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise _broken() from error
        if len(data) > PART:
            raise _bomb()
        return data


def _bomb() -> ReadingError:
    return ReadingError(
        "zip_bomb",
        "文件解压后异常巨大，已拒绝打开。请确认文件来源；如确属正常文件，请另存为只含正文的文件后再导入。",
    )


def _broken() -> ReadingError:
    return ReadingError(
        "broken_file", "文件已损坏或设有密码，打不开。请用 Word 或 WPS 打开、去掉密码并另存后再导入。"
    )
