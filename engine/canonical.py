"""One spelling of a value as text, so that equal facts always have equal hashes."""

import hashlib
import json
from collections.abc import Collection
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any, Never


def _unknown(value: Any) -> Never:
    raise TypeError(f"{type(value).__name__} has no place in JSON: {value!r}")


# What json.JSONEncoder(ensure_ascii=False, separators=(",", ":")) makes anew for every text it encodes.
_pieces = c_make_encoder(None, _unknown, encode_basestring, None, ":", ",", True, False, False)

# Of these there is nothing to look into: most values are.
_PLAIN = frozenset((str, int, bool, type(None)))
_LISTS = (list, tuple)


def dumps(value: Any) -> str:
    """Canonical JSON: keys sorted, no blanks, Chinese left as it is; floats are refused.

    Raises TypeError for what JSON cannot say, ValueError for a float: two databases may spell it differently.
    """
    text = compact(value)
    # Every float that JSON can say has one of these in it: where there is none, nothing has to be looked through.
    if "." in text or "e+" in text or "e-" in text:
        _refuse_floats(value)
    return text


def compact(value: Any) -> str:
    """JSON with sorted keys and no blanks, of a value known to hold no float."""
    return "".join(_pieces(value, 0))


def loads(text: str) -> Any:
    return json.loads(text)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_floats(value: Any) -> None:
    waiting: list[Collection[Any]] = [(value,)]
    for values in waiting:  # which grows on the way
        if _PLAIN.issuperset(map(type, values)):
            continue
        for one in values:
            if isinstance(one, float):
                raise ValueError(f"a float has no single spelling: {one!r}; store a whole number or a text")
            if isinstance(one, dict):
                waiting.append(one.values())
            elif isinstance(one, _LISTS):
                waiting.append(one)
