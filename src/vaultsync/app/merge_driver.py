"""Git's merge driver of a clone: the setting by which git merges notes with this program."""

from __future__ import annotations

import shlex
import sys

from vaultsync.infra import git
from vaultsync.infra.git import write

DRIVER = "merge.vaultsync.driver"


def install_driver(repo: git.Repository) -> bool:
    """Put the merge driver into the clone's own settings; return whether these changed.

    A line that is there is replaced: it may have come with a vault that somebody else made.
    """
    wanted = {"merge.vaultsync.name": "notes by what their parts mean", DRIVER: _line()}
    changed = own_driver(repo) != wanted[DRIVER]
    for key, value in wanted.items() if changed else ():
        write.set_own(repo, key, value)
    return changed


def own_driver(repo: git.Repository) -> str:
    """Return the line of the clone's own settings that starts the driver, empty where none is."""
    return git.as_text(git.run(repo, "config", "--local", DRIVER, quiet=True)).removesuffix("\n")


def _line() -> str:
    """Return what git gives to a shell, on Windows too.

    With exit code 3 the program leaves a conflict. Any other failure, as where the program is gone,
    is left to git's own merge; its count of conflicts, or a failure of its own, is a conflict.
    """
    # Git puts in the names of files for what begins with `%`.
    program = shlex.quote(sys.executable).replace("%", "%%")
    merge = f"{program} -P -m vaultsync merge-driver %O %A %B %P"
    return f"{merge} || {{ test $? = 3 && exit 1; git merge-file %A %O %B || exit 1; }}"
