"""The titles of a document as a tree, before anybody says which of them are problems."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.marks import Mark
from documents.outline.entries import Entry


@dataclass(eq=False)
class Node:
    """A title with what stands under it; `kind` is borrowed from its neighbours where it has no number."""

    entry: Entry | None
    kind: str
    role: str | None
    parent: "Node | None"
    mark: Mark | None = None
    title: str = ""
    basis: str = "line"
    detail: list[str] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)
    labelled: bool = False
    answering: bool = False
    children: list["Node"] = field(default_factory=list)

    @property
    def value(self) -> int | None:
        return self.mark.value if self.mark else None

    @property
    def line(self) -> int:
        return self.entry.number if self.entry else 0

    def ancestors(self) -> Iterator["Node"]:
        """Give the titles above, nearest first, without the root."""
        above = self.parent
        while above is not None and above.parent is not None:
            yield above
            above = above.parent

    def walk(self) -> Iterator["Node"]:
        """Give this title and all below it, in the order of the source."""
        yield self
        for each in self.children:
            yield from each.walk()


@dataclass(frozen=True)
class Placement:
    """Where an entry went: it opened a title, is its answer, or is text under it."""

    node: Node
    use: str
