"""Find notes that are not linked and perhaps should be, and dismiss such pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.output import Output, changed_output
from vaultsync.core.text import apply_edits
from vaultsync.notes.link_index import LinkIndex
from vaultsync.related.dismissed import dismissal, dismissal_edit, dismissed_pairs
from vaultsync.related.facts import Facts
from vaultsync.related.suggest import Search, Suggestion, search_of

_FORMAT = tuple[Facts, ...]
_START = "---\ntitle: Pairs that are not related\n---\n\n"


def search(workspace: Workspace) -> Search:
    """Return what finds the pairs. What is compared of a note comes from the cache."""
    context, settings = workspace.context, workspace.config.related
    keeper = context.vault.documents.get(settings.dismissed)
    return search_of(_facts(workspace), context.index, settings, keeper)


def best_pairs(workspace: Workspace, count: int) -> list[Suggestion]:
    """Return the best suggestions of the vault; of one that did not change they are cached."""
    cache, ids = workspace.cache, workspace.documents.ids
    facts = repr((workspace.config_text, sorted(ids.items()), sorted(workspace.shown)))
    key = f"{count}:{hashlib.sha1(facts.encode(), usedforsecurity=False).hexdigest()}"
    cached = cache.get("related", [key])
    if key in cached:
        return msgspec.msgpack.decode(cached[key], type=list[Suggestion])
    found = search(workspace).all(count)
    with suppress(UnicodeEncodeError):
        cache.put("related", {key: msgspec.msgpack.encode(found)}, None)
    return found


def _facts(workspace: Workspace) -> dict[str, Facts]:
    documents, context = workspace.documents, workspace.context
    keys = _keys(workspace, documents.ids)
    decode = msgspec.msgpack.Decoder(_FORMAT).decode
    cached = workspace.cache.get("related", list(keys.values()))
    found, made = {}, {}
    missing = [path for path, key in keys.items() if key not in cached]
    documents.load(missing)
    for path, key in sorted(keys.items()):
        if key in cached:
            found[path] = decode(cached[key])
        elif path in context.vault.documents:
            found[path] = context.facts_at(path)
            # A name on disk that is not UTF-8 cannot be encoded.
            with suppress(UnicodeEncodeError):
                made[key] = msgspec.msgpack.encode(found[path])
    workspace.cache.put("related", made, keys.values())
    return {path: one for path, several in found.items() for one in several}


def _keys(workspace: Workspace, ids: Mapping[str, str]) -> dict[str, str]:
    """Return for each note the key of all that its facts depend on."""
    settings = hashlib.sha1(workspace.config_text.encode(), usedforsecurity=False).hexdigest()
    shown = workspace.context.vault.documents
    return {
        path: f"{path!r}:{identity}:{settings}"
        for path, identity in ids.items()
        if path in shown and path.endswith(".md")
    }


def dismissed(
    keeper: Document | None, path: str, pair: tuple[str, str], reason: str, index: LinkIndex
) -> str:
    """Return the text of the note at a path with one more pair that is not to be suggested.

    A pair that is dismissed already stays as it is. Raises `VaultError` without a reason.
    """
    if pair[0] == pair[1]:
        raise VaultError(f"{pair[0]}: a note is not suggested for itself")
    if not reason.strip():
        raise VaultError(f"{path}: give a reason, so that others know why: --reason TEXT")
    item = dismissal(*pair, reason, index)
    if keeper and frozenset(pair) in dismissed_pairs(keeper, index):
        return keeper.text
    if keeper is None:
        return f"{_START}{item}\n"
    return apply_edits(keeper.text, [dismissal_edit(keeper, item)])


def dismiss(workspace: Workspace, pair: tuple[str, str], reason: str) -> list[Output]:
    """Return the note that lists the pairs that are not to be suggested, with one more."""
    path, context = workspace.config.related.dismissed, workspace.context
    keeper = context.vault.documents.get(path)
    before = workspace.optional(path)
    text = dismissed(keeper, path, pair, reason, context.index)
    output = changed_output(path, before, text.encode())
    return [output] if output else []
