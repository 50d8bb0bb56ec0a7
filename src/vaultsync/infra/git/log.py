"""The commits of a repository and what each changed in the notes: one `git log`, as a stream."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, suppress

import msgspec

from vaultsync.core.commits import Commit, FileChange
from vaultsync.infra import git
from vaultsync.infra.git import Repository, files
from vaultsync.infra.git.files import RawChange, inside

# Beside notes, only files that show whether the vault's own folder moved are relevant.
_MARKS = re.compile(r"(?:\A|/)(?:vaultsync\.toml|\.obsidian/[^/]+)\Z")
# The lock shows what was recorded when.
_NOTES = (".md", "changelog.lock")
_TRAILERS = "%(trailers:key=Changelog,unfold,separator=%x1d)"
# Without a pathspec: git is slower with one, and misses renames across its border.
_LOG = (
    *("log", "--first-parent", "-m", "--root", *files.RAW, *files.RENAMES),
    *("--no-color", "--no-ext-diff", "--no-notes"),
    *("--encoding=UTF-8", f"--format=%x1e%H%x1f%P%x1f%aN%x1f%aI%x1f%cI%x1f{_TRAILERS}"),
)
_NO_DATE = "1970-01-01T00:00:00+00:00"
_TRAILER = re.compile(r"Changelog:\s*", re.IGNORECASE)


def commits(
    repo: Repository, tip: str = "HEAD", base: str | None = None
) -> Generator[Commit, None, None]:
    """Yield the first-parent commits from a tip back to the root, the newest first.

    `base` and its ancestors are left out. A merge is what it changed from its first parent.
    Paths are relative to the vault, wherever its folder was at that time. A HEAD without commits
    has none.
    """
    prefix = repo.prefix
    span = tip if base is None else f"{base}..{tip}"
    if tip == "HEAD" and git.head(repo) is None:
        return
    with closing(git.stream(repo, *_LOG, "--end-of-options", span, "--")) as fields:
        for commit, rows in _commits(fields):
            former = _former(repo, commit.id, prefix, rows)
            changes = tuple(_changes(rows, former, prefix))
            yield msgspec.structs.replace(commit, changes=changes, folder=prefix)
            prefix = former


def _commits(fields: Iterator[str]) -> Iterator[tuple[Commit, list[RawChange]]]:
    """Yield the commits of a log with their relevant rows."""
    found: tuple[Commit, list[RawChange]] | None = None
    for field in fields:
        if field.startswith("\x1e"):
            if found:
                yield found
            found = _heading(field), []
        elif found:
            # Git puts a line break before the first row of a commit.
            row = files.parse_raw_change(field.lstrip("\n"), fields)
            if _is_relevant(row):
                found[1].append(row)
    if found:
        yield found


def _heading(field: str) -> Commit:
    commit, parents, author, written, made, lines = field[1:].split("\x1f", 5)
    named = filter(None, lines.rstrip("\n").split("\x1d"))
    trailers = (_TRAILER.sub("", line, count=1) for line in named)
    # A commit that another program made may have no date, or one that is none.
    made = _date(made) or _date(written) or _NO_DATE
    written = _date(written) or made
    return Commit(commit, tuple(parents.split()), author, written, made, tuple(trailers), ())


def _date(text: str) -> str:
    # Newer versions of git write UTC as "Z".
    date = text.replace("Z", "+00:00")
    with suppress(ValueError):
        datetime.datetime.fromisoformat(date)
        return date
    return ""


def _is_relevant(row: RawChange) -> bool:
    return bool(_is_note(row.after) or _is_note(row.before) or _MARKS.search(row.after))


def _is_note(name: str) -> bool:
    return name.lower().endswith(_NOTES)


def _changes(rows: list[RawChange], former: str, prefix: str) -> Iterator[FileChange]:
    for row in rows:
        before = _note(row.before, former) if row.old.is_regular else None
        after = _note(row.after, prefix) if row.new.is_regular else None
        old, new = row.old.id if before else None, row.new.id if after else None
        # Only the mode changed, or where the vault moved: the note is the same in it.
        if before != after or old != new:
            yield FileChange(before, after, old, new)


def _note(name: str, prefix: str) -> str | None:
    return inside(name, prefix) if _is_note(name) else None


def _former(repo: Repository, commit: str, prefix: str, rows: list[RawChange]) -> str:
    """Return the vault's folder before a commit.

    The vault itself moved where its `vaultsync.toml` or `.obsidian` did, or where more notes came
    from the same places in another folder than there were.
    """
    moved = [(origin, row) for row in rows if (origin := _origin(row, prefix)) != prefix]
    if not moved:
        return prefix
    origin, count = Counter(origin for origin, _ in moved).most_common(1)[0]
    if any(place == origin and _MARKS.search(row.after) for place, row in moved):
        return origin
    # A folder of the vault whose notes move up is still the same vault.
    if origin.startswith(prefix):
        return prefix
    before = (f"{prefix}{path}" for path in files.tree(repo, f"{commit}^", prefix))
    there = [name for name in before if _is_note(name) and not name.startswith(origin)]
    return origin if count > len(there) else prefix


def _origin(row: RawChange, prefix: str) -> str:
    """Return the vault's folder from which a file came to the same place in it, else `prefix`."""
    inner = row.after[len(prefix) :]
    arrived = row.status == "R" and row.after.startswith(prefix)
    same = arrived and f"/{row.before}".endswith(f"/{inner}")
    return row.before[: len(row.before) - len(inner)] if same else prefix
