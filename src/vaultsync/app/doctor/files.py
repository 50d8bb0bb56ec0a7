"""The files of a vault: their names, notes that a merge damaged, and who else moves them."""

from __future__ import annotations

import json
import os
import re
import shlex
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from vaultsync.app.doctor.machine import Machine, Result
from vaultsync.app.lint import LintOptions, lint
from vaultsync.blocks.context import format_count
from vaultsync.core.model import Document
from vaultsync.infra import worktree
from vaultsync.infra.cache import cache_folder
from vaultsync.infra.git.write import git_path
from vaultsync.markdown.frontmatter.block import read_properties

# Folders by their name, and by what the service puts into them.
_CLOUDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "iCloud": (r"Mobile Documents|iCloud\b.*|com~apple~CloudDocs", ()),
    "OneDrive": (r"OneDrive\b.*", (".849C9593-D756-4E56-8D6E-42412F2A707B",)),
    "Dropbox": (r"Dropbox\b.*", (".dropbox.cache",)),
    "Syncthing": (r"(?!)", (".stfolder", ".stversions")),
}
# What Dropbox writes in brackets with a date, by its language, as files and patterns in public
# repositories show it; other languages are not known. iCloud's `a 2.md` may be a name of its own.
# https://help.dropbox.com/organize/conflicted-copy
_DROPBOX = {
    "German": "In Konflikt stehende Kopie",
    "French": "Copie en conflit de",
    "Spanish": "Copia en conflicto de",
    "Italian": "Copia in conflitto di",
    "Portuguese": "Cópia em conflito de",
    "Russian": "Конфликтующая копия пользователя",
}
_COPY = re.compile(
    # Nextcloud writes the English words too.
    r" \([^()]*(?i:conflicted copy)[^()]*\)"
    rf"| \([^()]*(?i:{'|'.join(_DROPBOX.values())})[^()]* \d{{4}}-\d\d-\d\d[^()]*\)"
    # https://docs.syncthing.net/users/syncing.html#conflicting-changes
    r"|\.sync-conflict-\d{8}-\d{6}(?:-\w+)?"
    # OneDrive appends the name of the machine.
    r"|-(?:DESKTOP|LAPTOP)-[A-Z0-9]{5,}(?=\.[^./]+$)"
)
_OBSIDIAN_GIT = ".obsidian/plugins/obsidian-git/data.json"
_SHOWN = 3
# Rules about names that other systems cannot hold, and about conflicts.
_NAMES, _CONFLICTS = ("FIL008", "FIL009", "FIL010"), ("MRK008", "MRK013")


def check_cache(machine: Machine) -> Result:
    """Whether results can be kept, and how much they take."""
    try:
        folder = cache_folder(machine.root)
    except RuntimeError:
        folder = None
    if folder is None:
        return Result("unknown", "there is no cache: each run reads all notes", "set HOME")
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        remedy = "name another folder in VAULTSYNC_CACHE_DIR"
        return Result("wrong", f"the cache cannot be written in {there}", remedy)
    size = sum(file.stat().st_size for file in folder.glob("*") if file.is_file())
    return Result("ok", f"{size / 1e6:.1f} MB in {folder}")


def check_names(machine: Machine) -> Result:
    """Whether other systems can hold all files."""
    found = _findings(machine, _NAMES)
    if not found:
        return Result("ok", "other systems can hold all names")
    listed = _listed(f"{path} ({reason})" for path, reason in found.items())
    count = format_count(len(found), "file")
    message = f"{count} with a name that other systems cannot hold: {listed}"
    return Result("wrong", message, "rename them: `vaultsync mv OLD NEW`")


def check_notes(machine: Machine) -> Result:
    """Whether merges left notes unfinished."""
    notes = (one for one in machine.workspace.documents.values() if one.kind == "note")
    found = {note.path: "properties twice" for note in notes if _has_two_blocks(note)}
    found |= dict.fromkeys(_findings(machine, _CONFLICTS), "a conflict")
    if not found:
        return Result("ok", "no note has conflicts or two blocks of properties")
    listed = _listed(f"{path} ({reason})" for path, reason in sorted(found.items()))
    message = f"{format_count(len(found), 'note')} that a merge left unfinished: {listed}"
    return Result("wrong", message, "keep what is right in each")


def _findings(machine: Machine, codes: tuple[str, ...]) -> dict[str, str]:
    """Return the files in which these rules find something, each with the first message."""
    if not any(one.kind == "note" for one in machine.workspace.documents.values()):
        return {}
    found = lint(LintOptions(select=codes, no_baseline=True), machine.workspace).findings
    # Some rules cannot be left out.
    messages = {one.path: one.message for one in reversed(found) if one.code in codes}
    return dict(sorted(messages.items()))


def _has_two_blocks(note: Document) -> bool:
    span = note.properties.span
    rest = note.text[span.end :].lstrip() if span else ""
    return rest.startswith("---") and bool(read_properties(rest).data)


def check_clouds(machine: Machine) -> Result:
    """Whether another service carries the repository."""
    place = Path(os.path.realpath(machine.root))
    folders = (place, *place.parents)
    found = [
        name
        for name, (pattern, markers) in _CLOUDS.items()
        for folder in folders
        if re.fullmatch(pattern, folder.name) or any((folder / one).exists() for one in markers)
    ]
    if not found:
        return Result("ok", "no other service carries the vault")
    if machine.repository is None:
        return Result("ok", f"{found[0]} carries the vault, and git does not")
    message = f"{found[0]} and git both carry the vault: that damages repositories"
    outside = f"`git -C {shlex.quote(machine.root)} init --separate-git-dir FOLDER`"
    return Result("wrong", message, f"move the vault, or its repository: {outside}")


def check_copies(machine: Machine) -> Result:
    """Whether such a service made a second file of a note."""
    paths = (file.path for file in machine.workspace.scanned)
    found = [path for path in paths if _COPY.search(unicodedata.normalize("NFC", path))]
    if not found:
        return Result("ok", "no file is a conflicted copy")
    message = f"{format_count(len(found), 'conflicted copy')}: {_listed(found)}"
    return Result("wrong", message, "take over what is new in them, then delete them")


def check_committers(machine: Machine) -> Result:
    """Whether another program commits beside `vaultsync sync`."""
    root = machine.root
    enabled = _json(root, ".obsidian/community-plugins.json")
    settings = _json(root, _OBSIDIAN_GIT)
    minutes = settings.get("autoSaveInterval") if isinstance(settings, dict) else 0
    if not isinstance(minutes, int | float) or minutes <= 0 or "obsidian-git" not in enabled:
        return Result("ok", "no other program is known to commit")
    message = f"the plugin obsidian-git commits every {minutes:g} minutes"
    repo = machine.repository
    if repo is None or not git_path(repo, "vaultsync").exists():
        return Result("ok", message)
    remedy = "in its settings, set the interval of commits to 0: one program has to commit"
    return Result("wrong", f"{message}, beside `vaultsync sync`", remedy)


def _json(root: str, path: str) -> dict[str, object] | list[object]:
    try:
        found = json.loads(worktree.read_optional(str(Path(root, path))) or b"[]")
    except (ValueError, RecursionError):
        found = []
    return found if isinstance(found, dict | list) else []


def _listed(names: Iterable[str]) -> str:
    listed = [*names]
    more = len(listed) - _SHOWN
    return f"{', '.join(listed[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"
