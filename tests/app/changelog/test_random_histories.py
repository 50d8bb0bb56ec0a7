"""Random histories in real repositories: what was recorded step by step equals the replay."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.blocks.sample import TOML, block, note
from tests.conftest import examples
from tests.repository import Repository
from tests.vaults import Run, run

from vaultsync.blocks.journal import Journal, dated_lines, parse_journal

FILES = {
    "vaultsync.toml": TOML,
    "Changelog.md": block("changelog"),
    ".gitattributes": "changelog.lock merge=union\n",
}
FIRST = "2026-01-01"
_LINK = re.compile(r"\[\[[^|\]]*\|([^\]]*)\]\]")


class Claim(NamedTuple):
    """A claim; `number` is in its first sentence, and what else it has follows from the others.

    With `named` its title is an alias, as the linter's fix makes it: then it stays the same note
    whatever else changes at once.
    """

    title: str
    number: int
    status: str = "open"
    source: int = 0
    question: int = 0
    named: bool = False

    @property
    def text(self) -> str:
        source = f"- original: [S](https://example.org/{self.source}), Ada 2024\n"
        question = f"\n## Open questions\n\n- Why {self.question}?\n" if self.question else ""
        body = f"Claim {self.number} holds.\n\nA remark.\n\n## Sources\n\n{source}{question}"
        aliases = {"aliases": f"[{self.title}]"} if self.named else {}
        return note(body, title=self.title, status=self.status, **aliases)


class Commit(NamedTuple):
    """A commit so many days after the one before; `edits` are kinds and the notes they are of."""

    later: int
    edits: list[tuple[str, int]]
    records: bool


KINDS = ("add", "reword", "status", "rename", "delete", "readd", "source", "question")
EDITS = st.tuples(st.sampled_from(KINDS), st.integers(0, 5))
COMMITS = st.builds(
    Commit, st.integers(0, 2), st.lists(EDITS, min_size=1, max_size=3), st.booleans()
)


class Author:
    """Edits claims in a repository; no content is ever written twice."""

    def __init__(self, repo: Repository, *, named: bool = False) -> None:
        """Begin with a claim that stays: the first run takes what is there as the beginning."""
        self.repo, self.named, self._counter = repo, named, 0
        self.claims: dict[str, Claim] = {}
        self.gone: list[str] = []
        # What comes and goes between two runs leaves no trace.
        self.recorded: set[str] = set()
        repo.put(kept=Claim("Kept", 0).text)
        repo.record()
        repo.commit()

    def fresh(self) -> int:
        self._counter += 1
        return self._counter

    def edit(self, kind: str, which: int) -> None:
        names = sorted(self.claims)
        if kind == "add" or not names:
            number = self.fresh()
            self.put(f"n{number}", Claim(f"Note {number}", number, source=number))
            return
        name = names[which % len(names)]
        claim = self.claims[name]
        number = self.fresh()
        if kind == "reword":
            self.put(name, claim._replace(number=number))
        elif kind == "status":
            status = {"open": "contested", "contested": "retired", "retired": "open"}
            self.put(name, claim._replace(status=status[claim.status], number=number))
        elif kind == "rename":
            self.repo.put(**{name: None})
            del self.claims[name]
            self.put(f"r{number}", claim)
            self.recorded |= {f"r{number}"} if name in self.recorded else set()
        elif kind == "delete" and name in self.recorded:
            self.repo.put(**{name: None})
            del self.claims[name]
            self.gone.append(name)
        elif kind == "readd" and self.gone:
            back = self.gone.pop()
            self.put(back, Claim(f"Note {number}", number, source=number))
        elif kind == "source":
            self.put(name, claim._replace(source=number))
        else:
            self.put(name, claim._replace(question=number))

    def put(self, name: str, claim: Claim) -> None:
        self.claims[name] = claim._replace(named=self.named)
        self.repo.put(**{name: self.claims[name].text})

    def commit(self, commits: list[Commit]) -> None:
        for one in commits:
            self.repo.day = f"2026-01-{int(self.repo.day[-2:]) + one.later:02}"
            for edit in one.edits:
                self.edit(*edit)
            if one.records:
                # Git sees a rename among the files that it knows.
                self.repo.git("add", "--all")
                self.repo.record()
                self.recorded = {*self.claims}
            self.repo.commit()
            if one.records:
                self.repo.settled()


def plain(journal: Journal) -> list[tuple[str, str]]:
    """Return the lines of a journal with their days, wherever their links lead."""
    return sorted((day, _LINK.sub(r"\1", line)) for day, line in dated_lines(journal))


def written(repo: Repository) -> list[tuple[str, str]]:
    return plain(parse_journal(repo.journal))


@examples(6)
@given(st.lists(COMMITS, min_size=1, max_size=7))
def test_what_was_recorded_step_by_step_is_the_replay(commits: list[Commit]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = Repository(Path(folder, "repo"), FILES)
        author = Author(repo)
        author.commit(commits)
        repo.record()
        repo.commit()
        repo.settled()
        found = written(repo)
        since = repo.changelog("--since", FIRST)
        assert since.code == 0, since.err
        told = repo.changelog("--output-format", "json")
        assert repo.changelog("--rebuild").code == 0
        other = written(repo)
        assert found == other
        other = plain(parse_journal(since.out))
        assert found == other
        days = json.loads(told.out)["days"]
        counted = {day["date"]: len(day["changes"]) for day in days if day["date"] > FIRST}
        assert counted == Counter(day for day, _ in found if day > FIRST)
        repo.settled()


@examples(4)
@given(
    before=st.lists(COMMITS, max_size=3),
    one=st.lists(COMMITS, max_size=3),
    other=st.lists(COMMITS, max_size=3),
    side=st.sampled_from(["", "ours", "theirs"]),
    records=st.booleans(),
)
def test_a_merge_ends_in_what_is_so(
    before: list[Commit], one: list[Commit], other: list[Commit], side: str, *, records: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = Repository(Path(folder, "repo"), FILES)
        author = Author(repo, named=True)
        author.commit(before)
        day, state = repo.day, (dict(author.claims), list(author.gone), set(author.recorded))
        repo.git("checkout", "-q", "-b", "side")
        author.commit([Commit(0, [("add", 0)], records), *one])
        last, repo.day = repo.day, day
        author.claims, author.gone, author.recorded = state
        repo.git("checkout", "-q", "main")
        author.commit([Commit(0, [("add", 0)], records), *other])
        repo.day = max(last, repo.day)
        conflicts = merge(repo, side)
        own = {f"Claims/{name}.md" for name in author.claims}
        # A note that only the other branch has under this name is for a person to resolve.
        assume(conflicts <= {*own, "Changelog.md"})
        for path in conflicts & own:
            claim = author.claims[Path(path).stem]
            author.put(Path(path).stem, claim._replace(number=author.fresh()))
        # Where both branches renamed a note, a person has to remove one of the two.
        notes = [path.read_text() for path in (repo.vault / "Claims").glob("*.md")]
        titles = [title for title, _, _ in map(_facts, notes)]
        assume(len(titles) == len({*titles}))
        if side and not records:
            repo.commit()
        repo.record()
        repo.commit()
        repo.settled()
        agrees(repo, is_whole=not side)
        clone = Path(folder, "clone")
        repo.git("clone", "-q", "--depth=1", repo.top.as_uri(), str(clone))
        assert run(clone, "changelog", "--check") == Run(0, "up to date\n", "")


def merge(repo: Repository, side: str) -> set[str]:
    """Merge a branch, conflicts in favour of a side; return the files that are in conflict."""
    options = ["-X", side] if side else []
    command = ["git", "merge", "-q", "--no-commit", "--no-ff", *options, "side"]
    subprocess.run(command, cwd=repo.top, capture_output=True, check=False)
    return set(repo.git("diff", "--name-only", "--diff-filter=U").split())


def agrees(repo: Repository, *, is_whole: bool) -> None:
    """Show that no line is there twice, and that the newest ones are true of the notes.

    The journal is not whole where git took it from one side.
    """
    lines = written(repo)
    assert len(lines) == len({*lines})
    for path in (repo.vault / "Claims").glob("*.md") if is_whole else ():
        title, status, number = _facts(path.read_text())
        assert newest(lines, rf"Reworded {title}: .*“(\d+)” \(.*", number) == number
        moved = rf"Moved {title}, status: .* → (\w+)|(Retired) {title}"
        assert newest(lines, moved, status) == status
        assert newest(lines, rf"(Added) {title}|(Removed) “{title}”", "added") == "added"


def _facts(text: str) -> tuple[str, str, str]:
    """Return the title of a claim, its status and its number."""
    ((title, status, number),) = re.findall(
        r"---\ntitle: (.*)\nstatus: (\w+)\n(?:aliases: .*\n)?---\n\nClaim (\d+) holds", text
    )
    return title, status, number


def newest(lines: list[tuple[str, str]], pattern: str, default: str) -> str:
    """Return the word that a pattern finds in the last line that it matches."""
    found = [match for _, line in lines if (match := re.fullmatch(pattern, line))]
    return (found[-1][1] or found[-1][2]).lower() if found else default
