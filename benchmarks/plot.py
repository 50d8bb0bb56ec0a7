"""Draw times against sizes, both on logarithmic scales, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

# Points of a line: number of notes, seconds.
Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 720, 430
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 168, 18, 52
# Each of these is told apart from the others, and from white and black, by its lightness too.
_COLOURS = ("#0b7fd1", "#48b0f7", "#d1600b", "#e8954f", "#8a63c7", "#4f9a5b")
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #333 }
  .grid { stroke: #8883; }
  .line { fill: none; stroke-width: 2 }
  .warm { stroke-dasharray: 5 4 }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } }
"""


def plot(lines: Mapping[str, Points], title: str) -> str:
    """Return an SVG picture. A line whose name ends in "warm" is dashed; empty ones are left out.

    The names stand at the ends of the lines, from the highest to the lowest, without touching.
    """
    drawn = {name: sorted(points) for name, points in lines.items() if points}
    scale = _Scale([point for points in drawn.values() for point in points])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        *_grid(scale),
        *_lines(drawn, scale),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    """Where a point stands; whole decades of seconds are shown, and the sizes as they are."""

    def __init__(self, points: Points) -> None:
        sizes, times = zip(*points, strict=True)
        self.sizes = sorted(set(sizes))
        self.decades = range(
            math.floor(math.log10(min(times))), math.ceil(math.log10(max(times))) + 1
        )

    def x(self, size: float) -> float:
        low, high = math.log(self.sizes[0]), math.log(self.sizes[-1])
        share = (math.log(size) - low) / (high - low or 1)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, seconds: float) -> float:
        low, high = self.decades[0], self.decades[-1]
        share = (math.log10(seconds) - low) / (high - low or 1)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _grid(scale: _Scale) -> Iterator[str]:
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    for power in scale.decades:
        for seconds in (10.0**power, 2 * 10.0**power, 5 * 10.0**power):
            y = scale.y(seconds)
            if y >= _TOP - 1:
                yield f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y}" y2="{y}"/>'
                yield _text(_LEFT - 8, y + 4, f"{seconds:g} s", "end")
    for size in scale.sizes:
        x = scale.x(size)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}"/>'
        yield _text(x, bottom + 20, f"{size:,.0f}", "middle")
    yield _text((_LEFT + right) / 2, bottom + 42, "notes", "middle")


def _lines(drawn: Mapping[str, Points], scale: _Scale) -> Iterator[str]:
    ends = {name: scale.y(points[-1][1]) for name, points in drawn.items()}
    beside = dict(
        zip(sorted(ends, key=ends.__getitem__), _apart(sorted(ends.values())), strict=True)
    )
    for (name, points), colour in zip(drawn.items(), _COLOURS, strict=False):
        way = " ".join(f"{scale.x(size)},{scale.y(seconds)}" for size, seconds in points)
        kind = "line warm" if name.endswith("warm") else "line"
        yield f'<polyline class="{kind}" stroke="{colour}" points="{way}"/>'
        for size, seconds in points:
            yield f'<circle fill="{colour}" cx="{scale.x(size)}" cy="{scale.y(seconds)}" r="3"/>'
        yield _text(WIDTH - _RIGHT + 10, beside[name] + 4, name, "start")


def _apart(heights: Iterable[float], least: float = 16) -> list[float]:
    """Return heights, given in order, moved down where they are too close to each other."""
    found: list[float] = []
    for height in heights:
        found.append(max(height, found[-1] + least) if found else height)
    return found


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'
