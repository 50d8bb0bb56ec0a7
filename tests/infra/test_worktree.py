from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from vaultsync.core.errors import VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import Output
from vaultsync.infra import worktree
from vaultsync.infra.worktree import mode_of, read, read_optional, scan, write

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    place = tmp_path / "vault"
    place.mkdir()
    return place


def put(file: Path, text: str = "x") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def paths(vault: Path) -> list[str]:
    return [found.path for found in scan(str(vault))]


def found(vault: Path) -> tuple[tuple[str, str | None], ...]:
    return tuple((file.path, file.error) for file in scan(str(vault)))


def output(path: str, data: str | None, base: str | None = None) -> Output:
    content = None if data is None else data.encode()
    return Output(path, content, None if base is None else content_id(base.encode()))


def listing(vault: Path) -> dict[str, str]:
    """Every file with its text, hidden ones too."""
    files = [file for file in vault.rglob("*") if file.is_file()]
    return {file.relative_to(vault).as_posix(): file.read_text() for file in files}


@contextmanager
def unprivileged() -> Iterator[Path]:
    """Give a vault in which permissions count, which they do not for root.

    It is the working folder, since the one before may be closed to others than root, as the
    settings of git may be.
    """
    with (
        tempfile.TemporaryDirectory() as name,
        tempfile.TemporaryDirectory() as beside,
        contextlib.chdir(name),
        mock.patch.dict(os.environ, {"GIT_CONFIG_GLOBAL": f"{beside}/gitconfig"}),
    ):
        place = Path(name)
        shutil.copy(Path(__file__).parents[1] / "gitconfig", beside)
        Path(beside).chmod(0o755)
        root = os.geteuid() == 0
        if root:
            os.chown(place, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield place
        finally:
            if root:
                os.seteuid(0)
            for folder in [place, *place.rglob("*")]:
                folder.chmod(0o700)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Make a disk that is full once a file reaches a size in bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_scan_sorts_by_path(vault: Path) -> None:
    put(vault / "b.md", "é")
    put(vault / "a/z.md")
    put(vault / "a.md", "")
    put(vault / "node_modules/n.js")
    assert paths(vault) == ["a.md", "a/z.md", "b.md", "node_modules/n.js"]


def test_scan_an_empty_vault(vault: Path) -> None:
    assert found(vault) == ()


def test_scan_passes_over_names_with_a_dot(vault: Path, tmp_path: Path) -> None:
    for name in (".obsidian/app.json", ".hidden.md", "a/.trash/x.md", ".git/HEAD", "kept.md"):
        put(vault / name)
    (vault / ".link").symlink_to(tmp_path)
    (vault / ".dangling").symlink_to("nowhere")
    assert paths(vault) == ["kept.md"]


def test_scan_a_vault_below_a_hidden_folder(tmp_path: Path) -> None:
    put(tmp_path / ".notes/vault/a.md")
    assert paths(tmp_path / ".notes/vault") == ["a.md"]


def test_scan_follows_linked_files(vault: Path, tmp_path: Path) -> None:
    put(vault / "a.md", "four")
    put(tmp_path / "outside.md", "outside")
    (vault / "inside link.md").symlink_to("a.md")
    (vault / "outside link.md").symlink_to(tmp_path / "outside.md")
    assert paths(vault) == ["a.md", "inside link.md", "outside link.md"]
    states = {found.path: found.state for found in scan(str(vault))}
    assert states["a.md"] == states["inside link.md"] != states["outside link.md"]


def test_scan_says_which_links_lead_nowhere(vault: Path) -> None:
    put(vault / "file")
    (vault / "dangling.md").symlink_to("nowhere.md")
    (vault / "a.md").symlink_to("b.md")
    (vault / "b.md").symlink_to("a.md")
    (vault / "self").symlink_to("self")
    (vault / "through a file.md").symlink_to("file/x.md")
    assert found(vault) == (
        ("a.md", "symbolic link loop"),
        ("b.md", "symbolic link loop"),
        ("dangling.md", "dangling symbolic link"),
        ("file", None),
        ("self", "symbolic link loop"),
        ("through a file.md", "Not a directory"),
    )


@pytest.mark.parametrize("target", [".", "..", "../..", "../../.."])
def test_scan_a_linked_folder_that_holds_the_link(vault: Path, target: str) -> None:
    put(vault / "sub/deep/a.md")
    (vault / "sub/deep/up").symlink_to(target)
    assert found(vault) == (
        ("sub/deep/a.md", None),
        ("sub/deep/up", "symbolic link loop"),
    )


def test_scan_does_not_follow_a_link_into_the_vault(vault: Path) -> None:
    put(vault / "a/x.md")
    (vault / "b").symlink_to("a")
    assert paths(vault) == ["a/x.md"]


def test_scan_follows_a_linked_folder_apart_from_the_vault(vault: Path, tmp_path: Path) -> None:
    apart = tmp_path / "vault and more"
    put(apart / "x.md")
    put(apart / "deep/y.md")
    put(apart / ".git/z")
    (vault / "shared").symlink_to(apart)
    assert paths(vault) == ["shared/deep/y.md", "shared/x.md"]


def test_scan_sees_each_real_folder_once(vault: Path, tmp_path: Path) -> None:
    put(tmp_path / "apart/deep/y.md")
    (tmp_path / "again").symlink_to("apart")
    for name, target in (("one", "apart"), ("two", "apart"), ("three", "again")):
        (vault / name).symlink_to(tmp_path / target)
    (vault / "zero").symlink_to(tmp_path / "apart/deep")
    found = paths(vault)
    assert len(found) == 1
    assert found[0].endswith("y.md")
    assert paths(vault) == found


def test_scan_of_links_in_a_linked_folder(vault: Path, tmp_path: Path) -> None:
    put(vault / "a.md")
    put(tmp_path / "apart/x.md")
    (tmp_path / "apart/home").symlink_to(vault)
    (tmp_path / "apart/above").symlink_to(tmp_path)
    (tmp_path / "apart/round").symlink_to(".")
    (vault / "shared").symlink_to(tmp_path / "apart")
    assert found(vault) == (
        ("a.md", None),
        ("shared/above", "symbolic link loop"),
        ("shared/round", "symbolic link loop"),
        ("shared/x.md", None),
    )


def test_scan_does_not_follow_a_link_to_what_holds_the_vault(tmp_path: Path) -> None:
    put(tmp_path / "home/vault/a.md")
    put(tmp_path / "home/beside.md")
    put(tmp_path / "apart/x.md")
    (tmp_path / "apart/home").symlink_to(tmp_path / "home")
    (tmp_path / "home/vault/shared").symlink_to(tmp_path / "apart")
    assert paths(tmp_path / "home/vault") == ["a.md", "shared/x.md"]


def test_scan_through_a_link_to_the_vault(vault: Path, tmp_path: Path) -> None:
    put(vault / "a/x.md")
    (vault / "b").symlink_to(vault / "a")
    (tmp_path / "link").symlink_to(vault)
    assert paths(tmp_path / "link") == ["a/x.md"]


def test_scan_a_pipe_is_not_read(vault: Path) -> None:
    os.mkfifo(vault / "pipe.md")
    assert found(vault) == (("pipe.md", "not a regular file"),)


def test_scan_says_which_folder_cannot_be_read() -> None:
    with unprivileged() as vault:
        put(vault / "open/a.md")
        put(vault / "locked/b.md")
        (vault / "locked").chmod(0)
        assert found(vault) == (
            ("locked", "cannot be read: Permission denied"),
            ("open/a.md", None),
        )
        with pytest.raises(VaultError, match=r"^locked/b\.md: cannot be read: Permission denied$"):
            read(str(vault), "locked/b.md")
        with pytest.raises(VaultError, match=r"locked/b\.md: cannot be read: Permission denied"):
            read_optional(str(vault / "locked/b.md"))


def test_scan_a_vault_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="nowhere: cannot be read: No such file"):
        scan(str(tmp_path / "nowhere"))
    put(tmp_path / "file")
    with pytest.raises(VaultError, match="file: cannot be read: Not a directory"):
        scan(str(tmp_path / "file"))


def test_read(vault: Path) -> None:
    put(vault / "a/b.md", "text\r\n")
    assert read(str(vault), "a/b.md") == b"text\r\n"
    with pytest.raises(VaultError, match=r"^none\.md: cannot be read: No such file or directory$"):
        read(str(vault), "none.md")
    with pytest.raises(VaultError, match=r"^a: cannot be read: Is a directory$"):
        read(str(vault), "a")
    with pytest.raises(VaultError, match=r"null (byte|character)"):
        read(str(vault), "a\0b")


def test_read_is_bounded(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktree, "_MOST", 100_000)
    put(vault / "a", "x" * 65_536 * 2)
    with pytest.raises(VaultError, match=r"^a: cannot be read: it is larger than \d+ MiB$"):
        read(str(vault), "a")


def test_read_what_is_no_file(vault: Path) -> None:
    os.mkfifo(vault / "pipe")
    for path in ("pipe", "../../../../../../../../dev/zero"):
        with pytest.raises(VaultError, match=r"cannot be read: not a regular file$"):
            read(str(vault), path)
    with pytest.raises(VaultError, match="not a regular file: nothing was written"):
        write(str(vault), [output("pipe", "x")])


def test_read_inside(vault: Path, tmp_path: Path) -> None:
    put(tmp_path / "outside.md", "secret")
    put(vault / "a.md", "text")
    (vault / "in.md").symlink_to("a.md")
    (vault / "out.md").symlink_to("../outside.md")
    assert read(str(vault), "in.md", inside=True) == b"text"
    assert read(str(vault), "out.md") == b"secret"
    with pytest.raises(VaultError, match=r"^out\.md: it leads out of the vault$"):
        read(str(vault), "out.md", inside=True)


def test_mode_of(vault: Path) -> None:
    put(vault / "a")
    assert stat.S_ISREG(mode_of(f"{vault}/a"))
    assert stat.S_ISDIR(mode_of(str(vault)))
    assert mode_of(f"{vault}/b") == mode_of(f"{vault}/a/b") == 0
    (vault / "b").symlink_to("nowhere")
    (vault / "c").symlink_to("c")
    for path, reason in (("b", "dangling symbolic link"), ("c", "Too many levels"), ("\0", "null")):
        with pytest.raises(VaultError, match=f"cannot be read: .*{reason}"):
            mode_of(f"{vault}/{path}")


def test_scan_knows_what_is_outside(vault: Path, tmp_path: Path) -> None:
    put(vault / "a/b.md")
    put(tmp_path / "far/sub/x.md")
    put(tmp_path / "one.md")
    (vault / "in.md").symlink_to("a/b.md")
    (vault / "one.md").symlink_to("../one.md")
    (vault / "far").symlink_to("../far")
    (tmp_path / "far/back.md").symlink_to(vault / "a/b.md")
    outside = [file.path for file in scan(str(vault)) if file.outside]
    assert outside == ["far/sub/x.md", "one.md"]


def test_read_optional(vault: Path) -> None:
    put(vault / ".obsidian/app.json", "{}")
    assert read_optional(str(vault / ".obsidian/app.json")) == b"{}"
    assert read_optional(str(vault / ".obsidian/none.json")) is None
    assert read_optional(str(vault / ".obsidian/app.json/below")) is None
    with pytest.raises(VaultError, match="Is a directory"):
        read_optional(str(vault / ".obsidian"))


def test_write_makes_replaces_and_deletes(vault: Path) -> None:
    put(vault / "a.md", "old")
    put(vault / "b.md", "gone")
    outputs = [
        output("b.md", None, "gone"),
        output("a.md", "new", "old"),
        output("new/folder/c.md", "c\r\n"),
    ]
    write(str(vault), outputs)
    assert listing(vault) == {"a.md": "new", "new/folder/c.md": "c\n"}
    assert (vault / "new/folder/c.md").read_bytes() == b"c\r\n"


def test_write_nothing(vault: Path) -> None:
    write(str(vault), [])
    write(str(vault), [output("none.md", None)])
    assert listing(vault) == {}


@pytest.mark.parametrize(
    "stale",
    [
        output("b.md", "new", "what was read"),
        output("b.md", "new"),
        output("b.md", None),
        output("b.md", None, "what was read"),
        output("gone.md", "new", "what was read"),
        output("gone.md", None, "what was read"),
        output("b.md/c.md", "new", "what was read"),
    ],
)
def test_write_nothing_where_one_file_has_changed(vault: Path, stale: Output) -> None:
    put(vault / "a.md", "a")
    put(vault / "b.md", "changed since")
    outputs = [output("a.md", "new", "a"), output("new/c.md", "c"), stale]
    with pytest.raises(VaultError) as caught:
        write(str(vault), outputs)
    assert str(caught.value) == (
        f"{stale.path}: changed on disk since it was read: nothing was written; run again"
    )
    assert listing(vault) == {"a.md": "a", "b.md": "changed since"}
    assert not (vault / "new").exists()


def test_write_keeps_the_mode(vault: Path) -> None:
    put(vault / "a.md", "old").chmod(0o604)
    before = os.umask(0o027)
    try:
        write(str(vault), [output("a.md", "new", "old"), output("b.md", "new")])
    finally:
        os.umask(before)
    assert stat.S_IMODE((vault / "a.md").stat().st_mode) == 0o604
    assert stat.S_IMODE((vault / "b.md").stat().st_mode) == 0o640


def test_write_keeps_owner_and_attributes(vault: Path) -> None:
    file = put(vault / "a.md", "old")
    # Only root can give a file away.
    owner = (1234, 1235) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(file, *owner)
    file.chmod(0o604)
    os.setxattr(file, "user.colour", b"red")
    before = file.stat()
    write(str(vault), [output("a.md", "new", "old")])
    after = file.stat()
    assert after.st_ino != before.st_ino
    assert (after.st_uid, after.st_gid, after.st_mode) == (*owner, before.st_mode)
    assert os.getxattr(file, "user.colour") == b"red"
    assert listing(vault) == {"a.md": "new"}


def test_write_into_a_file_with_several_names(vault: Path) -> None:
    put(vault / "a.md", "the old text")
    os.link(vault / "a.md", vault / "b.md")
    write(str(vault), [output("a.md", "new", "the old text")])
    assert (vault / "a.md").samefile(vault / "b.md")
    assert listing(vault) == {"a.md": "new", "b.md": "new"}


def test_write_into_a_file_of_somebody_else() -> None:
    with unprivileged() as vault:
        file = put(vault / "a.md", "old")
        file.chmod(0o666)
        if os.getuid() == 0:
            os.seteuid(0)
            os.chown(file, 0, 0)
            os.seteuid(NOBODY)
        before = file.stat()
        write(str(vault), [output("a.md", "new", "old")])
        assert (file.stat().st_uid, file.stat().st_gid) == (before.st_uid, before.st_gid)
        assert listing(vault) == {"a.md": "new"}


def test_write_an_attribute_that_a_new_file_has_alone(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(vault / "a.md", "old")
    inherited = os.listxattr

    def listed(file: Path) -> list[str]:
        os.setxattr(file, "user.folder", b"x") if file.name.startswith(".vaultsync") else None
        return inherited(file)

    monkeypatch.setattr(os, "listxattr", listed)
    before = (vault / "a.md").stat().st_ino
    write(str(vault), [output("a.md", "new", "old")])
    assert (vault / "a.md").stat().st_ino == before
    assert inherited(vault / "a.md") == []
    assert listing(vault) == {"a.md": "new"}


@pytest.mark.parametrize("number", [errno.ENOTSUP, errno.EIO])
def test_write_where_attributes_cannot_be_read(
    vault: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    put(vault / "a.md", "old")

    def refused(_file: Path) -> list[str]:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "listxattr", refused)
    write(str(vault), [output("a.md", "new", "old")])
    assert listing(vault) == {"a.md": "new"}
    monkeypatch.delattr(os, "listxattr")
    write(str(vault), [output("a.md", "newer", "new")])
    assert listing(vault) == {"a.md": "newer"}


def test_write_in_place_on_a_full_disk_restores_the_file(vault: Path) -> None:
    put(vault / "a.md", "old")
    os.link(vault / "a.md", vault / "b.md")
    with (
        files_of_at_most(20_000),
        pytest.raises(OSError, match="File too large"),
    ):
        worktree._replace(output("a.md", "x" * 50_000, "old"), vault / "a.md", put(vault / "c"))
    assert listing(vault) == {"a.md": "old", "b.md": "old", "c": "x"}


def test_what_is_written_in_the_moment_of_a_replacement_is_put_back(vault: Path) -> None:
    put(vault / "a.md", "by an editor")
    with pytest.raises(VaultError, match=r"a\.md: changed on disk since .*: it was put back"):
        worktree._replace(output("a.md", "new", "old"), vault / "a.md", put(vault / "c", "new"))
    with pytest.raises(VaultError, match=r"a\.md: changed on disk since .*: it was put back"):
        worktree._delete(output("a.md", None, "old"), vault / "a.md")
    assert listing(vault) == {"a.md": "by an editor"}
    with pytest.raises(VaultError, match=r"a\.md: changed on disk since .*: it was put back"):
        worktree._drop(output("a.md", "new", "old"), put(vault / "c", "by another"), vault / "a.md")
    assert [*listing(vault).values()] == ["by an editor", "by another"]
    assert (vault / "a.md").read_text() == "by another"


def test_write_where_a_file_has_one_name(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_file: Path, _other: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    put(vault / "a.md", "old")
    monkeypatch.setattr(os, "link", refused)
    write(str(vault), [output("a.md", "new", "old"), output("b.md", "new")])
    assert listing(vault) == {"a.md": "new", "b.md": "new"}


def test_write_that_was_killed_in_place_is_named(vault: Path) -> None:
    put(vault / "a.md", "half")
    backup = put(vault / f".vaultsync-backup-{content_id(b'whole')}", "whole")
    with pytest.raises(VaultError, match=r"put it back or delete it: nothing was written$") as told:
        write(str(vault), [output("a.md", "new", "half")])
    assert str(told.value).startswith(f"{backup}: a run was killed while it overwrote a file")
    assert listing(vault) == {"a.md": "half", backup.name: "whole"}


def test_write_goes_through_a_link(vault: Path) -> None:
    put(vault / "a/real.md", "old")
    (vault / "link.md").symlink_to("a/real.md")
    (vault / "folder").symlink_to("a")
    write(str(vault), [output("link.md", "new", "old"), output("folder/other.md", "x")])
    assert (vault / "link.md").is_symlink()
    assert (vault / "a/real.md").read_text() == "new"
    assert (vault / "a/other.md").read_text() == "x"


def test_write_deletes_a_link_and_not_its_file(vault: Path, tmp_path: Path) -> None:
    put(tmp_path / "outside.md", "text")
    (vault / "link.md").symlink_to(tmp_path / "outside.md")
    write(str(vault), [output("link.md", None, "text")])
    assert not (vault / "link.md").is_symlink()
    assert (tmp_path / "outside.md").read_text() == "text"


def test_write_through_a_link_to_the_vault(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(vault)
    write(str(tmp_path / "link"), [output("a.md", "x")])
    assert listing(vault) == {"a.md": "x"}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        *product(["folder/x.md", "../x.md", "a/../../x.md", "{tmp}/x.md"], ["new", None]),
        ("link.md", "new"),
        ("dangling.md", "new"),
    ],
)
def test_write_never_leaves_the_vault(
    vault: Path, tmp_path: Path, path: str, data: str | None
) -> None:
    put(tmp_path / "x.md", "outside")
    put(vault / "a/y.md", "y")
    (vault / "link.md").symlink_to(tmp_path / "x.md")
    (vault / "folder").symlink_to(tmp_path)
    (vault / "dangling.md").symlink_to(tmp_path / "made.md")
    path = path.format(tmp=tmp_path)
    with pytest.raises(VaultError, match=r"leads out of .*: nothing was written"):
        write(str(vault), [output("a/y.md", "new", "y"), output(path, data, "outside")])
    assert (tmp_path / "x.md").read_text() == "outside"
    assert (vault / "a/y.md").read_text() == "y"
    assert not (tmp_path / "made.md").exists()


@pytest.mark.parametrize("path", ["", ".", "folder", "a\0b", "loop.md"])
@pytest.mark.parametrize("data", ["new", None])
def test_write_refuses_what_is_no_file(vault: Path, path: str, data: str | None) -> None:
    (vault / "folder").mkdir()
    (vault / "loop.md").symlink_to("loop.md")
    with pytest.raises(VaultError, match="nothing was written"):
        write(str(vault), [output("first.md", "x"), output(path, data)])
    assert listing(vault) == {}


def test_write_a_file_where_a_folder_would_have_to_be(vault: Path) -> None:
    put(vault / "a.md", "a")
    with pytest.raises(VaultError, match=r"^a\.md/b\.md: .*: nothing was written$"):
        write(str(vault), [output("first.md", "x"), output("a.md/b.md", "b")])
    assert listing(vault) == {"a.md": "a"}


def test_write_on_a_full_disk_writes_nothing(vault: Path) -> None:
    put(vault / "a.md", "a")
    put(vault / "b.md", "b")
    outputs = [output("a.md", "new", "a"), output("b.md", "x" * 50_000, "b")]
    with (
        files_of_at_most(20_000),
        pytest.raises(VaultError, match=r"^b\.md: File too large: nothing was written$"),
    ):
        write(str(vault), outputs)
    assert listing(vault) == {"a.md": "a", "b.md": "b"}


KILLED = """
import resource, signal, sys
from vaultsync.infra import worktree as disk
from vaultsync.infra.worktree import write
from vaultsync.core.output import Output; from vaultsync.core.model import content_id
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
outputs = [Output("a.md", b"new", content_id(b"a")), Output("b.md", b"x" * 50_000, None)]
write(sys.argv[1], outputs)
"""


def test_write_that_is_killed_leaves_every_file_as_it_was(vault: Path) -> None:
    put(vault / "a.md", "a")
    sources = str(Path(worktree.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(vault)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([sources, *sys.path])},
        check=False,
    )
    assert done.returncode == -signal.SIGXFSZ
    assert len(listing(vault)) > 1
    assert found(vault) == (("a.md", None),)
    assert (vault / "a.md").read_text() == "a"


def test_write_throws_away_what_killed_runs_laid_ready(vault: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    name = ".vaultsync-{}-0123456789abcdef.tmp"
    kept = {
        f"a/{name.format(os.getpid())}": "of a run that goes on",
        f"a/{name.format(1)}": "of another user",
        f"a/{name.format(10**30)}": "of nobody",
        f"b/{name.format(gone.pid)}": "in a folder that is not written to",
        "a/.vaultsync-x.tmp": "of another program",
    }
    for path, text in [*kept.items(), (f"a/{name.format(gone.pid)}", "gone")]:
        put(vault / path, text)
    write(str(vault), [output("a/n.md", "x")])
    assert listing(vault) == {**kept, "a/n.md": "x"}


def test_write_in_a_read_only_folder() -> None:
    with unprivileged() as vault:
        put(vault / "locked/a.md", "a")
        put(vault / "b.md", "b")
        (vault / "locked").chmod(0o500)
        outputs = [output("b.md", "new", "b"), output("locked/a.md", "new", "a")]
        reason = r"^locked/a\.md: Permission denied: nothing was written$"
        with pytest.raises(VaultError, match=reason):
            write(str(vault), outputs)
        assert listing(vault) == {"b.md": "b", "locked/a.md": "a"}
        reason = r"^locked/a\.md: Permission denied: it was not deleted$"
        with pytest.raises(VaultError, match=reason):
            write(str(vault), [output("locked/a.md", None, "a")])


def test_write_leaves_a_read_only_file_alone() -> None:
    with unprivileged() as vault:
        put(vault / "a.md", "a").chmod(0o400)
        with pytest.raises(VaultError, match=r"^a\.md: Permission denied: nothing was written"):
            write(str(vault), [output("a.md", "new", "a")])
        assert listing(vault) == {"a.md": "a"}


def test_write_is_seen_whole_by_a_reader(vault: Path) -> None:
    put(vault / "a.md", "old" * 1000)
    with (vault / "a.md").open() as reader:
        write(str(vault), [output("a.md", "new", "old" * 1000)])
        assert reader.read() == "old" * 1000
    assert listing(vault) == {"a.md": "new"}


def test_write_a_name_as_long_as_the_system_allows(vault: Path) -> None:
    name = f"{'n' * 252}.md"
    write(str(vault), [output(name, "x")])
    assert listing(vault) == {name: "x"}


def test_many_files_are_written_at_once(tmp_path: Path) -> None:
    outputs = [Output(f"{number}.md", b"%d" % number, None) for number in range(60)]
    write(str(tmp_path), outputs)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        one.path: one.data for one in outputs
    }
