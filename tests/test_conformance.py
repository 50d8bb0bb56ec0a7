"""The public vectors: well formed, and right as far as we go by them."""

from __future__ import annotations

import functools
import json
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from conformance.asking import Result, asked, judge, tools
from conformance.run import table, wrong_ids
from conformance.situations import Case, Vector, broken, cases, is_certain, vectors

from tests import vaults
from vaultsync.markdown import parse
from vaultsync.notes.link_index import LinkIndex, find_heading

# Other tests cover all that these run.
pytestmark = pytest.mark.no_cover
FOLDER = Path(__file__).parents[1] / "conformance"
VECTORS = vectors()
OURS = tools()["vaultsync"]


def ids(chosen: list[Vector]) -> list[str]:
    return [vector["id"] for vector in chosen]


def start(command: list[str], folder: Path) -> tuple[int, str, str]:
    assert command[:3] == [sys.executable, "-m", "vaultsync"]
    return vaults.run(folder, *command[3:])


@functools.cache
def judged(vector_id: str) -> Result:
    """Return how we read a vector; the scoreboard counts what a test of each has found."""
    return judge(OURS, next(v for v in VECTORS if v["id"] == vector_id), start)


def of_kind(key: str) -> list[Vector]:
    return [vector for vector in VECTORS if key in vector]


def test_the_vectors_obey_their_schema() -> None:
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    data = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))
    errors = jsonschema_rs.Draft202012Validator(schema).iter_errors(data)
    assert [f"{error.instance_path}: {error.message}" for error in errors] == []


def test_ids_and_situations_are_unique() -> None:
    assert len(set(ids(VECTORS))) == len(VECTORS) > 400
    about = {"id", "group", "confidence", "evidence", "note"}
    facts = [json.dumps({k: v for k, v in row.items() if k not in about}) for row in VECTORS]
    assert sorted({fact for fact in facts if facts.count(fact) > 1}) == []


def test_what_a_link_leads_to_is_in_its_vault() -> None:
    for vector in of_kind("expect"):
        expect = vector["expect"]
        wanted = expect if isinstance(expect, list) else [expect]
        assert {vector["source"], *vector.get("text", {})} <= set(vector["files"]), vector["id"]
        assert isinstance(expect, dict | None) or set(wanted) <= set(vector["files"]), vector["id"]


def test_evidence_is_explained() -> None:
    explained = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))["evidence"]
    rules = (FOLDER / "README.md").read_text(encoding="utf-8")
    for vector in VECTORS:
        for said in vector["evidence"].replace(",", ";").split(";"):
            name = said.strip()
            known = name.startswith(tuple(explained)) or "#" in name or name == "not observed"
            assert known or f"**{name}** " in rules, vector["id"]


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if asked(OURS, v) and is_certain(v)], ids=lambda v: v["id"]
)
def test_a_vault_is_read_as_obsidian_reads_it(vector: Vector) -> None:
    assert judged(vector["id"]) == Result(vector, "right")


@pytest.mark.parametrize("vector", of_kind("hit"), ids=lambda v: v["id"])
def test_a_subpath_leads_to_one_heading(vector: Vector) -> None:
    document = parse("n.md", "\n\n".join(vector["headings"]))
    wanted = vector["hit"] - 1 if vector["hit"] else None
    assert find_heading(document, vector["subpath"]) == wanted


@pytest.mark.parametrize("vector", of_kind("tags"), ids=lambda v: v["id"])
def test_a_body_has_these_links_and_tags(vector: Vector) -> None:
    document = parse(vector["source"], vector["body"])
    assert [tag.name for tag in document.tags] == vector["tags"]
    assert [link.target for link in document.links] == vector["links"]


@pytest.mark.parametrize(
    "vector", [v for v in of_kind("expect") if isinstance(v["expect"], list)], ids=lambda v: v["id"]
)
def test_a_tie_has_all_its_candidates(vector: Vector) -> None:
    (link,) = parse(vector["source"], vector["link"]).links
    found = LinkIndex(vector["files"]).resolve(link.target, vector["source"])
    assert sorted(found) == sorted(vector["expect"])


def all_cases(vector: Vector) -> list[Case]:
    return list(cases(vector, wiki=True, targets=False))


def test_a_note_with_several_links_is_shown_with_each_of_them_broken() -> None:
    (vector,) = (v for v in VECTORS if v["id"] == "E017")
    whole, *others = all_cases(vector)
    assert (broken(whole.wanted), len(whole.wanted)) == (False, 3)
    missing = [sorted(set(whole.files) - set(case.files)) for case in others]
    assert missing == [["a.md"], ["b.md"], ["c.md"]]
    assert all(broken(case.wanted) for case in others)


def board() -> dict[str, list[str]]:
    lines = (FOLDER / "SCOREBOARD.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return {row[0]: row[1:] for row in rows}


def test_the_scoreboard_says_what_we_get_right() -> None:
    results = [judged(vector["id"]) for vector in VECTORS if asked(OURS, vector)]
    wanted = {row[0]: row[1] for row in table([results])}
    assert {group: cells[0] for group, cells in board().items() if group in wanted} == wanted
    text = (FOLDER / "SCOREBOARD.md").read_text(encoding="utf-8")
    described = text.partition("- **vaultsync**: `")[2].partition("- **")[0]
    assert f"  - Wrong: {wrong_ids(results)}\n" in described


def test_the_scoreboard_is_of_these_vectors() -> None:
    for column, tool in enumerate(tools().values()):
        number = sum(asked(tool, vector) and is_certain(vector) for vector in VECTORS)
        assert board()["all"][column].endswith(f" of {number}")
        name, _, version = board()["group"][column].partition(" ")
        assert (name, version[:1].isdigit()) == (tool.name, bool(tool.version))


def runner(*args: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, str(FOLDER / "run.py"), *args],
        env={"PYTHONPATH": str(vaults.SOURCES), "PATH": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_runner_asks_a_tool_of_the_list() -> None:
    code, out, err = runner("--tool", "vaultsync", "--only", "K001,K006,K029,H001,E015,E099,tags")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "all: 6 of 6"


def test_the_runner_asks_any_checker_by_its_exit_code() -> None:
    always = "{python} -c 'raise SystemExit(1)'"
    code, out, _ = runner("--command", always, "--only", "K001,K006,K182,E015")
    assert code == 1
    assert out == (
        "K001 (names, V) '[[Unique]]'\n"
        "    false alarm: wanted docs/Unique.md (a unique name is found in any folder)\n"
        "names: 1 of 2\n"
        "all: 1 of 2\n"
    )


def test_the_runner_asks_any_checker_by_what_it_prints(tmp_path: Path) -> None:
    checker = tmp_path / "checker.py"
    checker.write_text(
        "# Takes a note for broken that links to no note of the vault.\n"
        "import pathlib, sys\n"
        "text = pathlib.Path(sys.argv[1]).read_text()\n"
        "names = [note.stem for note in pathlib.Path().rglob('*.md')]\n"
        "print('' if any(f'[[{name}]]' in text for name in names) else 'leads nowhere')\n"
    )
    command = f"{{python}} {shlex.quote(checker.as_posix())} {{source}}"
    code, out, _ = runner("--command", command, "--broken", "nowhere", "--only", "K001,K006,E017")
    assert code == 1
    assert out.splitlines()[0].startswith("E017 ")
    assert "missed: wanted broken" in out
    assert out.splitlines()[-1] == "all: 2 of 3"


def test_a_tool_that_cannot_be_started_or_read_is_named() -> None:
    code, _, err = runner("--command", "no-such-tool", "--only", "K001")
    assert (code, err.startswith("cannot run: ")) == (2, True)
    code, out, _ = runner("--command", "{python} -c 'raise SystemExit(3)'", "--only", "K001")
    assert (code, "no answer: exit code 3" in out) == (1, True)
    assert runner("--tool", "nonesuch")[0] == 2


def test_a_vault_that_the_disk_cannot_hold_is_no_answer() -> None:
    vector = {**VECTORS[0], "files": ["a.md", "a.md/b.md"], "source": "a.md"}
    assert judge(OURS, vector, start).kind == "no answer"
