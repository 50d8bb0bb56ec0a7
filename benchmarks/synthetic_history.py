"""Make a repository with a long history of typed notes, the same for the same seed.

    python benchmarks/synthetic_history.py FOLDER [--commits 5000] [--notes 1000] [--seed 1]

Notes are added, reworded, moved between categories, given sources, questions and relations,
renamed and retired; several commits make a day. The history is written by `git fast-import`.
"""

from __future__ import annotations

import argparse
import datetime
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

CONFIG = """[types.frame]
match = ["Frames/*.md"]
required = ["title", "category", "status"]

[types.frame.states]
draft = { status = "draft" }
retired = { status = "retired" }

[types.frame.properties]
category = { enum = ["representational", "functional"] }
status = { enum = ["draft", "supported", "contested", "retired"] }

[types.frame.body]
lead = { required = true }
caveat = "Caveat:"
sections.Sources = { items = "source", first = "original" }
sections.Related = { items = "relation" }
sections."Open questions" = { items = "question" }
"""
JOURNAL = "<!-- vaultsync:changelog -->\n\n<!-- /vaultsync -->\n"
_WORDS = [
    "models",
    "learn",
    "all",
    "most",
    "some",
    "never",
    "not",
    "early",
    "late",
    "direction",
    "layer",
    "token",
    "prompt",
    "answer",
    "two",
    "three",
    "40%",
    "half",
    "often",
    "rarely",
    "behaviour",
    "training",
    "scale",
    "data",
    "reward",
    "trace",
    "circuit",
    "feature",
]
_START = datetime.datetime(2020, 1, 1, 8, tzinfo=datetime.UTC)
_COMMITS_A_DAY = 5


class Frame:
    """A note that lives through the history."""

    def __init__(self, chance: random.Random, number: int) -> None:
        self.number, self.name = number, f"frame-{number:04}"
        self.category, self.status = chance.choice(["representational", "functional"]), "supported"
        self.lead = chance.choices(_WORDS, k=25)
        self.sources, self.questions, self.related = [number], 1, list[str]()

    def change(self, chance: random.Random, others: list[Frame]) -> None:
        """Let one thing happen to the note."""
        what = chance.random()
        if what < 0.6:  # noqa: PLR2004
            self.lead[chance.randrange(len(self.lead))] = chance.choice(_WORDS)
        elif what < 0.7:  # noqa: PLR2004
            self.status = chance.choice(["supported", "contested", "retired"])
        elif what < 0.8:  # noqa: PLR2004
            self.sources.append(chance.randrange(10_000))
        elif what < 0.9:  # noqa: PLR2004
            self.related.append(chance.choice(others).name)
        elif what < 0.95:  # noqa: PLR2004
            self.questions += 1
        else:
            self.category = chance.choice(["representational", "functional"])

    @property
    def path(self) -> str:
        """Where the note lies."""
        return f"Frames/{self.name}.md"

    def text(self) -> str:
        """Return the note as it is now."""
        sources = "".join(
            f"- {'original' if at == 0 else 'supporting'}: [Paper {number}]"
            f"(https://example.org/paper/{number}), Author et al. 2024; Venue; section 3\n"
            for at, number in enumerate(self.sources)
        )
        related = "".join(f"- [[{name}]]: why it matters here\n" for name in self.related)
        questions = "".join(f"- Is it {number} or more?\n" for number in range(self.questions))
        return (
            f"---\ntitle: The frame number {self.number}\ncategory: {self.category}\n"
            f"status: {self.status}\nsource: https://example.org/paper/{self.number}\n"
            "evidence:\n  - probing\ntags:\n  - refusal\n"
            f"aliases:\n  - The frame number {self.number}\n---\n\n"
            f"{' '.join(self.lead).capitalize()}.\n\nCaveat: other abilities change a little.\n\n"
            f"## Sources\n\n{sources}\n## Related\n\n{related}\n## Open questions\n\n{questions}"
        )


def stream(commits: int, notes: int, seed: int) -> Iterator[str]:
    """Yield the history for `git fast-import`."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    frames: list[Frame] = []
    for number in range(commits):
        moment = _START + datetime.timedelta(
            days=number // _COMMITS_A_DAY, hours=number % _COMMITS_A_DAY
        )
        files = {"vaultsync.toml": CONFIG, "Changelog.md": JOURNAL} if number == 0 else {}
        gone = []
        if len(frames) < notes and number * notes >= len(frames) * commits / 2:
            frames.append(Frame(chance, len(frames)))
            files[frames[-1].path] = frames[-1].text()
        for frame in chance.sample(frames, min(len(frames), chance.choice([1, 1, 2, 3]))):
            frame.change(chance, frames)
            if chance.random() < 0.01:  # noqa: PLR2004
                gone.append(frame.path)
                frame.name += "-x"
            files[frame.path] = frame.text()
        yield _commit(moment, files, gone)


def _commit(moment: datetime.datetime, files: dict[str, str], gone: list[str]) -> str:
    who = f"Author <author@example.org> {int(moment.timestamp())} +0000"
    lines = [f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 12\nvault backup\n"]
    lines += [f"D {path}\n" for path in gone]
    for path, text in files.items():
        data = text.encode()
        lines.append(f"M 100644 inline {path}\ndata {len(data)}\n{text}\n")
    return "".join(lines)


def make(folder: str, commits: int, notes: int, seed: int) -> None:
    """Make the repository in a folder that must not exist yet, or be empty."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    data = "".join(stream(commits, notes, seed)).encode()
    command = ["git", "-C", folder, "fast-import", "--quiet"]
    subprocess.run(command, input=data, check=True)
    subprocess.run(["git", "-C", folder, "reset", "--quiet", "--hard", "main"], check=True)


def main() -> None:
    """Read the arguments and make the repository."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--commits", type=int, default=5000)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.commits, arguments.notes, arguments.seed)


if __name__ == "__main__":
    main()
