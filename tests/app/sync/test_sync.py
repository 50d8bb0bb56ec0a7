"""Whole runs between two clones and a remote: what arrives, and what stops them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.app.sync.clones import Clones, notes, status, synced
from tests.vaults import SOURCES, git, make, run

CLAIM = "---\nstatus: open\n---\n\nIt holds.\n\nMore on it.\n"


NOTES = {"a.md": CLAIM, "b.md": "Text of b.\n"}


def hook(repository: Path, name: str, script: str) -> None:
    place = repository / "hooks" / name
    make(place.parent, {name: f"#!/bin/sh\n{script}\n"}).joinpath(name).chmod(0o755)


def steps(result: dict[str, Any]) -> list[str]:
    return [step["step"] for step in result["steps"]]


def test_changes_of_both_arrive(clones: Clones) -> None:
    make(clones.a, {"a.md": CLAIM.replace("open", "supported"), "new.md": "New.\n"})
    sent = synced(clones.a)
    assert steps(sent) == ["save", "push"]
    assert sent["pushed"]
    make(clones.b, {"a.md": CLAIM.replace("More on it", "Much more")})
    (clones.b / "b.md").unlink()
    assert steps(synced(clones.b)) == ["save", "fetch", "merge", "push"]
    assert steps(synced(clones.a)) == ["fetch", "merge"]
    both = CLAIM.replace("open", "supported").replace("More on it", "Much more")
    assert notes(clones.a) == notes(clones.b) == {"a.md": both, "new.md": "New.\n"}
    assert status(clones.a) == status(clones.b) == ""
    assert steps(synced(clones.a)) == []


def test_a_clash_is_pushed_and_resolved(clones: Clones) -> None:
    make(clones.b, {"a.md": CLAIM.replace("It holds", "It does"), "b.md": "Text of c.\n"})
    synced(clones.b)
    make(clones.a, {"a.md": CLAIM.replace("It holds", "It never"), "b.md": "Text of d.\n"})
    clash = synced(clones.a, code=3)
    assert clash["pushed"]
    assert clash["conflicts"] == [{"path": "a.md", "count": 1}, {"path": "b.md", "count": 1}]
    assert "2 errors in what is pushed" in clash["notices"][-1]
    assert synced(clones.a, code=3)["steps"] == []
    part = synced(clones.a, "--continue", "--ours", "a.md", code=3)
    assert steps(part) == ["resolve", "save", "push"]
    assert part["conflicts"] == [{"path": "b.md", "count": 1}]
    synced(clones.b, "--continue", code=3)
    make(clones.b, {"b.md": "Text of d.\n"})
    assert synced(clones.b, "--continue")["pushed"]
    synced(clones.a)
    assert notes(clones.a) == {
        "a.md": CLAIM.replace("It holds", "It never"),
        "b.md": "Text of d.\n",
    }
    assert "no conflict in these notes" in run(clones.a, "sync", "--continue", "--both").err


def test_a_plan_changes_nothing(clones: Clones) -> None:
    make(clones.a, {"b.md": "Other.\n"})
    before = git(clones.a, "for-each-ref"), status(clones.a)
    found = synced(clones.a, "--dry-run")
    assert steps(found) == ["save", "fetch", "push"]
    assert (git(clones.a, "for-each-ref"), status(clones.a)) == before


def test_offline_keeps_what_is_saved(clones: Clones) -> None:
    away = clones.remote.rename(clones.top / "away")
    make(clones.a, {"b.md": "Other.\n"})
    offline = synced(clones.a)
    assert offline["offline"]
    assert steps(offline) == ["save"]
    away.rename(clones.remote)
    assert steps(synced(clones.a)) == ["push"]


class _Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as found:
        thread = Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join()


def test_offline_is_not_refused(clones: Clones, server: str) -> None:
    make(clones.a, {"b.md": "Other.\n"})
    git(clones.a, "remote", "set-url", "origin", "http://127.0.0.1:1/x")
    assert synced(clones.a)["offline"]
    git(clones.a, "remote", "set-url", "origin", f"{server}/503/x")
    assert synced(clones.a)["offline"]
    for code, remedy in (
        (401, "sign in once"),
        (403, "sign in once"),
        (404, "see what the remote"),
    ):
        git(clones.a, "remote", "set-url", "origin", f"{server}/{code}/x")
        refused = synced(clones.a, code=2)
        assert not refused["offline"]
        assert refused["stopped"]["remedy"].startswith(remedy)


def test_a_remote_that_refuses_says_why(clones: Clones) -> None:
    hook(clones.remote, "pre-receive", "echo no notes on Sundays >&2; exit 1")
    make(clones.a, {"b.md": "Other.\n"})
    refused = synced(clones.a, code=2)
    assert "no notes on Sundays" in refused["stopped"]["reason"]
    assert refused["saved"] == git(clones.a, "rev-parse", "HEAD").strip()
    (clones.remote / "hooks/pre-receive").unlink()
    hook(clones.a / ".git", "pre-push", "echo not from here >&2; exit 1")
    refused = synced(clones.a, code=2)
    assert "not from here" in refused["stopped"]["reason"]
    assert not refused["pushed"]


def test_somebody_may_be_faster(clones: Clones) -> None:
    make(clones.b, {"b.md": "Faster.\n"})
    git(clones.b, "commit", "-q", "-a", "-m", "faster")
    push = "unset $(git rev-parse --local-env-vars); git push -q; cd ../a; rm .git/hooks/pre-push"
    hook(clones.a / ".git", "pre-push", f"cd ../b && {push}")
    make(clones.a, {"a.md": CLAIM.replace("open", "closed")})
    assert steps(synced(clones.a)) == ["save", "fetch", "merge", "push"]
    assert notes(clones.a)["b.md"] == "Faster.\n"


def test_others_that_never_rest_stop_it(clones: Clones, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaultsync.app.sync._PAUSE", 0)
    again = "git commit -q --allow-empty -m again && git push -q"
    local = "unset $(git rev-parse --local-env-vars)"
    hook(clones.a / ".git", "pre-push", f"{local}; cd ../b; {again}")
    make(clones.a, {"a.md": CLAIM.replace("open", "closed")})
    busy = synced(clones.a, code=2)
    assert busy["stopped"]["remedy"] == "run it again"


def test_a_commit_of_another_program_meanwhile(clones: Clones) -> None:
    commit = "git commit -q --no-verify --allow-empty -m other"
    hook(
        clones.a / ".git", "pre-commit", f"rm .git/hooks/pre-commit; unset GIT_INDEX_FILE; {commit}"
    )
    make(clones.a, {"a.md": CLAIM.replace("open", "closed")})
    assert steps(synced(clones.a)) == ["save", "push"]
    assert git(clones.a, "log", "--format=%s", "--skip=1", "-1") == "other\n"


def test_a_hook_that_refuses_keeps_it_here(clones: Clones) -> None:
    hook(clones.a / ".git", "pre-commit", "echo a typo >&2; exit 1")
    make(clones.a, {"b.md": "Oter.\n"})
    refused = synced(clones.a, code=2)["stopped"]
    assert "a typo" in refused["reason"]
    kept = refused["remedy"].split()[-1]
    assert git(clones.a, "show", f"{kept}:b.md") == "Oter.\n"
    assert status(clones.a) == " M b.md\n"


def test_an_upstream_has_to_be_set(clones: Clones) -> None:
    git(clones.a, "branch", "--unset-upstream")
    make(clones.a, {"b.md": "Other.\n"})
    (notice,) = synced(clones.a)["notices"]
    assert notice.endswith("`git push -u origin main` sets one")
    git(clones.a, "branch", "other")
    git(clones.a, "branch", "--set-upstream-to", "other")
    make(clones.a, {"b.md": "And.\n"})
    local = synced(clones.a, code=2)
    assert local["stopped"]["reason"] == "the upstream of main is not on a remote"
    assert local["saved"]
    git(clones.a, "branch", "--unset-upstream")
    git(clones.a, "remote", "remove", "origin")
    make(clones.a, {"b.md": "More.\n"})
    assert steps(synced(clones.a)) == ["save"]


def test_an_ignored_file_is_never_overwritten(clones: Clones) -> None:
    make(clones.b, {"secret.md": "From b.\n", "deep/note.md": "Deep.\n"})
    synced(clones.b)
    make(clones.a, {".gitignore": "secret.md\ndeep\n", "secret.md": "Mine.\n", "deep": "A file.\n"})
    before = notes(clones.a)
    stopped = synced(clones.a, code=2)["stopped"]["reason"]
    assert "secret.md: such a file comes in" in stopped
    assert "deep/note.md: such a file comes in" in stopped
    assert notes(clones.a) == before
    make(clones.a, {"secret.md": "From b.\n"})
    (clones.a / "deep").rename(clones.a / "mine")
    synced(clones.a)
    assert (clones.a / "deep/note.md").read_text() == "Deep.\n"


def test_errors_may_go_to_a_branch_of_their_own(clones: Clones) -> None:
    make(clones.a, {"vaultsync.toml": '[sync]\non-errors = "branch"\n'})
    git(clones.a, "config", "vaultsync.machine", "the laptop")
    synced(clones.a)
    before = git(clones.remote, "rev-parse", "main")
    make(clones.a, {"b.md": "---\na: [\n---\n"})
    (notice,) = synced(clones.a)["notices"]
    assert notice.endswith("it goes to origin/main-the-laptop")
    assert git(clones.remote, "rev-parse", "main") == before
    make(clones.a, {"b.md": "Right.\n"})
    assert synced(clones.a)["notices"] == []
    assert git(clones.remote, "show", "main:b.md") == "Right.\n"


def test_settings_that_cannot_be_read_hold_no_words_up(clones: Clones) -> None:
    make(clones.b, {"vaultsync.toml": "[lint]\nselect = 1\n"})
    stopped = synced(clones.b, code=2)["stopped"]["reason"]
    assert "vaultsync.toml" in stopped


def test_one_run_at_a_time(clones: Clones) -> None:
    hook(clones.a / ".git", "pre-push", '"$PYTHON" -m vaultsync sync 2> second; exit 0')
    make(clones.a, {"b.md": "Other.\n", ".gitignore": "second\n"})
    synced(clones.a, PYTHON=sys.executable, PYTHONPATH=str(SOURCES))
    process = str(os.getpid())
    assert (clones.a / "second").read_text() == (
        f"error: another run is in progress (process {process}): wait for its end\n"
    )


def test_old_backups_go_when_their_words_are_on_the_remote(clones: Clones) -> None:
    old, refs = "20200101T000000.000000Z", "refs/vaultsync"
    first = git(clones.a, "rev-parse", "HEAD").strip()
    local = git(clones.a, "commit-tree", "HEAD^{tree}", "-m", "local").strip()
    for name, commit in ((f"saves/{old}", first), (f"backups/{old}-save", local)):
        git(clones.a, "update-ref", f"{refs}/{name}", commit)
    log = clones.a / ".git/logs/refs/remotes/origin/main"
    make(clones.a, {"b.md": "Other.\n"})
    synced(clones.a)
    assert f"{refs}/saves/{old}" in git(clones.a, "for-each-ref")
    log.write_text(log.read_text().replace("> 1", "> 0", 1))
    make(clones.a, {"b.md": "More.\n"})
    synced(clones.a)
    left = git(clones.a, "for-each-ref", "--format=%(refname)", refs)
    assert f"{refs}/saves/{old}" not in left
    assert f"{refs}/backups/{old}-save" in left


def test_the_vault_may_be_a_folder_of_the_repository(tmp_path: Path) -> None:
    clones = Clones(tmp_path / "clones", {"vault/.obsidian/app.json": "{}", "vault/a.md": CLAIM})
    shutil.rmtree(clones.b / ".obsidian")
    make(clones.b, {"vault/a.md": CLAIM.replace("It holds", "It does")})
    synced(clones.b / "vault")
    make(clones.a, {"vault/a.md": CLAIM.replace("It holds", "Never")})
    clash = synced(clones.a / "vault", code=3)
    assert clash["conflicts"] == [{"path": "a.md", "count": 1}]
    synced(clones.a / "vault", "--continue", "--theirs")
    assert notes(clones.a / "vault") == notes(clones.b / "vault")
