"""The sources that the notes of a vault cite, and what is known of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.model import content_id
from vaultsync.core.output import Output
from vaultsync.core.text import Edit, apply_edits
from vaultsync.infra.cache import Cache
from vaultsync.infra.clock import today
from vaultsync.lint.rules.sources import addresses
from vaultsync.notes.citation import Source
from vaultsync.notes.note import Note
from vaultsync.notes.source_address import canonical_url, identity, is_archived
from vaultsync.notes.source_lock import (
    NAME,
    SourceLock,
    SourceRecord,
    advanced,
    source_lock_text,
)

# Seconds for which what was found is not looked up again, and for which a failure is not.
_FRESH = 24 * 60 * 60
_FAILED = 10 * 60


class Cited(msgspec.Struct, frozen=True):
    """A source, the notes that cite it, each with its role there, and what they quote from it."""

    id: str
    url: str
    title: str
    by: tuple[tuple[str, str], ...]
    quotations: tuple[str, ...] = ()


class Lookups(msgspec.Struct, frozen=True):
    """The sources that notes cite, what is known of each, and the lock to write, if it changes.

    `unknown` is why some could not be looked up, by identity.
    """

    cited: tuple[Cited, ...]
    lock: SourceLock
    outputs: list[Output]
    unknown: Mapping[str, str] = {}


class _Cached(msgspec.Struct, array_like=True):
    time: float
    quotations: tuple[str, ...]
    record: SourceRecord


def read_sources(workspace: Workspace) -> Lookups:
    """Return the sources of a vault with what its lock knows of them, without a network."""
    return Lookups(cited_sources(workspace.context.notes), workspace.source_lock, [])


def look_up_sources(
    workspace: Workspace,
    report: Callable[[int, int], None] | None = None,
    *,
    private: bool = False,
) -> Lookups:
    """Look up the sources of a vault, except those that were just looked up.

    Each result is cached as it comes, so that a run that was ended continues. `report` is called
    with how many of how many are looked up. `private`: on hosts that are not public, too. Raises
    `LookupFailed` where no host is reached.
    """
    cited = cited_sources(workspace.context.notes)
    found = dict(_fresh(cited, workspace.cache))
    rest = [one for one in cited if one.id not in found]
    # Where others were reached within the last day, those that are left may all be gone.
    stops = all(record.state == "unknown" for record in found.values())
    for record in _looked_up(rest, workspace, private=private, stops=stops):
        found[record.id] = record
        if report:
            report(len(found), len(cited))
    known, day = workspace.source_lock, today(workspace.config.changelog.timezone)
    lock = {one.id: advanced(known.get(one.id), found[one.id], day) for one in cited}
    unknown = {key: one.reason for key, one in found.items() if one.state == "unknown"}
    return Lookups(cited, lock, [*_changed(workspace, lock)], unknown)


def with_copies(workspace: Workspace, found: Lookups) -> Lookups:
    """Return lookups with edits of notes: dead sources get the address of an archived copy.

    `unknown` has why none could be looked up, too.
    """
    from vaultsync.infra.registries.http import LookupFailed
    from vaultsync.infra.registries.lookups import archived
    from vaultsync.infra.registries.polite import Client

    web, copies, unknown = workspace.config.web, dict[str, str](), dict(found.unknown)
    client = Client(web)
    for one in found.cited:
        if found.lock[one.id].state == "dead" and not is_archived(one.url):
            try:
                copies[one.id] = archived(one.url, client, web) or ""
            except LookupFailed as failure:
                unknown[one.id] = str(failure)
    outputs = [*found.outputs, *_recited(workspace, copies)]
    return msgspec.structs.replace(found, outputs=outputs, unknown=unknown)


def _recited(workspace: Workspace, copies: Mapping[str, str]) -> Iterator[Output]:
    """Yield the notes in which sources have the addresses of copies, by identity."""
    for note in workspace.context.notes if any(copies.values()) else ():
        text = note.document.text
        edits = [
            Edit(span, copy)
            for url, span in addresses(note)
            if (copy := copies.get(identity(url))) and span.of(text) == url
        ]
        if edits:
            yield Output(note.path, apply_edits(text, edits).encode(), content_id(text.encode()))


def cited_sources(notes: Iterable[Note]) -> tuple[Cited, ...]:
    """Return the sources on the web that notes cite, in the order of their identities."""
    found: dict[str, list[tuple[str, Source, tuple[str, ...]]]] = {}
    for note in notes:
        for _, source, quotations in note.quoted_sources():
            if source.url.lower().startswith(("http://", "https://")):
                found.setdefault(source.identity, []).append((note.path, source, quotations))
    return tuple(_cited(key, uses) for key, uses in sorted(found.items()))


def _cited(key: str, uses: list[tuple[str, Source, tuple[str, ...]]]) -> Cited:
    first = uses[0][1]
    by = dict.fromkeys((path, source.role) for path, source, _ in uses)
    quotations = dict.fromkeys(text for _, _, texts in uses for text in texts)
    return Cited(key, canonical_url(first.url), first.title, (*by,), (*quotations,))


def _looked_up(
    cited: list[Cited], workspace: Workspace, *, private: bool, stops: bool
) -> Iterator[SourceRecord]:
    # The HTTP library is imported only where something is looked up.
    from vaultsync.infra.registries.lookups import Wanted, look_up

    by_id = {one.id: one for one in cited}
    wanted = [Wanted(one.id, one.url, one.quotations) for one in cited]
    for record in look_up(wanted, workspace.config.web, private=private, stops=stops):
        cached = _Cached(time.time(), by_id[record.id].quotations, record)
        workspace.cache.put("lookups", {record.id: msgspec.msgpack.encode(cached)}, None)
        yield record


def _fresh(cited: tuple[Cited, ...], cache: Cache) -> Iterator[tuple[str, SourceRecord]]:
    now, known = time.time(), cache.get("lookups", [one.id for one in cited])
    for one in cited:
        with suppress(msgspec.DecodeError, KeyError):
            cached = msgspec.msgpack.decode(known[one.id], type=_Cached)
            age = _FAILED if cached.record.state == "unknown" else _FRESH
            if 0 <= now - cached.time < age and cached.quotations == one.quotations:
                yield one.id, cached.record


def _changed(workspace: Workspace, lock: SourceLock) -> Iterator[Output]:
    before = workspace.optional(NAME)
    data = source_lock_text(lock.values()).encode()
    if data != before and (lock or before is not None):
        yield Output(NAME, data, None if before is None else content_id(before))
