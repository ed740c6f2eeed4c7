"""Checks an exported history with nothing but Python's standard library; copy this one file anywhere.

    python check_history.py EXPORT.jsonl [--at EPOCH_SECONDS --seal CODE]

Each line of the export is a JSON array of texts: root, seq, case, round, at, actor, signer, basis, action, work,
cause, changes, and the entry's hash. The hash is the SHA-256 of the JSON array of the hash before (empty at the
start of a dossier) and the twelve texts, without blanks, in UTF-8. The seal is the first 20 letters of the base32
of the SHA-256 over the lines `root:seq:hash` of each dossier's last entry up to the instant.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


def main() -> int:
    """0 when every chain holds and the seal agrees, else 1 with a line for each fault."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("export", type=Path)
    asked.add_argument("--at", type=int, help="the instant of the seal, epoch seconds")
    asked.add_argument("--seal", help="the code as printed")
    given = asked.parse_args()
    if (given.seal is None) != (given.at is None):
        asked.error("--at and --seal belong together")
    try:
        with given.export.open(encoding="utf-8") as lines:
            entries = [_entry(line) for line in lines]
    except (OSError, ValueError) as error:
        print(f"{given.export} is no export: {error}")
        return 1
    faults = list(chain_faults(entries)) or ([] if entries else ["there is no entry"])
    if given.seal:
        found = seal_of(entries, given.at)
        if found != given.seal:
            faults.append(f"seal: {found} is not {given.seal}")
    for fault in faults:
        print(fault)
    print(f"{len(entries)} entries, {len({one[0] for one in entries})} dossiers, {len(faults)} faults")
    return 1 if faults else 0


def _entry(line: str) -> list[str | None]:
    """Raises ValueError for a line that is not thirteen texts, the first two and the fifth of them numbers."""
    found: Any = json.loads(line)
    texts = isinstance(found, list) and all(one is None or isinstance(one, str) for one in found)
    if not texts or len(found) != 13 or not all((found[place] or "").isdigit() for place in (0, 1, 4)):
        raise ValueError(f"not an entry: {line.strip()[:80]}")
    entry: list[str | None] = found
    return entry


def chain_faults(entries: Iterable[list[str | None]]) -> Iterator[str]:
    """A line for the first fault of each dossier."""
    broken: set[str | None] = set()
    ends: dict[str | None, tuple[int, str]] = {}
    for *stored, kept in entries:
        root, seq = stored[0], int(stored[1] or 0)
        before_seq, before = ends.get(root, (0, ""))
        array = json.dumps([before, *stored], ensure_ascii=False, separators=(",", ":"))
        if root not in broken and seq != before_seq + 1:
            broken.add(root)
            yield f"dossier {root}: entry {before_seq + 1} is missing"
        elif root not in broken and hashlib.sha256(array.encode()).hexdigest() != kept:
            broken.add(root)
            yield f"dossier {root}: entry {seq} was altered"
        ends[root] = (seq, str(kept))


def seal_of(entries: Iterable[list[str | None]], at: int) -> str:
    """The code over the last entry of each dossier up to an instant."""
    heads = {int(one[0] or 0): (one[1], one[-1]) for one in entries if int(one[4] or 0) <= at}
    text = "".join(f"{root}:{seq}:{head}\n" for root, (seq, head) in sorted(heads.items()))
    code = base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:20]
    return "-".join(code[start : start + 4] for start in range(0, 20, 4))


if __name__ == "__main__":
    sys.exit(main())
