"""Rules of the house that only reading its source can hold: one writer, one clock, one user of `transitions`."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("engine", "workflows", "notifications", "documents", "desk", "web", "xiaohao", "config")
# What only the door's own writing may change; `sweep` moves wake-ups, which are no content.
GUARDED = {"cases", "history", "signature", "assignment", "problem", "measure", "evidence"}
CLASSES = {"Case", "History", "Signature", "Assignment", "Problem", "Measure", "Evidence"}
WRITERS = {"engine/writing.py", "engine/sweep.py"}
HAND_WRITTEN = re.compile(
    rf"\b(insert\s+(or\s+\w+\s+)?into|update|delete\s+from|replace\s+into|drop\s+table|truncate)\s+\W?({'|'.join(GUARDED)})\b",
    re.IGNORECASE,
)
# What the text of a module that writes must say somewhere.
WRITING = r"insert|update|delete|replace\s+into|drop\s+table|truncate|tables import"
CLOCKS = {
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("datetime", "now"),
    ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
}  # fmt: skip
SERVER_CLOCKS = re.compile(r"server_default|current_timestamp|\bnow\(\)", re.IGNORECASE)


@cache
def modules() -> list[str]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(str(path.relative_to(ROOT)) for path in found if "migrations/versions" not in str(path))


@cache
def source(module: str) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


def naming(pattern: str) -> list[str]:
    """The modules whose text names something: to take all of them apart takes seconds."""
    named = re.compile(pattern, re.IGNORECASE)
    return [module for module in modules() if named.search(source(module))]


@cache
def nodes(module: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source(module))))


def writes(module: Sequence[ast.AST]) -> Iterator[str]:
    """Each guarded table that a module writes to, by a Core statement, the ORM or a text of its own."""
    rows, aliases = set(_row_classes(module)), _aliases(module)
    for one in module:
        if isinstance(one, ast.Call):
            yield from _core_writes(one, aliases)
            yield from {_name(one.func)} & rows
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield from (found[3].lower() for found in HAND_WRITTEN.finditer(one.value))


def _core_writes(call: ast.Call, aliases: set[str]) -> Iterator[str]:
    if _name(call.func) in {"insert", "update", "delete"}:
        targets = call.args or ([call.func.value] if isinstance(call.func, ast.Attribute) else [])
        yield from (name for name in map(_name, targets[:1]) if name in GUARDED | CLASSES | aliases)


def _row_classes(module: Sequence[ast.AST]) -> Iterator[str]:
    """The names under which a module knows the rows of guarded tables; other rooms have their own Measure."""
    for one in module:
        if isinstance(one, ast.ImportFrom) and (one.module or "").endswith("tables"):
            yield from (alias.asname or alias.name for alias in one.names if alias.name in CLASSES)


def _aliases(module: Sequence[ast.AST]) -> set[str]:
    """Other names that a module gives to a guarded table, as in `table = sql.signature`."""
    given = [one for one in module if isinstance(one, ast.Assign) and _name(one.value) in GUARDED]
    return {_name(target) for one in given for target in one.targets}


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize(
    "source",
    [
        "update(sql.cases).values(state='closed')",
        "tx.execute(insert(Case).values(id=1))",
        "cases.update().values(state='closed')",
        "from workflows.rectification.tables import Problem\nsession.add(Problem(title='x'))",
        "mine = sql.cases\nupdate(mine).values(state='closed')",
        "text('UPDATE cases SET state = 1')",
        "f'INSERT OR REPLACE INTO history VALUES ({x})'",
        "delete(signature)",
    ],
)
def test_the_search_finds_a_writer(source):
    assert list(writes(list(ast.walk(ast.parse(source)))))
    assert re.search(WRITING, source, re.IGNORECASE)


@pytest.mark.row(33)
def test_only_the_door_and_the_sweep_write_cases_and_their_parts():
    found = {module for module in naming(WRITING) if any(writes(nodes(module)))}
    # The statements only lie there; who runs them is the next test's.
    assert found - {"engine/statements.py"} == WRITERS


@pytest.mark.row(33)
def test_only_the_door_runs_the_statements_that_write():
    names = {"INSERT_CASE", "update_case", "INSERT_HISTORY"}
    users = {
        module
        for module in naming("|".join(names))
        if module != "engine/statements.py" and any(_name(one) in names for one in nodes(module))
    }
    assert users == {"engine/writing.py"}


@pytest.mark.row(33)
def test_only_the_door_writes_the_tables_of_fields():
    stores = {"inserting", "updating"}
    users = set()
    for module in naming("|".join(stores)):
        for one in nodes(module):
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in stores:
                users |= {module} if _name(one.func.value) == "store" else set()
    assert users == {"engine/writing.py"}


def test_the_sweep_writes_nothing_but_wake_ups():
    for call in (one for one in nodes("engine/sweep.py") if isinstance(one, ast.Call)):
        if _name(call.func) == "values" and _root_call(call) == "cases":
            assert {keyword.arg for keyword in call.keywords} == {"next_alert_at"}


def _root_call(call: ast.Call) -> str:
    """The table at the bottom of a chain such as update(cases).where(…).values(…)."""
    node: ast.expr = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return _name(node.args[0]) if isinstance(node, ast.Call) and node.args else ""


def test_only_the_clock_reads_the_clock():
    readers = set()
    for module in naming("|".join(rf"\b{of}\.{name}\b" for of, name in CLOCKS)):
        for one in nodes(module):
            if isinstance(one, ast.Attribute) and (_name(one.value), one.attr) in CLOCKS:
                readers.add(module)
    assert readers <= {"engine/clock.py"}


def test_no_table_asks_the_servers_clock():
    for module in ("engine/tables.py", "workflows/rectification/tables.py"):
        assert not SERVER_CLOCKS.search((ROOT / module).read_text(encoding="utf-8"))
    versions = (ROOT / "xiaohao/migrations/versions").glob("*.py")
    assert not [path for path in versions if SERVER_CLOCKS.search(path.read_text(encoding="utf-8"))]


def test_only_the_planner_knows_the_library_of_state_machines():
    users = set()
    for module in naming("transitions"):
        for one in nodes(module):
            named = [alias.name for alias in one.names] if isinstance(one, ast.Import) else []
            named += [one.module or ""] if isinstance(one, ast.ImportFrom) else []
            users |= {module for name in named if name.split(".")[0] == "transitions"}
    assert users == {"engine/machine.py"}


@pytest.mark.row(34)
def test_no_table_keeps_a_word_for_overdue():
    """Overdue is computed: a stored flag is wrong from the first night nobody writes it."""
    columns = re.findall(r"^    (\w+): ", (ROOT / "engine/tables.py").read_text(encoding="utf-8"), re.MULTILINE)
    columns += re.findall(
        r"^    (\w+): ", (ROOT / "workflows/rectification/tables.py").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert "due_on" in columns
    assert not [name for name in columns if re.search(r"overdue|late|expired|delayed", name)]
