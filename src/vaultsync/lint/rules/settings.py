"""FIL: settings that apply to no file, and the baseline."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from vaultsync.blocks.context import format_count
from vaultsync.blocks.quote import find_blocks
from vaultsync.core.config import PathFilter, did_you_mean, matches_glob
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.baseline import Stale
from vaultsync.lint.context import Context
from vaultsync.lint.rule import WHOLE_FILE, Finding, rule

_NEAR = 0.75


@rule("FIL011", "unmatched-glob", severity="warning", settings=True)
def unmatched_glob(document: Document, context: Context) -> Iterator[Finding]:
    """A glob in the settings matches no file, so the setting applies to nothing.

    Checked are `exclude`, `lint.per-file-ignores` and `lint.per-file-severity`, and `match` of a
    type where notes without a type are in a folder with that name or nearly so, where no note at
    all has a type, or where all notes it matches have a type that comes first in the file.
    Templates, the notes with the changelog and the post, and notes with generated blocks need no
    type. A type that has no notes yet is FIL013.
    """
    if document is not context.settings:
        return
    lint, vault = context.config.lint, context.vault
    files = vault.files | vault.documents.keys() | context.settings_files.keys()
    globs: dict[str, Iterable[str]] = {
        "exclude": context.config.exclude,
        "lint.per-file-ignores": lint.per_file_ignores,
        "lint.per-file-severity": lint.per_file_severity,
    }
    for key, written in globs.items():
        for glob in written:
            written_here = not isinstance(glob, PathFilter)
            if written_here and not any(matches_glob(path, [glob]) for path in files):
                yield Finding(_place(document, key, glob), f"`{key}`: `{glob}` matches no file")
    for name, glob, reason in _idle(context):
        if reason:
            key = f"types.{name}.match"
            yield Finding(_place(document, key, glob), f"`{key}`: `{glob}` matches {reason}")


def _notes(context: Context) -> list[str]:
    return sorted(path for path, doc in context.vault.documents.items() if doc.kind == "note")


def _typed(context: Context) -> bool:
    return any(context.config.type_name(path) for path in _notes(context))


def _idle(context: Context) -> Iterator[tuple[str, str, str]]:
    """Yield types and those of their globs that give no note its type, with the reason."""
    notes, type_name = _notes(context), context.config.type_name
    idle = [
        (name, glob)
        for name, kind in context.config.types.items()
        for glob in kind.match
        if not any(matches_glob(path, [glob]) and type_name(path) == name for path in notes)
    ]
    untyped = [path for path in notes if _may_need_type(path, context)] if idle else []
    for name, glob in idle:
        yield name, glob, _reason(glob, untyped, context)


def _reason(glob: str, untyped: Iterable[str], context: Context) -> str:
    """Return what such a glob matches; empty where its first note may not be written yet."""
    taken = next((path for path in _notes(context) if matches_glob(path, [glob])), None)
    if taken:
        return f"only notes of the type `{context.config.type_name(taken)}`, which comes first"
    near = (path for path in untyped if not _typed(context) or _is_near(path, glob))
    candidate = next(near, None)
    return f"no note, and {candidate} has no type" if candidate else ""


def _is_near(path: str, glob: str) -> bool:
    """Whether a note is in the first folder that a glob names, or in one with nearly that name."""
    named, _, rest = glob.partition("/")
    folder, _, within = path.partition("/")
    return bool(rest and within and did_you_mean(named.lower(), [folder.lower()], cutoff=_NEAR))


def _may_need_type(path: str, context: Context) -> bool:
    config = context.config
    templates = {kind.template for kind in config.types.values()}
    return not (
        config.type_name(path)
        or path in {*templates, config.changelog.note, config.publish.post}
        or matches_glob(path, config.exclude)
        or find_blocks(context.vault.documents[path])[0]
    )


def _place(document: Document, key: str, glob: str) -> Span:
    """Return where a glob is written at or behind a key; the whole file if it is not found."""
    start = _offsets(document.text).get(key) or 0
    for quote in "\"'":
        at = document.text.find(f"{quote}{glob}{quote}", start)
        if at >= 0:
            return Span(at, at + len(glob) + 2)
    return WHOLE_FILE


@functools.lru_cache(maxsize=1)
def _offsets(text: str) -> dict[str, int | None]:
    # Only where something is wrong.
    from vaultsync.core.config.places import dotted_offsets

    return dotted_offsets(text)


@rule("FIL012", "stale-baseline", severity="warning", settings=True)
def stale_baseline(document: Document, context: Context) -> Iterator[Finding]:
    """The baseline holds a finding that is gone, or one of a note that was renamed or deleted.

    It would hide the same mistake if it came back. Run `vaultsync lint --write-baseline` to remove
    it. Only a run on the whole vault reports this, and only for rules that run.
    """
    if context.baseline is None or document is not context.baseline.document:
        return
    reported = set()
    for stale in context.stale:
        change = _change(stale)
        # A note that is gone is reported once.
        if not stale.gone or change not in reported:
            reported.add(change)
            place = context.baseline.place(stale.entry)
            yield Finding(place, f"{change}: run `vaultsync lint --write-baseline`")


def _change(stale: Stale) -> str:
    entry = stale.entry
    if stale.gone:
        return f"{entry.path} is gone" if not stale.now else f"{entry.path} is now {stale.now}"
    if stale.count:
        found = format_count(stale.count, "time")
        return f"{entry.code} in {entry.path} is found {found}, not {entry.count}"
    return f"{entry.code} in {entry.path} is found no more"


@rule("FIL013", "type-without-notes", severity="hint", settings=True)
def type_without_notes(document: Document, context: Context) -> Iterator[Finding]:
    """A type has no notes yet, or those it had are gone, so it checks nothing.

    A vault in which no note has a type yet is new; it gets no such finding.
    """
    if document is not context.settings or not _typed(context):
        return
    for name, glob, reason in _idle(context):
        if not reason:
            key = f"types.{name}.match"
            yield Finding(_place(document, key, glob), f"`{key}`: `{glob}` matches no note yet")
