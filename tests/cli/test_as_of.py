"""What a vault held at the end of an earlier day, from real repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.repository import Repository
from tests.vaults import run

TOML = """
[types.claim]
match = ["Claims/*.md"]
states.draft = { status = "draft" }
body.sections.Sources = { items = "source", first = "original" }
"""
GONE = '{"id":"x.org/a","state":"withdrawn","since":"2026-01-05","reason":"by its author"}\n'


def claim(text: str, status: str = "open") -> str:
    head = f"---\ntitle: {text.split(maxsplit=1)[0]}\nstatus: {status}\n---\n\n{text}\n"
    return f"{head}\n## Sources\n\n- original: [T](https://x.org/a), Lee 2024\n"


@pytest.fixture
def cats(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path, {"vaultsync.toml": TOML}, "vault")
    repository.put(cats=claim("Cats purr."), dogs=claim("Dogs bark.", "draft"))
    repository.commit("2026-01-05")
    (repository.vault / "sources.lock").write_text(GONE)
    repository.put(cats=None, felines=claim("Cats purr loudly."), dogs=claim("Dogs bark."))
    repository.commit("2026-01-07")
    return repository


def held(repository: Repository, *args: str) -> tuple[int, str, str]:
    return run(repository.vault, "changelog", "--as-of", *args)


CITED = "([Lee 2024](https://x.org/a){})"


def test_the_claims_of_a_day_are_those_that_readers_saw_then(cats: Repository) -> None:
    first = f"- Cats purr. {CITED.format('')}\n"
    mark = CITED.format(" (withdrawn)")
    assert held(cats, "2026-01-05") == held(cats, "2026-01-06") == (0, first, "")
    later = f"- Dogs bark. {mark}\n- Cats purr loudly. {mark}\n"
    assert held(cats, "2026-01-07") == held(cats, "2027-01-01") == (0, later, "")


def test_what_is_not_committed_is_of_no_day(cats: Repository) -> None:
    cats.put(felines=claim("Cats hiss."))
    assert "Cats hiss" not in held(cats, "2027-01-01")[1]


def test_the_claims_of_a_day_as_json(cats: Repository) -> None:
    code, out, err = held(cats, "2026-01-05", "--output-format", "json")
    found = json.loads(out)
    assert (code, err, found["version"], found["day"]) == (0, "", 1, "2026-01-05")
    assert found["notes"] == [
        {
            "path": "Claims/cats.md",
            "type": "claim",
            "title": "Cats",
            "claim": "Cats purr.",
            "properties": {"title": "Cats", "status": "open"},
            "sources": [{"role": "original", "url": "https://x.org/a", "cite": "Lee 2024"}],
        }
    ]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (("--check",), "--check, --diff and --rebuild are about the journal"),
        (("cats",), "--as-of is about all notes"),
        (("--since", "2026-01-01"), "--as-of is about all notes"),
    ],
)
def test_a_day_goes_with_nothing_else(
    cats: Repository, more: tuple[str, ...], problem: str
) -> None:
    done = held(cats, "2026-01-05", *more)
    assert (done[0], done[1], problem in done[2]) == (2, "", True)


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("2020-01-01", "this vault has no commit of 2020-01-01 or before"),
        ("2026-02-30", "`2026-02-30` is not a day: write it as 2026-01-31"),
        ("20260105", "`20260105` is not a day: write it as 2026-01-31"),
    ],
)
def test_a_day_without_a_vault_is_an_error(cats: Repository, day: str, problem: str) -> None:
    assert held(cats, day) == (2, "", f"error: --as-of: {problem}\n")
