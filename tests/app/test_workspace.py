"""Opening a vault, and the values that features get from it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.vaults import committed, git, make

from vaultsync.app.changelog.report import report_changes
from vaultsync.app.checking import check_as_configured, check_vault
from vaultsync.app.find_vault import find_vault
from vaultsync.app.workspace import Workspace
from vaultsync.core.config import LintSettings
from vaultsync.core.errors import ConfigError, GitError, VaultError
from vaultsync.infra.clock import today
from vaultsync.lint import engine
from vaultsync.lint.baseline import baseline_bytes

ALL = engine.select(LintSettings())


def found(start: Path, named: str | None = None, *paths: str) -> Path:
    return Path(find_vault(str(start), named, paths))


def test_the_nearest_vault_above_is_found(tmp_path: Path) -> None:
    outer = make(tmp_path / "outer", {"vaultsync.toml": "", "a/b/c.md": "", "in/ner/d.md": ""})
    (outer / "in/.obsidian").mkdir()
    assert found(outer) == outer
    assert found(outer / "a/b") == outer
    assert found(outer / "in/ner") == outer / "in"


def test_a_vault_above_comes_before_one_below(tmp_path: Path) -> None:
    outer = make(tmp_path / "outer", {"vaultsync.toml": "", "vault/vaultsync.toml": ""})
    assert found(outer) == outer


@pytest.mark.parametrize("mark", ["vaultsync.toml", ".obsidian/app.json"])
def test_a_folder_called_vault_is_one_if_it_has_settings(tmp_path: Path, mark: str) -> None:
    make(tmp_path, {"vault/a.md": "", "notes/b.md": ""})
    assert found(tmp_path) == tmp_path
    make(tmp_path / "vault", {mark: ""})
    assert found(tmp_path) == tmp_path / "vault"
    assert found(tmp_path, None, "notes") == tmp_path / "vault"


def test_only_a_folder_is_an_obsidian_folder(tmp_path: Path) -> None:
    make(tmp_path, {".obsidian": "", "vaultsync.toml/x": "", "vault/vaultsync.toml": ""})
    assert found(tmp_path) == tmp_path / "vault"


def test_the_vault_of_the_path_comes_before_that_of_the_working_folder(tmp_path: Path) -> None:
    make(tmp_path, {"a/vaultsync.toml": "", "b/vaultsync.toml": "", "b/in/x.md": ""})
    assert found(tmp_path / "a", None, "../b/in/x.md") == tmp_path / "b"
    assert found(tmp_path / "a", None, "y.md", "../b") == tmp_path / "a"
    assert found(tmp_path / "a", None, "..", "../b") == tmp_path / "a"
    (tmp_path / "a/link").symlink_to(tmp_path / "b/in")
    assert found(tmp_path, None, "a/link/x.md") == tmp_path / "a"
    (tmp_path / "link").symlink_to(tmp_path / "b/in")
    assert found(tmp_path, None, "link") == tmp_path / "b"


@pytest.mark.parametrize(
    ("paths", "folder"),
    [
        ([], ""),
        (["."], ""),
        (["a"], "a"),
        (["a/x.md"], ""),
        (["a/in", "a/in/.."], "a"),
        (["a", "b/y.md"], ""),
        (["gone/z.md"], ""),
        (["../elsewhere"], "../elsewhere"),
        (["../elsewhere/e.md"], "../elsewhere"),
        (["../elsewhere", "a"], "../elsewhere"),
    ],
)
def test_without_a_vault_it_is_the_folder_itself(
    tmp_path: Path, paths: list[str], folder: str
) -> None:
    make(tmp_path / "elsewhere", {"e.md": ""})
    here = make(tmp_path / "here", {"a/x.md": "", "a/in/x.md": "", "b/y.md": "", "vault": ""})
    assert found(here, None, *paths) == (here / folder).resolve()


@pytest.mark.parametrize("is_repository", [True, False])
def test_what_git_ignores_is_part_only_of_a_vault(tmp_path: Path, *, is_repository: bool) -> None:
    make(tmp_path, {".gitignore": "node_modules\n*.log.md\n", "notes/.gitignore": "/draft.md\n"})
    paths = ("a.md", "notes/draft.md", "draft.md", "node_modules/x/b.md", "notes/c.log.md")
    make(tmp_path, dict.fromkeys(paths, ""))
    if is_repository:
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", "--force", "notes/c.log.md")
    shown = {"a.md", "draft.md", *(["notes/c.log.md"] if is_repository else [])}
    assert Workspace(str(tmp_path)).vault.files == shown
    assert Workspace(str(tmp_path / "node_modules")).vault.files == {"x/b.md"}
    assert Workspace(str(tmp_path / "node_modules/x")).vault.files == {"b.md"}
    make(tmp_path, {"vaultsync.toml": "respect-gitignore = true\n"})
    assert Workspace(str(tmp_path)).vault.files == shown | {"vaultsync.toml"}
    make(tmp_path, {"vaultsync.toml": ""})
    assert Workspace(str(tmp_path)).vault.files == {*paths, "vaultsync.toml"}
    (tmp_path / "vaultsync.toml").unlink()
    (tmp_path / ".obsidian").mkdir()
    assert Workspace(str(tmp_path)).vault.files == set(paths)


def test_without_git_nothing_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {".gitignore": "a.md\n", "a.md": ""})
    monkeypatch.setenv("PATH", "")
    assert Workspace(str(tmp_path)).vault.files == {"a.md"}


def test_the_vault_of_a_folder_that_cannot_be_entered_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As root every folder can be entered.
    def refuse(_: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "is_file", refuse)
    assert found(make(tmp_path, {"vaultsync.toml": ""})) == tmp_path


def test_the_named_folder_is_the_vault(tmp_path: Path) -> None:
    root = make(tmp_path / "outer", {"vaultsync.toml": "", "notes/a.md": ""})
    assert found(root, "notes") == root / "notes"
    assert found(tmp_path, str(root / "notes")) == root / "notes"
    (tmp_path / "link").symlink_to(root)
    assert found(tmp_path, "link") == root


@pytest.mark.parametrize("named", ["nowhere", "outer/a.md"])
def test_what_is_named_must_be_a_folder(tmp_path: Path, named: str) -> None:
    make(tmp_path, {"outer/a.md": ""})
    with pytest.raises(VaultError, match=f"^{named}: there is no such folder$"):
        found(tmp_path, named)


@pytest.mark.parametrize(
    ("epoch", "day"), [("0", "1970-01-01"), ("86399", "1970-01-01"), ("86400", "1970-01-02")]
)
def test_the_day_may_be_set_from_outside(
    monkeypatch: pytest.MonkeyPatch, epoch: str, day: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert today() == day


@pytest.mark.parametrize("epoch", ["9" * 15, "9" * 30, "9" * 5000])
def test_a_time_out_of_reach_is_refused(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(VaultError, match="is a time out of reach"):
        today()


@pytest.mark.parametrize("epoch", ["", "soon"])
def test_otherwise_the_clock_says_what_day_it_is(
    monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert "2025-01-01" < today() < "2100-01-01"


def test_a_vault_is_its_notes_canvases_and_bases_and_all_its_files(tmp_path: Path) -> None:
    files = {"a.md": "x", "b/c.canvas": "{}", "d.base": "", "e.png": "", ".obsidian/x.md": ""}
    workspace = Workspace(str(make(tmp_path, files)))
    assert sorted(workspace.vault.documents) == ["a.md", "b/c.canvas", "d.base"]
    assert workspace.vault.files == frozenset([*list(files)[:4]])


def test_what_cannot_be_read_is_a_document_with_an_error(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "x", "b.md": b"\xff"})
    (tmp_path / "c.md").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(".")
    documents = Workspace(str(tmp_path)).vault.documents
    assert {path: document.error for path, document in documents.items()} == {
        "a.md": None,
        "b.md": "not UTF-8 at byte 0",
        "c.md": "dangling symbolic link",
        "loop": "symbolic link loop",
    }


@pytest.mark.parametrize("files", [{}, {"a.png": ""}, {"a.canvas": "{}"}, {".obsidian/a.md": ""}])
def test_an_empty_vault_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    workspace = Workspace(str(make(tmp_path, files)))
    with pytest.raises(VaultError, match=r"this vault is empty, it holds no notes"):
        workspace.vault  # noqa: B018


@pytest.mark.parametrize("place", [".obsidian", ".obsidian/app.json"])
def test_settings_of_obsidian_outside_the_vault_are_not_read(tmp_path: Path, place: str) -> None:
    root = make(tmp_path / "vault", {"a.md": "", "b.py": ""})
    target = Path("/dev/zero")
    if place == ".obsidian":
        target = make(tmp_path / "shared", {"app.json": '{"userIgnoreFilters": ["a"]}'})
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).symlink_to(target)
    assert Workspace(str(root)).ignored == ()


def test_settings_of_obsidian_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    root = make(tmp_path, {"a.md": "", ".obsidian/x": ""})
    os.mkfifo(root / ".obsidian/app.json")
    with pytest.raises(VaultError, match=r"app\.json: cannot be read: not a regular file$"):
        Workspace(str(root)).shown  # noqa: B018


READERS: dict[str, Callable[[Workspace], object]] = {
    "vaultsync.toml": lambda workspace: workspace.config,
    "known.json": lambda workspace: workspace.baseline("known.json"),
    "Templates/Claim.md": lambda workspace: workspace.read_text("Templates/Claim.md"),
}


@pytest.mark.parametrize("target", ["home/secret", "/dev/zero"])
@pytest.mark.parametrize("name", READERS)
def test_no_settings_and_no_template_outside_the_vault(
    tmp_path: Path, name: str, target: str
) -> None:
    root = make(tmp_path / "vault", {"a.md": "", "Templates/x": ""})
    make(tmp_path / "home", {"secret": "SECRET"})
    (root / name).symlink_to(tmp_path / target)
    with pytest.raises(VaultError, match=f"^{name}: it leads out of the vault") as told:
        READERS[name](Workspace(str(root)))
    assert "SECRET" not in str(told.value)


def test_a_baseline_may_be_beside_the_vault(tmp_path: Path) -> None:
    root = make(tmp_path / "vault", {"a.md": ""})
    make(tmp_path, {"known.json": baseline_bytes(Counter())})
    assert Workspace(str(root)).baseline("../known.json").entries == ()


def test_settings_must_be_utf_8(tmp_path: Path) -> None:
    make(tmp_path, {"vaultsync.toml": b"# \xff"})
    with pytest.raises(VaultError, match=r"^vaultsync.toml: not UTF-8 at byte 2$"):
        Workspace(str(tmp_path)).config  # noqa: B018


def test_wrong_settings_are_refused(tmp_path: Path) -> None:
    make(tmp_path, {"vaultsync.toml": "lnit = 1\n"})
    with pytest.raises(ConfigError, match="did you mean `lint`"):
        Workspace(str(tmp_path)).config  # noqa: B018


def test_without_settings_the_defaults_hold(tmp_path: Path) -> None:
    assert Workspace(str(tmp_path)).config.types == {}


def test_the_index_is_a_vault_of_its_own(tmp_path: Path) -> None:
    files = {
        "vaultsync.toml": 'exclude = ["x"]\n',
        "a.md": "one\n",
        ".hidden/b.md": "",
        "c.png": "",
    }
    committed(tmp_path, files)
    (tmp_path / "d.md").symlink_to("a.md")
    git(tmp_path, "add", "d.md")
    make(tmp_path, {"a.md": "two\n", "e.md": "", "vaultsync.toml": ""})
    workspace = Workspace(str(tmp_path), staged=True)
    assert workspace.config.exclude == ("x",)
    assert {path: doc.text for path, doc in workspace.vault.documents.items()} == {"a.md": "one\n"}
    assert workspace.vault.files == {"a.md", "c.png", "d.md", "vaultsync.toml"}


def test_files_of_all_types_are_there(tmp_path: Path) -> None:
    hidden = {".obsidian/app.json": '{"showUnsupportedFiles": false}', "x/.y/z.md": ""}
    make(tmp_path, {"a.md": "", "b.py": "", "c.PNG": "", "Makefile": "", **hidden})
    assert Workspace(str(tmp_path)).vault.files == {"a.md", "b.py", "c.PNG", "Makefile"}


@pytest.mark.parametrize(
    ("settings", "filters"),
    [
        ('{"userIgnoreFilters": ["Old/", "/x/", "", 3]}', ["Old/", "/x/"]),
        ('{"userIgnoreFilters": null}', []),
        ("{}", []),
        ("[]", []),
        ("not JSON", []),
    ],
)
def test_what_obsidian_excludes_is_excluded(
    tmp_path: Path, settings: str, filters: list[str]
) -> None:
    toml = 'exclude = ["z/**"]\n'
    make(tmp_path, {"a.md": "", "vaultsync.toml": toml, ".obsidian/app.json": settings})
    assert Workspace(str(tmp_path)).config.exclude == ("z/**", *filters)


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        (".obsidian/templates.json", '{"folder": "T"}'),
        (".obsidian/plugins/templater-obsidian/data.json", '{"templates_folder": "/T/"}'),
    ],
)
def test_what_is_found_in_templates_is_a_hint(tmp_path: Path, path: str, settings: str) -> None:
    make(tmp_path, {"T/a.md": "[[/x]]\n", "n.md": "[[/x]]\n", path: settings})
    assert severities(tmp_path) == {"T/a.md": "hint", "n.md": "error"}
    toml = '[lint.per-file-severity]\n"T/**" = {LNK001 = "warning"}\n'
    make(tmp_path, {"vaultsync.toml": toml})
    assert severities(tmp_path) == {"T/a.md": "warning", "n.md": "error"}


@pytest.mark.parametrize("settings", ['{"folder": "/"}', '{"folder": 3}', "{}"])
def test_without_a_folder_of_templates_nothing_is_one(tmp_path: Path, settings: str) -> None:
    make(tmp_path, {"T/a.md": "[[/x]]\n", ".obsidian/templates.json": settings})
    assert severities(tmp_path) == {"T/a.md": "error"}


def severities(root: Path) -> dict[str, str]:
    workspace = Workspace(str(root), cached=False)
    found = check_as_configured(workspace).introduced()
    return {one.path: one.severity for one in found}


def test_the_index_is_read_by_one_process_and_without_a_look_at_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, trace = tmp_path / "vault", tmp_path / "trace"
    names = [f"{letter}.md" for letter in "abc"]
    committed(vault, dict.fromkeys(names, "[[x]]\n"))
    check_vault(Workspace(str(vault)), ALL)
    make(vault, dict.fromkeys(names, "[[y]]\n"))
    git(vault, "add", "--all")
    monkeypatch.setenv("GIT_TRACE", str(trace))
    workspace = Workspace(str(vault), staged=True)
    assert len(check_vault(workspace, ALL).introduced()) == len(names)
    assert "scanned" not in vars(workspace)
    assert trace.read_text().count("built-in: git cat-file") == 1
    assert workspace.blobs._git is not None
    workspace.close()
    assert workspace.blobs._git is None


def test_settings_that_are_not_staged_are_taken_from_the_disk(tmp_path: Path) -> None:
    committed(tmp_path, {"a.md": ""})
    make(tmp_path, {"vaultsync.toml": 'exclude = ["x"]\n'})
    assert Workspace(str(tmp_path), staged=True).config.exclude == ("x",)


def test_a_vault_in_a_folder_of_its_repository(tmp_path: Path) -> None:
    committed(tmp_path, {"vault/a.md": "x", "b.md": "x"})
    workspace = Workspace(str(tmp_path / "vault"), staged=True)
    assert sorted(workspace.vault.documents) == ["a.md"]
    assert workspace.repository is not None
    assert workspace.repository.prefix == "vault/"


def test_what_needs_a_repository_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        Workspace(str(tmp_path)).need_repository("the changelog")
    assert str(caught.value) == (
        f"{tmp_path}: the changelog needs git, and this folder is in no repository: run "
        "`git init` there"
    )


def test_what_needs_git_says_that_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError) as caught:
        Workspace(str(tmp_path)).need_repository("the changelog")
    assert str(caught.value) == ("the changelog needs git, which is not installed or not on PATH")


def test_one_text_of_the_vault(tmp_path: Path) -> None:
    workspace = Workspace(str(make(tmp_path, {"T.md": "é\r\n", "U.md": b"a\xff"})))
    assert workspace.read_text("T.md") == "é\r\n"
    with pytest.raises(VaultError, match=r"^V.md: cannot be read: No such file"):
        workspace.read_text("V.md")
    with pytest.raises(VaultError, match=r"^U.md: not UTF-8 at byte 1$"):
        workspace.read_text("U.md")


def test_no_path_means_all_notes(tmp_path: Path) -> None:
    assert Workspace(str(tmp_path)).select([]) is None


def test_a_history_that_is_cut_short_is_not_reported(tmp_path: Path) -> None:
    committed(tmp_path / "a", {"Changelog.md": "x"})
    make(tmp_path / "a", {"Changelog.md": "y"})
    git(tmp_path / "a", "commit", "-q", "-a", "-m", "more")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}/a", "b")
    with pytest.raises(GitError, match=r"cut short .*git fetch --unshallow.*fetch-depth: 0"):
        report_changes(Workspace(str(tmp_path / "b")), None, None)
