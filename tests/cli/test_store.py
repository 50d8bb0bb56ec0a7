"""With the store and without it a run says the same, byte for byte, whatever happened before."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import examples
from tests.vaults import Run, committed, git, make, run, start, state, store

NOTES = {
    "vaultsync.toml": "",
    "Home.md": "---\ntags: a b\n---\n[[Books]] [[Boks]] ![[x.png]]\n",
    "Books.md": "# Films\n[[Home#Filme]] #1\n",
    "deep/Books.md": "[[Home]] [[books]]\n",
    "board.canvas": '{"nodes": [{"type": "file", "file": "Gone.md"}]}',
}
LINT = ("lint", "--output-format", "json", "--select", "ALL")


def agree(root: Path) -> Run:
    """Return what a run with the store says, and another one, and one without it."""
    found, again, fresh = (run(root, *LINT, *extra) for extra in ((), (), ("--no-cache",)))
    assert found == fresh
    assert again == fresh
    assert found.err == ""
    return found


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "vault", NOTES)


def settle() -> None:
    time.sleep(0.02)


def test_a_second_run_says_the_same(vault: Path) -> None:
    settle()
    first = agree(vault)
    assert first.code == 1, first
    assert agree(vault) == first
    assert store(vault).exists()


def test_without_the_store_nothing_is_kept(vault: Path) -> None:
    run(vault, *LINT, "--no-cache")
    assert not store(vault).exists()


def test_other_settings_are_asked_anew(vault: Path) -> None:
    settle()
    before = agree(vault)
    make(vault, {"vaultsync.toml": '[lint.severity]\nnot-a-list = "hint"\n'})
    assert agree(vault) != before
    make(vault, {".obsidian/types.json": '{"types": {"tags": "number"}}'})
    agree(vault)


@pytest.mark.parametrize("rest", [0, 100, 5_000])
def test_a_truncated_store_is_no_matter(vault: Path, rest: int) -> None:
    settle()
    first = agree(vault)
    file = store(vault)
    file.write_bytes(file.read_bytes()[:rest])
    assert agree(vault) == first
    assert agree(vault) == first


OTHERS = (5, None, "text", b"", b"\x81\xa1a\xa1b")


@pytest.mark.parametrize("table", ["files", "documents", "states"])
@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize(
    "value",
    [b"\x90", b"\xc1", *(pytest.param(value, marks=pytest.mark.long) for value in OTHERS)],
)
def test_a_value_that_is_none_of_ours_is_no_matter(
    vault: Path, table: str, value: object, *, edited: bool
) -> None:
    settle()
    first = agree(vault)
    with closing(sqlite3.connect(store(vault))) as database, database:
        database.execute(f"UPDATE {table} SET value = ?", (value,))  # noqa: S608
    make(vault, {"deep/Books.md": "[[Hom]] #2\n"} if edited else {})
    settle()
    assert (agree(vault) == first) is not edited


@pytest.mark.parametrize(
    "seed",
    [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 25))],
)
def test_bits_that_are_flipped_in_the_store_are_no_matter(vault: Path, seed: int) -> None:
    settle()
    first = run(vault, *LINT)
    file, chance = store(vault), random.Random(seed)  # noqa: S311
    data = bytearray(file.read_bytes())
    for _ in range(chance.randrange(1, 40)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    assert agree(vault) == first
    # What is kept of a note that changed counts too.
    make(vault, {"deep/Books.md": "[[Hom]] #2\n"})
    agree(vault)


def test_two_runs_at_once_are_no_matter(vault: Path) -> None:
    make(vault, {f"{number}.md": f"[[{number + 1}]] [[gone]]\n" for number in range(300)})
    settle()
    with ThreadPoolExecutor(3) as threads:
        found = set(threads.map(lambda _: start(vault, *LINT), range(3)))
    assert found == {run(vault, *LINT, "--no-cache")}


@pytest.mark.parametrize(
    "moment",
    [1, 3, *(pytest.param(moment, marks=pytest.mark.long) for moment in (0, 2, 4, 5))],
)
def test_a_killed_run_is_no_matter(vault: Path, moment: int) -> None:
    make(vault, {f"{number}.md": f"[[{number + 1}]] [[gone]]\n" for number in range(500)})
    settle()
    command = [sys.executable, "-m", "vaultsync", *LINT]
    process = subprocess.Popen(command, cwd=vault, stdout=subprocess.DEVNULL)
    time.sleep(0.15 + moment * 0.1)
    process.kill()
    process.wait()
    agree(vault)
    agree(vault)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount what `mount` is told below the test's folder; only root may."""
    place = tmp_path / "mounted"
    place.mkdir()

    def mount(*args: str) -> Path:
        done = subprocess.run(["mount", *args, str(place)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"needs to mount a file system: {done.stderr.decode().strip()}")
        return place

    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


@pytest.mark.parametrize("room", [0, 20_000])
def test_a_full_disk_is_no_matter(vault: Path, mounted: Callable[..., Path], room: int) -> None:
    disk = mounted("-t", "tmpfs", "-o", "size=128k", "none")
    with pytest.raises(OSError, match="No space"):
        (disk / "filling").write_bytes(b"x" * 200_000)
    os.truncate(disk / "filling", 131_072 - room)
    cache = {"VAULTSYNC_CACHE_DIR": str(disk)}
    assert run(vault, "lint", env=cache) == run(vault, "lint", "--no-cache")


def test_a_cache_that_cannot_be_written_is_no_matter(
    vault: Path, tmp_path: Path, mounted: Callable[..., Path]
) -> None:
    settle()
    cache = {"VAULTSYNC_CACHE_DIR": str(tmp_path / "mounted/cache")}
    place = mounted("-t", "tmpfs", "none")
    first = run(vault, *LINT, env=cache)
    mounted("-o", "remount,ro")
    make(vault, {"Home.md": "[[Boks]]\n"})
    again = run(vault, *LINT, env=cache)
    assert again == run(vault, *LINT, "--no-cache") != first
    assert (place / "cache").is_dir()


def test_a_vault_that_cannot_be_written_is_no_matter(
    vault: Path, mounted: Callable[..., Path]
) -> None:
    mounted("--bind", str(vault))
    root = mounted("-o", "remount,bind,ro")
    with pytest.raises(OSError, match="Read-only"):
        (root / "x.md").touch()
    agree(root)
    assert store(root).exists()
    agree(vault)
    agree(root)


# Reports each file that the command opens, and each database.
WATCHED = """
import sys
from vaultsync.cli.main import main

def watch(event, args):
    if event in ("open", "sqlite3.connect", "os.scandir", "os.listdir", "os.remove", "os.mkdir"):
        print(event, args, file=sys.stderr)

sys.addaudithook(watch)
sys.argv = ["vaultsync", *{args!r}]
main()
"""


@pytest.fixture
def hostile(vault: Path, tmp_path: Path) -> Path:
    """Make a vault with a cache that a stranger committed, linked to files of the reader."""
    make(tmp_path, dict.fromkeys(("one", "two", "three"), "precious\n"))
    old = vault / ".vaultsync"
    old.mkdir()
    for name, mine in (("CACHEDIR.TAG", "one"), (".gitignore", "two"), ("store.sqlite", "three")):
        (old / name).symlink_to(tmp_path / mine)
    make(old, {"store.sqlite-journal": b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600)})
    return committed(vault)


@pytest.mark.parametrize(
    "args", [("lint",), ("lint", "--staged"), ("links",), ("index",), ("publish", "--check")]
)
def test_a_cache_in_the_vault_is_named_and_never_opened(
    hostile: Path, tmp_path: Path, args: tuple[str, ...]
) -> None:
    before = state(tmp_path)
    found = start(hostile, code=WATCHED.format(args=args))
    old = hostile / ".vaultsync"
    (named,) = [line for line in found.err.split("\n") if ".vaultsync" in line]
    assert named.startswith(f"{old}: an earlier version cached here")
    assert named.endswith(f"remove it with `rm -r {old}`")
    assert "sqlite3.connect" in found.err
    assert state(tmp_path) == before
    subprocess.run(named.split("`")[1], shell=True, check=True)  # noqa: S602 - our own line
    assert ".vaultsync" not in start(hostile, *args).err
    assert (tmp_path / "one").read_text() == "precious\n"


def test_line_ends_that_git_converts_are_no_matter(vault: Path) -> None:
    committed(vault)
    git(vault, "config", "core.autocrlf", "true")
    store(vault).unlink(missing_ok=True)
    for path in NOTES:
        (vault / path).unlink()
    git(vault, "checkout", "--", ".")
    assert b"\r\n" in (vault / "Home.md").read_bytes()
    settle()
    staged = [run(vault, "lint", "--staged", *extra) for extra in ((), ("--no-cache",))]
    assert staged[0] == staged[1]
    agree(vault)


def test_another_hash_of_git_is_no_matter(vault: Path) -> None:
    git(vault, "init", "-q", "--object-format=sha256")
    git(vault, "add", "--all")
    settle()
    for _ in range(2):
        found = [run(vault, "lint", "--staged", *extra) for extra in ((), ("--no-cache",))]
        assert found[0] == found[1]
        agree(vault)


NAMES = st.sampled_from([*list(NOTES)[1:], "New.md", "deep/home.md", "x.png"])
# Of one length, so that size never tells; what is wrong with them differs.
TEXTS = st.sampled_from(
    ["[[Books]]\n", "[[Bokks]]\n", "# Films \n\n", "#12 #ab c\n", "---\na: - \n"]
)


def put(root: Path, name: str, text: str) -> None:
    make(root, {name: text})


def move(root: Path, name: str, other: str) -> None:
    if (root / name).exists() and name != "Home.md":
        (root / other).parent.mkdir(exist_ok=True)
        (root / name).replace(root / other)


def delete(root: Path, name: str, _: str) -> None:
    # A vault without notes is refused.
    if name != "Home.md":
        (root / name).unlink(missing_ok=True)


def jump(root: Path, name: str, _: str) -> None:
    if (root / name).exists():
        os.utime(root / name, ns=(0, 4 * 10**18))


def switch(root: Path, *_: str) -> None:
    """Commit all there is and go to the other branch."""
    git(root, "add", "--all")
    git(root, "commit", "-q", "--allow-empty", "-m", "state")
    branches = git(root, "branch", "--format=%(refname:short)").split()
    current = git(root, "branch", "--show-current").strip()
    other = next((name for name in branches if name != current), None)
    git(root, "switch", "-q", *([other] if other else ["-c", "other"]))


def rest(_root: Path, *_: str) -> None:
    settle()


STEPS = st.tuples(
    st.sampled_from([put, put, move, delete, jump, switch, rest]), NAMES, st.one_of(TEXTS, NAMES)
)


@examples(6)
@given(st.lists(st.lists(STEPS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_warm_run_is_a_cold_one_after_any_edits(
    rounds: list[list[tuple[Callable[..., None], str, str]]],
) -> None:
    with TemporaryDirectory() as folder:
        root = committed(Path(folder, "vault"), NOTES)
        agree(root)
        for steps in rounds:
            for step, name, other in steps:
                put(root, name, other) if step is put else step(root, name, other)
            agree(root)
