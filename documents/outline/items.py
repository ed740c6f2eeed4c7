"""Problems that are not titles of their own: 一是…二是… in a paragraph, or its sentences."""

from collections.abc import Sequence

from documents import phrases, titles
from documents.marks import Mark
from documents.outline.entries import Entry
from documents.outline.order import ITEM
from documents.outline.tree import Node, Placement
from documents.sentences import parts
from documents.titles import Item

_CLOSED = ("preamble", "next_steps", "advice", "contact", "closing")


def list_under(node: Node, entry: Entry, is_notice: bool) -> None:
    """Make problems of 一是…二是… in the text of `entry`, where the title above them is no problem itself."""
    lead, items = titles.items("".join([*node.detail, *node.answer]))
    if len(items) < 2 or node.role in _CLOSED or not _are_problems(node, items, is_notice):
        return
    node.detail = [lead] if lead else []
    node.answer, node.answering, node.labelled = [], False, False
    node.children += [_child(node, entry, item, is_notice) for item in items]


def _are_problems(node: Node, items: Sequence[Item], is_notice: bool) -> bool:
    if is_notice:
        return sum(titles.names_a_problem(item.text) for item in items) > 1
    peers = node.parent.children if node.parent else []
    return phrases.is_area(node.title) or node.role == "container" or any(each.children for each in peers)


def _child(parent: Node, entry: Entry, item: Item, is_notice: bool) -> Node:
    split = titles.split(item.text)
    mark = Mark("一是" if item.glyphs.endswith("是") else "（1）", item.number, item.glyphs)
    child = Node(entry, ITEM, None, parent, mark, split.title, split.basis)
    texts = child.answer if is_notice else child.detail
    texts += [split.rest] if split.rest else []
    child.answering = bool(child.answer)
    return child


def list_late(root: Node, entries: Sequence[Entry], placements: Sequence[Placement]) -> None:
    """In a feedback document, list what stands in the text of titles whose peers have problems under them."""
    heads = {node.kind for node in root.walk() if node.children and node.parent}
    placed = zip(entries, placements, strict=True)
    sources = {place.node: entry for entry, place in reversed(list(placed)) if place.use == "detail"}
    for node in list(root.walk()):
        if node.entry and not node.children and phrases.is_area(node.title):
            _list_sentences(node, sources.get(node, node.entry))
        elif node.entry and not node.children and node.kind in heads:
            list_under(node, node.entry, is_notice=False)


def _list_sentences(node: Node, entry: Entry) -> None:
    for sentence in (each for text in node.detail for each in parts(text)):
        if phrases.states_a_lack(sentence):
            node.children.append(Node(entry, ITEM, None, node, None, sentence, "sentence"))
