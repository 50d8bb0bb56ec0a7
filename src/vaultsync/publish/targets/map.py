"""A map of the notes of a post as SVG: a circle of names, and a curve for each relation.

It is drawn from the catalogue alone, and all numbers are rounded: the same catalogue gives the same
bytes on every machine. Colours and letters are those of the page's style sheet.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote

from vaultsync.publish.compose.catalogue import Catalogue, Edge, Entry

# Units of the drawing, which is shown at about a pixel each.
_LINE, _LETTER, _SMALLEST, _GAP, _DOT = 15.0, 6.0, 110.0, 9.0, 3.5
# So many names can be read on one circle; more notes are dots, each with its title.
_NAMED, _LONGEST = 160, 30
# How far a curve between neighbours keeps from the middle, as a part of the radius.
_BEND = 0.8
_COLOURS = 6
# A narrow screen shows a part of it, which keyboards move. What it shows is in the list too,
# which keyboards and screen readers go through.
_OPENING = '<figure class="map">\n<div role="group" aria-label="Map" tabindex="0">'
# The room between two groups, where that of a note is one.
_BETWEEN = 1.5


def map_html(catalogue: Catalogue) -> str:
    """Return the map as HTML, with a legend and a list; "" where no two notes are related."""
    made = _Map(catalogue)
    if not made.edges:
        return ""
    parts = [_OPENING, *made.picture(), "</div>", made.legend(), "</figure>", *made.listed()]
    return "\n".join(parts)


class _Map:
    def __init__(self, catalogue: Catalogue) -> None:
        self.entries, self.order = catalogue.entries, circle(catalogue)
        placed = set(self.order)
        self.edges = [edge for edge in catalogue.edges if {edge.one, edge.other} <= placed]
        self.groups = sorted({self.entries[number].group or "" for number in self.order})
        self.angles = angles(catalogue, self.order)
        self.named = len(self.order) <= _NAMED
        line = _LINE if self.named else _LINE / 4
        self.radius = max(_SMALLEST, len(self.order) * line / math.tau)

    def picture(self) -> Iterator[str]:
        """Yield the lines of the SVG."""
        wide, high = self._reach(math.cos), self._reach(math.sin)
        size = f'viewBox="{-wide} {-high} {2 * wide} {2 * high}" width="{2 * wide}"'
        kind = "" if self.named else ' class="dots"'
        yield f'<svg{kind} {size} aria-hidden="true">'
        yield from map(self._curve, sorted(self.edges, key=lambda edge: edge.tension))
        yield from map(self._note, self.order)
        yield "</svg>"

    def _reach(self, part: Callable[[float], float]) -> int:
        """Return how far the names reach from the middle, sideways or up and down."""
        lengths = {n: self.radius + _GAP + len(self._name(n)) * _LETTER for n in self.order}
        most = max(abs(part(self.angles[n])) * length for n, length in lengths.items())
        return math.ceil(round(most + _LINE, 1))

    def _name(self, number: int) -> str:
        text = self.entries[number].name.replace("-", " ") if self.named else ""
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"

    def _curve(self, edge: Edge) -> str:
        """Return a curve that is the flatter the further apart its ends are."""
        one, other = sorted((self.angles[edge.one], self.angles[edge.other]))
        gap = min(other - one, math.tau - (other - one))
        middle = (one + other) / 2 + (math.pi if other - one > math.pi else 0)
        bend = _point(middle, self.radius * _BEND * (1 - gap / math.pi))
        kind = ' class="tension"' if edge.tension else ""
        ends = _point(one, self.radius), _point(other, self.radius)
        return f'<path{kind} data-ends="{edge.one} {edge.other}" d="M{ends[0]}Q{bend} {ends[1]}"/>'

    def _note(self, number: int) -> str:
        entry, angle = self.entries[number], self.angles[number]
        colour = self.groups.index(entry.group or "") % _COLOURS
        x, y = _point(angle, self.radius).split()
        dot = f'<circle cx="{x}" cy="{y}" r="{_DOT:g}"/>'
        return (
            f'<a href="#{quote(entry.name)}" tabindex="-1" class="g{colour}" data-note="{number}">'
            f"<title>{escape(entry.title)}</title>{dot}{self._label(number)}</a>"
        )

    def _label(self, number: int) -> str:
        """Return a name that reads outwards on the right and inwards on the left."""
        if not self.named:
            return ""
        angle, at = math.degrees(self.angles[number]), self.radius + _GAP
        end = ""
        if math.cos(self.angles[number]) < 0:
            angle, at, end = angle + 180, -at, ' text-anchor="end"'
        place = f'transform="rotate({_number(angle)})" x="{_number(at)}" dy=".35em"{end}'
        return f"<text {place}>{escape(self._name(number))}</text>"

    def legend(self) -> str:
        """Return what colours and lines mean."""
        kinds = [(f"g{n % _COLOURS}", group) for n, group in enumerate(self.groups) if group]
        kinds.append(("tie", "related"))
        if any(edge.tension for edge in self.edges):
            kinds.append(("tension", "in tension"))
        keys = (f'<span class="key {kind}">{escape(text)}</span>' for kind, text in kinds)
        return f"<figcaption>{' '.join(keys)}</figcaption>"

    def listed(self) -> Iterator[str]:
        """Yield the lines of a folded list of the notes, each with those it is related to."""
        yield "<details>\n<summary>The map as a list</summary>\n<ul>"
        beside = neighbours(self.edges)
        for number in sorted(beside):
            others = "; ".join(_link(self.entries[other]) for other in sorted(beside[number]))
            yield f"<li>{_link(self.entries[number])}: {others}</li>"
        yield "</ul>\n</details>"


def _link(entry: Entry) -> str:
    return f'<a href="#{quote(entry.name)}">{escape(entry.title)}</a>'


def _point(angle: float, radius: float) -> str:
    return f"{_number(radius * math.cos(angle))} {_number(radius * math.sin(angle))}"


def _number(value: float) -> str:
    # Adding zero leaves no minus before a zero.
    return f"{round(value, 1) + 0.0:g}"


def circle(catalogue: Catalogue) -> list[int]:
    """Return the numbers of the entries that have a group, in their order around the circle.

    Within a group each note is followed by those related to it, the nearest first, from the note
    with the most relations on.
    """
    beside = neighbours(catalogue.edges)
    groups = defaultdict(list)
    for number, entry in enumerate(catalogue.entries):
        if entry.group is not None:
            groups[entry.group].append(number)
    return [number for group in sorted(groups) for number in _spread(groups[group], beside)]


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
