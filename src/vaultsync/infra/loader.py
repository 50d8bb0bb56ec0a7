"""Load the documents of a vault: their facts from the cache, or by parsing their texts."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, DocumentMap, content_id
from vaultsync.infra import worktree
from vaultsync.infra.cache import Cache, FileCache
from vaultsync.infra.workers import Report, shared
from vaultsync.markdown import from_bytes, kind_of, parse, to_bytes
from vaultsync.markdown.reader import fast_reader

# Returns what reads the files at some paths.
Fetch = Callable[[Collection[str]], Callable[[str], bytes]]
# The texts of documents that are parsed stay in memory up to so many bytes.
_MOST_TEXT = 32_000_000
# So many documents take less time than to compile the expression of the fast path.
_FEW = 100
# So many values are written to the cache at once.
_MOST_FACTS = 20_000


class Texts(msgspec.Struct, frozen=True):
    """Where texts come from: `fetch` for many at once, `read` for one by path and content id."""

    fetch: Fetch
    read: Callable[[str, str], str]


class _Parsed(msgspec.Struct, array_like=True):
    """What comes of one file: its content id, its facts where they can be cached, its text."""

    path: str
    id: str = ""
    facts: bytes | None = None
    text: str | None = None
    error: str | None = None


class _LateText(msgspec.Struct):
    """A text that is read when it is first used."""

    read: Callable[[str, str], str]
    path: str
    id: str
    text: str | None = None

    def __call__(self) -> str:
        if self.text is None:
            self.text = self.read(self.path, self.id)
        return self.text


class Documents(DocumentMap):
    """Documents by path, each loaded when it is first used.

    `ids` are the content ids of all of them that can be read. Iterating over the documents
    themselves loads all that are left at once.
    """

    def __init__(
        self, ids: Mapping[str, str], load: Callable[[Collection[str]], dict[str, Document]]
    ) -> None:
        """Bind the values; nothing is loaded yet."""
        self.ids, self._load = ids, load
        self._loaded: dict[str, Document] = {}
        self._paths = dict.fromkeys(ids)

    def add(self, documents: Mapping[str, Document]) -> None:
        """Put in documents that are loaded already."""
        self._loaded.update(documents)
        self._paths.update(dict.fromkeys(documents))

    def __getitem__(self, path: str) -> Document:
        if path not in self._loaded:
            self.load([path])
        return self._loaded[path]

    def items(self) -> Any:
        """Return all documents by path."""
        return self._all().items()

    def values(self) -> Any:
        """Return all documents."""
        return self._all().values()

    def _all(self) -> dict[str, Document]:
        if len(self._loaded) < len(self._paths):
            self.load(self._paths)
            # In the order of the paths, whatever was loaded first.
            self._loaded = {path: self._loaded[path] for path in self._paths}
        return self._loaded

    def load(self, paths: Iterable[str]) -> None:
        """Load those of the documents at these paths that are not loaded yet."""
        wanted = [path for path in paths if path in self._paths and path not in self._loaded]
        if wanted:
            self._loaded.update(self._load(wanted))


class Loader:
    """Loads documents whose texts come from `texts`, through a cache."""

    def __init__(self, texts: Texts, cache: Cache, report: Report | None = None) -> None:
        """Bind the values."""
        self._texts, self._cache, self._report = texts, cache, report
        self._process, self._room = os.getpid(), _MOST_TEXT
        self._fresh: dict[str, Document] = {}

    def documents(self, paths: Collection[str], ids: Mapping[str, str]) -> Documents:
        """Return the documents at these paths; `ids` are the content ids that are known.

        Files of which the content is not known are read now, all others when they are used.
        """
        unknown = [path for path in paths if path not in ids]
        known = dict(ids)
        fresh = self._parse(unknown, known)
        found = Documents(known, functools.partial(self._load, known))
        found.add(fresh)
        return found

    def _load(self, ids: Mapping[str, str], paths: Collection[str]) -> dict[str, Document]:
        """Return documents of known content, from the cache or by parsing."""
        keys = {path: _key(path, ids[path]) for path in paths}
        cached = self._cache.get("documents", keys.values())
        facts = {path: cached[name] for path, name in keys.items() if name in cached}
        read = {path: self._from_facts(path, ids[path], data) for path, data in facts.items()}
        found = {path: document for path, document in read.items() if document}
        rest = [path for path in paths if path not in found]
        return found | self._parse(rest, dict(ids))

    def _parse(self, paths: Collection[str], ids: dict[str, str]) -> dict[str, Document]:
        """Parse files, cache their facts, and put the content ids of those that are read in."""
        if not paths:
            return {}
        fetch = self._texts.fetch(paths)
        facts: dict[str, bytes] = {}
        found = dict.fromkeys(paths, _NOTHING)
        fast = len(paths) > _FEW
        if fast:
            # Its expression is compiled once, before other processes are forked.
            fast_reader()
        work = functools.partial(self._examine, fetch, ids, fast)
        for parsed in shared(work, list(paths), _Parsed, self._report):
            path = parsed.path
            if parsed.error is None:
                ids[path] = parsed.id
            if parsed.facts is not None:
                facts[_key(path, parsed.id)] = parsed.facts
            found[path] = self._document(parsed, fetch)
            if len(facts) == _MOST_FACTS:
                self._cache.put("documents", facts, None)
                facts.clear()
        self._cache.put("documents", facts, _Keys(ids))
        return found

    def _examine(
        self,
        fetch: Callable[[str], bytes],
        ids: Mapping[str, str],
        fast: bool,  # noqa: FBT001 - bound by name
        path: str,
    ) -> _Parsed:
        try:
            data = fetch(path)
        except VaultError as error:
            return _Parsed(path, error=str(error).removeprefix(f"{path}: "))
        document = parse(path, data, external=False, fast=fast)
        parsed = _Parsed(path, ids.get(path) or content_id(data), to_bytes(document))
        if self._room > 0:
            self._room -= sys.getsizeof(document.text)
            if os.getpid() == self._process:
                self._fresh[path] = document
            else:
                parsed.text = document.text
        return parsed

    def _document(self, parsed: _Parsed, fetch: Callable[[str], bytes]) -> Document:
        path = parsed.path
        if parsed.error is not None:
            return Document(path, kind_of(path) or "note", "", error=parsed.error)
        document = self._fresh.pop(path, None)
        if document is None and parsed.facts:
            document = self._from_facts(path, parsed.id, parsed.facts, parsed.text)
        return document or parse(path, fetch(path))

    def _from_facts(
        self, path: str, identity: str, facts: bytes, text: str | None = None
    ) -> Document | None:
        content = _LateText(self._texts.read, path, identity) if text is None else text
        return from_bytes(path, kind_of(path) or "note", content, facts)


# In the place of a document that is still to be parsed.
_NOTHING = Document("", "note", "")


class _Keys(Collection[str]):
    """The keys of documents by path and content id; seldom more than their number is used."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return (_key(path, identity) for path, identity in self._ids.items())

    def __contains__(self, key: object) -> bool:
        return key in set(self)


def _key(path: str, identity: str) -> str:
    # The same text means something else in a note than in a canvas.
    return f"{kind_of(path)}:{identity}"


def cached_documents(cache: Cache, ids: Mapping[str, str]) -> dict[str, Document] | None:
    """Return documents by their content ids; None where one is no longer cached.

    Their facts are there, their texts are not.
    """
    found = {}
    cached = cache.get("documents", [_key(path, identity) for path, identity in ids.items()])
    for path, identity in ids.items():
        facts = cached.get(_key(path, identity), b"")
        document = from_bytes(path, kind_of(path) or "note", _no_text, facts)
        if document is None:
            return None
        found[path] = document
    return found


def _no_text() -> str:
    raise VaultError("the text of an earlier version is not known")


def from_disk(
    root: str, files: Iterable[worktree.ScannedFile], cache: Cache, report: Report | None = None
) -> Documents:
    """Return the documents among files below `root`; those that cannot be read have an error.

    A text that is used later, and is not what it was then, raises `VaultError`.
    """
    listed = {file.path: file for file in files if file.error or kind_of(file.path)}
    readable = {path: file for path, file in listed.items() if not file.error}
    settled = {path: f.state for path, f in readable.items() if cache.is_settled(*f.times)}
    before = FileCache(cache)
    known = before.ids(settled)
    texts = Texts(
        lambda _: functools.partial(worktree.read, root), functools.partial(_text_on_disk, root)
    )
    found = Loader(texts, cache, report).documents(readable, known)
    ids = found.ids
    before.put({path: (state, ids[path]) for path, state in settled.items() if path in ids})
    errors = {path: file.error for path, file in listed.items() if file.error}
    found.add({p: Document(p, kind_of(p) or "note", "", error=e) for p, e in errors.items()})
    return found


def _text_on_disk(root: str, path: str, identity: str) -> str:
    data = worktree.read(root, path)
    if content_id(data) != identity:
        raise VaultError(f"{path}: changed on disk since it was read: run again")
    return data.decode()
