"""Writes a file so that a reader, or a power cut, finds the whole of it or none."""

import os
import threading
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Put the content at `path`, making its folder; raises OSError and leaves no draft behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _keep_name(path.parent)


def _keep_name(directory: Path) -> None:
    """Without it a power cut may forget the new name though the bytes are safe."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
