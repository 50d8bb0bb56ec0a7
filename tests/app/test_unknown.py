"""What cannot be read is never taken for deleted, by no command that makes something of notes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.infra.test_worktree import unprivileged
from tests.vaults import Run, committed, git, make, run, state

TYPED = '[types.claim]\nmatch = ["Claims/**"]\n'
NOTE = "---\ntitle: {0}\n---\n\n{0} holds.\n"
LIST = '<!-- vaultsync:notes style="list" -->\n\n<!-- /vaultsync -->\n'
FILES = {
    "Claims/a.md": NOTE.format("A"),
    "Claims/b.md": NOTE.format("B"),
    "Index.md": LIST,
    "Post.md": LIST,
    "Changelog.md": '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n',
}
COMMANDS = (("index",), ("changelog",), ("changelog", "--rebuild"), ("publish", "--out", "../out"))
WAY_OUT = "mend it, or add it to `exclude` in vaultsync.toml\n"


@pytest.fixture(scope="module", params=["", TYPED], ids=["untyped", "typed"])
def template(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    return recorded(tmp_path_factory.mktemp("template") / "vault", request.param)


@pytest.fixture
def vault(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "vault")


def recorded(root: Path, settings: str) -> Path:
    """Make a vault whose lists, journal and commit are up to date."""
    make(root, {**FILES, "vaultsync.toml": settings})
    assert run(root, "index").code == 0
    committed(root)
    assert run(root, "changelog").code == 0
    git(root, "add", "--all")
    git(root, "commit", "-qm", "recorded")
    return root


def stopped(root: Path, message: str) -> None:
    """Check that each command stops with a message, and that none writes anything."""
    before = state(root)
    for command in COMMANDS:
        assert_stopped(run(root, *command), message)
    assert state(root) == before
    assert not (root.parent / "out").exists()


def assert_stopped(found: Run, message: str) -> None:
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"error: {message}: without it the result would be wrong, so ")
    assert found.err.endswith(WAY_OUT)


def linked(path: Path, target: str = "nowhere") -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.symlink_to(target)


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a note in another encoding": (
        lambda root: (root / "Claims/a.md").write_bytes(b"\xff"),
        "Claims/a.md: not UTF-8 at byte 0",
    ),
    "a link to nowhere in the place of a note": (
        lambda root: linked(root / "Claims/a.md"),
        "Claims/a.md: dangling symbolic link",
    ),
    "a link to nowhere in the place of a folder": (
        lambda root: linked(root / "Claims"),
        "Claims: dangling symbolic link",
    ),
    "a link to itself in the place of a folder": (
        lambda root: linked(root / "Claims", "Claims"),
        "Claims: symbolic link loop",
    ),
    "a note that cannot be read": (
        lambda root: linked(root / "Claims/a.md", "/proc/self/mem"),
        "Claims/a.md: cannot be read: Input/output error",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_stops_what_would_go_without_it(vault: Path, name: str) -> None:
    make_unreadable, message = UNREADABLE[name]
    make_unreadable(vault)
    path, _, reason = message.partition(": ")
    stopped(vault, message)
    found = run(vault, "lint", "--output-format", "concise")
    assert found.code == 1
    assert f"{path}:1:1: error FIL001 {reason}\n" in found.out


def test_a_folder_that_cannot_be_read() -> None:
    with unprivileged() as place:
        root = place / "vault"
        make(root, {**FILES, "vaultsync.toml": ""})
        (root / "Claims").chmod(0)
        before = (root / "Index.md").read_bytes()
        for command in (("index",), ("publish", "--out", "../out")):
            assert_stopped(run(root, *command), "Claims: cannot be read: Permission denied")
        assert (root / "Index.md").read_bytes() == before


def test_several_are_counted(vault: Path) -> None:
    make(vault, {"Claims/a.md": b"\xff", "Claims/b.md": b"\xff"})
    found = run(vault, "index")
    assert f"so nothing was written (1 more are like it): {WAY_OUT}" in found.err


@pytest.mark.parametrize(("glob", "path"), [("Old/**", "Old"), ("Claims/a.md", "Claims/a.md")])
def test_what_is_excluded_stops_nothing(tmp_path: Path, glob: str, path: str) -> None:
    root = recorded(tmp_path / "vault", f'exclude = ["{glob}"]\n{TYPED}')
    (root / path).unlink(missing_ok=True)
    (root / path).symlink_to("nowhere")
    for command in COMMANDS:
        assert run(root, *command).code == 0


def test_a_picture_that_is_a_link_to_nowhere_stops_nothing(vault: Path) -> None:
    (vault / "a.png").symlink_to("nowhere")
    for command in COMMANDS:
        assert run(vault, *command).code == 0


STAGED = (("index", "--staged"), ("changelog", "--staged"))
NO_NOTE = "it became a symbolic link that leads to nothing in the vault"


@pytest.mark.parametrize("path", ["Claims", "Claims/a.md"])
def test_a_commit_that_puts_a_link_to_nowhere_in_the_place_of_notes(vault: Path, path: str) -> None:
    linked(vault / path)
    git(vault, "add", "--all")
    for command in STAGED:
        # A check of the work tree before leaves a state in which the note is there.
        run(vault, "lint")
        assert_stopped(run(vault, *command), f"{path}: {NO_NOTE}")


def test_a_commit_of_a_note_in_another_encoding(vault: Path) -> None:
    make(vault, {"Claims/a.md": b"\xff"})
    git(vault, "add", "--all")
    for command in STAGED:
        assert_stopped(run(vault, *command), "Claims/a.md: not UTF-8 at byte 0")
    git(vault, "commit", "-qm", "odd")
    # It came past the hook: that it cannot be read is recorded, once.
    assert run(vault, "changelog", "--staged").code == 1
    git(vault, "add", "--all")
    for command in STAGED:
        assert run(vault, *command).code == 0


def test_a_commit_may_link_to_other_notes(vault: Path) -> None:
    linked(vault / "Claims/a.md", "b.md")
    git(vault, "add", "--all")
    assert run(vault, "changelog", "--staged", "--diff").code == 1
    (vault / "new").symlink_to("nowhere")
    git(vault, "add", "--all")
    assert run(vault, "changelog", "--staged", "--diff").code == 1


def test_settings_that_cannot_be_read_are_not_taken_for_none(vault: Path) -> None:
    linked(vault / "vaultsync.toml")
    before = state(vault)
    for command in (*COMMANDS, ("lint",)):
        found = run(vault, "--vault", ".", *command)
        assert (found.code, found.out) == (2, "")
        assert "vaultsync.toml" in found.err
    assert "cannot be read: dangling symbolic link" in run(vault, "lint").err
    assert state(vault) == before


def test_a_text_outside_the_vault_is_in_no_list(vault: Path, tmp_path: Path) -> None:
    secret = make(tmp_path / "home", {"secret.md": "SECRET\n"}) / "secret.md"
    (vault / "Claims/c.md").symlink_to(secret)
    stopped(vault, "Claims/c.md: it leads out of the vault")
    found = run(vault, "lint", "Claims/c.md")
    assert "SECRET" not in found.out


@pytest.mark.parametrize("exclude", ["", 'exclude = ["Loose.md"]\n'])
def test_a_loose_note_outside_the_vault_stops_nothing_and_is_nowhere(
    tmp_path: Path, exclude: str
) -> None:
    root = recorded(tmp_path / "vault", exclude + ("" if exclude else TYPED))
    make(root, {"Index.md": LIST.replace("notes", "todos").replace(' style="list"', "")})
    make(tmp_path, {"secret.md": f"- [ ] SECRET\n\n{LIST}"})
    (root / "Loose.md").symlink_to(tmp_path / "secret.md")
    assert run(root, "index").code == 0
    assert "SECRET" not in (root / "Index.md").read_text()
    assert (tmp_path / "secret.md").read_text() == f"- [ ] SECRET\n\n{LIST}"
