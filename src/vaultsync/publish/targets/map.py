"""A map of the notes of a post: a circle of names, a curve for each relation, and a list of both.

The circle is drawn from the catalogue alone, and all numbers are rounded: the same catalogue gives
the same bytes on every machine. Colours and letters are those of the page's style sheet.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote

from vaultsync.blocks.context import capitalized
from vaultsync.publish.compose.catalogue import Catalogue, Edge, Entry

# Units of the drawing, which is shown at about a pixel each.
_LINE, _LETTER, _SMALLEST, _GAP = 15.0, 6.0, 110.0, 9.0
# So many names of that length can be read on a circle as wide as the text; more are in the list
# alone. A screen narrower than that (`.map` in figures.css) has the list alone too.
_MOST_NAMES, _LONGEST = 80, 36
# How far a curve between neighbours keeps from the middle, as a part of the radius.
_BEND = 0.8
# Groups beyond these have a colour twice; the list names them in the order of the circle.
_COLOURS = 9
# The room between two groups, where that of a note is one.
_BETWEEN = 1.5


def map_html(catalogue: Catalogue) -> str:
    """Return the map as HTML; "" where no two notes are related."""
    made = _Map(catalogue)
    if not made.edges:
        return ""
    is_drawn = len(made.order) <= _MOST_NAMES
    return "\n".join([*(made.figure() if is_drawn else ()), *made.listed()])


class _Map:
    def __init__(self, catalogue: Catalogue) -> None:
        self.entries, self.groups = catalogue.entries, circle(catalogue)
        self.order = [number for notes in self.groups.values() for number in notes]
        placed = set(self.order)
        self.edges = [edge for edge in catalogue.edges if {edge.one, edge.other} <= placed]
        self.angles = angles(catalogue, self.order)
        self.radius = max(_SMALLEST, len(self.order) * _LINE / math.tau)

    def figure(self) -> Iterator[str]:
        """Yield the lines of the drawing, for those who point, and its legend."""
        wide, high = self._reach(math.cos), self._reach(math.sin)
        size = f'viewBox="{-wide} {-high} {2 * wide} {2 * high}" width="{2 * wide}"'
        yield f'<figure class="map">\n<svg {size} aria-hidden="true">'
        yield from map(self._curve, sorted(self.edges, key=lambda edge: edge.tension))
        yield from map(self._note, self.order)
        yield f"</svg>\n{self._legend()}\n</figure>"

    def _reach(self, part: Callable[[float], float]) -> int:
        """Return how far the names reach from the middle, sideways or up and down."""
        lengths = {n: self.radius + _GAP + len(self._name(n)) * _LETTER for n in self.order}
        most = max(abs(part(self.angles[n])) * length for n, length in lengths.items())
        return math.ceil(round(most + _LINE, 1))

    def _name(self, number: int) -> str:
        text = self.entries[number].title
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"

    def _curve(self, edge: Edge) -> str:
        """Return a curve that is the flatter the further apart its ends are."""
        one, other = sorted((self.angles[edge.one], self.angles[edge.other]))
        gap = min(other - one, math.tau - (other - one))
        middle = (one + other) / 2 + (math.pi if other - one > math.pi else 0)
        bend = _point(middle, self.radius * _BEND * (1 - gap / math.pi))
        kind = ' class="tension"' if edge.tension else ""
        ends = _point(one, self.radius), _point(other, self.radius)
        drawn = f"{self.order.index(edge.one)} {self.order.index(edge.other)}"
        return f'<path{kind} data-ends="{drawn}" d="M{ends[0]}Q{bend} {ends[1]}"/>'

    def _note(self, number: int) -> str:
        entry, angle = self.entries[number], self.angles[number]
        x, y = _point(angle, self.radius).split()
        title = f"<title>{escape(entry.title)}</title>" if len(entry.title) > _LONGEST else ""
        return (
            f'<a href="#{quote(entry.name)}" tabindex="-1" class="{self._colour(number)}">'
            f'{title}<circle cx="{x}" cy="{y}"/>{self._label(number)}</a>'
        )

    def _label(self, number: int) -> str:
        """Return a name that reads outwards on the right and inwards on the left."""
        angle, at = math.degrees(self.angles[number]), self.radius + _GAP
        end = ""
        if math.cos(self.angles[number]) < 0:
            angle, at, end = angle + 180, -at, ' text-anchor="end"'
        place = f'transform="rotate({_number(angle)})" x="{_number(at)}"{end}'
        return f"<text {place}>{escape(self._name(number))}</text>"

    def _colour(self, number: int) -> str:
        return f"g{[*self.groups].index(self.entries[number].group) % _COLOURS}"

    def _legend(self) -> str:
        """Return what the lines mean; the list shows the colours."""
        kinds = [("tie", "related")]
        if any(edge.tension for edge in self.edges):
            kinds.append(("tension", "in tension"))
        keys = (f'<span class="key {kind}">{text}</span>' for kind, text in kinds)
        return f"<figcaption>{' '.join(keys)}</figcaption>"

    def listed(self) -> Iterator[str]:
        """Yield the lines of a list of the groups, each folded: its notes and their relations."""
        beside = neighbours(self.edges)
        for group, notes in self.groups.items():
            name = escape(capitalized(group))
            key = f'<span class="key {self._colour(notes[0])}">{name}</span>'
            yield f"<details>\n<summary>{key} <small>{len(notes)}</small></summary>\n<ul>"
            for number in sorted(notes, key=self._by_name):
                others = sorted(beside.get(number, ()), key=self._by_name)
                links = "; ".join(_link(self.entries[other]) for other in others)
                yield f"<li>{': '.join(filter(None, [_link(self.entries[number]), links]))}</li>"
            yield "</ul>\n</details>"

    def _by_name(self, number: int) -> str:
        return self.entries[number].title.lower()


def _link(entry: Entry) -> str:
    return f'<a href="#{quote(entry.name)}">{escape(entry.title)}</a>'


def _point(angle: float, radius: float) -> str:
    return f"{_number(radius * math.cos(angle))} {_number(radius * math.sin(angle))}"


def _number(value: float) -> str:
    # Adding zero leaves no minus before a zero.
    return f"{round(value, 1) + 0.0:g}"


def circle(catalogue: Catalogue) -> Mapping[str, Sequence[int]]:
    """Return the numbers of the entries of each group, in their order around the circle.

    Within a group each note is followed by those related to it, the nearest first, from the note
    with the most relations on.
    """
    beside = neighbours(catalogue.edges)
    groups: dict[str, list[int]] = {group: [] for group in catalogue.groups}
    for number, entry in enumerate(catalogue.entries):
        if entry.group:
            groups[entry.group].append(number)
    return {group: [*_spread(notes, beside)] for group, notes in groups.items()}


def neighbours(edges: Iterable[Edge]) -> Mapping[int, Sequence[int]]:
    """Return the numbers of the entries that each entry is related to."""
    found = defaultdict(list)
    for edge in edges:
        found[edge.one].append(edge.other)
        found[edge.other].append(edge.one)
    return dict(found)


def _spread(members: Sequence[int], beside: Mapping[int, Sequence[int]]) -> Iterator[int]:
    left = dict.fromkeys(sorted(members, key=lambda number: -len(beside.get(number, ()))))
    for first in list(left):
        queue = deque([first])
        while queue:
            number = queue.popleft()
            if number in left:
                del left[number]
                yield number
                queue.extend(other for other in beside.get(number, ()) if other in left)


def angles(catalogue: Catalogue, order: Sequence[int]) -> Mapping[int, float]:
    """Return the direction of each entry in radians, clockwise from the top."""
    places, at = {}, 0.0
    for number, before in zip(order, [*order[-1:], *order[:-1]], strict=True):
        at += 1
        if catalogue.entries[number].group != catalogue.entries[before].group:
            at += _BETWEEN
        places[number] = at
    return {number: math.tau * (place / at - 0.25) for number, place in places.items()}
