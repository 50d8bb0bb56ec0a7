"""What is wrong with a vault, its settings or its surroundings, told by the real command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.vaults import Run, committed, git, make, run, start, state

TOML = """
[types.claim]
match = ["Claims/*.md"]
required = ["title"]
states.draft = { status = "draft" }
properties.title = { type = "string" }
properties.status = { enum = ["draft", "open"] }
body.lead.required = true
"""
CLAIM = "---\ntitle: {0}\nstatus: open\n---\n\n{0} holds.\n"
FILES = {
    "vaultsync.toml": TOML,
    "Claims/good.md": CLAIM.format("Good"),
    "Claims/zz.md": CLAIM.format("Zz") + "\n[[broken/on purpose]]\n",
    "Index.md": (
        '<!-- vaultsync:notes type="claim" style="list" -->\n\n- stale\n\n<!-- /vaultsync -->\n'
    ),
    "Post.md": '<!-- vaultsync:notes type="claim" -->\n\n- stale\n\n<!-- /vaultsync -->\n',
}
BAD: dict[str, tuple[bytes, str]] = {
    "broken YAML": (b"---\ntitle: a: b\n---\nText.\n", "2:9: error PRP001"),
    "a tab in YAML": (b"---\ntitle: a\n\tb: c\n---\nText.\n", "3:1: error PRP008"),
    "a property twice": (b"---\ntitle: a\ntitle: b\n---\nText.\n", "3:1: error PRP007"),
    "no front matter": (b"Text.\n", "1:1: hint PRP002"),
    "CRLF": (CLAIM.format("A").replace("\n", "\r\n").encode(), "1:4: hint FIL004"),
    "a BOM": (b"\xef\xbb\xbf" + CLAIM.format("A").encode(), "1:1: hint FIL003"),
    "not UTF-8": (b"Text \xff.\n", "1:1: error FIL001"),
    "UTF-16": ("Text".encode("utf-16"), "1:1: error FIL001"),
    "UTF-16 without a BOM": ("Te\nxt".encode("utf-16-le"), "1:2: error FIL006"),
    "NUL bytes": (CLAIM.format("A").encode() + b"\n\0\0\0", "8:1: error FIL006"),
    "NUL bytes in YAML": (b"---\ntitle: \0\n---\nText.\n", "2:8: error PRP001"),
    "empty": (b"", "1:1: hint FIL005"),
    "10 MB": (b"word " * 2_000_000, "1:1: error FIL001"),
    "a long line": (b"[[/x]] " + b"a" * 1_000_000, "1:1: hint LNK001"),
    "deep YAML": (b"---\na: " + b"[" * 5_000 + b"\n---\n", "2:1: error PRP001"),
    "many brackets": (b"[" * 20_000 + b"\n", "1:1: hint PRP002"),
    "an open block": (b"<!-- vaultsync:notes -->\n", "1:1: hint MRK001"),
}


def unreadable(path: Path) -> None:
    """Make a file that nobody can read: the mode stops all but root, whom memory stops."""
    if os.geteuid() == 0:
        path.symlink_to("/proc/self/mem")
    else:
        path.write_text("secret")
        path.chmod(0)


LINKED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a dangling link": (
        lambda path: path.symlink_to("nowhere.md"),
        "FIL001 dangling symbolic link",
    ),
    "a link to itself": (lambda path: path.symlink_to(path.name), "FIL001 symbolic link loop"),
    "a link to its folder": (lambda path: path.symlink_to("."), "FIL001 symbolic link loop"),
    "a pipe": (os.mkfifo, "FIL001 not a regular file"),
    "an unreadable file": (unreadable, "FIL001 cannot be read: "),
}
COMMANDS = ["lint", "index", "publish"]
ALL = [("lint",), ("index",), ("changelog",), ("publish",), ("new", "claim", "x")]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "vault", FILES)


def check(root: Path, *args: str) -> Run:
    done = run(root, *args)
    assert "Traceback" not in done.err
    return done


def told(root: Path) -> str:
    """Return what lint finds; the other notes are checked, and nothing is written by looking."""
    before = state(root)
    code, out, _ = check(root, "lint", "--output-format", "concise")
    assert code == 1
    assert "Claims/zz.md:8:1: error LNK001" in out
    assert "Claims/good.md" not in out
    assert run(root, "lint", "--diff").code in {0, 1}
    # What is not even text may be anything: nothing is made without it.
    code = 2 if "FIL001" in out else 1
    assert run(root, "index", "--check").code == code
    assert run(root, "publish", "--out", "../public").code == code
    assert state(root) == before
    assert not (root.parent / "public").exists()
    return out


@pytest.mark.parametrize("name", BAD)
def test_a_bad_note_is_a_finding(vault: Path, name: str) -> None:
    content, place = BAD[name]
    make(vault, {"Claims/bad.md": content})
    out = told(vault)
    assert f"Claims/bad.md:{place}" in out
    assert max(map(len, out.split("\n"))) < 300


@pytest.mark.parametrize("name", LINKED)
def test_a_path_that_cannot_be_read_is_a_finding(vault: Path, name: str) -> None:
    making, said = LINKED[name]
    making(vault / "Claims/bad.md")
    out = check(vault, "lint").out
    assert f"Claims/bad.md:1:1: error {said}" in out
    before = os.lstat(vault / "Claims/bad.md")
    for command in COMMANDS:
        run(vault, command, *(("--check",) if command != "lint" else ()))
    assert os.lstat(vault / "Claims/bad.md") == before
    assert "Claims/zz.md:8:1: error LNK001" in out


def test_a_folder_with_the_name_of_a_note_is_a_folder(vault: Path) -> None:
    make(vault, {"Claims/x.md/inner.md": "[[Claims/x]] [[inner]]\n"})
    assert [line for line in told(vault).split("\n") if "x.md" in line] == [
        "Claims/x.md/inner.md:1:1: error LNK001 there is no `Claims/x` in the vault"
    ]


def test_a_file_with_the_name_of_a_folder_of_the_settings(vault: Path) -> None:
    make(vault, {"Questions": "a file", "Templates": "a file"})
    told(vault)


@pytest.mark.parametrize("name", ["new\nline.md", " .md", "a#b|c.md", "%41.md", "e\u0301🦊.md"])
def test_odd_names_are_named(vault: Path, name: str) -> None:
    make(vault, {name: "[[/nowhere]]\n"})
    assert f"{name}:1:1: error LNK001".replace("\n", " ") in told(vault)


def test_the_index_is_not_refreshed_without_a_note_that_cannot_be_read(vault: Path) -> None:
    make(vault, {"Claims/bad.md": b"\xff"})
    before = state(vault)
    code, out, err = check(vault, "index")
    assert (code, out) == (2, "")
    assert err.startswith("error: Claims/bad.md: not UTF-8 at byte 0: ")
    assert state(vault) == before


@pytest.mark.parametrize(
    "note", ["---\ntitle: a: b\n---\nText.\n", "---\ntitle: 5\nstatus: open\n---\nX.\n"]
)
def test_an_error_in_a_note_stops_the_post(vault: Path, note: str) -> None:
    make(vault, {"Claims/bad.md": note, "Claims/zz.md": CLAIM.format("Zz")})
    code, out, _ = check(vault, "publish", "--out", "../public")
    assert code == 1
    assert out.startswith("Claims/bad.md:")
    assert out.endswith("1 error: nothing was published\n")
    assert not (vault.parent / "public").exists()


SETTINGS = [
    ("lnit = 1", "vaultsync.toml:1:1: unknown key `lnit`: did you mean `lint`?"),
    ("[types.claim]\nmtach = []", "unknown key `types.claim.mtach`: did you mean `match`?"),
    (
        '[types.claim.body.sections.S]\nitems = "sorce"',
        "question, task, text: did you mean `source`?",
    ),
    ('exclude = "x"', "`exclude`: expected"),
    ("[web]\ntimeout = -1", "`web.timeout`: expected"),
    ("[types.claim]\nmatch = [", "vaultsync.toml:2:1: this is not TOML: "),
    (b"\xff", "vaultsync.toml: not UTF-8 at byte 0"),
]
SCHEMA = '[types.claim]\nmatch = ["Claims/*.md"]\n[types.claim.properties]\ntitle = '


@pytest.mark.parametrize(("toml", "message"), SETTINGS)
def test_wrong_settings_stop_every_command(vault: Path, toml: str | bytes, message: str) -> None:
    committed(vault, {"vaultsync.toml": toml})
    before = state(vault)
    for command in ALL:
        code, out, err = run(vault, *command)
        assert (code, out) == (2, "")
        assert err.startswith("error: ")
        assert message in err
    assert state(vault) == before


@pytest.mark.parametrize("command", ["lint", "publish"])
def test_a_wrong_schema_is_refused_with_its_key(vault: Path, command: str) -> None:
    make(vault, {"vaultsync.toml": SCHEMA + '{ type = "strin" }\n'})
    code, out, err = run(vault, command)
    assert (code, out) == (2, "")
    assert err == (
        "error: vaultsync.toml:4:11: `types.claim.properties.title.type`: "
        "there is no type `strin`: did you mean `string`?\n"
        '    4 | title = { type = "strin" }\n'
    )


def test_all_wrong_keys_are_told_at_once(vault: Path) -> None:
    make(vault, {"vaultsync.toml": "lnit = 1\nexclude = 1\n[types.t]\nmtach = 1\n"})
    assert run(vault, "lint").err.count("vaultsync.toml:") == 3


def test_any_folder_of_notes_can_be_read_but_what_needs_more_is_refused(tmp_path: Path) -> None:
    here = make(tmp_path / "here", {"a.md": "Text.\n"})
    assert run(here, "lint") == (0, "1 note: no errors\n", "")
    for command in ALL:
        code, out, err = run(here, *command)
        needy = command[0] not in {"lint", "index"}
        assert code == 2 * needy
        assert err.startswith("error: ") is needy
        assert bool(out) is not needy
    assert (here / "a.md").read_text() == "Text.\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_vault_is_refused(tmp_path: Path, command: str) -> None:
    make(tmp_path, {"vaultsync.toml": "", "picture.png": ""})
    code, out, err = run(tmp_path, command)
    assert (code, out) == (2, "")
    assert "this vault is empty, it holds no notes" in err
    assert "`vaultsync init`" in err


@pytest.mark.parametrize(
    "args", [("changelog",), ("lint", "--staged"), ("index", "--staged"), ("changelog", "--staged")]
)
def test_without_git_what_needs_it_says_what_to_do(vault: Path, args: tuple[str, ...]) -> None:
    code, out, err = run(vault, *args)
    assert (code, out) == (2, "")
    assert "needs git, and this folder is in no repository: run `git init` there" in err
    code, out, err = start(vault, *args, env={"PATH": str(vault)})
    assert (code, out) == (2, "")
    assert "needs git, which is not installed" in err


@pytest.mark.parametrize("args", [("lint",), ("index", "--check"), ("publish", "--check")])
def test_without_git_the_rest_works(vault: Path, args: tuple[str, ...]) -> None:
    make(vault, {"Claims/zz.md": CLAIM.format("Zz")})
    done = start(vault, *args, env={"PATH": str(vault)})
    assert done.code in {0, 1}
    assert done.err == ""


@pytest.mark.parametrize("name", ["broken YAML", "not UTF-8", "empty", "10 MB"])
def test_a_bad_note_in_the_index_is_a_finding(vault: Path, name: str) -> None:
    content, place = BAD[name]
    git(vault, "init", "-q")
    make(vault, {"Claims/bad.md": content})
    git(vault, "add", "--all")
    done = check(vault, "-v", "lint", "--staged", "--output-format", "concise")
    assert f"Claims/bad.md:{place}" in done.out
    assert "Claims/zz.md:8:1: error LNK001" in done.out
    check(vault, "index", "--staged")
    assert (vault / "Claims/bad.md").read_bytes() == content
