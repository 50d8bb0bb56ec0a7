"""A stacked area chart as SVG that can stand in a note.

It is one run of HTML without blank lines, which Markdown passes on as it is. Letters and lines
have the colour of the text around them, so that it can be read in light and in dark. It has no
style sheet and no script: what cleans HTML leaves it whole.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from html import escape

import msgspec

_WIDTH, _HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 12, 12, 44
# Middle tones, seen on white and on black, and told apart by people who see fewer colours:
# https://jfly.uni-koeln.de/color/.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
_OTHERS = "other"
_STEPS = (1, 2, 5, 10)
_LETTER = 7
# The last number is drawn as wide as this.
_TAIL = 24


class Series(msgspec.Struct, frozen=True):
    """A named row of numbers, one for each day."""

    name: str
    values: tuple[int, ...]


def area_chart(title: str, days: Sequence[datetime.date], series: Sequence[Series]) -> str:
    """Return the chart of at least two days, the oldest first; the first series is lowest.

    A number holds from its day until the next.
    """
    shown = _merged(series)
    tops = [tuple(map(sum, _columns(shown[: at + 1]))) for at in range(len(shown))]
    top = _round_up(max(tops[-1]))
    said = escape(f"{title}. {_spoken(days, shown)}")
    opening = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%" role="img" aria-label="{said}">'
    bottoms = [(0,) * len(days), *tops]
    areas = [
        _area(_outline(days, above, top) + _outline(days, below, top)[::-1], colour)
        for below, above, colour in zip(bottoms, tops, _COLOURS, strict=False)
    ]
    return "\n".join([opening, *_grid(top), *areas, *_dates(days), *_legend(shown), "</svg>"])


def _columns(series: Sequence[Series]) -> Iterable[tuple[int, ...]]:
    return zip(*(one.values for one in series), strict=True)


def _area(points: Iterable[str], colour: str) -> str:
    return f'<polygon fill="{colour}" fill-opacity="0.85" points="{" ".join(points)}"/>'


def _merged(series: Sequence[Series]) -> list[Series]:
    """Return as many series as there are colours; the smallest are one."""
    if len(series) <= len(_COLOURS):
        return list(series)
    kept, rest = series[: len(_COLOURS) - 1], series[len(_COLOURS) - 1 :]
    return [*kept, Series(_OTHERS, tuple(map(sum, _columns(rest))))]


def _round_up(number: int) -> int:
    """Return the least of 1, 2, 5, 10, 20, … that is not less."""
    scale = int("1".ljust(len(str(number)), "0"))
    return next(step * scale for step in _STEPS if step * scale >= number)


def _spoken(days: Sequence[datetime.date], series: Sequence[Series]) -> str:
    first, last = days[0].isoformat(), days[-1].isoformat()
    said = ", ".join(f"{one.name} from {one.values[0]} to {one.values[-1]}" for one in series)
    return f"{first} to {last}: {said}"


def _x(days: Sequence[datetime.date], day: datetime.date) -> float:
    share = (day - days[0]) / (days[-1] - days[0])
    return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT - _TAIL), 1)


def _y(number: int, top: int) -> float:
    return round(_HEIGHT - _BOTTOM - number / top * (_HEIGHT - _TOP - _BOTTOM), 1)


def _outline(days: Sequence[datetime.date], values: Sequence[int], top: int) -> list[str]:
    points = [f"{_x(days, days[0]):g},{_y(values[0], top):g}"]
    for before, value, day in zip(values[:-1], values[1:], days[1:], strict=True):
        x = _x(days, day)
        points += [f"{x:g},{_y(before, top):g}", f"{x:g},{_y(value, top):g}"]
    return [*points, f"{_WIDTH - _RIGHT},{_y(values[-1], top):g}"]


def _grid(top: int) -> list[str]:
    lines = []
    for number in sorted({0, top // 2, top}):
        y = _y(number, top)
        ends = f'x1="{_LEFT}" y1="{y:g}" x2="{_WIDTH - _RIGHT}" y2="{y:g}"'
        lines.append(f'<line {ends} stroke="currentColor" stroke-opacity="0.3"/>')
        lines.append(_text(_LEFT - 6, y + 4, str(number), "end"))
    return lines


def _dates(days: Sequence[datetime.date]) -> list[str]:
    y = _HEIGHT - _BOTTOM + 16
    ends = ((_LEFT, "start", days[0]), (_WIDTH - _RIGHT - _TAIL, "end", days[-1]))
    return [_text(x, y, day.isoformat(), side) for x, side, day in ends]


def _text(x: int, y: float, text: str, anchor: str = "start") -> str:
    place = f'x="{x}" y="{y:g}" text-anchor="{anchor}"'
    return f'<text {place} font-size="12" fill="currentColor">{escape(text)}</text>'


def _legend(series: Sequence[Series]) -> list[str]:
    lines, x, y = [], _LEFT, _HEIGHT - 8
    for one, colour in zip(series, _COLOURS, strict=False):
        label = f"{one.name} ({one.values[-1]})"
        lines.append(f'<rect x="{x}" y="{y - 10}" width="10" height="10" fill="{colour}"/>')
        lines.append(_text(x + 14, y, label))
        x += 30 + _LETTER * len(label)
    return lines
