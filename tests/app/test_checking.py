"""A check that starts from what an earlier run kept equals one of which nothing is known."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import examples
from tests.lint.settings import TOML
from tests.vaults import committed, git, make

from vaultsync.app.lint import LintOptions, LintResult, lint, write_baseline
from vaultsync.app.workspace import APP_FILE, Workspace
from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import VaultsyncError
from vaultsync.infra import worktree
from vaultsync.lint import report
from vaultsync.lint.engine import Diagnostic
from vaultsync.lint.formats import NAMES as FORMATS
from vaultsync.lint.formats import render
from vaultsync.markdown.frontmatter.values import TYPES_FILE

BASELINE = "known.json"
CLAIM = "---\ntitle: {}\nstatus: open\nkind: idea\nmood: good\n---\n\n{}\n"
MOODLESS = CLAIM.replace("mood: good\n", "")
TESTED = "---\nchecked: 2026-01-05\ntested_on: cats\n---\n\n{}\n"
BLOCK = '<!-- vaultsync:notes type="claim" mood="good" -->\n\n<!-- /vaultsync -->'
PURR = "Cats purr when they are stroked, and also when they are hurt or alone at night."
# Each in a note of its own, so that nothing but what it names brings the note to be checked.
LINKS = (
    *("[[a]]", "[[A]]", "[[x/a]]", "[[a#B]]", "[[x/a#B]]", "[[a#^id]]", "[[b c#^id]]", "[[Woody]]"),
    *("[[One]]", "[[Two]]", "[[one]]", "[[p]]", "![[it.png]]", "![[x/it.png]]", "[[odd.xyz]]"),
    *("[t](b c.md)", "[t](b c.md#B)", "[[gone]]", BLOCK),
    *("[[Grokking]]", "[t](a.md#it)", "[t](a.md#b-c)"),
)
START = {
    FILE_NAME: TOML,
    **{f"links/{number}.md": f"{link}\n" for number, link in enumerate(LINKS)},
    "a.md": "# B\n\nText. ^id\n",
    "own.md": "# B c\n\n[t](#b-c)\n",
    "it.png": "",
    "Claims/one.md": CLAIM.format("One", "Text."),
    "Claims/two.md": MOODLESS.format("Two", "[[a#B]]"),
    "Tested/p.md": TESTED.format(PURR),
    ".gitignore": "other.md\n.vaultsync/\n",
}


class Outcome(NamedTuple):
    """What a run finds, in every format, and the fixed notes; or why there is no result."""

    findings: list[Diagnostic]
    texts: list[str]
    summary: str
    fixed: dict[str, bytes | None]
    refusal: str = ""


def outcome(root: Path, options: LintOptions) -> Outcome:
    """Return what a run of its own finds."""
    workspace = Workspace(
        str(root), staged=options.staged, since=options.since, cached=not options.no_cache
    )
    with closing(workspace):
        try:
            return _rendered(lint(options, workspace), workspace)
        except VaultsyncError as error:
            return Outcome([], [], "", {}, str(error))


def _rendered(result: LintResult, workspace: Workspace) -> Outcome:
    items = report.shown(result.findings, result.checked.context, workspace.from_top)
    texts = [render(name, items, lambda text, _style: text) for name in FORMATS]
    summary = report.summary(result.findings, result.checked, result.scope)
    return Outcome(result.findings, texts, summary, {one.path: one.data for one in result.outputs})


OTHER_MODES = (LintOptions(staged=True), LintOptions(since="HEAD"))
MODES = (LintOptions(), *OTHER_MODES)


def agree(
    root: Path, select: tuple[str, ...] = (), modes: Sequence[LintOptions] = MODES
) -> Outcome:
    """Check in some ways with the cache and without it; return what the first run finds."""
    found = []
    for mode in modes:
        options = msgspec.structs.replace(mode, select=select)
        warm = outcome(root, options)
        assert warm == outcome(root, msgspec.structs.replace(options, no_cache=True))
        found.append(warm)
    return found[0]


@pytest.mark.forks
@pytest.mark.parametrize("name", [b"odd.md", pytest.param(b"odd\xff.md", marks=pytest.mark.long)])
def test_many_notes_are_checked_alike_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: bytes
) -> None:
    links = [f"[[{n + 1}]] [[{n + 2}#T{n}]] [[a{n}]] [x](b c{n}.md) [[{n}x]]" for n in range(450)]
    notes = {
        f"{n % 7}/{n}.md": f"---\naliases: a{n + 9}\n---\n# T{n}\n{links[n]}\n" for n in range(450)
    }
    make(tmp_path, {**notes, os.fsdecode(name): "# T\n[[nothing]]\n", "it.png": ""})
    together = agree(tmp_path, modes=MODES[:1])
    assert len(together.findings) > len(notes)
    put(tmp_path, "3/3.md", "# T1\n")
    edited = agree(tmp_path, modes=MODES[:1])
    put(tmp_path, "3/3.md", notes["3/3.md"])
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert agree(tmp_path, modes=MODES[:1]) == together
    put(tmp_path, "3/3.md", "# T1\n")
    assert outcome(tmp_path, LintOptions(no_cache=True)) == edited


# What a person does to a vault, each with the folder and two values.


def put(root: Path, path: str, text: str) -> None:
    if not (root / path).is_symlink():
        make(root, {path: text.encode("utf-8", "surrogateescape")})


def move(root: Path, path: str, other: str) -> None:
    if (root / path).exists():
        (root / other).parent.mkdir(exist_ok=True)
        (root / path).replace(root / other)


def toggle(root: Path, path: str, text: str) -> None:
    """Delete a file, or write it where there is none."""
    if os.path.lexists(root / path):
        (root / path).unlink()
    else:
        put(root, path, text)


def dangle(root: Path, path: str) -> None:
    """Put a link to nowhere in the place of a note, which then cannot be read."""
    (root / path).unlink(missing_ok=True)
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).symlink_to("nowhere")


def write_known(root: Path) -> None:
    """Write the baseline of all that is found."""
    options = LintOptions(baseline=str(root / BASELINE), no_cache=True)
    with closing(Workspace(str(root), cached=False)) as workspace:
        try:
            folder, outputs, _ = write_baseline(options, workspace)
        except VaultsyncError:
            return
        worktree.write(str(folder), outputs)


def forget_known(root: Path, line: int) -> None:
    """Take a line out of the baseline, if it has so many."""
    lines = (root / BASELINE).read_text().splitlines(keepends=True)
    if 0 < line < len(lines) - 2:
        del lines[line]
        (root / BASELINE).write_text("".join(lines))


def track(root: Path, path: str) -> None:
    """Let git track a file, or no longer."""
    if git(root, "ls-files", "--", path):
        git(root, "rm", "-q", "-f", "--cached", "--", path)
    elif os.path.lexists(root / path):
        git(root, "add", "-f", "--", path)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-q", "--allow-empty", "-m", "state")


def switch(root: Path) -> None:
    """Commit all there is and go to the other branch."""
    commit(root)
    current = git(root, "branch", "--show-current").strip()
    tried(root, "switch", "-q", "side" if current != "side" else "-")


def merge(root: Path) -> None:
    """Begin to merge the other branch, which the next commit ends."""
    commit(root)
    tried(root, "merge", "-q", "--no-commit", "-X", "theirs", "side")


def tried(root: Path, *args: str) -> None:
    """Run git, which may refuse."""
    subprocess.run(["git", *args], cwd=root, capture_output=True, check=False)


NOTES = ("a.md", "x/a.md", "b c.md")
CLAIMS = ("Claims/one.md", "Claims/two.md")
PATHS = st.sampled_from(
    [
        *(*NOTES, *CLAIMS, "A.md", "Tested/p.md", "Tested/q.md", "it.png", "x/it.png", "odd.xyz"),
        *("Groking.md", "README.md"),
    ]
)
TITLES = st.sampled_from(["One", "one", "Two", "Woody"])
WOODY = "---\naliases: [Woody]\n---\n"
HEADS = st.sampled_from(
    [
        *("", "", WOODY, WOODY, "---\ntitle: Woody\n---\n", "---\na: b: c\n---\n"),
        *("---\ntitle: one\nup: '[[a]]'\n---\n", "---\nrating: high\n---\n"),
    ]
)
LINES = st.sampled_from(
    [
        *("[[a]]", "[[A]]", "[[x/a]]", "![[it.png]]", "[[a#B]]", "[[b c#^id]]", "[t](b c.md)"),
        *("[[Woody]]", "[[#B]]", "# B", "Text. ^id", "[^1]", "[^1]: note", "[[odd.xyz]]"),
        *("%% vaultsync-disable LNK001: so %%", "%% vaultsync-disable-file LNK %%", "[[aa]] #1"),
        *("## Open questions\n\n- Does it? answered: [[a]]", BLOCK, "[[gone#C]]", "\udcff"),
        *("[[Grokking]]", "[t](a.md#it)", "[t](a.md#b)", '<a name="it"></a>', "`<i id='it'>`"),
    ]
)
TEXTS = st.builds(
    lambda head, lines: head + "\n\n".join(lines) + "\n", HEADS, st.lists(LINES, max_size=4)
)
CLAIM_TEXTS = st.builds(str.format, st.sampled_from([CLAIM, MOODLESS]), TITLES, LINES)
TESTED_TEXTS = st.sampled_from(
    [TESTED.format(PURR), TESTED.format(PURR.replace("at night", "by day"))]
)
LINT = (
    *("", "[lint]\nignore = ['LNK005']\n", "[lint.severity]\nLNK = 'hint'\n"),
    *(f"[lint]\nbaseline = '{BASELINE}'\n", "[lint.per-file-ignores]\n'x/**' = ['LNK001']\n"),
    "[lint.per-file-severity]\n'Claims/**' = { LNK001 = 'warning' }\n",
)
SETTINGS = st.sampled_from(
    [
        *(TOML + lint for lint in LINT),
        *("exclude = ['a.md']\n" + TOML, LINT[3]),
        TOML.replace('"Claims/**"', '"x/**"'),
    ]
)
TYPES = st.sampled_from(
    ["{}", '{"types": {"rating": "number"}}', '{"types": {"aliases": "text", "rating": "date"}}']
)
APP = st.sampled_from(["{}", '{"userIgnoreFilters": ["a.md", "/b c/"]}'])
IGNORED = st.lists(PATHS, max_size=2).map(lambda paths: "\n".join([START[".gitignore"], *paths]))

Step = tuple[Callable[..., None], Sequence[object]]
EDITS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just(toggle), st.tuples(PATHS, TEXTS)),
    st.tuples(st.just(toggle), st.tuples(st.sampled_from(["a.md", "x/a.md", "it.png"]), TEXTS)),
    st.tuples(st.just(put), st.tuples(st.sampled_from(NOTES), TEXTS)),
    st.tuples(st.just(put), st.tuples(st.sampled_from(CLAIMS), CLAIM_TEXTS)),
    st.tuples(st.just(put), st.tuples(PATHS, CLAIM_TEXTS | TESTED_TEXTS)),
    st.tuples(st.just(move), st.tuples(PATHS, PATHS)),
    st.tuples(st.just(track), st.tuples(st.sampled_from(["a.md", "it.png", "b c.md"]))),
)
OTHERS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just(dangle), st.tuples(PATHS)),
    st.tuples(st.just(put), st.tuples(st.just(FILE_NAME), SETTINGS)),
    st.tuples(st.just(put), st.tuples(st.just(TYPES_FILE), TYPES)),
    st.tuples(st.just(put), st.tuples(st.just(APP_FILE), APP)),
    st.tuples(st.just(put), st.tuples(st.just(".gitignore"), IGNORED)),
    st.tuples(st.just(forget_known), st.tuples(st.integers(1, 4))),
    st.tuples(st.just(put), st.tuples(st.sampled_from(["links/0.md", "links/3.md"]), TEXTS)),
    st.tuples(st.sampled_from([write_known, commit, switch, merge]), st.tuples()),
)
ROUNDS = st.lists(
    st.tuples(
        st.lists(st.one_of(EDITS, EDITS, EDITS, OTHERS), min_size=1, max_size=2),
        st.lists(st.sampled_from(OTHER_MODES), max_size=2, unique=True),
    ),
    min_size=4,
    max_size=8,
)
# By itself, a rule is not helped by what reaches another.
SELECT = st.sampled_from(
    [
        *((), (), (), (), ("LNK013",), ("FIL002",), ("FIL",), ("LNK", "FIL")),
        *(("BDY009", "MRK"), ("ALL",)),
    ]
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with a vault in a folder of it, two branches, a baseline and a cache."""
    top = tmp_path_factory.mktemp("template")
    root = make(top / "vault", START)
    write_known(root)
    committed(top)
    agree(root)
    git(top, "branch", "side")
    return top


Rounds = list[tuple[list[Step], list[LintOptions]]]


@examples(3)
@given(ROUNDS, SELECT)
def test_a_warm_run_equals_a_cold_one_after_any_changes(
    template: Path, rounds: Rounds, select: tuple[str, ...]
) -> None:
    compare(template, rounds, select)


@pytest.mark.long
@examples(12)
@given(ROUNDS, SELECT)
def test_a_warm_run_equals_a_cold_one_after_many_more_changes(
    template: Path, rounds: Rounds, select: tuple[str, ...]
) -> None:
    compare(template, rounds, select)


def compare(template: Path, rounds: Rounds, select: tuple[str, ...]) -> None:
    """Change a copy of the vault round by round, and compare both runs after each."""
    with TemporaryDirectory() as folder:
        root = copied(template, Path(folder, "top"))
        for steps, modes in rounds:
            for step, values in steps:
                step(root, *values)
            agree(root, select, (LintOptions(), *modes))


def copied(template: Path, top: Path) -> Path:
    """Return the vault in a copy of the repository; a copy takes less time than a new one."""
    subprocess.run(["cp", "-a", str(template), str(top)], check=True)
    return top / "vault"


@pytest.mark.parametrize(
    ("step", "values", "select", "path"),
    [
        (toggle, ("it.png", ""), (), "links/12.md"),
        (toggle, ("a.md", ""), ("LNK001", "LNK017"), "links/0.md"),
        (put, ("a.md", "# C\n"), (), "links/3.md"),
        (put, ("a.md", "---\naliases: [Woody]\n---\n"), ("LNK007",), "links/7.md"),
        (put, ("Claims/two.md", CLAIM.format("One", "")), ("FIL002",), "Claims/one.md"),
        (put, ("Tested/q.md", TESTED.format(PURR)), ("BDY009",), "Tested/p.md"),
        (track, ("it.png",), ("LNK013",), "links/12.md"),
        (toggle, ("A.md", ""), ("FIL009",), "a.md"),
        (toggle, ("b c.md", ""), ("LNK009",), "links/15.md"),
        (put, ("Claims/one.md", MOODLESS.format("One", "")), ("MRK001",), "links/18.md"),
        (put, ("Groking.md", ""), (), "links/19.md"),
        (put, ("a.md", '# B\n\nText. ^id <a id="it">\n'), (), "links/20.md"),
        (put, ("a.md", "# B c\n"), (), "links/21.md"),
        (put, (TYPES_FILE, "{}"), (), "own.md"),
    ],
    ids=[
        *("name", "name of a note", "place", "alias", "title", "claims", "untracked", "paths"),
        *("text", "blocks", "names that are near", "name in HTML", "anchor", "settings"),
    ],
)
def test_a_change_reaches_a_note_that_it_does_not_touch(
    template: Path,
    tmp_path: Path,
    step: Callable[..., None],
    values: tuple[object, ...],
    select: tuple[str, ...],
    path: str,
) -> None:
    root = copied(template, tmp_path / "top")
    before = agree(root, select, MODES[:1])
    step(root, *values)
    after = agree(root, select, MODES[:1])
    here = [[found for found in those.findings if found.path == path] for those in (before, after)]
    assert here[0] != here[1]


JOURNAL = "<!-- vaultsync:changelog -->\n\n### 2026-01-03\n\n- Added A\n\n<!-- /vaultsync -->\n"


def test_a_day_that_is_in_the_future_until_it_has_come(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied(template, tmp_path / "top")
    put(root, "Changelog.md", JOURNAL)
    put(root, FILE_NAME, f"{TOML}\n[changelog]\ntimezone = 'UTC'\n")
    found = []
    for hour in (23, 24, 25, 23):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(_JANUARY_2 + hour * 3600))
        found.append(_future_days(agree(root)))
    assert found == [1, 0, 0, 1]
    assert _future_days(outcome(root, LintOptions(staged=True))) == 0
    assert _future_days(outcome(root, LintOptions(since="HEAD"))) == 1
    commit(root)
    put(root, "a.md", "[[d/x]]\n")
    assert _future_days(agree(root)) == 1
    assert _future_days(outcome(root, LintOptions(since="HEAD"))) == 0
    put(root, "Changelog.md", JOURNAL + "%% vaultsync-disable-file BDY013: planned %%\n")
    assert _future_days(agree(root)) == 0


def test_without_a_time_zone_a_day_that_has_come_somewhere_is_today(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied(template, tmp_path / "top")
    put(root, "Changelog.md", JOURNAL)
    found = []
    for hour in (9, 10):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(_JANUARY_2 + hour * 3600))
        found.append(_future_days(agree(root)))
    assert found == [1, 0]


# Midnight, UTC.
_JANUARY_2 = 1767312000


def _future_days(found: Outcome) -> int:
    return sum(one.code == "BDY013" for one in found.findings)
