"""The guide holds what the tool does: its commands are run, its examples are filled and read.

A `console` block is run as a reader would, a named block is a note that the reader writes, a
named `diff` one that the reader changes. `pytest --update` writes what the commands print today.
"""

from __future__ import annotations

import ast
import datetime
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from tests.conftest import needs
from vaultsync.blocks.context import Context
from vaultsync.blocks.fill import KINDS, fill
from vaultsync.blocks.notes_block import OWN
from vaultsync.cli.main import COMMANDS
from vaultsync.core.config import Config
from vaultsync.core.config.docs import config_page, schema_text
from vaultsync.core.config.read import load_config
from vaultsync.core.model import Vault
from vaultsync.lint import engine
from vaultsync.lint.context import Context as LintContext
from vaultsync.lint.docs import rules_page
from vaultsync.lint.rules import RULES
from vaultsync.markdown import parse
from vaultsync.notes.link_index import slugs
from vaultsync.publish.targets.data import Encyclopedia

ROOT = Path(__file__).parents[1]
README, DOCS = ROOT / "README.md", ROOT / "docs"
WALKS = [README, *(DOCS / f"{name}.md" for name in ("round", "linting", "changelog", "living"))]
LONG_WALKS = {DOCS / "round.md"}
GUIDE = sorted(DOCS.glob("*.md"))
PAGES = [README, ROOT / "CONTRIBUTING.md", *GUIDE]
SET_UP = (
    "python3 -m venv .venv && . .venv/bin/activate && python -m pip install . && vaultsync publish",
    "python3 -m venv .venv && . .venv/bin/activate && python -m pip install -e '.[dev]' && pytest",
)


def data_schema() -> str:
    """Return the JSON Schema of the target `data` as the text of a file."""
    _, parts = msgspec.json.schema_components([Encyclopedia], ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **parts.pop(Encyclopedia.__name__),
        "title": "encyclopedia.json",
        "$defs": parts,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


GENERATED = {
    "rules.md": rules_page,
    "config.md": config_page,
    "schemas/encyclopedia.json": data_schema,
    "schemas/vaultsync.json": schema_text,
}
# The day on which readers follow the pages: later days of the vault's changelog are left out.
_DAY = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
_NEXT_DAY = re.compile(r"\bThe next day\b", re.IGNORECASE)
_LATER_DAY = re.compile(
    r"^### (?P<day>\d{4}-\d\d-\d\d)\n.*?(?=^(?:###|<!--))", re.MULTILINE | re.DOTALL
)
# What changes with each note that is added: how many there are, what drafts lack, and the ids of
# the journal and of commits.
_LIVING = re.compile(
    r"^\d+ frames, .*$|^- Moved into a vault: .*$|^index [0-9a-f]+\.\.[0-9a-f]+"
    r"|^ +- commit [0-9a-f]+|^ +\"[0-9a-f]{40}\"",
    re.MULTILINE,
)
_FIGURE = re.compile(
    r"\b\d+ (frame|question|draft|TODO)s?\b|\b\d+ (?=hints? \(-v)|(?<=-v shows )\d+"
    r"|\b[0-9a-f]{7,}\b"
)
_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w+)(?: (?P<name>[^\n]+))?\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_INLINE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\((?P<path>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")
_CODE = re.compile(r"\b(?:PRP|LNK|BDY|SRC|FIL|MRK|TAG|PUB)\d{3}\b")
_SOMEBODYS_VAULT = {
    ".obsidian/app.json": "{}\n",
    "Home.md": "Reading: [[Library]], [[Libary]].\n",
    "Library.md": "---\ntitle: Gödel: an eternal braid\n---\n\nSee [[Home#Films]].\n",
}


class Fence(NamedTuple):
    """A fenced code block; `name` is what follows the language, `start` where the body begins."""

    language: str
    name: str
    body: str
    start: int


def fences(text: str) -> Iterator[Fence]:
    for found in _FENCE.finditer(text):
        yield Fence(found["language"], found["name"] or "", found["body"], found.start("body"))


class Walk:
    """A reader who does what a page says: runs its commands and writes its notes."""

    def __init__(self, folder: Path, home: Path) -> None:
        programs = [str(Path(sys.executable).parent), os.environ["PATH"]]
        self.folder, self.place = folder, home / "where"
        self.env = os.environ | {
            "PATH": os.pathsep.join(programs),
            "HOME": str(home),
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
        }
        self.set_day(_DAY)

    def set_day(self, day: datetime.datetime) -> None:
        self.day = day
        self.env |= {"SOURCE_DATE_EPOCH": str(int(day.timestamp())), **_committed(day)}

    def follow(self, text: str) -> str:
        """Return the page's text with the output that its commands have today."""
        parts, end, before = [], 0, 0
        for fence in fences(text):
            if _NEXT_DAY.search(text[before : fence.start]):
                self.set_day(self.day + datetime.timedelta(days=1))
            before = fence.start + len(fence.body)
            if fence.language == "console":
                parts += [text[end : fence.start], self.session(fence.body)]
                end = fence.start + len(fence.body)
            elif fence.name and fence.language == "diff":
                self.edit(fence)
            elif fence.name:
                (self.folder / fence.name).write_text(fence.body)
        return "".join([*parts, text[end:]])

    def session(self, body: str) -> str:
        shown = []
        for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE)[1:]:
            command = part.partition("\n")[0]
            shown.append(f"{command}\n{self.run(command.removeprefix('$ '))}")
        return "".join(shown)

    def run(self, command: str) -> str:
        script = f"{command}\npwd >'{self.place}'"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.folder = Path(self.place.read_text().strip())
        return f"{done.stdout.rstrip()}\n".lstrip("\n")

    def edit(self, fence: Fence) -> None:
        lines = fence.body.splitlines(keepends=True)
        old, new = ("".join(x[1:] for x in lines if x[0] == mark).rstrip("\n") for mark in "-+")
        path = self.folder / fence.name
        text = path.read_text()
        assert text.count(old) == 1, f"{fence.name} holds it {text.count(old)} times: {old}"
        path.write_text(text.replace(old, new))


def _committed(day: datetime.datetime) -> dict[str, str]:
    """Return the dates of commits: none may have a later day than those that the pages show."""
    return dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), day.isoformat())


def settle(page: Path, text: str, *, update: bool) -> None:
    """Compare a page with what it should be, or with `--update` write that."""
    if update and (not page.exists() or text != page.read_text()):
        page.write_text(text)
    before, after = (_uncounted(one).splitlines() for one in (page.read_text(), text))
    changes = "\n".join(difflib.unified_diff(before, after, "written", "today", lineterm=""))
    assert not changes, f"{page.name} is out of date, `pytest --update` mends it:\n{changes}"


def _uncounted(text: str) -> str:
    return _LIVING.sub(lambda found: _FIGURE.sub(r"N \1", found[0]), text)


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_file_holds_what_the_code_says(name: str, *, update: bool) -> None:
    settle(DOCS / name, GENERATED[name](), update=update)


def a_copy(folder: Path) -> Path:
    """Return a checkout of its own: the vault as it is here, committed on a certain day."""
    folder.mkdir()
    shutil.copytree(ROOT / "vault", folder / "vault")
    for name in (".gitattributes", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    journal = folder / "vault" / "Changelog.md"
    journal.write_text(_LATER_DAY.sub(_unless_later, journal.read_text()))
    for command in (
        ["git", "init", "--quiet"],
        ["git", "add", "."],
        # The first of its days counts all notes, and other notes show its days.
        [sys.executable, "-m", "vaultsync", "changelog"],
        ["git", "add", "."],
        ["git", "commit", "--quiet", "--message", "Start"],
    ):
        subprocess.run(
            command,
            cwd=folder,
            env=os.environ | _committed(_DAY),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return folder


def _unless_later(found: re.Match[str]) -> str:
    return "" if found["day"] >= _DAY.date().isoformat() else found[0]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_copy(tmp_path_factory.mktemp("checkout") / "vaultsync")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.name, marks=[pytest.mark.long] if page in LONG_WALKS else [])
        for page in WALKS
    ],
)
def test_every_command_prints_what_the_page_shows(
    page: Path, checkout: Path, tmp_path: Path, *, update: bool
) -> None:
    needs("bash")
    for name, text in _SOMEBODYS_VAULT.items():
        path = tmp_path / "Notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    walk = Walk(shutil.copytree(checkout, tmp_path / "vaultsync"), tmp_path)
    settle(page, walk.follow(page.read_text()), update=update)


def example_vault() -> tuple[Vault, Config]:
    """Return the vault of the notes that stand on the guide's pages about notes and blocks."""
    named = {
        fence.name: fence.body
        for page in (DOCS / "notes.md", DOCS / "blocks.md")
        for fence in fences(page.read_text())
        if fence.name
    }
    config = load_config(named.pop("vaultsync.toml"))
    documents = {path: parse(path, text) for path, text in named.items()}
    return Vault(documents, frozenset(named)), config


def test_every_block_on_its_page_holds_what_the_tool_writes(*, update: bool) -> None:
    page, (vault, config) = DOCS / "blocks.md", example_vault()
    text = page.read_text()
    examples = [f for f in fences(text) if f.language == "markdown" and not f.name]
    assert len(examples) >= len(KINDS)
    for fence in examples:
        example = parse("Example.md", fence.body)
        context = Context(vault.with_document(example), config)
        text = text.replace(fence.body, fill(example, context, "tree", "history"))
    settle(page, text, update=update)


def test_the_example_vault_lints_clean() -> None:
    vault, config = example_vault()
    found = engine.findings(LintContext(vault, config), engine.select(config.lint))
    assert [d for d in found if d.severity != "hint"] == []


def test_every_example_of_settings_loads() -> None:
    examples = [f for page in PAGES for f in fences(page.read_text()) if f.language == "toml"]
    assert examples
    for example in examples:
        load_config(example.body)


@pytest.mark.parametrize("command", SET_UP)
def test_the_readme_holds_each_set_up_command_once(command: str) -> None:
    assert README.read_text().splitlines().count(command) == 1
    assert [f.body for f in fences(README.read_text())].count(f"{command}\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command: str) -> None:
    assert f"`vaultsync {command}" in README.read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_block_and_attribute_is_described(kind: str) -> None:
    heading, sections = f"## {kind}\n", (DOCS / "blocks.md").read_text()
    assert heading in sections
    section = sections.partition(heading)[2].partition("\n## ")[0]
    attributes = OWN if KINDS[kind].attributes is None else KINDS[kind].attributes
    missing = [name for name in attributes or () if f"`{name}" not in section]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_links_lead_somewhere_and_rules_exist(page: Path) -> None:
    text = page.read_text()
    assert set(_CODE.findall(text)) <= {rule.code for rule in RULES}
    for link in _LINK.finditer(_INLINE.sub("", _FENCE.sub("", text))):
        if not re.match(r"\w+:", link["path"]):
            target = page.parent / link["path"] if link["path"] else page
            assert target.exists(), link.group()
            if link["heading"]:
                headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
                assert link["heading"] in slugs(headings)


_STOP = re.compile(r"^\d+\. `(?P<path>[\w/]+\.py)` `(?P<name>\w+)`", re.MULTILINE)


def _walks() -> dict[str, list[tuple[str, str]]]:
    """Return the stops of each walk in the page on architecture, by its heading."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    _, *walks = page.partition("## Six walks")[2].split("\n### ")
    return {
        walk.partition("\n")[0]: [(m["path"], m["name"]) for m in _STOP.finditer(walk)]
        for walk in walks
    }


def test_there_are_six_walks_of_at_most_twelve_stops() -> None:
    assert [0 < len(stops) <= 12 for stops in _walks().values()] == [True] * 6
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    walks = page.partition("## Six walks")[2]
    assert len(re.findall(r"^\d+\. ", walks, re.MULTILINE)) == sum(map(len, _walks().values()))


@pytest.mark.parametrize(
    ("path", "name"), sorted({stop for stops in _walks().values() for stop in stops})
)
def test_a_stop_of_a_walk_is_defined_in_its_module(path: str, name: str) -> None:
    tree = ast.parse((ROOT / "src/vaultsync" / path).read_text(encoding="utf-8"))
    definitions = ast.FunctionDef | ast.ClassDef
    assert name in [node.name for node in tree.body if isinstance(node, definitions)]


def test_every_test_that_the_page_on_security_names_is_there() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)
    assert len(named) == page.count("::test_")
    for path, name in named:
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
