"""Grows the tree of titles line by line, telling a title's number from that of a step in an answer."""

from documents import marks, phrases, titles
from documents.outline import items, rows
from documents.outline.entries import Entry
from documents.outline.order import BOTTOM, OVER, TOP
from documents.outline.survey import Survey
from documents.outline.tree import Node, Placement
from documents.sentences import ends_like_text
from documents.titles import Split

SHORT_TITLE = 30


class Growth:
    """Takes the entries of one document in order.

    `current` is the title that is open. Afterwards `root` is the tree, `placements` says for each entry
    where it went, and `doubtful` lists numbers that could as well have been a title's.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._order = survey.order
        self.root = Node(None, TOP, None, None)
        self.current = self.root
        self._last: dict[str, int] = {}
        self._run: tuple[str, int] | None = None
        self._nameless_area: str | None = None
        self._has_answers = False
        self.placements: list[Placement] = []
        self.doubtful: list[Entry] = []

    def grow(self) -> None:
        """Take the entries in order, then make problems of the items under titles whose peers have some."""
        for entry in self._survey.entries:
            if len(self.placements) == entry.index:
                row = self._survey.tables.rows.get(entry.index)
                self.placements += rows.take(row, self) if row else [self._place(entry)]
        if not self._survey.is_notice:
            items.list_late(self.root, self._survey.entries, self.placements)

    def _place(self, entry: Entry) -> Placement:
        if entry.index in self._survey.tables.headers:
            return Placement(self.root, "table_header")
        if self._survey.labels(entry) and self.current is not self.root:
            return self._marker(entry)
        if entry.mark and not self._survey.labels(entry):
            return self._step(entry) if self._is_step(entry) else self._number(entry)
        return self._plain(entry)

    def _marker(self, entry: Entry) -> Placement:
        node = self.current
        opens = not node.labelled and self._survey.opens_answer(entry)
        node.labelled = node.labelled or opens
        self._has_answers = self._has_answers or opens
        node.answering = True
        text = entry.label.rest if entry.label else entry.text
        self._run = marks.last_counted(text)
        return self.answer(text if opens else entry.text)

    def answer(self, text: str) -> Placement:
        """Add a paragraph to the answer of the title that is open."""
        if text:
            self.current.answer.append(text)
        return Placement(self.current, "answer")

    def _step(self, entry: Entry) -> Placement:
        self._run = marks.last_counted(entry.text)
        self.current.answering = True
        return self.answer(entry.text)

    def _is_step(self, entry: Entry) -> bool:
        """Say whether a number counts the steps of the answer being read."""
        if not entry.mark or self._survey.own_marker(entry.index) or self._is_named_title(entry):
            return False
        if not self.current.answering:
            return self._begins_steps(entry)
        kind, value = entry.mark.kind, entry.mark.value
        if self._order.above(self.current.kind, kind) or kind not in self._last:
            return True
        in_run = self._run == (kind, value - 1) or (value == 1 and self._run is None)
        return in_run and not self._is_due(entry, kind, value)

    def _is_named_title(self, entry: Entry) -> bool:
        """Say whether a numbered line is the next area, or a closing section, by its name alone."""
        if not entry.mark or ends_like_text(entry.body):
            return False
        kind, value = entry.mark.kind, entry.mark.value
        if self._survey.is_area(entry) and kind == self._survey.area_kind:
            return value == self._last.get(kind, 0) + 1
        closes = phrases.section(entry.body) == "next_steps" and len(entry.body) <= SHORT_TITLE
        return closes and not self._survey.markers_after(entry.index)

    def _begins_steps(self, entry: Entry) -> bool:
        """Without a marker, numbers below a problem are steps unless they name problems themselves."""
        node, mark = self.current, entry.mark
        if node.entry is None or mark is None or not self._survey.is_notice or self._survey.names_a_problem(entry):
            return False
        if not self._order.above(node.kind, mark.kind) or self._survey.has_children(node.entry.index):
            return False
        lacks = not self._survey.markers and phrases.states_a_lack(node.title) and ends_like_text(entry.body)
        return titles.calls_itself_a_problem(node.title) or (lacks and not phrases.is_area(node.title))

    def _is_due(self, entry: Entry, kind: str, value: int) -> bool:
        """Say whether a number that could go on counting steps is rather the next title's."""
        heads = self._order.above(kind, self.current.kind) and self._survey.has_children(entry.index)
        if heads and self._survey.is_area(entry):
            return True
        if value != self._last[kind] + 1:
            return heads and self._breaks_off(entry)
        if heads and ends_like_text(entry.body):
            self.doubtful.append(entry)
            return False
        return heads or titles.names_a_problem(entry.body) or self._breaks_off(entry)

    def _breaks_off(self, entry: Entry) -> bool:
        """Say whether a line looks like a title among steps: it has no stop where the text before it has one."""
        before = self.current.answer[-1:]
        begins = bool(before) and ends_like_text(before[0]) and not ends_like_text(entry.body)
        if begins:
            self.doubtful.append(entry)
        return begins

    def _number(self, entry: Entry) -> Placement:
        if entry.mark and entry.mark.kind == "一是" and len(titles.items(entry.text)[1]) > 1:
            return self._text(entry)
        kind = entry.mark.kind if entry.mark else BOTTOM
        self._last[kind] = entry.mark.value if entry.mark else 0
        return self.open(entry, kind)

    def open(self, entry: Entry, kind: str) -> Placement:
        """Open a title of a kind of number, closing those it does not stand under."""
        while self.current.parent and not self._order.above(self.current.kind, kind):
            self.current = self.current.parent
        node = Node(entry, kind, None, self.current, entry.mark)
        self.current.children.append(node)
        self.current = node
        self._run = None
        self._entitle(node, entry)
        node.role = self._role(node)
        items.list_under(node, entry, self._survey.is_notice)
        return Placement(node, "title")

    def _entitle(self, node: Node, entry: Entry) -> None:
        body = phrases.title_label(entry.body) or entry.body
        answered_below = self._survey.own_marker(entry.index) and not entry.inner_label
        split = titles.before_marker(body) if answered_below else self._split(body)
        node.title, node.basis = split.title, split.basis
        node.detail += [split.detail] if split.detail else []
        if split.rest and self._survey.is_notice and not self._survey.has_children(entry.index):
            node.answer, node.answering = [split.rest], True
            node.labelled = entry.inner_label is not None
            self._has_answers = self._has_answers or node.labelled
        elif split.rest:
            node.detail.append(split.rest)

    def _split(self, body: str) -> Split:
        area = None if self._survey.is_notice else titles.area_and_text(body)
        return area or titles.split(body)

    def _role(self, node: Node) -> str | None:
        role = phrases.section(node.title)
        parent = node.parent
        if parent is None or parent is self.root or parent.role == "container":
            return None if role == "container" and parent and parent.parent and not self._heads(node) else role
        closing = role == "next_steps" and node.entry and not self._survey.markers_after(node.entry.index)
        return role if closing else None

    def _heads(self, node: Node) -> bool:
        return node.entry is not None and self._survey.has_children(node.entry.index)

    def _plain(self, entry: Entry) -> Placement:
        section = self._section(entry)
        if section:
            return section
        named = phrases.title_label(entry.body)
        if named and self._expects_a_title():
            return self.open(entry, self.current.kind if self.current.answering else BOTTOM)
        if self._is_bare_problem(entry):
            return self.open(entry, BOTTOM)
        kind = self._missing_number(entry)
        if kind:
            return self.open(entry, kind)
        return self._text(entry)

    def _section(self, entry: Entry) -> Placement | None:
        """Open a part of the document whose title has no number."""
        role = phrases.section(entry.body) if len(entry.body) <= SHORT_TITLE else None
        if not role or not self._survey.is_title_like(entry) or not self._may_begin(role, entry):
            return None
        first_number = next((each.kind for each in self.root.children if each.value), TOP)
        return self.open(entry, first_number if role in ("next_steps", "advice", "contact") else TOP)

    def _may_begin(self, role: str, entry: Entry) -> bool:
        if role in ("container", "preamble"):
            return not self._has_answers and entry.index > 0
        return bool(self.root.children) and not self._survey.markers_after(entry.index)

    def _missing_number(self, entry: Entry) -> str | None:
        """Give the kind under which a title without a number belongs, or None if the line is no such title."""
        if (
            not self._survey.is_title_like(entry)
            or entry.index + 1 == len(self._survey.entries)
            or entry.index == 0
        ):
            return None
        following = self._survey.entries[entry.index + 1]
        if self._survey.is_area(entry):
            return self._area_kind(entry)
        if following.mark and not self._survey.labels(following):
            return self._kind_over(following.mark.kind)
        if self._survey.opens_answer(following) and self._expects_a_title():
            return self.current.kind if self.current.answering else BOTTOM
        return None

    def _is_bare_problem(self, entry: Entry) -> bool:
        """Say whether a paragraph such as 针对…的问题，已… stands under an area without any number."""
        node = self.current
        beside = node.kind == BOTTOM or phrases.is_area(node.title) or (node.role == "container" and node.parent)
        return bool(beside) and self._survey.is_notice and titles.names_a_problem(entry.body)

    def _area_kind(self, entry: Entry) -> str | None:
        """Give the kind of the areas of this document, which may all lack a number."""
        following = self._survey.next_number(entry.index)
        if self._nameless_area is None and following and following.mark:
            self._nameless_area = OVER + OVER + following.mark.kind
        return self._survey.area_kind or self._nameless_area

    def _expects_a_title(self) -> bool:
        return self.current.answering or bool(self.current.children) or self.current.parent is None

    def _kind_over(self, kind: str) -> str | None:
        node = self.current
        if not node.answering and not phrases.is_area(node.title) and not self._parts_siblings(node, kind):
            return None
        if self._order.above(node.kind, kind) and node.answering:
            return None
        while node.parent and not self._order.above(node.kind, kind):
            node = node.parent
        if node.parent is None:
            return None
        return OVER + kind if phrases.is_area(node.title) or node.role == "container" else node.kind

    def _parts_siblings(self, node: Node, kind: str) -> bool:
        """Say whether a title between two of a kind stands above them, where no answer tells text from title."""
        return not self._survey.is_notice and node.kind == kind

    def _text(self, entry: Entry) -> Placement:
        node = self.current
        if node.answering:
            return self.answer(entry.text)
        if self._survey.is_notice and self._is_answerable(node) and not self._survey.own_marker(entry.index):
            node.answering, node.basis = True, "line"
            return self.answer(entry.text)
        node.detail.append(entry.text)
        if not node.children and len(titles.items(entry.text)[1]) > 1:
            items.list_under(node, entry, self._survey.is_notice)
        return Placement(node, "detail")

    def _is_answerable(self, node: Node) -> bool:
        return (
            node.entry is not None
            and node.role is None
            and not node.children
            and not phrases.is_area(node.title)
            and not self._survey.has_children(node.entry.index)
        )


def grow(survey: Survey) -> Growth:
    """Grow the tree of a document's entries."""
    growth = Growth(survey)
    growth.grow()
    return growth
