"""The message of a commit: what changed in the claims of a vault, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vaultsync.changelog.compare import Change, Surroundings, compare
from vaultsync.changelog.note_state import Version, read_version
from vaultsync.core.config import Config
from vaultsync.core.text import printable
from vaultsync.markdown import kind_of, parse
from vaultsync.notes.note import is_private, stem

_SUBJECT, _LINES = 72, 100
_WORDS = {
    "added": "add {title}",
    "removed": "delete {title}",
    "withheld": "withhold {title}",
    "merged": "merge {other} into {title}",
    "renamed": "rename {old} to {new}",
    "reworded": "reword the {field} of {title}",
    "retired": "retire {title}",
    "checked": "check {title} with its source",
    "moved": "change {field} of {title}",
    "changed": "change {field} of {title}",
    "cited": "cite {other} in {title}",
    "uncited": "drop the source {other} of {title}",
    "recast": "change the role of {other} in {title}",
    "asked": "add a question to {title}",
    "answered": "answer a question of {title}",
    "dropped": "drop a question of {title}",
}
Texts = Mapping[str, bytes]


def message(before: Texts, after: Texts, config: Config) -> str:
    """Return the message for files before and after, by path in the vault, of those that differ."""
    found = [*dict.fromkeys(_phrases(before, after, config))]
    lines = [f"- {phrase[0].upper()}{phrase[1:]}" for phrase in found[:_LINES]]
    lines += [f"- and {len(found) - _LINES} more"] if found[_LINES:] else []
    body = "\n".join(lines) if found[1:] else ""
    return f"{subject(found)}\n\n{body}".strip() + "\n"


def subject(phrases: list[str]) -> str:
    """Return the first line: as many phrases as it has place for, and how many others there are."""
    for count in range(len(phrases), 0, -1):
        rest = len(phrases) - count
        text = "; ".join([*phrases[:count], *([f"{rest} more"] if rest else [])])
        if len(text) <= _SUBJECT:
            break
    else:
        text = phrases[0] if phrases else "save the vault"
    text = text if len(text) <= _SUBJECT else f"{text[: _SUBJECT - 1]}…"
    return text[0].upper() + text[1:]


def _phrases(before: Texts, after: Texts, config: Config) -> Iterator[str]:
    """Yield what changed: first the claims, then all other notes, then how many files."""
    old, new = (_versions(texts, config) for texts in (before, after))
    gone = {data: path for path, data in before.items() if path not in after}
    moves = {gone[data]: path for path, data in after.items() if data in gone and data}
    changes = compare(old, new, moves, Surroundings(lambda _target, _path: (), files=after))
    told = {path for change in changes for path in (change.path, *_old(change))}
    yield from (_phrase(change) for change in changes)
    paths = dict.fromkeys((*before, *after))
    rest = [path for path in paths if path not in told and path not in moves]
    for path in (path for path in rest if kind_of(path)):
        yield f"{_verb(path, before, after)} {printable(stem(path))}"
    yield from _counts([path for path in rest if not kind_of(path)], before, after)


def _versions(texts: Texts, config: Config) -> dict[str, Version]:
    found = dict[str, Version]()
    for path, data in texts.items():
        if kind_of(path) == "note":
            document = parse(path, data)
            version = read_version(document, config, private=is_private(document))
            found |= {path: version} if version else {}
    return found


def _old(change: Change) -> tuple[str, ...]:
    return (change.before,) if change.kind in {"renamed", "merged"} else ()


def _phrase(change: Change) -> str:
    words = _WORDS.get(change.kind, "edit {title}")
    names = {"title": change.title, "field": change.field, "other": change.other}
    known = {name: printable(text) for name, text in names.items()}
    old, new = stem(change.before), stem(change.path)
    if old == new:
        old, new = change.before, change.path
    return words.format(**known, old=printable(old), new=printable(new))


def _verb(path: str, before: Texts, after: Texts) -> str:
    return "edit" if path in before and path in after else "add" if path in after else "delete"


def _counts(paths: Iterable[str], before: Texts, after: Texts) -> Iterator[str]:
    by_verb: dict[str, list[str]] = {}
    for path in paths:
        by_verb.setdefault(_verb(path, before, after), []).append(path.rpartition("/")[2])
    for verb, names in by_verb.items():
        yield f"{verb} {printable(names[0]) if len(names) == 1 else f'{len(names)} files'}"
