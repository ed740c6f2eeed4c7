"""One spelling of a value as text, so that equal facts always have equal hashes."""

import hashlib
import json
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def dumps(value: Any) -> str:
    """Canonical JSON: keys sorted, no blanks, Chinese left as it is; floats are refused.

    Raises TypeError for what JSON cannot say, ValueError for a float: two databases may spell it differently.
    """
    _refuse_floats(value)
    return _ENCODER.encode(value)


def loads(text: str) -> Any:
    return json.loads(text)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError(f"a float has no single spelling: {value!r}; store a whole number or a text")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
