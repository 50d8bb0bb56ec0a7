"""A sync of a vault that a stranger made: none of its programs runs, and no name is an option."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.sync.clones import Clones, synced
from tests.vaults import git, make, run

# What the files of a vault can name for git: filters, drivers, submodules, settings and hooks.
ATTRIBUTES = "* diff=x merge=x\nfiltered.md filter=x\n"
MODULES = '[submodule "x"]\n\tpath = x\n\turl = ext::touch %S\n\tupdate = !touch\n'
NOTES = {"a.md": "# A\n\nOne.\n", "b.md": "# B\n", "filtered.md": "# F\n"}
# Each of them makes git run a command on a file or on what changed in it; of some that are for the
# same, git runs one.
SETTINGS = {
    "a process": ("filter.x.process", "diff.x.textconv", "core.fsmonitor"),
    "commands": (
        *("filter.x.clean", "filter.x.smudge", "merge.x.driver", "diff.x.command"),
        *("diff.external", "core.pager", "core.editor", "sequence.editor"),
        *("interactive.diffFilter", "submodule.x.update", "alias.fetch"),
    ),
}
# Names that a program takes for an option, or a shell for a command.
NAMES = [
    "--upload-pack=touch${IFS}ran",
    "$(touch${IFS}ran)",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in ("-x", "--exec=ran", "a;touch${IFS}ran")
    ),
]


def script(folder: Path) -> tuple[Path, Path]:
    """Return a program, and the file that it makes when it runs."""
    ran, file = folder / "ran", folder / "program"
    file.write_text(f"#!/bin/sh\ntouch {ran}\nexec cat\n")
    file.chmod(0o755)
    return file, ran


def hostile(top: Path, program: Path) -> Clones:
    """Return clones of a vault whose files name a program wherever they can."""
    modules = MODULES.replace("%S", str(program)).replace("!touch", f"!{program}")
    config = f"[core]\n\tfsmonitor = {program}\n\thooksPath = hooks\n"
    files = {".gitattributes": ATTRIBUTES, ".gitmodules": modules, ".gitconfig": config}
    clones = Clones(top, {**NOTES, **files, "config": config, "hooks/pre-commit": "#!/bin/sh\n"})
    for clone in (clones.a, clones.b):
        hook = clone / "hooks/pre-commit"
        hook.write_bytes(program.read_bytes())
        hook.chmod(0o755)
    return clones


def changed_on_both(clones: Clones, branch: str = "main") -> None:
    """Change one note on both sides, and sync both."""
    make(clones.a, {"a.md": "# A\n\nOne.\n\nTwo.\n", "filtered.md": "# F\n\nTwo.\n"})
    make(clones.b, {"a.md": "# A\n\nZero.\n\nOne.\n", "b.md": "# B\n\nMore.\n"})
    synced(clones.a)
    synced(clones.b)
    text = git(clones.remote, "show", f"refs/heads/{branch}:a.md")
    assert text == "# A\n\nZero.\n\nOne.\n\nTwo.\n"


def test_no_program_runs_that_the_files_of_a_vault_name(tmp_path: Path) -> None:
    program, ran = script(tmp_path)
    clones = hostile(tmp_path / "clones", program)
    changed_on_both(clones)
    for args in (["sync", "--dry-run"], ["doctor"], ["hook"]):
        assert "Traceback" not in run(clones.b, *args).err
    assert not ran.exists()


@pytest.mark.parametrize("keys", SETTINGS.values(), ids=SETTINGS)
def test_no_program_of_the_settings_runs_on_a_file(tmp_path: Path, keys: tuple[str, ...]) -> None:
    program, ran = script(tmp_path)
    clones = hostile(tmp_path / "clones", program)
    for clone in (clones.a, clones.b):
        for key in keys:
            git(clone, "config", key, str(program))
    changed_on_both(clones)
    assert not ran.exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_branch_is_not_an_option(clones: Clones, tmp_path: Path, name: str) -> None:
    for clone in (clones.a, clones.b):
        git(clone, "update-ref", f"refs/heads/{name}", "HEAD")
        git(clone, "symbolic-ref", "HEAD", f"refs/heads/{name}")
        git(clone, "config", f"branch.{name}.remote", "origin")
        git(clone, "config", f"branch.{name}.merge", f"refs/heads/{name}")
    git(clones.a, "push", "-q", "origin", f"refs/heads/{name}:refs/heads/{name}")
    changed_on_both(clones, name)
    for args in (["lint", "--since", name], ["changelog", "--since", name]):
        done = run(clones.b, *args)
        assert "Traceback" not in done.err, done.err
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.parametrize(
    "name",
    [
        "--upload-pack=touch${IFS}ran",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("--all", "-n")),
    ],
)
def test_the_name_of_a_remote_is_not_an_option(clones: Clones, tmp_path: Path, name: str) -> None:
    for clone in (clones.a, clones.b):
        git(clone, "config", f"remote.{name}.url", "../remote.git")
        git(clone, "config", f"remote.{name}.fetch", "+refs/heads/*:refs/remotes/other/*")
        git(clone, "config", "branch.main.remote", name)
    changed_on_both(clones)
    assert not list(tmp_path.rglob("ran"))


def test_an_address_that_is_a_command_is_not_run(clones: Clones, tmp_path: Path) -> None:
    git(clones.a, "config", "remote.origin.url", f"ext::touch {tmp_path}/ran")
    git(clones.a, "config", "protocol.ext.allow", "always")
    make(clones.a, {"a.md": "# A\n\nTwo.\n"})
    run(clones.a, "sync")
    assert not (tmp_path / "ran").exists()
    assert git(clones.a, "show", "HEAD:a.md") == "# A\n\nTwo.\n"
