"""Read the documents of a vault: what is known of them from the store, the rest by parsing."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.output import content_id
from vaultsync.infra import worktree
from vaultsync.infra.cache import Store
from vaultsync.infra.file_cache import ByPath
from vaultsync.infra.workers import Report, shared
from vaultsync.markdown import expect_bodies, from_bytes, kind_of, parse, to_bytes

Fetch = Callable[[str], bytes]
# Of the documents that are read here, those with so many bytes of text stay as they are.
_MOST_TEXT = 16_000_000
# The facts of so many documents are written at once, and those of more while others are read.
_MOST_FACTS = 20_000
# In the place of a document that is still to be read.
_NOTHING = Document("", "note", "")


class Inspection(NamedTuple):
    """What is asked of each document by itself while it is read.

    What `of` answers is kept like facts, if it is not None; `name` changes with all that decides it
    besides the document's path and text. `seen` is given each document that is parsed, in the first
    process, while others are still read.
    """

    name: str
    of: Callable[[Document], bytes | None]
    seen: Callable[[Document], None] = lambda _: None


class Reading(NamedTuple):
    """Documents by path, what the inspection says of them, and the content ids of those read."""

    documents: dict[str, Document]
    answers: dict[str, bytes]
    ids: dict[str, str]


class _Examined(msgspec.Struct, array_like=True):
    """What came of one file: its content id, its facts where they can be kept, the answer.

    The `text` comes from another process where it will probably be asked for.
    """

    path: str
    id: str = ""
    facts: bytes | None = None
    answer: bytes | None = None
    error: str | None = None
    text: str | None = None


class _LateText(msgspec.Struct):
    """A text that is read when it is first asked for."""

    load: Callable[[str, str], str]
    path: str
    id: str
    text: str | None = None

    def __call__(self) -> str:
        if self.text is None:
            self.text = self.load(self.path, self.id)
        return self.text


class Reader:
    """Reads documents whose texts `fetch` gets, given the paths that will be asked for.

    `text` returns a text again when it is asked for, by path and content id. With `outlines`,
    facts of a body need not be there.
    """

    def __init__(
        self,
        fetch: Callable[[Collection[str]], Fetch],
        text: Callable[[str, str], str],
        store: Store,
        inspection: Inspection | None = None,
        *,
        outlines: bool = False,
    ) -> None:
        """Bind the values."""
        self._outlines = outlines
        self._fetch, self._text = fetch, text
        self._store, self._inspection = store, inspection
        self._process, self._room = os.getpid(), _MOST_TEXT
        self._parsed: dict[str, Document] = {}

    def read(
        self, paths: Collection[str], ids: Mapping[str, str], report: Report | None = None
    ) -> Reading:
        """Return the documents at the paths; `ids` are the content ids that are known."""
        recalled = self._recalled(ids)
        name = self._inspection.name if self._inspection else ""
        said = ByPath(self._store, "findings", name, bytes)
        reading = Reading(dict.fromkeys(paths, _NOTHING) | recalled, said.recalled(ids), dict(ids))
        rest = [
            path
            for path in paths
            if path not in recalled or (self._inspection and path not in reading.answers)
        ]
        unread = [path for path in rest if path not in recalled]
        expect_bodies(len(unread))
        fetch = self._fetch(unread)
        work = functools.partial(self._examine, fetch, recalled, ids)
        facts: dict[str, bytes] = {}
        for found in shared(work, rest, _Examined, report):
            self._take(found, reading, facts, fetch)
            if len(facts) == _MOST_FACTS:
                self._store.put("documents", facts, None)
                facts.clear()
        self._store.put("documents", facts, _Keys(reading.ids))
        if self._inspection and rest:
            answers = reading.answers.items()
            said.keep({path: (reading.ids[path], answer) for path, answer in answers})
        return reading

    def _take(
        self, found: _Examined, reading: Reading, facts: dict[str, bytes], fetch: Fetch
    ) -> None:
        """Take what came of a file into the reading, and its facts apart.

        What is done here is done while other processes read on.
        """
        path = found.path
        if found.id:
            reading.ids[path] = found.id
        if found.facts is not None:
            facts[_key(path, found.id)] = found.facts
        if found.answer is not None:
            reading.answers[path] = found.answer
        if reading.documents[path] is _NOTHING:
            document = reading.documents[path] = self._document(found, fetch)
            if self._inspection:
                self._inspection.seen(document)

    def _recalled(self, ids: Mapping[str, str]) -> dict[str, Document]:
        keys = {path: _key(path, identity) for path, identity in ids.items()}
        kept = self._store.get("documents", keys.values())
        found = {}
        for path, name in keys.items():
            facts = kept.get(name)
            document = facts and self._from_facts(path, ids[path], facts)
            if document:
                found[path] = document
        return found

    def _examine(
        self, fetch: Fetch, recalled: Mapping[str, Document], ids: Mapping[str, str], path: str
    ) -> _Examined:
        document = recalled.get(path)
        try:
            if document:
                return _Examined(path, ids[path], answer=self._answer(document))
            data = fetch(path)
        except VaultError as error:
            return _Examined(path, error=str(error).removeprefix(f"{path}: "))
        document = parse(path, data, outward=False)
        identity = ids.get(path) or content_id(data)
        found = _Examined(path, identity, to_bytes(document), self._answer(document))
        self._leave(document, found)
        return found

    def _leave(self, document: Document, found: _Examined) -> None:
        """Leave a document where it is used, so that it is not made of its facts again.

        From another process its text comes along where there may be something to say of it: what
        links lead to a place in a note is found out later.
        """
        if self._room <= 0:
            return
        if os.getpid() == self._process:
            self._parsed[document.path] = document
        elif found.answer or any(link.subpath for link in document.inward):
            found.text = document.text
        else:
            return
        self._room -= sys.getsizeof(document.text)

    def _answer(self, document: Document) -> bytes | None:
        return self._inspection.of(document) if self._inspection else None

    def _document(self, found: _Examined, fetch: Fetch) -> Document:
        if found.error is not None:
            return Document(found.path, kind_of(found.path) or "note", "", error=found.error)
        document = self._parsed.get(found.path)
        if document is None and found.facts:
            document = self._from_facts(found.path, found.id, found.facts, found.text)
        return document or parse(found.path, fetch(found.path))

    def _from_facts(
        self, path: str, identity: str, facts: bytes, text: str | None = None
    ) -> Document | None:
        content = _LateText(self._text, path, identity) if text is None else text
        return from_bytes(path, kind_of(path) or "note", content, facts, outline=self._outlines)


class _Keys(Collection[str]):
    """The keys of documents by path and content id; seldom more than their number is asked for."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return (_key(path, identity) for path, identity in self._ids.items())

    def __contains__(self, key: object) -> bool:
        return key in set(self)


def _key(path: str, identity: str) -> str:
    # The same text says something else in a note than in a canvas.
    return f"{kind_of(path)}:{identity}"


def from_disk(
    root: str,
    files: Iterable[worktree.Found],
    store: Store,
    inspection: Inspection | None = None,
    report: Report | None = None,
    *,
    outlines: bool = False,
) -> Reading:
    """Return the documents among files below `root`.

    A text that is asked for later, and is not what it was then, raises `VaultError`.
    """
    listed = {file.path: file for file in files if file.error or kind_of(file.path)}
    readable = {path: file for path, file in listed.items() if not file.error}
    settled = {path: f.state for path, f in readable.items() if store.is_settled(*f.times)}
    before = ByPath(store, "files", "", str)
    ids = before.recalled(settled)
    reader = Reader(
        lambda _: functools.partial(worktree.read, root),
        functools.partial(_text_on_disk, root),
        store,
        inspection,
        outlines=outlines,
    )
    reading = reader.read(readable, ids, report)
    read = reading.ids
    before.keep({path: (state, read[path]) for path, state in settled.items() if path in read})
    for path in listed.keys() - readable.keys():
        error = listed[path].error
        reading.documents[path] = Document(path, kind_of(path) or "note", "", error=error)
    return reading


def _text_on_disk(root: str, path: str, identity: str) -> str:
    data = worktree.read(root, path)
    if content_id(data) != identity:
        raise VaultError(f"{path}: changed on disk since it was read: run again")
    return data.decode()
