"""A post that is also on a site: copy it there, list what changed since, find edits made there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from vaultsync.app.publish import Post
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import ConfigError, VaultError
from vaultsync.core.output import changed_output
from vaultsync.infra import clipboard, worktree
from vaultsync.publish import TARGETS
from vaultsync.publish import compare as comparison
from vaultsync.publish.compare import Difference, NoteFinder
from vaultsync.publish.text_blocks import html_text_blocks, markdown_text_blocks

# The folder, in the output folder, with the files that were copied last.
COPIED = ".copied"
# The targets whose files can be compared as texts, those for a forum first.
TEXTS = ("lesswrong-rich", "lesswrong", "markdown")
_BODY = re.compile(r"<body[^>]*>(?P<body>.*)</body>", re.DOTALL | re.IGNORECASE)


# A difference with the title of the note that it is about; "" if it is about none.
TitledDifference = tuple[Difference, str]


class Delta(NamedTuple):
    """What changed in a file. `since` is a phrase, `version` a line for the version history."""

    file: str
    since: str
    differences: list[TitledDifference]
    version: str


def text_targets(named: Sequence[str], option: str) -> tuple[str, ...]:
    """Return the targets that can be compared as texts; raise `ConfigError` if there are none.

    `option` is the name of the option that compares.
    """
    texts = tuple(name for name in TEXTS if name in named)
    if not texts:
        raise ConfigError(f"{option} is about {', '.join(TEXTS)}: name one of these with --target")
    return texts


def copy(post: Post, folder: Path, target: str) -> tuple[str, str, str]:
    """Put the file of a target on the clipboard, and store it as the one that was copied last.

    Returns its name, the program that put it there, and "HTML" or "text". Raises `NotCopied` if
    the clipboard cannot be reached.
    """
    file = TARGETS[target].file
    data = post.files[file]
    text, html = data.decode(), ""
    if file.endswith(".html"):
        body = _BODY.search(text)
        html = body["body"].strip() if body else text
        text = "\n\n".join(block.text for block in html_text_blocks(html))
    try:
        tool = clipboard.copy(text, html)
    except clipboard.NotCopied as error:
        raise clipboard.NotCopied(f"{error}; what to copy is in {folder / file}") from None
    path = f"{COPIED}/{file}"
    if output := changed_output(path, worktree.read_optional(str(folder / path)), data):
        worktree.write(str(folder), [output])
    return file, tool, "HTML" if html else "text"


def delta(workspace: Workspace, post: Post, folder: Path, targets: Sequence[str]) -> Delta:
    """Return what changed since the first of some targets was copied last, or else written.

    Raises `VaultError` if none was.
    """
    file, before, since = _last(folder, targets)
    read = html_text_blocks if file.endswith(".html") else markdown_text_blocks
    changes = comparison.differences(read(before), read(post.files[file].decode()))
    notes = NoteFinder(workspace.context.published)
    return Delta(file, since, _titled(changes, notes), comparison.version_line(changes, notes))


def _last(folder: Path, targets: Sequence[str]) -> tuple[str, str, str]:
    """Return a file's name, its earlier text, and since when it has been so."""
    files = [TARGETS[name].file for name in targets]
    for place, verb in ((folder / COPIED, "copied"), (folder, "written")):
        for file in files:
            data = worktree.read_optional(str(place / file))
            if data is not None:
                return file, data.decode("utf-8", "replace"), f"since it was {verb}"
    raise VaultError(
        f"{folder}: nothing was copied or written there before, so there is nothing to compare "
        f"with: `vaultsync publish --copy {targets[0]}`"
    )


def compare(
    workspace: Workspace, post: Post, target: str, path: str
) -> tuple[str, list[TitledDifference]]:
    """Return the file of a target, and what differs in a copy of it that is saved at a path.

    Raises `VaultError` if the file cannot be read or contains nothing of the post.
    """
    file = TARGETS[target].file
    texts = post.files[file].decode(), _read_text(path)
    try:
        edits = comparison.hand_edits(*(comparison.as_html(target, text) for text in texts))
    except VaultError as error:
        raise VaultError(f"{path}: {error}") from None
    return file, _titled(edits, NoteFinder(workspace.context.published))


def _titled(changes: Sequence[Difference], notes: NoteFinder) -> list[TitledDifference]:
    return [(one, notes.name(one)) for one in changes]


def _read_text(path: str) -> str:
    data = worktree.read_optional(path)
    if data is None:
        raise VaultError(f"{path}: there is no such file")
    if not data.strip():
        raise VaultError(f"{path}: it is empty: save the page that shows the post")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise VaultError(f"{path}: not UTF-8 at byte {error.start}: save it as HTML") from None
    if "\0" in text:
        raise VaultError(f"{path}: it is not text: save the page as HTML")
    return text
