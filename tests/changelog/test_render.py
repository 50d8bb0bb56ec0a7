"""What happened as JSON, and the schema that promises its shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.changelog.test_record import FILES, claim
from tests.repository import Repository
from tests.vaults import run

from vaultsync.changelog.compare import KINDS, Change
from vaultsync.changelog.render import as_json, lines_of
from vaultsync.changelog.replay import Day

SCHEMA = json.loads(Path(__file__).parents[2].joinpath("docs/schemas/changelog.json").read_text())


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    repo = Repository(tmp_path / "repo", FILES)
    repo.put(ants=claim(), bees=claim(title="Bees"))
    repo.commit()
    return repo


def shown(repo: Repository, *args: str) -> list[dict[str, Any]]:
    """Return the days that the command prints, which follow the schema."""
    found = repo.changelog(*args, "--output-format", "json")
    assert found.code == 0, found.err
    document = json.loads(found.out)
    jsonschema_rs.validate(SCHEMA, document, validate_formats=True)
    assert isinstance(document["days"], list)
    return document["days"]


def test_the_schema_knows_every_kind() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    assert SCHEMA["$defs"]["change"]["properties"]["kind"]["enum"] == list(KINDS)


def test_a_day_and_its_changes(repo: Repository) -> None:
    repo.put(ants=claim("It never holds."), bees=None)
    repo.put(cats=claim(title="Cats", body="## Open questions\n\n- Why?\n"))
    repo.commit("2026-01-02")
    commits = [repo.git("rev-parse", "HEAD").strip()]
    assert shown(repo)[0] == {
        "date": "2026-01-02",
        "note": None,
        "authors": ["Test Author"],
        "changes": [
            {
                "kind": "added",
                "path": "Claims/cats.md",
                "title": "Cats",
                "fields": {"claim": [None, "It holds."]},
                "commits": commits,
            },
            {
                "kind": "reworded",
                "path": "Claims/ants.md",
                "title": "Ants",
                "fields": {"claim": ["It holds.", "It never holds."]},
                "commits": commits,
                "words": [["It", "It never"]],
                "meaning": ["negation"],
            },
            {
                "kind": "removed",
                "path": "Claims/bees.md",
                "title": "Bees",
                "fields": {"claim": ["It holds.", None]},
                "commits": commits,
            },
        ],
    }


def test_a_merged_note_has_the_path_that_is_gone(repo: Repository) -> None:
    repo.put(ants=claim(aliases="[Bees]"), bees=None)
    (day,) = shown(repo, "--since", "HEAD")
    assert day["changes"] == [
        {
            "kind": "merged",
            "path": "Claims/bees.md",
            "title": "Bees",
            "fields": {"path": ["Claims/bees.md", "Claims/ants.md"]},
            "commits": [],
        }
    ]
    assert day["authors"] == []


def test_a_line_of_the_history_has_the_whole_texts_and_the_commits(repo: Repository) -> None:
    long = "It holds for ants, as far as I can see, and for bees, wasps and flies too."
    repo.put(ants=claim(long))
    repo.commit("2026-01-02")
    repo.put(ants=claim(f"{long} Never for cats."))
    first = repo.git("rev-parse", "HEAD")[:10]
    found = repo.changelog("--since", "2026-01-02")
    assert found.out == (
        "### 2026-01-02\n\n- Reworded [[ants|Ants]] (a negation and a hedge changed)\n"
        f"  - before: It holds.\n  - after: {long} Never for cats.\n"
        f"  - commit {first} by Test Author\n"
    )
    repo.day = "2026-01-03"
    found = repo.changelog("ants", "--since", "2026-01-03")
    assert found.out.endswith(f"after: {long} Never for cats.\n  - not committed\n")


BODY = """Caveat: it may not.

## Sources

- {role}: [S](https://e.org), Ada

## Related

- [[bees]]: {reason}
"""


def test_roles_and_reasons_name_what_they_are_of(repo: Repository) -> None:
    repo.put(ants=claim(body=BODY.format(role="original", reason="why")))
    repo.commit("2026-01-02")
    repo.put(ants=claim(body=BODY.format(role="contrary", reason="tension: why (crux: all)")))
    repo.commit("2026-01-03")
    repo.put(ants=claim())
    repo.commit("2026-01-04")
    pair = ["Claims/bees.md", "Claims/bees.md"]
    fields = [
        [(change["kind"], change["fields"]) for change in day["changes"]] for day in shown(repo)
    ]
    assert fields[:3] == [
        [
            ("reworded", {"caveat": ["it may not.", None]}),
            ("uncited", {"source": ["https://e.org", None]}),
            (
                "unlinked",
                {"related": [pair[0], None], "reason": ["tension: why (crux: all)", None]},
            ),
        ],
        [
            ("recast", {"role": ["original", "contrary"], "source": ["https://e.org"] * 2}),
            ("related", {"reason": ["why", "tension: why (crux: all)"], "related": pair}),
        ],
        [
            ("reworded", {"caveat": [None, "it may not."]}),
            ("cited", {"source": [None, "https://e.org"]}),
            ("linked", {"related": [None, pair[0]], "reason": [None, "why"]}),
        ],
    ]


@pytest.mark.parametrize("name", ["claim", "caveat", "role", "reason", "related", "question"])
def test_a_property_may_have_any_name(name: str) -> None:
    change = Change("changed", "a.md", "A", "", "x", name)
    (line,) = lines_of([change], lambda _path, _title: "[[a]]")
    assert line.text == f"Changed [[a]]: {name}: none → x"
    (day,) = json.loads(as_json([Day("2026-01-01", (change,))], {}))["days"]
    assert day["changes"][0]["fields"] == {name: [None, "x"]}


def test_what_is_said_of_a_day_and_days_without_changes(repo: Repository) -> None:
    repo.commit("2026-01-02")
    toml = repo.vault / "vaultsync.toml"
    days = '[changelog.days]\n2026-01-01 = "Start"\n2026-01-03 = "Rest"\n2020-01-01 = "Idea"\n'
    toml.write_text(f"{toml.read_text()}\n{days}")
    repo.commit("2026-01-03")
    repo.git("commit", "-q", "--allow-empty", "-m", "x\n\nChangelog: One\nChangelog: Two")
    repo.day = "2026-01-04"
    repo.git("commit", "-q", "--allow-empty", "-m", "x\n\nChangelog: Three\nchangelog: None")
    assert [(day["date"], day["note"]) for day in shown(repo)] == [
        ("2026-01-04", "Three"),
        ("2026-01-03", "Rest"),
        ("2026-01-01", "Start"),
        ("2020-01-01", "Idea"),
    ]
    assert [day["date"] for day in shown(repo, "--since", "2026-01-02")] == [
        "2026-01-04",
        "2026-01-03",
    ]


def test_one_note(repo: Repository) -> None:
    repo.put(ants=claim("It may hold."))
    repo.commit("2026-01-02")
    assert [day["date"] for day in shown(repo, "ants")] == ["2026-01-02", "2026-01-01"]
    assert [day["date"] for day in shown(repo, "Claims/bees.md")] == ["2026-01-01"]
    assert shown(repo, "bees", "--since", "2026-01-02") == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nobody"], "nobody: there is no such note in the vault, nor was there one"),
        (
            ["--since", "2026-13-01"],
            "`2026-13-01` is neither a day nor a commit of this repository",
        ),
        (["--since", ""], "`` is neither a day nor a commit of this repository"),
        ([""], "NOTE is empty: name a note"),
        (["--since", "nowhere"], "`nowhere` is neither a day nor a commit of this repository"),
        (["ants", "--check"], "they do not go with NOTE"),
        (["--since", "2026-01-01", "--rebuild"], "they do not go with NOTE"),
    ],
)
def test_what_cannot_be_told(repo: Repository, args: list[str], said: str) -> None:
    found = run(repo.vault, "changelog", *args)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
