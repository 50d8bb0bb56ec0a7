"""`vaultsync lint --fix` that the machine or another program gets in the way of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import needs
from tests.infra.test_worktree import unprivileged
from tests.vaults import make, run, start

from vaultsync.infra.worktree import scan

OLD = "---\nalias: a\n---\n"
NEW = "---\naliases:\n  - a\n---\n"


def texts(vault: Path) -> dict[str, str]:
    """Return all files with their texts, hidden ones too."""
    files = [file for file in vault.rglob("*") if file.is_file()]
    return {file.relative_to(vault).as_posix(): file.read_text() for file in files}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of its own, with 256 KiB."""
    mount = needs("mount")
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=256k", "none", str(place)], check=False
    )
    if done.returncode:
        pytest.skip("needs the right to mount a disk: nothing is known of a full one here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_and_no_note_changes(small_disk: Path) -> None:
    notes = {f"note {number:02}.md": f"{OLD}{'x' * 9_000}\n" for number in range(16)}
    make(small_disk, notes)
    code, out, err = start(small_disk, "--vault", ".", "lint", "--fix")
    assert (code, out) == (2, "")
    assert err.startswith("error: note ")
    assert err.endswith(".md: No space left on device: nothing was written\n")
    assert texts(small_disk) == notes


def test_a_read_only_note_is_told_and_no_note_changes() -> None:
    with unprivileged() as vault:
        make(vault, {"a.md": OLD, "b.md": OLD})
        (vault / "b.md").chmod(0o400)
        code, out, err = run(vault, "--vault", ".", "lint", "--fix")
        assert (code, out) == (2, "")
        assert err == "error: b.md: Permission denied: nothing was written\n"
        assert texts(vault) == {"a.md": OLD, "b.md": OLD}


def test_a_note_that_changes_meanwhile_is_kept_and_told(tmp_path: Path) -> None:
    notes = {f"note {number:03}.md": f"{OLD}{number}\n" for number in range(200)}
    make(tmp_path, notes)
    last = tmp_path / "note 199.md"
    with subprocess.Popen(
        [sys.executable, "-m", "vaultsync", "--vault", ".", "lint", "--fix"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as fixing:
        while not list(tmp_path.glob(".vaultsync-*.tmp")):
            assert fixing.poll() is None
            time.sleep(0.001)
        os.kill(fixing.pid, signal.SIGSTOP)
        last.write_text("Written meanwhile.\n")
        os.kill(fixing.pid, signal.SIGCONT)
        err = fixing.communicate()[1].decode()
    assert fixing.returncode == 2
    assert err == (
        "error: note 199.md: changed on disk since it was read: it was not replaced; run again\n"
    )
    assert last.read_text() == "Written meanwhile.\n"
    found = {file.path: (tmp_path / file.path).read_text() for file in scan(str(tmp_path))}
    assert found == {
        **{path: text.replace(OLD, NEW) for path, text in notes.items()},
        last.name: "Written meanwhile.\n",
    }
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_name_that_is_not_utf8_is_no_matter(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    make(tmp_path, {"vaultsync.toml": "", name: "---\nalias: x\n---\nText.\n"})
    for _ in range(2):
        code, out, err = run(tmp_path, "lint")
        assert (code, err) == (0, "")
        assert "PRP010 Obsidian does not read `alias`: rename it to `aliases` [fix]" in out
    assert run(tmp_path, "lint", "--fix").code == 0
    assert (tmp_path / name).read_text() == "---\naliases:\n  - x\n---\nText.\n"
