"""`vaultsync merge-branches`, with a bare repository and the API of a host on this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.host import Hosted, Hub, serving
from tests.vaults import git, make

NOTE = """---
title: Ants
status: {status}
---

{claim}
"""
SETTINGS = """
[types.claim]
match = ["Claims/*.md"]
[types.claim.properties]
title = { type = "string" }
status = { enum = ["held", "contested", "retired"] }
[types.claim.body]
lead = { required = true }
"""
START = {
    "vaultsync.toml": SETTINGS,
    "Claims/ants.md": NOTE.format(status="held", claim="Ants lift 50 times their weight."),
}


def ants(status: str = "held", claim: str = "Ants lift 50 times their weight.") -> dict[str, str]:
    return {"Claims/ants.md": NOTE.format(status=status, claim=claim)}


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Hosted]:
    hub = Hub()
    with serving(hub) as api:
        yield Hosted(tmp_path, hub, api, START)


def test_what_git_cannot_merge_is_merged_by_meaning(hosted: Hosted) -> None:
    number = hosted.branch("ben", ants(claim="Ants may lift 50 times their weight."))
    before = hosted.tip("ben")
    hosted.push(ants(status="contested"))
    done = hosted.merge()
    assert (done.code, done.err) == (0, "")
    assert done.out == f"#{number} ben: merged\n"
    assert hosted.text("ben", "Claims/ants.md") == NOTE.format(
        status="contested", claim="Ants may lift 50 times their weight."
    )
    parents = git(hosted.folder / "origin.git", "log", "-1", "--format=%P%n%s", "ben")
    assert parents == f"{before} {hosted.tip('main')}\nMerge main into ben\n"
    assert hosted.bodies(number) == []
    assert {token for _, token in hosted.hub.seen} == {"Bearer t"}


def test_a_branch_that_has_all_stays_as_it_is(hosted: Hosted) -> None:
    hosted.branch("ben", ants(claim="Ants."))
    tip = hosted.tip("ben")
    assert hosted.merge().out == "#1 ben: up to date\n"
    assert hosted.tip("ben") == tip
    # Nor one that has nothing of its own.
    hosted.branch("carl", {"b.md": "B\n"})
    hosted.push({"c.md": "C\n"})
    git(hosted.folder / "work", "push", "-q", "-f", "origin", "main~1:refs/heads/carl")
    assert hosted.merge().out == "#1 ben: merged\n#2 carl: up to date\n"


def test_a_clash_is_pushed_with_both_versions_and_a_comment(hosted: Hosted) -> None:
    number = hosted.branch("ben", ants(claim="Ants lift 60 times."))
    hosted.push(ants(claim="Ants lift 40 times."))
    done = hosted.merge()
    assert (done.code, done.out) == (0, "#1 ben: conflict\n  Claims/ants.md\n")
    text = hosted.text("ben", "Claims/ants.md")
    assert "\nAnts lift 40 times.\n\n> [!conflict] " in text
    assert "\n> Ants lift 60 times.\n" in text
    (body,) = hosted.bodies(number)
    assert "\n- ` Claims/ants.md `\n" in body
    # The next push to the base changes nothing in the note, and the comment stays one.
    hosted.push({"other.md": "B\n"})
    assert hosted.merge().out == "#1 ben: merged\n"
    assert hosted.text("ben", "Claims/ants.md") == text
    # A comment with another text is replaced.
    hosted.hub.comments[number][0]["body"] = f"{body}Before.\n"
    hosted.push(ants(claim="Ants lift 30 times."))
    assert hosted.merge().out.startswith("#1 ben: conflict\n")
    assert hosted.bodies(number) == [body]


def test_a_branch_of_a_fork_gets_a_comment_where_git_cannot_merge(hosted: Hosted) -> None:
    clash = hosted.branch("main", ants(claim="Ants lift 60 times."), fork=True)
    clean = hosted.branch("tidy", {"b.md": "B\n"}, fork=True)
    hosted.push(ants(claim="Ants lift 40 times."))
    refs = git(hosted.folder / "origin.git", "for-each-ref")
    done = hosted.merge()
    assert (done.code, done.err) == (0, "")
    assert done.out == "#1 main: fork\n  Claims/ants.md\n#2 tidy: up to date\n"
    assert git(hosted.folder / "origin.git", "for-each-ref") == refs
    (body,) = hosted.bodies(clash)
    assert "git fetch https://hub.example.org/ann/notes refs/heads/main\ngit merge" in body
    assert hosted.bodies(clean) == []
    # A second run has nothing to add, and a comment of somebody else is not replaced.
    hosted.hub.comments[clash].insert(0, {"id": 1, "body": f"{body}.", "user": {"type": "User"}})
    hosted.hub.comments[clash].insert(0, {"id": 2, "body": None, "user": None})
    count = sum(method != "GET" for method, _ in hosted.hub.seen)
    assert hosted.merge().code == 0
    assert sum(method != "GET" for method, _ in hosted.hub.seen) == count


def test_no_driver_of_the_settings_runs(hosted: Hosted) -> None:
    ran = hosted.folder / "ran"
    hosted.push({".gitattributes": "* merge=x diff=x filter=x\n"})
    hosted.branch("ben", ants(claim="Ants lift 60 times."))
    hosted.branch("carl", ants(claim="Ants lift 70 times."), fork=True)
    hosted.push(ants(claim="Ants lift 40 times."))
    for key in ("merge.x.driver", "diff.x.command", "filter.x.smudge", "filter.x.clean"):
        git(hosted.checkout(), "config", key, f"touch {ran}")
    heads = [line for line in hosted.merge().out.splitlines() if line.startswith("#")]
    assert heads == ["#1 ben: conflict", "#2 carl: fork"]
    assert not ran.exists()


def test_a_fork_that_was_deleted_is_a_fork(hosted: Hosted) -> None:
    hosted.branch("ben", {"b.md": "B\n"})
    hosted.hub.pulls[0]["head"]["repo"] = None
    hosted.push({"c.md": "C\n"})
    tip = hosted.tip("ben")
    assert hosted.merge().out == "#1 ben: up to date\n"
    assert hosted.tip("ben") == tip


def test_all_pages_are_read(hosted: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaultsync.infra.github._PAGE", 3)
    hosted.branch("ben", {"b.md": "B\n"})
    hosted.hub.pulls = [{**hosted.hub.pulls[0], "number": number} for number in range(1, 8)]
    assert hosted.merge().out.splitlines()[-1] == "#7 ben: up to date"


def test_others_who_are_faster_keep_what_they_pushed(hosted: Hosted) -> None:
    hosted.branch("ben", {"b.md": "B\n"})
    hosted.push({"c.md": "C\n"})
    ours, theirs = hosted.tip("ben"), hosted.folder / "later"
    git(hosted.folder, "clone", "-q", "-b", "ben", "origin.git", "later")
    make(theirs, {"d.md": "D\n"})
    git(theirs, "add", "--all")
    git(theirs, "commit", "-q", "-m", "meanwhile")
    # While the first push is on its way another one comes in.
    hook = hosted.checkout() / ".git/hooks/pre-push"
    hook.write_text(f"#!/bin/sh\nrm $0\nunset GIT_DIR\ncd {theirs} && git push -q origin ben\n")
    hook.chmod(0o755)
    assert hosted.merge().out == "#1 ben: merged\n"
    tree = git(hosted.folder / "origin.git", "ls-tree", "-r", "--name-only", "ben").split()
    assert {"b.md", "c.md", "d.md"} <= set(tree)
    assert ours in git(hosted.folder / "origin.git", "rev-list", "ben").split()


def test_a_branch_that_cannot_be_pushed_is_reported_and_the_others_are_merged(
    hosted: Hosted,
) -> None:
    for name in ("kept", "ben"):
        hosted.branch(name, {f"{name}.md": "B\n"})
    hosted.push({"c.md": "C\n"})
    hook = hosted.folder / "origin.git/hooks/update"
    make(hook.parent, {hook.name: '#!/bin/sh\ncase $1 in *kept) echo "no" >&2; exit 1;; esac\n'})
    hook.chmod(0o755)
    tip = hosted.tip("kept")
    done = hosted.merge()
    assert done.code == 1
    assert done.out.startswith("#1 kept: failed\n  ")
    assert done.out.endswith("\n#2 ben: merged\n")
    assert hosted.tip("kept") == tip


@pytest.mark.parametrize(
    "name", ["--upload-pack=touch${IFS}ran", "-x", "$(touch${IFS}ran)", "a;b`c`"]
)
def test_the_name_of_a_branch_is_never_a_command_or_an_option(hosted: Hosted, name: str) -> None:
    hosted.branch(name, ants(claim="Ants lift 60 times."))
    hosted.push(ants(claim="Ants lift 40 times."))
    done = hosted.merge()
    assert (done.code, done.out.splitlines()[0]) == (0, f"#1 {name}: conflict")
    assert not list(hosted.folder.rglob("ran"))


def test_the_name_of_a_note_is_text_in_comments_and_logs(hosted: Hosted) -> None:
    name = "Claims/`@ann` <b>\n::error::x.md"
    hosted.push({name: NOTE.format(status="held", claim="A.")})
    number = hosted.branch("ben", {name: NOTE.format(status="held", claim="B.")})
    hosted.push({name: NOTE.format(status="held", claim="C.")})
    done = hosted.merge()
    assert done.out.splitlines()[1:] == [f"  {name.replace(chr(10), ' ')}"]
    (body,) = hosted.bodies(number)
    assert f"\n- `` {name.replace(chr(10), ' ')} ``\n" in body


def test_many_notes_are_not_all_named(hosted: Hosted) -> None:
    names = [f"Claims/{number:02}.md" for number in range(60)]
    hosted.push({name: NOTE.format(status="held", claim="A.") for name in names})
    number = hosted.branch("ben", {n: NOTE.format(status="held", claim="B.") for n in names})
    hosted.push({name: NOTE.format(status="held", claim="C.") for name in names})
    assert hosted.merge().code == 0
    (body,) = hosted.bodies(number)
    assert body.count("\n- ") == 51
    assert "\n- and 10 more\n" in body


@pytest.mark.parametrize("status", [403, 500])
def test_a_host_that_refuses_is_an_error(hosted: Hosted, status: int) -> None:
    hosted.hub.refuses = status
    done = hosted.merge()
    assert done.code == 2
    assert "/repos/ann/notes/pulls?state=open&base=main&per_page=100&page=1: " in done.err
    assert str(status) in done.err


def test_an_answer_that_is_something_else_is_an_error(hosted: Hosted) -> None:
    hosted.hub.pulls = [{"base": {"ref": "main"}}]
    done = hosted.merge()
    assert done.code == 2
    assert "sent something else" in done.err


def test_a_host_that_is_not_reached_is_an_error(hosted: Hosted) -> None:
    done = hosted.merge(GITHUB_API_URL="http://127.0.0.1:1")
    assert done.code == 2
    assert "GET http://127.0.0.1:1/repos/ann/notes/pulls" in done.err


def test_histories_without_a_common_start_are_merged_too(hosted: Hosted) -> None:
    work = hosted.folder / "work"
    hosted.branch("ben", {"b.md": "B\n"}, fork=True)
    git(work, "checkout", "-q", "--orphan", "strange")
    subprocess.run(["git", "rm", "-rfq", "."], cwd=work, check=True)
    hosted.commit({"x.md": "X\n"})
    git(work, "push", "-q", "-f", "origin", "strange:refs/pull/1/head")
    done = hosted.merge()
    assert (done.code, done.out.splitlines()[0]) == (1, "#1 ben: failed")
