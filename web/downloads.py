"""A file that a page hands out: always as an attachment, with a name that Chinese readers know."""

from urllib.parse import quote

from fastapi.responses import Response

MEDIA = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}


def download(content: bytes, name: str, media_type: str) -> Response:
    """`name` as people read it, in UTF-8; browsers that cannot read it take the plain one."""
    return Response(content, media_type=media_type, headers=attached(name))


def attached(name: str) -> dict[str, str]:
    suffix = name.rpartition(".")[2]
    disposition = f"attachment; filename=\"file.{suffix}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"Content-Disposition": disposition}
