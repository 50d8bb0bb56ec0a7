"""Links to a name that a file lost by what came in, written by somebody who had not seen that.

Who writes while a sync takes a rename over, or in an editor that holds an older text, names the
file as it was called, and no merge sees that link: so it is rewritten when it is saved.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

import msgspec

from vaultsync.app.sync.renames import Tree, renames
from vaultsync.app.sync.rewriting import PURPOSE, Rewritten, documents_at, in_vault, rewritten
from vaultsync.app.workspace import Workspace
from vaultsync.core.model import Link
from vaultsync.infra import git
from vaultsync.infra.git import branch, checkout, write
from vaultsync.infra.git.files import Entry, whole_tree
from vaultsync.notes.link_index import LinkIndex

# Later a former name is meant for a note that is yet to be written.
_LATE = datetime.timedelta(days=1)
# Links with the files that they led to, by the file that they are in. Paths are from the top level.
Links = Mapping[str, Collection[tuple[Link, str]]]


def late_links(
    workspace: Workspace, index: git.Repository, paths: Collection[str], head: str, stamp: str
) -> Rewritten:
    """Return what files of an index become, in which new links get the names that files have now.

    New is what the last commit, `head`, has not. Each such link is a remark.
    """
    came = checkout.incoming(index).items()
    lost = {path: Entry("100644", one.before) for path, one in came if one.before and not one.after}
    if not lost:
        return Rewritten()
    tree = write.tree_of_index(index)
    files = whole_tree(index, tree)
    lost = {path: entry for path, entry in lost.items() if path not in files}
    found = _late(workspace, files, lost, paths)
    links = _new(workspace, found, whole_tree(index, head)) if found else {}
    wanted = {old for ones in links.values() for _, old in ones}
    since = datetime.date.fromisoformat(stamp[:8]) - _LATE
    moves = _moves(workspace, (tree, files), wanted, since.strftime("%Y%m%d"))
    return _rewritten(workspace, {**files, **lost}, moves, links)


def _late(workspace: Workspace, files: Tree, lost: Tree, paths: Collection[str]) -> Links:
    """Return the links of files that lead nowhere, and led to a file that is lost."""
    prefix = workspace.need_repository(PURPOSE).prefix
    names = workspace.shown.union(filter(workspace.is_shown, in_vault(files, prefix)))
    former = in_vault(lost, prefix).keys()
    now, before = LinkIndex(names), LinkIndex(names | former)
    links = dict[str, list[tuple[Link, str]]]()
    for path, document in documents_at(workspace, _part(files, paths)).items():
        for link in document.internal:
            old = before.resolve(link.target, path)[:1]
            if {*old} & former and not now.resolve(link.target, path):
                links.setdefault(f"{prefix}{path}", []).append((link, f"{prefix}{old[0]}"))
    return links


def _new(workspace: Workspace, links: Links, head: Tree) -> Links:
    """Return the links whose target the file does not have in the last commit."""
    prefix = workspace.need_repository(PURPOSE).prefix
    known = documents_at(workspace, _part(head, links))
    targets = {
        f"{prefix}{path}": {link.target for link in one.internal} for path, one in known.items()
    }
    found = {
        path: [(link, old) for link, old in ones if link.target not in targets.get(path, ())]
        for path, ones in links.items()
    }
    return {path: ones for path, ones in found.items() if ones}


def _part(tree: Tree, paths: Collection[str]) -> Tree:
    return {path: tree[path] for path in paths if path in tree}


def _moves(
    workspace: Workspace, now: tuple[str, Tree], wanted: Collection[str], since: str
) -> dict[str, str]:
    """Return the names that files have now, in a tree, which were lost since a day."""
    repo = workspace.need_repository(PURPOSE)
    moves, left = dict[str, str](), {*wanted}
    for name, base in reversed(branch.backups(repo).items() if left else ()):
        if not left or name < since:
            break
        former = whole_tree(repo, base)
        if found := left & former.keys():
            pairs = renames(workspace, (base, now[0]), (former, now[1]))
            moves |= {
                old: new
                for old, new in pairs.items()
                if old in found and new.startswith(repo.prefix)
            }
            left -= found
    return moves


def _rewritten(
    workspace: Workspace, files: Tree, moves: Mapping[str, str], links: Links
) -> Rewritten:
    """Return the files in which links are written for the new names."""
    known = {
        path: [(one, old) for one, old in ones if old in moves] for path, ones in links.items()
    }
    spans = {path: {one.target_span for one, _ in ones} for path, ones in known.items() if ones}
    made = rewritten(workspace, files, moves, spans)
    remarks = (
        f"{path}: a link to `{link.target}`, a former name, leads to {moves[old]} now"
        for path in made.texts
        for link, old in known[path]
    )
    return msgspec.structs.replace(made, remarks=(*dict.fromkeys(remarks), *made.remarks))
