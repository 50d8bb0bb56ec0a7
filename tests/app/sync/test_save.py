"""Saving the changes of a vault, in real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from unittest import mock

import msgspec
import pytest
from tests.infra.git.work import Work
from tests.infra.test_worktree import unprivileged
from tests.vaults import SOURCES, make, run

from vaultsync.app.sync.files import file_merge
from vaultsync.app.sync.look import look
from vaultsync.app.sync.save import Saved, save
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError
from vaultsync.infra.git import checkout
from vaultsync.infra.git.checkout import Incoming

STAMP = "20260101T120000.000000Z"
KEPT = f"refs/vaultsync/saves/{STAMP}"
FILES = {"a.md": "one\n", "b.md": "two\n"}
INDEXED = {
    "vaultsync.toml": '[types.claim]\nmatch = ["Claims/*.md"]\n',
    "Index.md": '<!-- vaultsync:notes type="claim" style="index" -->\n\n<!-- /vaultsync -->\n',
    "Changelog.md": '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n',
    "Claims/a.md": "---\ntitle: A\n---\n\nIt holds.\n",
}


@pytest.fixture
def work(tmp_path: Path) -> Work:
    made = Work(tmp_path / "repo")
    made.commit(dict(FILES))
    return made


def saved(work: Work, *accepted: str) -> Saved:
    workspace = Workspace(str(work.vault), cached=False)
    return save(workspace, look(workspace, accepted), STAMP)


def hook(work: Work, name: str, script: str) -> None:
    file = make(work.top / ".git/hooks", {name: f"#!/bin/sh\n{script}\n"}) / name
    file.chmod(0o755)


def known(work: Work, incoming: dict[str, Incoming]) -> None:
    """Let it be known what the last sync brought in."""
    data = msgspec.json.encode(incoming).decode()
    make(work.top / ".git/vaultsync", {"incoming.json": data})


def shown(work: Work, what: str) -> str:
    return work.git("show", what)


def test_changes_become_a_commit(work: Work) -> None:
    before = work.git("rev-parse", "HEAD")
    work.put("a.md", "new\n")
    (work.vault / "b.md").unlink()
    work.put("c.md", "added\n")
    found = saved(work)
    assert found == Saved(work.git("rev-parse", "HEAD"), KEPT)
    assert work.git("rev-parse", "HEAD^", f"{KEPT}^") == f"{before}\n{before}"
    assert work.git("diff", "HEAD", KEPT) == ""
    assert work.git("log", "-1", "--format=%s") == "Add c; delete b; edit a"
    assert work.git("ls-tree", "--name-only", "HEAD").split() == ["a.md", "c.md"]
    assert work.git("status", "--porcelain") == ""


def test_modes_and_links_are_kept(work: Work) -> None:
    work.put("run.sh", "echo\n")
    work.put("vaultsync.toml", '[sync]\nalong = "repository"\n')
    (work.vault / "run.sh").chmod(0o755)
    (work.vault / "link.md").symlink_to("a.md")
    saved(work)
    listed = dict(line.split()[::-3] for line in work.git("ls-tree", "HEAD").splitlines())
    assert (listed["run.sh"], listed["link.md"], listed["a.md"]) == ("100755", "120000", "100644")
    assert shown(work, "HEAD:link.md") == "a.md"
    work.git("config", "core.fileMode", "false")
    (work.vault / "run.sh").chmod(0o644)
    work.put("run.sh", "echo more\n")
    work.put("a.md", "more\n")
    workspace = Workspace(str(work.vault), cached=False)
    save(workspace, look(workspace), "2")
    assert work.git("ls-tree", "HEAD", "run.sh").startswith("100755")
    assert work.git("ls-tree", "HEAD", "a.md").startswith("100644")


def test_line_ends_are_those_that_attributes_name(work: Work) -> None:
    work.put(".gitattributes", "*.md text eol=crlf\n")
    work.git("config", "core.safecrlf", "true")
    (work.vault / "a.md").write_bytes(b"one\r\nmore\n")
    saved(work)
    assert work.git("cat-file", "-s", "HEAD:a.md") == "9"


def test_names_of_any_kind(work: Work) -> None:
    names = ('"quoted\\".md', "two\nlines.md", "-a.md", ":(top).md", "a\tb \udcff.md")
    for name in names:
        make(work.vault, {name: "one\n"})
    work.git("add", "--all")
    work.git("commit", "-q", "-m", "odd names")
    make(work.vault, dict.fromkeys(names, "two\n"))
    saved(work)
    assert work.git("status", "--porcelain") == ""
    ids = {line.split()[2] for line in work.git("ls-tree", "HEAD").splitlines()}
    assert len(ids) == 2


def test_a_filter_of_the_user_runs(work: Work, tmp_path: Path) -> None:
    own = make(tmp_path, {"own": (Path(__file__).parents[2] / "gitconfig").read_text()}) / "own"
    with own.open("a") as settings:
        settings.write('[filter "lfs"]\nclean = tr a-z A-Z\nsmudge = cat\n')
    work.put(".gitattributes", "*.md filter=lfs\n")
    work.put("a.md", "text\n")
    with mock.patch.dict(os.environ, {"GIT_CONFIG_GLOBAL": str(own)}):
        saved(work)
    assert shown(work, "HEAD:a.md") == "TEXT"


def test_a_file_that_goes_while_others_are_read_waits(work: Work, tmp_path: Path) -> None:
    own = make(tmp_path, {"own": (Path(__file__).parents[2] / "gitconfig").read_text()}) / "own"
    with own.open("a") as settings:
        settings.write(f'[filter "f"]\nclean = "rm -f {work.vault}/b.md; cat"\n')
    work.put(".gitattributes", "a.md filter=f\n")
    work.put("a.md", "new\n")
    work.put("b.md", "new\n")
    workspace = Workspace(str(work.vault), cached=False)
    with mock.patch.dict(os.environ, {"GIT_CONFIG_GLOBAL": str(own)}):
        found = look(workspace)
        work.put("b.md", "new\n")
        save(workspace, found, STAMP)
    assert shown(work, "HEAD:a.md") == "new"
    assert shown(work, "HEAD:b.md") == "two"


def test_a_file_that_cannot_be_read_stops_it() -> None:
    with unprivileged() as place:
        work = Work(place / "repo")
        work.commit(dict(FILES))
        work.put("c.md", "secret\n")
        (work.vault / "c.md").chmod(0)
        with pytest.raises(GitError, match=r"c\.md.*Permission denied"):
            saved(work)
        assert work.git("ls-tree", "--name-only", "HEAD").split() == ["a.md", "b.md"]


def test_a_file_that_is_there_again_is_not_deleted(work: Work) -> None:
    (work.vault / "a.md").unlink()
    workspace = Workspace(str(work.vault), cached=False)
    found = look(workspace)
    work.put("a.md", "written again\n")
    save(workspace, found, STAMP)
    assert shown(work, "HEAD:a.md") == "written again"


def test_what_is_staged_and_not_on_disk_is_kept_by_a_ref(work: Work) -> None:
    work.put("a.md", "staged\n")
    work.git("add", "a.md")
    work.put("a.md", "on disk\n")
    saved(work)
    assert shown(work, "HEAD:a.md") == "on disk"
    assert shown(work, f"{KEPT}-staged:a.md") == "staged"


def test_what_is_staged_alone_changes_nothing(work: Work) -> None:
    work.put("a.md", "staged\n")
    work.git("add", "a.md")
    work.put("a.md", "one\n")
    before = work.git("rev-parse", "HEAD")
    assert saved(work) == Saved(before)
    assert work.git("status", "--porcelain") == ""
    assert shown(work, f"{KEPT}-staged:a.md") == "staged"


def test_what_is_staged_as_it_is_on_disk_needs_no_ref(work: Work) -> None:
    work.put("a.md", "staged\n")
    work.git("add", "a.md")
    saved(work)
    assert work.git("for-each-ref", "--format=%(refname)", "refs/vaultsync/saves/") == KEPT


def test_what_is_let_go_stays_on_disk(work: Work) -> None:
    path = ".obsidian/workspace.json"
    work.commit({path: "{}"}, 2)
    saved(work, "let-go")
    assert path not in work.git("ls-tree", "-r", "--name-only", "HEAD")
    assert (work.vault / path).read_text() == "{}"


def test_a_branch_that_moved_meanwhile_is_left(work: Work) -> None:
    work.put("a.md", "new\n")
    workspace = Workspace(str(work.vault), cached=False)
    found = look(workspace)
    other = work.commit({"b.md": "other\n"}, 2)
    assert save(workspace, found, STAMP) == Saved(ref=KEPT)
    assert work.git("rev-parse", "HEAD") == other
    assert shown(work, f"{KEPT}:a.md") == "new"


def test_a_hook_may_refuse_and_the_words_are_kept(work: Work) -> None:
    before = work.git("rev-parse", "HEAD")
    hook(work, "pre-commit", "echo a spelling mistake; exit 3")
    work.put("a.md", "new\n")
    found = saved(work)
    assert (found.commit, found.ref) == (None, KEPT)
    assert found.refused == "pre-commit: a spelling mistake"
    assert work.git("rev-parse", "HEAD") == before
    assert shown(work, f"{KEPT}:a.md") == "new"


def test_hooks_see_and_change_what_is_committed(work: Work) -> None:
    script = "git diff --cached --name-only >.git/seen; git diff --quiet || exit 1"
    hook(work, "pre-commit", f"{script}\necho more >>a.md; git add a.md")
    hook(work, "prepare-commit-msg", 'echo "$2" >>"$1"')
    hook(work, "commit-msg", 'echo "Checked-by: me" >>"$1"')
    hook(work, "post-commit", "git rev-parse HEAD >.git/after; exit 1")
    work.put("a.md", "new\n")
    found = saved(work)
    assert (work.top / ".git/seen").read_text() == "a.md\n"
    assert shown(work, "HEAD:a.md") == "new\nmore"
    assert work.git("log", "-1", "--format=%B") == "Edit a\nmessage\nChecked-by: me"
    assert (work.top / ".git/after").read_text().strip() == found.commit
    assert work.git("status", "--porcelain") == ""


def test_what_is_written_meanwhile_waits_for_the_next_save(work: Work) -> None:
    hook(work, "pre-commit", "echo later >a.md")
    work.put("a.md", "new\n")
    saved(work)
    assert shown(work, "HEAD:a.md") == "new"
    assert (work.vault / "a.md").read_text() == "later\n"
    assert work.git("status", "--porcelain") == "M a.md"


def test_a_message_that_a_hook_empties_is_refused(work: Work) -> None:
    hook(work, "commit-msg", ': >"$1"')
    work.put("a.md", "new\n")
    assert saved(work).refused == "the message is empty after the hooks"


def test_our_own_hook_does_not_hold_words_back(work: Work) -> None:
    assert run(work.top, "init", "--hook").code == 0
    work.put("a.md", "[[Nowhere.png]]\n")
    work.put("c.md", "---\nbroken: [\n---\n")
    with mock.patch.dict(os.environ, {"PYTHONPATH": str(SOURCES)}):
        assert saved(work).refused is None
    assert shown(work, "HEAD:c.md").startswith("---\nbroken")


def test_lists_are_fresh_in_the_commit(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo", folder="the vault")
    work.commit({**INDEXED})
    work.put("Claims/b.md", "---\ntitle: B\n---\n\nIt is so.\n")
    saved(work)
    assert "[[b|B]]" in shown(work, "HEAD:the vault/Index.md")
    for name in ("Index.md", "Changelog.md", "changelog.lock"):
        assert (work.vault / name).read_text().rstrip() == shown(work, f"HEAD:the vault/{name}")
    assert work.git("status", "--porcelain") == ""
    assert work.git("log", "-1", "--format=%B") == "Add B"


def test_lists_that_cannot_be_made_hold_nothing_up(work: Work) -> None:
    work.commit({**INDEXED}, 2)
    (work.vault / "Claims/b.md").write_bytes(b"\xff\n")
    found = saved(work)
    (notice,) = found.notices
    assert notice.startswith("the lists are not up to date: Claims/b.md")
    assert "Claims/b.md" in work.git("ls-tree", "-r", "--name-only", "HEAD")


def test_a_text_from_before_a_sync_is_merged(work: Work) -> None:
    old, new = "one\ntwo\n\nthree\n", "one\nnew words\n\nthree\n"
    work.commit({"a.md": old}, 2)
    before = work.git("rev-parse", "HEAD:a.md")
    work.commit({"a.md": new}, 3)
    after = work.git("rev-parse", "HEAD:a.md")
    known(work, {"a.md": Incoming(before, after)})
    work.put("a.md", f"{old}\nmine\n")
    found = saved(work)
    assert shown(work, "HEAD:a.md") == "one\nnew words\n\nthree\n\nmine"
    assert (work.vault / "a.md").read_text() == "one\nnew words\n\nthree\n\nmine\n"
    assert found.notices == ("a.md: an older text was written over what came in: both are kept",)
    assert checkout.incoming(work.repo).keys() == {"a.md"}
    workspace = Workspace(str(work.vault), cached=False)
    work.put("a.md", "one\nnew words\nthree\n\nmine and more\n")
    save(workspace, look(workspace), "2")
    assert checkout.incoming(work.repo) == {}


def test_a_text_that_came_in_is_known_where_the_branch_was_moved_meanwhile(work: Work) -> None:
    before = work.git("rev-parse", "HEAD:a.md")
    work.put("a.md", "one\ntwo more\n")
    came = Incoming(before, work.git("hash-object", "-w", str(work.vault / "a.md")))
    known(work, {"a.md": came})
    saved(work)
    assert checkout.incoming(work.repo) == {"a.md": came}


def test_a_text_from_before_a_sync_is_merged_with_what_comes_in(work: Work) -> None:
    texts = ("one\ntwo\n", "one\ntwo\n\nthree\n", "one\ntwo\n\nthree\n\nfour\n")
    ids = []
    for day, text in enumerate(texts, 2):
        work.commit({"a.md": text}, day)
        ids.append(work.git("rev-parse", "HEAD:a.md"))
    merge, path = file_merge(Workspace(str(work.vault), cached=False)), f"{work.repo.prefix}a.md"
    base, new = texts[1].encode(), texts[2].encode()
    known(work, {path: Incoming(ids[0], ids[1])})
    found = merge(path, (base, b"one\ntwo\n\nmine\n", new))
    assert {b"three", b"four", b"mine"} <= set((found[path] or b"").split())
    # What an earlier try found and merged is no older text.
    work.put("a.md", texts[1].replace("two", "two mine"))
    edited = work.git("hash-object", "-w", str(work.vault / "a.md"))
    known(work, {path: Incoming(edited, ids[2])})
    merged = new.replace(b"two", b"two mine")
    assert merge(path, (base, merged, new)) == {path: merged}


def test_a_text_from_before_a_sync_alone_is_written_again(work: Work) -> None:
    before = work.git("rev-parse", "HEAD:a.md")
    head = work.commit({"a.md": "one\ntwo more\n"}, 2)
    after = work.git("rev-parse", "HEAD:a.md")
    known(work, {"a.md": Incoming(before, after)})
    work.put("a.md", "one\n")
    found = saved(work)
    assert found.commit == head
    assert (work.vault / "a.md").read_text() == "one\ntwo more\n"
    assert work.git("status", "--porcelain") == ""


def test_a_text_from_before_two_syncs_is_merged(work: Work) -> None:
    texts = ("one\ntwo\n", "one\ntwo\n\nthree\n", "one\ntwo\n\nthree\n\nfour\n")
    ids = []
    for day, text in enumerate(texts, 2):
        work.commit({"a.md": text}, day)
        ids.append(work.git("rev-parse", "HEAD:a.md"))
    first = Incoming(ids[0], ids[1])
    known(work, {"a.md": Incoming(ids[1], ids[2]).following(first)})
    work.put("a.md", "one\ntwo\n\nmine\n")
    saved(work)
    text = (work.vault / "a.md").read_text()
    assert {"three", "four", "mine"} <= set(text.split())


def test_an_incoming_text_that_was_changed_here_is_not_followed() -> None:
    assert Incoming("c", "d").following(Incoming("a", "b")) == Incoming("c", "d")
    assert Incoming("b", "c").following(Incoming("a", "b")) == Incoming("b", "c", ("a",))
    # The other one was noted, and not written.
    assert Incoming("b", "d").following(Incoming("b", "c", ("a",))) == Incoming("b", "d", ("a",))


def test_a_text_from_before_a_sync_under_a_new_name_is_merged(work: Work) -> None:
    old, new = "one\ntwo\n\nthree\n", "one\nnew words\n\nthree\n"
    work.commit({"a.md": old}, 2)
    before = work.git("rev-parse", "HEAD:a.md")
    work.commit({"a.md": new}, 3)
    known(work, {"a.md": Incoming(before, work.git("rev-parse", "HEAD:a.md"))})
    (work.vault / "a.md").unlink()
    work.put("b.md", f"{old}\nmine\n")
    work.put("other.md", "An unrelated note.\n")
    saved(work)
    assert (work.vault / "b.md").read_text() == "one\nnew words\n\nthree\n\nmine\n"
    assert (work.vault / "other.md").read_text() == "An unrelated note.\n"


def test_a_picture_is_not_merged(work: Work) -> None:
    work.put("vaultsync.toml", '[sync]\nalong = "repository"\n')
    for day, data in enumerate((b"\0one\n\0two\n", b"\0one\n\0three\n"), 2):
        (work.vault / "x.png").write_bytes(data)
        work.commit({}, day)
    before, after = (work.git("rev-parse", f"{rev}:x.png") for rev in ("HEAD^", "HEAD"))
    known(work, {"x.png": Incoming(before, after)})
    (work.vault / "x.png").write_bytes(b"\0one\n\0two\n\0four\n")
    saved(work)
    assert (work.vault / "x.png").read_bytes() == b"\0one\n\0two\n\0four\n"


@pytest.mark.parametrize("name", ["global", "local"])
def test_commits_are_signed_as_the_user_chose(work: Work, tmp_path: Path, name: str) -> None:
    key = tmp_path / "key"
    assert shutil.which("ssh-keygen")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for setting, value in {
        "commit.gpgSign": "true",
        "gpg.format": "ssh",
        "user.signingKey": f"{key}.pub",
    }.items():
        work.git("config", setting, value)
    if name == "local":
        work.git("config", "gpg.ssh.program", "ssh-keygen")
    work.put("a.md", "new\n")
    found = saved(work)
    if name == "local":
        assert found.refused
        assert found.refused.startswith("gpg.ssh.program is set in the repository")
    else:
        assert "gpgsig -----BEGIN SSH SIGNATURE-----" in work.git("cat-file", "commit", "HEAD")


def test_a_signature_that_fails_keeps_the_words(work: Work, tmp_path: Path) -> None:
    work.git("config", "commit.gpgSign", "true")
    work.git("config", "gpg.format", "ssh")
    work.git("config", "user.signingKey", str(tmp_path / "no key"))
    work.put("a.md", "new\n")
    found = saved(work)
    assert found.refused
    assert shown(work, f"{found.ref}:a.md") == "new"


def test_a_worktree_and_sha256(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo", "--object-format=sha256")
    work.commit({**INDEXED})
    work.git("worktree", "add", "-q", "-b", "second", str(tmp_path / "second"))
    make(tmp_path / "second", {"Claims/b.md": "---\ntitle: B\n---\n\nIt is so.\n"})
    workspace = Workspace(str(tmp_path / "second"), cached=False)
    found = save(workspace, look(workspace), STAMP)
    assert work.git("rev-parse", "second") == found.commit
    assert work.git("rev-parse", "main") != found.commit


def test_a_partial_clone(work: Work, tmp_path: Path) -> None:
    work.commit({"a.md": "newer\n"}, 2)
    work.git("config", "uploadpack.allowFilter", "true")
    work.git("clone", "-q", "--filter=blob:none", f"file://{work.top}", str(tmp_path / "clone"))
    make(tmp_path / "clone", {"a.md": "new\n"})
    workspace = Workspace(str(tmp_path / "clone"), cached=False)
    assert save(workspace, look(workspace), STAMP).commit
