"""Draw times against sizes, both on logarithmic scales, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

# Points of a line: number of notes, seconds.
Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 780, 430
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 220, 18, 52
# Seen on white and on black; the lines of one tool share a colour and differ in their strokes.
_COLOURS = ("#0b7fd1", "#d1600b", "#3f9a4d", "#8a63c7", "#a08000")
_STROKES = {"cold": "", "warm": "6 4", "no cache, cold": "2 3"}
_STEPS = (1, 2, 5)
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #333 }
  .grid { stroke: #8883; }
  .line { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } }
"""


def plot(lines: Mapping[str, Points], title: str) -> str:
    """Return an SVG picture of lines by their names, "TOOL, STATE". Empty ones are left out.

    The names are at the ends of the lines, from the highest to the lowest, without touching.
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
    """Where a point stands: between round numbers of seconds, and between the sizes as they are."""

    def __init__(self, points: Points) -> None:
        sizes, times = zip(*points, strict=True)
        self.sizes = sorted(set(sizes))
        low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
        steps = [step * 10.0**power for power in range(low, high + 1) for step in _STEPS]
        first = max(step for step in steps if step <= min(times))
        last = min(step for step in steps if step >= max(times))
        self.steps = [step for step in steps if first <= step <= last]

    def x(self, size: float) -> float:
        low, high = math.log(self.sizes[0]), math.log(self.sizes[-1])
        share = (math.log(size) - low) / (high - low or 1)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, seconds: float) -> float:
        low, high = math.log(self.steps[0]), math.log(self.steps[-1])
        share = (math.log(seconds) - low) / (high - low or 1)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _grid(scale: _Scale) -> Iterator[str]:
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    for seconds in scale.steps:
        y = scale.y(seconds)
        yield f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y}" y2="{y}"/>'
        yield _text(_LEFT - 8, y + 4, f"{seconds:g} s", "end")
    for size in scale.sizes:
        x = scale.x(size)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}"/>'
        yield _text(x, bottom + 20, f"{size:,.0f}", "middle")
    yield _text((_LEFT + right) / 2, bottom + 42, "notes", "middle")


def _lines(drawn: Mapping[str, Points], scale: _Scale) -> Iterator[str]:
    ends = {name: scale.y(points[-1][1]) for name, points in drawn.items()}
    names = sorted(ends, key=ends.__getitem__)
    beside = dict(zip(names, _apart([ends[name] for name in names]), strict=True))
    tools = list(dict.fromkeys(name.partition(", ")[0] for name in drawn))
    for name, points in drawn.items():
        tool, _, state = name.partition(", ")
        look = f'class="line" stroke="{_COLOURS[tools.index(tool)]}"'
        if _STROKES[state]:
            look += f' stroke-dasharray="{_STROKES[state]}"'
        at = [(scale.x(size), scale.y(seconds)) for size, seconds in points]
        yield f'<polyline {look} points="{" ".join(f"{x:g},{y:g}" for x, y in at)}"/>'
        for x, y in at:
            yield f'<circle fill="{_COLOURS[tools.index(tool)]}" cx="{x:g}" cy="{y:g}" r="3"/>'
        left, height = WIDTH - _RIGHT + 12, beside[name]
        yield f'<polyline {look} points="{left},{height:g} {left + 28},{height:g}"/>'
        yield _text(left + 36, height + 4, name, "start")


def _apart(heights: Iterable[float], least: float = 16) -> list[float]:
    """Return heights, given in order, moved down where they are too close to each other."""
    found: list[float] = []
    for height in heights:
        found.append(max(height, found[-1] + least) if found else height)
    return found


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'
