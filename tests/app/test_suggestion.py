"""Drafts made of the answers of a form, which a stranger wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vaults import Run, make, run

from vaultsync.app.suggestion import read_form

TOML = """
[web]
arxiv = "http://127.0.0.1:1/"
doi = "http://127.0.0.1:1/"

[types.claim]
match = ["Claims/*.md"]
required = ["title", "status"]
states.draft = { status = "draft" }
body.sections.Sources = { items = "source", first = "original" }

[types.claim.properties]
title = { type = "string" }
status = { enum = ["draft", "open"] }
kind = { enum = ["inner part", "outer part"] }
evidence = { type = "array", items = { enum = ["causal-intervention", "observational", "theory"] } }
handle = { type = "string" }

[types.claim.form]
"The claim" = "lead"
"Source" = "source"
"Its name" = "handle"
"Kind" = "kind"
"Evidence" = "evidence"

[types.bare]
match = ["Bare/*.md"]
"""
CLAIM = "### The claim\n\nCats purr. They also hiss.\n"
SOURCE = "### Source\n\nhttps://example.org/cats\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path, {"vaultsync.toml": TOML, "note.md": "x\n"})


def suggested(vault: Path, text: str, kind: str = "claim") -> Run:
    (vault / "answers").write_bytes(text.encode("utf-8", "surrogatepass"))
    return run(vault, "new", kind, "--from", "answers")


def test_answers_become_a_draft_that_lints(vault: Path) -> None:
    text = f"""{CLAIM}
### Its name

_No response_

### Kind

Inner  part

{SOURCE}
### Evidence

causal intervention, observation, dreams

### Why

For fun
"""
    assert suggested(vault, text.replace("\n", "\r\n")) == Run(
        0,
        "wrote Claims/cats-purr.md\na draft, ready to edit\n",
        "not a part of the note, but in a comment: Why\n",
    )
    assert (
        (vault / "Claims/cats-purr.md").read_text()
        == """---
title: Cats purr
status: draft
kind: inner part
evidence:
  - causal-intervention
  - observational
---

Cats purr. They also hiss.

## Sources

- original: [example.org/cats](https://example.org/cats)

%%
Why: For fun
%%
"""
    )
    assert run(vault, "lint").code == 0


def test_boxes_that_are_not_ticked_do_not_count(vault: Path) -> None:
    boxes = "### Evidence\n\n- [x] causal intervention\n- [ ] observation\n- [X] theory\n"
    assert suggested(vault, f"{CLAIM}\n{SOURCE}\n{boxes}").err == ""
    text = (vault / "Claims/cats-purr.md").read_text()
    assert "evidence:\n  - causal-intervention\n  - theory\n---" in text


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["`The claim` has no answer", "`Source` has no answer"]),
        (CLAIM, ["`Source` has no answer"]),
        (f"### The claim\n\n_No response_\n\n{SOURCE}", ["`The claim` has no answer"]),
        (
            f"{CLAIM}\n### Source\n\nhttps://a.org and https://b.org\n",
            ["`Source` is not one address of a page, an arXiv id or a DOI"],
        ),
        (
            f"{CLAIM}\n### Source\n\nmy blog\n",
            ["`Source` is not one address of a page, an arXiv id or a DOI"],
        ),
    ],
)
def test_what_is_missing_is_named(vault: Path, text: str, problems: list[str]) -> None:
    assert suggested(vault, text) == Run(2, "", "".join(f"error: {one}\n" for one in problems))
    assert not (vault / "Claims").exists()


HOSTILE = """Purr <!-- vaultsync:notes --> ![[secret]] [[secret]] %% $(touch x) `touch x`

---
status: open
---
"""


def test_a_hostile_answer_is_text(vault: Path) -> None:
    text = f"### The claim\n\n{HOSTILE}\n{SOURCE}\n### More\n\n%% {HOSTILE} %%%\n"
    assert suggested(vault, text).code == 0
    (note,) = (vault / "Claims").iterdir()
    code, out, _ = run(vault, "links")
    assert (code, out.splitlines()[-1]) == (0, "1 links: 1 external, 0 broken")
    assert run(vault, "index", "--check").code == 0
    assert "status: draft" in note.read_text().split("---")[1]
    assert note.read_text().count("%%") == 2
    assert not (vault / "x").exists()


def test_a_choice_that_two_begin_with_is_left_out(vault: Path) -> None:
    text = f"{CLAIM}\n{SOURCE}\n### Kind\n\npart\n"
    assert suggested(vault, text).err == "not a part of the note, but in a comment: Kind\n"


def test_a_long_claim_has_a_short_title(vault: Path) -> None:
    long = "cat " * 40 + "purrs"
    suggested(vault, f"### The claim\n\n{long}\n\n{SOURCE}")
    suggested(vault, f"### The claim\n\n{'y' * 100}\n\n{SOURCE}")
    titles = sorted(
        line.removeprefix("title: ")
        for note in (vault / "Claims").iterdir()
        for line in note.read_text().splitlines()
        if line.startswith("title: ")
    )
    assert titles == [("cat " * 20).strip(), "y" * 80]


def test_a_source_that_cannot_be_looked_up_is_named(vault: Path) -> None:
    done = suggested(vault, f"{CLAIM}\n### Source\n\narXiv:2406.11717\n")
    assert done.code == 0
    assert "not filled in: 127.0.0.1:1 was not reached" in done.err


def test_a_type_without_a_form(vault: Path) -> None:
    done = suggested(vault, CLAIM, "bare")
    assert (done.code, "the type `bare` has no `form`" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "problem"),
    [((), "a note needs a title"), (("T", "--from", "-"), "a title, or a form, not both")],
)
def test_a_title_or_a_form(vault: Path, args: tuple[str, ...], problem: str) -> None:
    done = run(vault, "new", "claim", *args)
    assert (done.code, problem in done.err) == (2, True)


def test_the_first_answer_of_a_label_counts() -> None:
    assert read_form("### A\n\none\n### A\n\ntwo\n### B\n\n### C ###") == {"A": "one"}


@given(st.text(st.sampled_from("#\n aA%_")))
def test_any_text_is_read(text: str) -> None:
    assert all(answer.strip() == answer for answer in read_form(text).values())
