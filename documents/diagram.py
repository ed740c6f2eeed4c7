"""What a drawing of a workflow shows: the places of a life and how one gets from each to the next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A state: its label, who acts there, and the steps that can be taken there without leaving."""

    name: str
    label: str
    held_by: str = ""
    steps: tuple[str, ...] = ()
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step that leads from one state to another; `who` may take it, an automatic one moves by itself."""

    label: str
    who: str
    source: str
    target: str
    auto: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    """The words beside the drawing."""

    auto: str
    resting: str
    current: str
    steps: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """A workflow as it is to be drawn; `places` in the order of the work, the first is where a case begins.

    `current` is the name of the state in which the case stands that the diagram is drawn for.
    """

    title: str
    places: tuple[Place, ...]
    moves: tuple[Move, ...]
    legend: Legend
    current: str | None = None


def mermaid(diagram: Diagram) -> str:
    """The same as text that Mermaid draws."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{_quoted(place.label)}" as {place.name}' for place in diagram.places]
    lines.append(f"    [*] --> {diagram.places[0].name}")
    for move in diagram.moves:
        auto = f"（{diagram.legend.auto}）" if move.auto else ""
        lines.append(f"    {move.source} --> {move.target} : {_quoted(move.label)}{auto}")
    lines.append("    classDef resting stroke-width:3px")
    lines.append("    classDef current fill:#b3261e,color:#ffffff")
    lines += [f"    class {place.name} resting" for place in diagram.places if place.resting]
    if diagram.current:
        lines.append(f"    class {diagram.current} current")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace('"', "”").replace(":", "：").replace("\n", " ")
