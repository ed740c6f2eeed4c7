"""A workflow as a drawing: the words that people know it by, and where one case stands in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from desk.finding import NotFoundError
from documents.diagram import Diagram, Legend, Move, Place
from documents.text_width import wrapped
from engine.database import Tx
from engine.definitions import BACK, SAME, Action, Definition, State
from engine.registry import Registry
from engine.runtime import Runtime
from engine.words import Words

# More roles than these beside an arrow would hide the arrow.
MOST_ROLES = 2
# The fields that a case may be called by.
NAMING = ("title", "name", "text")
# In Chinese characters: a longer one would make the drawing wider than its lines.
LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: the number of its edition, its state, and what it is called."""

    kind: str
    number: int
    state: str
    name: str


def place_of(tx: Tx, runtime: Runtime, case_id: int) -> Standing:
    """Where this case stands. Raises NotFoundError."""
    view = runtime.view(tx)
    try:
        case = view.case(case_id)
    except LookupError:
        raise NotFoundError(f"没有编号为 {case_id} 的事项") from None
    fields = view.fields(case)
    name = next((fields[one] for one in NAMING if fields.get(one)), case_id)
    number = runtime.editions.number_of(tx, case.definition_id)
    return Standing(case.kind, number, case.state, wrapped(str(name), 1, LONGEST_NAME)[0])


def draw(
    definition: Definition, number: int, registry: Registry, words: Words, standing: Standing | None = None
) -> Diagram:
    """What to draw of the edition with this number; `standing` is the case that it is drawn for."""
    drawer = _Drawer(definition, registry, words)
    values = {"kind": words.label(definition.label), "number": number}
    return Diagram(
        title=words.say("diagram.of_case", **values, name=standing.name)
        if standing
        else words.say("diagram.title", **values),
        places=tuple(map(drawer.place, _from_the_beginning(definition))),
        moves=tuple(drawer.moves()),
        legend=Legend(
            auto=words.say("diagram.auto"),
            resting=words.say("diagram.resting"),
            current=words.say("diagram.current"),
            steps=words.say("diagram.steps"),
        ),
        current=standing.state if standing else None,
    )


def _from_the_beginning(definition: Definition) -> list[State]:
    """The states in the author's order, with the one in which a case begins first."""
    states = definition.states
    return [states[definition.initial], *(one for one in states.values() if one.name != definition.initial)]


class _Drawer:
    def __init__(self, definition: Definition, registry: Registry, words: Words) -> None:
        self._definition, self._registry, self._words = definition, registry, words

    def place(self, state: State) -> Place:
        here = (one for one in self._definition.actions.values() if state.name in one.sources and not one.auto)
        steps = (one for one in here if one.target in (SAME, BACK))
        return Place(
            name=state.name,
            label=self._words.label(state.label),
            held_by=self._roles(state.held_by),
            steps=tuple(map(self._step, steps)),
            resting=state.resting,
        )

    def _step(self, action: Action) -> str:
        """A step without an arrow; one that leads back says so, for where to depends on the case."""
        label = self._words.label(action.label)
        return label if action.target == SAME else self._words.say("diagram.back", label=label)

    def moves(self) -> Iterable[Move]:
        for action in self._definition.actions.values():
            label, who = self._words.label(action.label), self._who(action)
            for source in action.sources:
                if action.target not in (SAME, BACK, source):
                    yield Move(label, who, source, action.target, action.auto)

    def _who(self, action: Action) -> str:
        if action.auto:
            return ""
        more = self._words.say("diagram.more") if len(action.roles) > MOST_ROLES else ""
        return self._roles(action.roles[:MOST_ROLES]) + more

    def _roles(self, names: Iterable[str]) -> str:
        roles = self._registry.roles
        labels = [self._words.label(roles[name].label) for name in names if name in roles]
        return self._words.say("diagram.and").join(labels)
