"""Load the documents of a vault: their facts from the cache, or by parsing their texts."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from vaultsync.core.errors import VaultError
from vaultsync.core.memo import Memo
from vaultsync.core.model import Document, DocumentMap, content_id
from vaultsync.infra import worktree
from vaultsync.infra.cache import Cache, FileCache
from vaultsync.infra.workers import Report, afterwards, is_together, shared
from vaultsync.markdown import from_bytes, kind_of, parse, to_bytes
from vaultsync.markdown.document import external_links
from vaultsync.markdown.reader import fast_reader

# Returns what reads the files at some paths.
Fetch = Callable[[Collection[str]], Callable[[str], bytes]]
# The texts of documents that are parsed stay in memory up to so many bytes.
_MOST_TEXT = 32_000_000
# So many documents take less time than to compile the expression of the fast path.
_FEW = 100
# A text in memory that takes so many times the bytes of its file is wide.
_WIDE = 1.5
# So many values are written to the cache at once.
_MOST_FACTS = 20_000


class Texts(msgspec.Struct, frozen=True):
    """Where texts come from: `fetch` for many at once, `read` for one by path and content id."""

    fetch: Fetch
    read: Callable[[str, str], str]


class _Parsed(msgspec.Struct, array_like=True):
    """What comes of one file: its content id, its facts where they can be encoded, its text.

    The text is missing where it is read again if it is needed.
    """

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

    Iterating over the documents themselves loads all that are left at once. What another process
    parsed is decoded when it is used.
    """

    def __init__(
        self,
        paths: Iterable[str],
        ids: Mapping[str, str],
        load: Callable[[Collection[str]], Mapping[str, Document | _Parsed]],
        decode: Callable[[_Parsed], Document],
    ) -> None:
        """Bind the values; nothing is loaded yet. `ids` grows as files are read."""
        self._ids, self._load, self._decode = ids, load, decode
        self._loaded: dict[str, Document | _Parsed] = {}
        # All of them in the order of the paths, once they were needed.
        self._whole: dict[str, Document] | None = None
        self._paths = dict.fromkeys(paths)

    def add(self, documents: Mapping[str, Document]) -> None:
        """Put in documents that are loaded already."""
        self._loaded.update(documents)
        self._paths.update(dict.fromkeys(documents))
        self._whole = None

    @property
    def ids(self) -> Mapping[str, str]:
        """The content ids of all documents that can be read."""
        self.load(path for path in self._paths if path not in self._ids)
        return self._ids

    def load_known(self) -> None:
        """Load those of which the content is known before they are read."""
        self.load(self._ids)

    def __getitem__(self, path: str) -> Document:
        if path not in self._loaded:
            self.load([path])
        found = self._loaded[path]
        if isinstance(found, _Parsed):
            found = self._loaded[path] = self._decode(found)
        return found

    def items(self) -> Any:
        """Return all documents by path."""
        return self._all().items()

    def values(self) -> Any:
        """Return all documents."""
        return self._all().values()

    def _all(self) -> dict[str, Document]:
        if self._whole is None:
            self.load(self._paths)
            self._whole = {path: self[path] for path in self._paths}
        return self._whole

    def load(self, paths: Iterable[str]) -> None:
        """Load those of the documents at these paths that are not loaded yet."""
        wanted = [path for path in paths if path in self._paths and path not in self._loaded]
        if wanted:
            self._loaded.update(self._load(wanted))


class Loader:
    """Loads documents whose texts come from `texts`, through a cache.

    `read` is called with the content ids when files were read of which they were not known.
    """

    def __init__(
        self,
        texts: Texts,
        cache: Cache,
        report: Report | None = None,
        read: Callable[[Mapping[str, str]], object] = len,
        memo: Memo | None = None,
    ) -> None:
        """Bind the values."""
        self._memo = Memo() if memo is None else memo
        self._texts, self._cache, self._report, self._have_read = texts, cache, report, read
        self._process, self._room = os.getpid(), _MOST_TEXT
        self._fresh: dict[str, Document] = {}

    def documents(self, paths: Collection[str], ids: Mapping[str, str]) -> Documents:
        """Return the documents at these paths; `ids` are the content ids that are known."""
        known = dict(ids)
        return Documents(paths, known, functools.partial(self._load, known), self._decode)

    def _load(
        self, ids: dict[str, str], paths: Collection[str]
    ) -> Mapping[str, Document | _Parsed]:
        """Return documents, from the cache or by parsing; put in the ids of those that are read."""
        known = {path: ids[path] for path in paths if path in ids}
        kept = {path: self._memo.find((path, identity)) for path, identity in known.items()}
        keys = {path: _key(path, known[path]) for path, one in kept.items() if one is None}
        cached = self._cache.get("documents", keys.values()) if keys else {}
        facts = {path: cached[name] for path, name in keys.items() if name in cached}
        read = {path: self._from_facts(path, ids[path], data) for path, data in facts.items()}
        found = {path: document for path, document in {**kept, **read}.items() if document}
        parsed = self._parse([path for path in paths if path not in found], ids)
        if len(known) < len(paths):
            afterwards(functools.partial(self._have_read, ids))
        return {**found, **parsed}

    def _parse(self, paths: Collection[str], ids: dict[str, str]) -> dict[str, Document | _Parsed]:
        """Parse files, cache their facts, and put the content ids of those that are read in."""
        if not paths:
            return {}
        fetch = self._texts.fetch(paths)
        facts: list[_Parsed] = []
        found: dict[str, Document | _Parsed] = dict.fromkeys(paths, _NOTHING)
        fast = len(paths) > _FEW
        if fast:
            # Processes that are forked for this work have its expression compiled.
            fast_reader()
        work = functools.partial(self._examine, fetch, ids, fast)
        for parsed in shared(work, list(paths), _Parsed, self._report, for_all=True):
            path = parsed.path
            if parsed.error is None:
                ids[path] = parsed.id
            if parsed.facts is not None:
                facts.append(parsed)
            found[path] = self._result(parsed, fetch)
            if len(facts) == _MOST_FACTS:
                afterwards(functools.partial(self._put, facts, None))
                facts = []
        afterwards(functools.partial(self._put, facts, _Keys(ids)))
        return found

    def _put(self, parsed: list[_Parsed], used: Collection[str] | None) -> None:
        facts = {_key(one.path, one.id): one.facts for one in parsed if one.facts is not None}
        self._cache.put("documents", facts, used)

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
            return _Parsed(path, error=error.without(path))
        identity = ids.get(path) or content_id(data)
        if self._memo.find((path, identity)):
            return _Parsed(path, identity)
        document = parse(path, data, external=False, fast=fast)
        parsed = _Parsed(path, identity, to_bytes(document))
        if self._room > 0:
            self._room -= sys.getsizeof(document.text)
            if is_together() or os.getpid() == self._process:
                self._fresh[path] = _compact(document, data)
            else:
                parsed.text = document.text
        return parsed

    def _result(self, parsed: _Parsed, fetch: Callable[[str], bytes]) -> Document | _Parsed:
        """Return the document where it was parsed here, or cannot be encoded."""
        path = parsed.path
        if parsed.error is not None:
            return Document(path, kind_of(path) or "note", "", error=parsed.error)
        fresh = self._fresh.pop(path, None)
        if fresh is None and parsed.facts:
            return parsed
        known: Document | None = None if fresh else self._memo.find((path, parsed.id))
        return known or self._memo.keep((path, parsed.id), fresh or parse(path, fetch(path)))

    def _decode(self, parsed: _Parsed) -> Document:
        found = self._from_facts(parsed.path, parsed.id, parsed.facts or b"", parsed.text)
        return found or parse(parsed.path, self._texts.read(parsed.path, parsed.id))

    def _from_facts(
        self, path: str, identity: str, facts: bytes, text: str | None = None
    ) -> Document | None:
        content = _LateText(self._texts.read, path, identity) if text is None else text
        found = from_bytes(path, kind_of(path) or "note", content, facts)
        return found and self._memo.keep((path, identity), found)


def _compact(document: Document, data: bytes) -> Document:
    """Return a document whose text is decoded when it is used, where that takes less memory.

    One emoji makes each character of a text as wide as itself.
    """
    if sys.getsizeof(document.text) < _WIDE * sys.getsizeof(data):
        return document
    content = functools.partial(_decoded, data)
    late = functools.partial(external_links, document.path, content)
    return msgspec.structs.replace(document, content=content, external_source=late)


# One check uses it many times.
@functools.lru_cache(maxsize=1)
def _decoded(data: bytes) -> str:
    return data.decode()


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
    root: str,
    files: Collection[worktree.ScannedFile],
    cache: Cache,
    before: FileCache,
    report: Report | None = None,
    memo: Memo | None = None,
) -> Documents:
    """Return the documents among files below `root`; those that cannot be read have an error.

    A text that is used later, and is not what it was then, raises `VaultError`.
    """
    failed = {file.path: file.error for file in files if file.error}
    readable = {file.path: file for file in files if not file.error and kind_of(file.path)}
    settled = {path: f.state for path, f in readable.items() if cache.is_settled(*f.times)}
    known = before.ids(settled)
    texts = Texts(
        lambda _: functools.partial(worktree.read, root), functools.partial(_text_on_disk, root)
    )

    def put(ids: Mapping[str, str]) -> None:
        before.put({path: (state, ids[path]) for path, state in settled.items() if path in ids})

    found = Loader(texts, cache, report, put, memo).documents(readable, known)
    if len(known) == len(readable):
        put(known)
    found.add({p: Document(p, kind_of(p) or "note", "", error=e) for p, e in failed.items()})
    return found


def _text_on_disk(root: str, path: str, identity: str) -> str:
    data = worktree.read(root, path)
    if content_id(data) != identity:
        raise VaultError(f"{path}: changed on disk since it was read: run again")
    return data.decode()
