"""Grows the tree of titles line by line, telling a title's number from that of a step in an answer."""

from documents import numerals, phrases, titles
from documents.folding import fold
from documents.marks import Mark
from documents.outline.entries import Entry
from documents.outline.order import BOTTOM, ITEM, OVER, TOP
from documents.outline.survey import Survey
from documents.outline.tables import AREA, HEADING, PROBLEM, Row
from documents.outline.tree import Node, Placement
from documents.sentences import bare, ends_like_text, parts
from documents.titles import Item, Split

SHORT_TITLE = 30


class Growth:
    """Takes the entries of one document in order.

    Afterwards `root` is the tree, `placements` says for each entry where it went, and `doubtful` lists
    numbers that could as well have been a title's.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._order = survey.order
        self.root = Node(None, TOP, None, None)
        self._current = self.root
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
                self.placements += self._row(row) if row else [self._place(entry)]
        self._list_sentences()
        heads = {node.kind for node in self.root.walk() if node.children and node.parent}
        for node in list(self.root.walk()):
            if node.entry and not node.children and node.kind in heads and not self._survey.is_notice:
                self._list_items(node, node.entry)

    def _place(self, entry: Entry) -> Placement:
        if entry.index in self._survey.tables.headers:
            return Placement(self.root, "table_header")
        if self._survey.labels(entry) and self._current is not self.root:
            return self._marker(entry)
        if entry.mark and not self._survey.labels(entry):
            return self._step(entry) if self._is_step(entry) else self._number(entry)
        return self._plain(entry)

    def _marker(self, entry: Entry) -> Placement:
        node = self._current
        opens = not node.labelled and self._survey.opens_answer(entry)
        node.labelled = node.labelled or opens
        self._has_answers = self._has_answers or opens
        node.answering = True
        text = entry.label.rest if opens and entry.label else entry.text
        return self._answer(text)

    def _answer(self, text: str) -> Placement:
        if text:
            self._current.answer.append(text)
        return Placement(self._current, "answer")

    def _step(self, entry: Entry) -> Placement:
        if entry.mark:
            self._run = (entry.mark.kind, entry.mark.value)
        self._current.answering = True
        return self._answer(entry.text)

    def _is_step(self, entry: Entry) -> bool:
        """Say whether a number counts the steps of the answer being read."""
        if not entry.mark or self._survey.own_marker(entry.index) or self._is_named_title(entry):
            return False
        if not self._current.answering:
            return self._begins_steps(entry)
        kind, value = entry.mark.kind, entry.mark.value
        if self._order.above(self._current.kind, kind) or kind not in self._last:
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
        """Without markers, `（1）` under a title of the form 关于…的问题 is a step unless it names a problem."""
        return (
            self._survey.is_notice
            and self._current.entry is not None
            and not self._survey.has_children(self._current.entry.index)
            and titles.calls_itself_a_problem(self._current.title)
            and entry.mark is not None
            and self._order.above(self._current.kind, entry.mark.kind)
            and not self._survey.names_a_problem(entry)
        )

    def _is_due(self, entry: Entry, kind: str, value: int) -> bool:
        """Say whether a number that could go on counting steps is rather the next title's."""
        heads = self._order.above(kind, self._current.kind) and self._survey.has_children(entry.index)
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
        before = self._current.answer[-1:]
        begins = bool(before) and ends_like_text(before[0]) and not ends_like_text(entry.body)
        if begins:
            self.doubtful.append(entry)
        return begins

    def _number(self, entry: Entry) -> Placement:
        if entry.mark and entry.mark.kind == "一是" and len(titles.items(entry.text)[1]) > 1:
            return self._text(entry)
        kind = entry.mark.kind if entry.mark else BOTTOM
        self._last[kind] = entry.mark.value if entry.mark else 0
        return self._open(entry, kind)

    def _open(self, entry: Entry, kind: str) -> Placement:
        while self._current.parent and not self._order.above(self._current.kind, kind):
            self._current = self._current.parent
        node = Node(entry, kind, None, self._current, entry.mark)
        self._current.children.append(node)
        self._current = node
        self._run = None
        self._entitle(node, entry)
        node.role = self._role(node)
        self._list_items(node, entry)
        return Placement(node, "title")

    def _list_items(self, node: Node, entry: Entry) -> None:
        """Make problems of 一是…二是… where the title above them is no problem itself."""
        text = "".join([*node.detail, *node.answer])
        lead, items = titles.items(text)
        if self._holds_problems(node, items):
            node.detail = [lead] if lead else []
            node.answer, node.answering, node.labelled = [], False, False
            for item in items:
                self._open_item(node, entry, item)

    def _holds_problems(self, node: Node, items: list[Item]) -> bool:
        if len(items) < 2 or node.role in ("preamble", "next_steps", "advice", "contact"):
            return False
        if self._survey.is_notice:
            return sum(titles.names_a_problem(item.text) for item in items) > 1
        peers = node.parent.children if node.parent else []
        return phrases.is_area(node.title) or node.role == "container" or any(each.children for each in peers)

    def _list_sentences(self) -> None:
        """In a feedback document, take the sentences under an area that lists nothing for its problems."""
        for node in list(self.root.walk()):
            if node.entry and not self._survey.is_notice and not node.children and phrases.is_area(node.title):
                sentences = [each for text in node.detail for each in parts(text) if phrases.states_a_lack(each)]
                for sentence in sentences:
                    child = Node(self._source_of(node), ITEM, None, node, None, sentence, "sentence")
                    node.children.append(child)

    def _source_of(self, node: Node) -> Entry | None:
        """Give the entry that holds the text under a title: its own, or the one after it."""
        placed = zip(self._survey.entries, self.placements, strict=True)
        return next((entry for entry, place in placed if place.node is node and place.use == "detail"), node.entry)

    def _open_item(self, parent: Node, entry: Entry, item: Item) -> None:
        split = titles.split(item.text)
        child = Node(
            entry,
            ITEM,
            None,
            parent,
            Mark("一是" if item.glyphs.endswith("是") else "（1）", item.number, item.glyphs),
            split.title,
            split.basis,
        )
        texts = [split.rest] if split.rest else []
        child.answer, child.detail = (texts, []) if self._survey.is_notice else ([], texts)
        child.answering = bool(child.answer)
        parent.children.append(child)

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

    def _row(self, row: Row) -> list[Placement]:
        """Open what a row of a table of problems names anew, and take its other cells as the answer."""
        placed = {}
        for role in (AREA, HEADING, PROBLEM):
            for place, entry in enumerate(row.of(role)):
                opened = place > 0 or (role == AREA and self._is_open(role, entry))
                placed[entry.index] = self._cell(entry) if opened else self._open(entry, role)
        self._current.basis = "table"
        self._take_number(row, placed)
        for entry, role in zip(row.entries, row.roles, strict=True):
            if entry.index not in placed:
                placed[entry.index] = self._column(entry, role)
        return [placed[entry.index] for entry in row.entries]

    def _is_open(self, role: str, entry: Entry) -> bool:
        return any(
            node.kind == role and node.title == bare(entry.body)
            for node in (self._current, *self._current.ancestors())
        )

    def _cell(self, entry: Entry) -> Placement:
        self._current.detail.append(entry.text)
        return Placement(self._current, "detail")

    def _take_number(self, row: Row, placed: dict[int, Placement]) -> None:
        """Give the number of the row to the problem it opened, or else to the heading."""
        for entry in row.of("number"):
            value = numerals.parse(fold(entry.text).strip("(). 、"))
            if value and self._current.entry in row.entries and self._current.mark is None:
                self._current.mark = Mark(self._current.kind, str(value), entry.text)
            placed[entry.index] = Placement(self._current, "title")

    def _column(self, entry: Entry, role: str) -> Placement:
        if role == "answer":
            self._current.labelled = self._current.answering = True
            return self._answer(entry.text)
        name = role.removeprefix("field:")
        return self._answer(f"{name}：{entry.text}")

    def _heads(self, node: Node) -> bool:
        return node.entry is not None and self._survey.has_children(node.entry.index)

    def _plain(self, entry: Entry) -> Placement:
        section = self._section(entry)
        if section:
            return section
        named = phrases.title_label(entry.body)
        if named and self._expects_a_title():
            return self._open(entry, self._current.kind if self._current.answering else BOTTOM)
        if self._is_bare_problem(entry):
            return self._open(entry, BOTTOM)
        kind = self._missing_number(entry)
        if kind:
            return self._open(entry, kind)
        return self._text(entry)

    def _section(self, entry: Entry) -> Placement | None:
        """Open a part of the document whose title has no number."""
        role = phrases.section(entry.body) if len(entry.body) <= SHORT_TITLE else None
        if not role or not self._survey.is_title_like(entry) or not self._may_begin(role, entry):
            return None
        first_number = next((each.kind for each in self.root.children if each.value), TOP)
        return self._open(entry, first_number if role in ("next_steps", "advice", "contact") else TOP)

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
            return self._current.kind if self._current.answering else BOTTOM
        return None

    def _is_bare_problem(self, entry: Entry) -> bool:
        """Say whether a paragraph such as 针对…的问题，已… stands under an area without any number."""
        node = self._current
        beside = node.kind == BOTTOM or phrases.is_area(node.title) or (node.role == "container" and node.parent)
        return bool(beside) and self._survey.is_notice and titles.names_a_problem(entry.body)

    def _area_kind(self, entry: Entry) -> str | None:
        """Give the kind of the areas of this document, which may all lack a number."""
        following = self._survey.next_number(entry.index)
        if self._nameless_area is None and following and following.mark:
            self._nameless_area = OVER + OVER + following.mark.kind
        return self._survey.area_kind or self._nameless_area

    def _expects_a_title(self) -> bool:
        return self._current.answering or bool(self._current.children) or self._current.parent is None

    def _kind_over(self, kind: str) -> str | None:
        node = self._current
        if not node.answering and not (node.parent and phrases.is_area(node.title)):
            return None
        if self._order.above(node.kind, kind) and node.answering:
            return None
        while node.parent and not self._order.above(node.kind, kind):
            node = node.parent
        if node.parent is None:
            return None
        return OVER + kind if phrases.is_area(node.title) or node.role == "container" else node.kind

    def _text(self, entry: Entry) -> Placement:
        node = self._current
        if node.answering:
            return self._answer(entry.text)
        if self._survey.is_notice and self._is_answerable(node) and not self._survey.own_marker(entry.index):
            node.answering, node.basis = True, "line"
            return self._answer(entry.text)
        node.detail.append(entry.text)
        if len(titles.items(entry.text)[1]) > 1 and node.parent and not node.children:
            self._list_items(node, entry)
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
