"""Make a vault of any size, the same for the same seed.

    python -m benchmarks.synthetic FOLDER [--notes 10000] [--seed 1]

Notes of 0.3 to 3 kB in folders up to eight deep, with properties, headings, block ids and tags. Few
notes are linked to by many and many by few: the rank of a link's target follows a power law. One
note in fifty has the name of another, one in twenty-five is in Chinese, Japanese or Korean, and
one in two hundred holds a link to a note that is not there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

_FIRST = "amber brisk calm deep early fair grand hidden inner late mild narrow open plain".split()
_SECOND = "anchor bridge canyon delta engine forest garden harbour island junction kernel".split()
_FOLDERS = "areas archive daily essays field maps people projects reading topics work".split()
_WORDS = (
    "a about after all and as at because between but by can change each every few first for from "
    "good has have how if in into is it its keep large later less like long make many more most "
    "much never new no note of often old on one only or other over part place read small so some "
    "such than that the then there they thing this time to two under until use very was way well "
    "what when where which while who with word work write year"
).split()
_FOREIGN = (
    ("知识", "笔记", "链接", "森林", "时间", "问题", "方法", "城市"),
    ("知識", "ノート", "リンク", "時間", "言葉", "方法", "図書館", "歴史"),
    ("지식", "노트", "링크", "시간", "질문", "방법", "도시", "역사"),
)
_HEADINGS = ("Background", "What follows", "Open points", "In short", "Sources", "第一章")
_TAGS = ("idea", "reading/list", "draft", "project/one", "人物", "method")

_SAME_NAME, _FOREIGN_SHARE, _BROKEN_SHARE = 0.02, 0.04, 0.005
_DEEPEST, _PER_FOLDER = 7, 20
_SMALLEST, _LARGEST = 300, 3000


class Note(NamedTuple):
    """A note: its path in the vault, its text, and how many of its links are broken."""

    path: str
    text: str
    broken: int = 0


def vault(count: int, seed: int = 1) -> Iterator[Note]:
    """Yield the notes of a vault in the order of their ranks, the most linked first."""
    paths = _paths(count, Random(seed))  # noqa: S311
    for number in range(count):
        yield _note(paths, number, Random(seed * 1_000_003 + number))  # noqa: S311


def write(folder: Path, count: int, seed: int = 1) -> int:
    """Write a vault below a folder and return how many of its links are broken."""
    broken = 0
    made: set[Path] = set()
    for note in vault(count, seed):
        file = folder / note.path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_bytes(note.text.encode())
        broken += note.broken
    return broken


def below(end: int, random: Random) -> int:
    """Draw a number from 0 up to, but without, the end."""
    # Of a generator's methods Python promises for this one alone that it stays as it is.
    return int(random.random() * end)


def one(items: Sequence[Item], random: Random) -> Item:
    """Draw one of the items."""
    return items[below(len(items), random)]


def _ranked(count: int, random: Random) -> int:
    """Return a rank from 0; rank r is drawn about as often as 1 / (r + 1) says."""
    return int((count + 1) ** random.random()) - 1


def _paths(count: int, random: Random) -> list[str]:
    folders, paths = _folders(1 + count // _PER_FOLDER, random), list[str]()
    for number in range(count):
        folder = one(folders, random)
        if number and random.random() < _SAME_NAME:
            name = _stem(paths[below(number, random)])
        else:
            name = _name(number, random)
        # A note of the same name in the same folder would be the same file.
        path = f"{folder}/{name}.md"
        paths.append(path if name.endswith(f" {number}") else f"{folder}/again {number}/{name}.md")
    return paths


def _folders(count: int, random: Random) -> list[str]:
    folders = _FOLDERS[:4]
    while len(folders) < count:
        parent = one(folders, random)
        if parent.count("/") < _DEEPEST - 1:
            folders.append(f"{parent}/{one(_FOLDERS, random)} {len(folders)}")
    return folders


def _name(number: int, random: Random) -> str:
    words = one(_FOREIGN, random) if random.random() < _FOREIGN_SHARE else (_FIRST, _SECOND)
    parts = [word if isinstance(word, str) else one(word, random) for word in words[:2]]
    return f"{' '.join(parts).capitalize()} {number}"


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _headings(number: int) -> tuple[str, str]:
    """Return the two headings of a note, which the notes that link to it know."""
    return _HEADINGS[number % len(_HEADINGS)], _HEADINGS[(number + 1) % len(_HEADINGS)]


def _note(paths: list[str], number: int, random: Random) -> Note:
    # As many notes of 0.3 to 1 kB as of 1 to 3 kB.
    size = int(_SMALLEST * (_LARGEST / _SMALLEST) ** random.random())
    words = _WORDS
    if random.random() < _FOREIGN_SHARE:
        words = list(one(_FOREIGN, random))
    first, second = _headings(number)
    parts = [_properties(number, random), f"# {first}\n"]
    broken = int(random.random() < _BROKEN_SHARE)
    tail = [f"Then see [[Nowhere {number}]].\n"] * broken
    tail.append(f"## {second}\n\n{sentence(words, random)} #{one(_TAGS, random)} ^b{number}\n")
    left = size - sum(len(part.encode()) + 1 for part in (*parts, *tail))
    while left > 0:
        paragraph = f"{sentence(words, random)} {_link(paths, random)}.\n"
        left -= len(paragraph.encode()) + 1
        parts.append(paragraph)
    return Note(paths[number], "\n".join([*parts, *tail]), broken)


def _properties(number: int, random: Random) -> str:
    day = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
    tags = "".join(f"\n  - {tag}" for tag in {one(_TAGS, random): None, one(_TAGS, random): None})
    return f"---\naliases:\n  - Also {number}\ncreated: {day}\ntags:{tags}\n---\n"


def sentence(words: Sequence[str], random: Random) -> str:
    """Return a sentence of 4 to 15 words."""
    return " ".join(one(words, random) for _ in range(4 + below(12, random))).capitalize() + "."


def _link(paths: list[str], random: Random) -> str:
    """Return a link that leads somewhere, in one of its forms."""
    number = _ranked(len(paths), random)
    path = paths[number].removesuffix(".md")
    forms = (
        f"[[{_stem(path)}]]",
        f"[[{_stem(path)}|as said]]",
        f"[[{path}#{one(_headings(number), random)}]]",
        f"[[{path}#^b{number}]]",
        f"![[{path}#{one(_headings(number), random)}]]",
        f"[said there]({path.replace(' ', '%20')}.md)",
    )
    # Plain links are the most frequent ones.
    return forms[_ranked(len(forms), random)]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{write(given.folder, given.notes, given.seed)} of the links are broken")


if __name__ == "__main__":
    main()
