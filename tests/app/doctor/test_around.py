"""What is checked around a vault: with real remotes, and with what a stranger's settings name."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.app.doctor.checks import checks
from tests.vaults import committed, git, make

from vaultsync.app.doctor import Machine, examine, mend

PASSWORD = base64.b64encode(b"me:secret").decode()


class Protected(BaseHTTPRequestHandler):
    """A repository that has no branch, for those who know the password."""

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == f"Basic {PASSWORD}"
        body = b"001e# service=git-upload-pack\n000000000000"
        self.send_response(200 if known else 401)
        if known:
            self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
        else:
            self.send_header("WWW-Authenticate", 'Basic realm="here"')
        self.end_headers()
        self.wfile.write(body if known else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the tests' output clean."""


@pytest.fixture
def protected() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Protected) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/vault.git"
        server.shutdown()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home folder with settings of its own."""
    folder = make(tmp_path / "home", {".gitconfig": "[user]\n\tname = Me\n\temail = me@x.org\n"})
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return folder


@pytest.fixture
def root(home: Path) -> Path:
    return committed(home.parent / "vault", {"a.md": "# A\n"})


def states(root: Path, **environment: str) -> dict[str, str]:
    return {name: one.state for name, one in checks(root, **environment).items()}


def test_all_is_right_with_a_remote_that_can_be_read(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "other.git")
    git(root, "remote", "add", "other", "../other.git")
    for name in ("hooks", "driver", "patterns"):
        mend(Machine(str(root)), name)
    found = checks(root)
    assert set(states(root).values()) == {"ok"}
    assert found["identity"].message == "Me <me@x.org>"
    assert found["remote"].message == "other: ../other.git"
    assert found["authentication"].message == "other can be read without a prompt"


@pytest.mark.usefixtures("home")
def test_a_folder_in_no_repository(tmp_path: Path) -> None:
    found = checks(make(tmp_path / "my vault", {"a.md": ""}))
    assert found["repository"].remedy == f"`git -C '{tmp_path}/my vault' init`"
    assert [one.state for one in found.values()][:7] == [
        *("ok", "ok", "missing", "ok", "unknown", "unknown", "ok")
    ]
    assert found["authentication"].message == "not checked: remote is unknown"


def test_who_commits_is_known_to_git_or_to_the_environment(root: Path, home: Path) -> None:
    make(home, {".gitconfig": "[user]\n\tname =\n"})
    found = checks(root)["identity"]
    assert found.message == "git does not know user.name and user.email"
    assert found.remedy == (
        '`git config --global user.name "Your Name" && '
        "git config --global user.email you@example.org`"
    )
    make(home, {".gitconfig": "[user]\n\tname\n\tname = A\n\tname = Me\n"})
    assert checks(root)["identity"].message == "git does not know user.email"
    found = checks(root, GIT_AUTHOR_EMAIL="x@y.z")["identity"]
    assert (found.state, found.message) == ("ok", "Me <x@y.z>")


def test_a_machine_without_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    found = checks(root)
    assert (found["git"].state, found["git"].message) == ("missing", "git is not on PATH")
    assert [found[name].state for name in ("repository", "identity", "remote")] == ["unknown"] * 3


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo git version 2.37.9", "git version 2.37.9 at {git} is too old"),
        ("echo no version", "no version at {git} is too old"),
        ("echo broken >&2; exit 3", "git in {root}: broken"),
    ],
)
def test_a_git_that_will_not_do(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    program = make(tmp_path / "bin", {"git": f"#!/bin/sh\n{script}\n"}) / "git"
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin")
    found = checks(root)["git"]
    assert (found.state, found.message) == ("wrong", message.format(git=program, root=root))


def test_a_repository_that_git_refuses(root: Path, tmp_path: Path) -> None:
    (root / ".git/objects").rename(tmp_path / "objects")
    found = checks(root)["repository"]
    assert (found.state, found.remedy) == ("wrong", None)
    assert "is it damaged?" in found.message


def test_a_repository_of_another_user(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # With this variable git's own tests let it take any folder for another user's.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    found = checks(root)["repository"]
    assert found.state == "wrong"
    assert found.remedy == f"if it is yours: `git config --global --add safe.directory {root}`"


def test_the_remote_of_the_branch_is_taken(root: Path) -> None:
    for name in ("a", "origin", "mine.too"):
        git(root, "remote", "add", name, f"https://me:secret@127.0.0.1:1/{name}")
    assert checks(root)["remote"].message == "origin: https://127.0.0.1:1/origin"
    branch = git(root, "branch", "--show-current").strip()
    git(root, "config", f"branch.{branch}.remote", "mine.too")
    assert checks(root)["remote"].message == "mine.too: https://127.0.0.1:1/mine.too"
    git(root, "config", f"branch.{branch}.remote", "gone")
    git(root, "remote", "remove", "origin")
    assert checks(root)["remote"].message == "a: https://127.0.0.1:1/a"


def test_a_password_that_git_does_not_have(root: Path, protected: str) -> None:
    git(root, "remote", "add", "origin", protected)
    found = checks(root)["authentication"]
    assert (found.state, "terminal prompts disabled" in found.message) == ("wrong", True)
    command = f"git -C {root} ls-remote origin"
    assert found.remedy == f"sign in once, so that git keeps it: run `{command}`"


def test_a_password_that_the_user_keeps_in_git(root: Path, home: Path, protected: str) -> None:
    git(root, "remote", "add", "origin", protected)
    helper = "!f() { echo username=me; echo password=secret; }; f"
    git(root, "config", "--global", "credential.helper", helper)
    assert (home / ".gitconfig").read_text().count("credential") == 1
    assert states(root)["authentication"] == "ok"
    git(root, "remote", "set-url", "origin", protected.replace("//", "//you:wrong@"))
    found = checks(root)["authentication"]
    assert found.state == "wrong"
    assert "wrong@" not in found.message


@pytest.mark.parametrize("variable", ["GIT_ASKPASS", "SSH_ASKPASS"])
def test_no_prompt_is_shown(
    root: Path, protected: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    script, ran = program(root)
    monkeypatch.setenv(variable, str(script))
    git(root, "config", "--global", "core.askPass", str(script))
    git(root, "remote", "add", "origin", protected)
    assert states(root)["authentication"] == "wrong"
    assert not ran.exists()


def program(root: Path) -> tuple[Path, Path]:
    """Make a program; return it with the file that it makes when it is run."""
    ran = root.parent / "ran"
    script = root.parent / "script"
    script.write_text(f"#!/bin/sh\necho \"$@\" >> '{ran}'\nexit 1\n")
    script.chmod(0o755)
    return script, ran


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("core.sshCommand", "ssh://127.0.0.1:1/x"),
        ("core.askPass", "{protected}"),
        ("credential.helper", "{protected}"),
        ("core.gitProxy", "git://127.0.0.1:1/x"),
        ("remote.origin.uploadpack", "../other.git"),
        ("url.ext::{script}.insteadOf", "x"),
        ("include.path", "ssh://127.0.0.1:1/x"),
    ],
)
def test_no_command_of_the_repositorys_settings_is_run(
    root: Path, tmp_path: Path, protected: str, key: str, url: str
) -> None:
    git(tmp_path, "init", "-q", "--bare", "other.git")
    script, ran = program(root)
    more = tmp_path / "more"
    more.write_text(f"[core]\n\tsshCommand = {script}\n")
    value = {"include.path": str(more), "url.ext::{script}.insteadOf": url}.get(key, str(script))
    git(root, "config", key.format(script=script), value)
    git(root, "config", "protocol.ext.allow", "always")
    git(root, "config", "remote.origin.url", url.format(protected=protected))
    found = checks(root)["authentication"]
    assert not ran.exists()
    if key != "remote.origin.uploadpack":
        assert found.state == "unknown"
        assert "the repository's own settings are not used here: " in found.message
        assert found.remedy == f"if you trust them, run `git -C {root} ls-remote origin`"


def test_an_address_that_is_a_command_is_not_run(root: Path) -> None:
    script, ran = program(root)
    git(root, "config", "--global", "protocol.ext.allow", "always")
    git(root, "remote", "add", "origin", f"ext::{script}")
    found = checks(root)["authentication"]
    assert (found.state, ran.exists()) == ("wrong", False)
    assert found.remedy == "check its address: `git remote set-url origin ADDRESS`"


def test_ssh_is_the_users_and_asks_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, ran = program(root)
    git(root, "remote", "add", "origin", "me@127.0.0.1:vault.git")
    git(root, "config", "--global", "core.sshCommand", str(script))
    assert states(root)["authentication"] != "ok"
    assert "-oBatchMode=yes" in ran.read_text()
    ran.unlink()
    monkeypatch.setenv("GIT_SSH_COMMAND", f"{script} -4")
    states(root)
    assert ran.read_text().startswith("-4 -oBatchMode=yes")
    ran.unlink()
    git(root, "config", "--global", "--unset", "core.sshCommand")
    monkeypatch.delenv("GIT_SSH_COMMAND")
    monkeypatch.setenv("GIT_SSH", str(script))
    states(root)
    assert "BatchMode" not in ran.read_text()


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("../gone.git", "wrong"),
        ("http://127.0.0.1:1/x", "unknown"),
        ("file:///no such folder", "wrong"),
        ("-uevil", "wrong"),
    ],
)
def test_a_remote_that_cannot_be_read(root: Path, url: str, state: str) -> None:
    git(root, "remote", "add", "origin", "x")
    git(root, "config", "remote.origin.url", url)
    assert states(root)["authentication"] == state


def test_a_remote_that_never_answers(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        git(root, "remote", "add", "origin", f"http://127.0.0.1:{server.getsockname()[1]}/x")
        found = {one.name: one for one in examine(Machine(str(root), {}, limit=0.5))}
        one = found["authentication"]
        assert (one.state, one.message) == ("unknown", "no answer in 0.5 seconds")
        # What git started has ended, and its connection with it.
        with server.accept()[0] as connection:
            connection.settimeout(60)
            while connection.recv(1 << 16):
                pass


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"FLATPAK_ID": "md.x.Y"}, "in the sandbox of Flatpak: the host's git is not seen"),
        ({"SNAP": "/snap/x/1", "SNAP_NAME": "x"}, "in the sandbox of Snap (x)"),
        ({"SNAP": "/snap/x/1"}, "in the sandbox of Snap (unnamed)"),
    ],
)
def test_a_sandbox_is_named(root: Path, environment: dict[str, str], message: str) -> None:
    found = checks(root, **environment)["sandbox"]
    assert (found.state, found.message) == ("unknown", message)
    assert found.remedy


def test_flatpak_is_known_by_its_file(root: Path, tmp_path: Path) -> None:
    system = make(tmp_path / "system", {".flatpak-info": ""})
    found = {one.name: one for one in examine(Machine(str(root), {}, str(system)))}["sandbox"]
    assert "talk-name=org.freedesktop.Flatpak APP` and" in (found.remedy or "")
