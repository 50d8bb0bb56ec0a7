"""Let each system call of `index`, `changelog` and `publish` fail in turn, by strace.

    python -m fuzz.faults --minutes 30 [--seed 0] [--every 1]

Calls of git fail as well. Those that only load Python's own modules are left out. Whatever fails:
every file is the old or the new one, whole, and with exit code 0 all of them are the new ones.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import vaultsync

ERRORS = ("EIO", "EMFILE", "ENOMEM")
HANG = 120
_LIST = '<!-- vaultsync:notes type="claim" style="list" -->\n\n<!-- /vaultsync -->\n'
_NOTE = "---\ntitle: {0}\nstatus: open\n---\n\n{0} holds, see [[Index]].\n\n![[a.png]]\n"
_FILES = {
    "vaultsync.toml": '[types.claim]\nmatch = ["Claims/**"]\n',
    ".obsidian/app.json": "{}\n",
    "Claims/one.md": _NOTE.format("One"),
    "Claims/deep/two.md": _NOTE.format("Two"),
    "Claims/deep/three.md": _NOTE.format("Three"),
    "Index.md": _LIST,
    "Changelog.md": '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n',
    "Post.md": f"The post.\n\n{_LIST}\n![[a.png]]\n",
}
_PICTURE = (
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a4944415478da63600000000200015ad9d7550000000049454e44ae426082"
)
_NEWS = {
    "Claims/one.md": _NOTE.format("One more"),
    "Claims/deep/four.md": _NOTE.format("Four"),
}
COMMANDS = {
    "index": ("index",),
    "changelog": ("changelog",),
    "publish": ("publish", "--out", "../out"),
}
# A call, and the paths in it; `exit_group` cannot fail.
_CALL = re.compile(r"(?P<name>[a-z_0-9]+)\(")
_OWN = re.compile(
    "|".join(
        map(re.escape, {sys.prefix, sys.base_prefix, "/lib/", "/src/", '/src"', "/src>", ".so"})
    )
)
_UNABLE = {"exit_group", "execve", "exit", "munmap", "mprotect", "rt_sigaction", "getpid"}
_UNCOMMITTED = re.compile(rb'"uncommitted": \[[^]]*\]')
_MEMORY = {"mmap", "brk"}
# The line of a traceback that names the exception.
_RAISED = re.compile(r"^\w[\w.]*(?::.*)?$", re.MULTILINE)


class Case(NamedTuple):
    """A call that fails: in which program, its name, its number among those of that name."""

    command: str
    program: str
    call: str
    number: int
    error: str

    @property
    def options(self) -> list[str]:
        """The options of strace that let it fail."""
        fault = f"inject={self.call}:error={self.error}:when={self.number}"
        return ["-qq", "-o", "/dev/null", "-e", f"trace={self.call}", "-e", fault]


class Faults:
    """A vault with news, on which each command has something to write."""

    def __init__(self, folder: Path, strace: str) -> None:
        """Make the vault, a git that can be traced, and what each command makes of the vault."""
        self.vault, self.out, self.strace = folder / "vault", folder / "out", strace
        self.cache = folder / "cache"
        self.traces, self.bin, self.git = folder / "traces", folder / "bin", shutil.which("git")
        for place in (self.traces, self.bin):
            place.mkdir()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "SOURCE_DATE_EPOCH": "1767225600",
            "PYTHONPATH": str(Path(vaultsync.__file__).parents[1]),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONSAFEPATH": "1",
            "VAULTSYNC_CACHE_DIR": str(self.cache),
        }
        self._write({**_FILES, "a.png": bytes.fromhex(_PICTURE).decode("latin-1")})
        self._git("init", "-q")
        for command in ("index", "changelog"):
            self.run(command)
        self._git("add", "--all")
        self._git("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "start")
        self._write(_NEWS)
        self.old = self.texts()
        script = f'#!/bin/sh\nexec "{strace}" $FAULT "{self.git}" "$@"\n'
        (self.bin / "git").write_text(script)
        (self.bin / "git").chmod(0o755)
        self.new = {command: self._result(command) for command in COMMANDS}

    def _write(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            file = self.vault / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("latin-1"))

    def _git(self, *args: str) -> None:
        subprocess.run([self.git or "git", *args], cwd=self.vault, env=self.env, check=True)

    def _result(self, command: str) -> dict[str, bytes]:
        assert self.run(command).returncode == 0
        found = self.texts()
        assert found != self.old
        self.restore()
        return found

    def texts(self) -> dict[str, bytes]:
        """Return the files of the vault and of the output folder.

        Of the manifest, the list of changed files may be too long: git adds what it cannot see.
        """
        return {
            str(file.relative_to(self.vault.parent)): _UNCOMMITTED.sub(b"", file.read_bytes())
            for folder in (self.vault, self.out)
            for file in folder.rglob("*")
            if file.is_file()
            and ".git" not in file.parts
            # What is left of a run that could not even delete it.
            and not file.name.startswith(".vaultsync-")
        }

    def restore(self) -> None:
        """Make the vault as it was, without a cache."""
        for folder in (self.cache, self.out):
            shutil.rmtree(folder, ignore_errors=True)
        for file in self.vault.rglob(".vaultsync-*"):
            file.unlink()
        for path in self.texts().keys() - self.old.keys():
            (self.vault.parent / path).unlink()
        for path, data in self.old.items():
            (self.vault.parent / path).write_bytes(data)

    def run(
        self, command: str, options: tuple[str, ...] = (), fault: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command under strace with these options, or git with those of `fault`."""
        traced = [self.strace, *options] if options else []
        args = [*traced, sys.executable, "-m", "vaultsync", "--vault", ".", *COMMANDS[command]]
        env = self.env
        if fault is not None:
            path = f"{self.bin}{os.pathsep}{env.get('PATH', '')}"
            env = {**env, "PATH": path, "FAULT": fault}
        return subprocess.run(
            args, cwd=self.vault, env=env, capture_output=True, text=True, timeout=HANG, check=False
        )

    def cases(self, command: str) -> list[Case]:
        """Return all calls of a command and of its git that can fail, with each error."""
        for trace in self.traces.iterdir():
            trace.unlink()
        file = f"{self.traces}/vaultsync"
        done = self.run(command, ("-qq", "-y", "-o", file))
        assert done.returncode == 0, done.stderr
        self.restore()
        self.run(command, fault=f"-ff -qq -y -o {self.traces}/git")
        self.restore()
        found: dict[Case, None] = {}
        for trace in sorted(self.traces.iterdir()):
            lines = trace.read_text(errors="replace").split("\n")
            for call, number in _calls(lines):
                program = trace.name.partition(".")[0]
                errors = ("ENOMEM",) if call in _MEMORY else ERRORS
                found |= dict.fromkeys(Case(command, program, call, number, e) for e in errors)
        return list(found)

    def check(self, case: Case) -> str:
        """Let a call fail, and return how the run ended; raise AssertionError where it is wrong."""
        git = " ".join(case.options) if case.program == "git" else None
        done = self.run(case.command, tuple(case.options) if git is None else (), git)
        found, old, new = self.texts(), self.old, self.new[case.command]
        self.restore()
        said = f"{case}\n{done.stdout}\n{done.stderr}"
        for path in found.keys() | old.keys() | new.keys():
            assert found.get(path) in (old.get(path), new.get(path)), f"{path}: {said}"
        if done.returncode == 0:
            assert found == new, said
            return "no harm"
        # Without memory a program may end before it can report anything.
        reported = done.stderr or done.stdout or case.call in _MEMORY
        assert found == new or reported, f"silent: {said}"
        if "Traceback" in done.stderr:
            return f"traceback: {_RAISED.findall(done.stderr)[-1][:60]}"
        return "stopped" if found == old else "stopped while it wrote"


def _calls(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the calls of a trace that can fail, each with its number among those of its name."""
    numbers: Counter[str] = Counter()
    for line in lines:
        if call := _CALL.match(line):
            name = call["name"]
            numbers[name] += 1
            if name not in _UNABLE and not _OWN.search(line):
                yield name, numbers[name]


def inject(folder: Path, strace: str, *, seed: int, every: int, end: float) -> Counter[str]:
    """Let calls fail in a random order, one of so many, until a time; return how the runs ended."""
    faults = Faults(folder, strace)
    cases = [case for command in COMMANDS for case in faults.cases(command)]
    random.Random(seed).shuffle(cases)  # noqa: S311 - an order, no secret
    counts: Counter[str] = Counter()
    for case in cases[::every]:
        if time.monotonic() > end:
            break
        counts[faults.check(case)] += 1
    counts["of all"] = len(cases)
    return counts


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.faults")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=int, default=1, help="only one of so many calls")
    given = parser.parse_args()
    strace = shutil.which("strace")
    if strace is None:
        sys.exit("strace is not on PATH")
    end = time.monotonic() + 60 * given.minutes
    with tempfile.TemporaryDirectory() as name:
        counts = inject(Path(name), strace, seed=given.seed, every=given.every, end=end)
    for stage, count in counts.most_common():
        print(f"{count:6} {stage}")


if __name__ == "__main__":
    main()
