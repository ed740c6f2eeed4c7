"""The targets, and the two files that say how near the figures come to them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """`floor` must be met, `ambition` is where we want to be; `lower` where less is better. `between` says why."""

    what: str
    floor: float
    ambition: float
    between: str
    lower: bool = False
    unit: str = "×"


# What keeps a figure from its ambition, as the profiler shows it.
PYTHON = (
    "half of an advance is Python between the statements, of which no part is large: some 250 calls, of which "
    "deciding has a fifth of the advance (who may 3 %, guards 3 %, who hears of it 4 %, automatic moves 4 %), "
    "making the entry with its hash 6 %, the next alert 3 %, putting rows together 5 %, objects and the way in "
    "and out the rest; of the other half the commit and the five writes have 15 % each, as for the raw way, and "
    "the four reads, one more than the raw way's and of all columns, another 15 %"
)
TARGETS: Mapping[str, Target] = {
    "T1": Target("advance, SQLite NORMAL, against raw statements", 0.5, 0.9, PYTHON),
    "T1b": Target("advance, SQLite FULL, against raw statements", 0.7, 0.95, f"{PYTHON}; the disk is the same"),
    "T1c": Target("advance against the obvious transitions + SQLModel", 6, 10, PYTHON),
    "T2": Target(
        "advance, PostgreSQL, against raw psycopg statement by statement", 1.0, 1.6,
        "four round trips instead of ten, but half as much again of the client's processor time: two thirds of it "
        "are psycopg's (40 µs and more for each of six statements, as much for the pipeline that three of them "
        "share), one third the engine's; the server has as much to do as for the raw way, the commit is the same",
    ),
    "T2b": Target(
        "two processes against one, PostgreSQL", 1.5, 1.8,
        "on two processors two clients and two servers share what there is, and the disk's commits",
    ),
    "T3": Target("bulk of 100 against one by one, SQLite FULL", 2.5, 3.5, "the work in Python for each row"),
    # The first half of the target, reminders without history, has no figure: the engine writes an entry for each.
    "T4": Target(
        "sweep of 1 % due with chained history against two SQL statements without any", 5, 3.5,
        "four rows are written for each case and an entry is hashed, which two statements without history do not "
        "do (T4b compares like with like), in transactions of 100, so that nobody waits for the writer longer than "
        "some 15 ms: with 200 or 400 in one nothing was gained",
        lower=True,
    ),
    "T4b": Target(
        "the same sweep against raw statements that write the same rows, chained history included", 2.5, 1.5,
        "transactions of 100 where the raw way takes one for all, and for each case a plan and who hears of it",
        lower=True,
    ),
    "T5": Target("idle sweep", 2, 0.5, "the checkout of a connection", lower=True, unit="ms"),
    "T6": Target("advance in the large office against the small one", 0.45, 0.8, "colder pages"),
    "T7": Target(
        "p99 of an advance in the large office against its p50, checkpoints between advances", 30, 8,
        "the checkpoint's writes; where others use the machine, "
        "the slowest advance is one that waited for a processor", lower=True,
    ),
    "T8": Target(
        "page 1 of a register in the large office, through the pages, log-in and all", 5, 2,
        "a third of it is the way through the framework with two changes of thread, more than a quarter the page "
        "as the template draws it, a tenth each the database, who is there, and the cells of the rows. Rows that "
        "were read and drawn before are known by the head of their dossier and by their value; when all fifty are"
        " new, as on the first page of a day, it takes twice as long. The figure moves by more than half with "
        "what else the machine's host does",
        lower=True, unit="ms",
    ),
    "T8b": Target(
        "home of a coordinator with a thousand problems, through the pages, log-in and all", 5, 1,
        "two questions look at each of the thousand problems, how many are in which state and which of them must "
        "be arranged, and have 0.7 ms: figures kept beside the problems would make their writers wait for one "
        "another; the other twenty questions have a tenth, the page a quarter, the way through the framework with "
        "two changes of thread a quarter",
        lower=True, unit="ms",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One line of `results.json`. `ratio` is milliseconds where the note says so."""

    ratio: float
    floor: float
    ambition: float
    note: str


def figures(measured: Mapping[str, float]) -> dict[str, Figure]:
    return {name: _figure(name, value) for name, value in measured.items()}


def _figure(name: str, value: float) -> Figure:
    target = TARGETS[name]
    unit = "milliseconds; " if target.unit == "ms" else ""
    left = "" if verdict(name, value) == "ambition" else f"; what stands between: {target.between}"
    return Figure(round(value, 3), target.floor, target.ambition, f"{unit}{target.what}{left}")


def verdict(name: str, value: float) -> str:
    """`ambition`, `floor` or `below`: the best that is reached."""
    target = TARGETS[name]
    sign = -1 if target.lower else 1
    if sign * value >= sign * target.ambition:
        return "ambition"
    return "floor" if sign * value >= sign * target.floor else "below"


def table(found: Mapping[str, Figure], sizes: str) -> str:
    """A table in Markdown, the same on the terminal and in RESULTS.md."""
    lines = [
        "# What the engine costs",
        "",
        f"{sizes} Each figure is the median of interleaved rounds within one run;",
        "only the ratios travel to another machine, and where others use it they move too.",
        "`make bench` writes this file.",
        "",
        "| | what | figure | floor | ambition | reached |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in found.items():
        target = TARGETS[name]
        bound = "≤ " if target.lower else "≥ "
        lines.append(
            f"| {name} | {target.what} | {one.ratio:.2f} {target.unit} | {bound}{one.floor:g} "
            f"| {bound}{one.ambition:g} | {verdict(name, one.ratio)} |"
        )
    missed = [name for name, one in found.items() if verdict(name, one.ratio) != "ambition"]
    if missed:
        lines += ["", "## What stands between a figure and its ambition", ""]
        lines += [f"- **{name}**: {TARGETS[name].between}" for name in missed]
    return "\n".join(lines) + "\n"


def write(folder: Path, found: Mapping[str, Figure], sizes: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: asdict(one) for name, one in found.items()}, ensure_ascii=False, indent=2)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    (folder / "RESULTS.md").write_text(table(found, sizes), encoding="utf-8")
