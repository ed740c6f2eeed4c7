"""What a guard or an operation reads of its context by name: a definition that lacks it is refused at the start."""

import ast
import linecache
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import FunctionType
from typing import Any, TypeVar

CONTEXT = "context"
Step = TypeVar("Step", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Asks:
    """The parameters of the action and the fields of the case without which it would fail.

    One that `fills_fields` puts each parameter into the field of its name, but those that it `spares`.
    """

    params: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    fills_fields: bool = False
    spares: frozenset[str] = frozenset()


def fills_fields(*but: str) -> Callable[[Step], Step]:
    """Marks an operation that puts each parameter into the field of its name; `but` some."""

    def mark(step: Step) -> Step:
        step.spares = frozenset(but)  # type: ignore[attr-defined]
        return step

    return mark


def asks_of(steps: Mapping[str, Callable[..., Any]]) -> dict[str, Asks]:
    return {name: asks(step) for name, step in steps.items()}


@cache
def asks(step: Callable[..., Any]) -> Asks:
    """Read from its text and from that of the functions to which it hands its context.

    Seen are `context.params["…"]` and the same through a local `params = context.params`. What it tests before
    (`"…" in context.params`) or looks up with `get` it can do without.
    """
    params: set[str] = set()
    fields: set[str] = set()
    waiting, seen = [step], {step}
    while waiting:
        one = waiting.pop()
        nodes = _nodes(one)
        params |= _read(nodes, "params")
        fields |= _read(nodes, "fields")
        handed = {other for other in _handed_on(nodes, one) if other not in seen}
        seen |= handed
        waiting += handed
    spared: frozenset[str] | None = getattr(step, "spares", None)
    return Asks(frozenset(params), frozenset(fields), spared is not None, spared or frozenset())


def _nodes(step: Callable[..., Any]) -> list[ast.AST]:
    """Its text taken apart; nothing where there is none, or another's, as of a function that was made otherwise."""
    code = getattr(step, "__code__", None)
    made = _functions(code.co_filename).get((code.co_name, code.co_firstlineno)) if code else None
    return list(ast.walk(made)) if made else []


@cache
def _functions(file: str) -> Mapping[tuple[str, int], ast.AST]:
    """The functions of a file by their name and first line, which is their first decorator's if they have one."""
    try:
        made = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return {}
    found = (one for one in ast.walk(made) if isinstance(one, ast.FunctionDef))
    return {(one.name, min([one.lineno, *(by.lineno for by in one.decorator_list)])): one for one in found}


def _read(nodes: list[ast.AST], kind: str) -> frozenset[str]:
    named = {name for name, value in _given_names(nodes) if _is_of(value, kind)}
    mine = [one for one in nodes if _is_of(one, kind) or (isinstance(one, ast.Name) and one.id in named)]
    looked_up = (one.slice for one in nodes if isinstance(one, ast.Subscript) and one.value in mine)
    tested = (one.left for one in nodes if isinstance(one, ast.Compare) and one.comparators[0] in mine)
    return frozenset(_texts(looked_up)) - frozenset(_texts(tested))


def _given_names(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Every `name = value`, also of several in a row."""
    for one in nodes:
        if isinstance(one, ast.Assign):
            names, values = one.targets[0], one.value
            if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple):
                pairs = list(zip(names.elts, values.elts, strict=False))
            else:
                pairs = [(names, values)]
            yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


def _is_of(node: ast.AST, kind: str) -> bool:
    """Whether it is `context.KIND`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == kind
        and isinstance(node.value, ast.Name)
        and node.value.id == CONTEXT
    )


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    return (one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _handed_on(nodes: Iterable[ast.AST], step: Callable[..., Any]) -> Iterator[FunctionType]:
    """The functions called with the context first: of its own module, or of one that it has imported."""
    for one in nodes:
        if isinstance(one, ast.Call) and one.args and _is_context(one.args[0]):
            called = _named(one.func, getattr(step, "__globals__", {}))
            if isinstance(called, FunctionType):
                yield called


def _is_context(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == CONTEXT


def _named(node: ast.AST, names: Mapping[str, Any]) -> object:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(names.get(node.value.id), node.attr, None)
    return None
