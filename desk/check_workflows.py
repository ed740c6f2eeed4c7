"""Reads workflow files as the start would, and tells every fault at once instead of stopping at the first."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.definitions import Definition, Known
from engine.editions import LADDER, check
from engine.faults import Fault, FaultsError, Reader, read_text
from engine.kinds import Family, Role, Rule, parse_roles, parse_rules
from engine.registry import Registry, fault_of
from notifications.messages import BadTemplateError, Messages
from workflows import FAMILIES
from workflows.folder import templates_in

ROLES, RULES = "roles.toml", "rules.toml"
NO_KIND = {ROLES, "words.toml"}


def check_families() -> list[Fault]:
    """Every fault of every family of the table of contents."""
    faults: list[Fault] = []
    sound: list[Family] = []
    for one in FAMILIES:
        faults += _faults_of(lambda read=one.family: sound.append(read()))  # type: ignore[misc]
    for family in sound:
        faults += _template_faults(f"{family.name}/messages", family.messages)
    return faults + _faults_of(lambda: Registry(sound))


def check_ladders(texts: Mapping[str, str], registry: Registry) -> list[Fault]:
    """Every fault of the ladders by their names, and of the kinds that bring along one that is not among them."""
    faults: list[Fault] = []
    for name, text in texts.items():
        faults += _faults_of(partial(check, LADDER, name, text, registry))
    return faults + _missing_ladders(registry, texts)


def _missing_ladders(registry: Registry, there: Container[str]) -> list[Fault]:
    return [
        fault_of(registry.family_of[one.kind], one, *found)
        for one in registry.definitions.values()
        for found in _no_ladder(one, there)
    ]


def _no_ladder(one: Definition, there: Container[str]) -> Iterator[tuple[str, str, str]]:
    """The path, what is wrong and what mends it."""
    for key, wanted in (("ladder", one.ladder), ("pause_ladder", one.pause_ladder)):
        if wanted and wanted not in there:
            yield key, f"no ladder {wanted!r}", f"add config/ladders/{wanted}.toml"


def check_paths(paths: Iterable[Path], registry: Registry, ladders: Container[str]) -> list[Fault]:
    """Every fault of these definitions, and of the files of these folders, with the words that `registry` knows and
    the names of the `ladders` there are.

    A folder is read as a family: one of the table of contents in a new shape, or one that is still being written. A
    definition alone is read without what only its family knows: other kinds, tables, rules.
    """
    return [fault for path in paths for fault in _check_path(path, registry, ladders)]


def _check_path(path: Path, registry: Registry, ladders: Container[str]) -> list[Fault]:
    if path.is_dir():
        return _check_folder(path, registry, ladders)
    read: list[Definition] = []
    if faults := _faults_of(lambda: read.append(registry.parse(read_text(path), str(path)))):
        return faults
    reader = Reader.of(read_text(path), str(path))
    for found in _no_ladder(read[0], ladders):
        reader.fault(*found)
    return reader.faults


def _check_folder(folder: Path, registry: Registry, ladders: Container[str]) -> list[Fault]:
    """The faults of its roles alone where there are any: all its other files speak of them."""
    if faults := _faults_of(lambda: _roles(folder)):
        return faults
    messages: dict[str, str] = {}
    rules: list[Rule] = []
    definitions: dict[str, str] = {}
    faults = _faults_of(lambda: messages.update(templates_in(folder / "messages")))
    faults += _template_faults(str(folder / "messages"), messages)
    faults += _faults_of(lambda: rules.extend(_rules(folder, _known(folder, registry))))
    for path in sorted(one for one in folder.glob("*.toml") if one.name not in NO_KIND):
        faults += _faults_of(partial(_read_into, definitions, path))
    family = replace(
        _registered(folder, registry),
        name=str(folder),
        definitions=definitions,
        roles=_roles(folder),
        rules=tuple(rules),
        messages=messages,
    )
    others = [one for one in registry.families if one.name != folder.name]
    built: list[Registry] = []
    faults += _faults_of(lambda: built.append(Registry([*others, family])))
    return faults + [fault for one in built for fault in _missing_ladders(one, ladders)]


def _read_into(texts: dict[str, str], path: Path) -> None:
    texts[str(path)] = read_text(path)


def _registered(folder: Path, registry: Registry) -> Family:
    """The family of this name, whose code the folder goes on using; else one without code of its own."""
    nothing = Family(folder.name, {}, {}, (), {}, {}, {}, lambda _view, _lines: {})
    return next((one for one in registry.families if one.name == folder.name), nothing)


def _known(folder: Path, registry: Registry) -> Known:
    return replace(registry.known, roles=registry.known.roles | _roles(folder).keys())


def _roles(folder: Path) -> Mapping[str, Role]:
    return parse_roles(read_text(folder / ROLES), str(folder / ROLES))


def _rules(folder: Path, known: Known) -> tuple[Rule, ...]:
    path = folder / "messages" / RULES
    return parse_rules(read_text(path), str(path), known, frozenset(templates_in(path.parent)))


def _template_faults(where: str, sources: Mapping[str, str]) -> Iterator[Fault]:
    for name, source in sources.items():
        try:
            Messages.parse({name: source})
        except BadTemplateError as error:
            yield Fault(f"{where}/{name}.zh.j2", "", None, str(error), "mend the template")


def _faults_of(read: Callable[[], object]) -> list[Fault]:
    try:
        read()
    except FaultsError as error:
        return error.faults
    except OSError as error:
        return [Fault(str(error.filename), "", None, str(error.strerror), "add the file")]
    return []
