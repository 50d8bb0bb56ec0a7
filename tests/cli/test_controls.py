"""Nothing that a vault holds steers the terminal or the log of a run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.repository import Repository
from tests.vaults import Run, completed, make, run

# What a stranger could put into a name or a value: a colour, a title of the window, a line that is
# a command to GitHub's runner, another direction of writing, the beginning of a command in C1.
EVIL = "x\x1b[8m\x1b]0;title\x07\r\n::warning::evil\u202e\x9b31m\x85\x7f"
QUOTED = json.dumps(EVIL)
CONTROLS = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# Those that the command line itself prints.
COLOUR = re.compile("\x1b\\[(?:[0-2]|3[1-6])m")
# In links and markers there is no line end.
INLINE = EVIL.replace("\r\n", "")
FILES = {
    "vaultsync.toml": (
        f"[types.{QUOTED}]\nmatch = ['**']\nrequired = ['title']\n"
        f"[types.{QUOTED}.properties]\nstatus = {{ enum = [{QUOTED}] }}\n"
    ),
    f"a{EVIL}.md": (
        f"---\ntitle: {QUOTED}\n{QUOTED}: {QUOTED}\nstatus: {json.dumps(EVIL + 'x')}\n"
        f"tags: [{QUOTED}]\n---\n# {EVIL}\n"
        f"[[gone{INLINE}]] [[#{INLINE}]] [a](<{INLINE}>) #12{INLINE} [[b{INLINE}|{INLINE}]]\n"
        f'<!-- vaultsync:notes style="{INLINE}" -->\n\n<!-- /vaultsync -->\n'
    ),
    f"b{INLINE}.md": (
        f"---\ntitle: {QUOTED}\n---\nTODO: {INLINE} [[gone]]\n\n<!-- vaultsync:todos -->\n\n"
        f"old{EVIL}\n\n<!-- /vaultsync -->\n"
    ),
    "::warning::b.md": f"---\ntitle: {QUOTED}\n---\n{EVIL} [[gone]]\n",
    "Post.md": f"---\ntitle: {QUOTED}\n---\n![[::warning::b]]\n![[gone{INLINE}]]\n",
    "Changelog.md": "---\ntitle: C\n---\n<!-- vaultsync:changelog -->\n\n<!-- /vaultsync -->\n",
    "c\x1b\n\x9b.canvas": "{",
    ".obsidian/types.json": json.dumps({"types": {EVIL: "number"}}),
}
COMMANDS = [
    *[("lint", "--output-format", form) for form in ("full", "concise", "json", "sarif", "github")],
    ("lint", "--select", "ALL", "--statistics"),
    ("lint", "--fix", "--diff", "--unsafe-fixes"),
    ("lint", "--fix"),
    ("-v", "lint", "--since", "HEAD"),
    ("links",),
    ("links", "--output-format", "json"),
    ("index", "--diff"),
    ("index", "--check"),
    ("index",),
    ("changelog", "--diff"),
    ("changelog", "--since", "2026-01-01"),
    ("changelog", "--output-format", "json"),
    ("changelog",),
    ("publish",),
    ("publish", "--check"),
    ("config",),
    ("config", "--output-format", "json"),
    ("new", EVIL, "title"),
]


@pytest.fixture(scope="module", params=[False, True], ids=["readable", "unreadable"])
def vault(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    repo = Repository(tmp_path_factory.mktemp("evil") / "vault", FILES)
    repo.commit("2026-01-02")
    assert repo.changelog().code == 0
    repo.commit()
    other = json.dumps(f"{EVIL}y")
    make(repo.vault, {"Post.md": f"---\ntitle: {other}\n---\n[[gone]] {EVIL}\n"})
    make(repo.vault, {"new\n\x1b.md": f"---\ntitle: {QUOTED}\nstatus: {QUOTED}\n---\n{EVIL}\n"})
    if request.param:
        make(repo.vault, {f"d{EVIL}.md": b"\xff", "e\x1b.md": f"---\n{QUOTED}: {QUOTED}x\n---\n"})
    return repo.vault


def refuse_controls(found: Run, form: str = "", *, coloured: bool = False) -> None:
    """Fail where a line that is printed holds a control character, or is a command."""
    assert "Traceback" not in found.err
    text = found.out + found.err
    text = COLOUR.sub("", text) if coloured else text
    # A diff shows how its lines end.
    assert CONTROLS.findall(text.replace("\r\n", "\n")) == []
    lines = text.split("\n")
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert all(re.match("::(error|warning|notice) file=", line) for line in commands)
    assert not commands or form == "github"


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_no_command_prints_a_control_character_of_the_vault(
    vault: Path, args: tuple[str, ...]
) -> None:
    for colour in ("never", "always"):
        found = run(vault, "--vault", ".", "--color", colour, *args)
        refuse_controls(found, args[-1], coloured=colour == "always")


def test_no_difference_of_a_post_holds_a_control_character(tmp_path: Path) -> None:
    def post(text: str) -> None:
        make(tmp_path, {"Post.md": f"# {INLINE}\n\nWords {INLINE} {text}\n\n## B {INLINE}\n\nC\n"})

    def publish(*args: str) -> Run:
        found = run(tmp_path, "--vault", ".", "--color", "never", "publish", *args)
        refuse_controls(found)
        return found

    make(tmp_path, {"vaultsync.toml": ""})
    post("one")
    target = ("--target", "markdown", "--out", str(tmp_path / ".out"))
    assert publish(*target).code == 0
    assert publish(*target, "--delta").out.startswith("post.md: nothing changed")
    post(f"two {INLINE}")
    assert "what changed" in publish(*target, "--delta").out
    saved = make(
        tmp_path, {".out/saved.md": f"{(tmp_path / '.out/post.md').read_text()}\n{INLINE}\n"}
    )
    assert "hand edit" in publish("--compare", str(saved / ".out/saved.md")).out
    assert publish(*target, "--diff").code == 1


@pytest.mark.parametrize(
    ("files", "args", "message"),
    [
        ({"vaultsync.toml": f"{QUOTED} = 1\n"}, ("lint",), "vaultsync.toml:1:1: unknown key"),
        ({"vaultsync.toml": f"[lint]\nignore = [{QUOTED}]\n"}, ("lint",), "error: "),
        ({"a.md": "", EVIL: b"\xff"}, ("lint", EVIL), "there is no note there"),
        ({"a.md": "", f"x{EVIL}.json": "5"}, ("lint", "--baseline", f"x{EVIL}.json"), "baseline"),
    ],
)
def test_no_error_message_holds_a_control_character(
    tmp_path: Path, files: dict[str, str | bytes], args: tuple[str, ...], message: str
) -> None:
    found = run(make(tmp_path, {"a.md": "A\n", **files}), "--vault", ".", *args)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: ")
    assert message in found.err
    refuse_controls(found)


def test_two_problems_of_the_settings_are_two_errors(tmp_path: Path) -> None:
    found = run(make(tmp_path, {"vaultsync.toml": "a = 1\nb = 1\n"}), "--vault", ".", "lint")
    assert found.err == (
        "error: vaultsync.toml:1:1: unknown key `a`\n    1 | a = 1\n"
        "error: vaultsync.toml:2:1: unknown key `b`\n    2 | b = 1\n"
    )


def test_a_type_that_is_not_printable_is_not_offered_to_the_shell(tmp_path: Path) -> None:
    types = "".join(f"[types.{name}]\nmatch = ['**']\n" for name in ("fine", QUOTED))
    assert completed(make(tmp_path, {"vaultsync.toml": types}), "new", "") == ["fine"]
