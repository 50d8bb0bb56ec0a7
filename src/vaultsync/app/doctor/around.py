"""The program, git, who commits, and a remote that can be read."""

from __future__ import annotations

import platform
import re
import shlex
import shutil
from pathlib import Path

from vaultsync import __version__
from vaultsync.app.doctor.machine import Machine, Result, State
from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.git import remote

_OLDEST = (2, 38)
_INSTALL = "install git 2.38 or newer: https://git-scm.com/downloads"
_DENIED = (
    r"Permission denied|terminal prompts disabled|could not read (?:Username|Password)"
    r"|Authentication failed|error: 40[13]\b"
)
# By what git prints: what that means, and what to do about the remote `{name}`.
_FAILURES: tuple[tuple[str, State, str], ...] = (
    (r"Host key verification failed", "wrong", "accept its key once: run `{command}`"),
    (_DENIED, "wrong", "sign in once, so that git keeps it: run `{command}`"),
    (
        r"not found|does not (?:appear|exist)|No such file|not allowed",
        "wrong",
        "check its address: `git remote set-url {name} ADDRESS`",
    ),
    ("", "unknown", "check the network, then run `{command}`"),
)


def check_program(_: Machine) -> Result:
    """Whether the program runs, which it does here."""
    return Result("ok", f"vaultsync {__version__} with Python {platform.python_version()}")


def check_git(machine: Machine) -> Result:
    """Whether there is a git that is new enough."""
    path = shutil.which("git")
    if path is None:
        return Result("missing", "git is not on PATH", _INSTALL)
    version = git.as_text(git.run(machine.here, "--version")).strip()
    found = re.search(r"(\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < _OLDEST:
        return Result("wrong", f"{version} at {path} is too old", _INSTALL)
    return Result("ok", f"{version} at {path}")


def check_repository(machine: Machine) -> Result:
    """Whether the vault is in a repository that git reads."""
    try:
        found = machine.repository
    except GitError as error:
        trust = f"git config --global --add safe.directory {shlex.quote(machine.root)}"
        remedy = f"if it is yours: `{trust}`" if "dubious" in str(error) else None
        return Result("wrong", str(error), remedy)
    if found is None and git.is_bare(machine.root):
        remedy = f"`git clone {shlex.quote(machine.root)} DIR`"
        return Result("wrong", f"{machine.root} is a bare repository, which holds no files", remedy)
    if found is None:
        remedy = f"`git -C {shlex.quote(machine.root)} init`"
        return Result("missing", f"{machine.root} is in no repository of git", remedy)
    return Result("ok", f"the top of the repository is {found.root}")


def check_identity(machine: Machine) -> Result:
    """Whether git knows who commits."""
    options = ("-z", "--get-regexp", r"^user\.(name|email)$")
    found = git.fields(git.run(machine.here, "config", *options, quiet=True))
    # Of several values the last counts.
    known = dict(field.split("\n", 1) for field in found if "\n" in field)
    for name in ("name", "email"):
        named = machine.environment.get(f"GIT_AUTHOR_{name.upper()}", "")
        known[f"user.{name}"] = named or known.get(f"user.{name}", "")
    missing = [name for name, value in sorted(known.items(), reverse=True) if not value]
    if not missing:
        return Result("ok", f"{known['user.name']} <{known['user.email']}>")
    example = {"user.name": '"Your Name"', "user.email": "you@example.org"}
    lines = (f"git config --global {name} {example[name]}" for name in missing)
    return Result(
        "missing", f"git does not know {' and '.join(missing)}", f"`{' && '.join(lines)}`"
    )


def check_remote(machine: Machine) -> Result:
    """Whether there is another repository to share it with."""
    if machine.remote is None:
        remedy = "to publish or to share it: `git remote add origin ADDRESS`"
        return Result("missing", "the repository has no remote", remedy)
    name, url = machine.remote
    return Result("ok", f"{name}: {_without_password(url)}")


def check_authentication(machine: Machine) -> Result:
    """Whether git reads that without a prompt."""
    repo, (name, url) = machine.repository or machine.here, machine.remote or ("", "")
    command = f"git -C {shlex.quote(machine.root)} ls-remote {shlex.quote(name)}"
    try:
        remote.try_to_read(repo, url, machine.limit)
    except GitError as error:
        reason = _without_password(str(error))
        own = ", ".join(remote.own_settings(repo))
        if own:
            unused = f"{reason}; the repository's own settings are not used here: {own}"
            return Result("unknown", unused, f"if you trust them, run `{command}`")
        matching = (one for one in _FAILURES if re.search(one[0], reason))
        _, state, remedy = next(matching)
        return Result(state, reason, remedy.format(name=name, command=command))
    return Result("ok", f"{name} can be read without a prompt")


def _without_password(text: str) -> str:
    return re.sub(r"(?<=://)[^/@\s]*@", "", text)


def check_sandbox(machine: Machine) -> Result:
    """Whether a sandbox hides what is on this machine."""
    environment = machine.environment
    flatpak, snap = environment.get("FLATPAK_ID"), environment.get("SNAP_NAME")
    if flatpak or Path(machine.system, ".flatpak-info").exists():
        allow = "flatpak override --user --talk-name=org.freedesktop.Flatpak"
        remedy = (
            f"allow it: `{allow} {flatpak or 'APP'}` and start the program as "
            "`flatpak-spawn --host vaultsync`"
        )
        return Result("unknown", "in the sandbox of Flatpak: the host's git is not seen", remedy)
    if snap or environment.get("SNAP"):
        remedy = "what is missing above may be there outside: install the app in another way"
        return Result("unknown", f"in the sandbox of Snap ({snap or 'unnamed'})", remedy)
    return Result("ok", "no sandbox")
