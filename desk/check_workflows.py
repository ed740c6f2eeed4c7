"""Reads workflow files as the start would, and tells every fault at once instead of stopping at the first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.definitions import Known
from engine.editions import LADDER, check
from engine.faults import Fault, FaultsError
from engine.kinds import Family, Role, Rule, parse_roles, parse_rules
from engine.registry import Registry
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
    for one in registry.definitions.values():
        where = f"{registry.family_of[one.kind].name}/{one.kind}.toml"
        for key, wanted in (("ladder", one.ladder), ("pause_ladder", one.pause_ladder)):
            if wanted and wanted not in texts:
                remedy = f"add config/ladders/{wanted}.toml"
                faults.append(Fault(where, key, None, f"no ladder {wanted!r}", remedy))
    return faults


def check_paths(paths: Iterable[Path], registry: Registry) -> list[Fault]:
    """Every fault of these definitions, and of the files of these folders, with the words that `registry` knows.

    A folder is read as a family: one of the table of contents in a new shape, or one that is still being written.
    """
    return [fault for path in paths for fault in _check_path(path, registry)]


def _check_path(path: Path, registry: Registry) -> list[Fault]:
    if path.is_dir():
        return _check_folder(path, registry)
    return _faults_of(lambda: registry.parse(_text(path), str(path)))


def _check_folder(folder: Path, registry: Registry) -> list[Fault]:
    """The faults of its roles alone where there are any: all its other files speak of them."""
    if faults := _faults_of(lambda: _roles(folder)):
        return faults
    messages = templates_in(folder / "messages")
    faults = list(_template_faults(str(folder / "messages"), messages))
    rules: list[Rule] = []
    faults += _faults_of(lambda: rules.extend(_rules(folder, _known(folder, registry))))
    family = replace(
        _registered(folder, registry),
        name=str(folder),
        definitions={str(path): _text(path) for path in sorted(folder.glob("*.toml")) if path.name not in NO_KIND},
        roles=_roles(folder),
        rules=tuple(rules),
        messages=messages,
    )
    others = [one for one in registry.families if one.name != folder.name]
    return faults + _faults_of(lambda: Registry([*others, family]))


def _registered(folder: Path, registry: Registry) -> Family:
    """The family of this name, whose code the folder goes on using; else one without code of its own."""
    nothing = Family(folder.name, {}, {}, (), {}, {}, {}, lambda _view, _lines: {})
    return next((one for one in registry.families if one.name == folder.name), nothing)


def _known(folder: Path, registry: Registry) -> Known:
    return replace(registry.known, roles=registry.known.roles | _roles(folder).keys())


def _roles(folder: Path) -> Mapping[str, Role]:
    return parse_roles(_text(folder / ROLES), str(folder / ROLES))


def _rules(folder: Path, known: Known) -> tuple[Rule, ...]:
    path = folder / "messages" / RULES
    return parse_rules(_text(path), str(path), known, frozenset(templates_in(path.parent)))


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


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
