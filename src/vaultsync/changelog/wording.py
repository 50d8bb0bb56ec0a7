"""Which words of a text changed, and whether that touches what it claims."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from vaultsync.core.text import plain_marks
from vaultsync.markdown.events import events

Meaning = Literal["number", "negation", "quantifier", "hedge"]

_NEAR = 2
# Words as regular expressions. A degree, as in "much later", is not a quantity.
_LISTS: dict[Meaning, str] = {
    "number": "dozen hundred hundreds thousand thousands million millions billion billions twice "
    "half third quarter double triple zero",
    "negation": "no not none never nor neither nothing nobody nowhere without hardly barely",
    "quantifier": r"(?<!at\s)all always any both each(?!\sother) either every everything few fewer "
    r"least less (?:many|much)(?!\s(?:more|less|worse|\w+er)\b) more most only several some",
    "hedge": r"can could may(?!\s\d) might must shall should will would likely unlikely maybe "
    "perhaps possibly probably presumably apparently seem seems seemed seemingly appear appears "
    r"appeared suggest suggests tend tends almost nearly roughly approximately about(?=\s\d) "
    r"around(?=\s\d) often sometimes usually typically generally largely mainly mostly partly "
    "rarely seldom",
}
_WORDS = {
    kind: re.compile(rf"(?<![\w-])(?:{'|'.join(words.split())})(?![\w-])")
    for kind, words in _LISTS.items()
}
_NUMERALS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_UNITS = "[kmgt]?b|[nmµ]?s|[cmk]?m|[mk]?g|h|k|bn|x|hours?|days?|weeks?|months?|years?|times|points"
# Of numerals, contractions, numbers and units, the form in which they are compared.
_FORMS = {
    **{rf"(?<![\w-]){word}(?![\w-])": str(n) for n, word in enumerate(_NUMERALS, 2)},
    r"\bcan(?:'t|not)\b": "can not",
    r"\bwon't\b": "will not",
    r"n't\b": " not",
    r"(?<=\d),(?=\d{3})": "",
    r"(?<=\d) ?(?:%|percent\b)": "%",
    rf"(?<=\d) (?=(?:{_UNITS})\b)": "",
}
# A number with its sign and unit, or a name with a digit in it.
_NUMBER = re.compile(r"(?<![\w.,/-])[-+~<>±$€£≤≥]?[\w.,/-]*\d(?:[\w.,/-]*\w)?%?")
_HYPHEN = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")
# Of a link without a text, what is before the name.
_FOLDER = re.compile(r"\[\[[^\[\]|]*/(?=[^\[\]|/]*\]\])")
_HIGHLIGHT = re.compile(r"==(?=\S)|(?<=\S)==")


class Rewording(msgspec.Struct, frozen=True):
    """Words that were replaced and those in their place; neither is empty but for a whole text."""

    before: str
    after: str


def plain(text: str) -> str:
    """Return a line of Markdown as readers see it: links as what they show, no formatting.

    What is struck out stays marked.
    """
    found: list[str] = []
    # Behind a word nothing begins a list or a heading.
    for event, _ in events(f"x {_FOLDER.sub('[[', text)}"):
        ((name, value),) = event.items() if isinstance(event, dict) else [("", "")]
        if name not in {"Start", "End"}:
            found.append(value)
        elif value == "Strikethrough":
            found.append("~~")
    return _HIGHLIGHT.sub("", "".join(found)[2:])


def folded(text: str) -> str:
    """Return a text that is equal for two that differ in marks, spaces and letter case alone."""
    return " ".join(plain_marks(text).lower().split())


def sense(text: str) -> str:
    """Return a text that is equal for two lines of Markdown that differ only in their form."""
    return _HYPHEN.sub(" ", folded(plain(text)))


def rewordings(before: str, after: str, key: Callable[[str], str] = str) -> tuple[Rewording, ...]:
    """Return what changed between two texts, word by word, in order.

    Spaces separate words, which are equal if their keys are. Where words were only added or only
    left out, the word beside them is on both sides. Changes with no more than two words between
    them are one.
    """
    old, new = before.split(), after.split()
    ranges = _ranges([*map(key, old)], [*map(key, new)])
    return tuple(
        Rewording(" ".join(old[a:b]), " ".join(new[c:d]))
        for a, b, c, d in _anchored(_joined(ranges), len(old), len(new))
    )


_Range = tuple[int, int, int, int]


def _ranges(old: list[str], new: list[str]) -> Iterable[_Range]:
    start = end = 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    for tag, *places in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        if tag != "equal":
            a, b, c, d = (place + start for place in places)
            yield a, b, c, d


def _joined(ranges: Iterable[_Range]) -> list[_Range]:
    found: list[_Range] = []
    for a, b, c, d in ranges:
        if found and a - found[-1][1] <= _NEAR:
            a, _, c, _ = found.pop()  # noqa: PLW2901
        found.append((a, b, c, d))
    return found


def _anchored(ranges: Iterable[_Range], olds: int, news: int) -> Iterable[_Range]:
    for a, b, c, d in ranges:
        if a < b and c < d:
            yield a, b, c, d
        elif a and c:
            yield a - 1, b, c - 1, d
        else:
            yield a, min(b + 1, olds), c, min(d + 1, news)


def meanings(before: str, after: str) -> tuple[Meaning, ...]:
    """Return what differs between two texts that may shift the sense; of English words only.

    Nothing does where one is empty.
    """
    old, new = _marked(before), _marked(after)
    return tuple(kind for kind in _WORDS if before and after and old[kind] != new[kind])


def _marked(text: str) -> dict[Meaning, Counter[str]]:
    """Return the words of a text that are in the lists, and its numbers, in one form each."""
    text = folded(text)
    for form, usual in _FORMS.items():
        text = re.sub(form, usual, text)
    found = {kind: Counter(words.findall(text)) for kind, words in _WORDS.items()}
    found["number"].update(_NUMBER.findall(text))
    return found
