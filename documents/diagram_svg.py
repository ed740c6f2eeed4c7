"""Draws a workflow as SVG: its places one below the other, every line and every word with room of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape

from documents.diagram import Diagram, Move, Place
from documents.text_width import width, wrapped

FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
# All in SVG units, one of which is a pixel at 100 %.
MARGIN, BOX, TEXT, SMALL = 32, 232, 15, 12
LINE_HEIGHT, PORT, LANE, GAP, BEND = 18, 30, 20, 34, 8
INK, GREY, PALE, ACCENT, PAPER = "#1f2933", "#5f6b76", "#f4f6f8", "#b3261e", "#ffffff"


def svg(diagram: Diagram) -> str:
    """The drawing as a whole SVG document, which needs nothing from elsewhere."""
    return _Drawing(diagram).text()


@dataclass
class _Box:
    """A place on the paper; `ports` are the ends of lanes at its right side, from top to bottom."""

    place: Place
    note: tuple[str, ...]
    top: float = 0
    height: float = 0
    ports: list["_Port"] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def port_at(self, port: "_Port") -> float:
        step = self.height / (len(self.ports) + 1)
        return self.top + step * (self.ports.index(port) + 1)


@dataclass(eq=False)
class _Port:
    """One end of a lane; `towards` is the row of the other end."""

    towards: int


@dataclass(eq=False)
class _Lane:
    """The same step into the same place, from however many places: one line with several beginnings."""

    moves: list[Move]
    starts: list[tuple["_Box", _Port]]
    end: tuple["_Box", _Port]
    column: int = 0

    def span(self) -> tuple[float, float]:
        heights = [box.port_at(port) for box, port in (*self.starts, self.end)]
        return min(heights), max(heights)


class _Drawing:
    """Straight arrows join neighbours; every other move runs in a lane of its own beside the boxes.

    Labels stand between the boxes and the first lane, one above each line: no line ever crosses a word.
    """

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._boxes = {place.name: _Box(place, wrapped(place.held_by, SMALL, BOX - 24)) for place in diagram.places}
        self._rows = {name: row for row, name in enumerate(self._boxes)}
        self._straight: dict[tuple[str, str], list[Move]] = {}
        self._lanes = [self._new_lane(moves) for moves in self._sort_moves()]
        bottom = self._stack()
        self._give_columns()
        self._first_lane = self._right_of_words() + 12
        self._width = self._wide_enough()
        self._below = bottom + GAP

    def text(self) -> str:
        body = [*self._title(), *self._all_arrows(), *self._all_lanes(), *self._all_boxes()]
        notes, height = self._notes()
        return "\n".join([*self._head(height), *body, *notes, "</svg>"]) + "\n"

    # --- where things are ---

    def _sort_moves(self) -> Iterable[list[Move]]:
        """Keep the moves between neighbours, give the others, those that share a lane together."""
        shared: dict[tuple[str, str, bool], list[Move]] = {}
        for move in self._diagram.moves:
            if self._rows[move.target] == self._rows[move.source] + 1:
                self._straight.setdefault((move.source, move.target), []).append(move)
            else:
                shared.setdefault((move.label, move.target, move.auto), []).append(move)
        return shared.values()

    def _new_lane(self, moves: list[Move]) -> _Lane:
        target = moves[0].target
        starts = [self._end_at(move.source, towards=self._rows[target]) for move in moves]
        first = min(self._rows[move.source] for move in moves)
        return _Lane(moves, starts, self._end_at(target, towards=first))

    def _end_at(self, name: str, towards: int) -> tuple["_Box", _Port]:
        box, port = self._boxes[name], _Port(towards)
        box.ports.append(port)
        # What leads up leaves at the top: fewer lines cross.
        box.ports.sort(key=lambda one: one.towards)
        return box, port

    def _stack(self) -> float:
        """Give every box its height and its place; the lowest edge of all."""
        top: float = MARGIN + 2 * TEXT + 18
        for name, box in self._boxes.items():
            text = 26 + LINE_HEIGHT * len(box.note) + 14
            box.top, box.height = top, max(text, PORT * (len(box.ports) + 1) - 6)
            below = next((moves for (source, _), moves in self._straight.items() if source == name), [])
            top = box.bottom + max(GAP, LINE_HEIGHT * len(below) + 22)
        return max(box.bottom for box in self._boxes.values())

    def _give_columns(self) -> None:
        """The shortest lane lies nearest; lanes that do not meet share a column."""
        taken: list[list[tuple[float, float]]] = []
        for lane in sorted(self._lanes, key=lambda one: one.span()[1] - one.span()[0]):
            upper, lower = lane.span()
            free = (number for number, spans in enumerate(taken) if _is_free(spans, upper, lower))
            lane.column = next(free, len(taken))
            if lane.column == len(taken):
                taken.append([])
            taken[lane.column].append((upper, lower))

    def _right_of_words(self) -> float:
        """Where the first lane may run: to the right of every word, beside a box or beside an arrow."""
        beside_boxes = [MARGIN + BOX + 12 + _wide(move) for lane in self._lanes for move in lane.moves]
        arrows = [move for moves in self._straight.values() for move in moves]
        return max((MARGIN + BOX, *beside_boxes, *(MARGIN + BOX / 2 + 10 + _wide(move) for move in arrows)))

    def _wide_enough(self) -> float:
        columns = max((lane.column + 1 for lane in self._lanes), default=0)
        title = MARGIN + width(self._diagram.title, TEXT + 3)
        return max(self._first_lane + LANE * columns, title) + MARGIN

    # --- what is drawn ---

    def _head(self, height: float) -> list[str]:
        title = escape(self._diagram.title)
        return [
            f'<svg xmlns="http://www.w3.org/2000/svg" xml:lang="zh-CN" role="img" aria-label="{_attribute(title)}" '
            f'width="{self._width:.0f}" height="{height:.0f}" viewBox="0 0 {self._width:.0f} {height:.0f}" '
            f'font-family="{FONT}">',
            f"<title>{title}</title>",
            f'<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="{INK}"/></marker></defs>',
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        ]

    def _title(self) -> list[str]:
        return [_words(MARGIN, MARGIN + TEXT, self._diagram.title, size=TEXT + 3)]

    def _all_boxes(self) -> Iterable[str]:
        for box in self._boxes.values():
            yield from self._box(box)

    def _box(self, box: _Box) -> list[str]:
        current = box.place.name == self._diagram.current
        fill, ink = (ACCENT, PAPER) if current else (PALE, INK)
        round_ = 16 if box.place.resting else 5
        shape = f'x="{MARGIN}" y="{box.top:.1f}" width="{BOX}" height="{box.height:.1f}" rx="{round_}"'
        drawn = [f'<rect {shape} fill="{fill}" stroke="{INK}" stroke-width="1.4"/>']
        if box.place.resting:
            inner = (
                f'x="{MARGIN + 4}" y="{box.top + 4:.1f}" width="{BOX - 8}" height="{box.height - 8:.1f}" rx="12"'
            )
            drawn.append(f'<rect {inner} fill="none" stroke="{ink}" stroke-width="1"/>')
        text = 22 + LINE_HEIGHT * len(box.note)
        y = box.top + (box.height - text) / 2 + TEXT
        middle = MARGIN + BOX / 2
        drawn.append(_words(middle, y, box.place.label, size=TEXT, fill=ink, anchor="middle"))
        for number, line in enumerate(box.note, 1):
            note = PAPER if current else GREY
            drawn.append(_words(middle, y + LINE_HEIGHT * number + 2, line, fill=note, anchor="middle"))
        return drawn

    def _all_arrows(self) -> Iterable[str]:
        middle = MARGIN + BOX / 2
        for (source, target), moves in self._straight.items():
            upper, lower = self._boxes[source].bottom, self._boxes[target].top
            yield _line([(middle, upper), (middle, lower)], auto=all(move.auto for move in moves))
            first = (upper + lower) / 2 - LINE_HEIGHT * (len(moves) - 1) / 2
            for number, move in enumerate(moves):
                yield _words(middle + 10, first + LINE_HEIGHT * number + 4, _label(move), fill=_ink(move))

    def _all_lanes(self) -> Iterable[str]:
        for lane in self._lanes:
            yield from self._lane(lane)

    def _lane(self, lane: _Lane) -> Iterable[str]:
        x, right, auto = self._first_lane + LANE * lane.column, MARGIN + BOX, lane.moves[0].auto
        end = lane.end[0].port_at(lane.end[1])
        farthest = max((box.port_at(port) for box, port in lane.starts), key=lambda y: abs(y - end))
        for move, (box, port) in zip(lane.moves, lane.starts, strict=True):
            y = box.port_at(port)
            if y == farthest:
                yield _line([(right, y), (x, y), (x, end), (right, end)], auto=auto)
            else:
                # Only as far as the line that is there already: dashes laid over dashes look whole.
                yield _line([(right, y), (x, y), (x, y + (BEND if end > y else -BEND))], auto=auto, tip=False)
            yield _words(right + 12, y - 5, _label(move), fill=_ink(move))

    def _notes(self) -> tuple[list[str], float]:
        """The legend and, below it, what can be done in each state without leaving it; and where that ends."""
        y = self._below + SMALL
        drawn = list(self._legend(y))
        listed = [place for place in self._diagram.places if place.steps]
        if listed:
            y += 34
            drawn.append(_words(MARGIN, y, self._diagram.legend.steps, size=SMALL + 1))
        for place in listed:
            text = f"{place.label}：{'、'.join(place.steps)}"
            for line in wrapped(text, SMALL, self._width - 2 * MARGIN):
                y += LINE_HEIGHT
                drawn.append(_words(MARGIN, y, line, fill=GREY))
        return drawn, y + MARGIN

    def _legend(self, y: float) -> Iterable[str]:
        legend, x = self._diagram.legend, float(MARGIN)
        yield _line([(x, y - 4), (x + 34, y - 4)], auto=True)
        yield _words(x + 42, y, legend.auto, fill=GREY)
        x += 42 + width(legend.auto, SMALL) + 26
        for label, round_, fill in ((legend.resting, 8, PALE), (legend.current, 3, ACCENT)):
            if label is legend.current and self._diagram.current is None:
                continue
            box = f'x="{x:.1f}" y="{y - 12:.1f}" width="26" height="15" rx="{round_}"'
            yield f'<rect {box} fill="{fill}" stroke="{INK}" stroke-width="1.4"/>'
            if round_ == 8:
                inner = f'x="{x + 3:.1f}" y="{y - 9:.1f}" width="20" height="9" rx="5"'
                yield f'<rect {inner} fill="none" stroke="{INK}" stroke-width="1"/>'
            yield _words(x + 34, y, label, fill=GREY)
            x += 34 + width(label, SMALL) + 26


def _is_free(spans: Sequence[tuple[float, float]], upper: float, lower: float) -> bool:
    return all(lower + 8 < top or bottom + 8 < upper for top, bottom in spans)


def _label(move: Move) -> str:
    return f"{move.label}（{move.who}）" if move.who else move.label


def _wide(move: Move) -> float:
    return width(_label(move), SMALL)


def _ink(move: Move) -> str:
    return GREY if move.auto else INK


def _line(points: Sequence[tuple[float, float]], *, auto: bool, tip: bool = True) -> str:
    """A line with round corners from point to point."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (before, corner), after in zip(pairwise(points), points[2:], strict=False):
        path += _corner(before, corner, after)
    path += f" L{points[-1][0]:.1f} {points[-1][1]:.1f}"
    dashes = ' stroke-dasharray="6 4"' if auto else ""
    end = ' marker-end="url(#tip)"' if tip else ""
    ink = GREY if auto else INK
    return f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="1.4"{end}{dashes}/>'


def _corner(before: tuple[float, float], corner: tuple[float, float], after: tuple[float, float]) -> str:
    start, end = _short_of(corner, before), _short_of(corner, after)
    return f" L{start[0]:.1f} {start[1]:.1f} Q{corner[0]:.1f} {corner[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


def _short_of(corner: tuple[float, float], other: tuple[float, float], by: float = BEND) -> tuple[float, float]:
    """A point near a corner on the way to another point, which lies straight beside, above or below it."""
    x, y = (other[0] - corner[0], other[1] - corner[1])
    length = max(abs(x), abs(y), 1e-6)
    by = min(by, length / 2)
    return corner[0] + x / length * by, corner[1] + y / length * by


def _words(x: float, y: float, text: str, *, size: int = SMALL, fill: str = INK, anchor: str = "start") -> str:
    """A text at a place; what is larger than a note is a name, and bold."""
    weight = "bold" if size > SMALL else "normal"
    look = f'font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(text)}</text>'


def _attribute(text: str) -> str:
    return text.replace('"', "&quot;")
