"""`sources.lock`: the last known state of each source of a vault, at its registry or its page.

A line of JSON for each source, in the order of their identities, so that git merges it by lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.core.errors import VaultError

NAME = "sources.lock"
_VERSION = 1
_FIRST = f"# vaultsync {NAME}, version {_VERSION}: `vaultsync sources --online` writes this file"
_HEADER = re.compile(rf"# vaultsync {re.escape(NAME)}, version (\d+)\b.*")
_CONFLICT = re.compile(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( .*)?")
_DIGITS = 16
_WORDS = re.compile(r"\W+")

State = Literal["ok", "changed", "superseded", "withdrawn", "retracted", "dead", "unknown"]


class SourceRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a source: its state since a day (YYYY-MM-DD), and what it is.

    `reason` is what the state was read from. `version` is that of arXiv. `abstract` is the text
    where its licence allows that, else "" and `digest` identifies it. `quotations` are digests of
    quoted texts that were found in it.
    """

    id: str
    state: State = "unknown"
    since: str = ""
    reason: str = ""
    version: int | None = None
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    abstract: str = ""
    digest: str = ""
    quotations: tuple[str, ...] = ()

    def quotes(self, text: str) -> bool | None:
        """Whether a text is in what is known of the source; None where too little is known."""
        if _words(text) in _words(f"{self.title}\n{self.abstract}") and _words(text).strip():
            return True
        return True if quotation_digest(text) in self.quotations else None

    @property
    def is_gone(self) -> bool:
        """Whether its authors or publisher took it back."""
        return self.state in {"withdrawn", "retracted"}

    @property
    def is_revised(self) -> bool:
        """Whether it is another text than when it was first looked up, or has a successor."""
        return self.state in {"changed", "superseded"}


SourceLock = Mapping[str, SourceRecord]


def quotation_digest(text: str) -> str:
    """Return what identifies a quoted text, whatever its spaces, marks and letter case."""
    return hashlib.sha256(_words(text).encode()).hexdigest()[:_DIGITS]


def _words(text: str) -> str:
    """Return the words of a text, each with a space on both sides."""
    return f" {' '.join(_WORDS.split(text.casefold()))} ".replace("  ", " ")


def parse_source_lock(data: bytes) -> dict[str, SourceRecord]:
    """Read a lock, also one that a merge left with the lines of both sides.

    Raises `VaultError` for a line that is not one, and for a lock of a newer version.
    """
    found: dict[str, SourceRecord] = {}
    for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
        header = _HEADER.fullmatch(line)
        if header and int(header[1]) > _VERSION:
            raise VaultError(
                f"{NAME}: a newer vaultsync wrote it (version {header[1]}, this one reads "
                f"{_VERSION}): upgrade vaultsync"
            )
        if line.strip() and not header and not _CONFLICT.fullmatch(line):
            record = _record(line, number)
            known = found.get(record.id)
            found[record.id] = _later(known, record) if known else record
    return found


def _record(line: str, number: int) -> SourceRecord:
    try:
        return msgspec.json.decode(line, type=SourceRecord)
    except msgspec.DecodeError as error:
        raise VaultError(
            f"{NAME}:{number}: not a line of a {NAME} ({error}): restore the file from git, or "
            "delete it and run `vaultsync sources --online`"
        ) from None


def _later(one: SourceRecord, other: SourceRecord) -> SourceRecord:
    """Return the record of the later state, with the quotations that both know."""
    ordered = sorted((one, other), key=lambda record: (record.since, record.version or 0))
    quotations = tuple(sorted({*one.quotations, *other.quotations}))
    return msgspec.structs.replace(ordered[1], quotations=quotations)


def source_lock_text(records: Iterable[SourceRecord]) -> str:
    """Return a lock as text."""
    lines = (_line(record) for record in sorted(records, key=lambda one: one.id))
    return "\n".join([_FIRST, *lines, ""])


def _line(record: SourceRecord) -> str:
    return msgspec.json.encode(record).decode()


def advanced(known: SourceRecord | None, found: SourceRecord, day: str) -> SourceRecord:
    """Return the record of a source after a lookup on a day.

    What could not be looked up leaves what is known as it is. A source whose version or abstract
    differs from what is known is changed, until its state is another one.
    """
    if known is None:
        return msgspec.structs.replace(found, since=day)
    if found.state == "unknown":
        return known
    is_changed = found.state == "ok" and _differs(known, found)
    state: State = "changed" if is_changed or _stays_changed(known, found) else found.state
    since = known.since if state == known.state and not is_changed else day
    quotations = tuple(sorted({*known.quotations, *found.quotations}))
    return msgspec.structs.replace(found, state=state, since=since, quotations=quotations)


def _stays_changed(known: SourceRecord, found: SourceRecord) -> bool:
    return known.state == "changed" and found.state == "ok"


def _differs(known: SourceRecord, found: SourceRecord) -> bool:
    pairs = (
        (known.version, found.version),
        (known.abstract or known.digest, found.abstract or found.digest),
    )
    return any(before and after and before != after for before, after in pairs)
