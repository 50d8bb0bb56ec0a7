"""A map of the notes of a post as SVG: a circle of names, and a curve for each relation.

It is drawn from the catalogue alone, in steps that grow with its size, and all numbers are rounded:
the same catalogue gives the same bytes on every machine. Colours and letters are those of the
page's style sheet.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from vaultsync.publish.catalogue import Catalogue, Tie

# Units of the drawing, which is shown at about a pixel each.
_LINE, _LETTER, _BETWEEN_GROUPS, _SMALLEST = 15.0, 6.0, 1.5, 110.0
_GAP, _DOT = 9.0, 3.5
# So many names can be read on one circle; more notes are dots, each with its title.
_NAMED = 160
_LONGEST = 30
# How far a curve between neighbours keeps from the circle, as a part of the radius.
_BEND = 0.8
_COLOURS = 6
# A narrow screen shows a part of it, which keyboards move.
_OPENING = '<figure class="map">\n<div role="group" aria-label="Map" tabindex="0">'


def drawing(catalogue: Catalogue) -> str:
    """Return the map as HTML with a legend; "" where no two notes on it are related."""
    order = circle(catalogue)
    placed = {number: place for place, number in enumerate(order)}
    ties = [tie for tie in catalogue.ties if tie.one in placed and tie.other in placed]
    if not ties:
        return ""
    groups = sorted({catalogue.entries[number].group or "" for number in order})
    angles = _angles(catalogue, order)
    named = len(order) <= _NAMED
    radius = max(_SMALLEST, len(order) * (_LINE if named else _LINE / 4) / math.tau)
    labels = {n: _name(catalogue.entries[n].name) if named else "" for n in order}
    wide = _reach(radius, [(math.cos(angles[n]), labels[n]) for n in order])
    high = _reach(radius, [(math.sin(angles[n]), labels[n]) for n in order])
    # What it shows stands in the list below it too, which keyboards and screen readers go through.
    size = f'viewBox="{-wide} {-high} {2 * wide} {2 * high}" width="{2 * wide}"'
    parts = [_OPENING, f'<svg {size} aria-hidden="true">']
    parts += [_curve(tie, angles, radius) for tie in sorted(ties, key=lambda tie: tie.tension)]
    for number in order:
        entry = catalogue.entries[number]
        colour = groups.index(entry.group or "") % _COLOURS
        label = _label(labels[number], angles[number], radius) if named else ""
        dot = _dot(angles[number], radius)
        parts.append(
            f'<a href="#{escape(entry.name)}" tabindex="-1" class="g{colour}" data-note="{number}">'
            f"<title>{escape(entry.title)}</title>{dot}{label}</a>"
        )
    legend = _legend(groups, tensions=any(tie.tension for tie in ties))
    return "\n".join([*parts, "</svg></div>", legend, "</figure>"])


def _reach(radius: float, labels: Iterable[tuple[float, str]]) -> int:
    """Return how far names reach along an axis, each with the cosine of its angle to it."""
    ends = (abs(part) * (radius + _GAP + len(text) * _LETTER) for part, text in labels)
    return math.ceil(round(max(ends) + _LINE, 1))


def circle(catalogue: Catalogue) -> list[int]:
    """Return the numbers of the entries on the map in their order around the circle.

    Groups are kept together; within a group each note is followed by those related to it, the
    nearest first, from the note with the most relations on.
    """
    beside = neighbours(catalogue.ties)
    groups: dict[str, list[int]] = {}
    for number, entry in enumerate(catalogue.entries):
        if entry.group is not None:
            groups.setdefault(entry.group, []).append(number)
    return [number for group in sorted(groups) for number in _spread(groups[group], beside)]


def neighbours(ties: Iterable[Tie]) -> Mapping[int, Sequence[int]]:
    """Return the numbers of the entries that each entry is related to."""
    found: dict[int, list[int]] = {}
    for tie in ties:
        found.setdefault(tie.one, []).append(tie.other)
        found.setdefault(tie.other, []).append(tie.one)
    return found


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


def _angles(catalogue: Catalogue, order: Sequence[int]) -> Mapping[int, float]:
    """Return the direction of each note in radians, from the top on, clockwise."""
    places, at = {}, 0.0
    for number, before in zip(order, [*order[-1:], *order[:-1]], strict=True):
        at += 1
        if catalogue.entries[number].group != catalogue.entries[before].group:
            at += _BETWEEN_GROUPS
        places[number] = at
    return {number: math.tau * (place / at - 0.25) for number, place in places.items()}


def _point(angle: float, radius: float) -> str:
    return f"{_number(radius * math.cos(angle))} {_number(radius * math.sin(angle))}"


def _number(value: float) -> str:
    # Adding zero leaves no minus before a zero.
    return f"{round(value, 1) + 0.0:g}"


def _curve(tie: Tie, angles: Mapping[int, float], radius: float) -> str:
    """Return a curve that is the flatter the further apart its ends are."""
    one, other = sorted((angles[tie.one], angles[tie.other]))
    gap = min(other - one, math.tau - (other - one))
    middle = (one + other) / 2 + (math.pi if other - one > math.pi else 0)
    bend = _point(middle, radius * _BEND * (1 - gap / math.pi))
    kind = ' class="tension"' if tie.tension else ""
    return (
        f'<path{kind} data-ends="{tie.one} {tie.other}" '
        f'd="M{_point(one, radius)}Q{bend} {_point(other, radius)}"/>'
    )


def _dot(angle: float, radius: float) -> str:
    x, y = _point(angle, radius).split()
    return f'<circle cx="{x}" cy="{y}" r="{_DOT:g}"/>'


def _label(text: str, angle: float, radius: float) -> str:
    """Return a name that reads outwards on the right and inwards on the left."""
    left = math.cos(angle) < 0
    turned = round(math.degrees(angle) + (180 if left else 0), 1)
    at = _number((-1 if left else 1) * (radius + _GAP))
    end = ' text-anchor="end"' if left else ""
    turn = f'transform="rotate({_number(turned)})"'
    return f'<text {turn} x="{at}" dy=".35em"{end}>{escape(text)}</text>'


def _name(name: str) -> str:
    text = name.replace("-", " ")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _legend(groups: Sequence[str], *, tensions: bool) -> str:
    """Return what colours and lines mean."""
    keys = [
        f'<span class="key g{number % _COLOURS}">{escape(group)}</span>'
        for number, group in enumerate(groups)
        if group
    ]
    keys += ['<span class="key tie">related</span>']
    keys += ['<span class="key tension">in tension</span>'] if tensions else []
    return f"<figcaption>{' '.join(keys)}</figcaption>"
