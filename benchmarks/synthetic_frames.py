"""Make an encyclopedia of any size to publish, the same for the same seed.

    python -m benchmarks.synthetic_frames FOLDER [--notes 1000] [--seed 1]

Its settings are those of this project's own vault. Each frame has a claim, sources and related
frames, most have open questions, half a caveat, a few a formula, code, a word that is marked or a
section with a comment. One note in ten is a question, one frame in twenty a draft. The post lists
all of them and links to some.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.synthetic import Note, below, one, sentence

_OURS = Path(__file__).resolve().parents[1] / "vault"
_SETTINGS = ("vaultsync.toml", "Templates")
_TAGS = ("scaling", "circuits", "training/data", "prompts", "refusal", "memory", "arithmetic")
_ROLES = ("supporting", "follow-up", "discussion")
_CATEGORIES = ("representational", "functional")
_TOPICS = ("representations", "reasoning", "in-context learning", "self-knowledge")
_STATUSES = ("established", "supported", "speculative")
_EVIDENCE = ("probing", "causal-intervention", "observational", "theory", "training-experiment")
_WORDS = (
    "model layer token feature direction circuit head prompt answer training data loss scale probe "
    "vector task example memory attention gradient weight activation behaviour sample error step "
    "learns predicts stores copies follows drops keeps shares repeats explains early late often "
    "rarely mostly sometimes never across within after before with without the a its each most few"
).split()
_DRAFTS, _QUESTIONS = 20, 10
_POST = """---
title: A synthetic encyclopedia
---

{introduction}

## Representational frames

<!-- vaultsync:notes type="frame" category="representational" style="{style}" -->

<!-- /vaultsync -->

## Functional frames

<!-- vaultsync:notes type="frame" category="functional" style="{style}" -->

<!-- /vaultsync -->

## TODOs

<!-- vaultsync:todos text="TODO: look at “{{title}}”" -->

<!-- /vaultsync -->

## Open questions

<!-- vaultsync:notes type="question" status="open" style="list" -->

<!-- /vaultsync -->

## Changelog

<!-- vaultsync:changelog style="short" -->

<!-- /vaultsync -->
"""
_CHANGELOG = """---
title: Changelog
---

<!-- vaultsync:changelog style="full" -->

### 2026-01-01

- Initial post

<!-- /vaultsync -->
"""


def notes(count: int, seed: int = 1, style: str = "list") -> Iterator[Note]:
    """Yield the notes of an encyclopedia with so many frames and questions, and its post.

    `style` is how the post lists the frames.
    """
    names = [_name(number) for number in range(count)]
    for number in range(count):
        yield _note(names, number, Random(seed * 1_000_003 + number))  # noqa: S311
    random = Random(seed)  # noqa: S311
    linked = "\n\n".join(
        f"{sentence(_WORDS, random)} That [[{one(names, random)}|{_phrase(random)}]] is one."
        for _ in range(10)
    )
    yield Note("Post.md", _POST.format(introduction=linked, style=style))
    yield Note("Changelog.md", _CHANGELOG)


def write(folder: Path, count: int, seed: int = 1, style: str = "list") -> None:
    """Write an encyclopedia with its settings below a folder."""
    for name in _SETTINGS:
        source = _OURS / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        folder.mkdir(parents=True, exist_ok=True)
        copy(source, folder / name)
    for note in notes(count, seed, style):
        file = folder / note.path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(note.text.encode())


def _name(number: int) -> str:
    kind = "question" if number % _QUESTIONS == _QUESTIONS - 1 else "frame"
    return f"{kind}-{number:05}"


def _note(names: list[str], number: int, random: Random) -> Note:
    name = names[number]
    is_question = name.startswith("question")
    status = "open" if is_question else one(_STATUSES, random)
    if not is_question and number % _DRAFTS == 0:
        status = "draft"
    parts = [
        _properties(number, status, random),
        _claim(random),
        *([f"Caveat: {sentence(_WORDS, random)}"] if random.random() < 0.5 else []),  # noqa: PLR2004
        *_section("Sources", [_source(number, "original", random), *_more_sources(random)]),
        *_section("Related", [_relation(names, random) for _ in range(1 + below(3, random))]),
        *_section("Open questions", [_question(random) for _ in range(below(4, random))]),
        *_extras(names, number, random),
    ]
    folder = "Questions" if is_question else "Frames"
    return Note(f"{folder}/{name}.md", "\n\n".join(parts) + "\n")


def _properties(number: int, status: str, random: Random) -> str:
    title = f"{_phrase(random).capitalize()} {number}"
    year = 2015 + number % 11
    tags = "".join(f"\n  - {tag}" for tag in {one(_TAGS, random): 0, one(_TAGS, random): 0})
    return (
        f"---\ntitle: {title}\nhandle: {one(_WORDS, random)} {number}\n"
        f"category: {one(_CATEGORIES, random)}\ntopic: {one(_TOPICS, random)}\n"
        f"order: {number}\nstatus: {status}\n"
        f"source: {_address(number)}\ncite: Author{number % 500} et al. {year}\nyear: {year}\n"
        f"evidence:\n  - {one(_EVIDENCE, random)}\ntested_on: {_phrase(random)}\n"
        f"tags:{tags}\naliases:\n  - {title}\n---"
    )


def _claim(random: Random) -> str:
    first, second = sentence(_WORDS, random), sentence(_WORDS, random)
    odd = below(20, random)
    extra = {0: ", where $L(n) = a n^{-b}$", 1: ", as ==marked==", 2: ", in `code`"}.get(odd, "")
    return f"{first} {second.removesuffix('.')}{extra}."


def _source(number: int, role: str, random: Random) -> str:
    return (
        f"- {role}: [{_phrase(random).title()} {number}]({_address(number)}), "
        f"Author{number % 500} et al. {2015 + number % 11}; section {1 + below(9, random)}"
    )


def _more_sources(random: Random) -> list[str]:
    return [
        _source(below(100_000, random), one(_ROLES, random), random)
        for _ in range(below(3, random))
    ]


def _address(number: int) -> str:
    return f"https://arxiv.org/abs/{15 + number % 10}{1 + number % 12:02}.{number % 100_000:05}"


def _relation(names: list[str], random: Random) -> str:
    other = one(names, random)
    if below(5, random) == 0:
        crux = _phrase(random)
        return f"- [[{other}]]: tension: {_phrase(random)} (crux: whether {crux})"
    return f"- [[{other}]]: {_phrase(random)}"


def _question(random: Random) -> str:
    return f"- {sentence(_WORDS, random).rstrip('.')}?"


def _phrase(random: Random) -> str:
    return " ".join(one(_WORDS, random) for _ in range(4 + below(4, random)))


def _section(name: str, items: list[str]) -> list[str]:
    return [f"## {name}", "\n".join(items)] if items else []


def _extras(names: list[str], number: int, random: Random) -> list[str]:
    if number % 25:
        return []
    aside = f"%%{_phrase(random)}%% [[{one(names, random)}|another]]"
    return ["## Notes", f"{sentence(_WORDS, random)} {aside}"]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.folder, given.notes, given.seed)


if __name__ == "__main__":
    main()
