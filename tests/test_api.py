"""The Python interface, and its page in the guide."""

from __future__ import annotations

import doctest
import os
import re
import shutil
from pathlib import Path

import frontmatter
import pytest

from tests.vaults import make, run, start
from vaultsync.api import Resolution, open_vault
from vaultsync.core.errors import ConfigError, VaultError
from vaultsync.markdown.frontmatter.block import read_properties

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/api.md"
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOML = '[types.claim]\nmatch = ["Claims/*.md"]\n[publish]\npost = "Post.md"\n'
FILES = {
    "vaultsync.toml": TOML,
    "Claims/a.md": "---\ntitle: A\nn: no\n---\n\nText.\n",
    "bad.md": "---\na: [\n---\n",
    "b.md": "## Here\n\n[[/gone]] [[a]]\n",
    "x/a.md": "",
    "y/a.md": "",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "vault", FILES)


def test_the_examples_of_the_page_give_what_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "vault", tmp_path / "vault")
    monkeypatch.chdir(tmp_path)
    examples = "".join(_FENCE.findall(PAGE.read_text()))
    test = doctest.DocTestParser().get_doctest(examples, {}, PAGE.name, str(PAGE), 0)
    found: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=found.append)
    assert result.attempted >= 20
    assert "".join(found) == ""


def test_the_findings_are_those_of_the_command(vault: Path) -> None:
    with open_vault(vault, cache=False) as opened:
        lines = [f"{one.path}:{one.start[0]}:{one.start[1]}" for one in opened.lint()]
        chosen = {one.code for one in opened.lint(select=["LNK", "PRP"], ignore=["LNK015"])}
        with pytest.raises(ConfigError):
            opened.lint(select=["NONE"])
    shown = run(vault, "-v", "lint", "--output-format", "concise").out.splitlines()
    assert lines == [":".join(line.split(":")[:3]) for line in shown[:-1]]
    assert chosen >= {"LNK001", "PRP001"}
    assert "LNK015" not in chosen


def test_a_link_resolves_as_in_obsidian(vault: Path) -> None:
    opened = open_vault(os.fspath(vault), cache=False)
    assert opened.resolve("b.md", "a").candidates == ("x/a.md", "y/a.md")
    assert opened.resolve("b.md", "b#Here|shown") == Resolution(("b.md",), subpath_found=True)
    assert opened.resolve("b.md", "b#There") == Resolution(("b.md",), subpath_found=False)
    assert opened.resolve("b.md", "gone#Here") == Resolution((), subpath_found=False)
    assert opened.resolve("b.md", "gone").path is None


def test_a_note_is_a_post_of_python_frontmatter(vault: Path) -> None:
    (note,) = open_vault(vault, cache=False).notes()
    assert (note.path, note.type, note.title) == ("Claims/a.md", "claim", "A")
    assert note.post.metadata == {"title": "A", "n": "no"}
    assert note.post.content == "Text."
    assert note.body.lead is not None
    assert note.body.lead.text == "Text."
    assert frontmatter.dumps(note.post) + "\n" == FILES["Claims/a.md"]


def test_every_note_is_written_with_the_properties_that_it_has() -> None:
    for note in open_vault(ROOT / "vault", cache=False).notes():
        again = read_properties(frontmatter.dumps(note.post))
        assert (again.error, again.data) == (None, note.post.metadata)


def test_a_post_with_an_error_is_not_published(vault: Path) -> None:
    make(vault, {"Post.md": "---\ntitle: P\n---\n\n[[/gone]]\n"})
    with open_vault(vault) as opened, pytest.raises(VaultError, match=r"^Post\.md:5: .*`/gone`"):
        opened.publish(["markdown"])
    make(vault, {"Post.md": "---\ntitle: P\n---\n\nText.\n"})
    with open_vault(vault) as opened:
        assert b"Text." in opened.publish(["markdown"])["post.md"]
    assert not (vault.parent / "public").exists()


def test_a_target_that_does_not_exist_is_named(vault: Path) -> None:
    with open_vault(vault) as opened, pytest.raises(ConfigError, match="did you mean `feed`"):
        opened.publish(["feeds"])


@pytest.mark.parametrize("argument", ["--version", "lint"])
def test_libraries_of_other_commands_are_not_imported(vault: Path, argument: str) -> None:
    code = (
        "import contextlib, sys; from vaultsync.cli.main import cli\n"
        f"with contextlib.suppress(SystemExit): cli([{argument!r}])\n"
        "print([name for name in ('frontmatter', 'git', 'httpx') if name in sys.modules])"
    )
    assert start(vault, code=code).out.endswith("[]\n")
