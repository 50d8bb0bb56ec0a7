"""BibTeX and CSL JSON, read back by programs that others made."""

from __future__ import annotations

import json
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Entry, parse_string
from pybtex.richtext import Text
from tests.blocks.sample import TOML, block, note
from tests.conftest import needs
from tests.publish.pages import rendered

from vaultsync.publish.targets.bibliography import latex

PAPER = r'[On 100% & {braces}: C_1 # $5 ~ ^ \\ "quotes"](https://arxiv.org/pdf/2401.00001v3)'
DOI = "https://doi.org/10.1000/ABC_(1)%3C2%3E"
WEB = "https://example.org/a_b?x=1&y=%20#part"
LINES = f"""
- original: {PAPER}, Gödel & von Neumann 2024; NeurIPS 2024; section 2
- supporting: [Straße {{alone]({DOI}), Łukasz et al. 2023; Nature 2023; page 3
- supporting: [On 日本 the web]({WEB}), Open Source Initiative; opening
- discussion: [A talk](https://example.org/{{x}})
- contrary: [The same](https://arxiv.org/abs/2401.00001), Gödel et al. 2024
- follow-up: [Data](https://dx.doi.org/10.5281/zenodo.1), Ada and Bob 2020
"""
POST = "---\ntitle: Post\n---\n\n" + block("notes")
FILES = {
    "Post.md": POST,
    "Claims/a.md": note(f"Claim.\n\n## Sources\n{LINES}", title="A", status="open"),
    "Claims/b.md": note(
        "Not listed as it is a draft.\n\n## Sources\n\n- original: [SECRET](https://example.org/S)\n",
        title="B",
        status="draft",
    ),
}


def made(files: dict[str, str] = FILES) -> tuple[str, list[dict[str, Any]]]:
    found = rendered(files, TOML, ["bibliography"])
    assert sorted(found) == ["references.bib", "references.json"]
    return found["references.bib"].decode(), json.loads(found["references.json"])


def entries() -> dict[str, Entry]:
    return dict(parse_string(made()[0], "bibtex").entries.items())


def plain(text: str) -> str:
    return str(Text.from_latex(text))


def test_each_work_is_there_once_by_key() -> None:
    bib, items = made()
    keys = ["ada2020data", "godel2024100", "initiativeweb", "lukasz2023strasse", "talk"]
    assert list(entries()) == [item["id"] for item in items] == keys
    assert "SECRET" not in bib + str(items)


def test_an_arxiv_paper() -> None:
    found = entries()["godel2024100"]
    assert found.type == "misc"
    assert dict(found.fields) == {
        "title": r"{On 100\% \& \{braces\}: C\_1 \# \$5 {\textasciitilde} {\textasciicircum} "
        r'{\textbackslash} "quotes"}',
        "year": "2024",
        "howpublished": "NeurIPS 2024",
        "eprint": "2401.00001",
        "archiveprefix": "arXiv",
        "url": "https://arxiv.org/abs/2401.00001",
    }
    names = [(p.prelast_names, p.last_names) for p in found.persons["author"]]
    assert names == [([], [r"G{\"{o}}del"]), (["von"], ["Neumann"])]
    assert plain(found.persons["author"][0].last_names[0]) == "Gödel"


def test_a_work_with_a_doi() -> None:
    found = entries()
    article, data = found["lukasz2023strasse"], found["ada2020data"]
    assert (article.type, data.type) == ("article", "misc")
    assert article.fields["journal"] == "Nature 2023"
    assert article.fields["doi"] == "10.1000/abc_(1)<2>"
    assert article.fields["title"] == r"{Stra{\ss}e {\textbraceleft}alone}"
    assert [p.last_names for p in article.persons["author"]] == [[r"{\L}ukasz"], ["others"]]
    assert data.fields["doi"] == "10.5281/zenodo.1"


def test_what_is_on_the_web() -> None:
    found = entries()
    page, talk = found["initiativeweb"], found["talk"]
    assert page.fields["title"] == "{On 日本 the web}"
    assert page.fields["url"] == "https://example.org/a_b?x=1&y=%20#part"
    assert [p.last_names for p in page.persons["author"]] == [["{Open Source Initiative}"]]
    assert dict(talk.fields) == {
        "title": "{A talk}",
        "url": "https://example.org/%7Bx%7D",
    }


def test_csl_tells_the_same() -> None:
    found = {item["id"]: item for item in made()[1]}
    assert found["godel2024100"] == {
        "id": "godel2024100",
        "type": "article",
        "title": 'On 100% & {braces}: C_1 # $5 ~ ^ \\ "quotes"',
        "author": [{"family": "Gödel"}, {"family": "von Neumann"}],
        "issued": {"date-parts": [[2024]]},
        "container-title": "NeurIPS 2024",
        "publisher": "arXiv",
        "number": "arXiv:2401.00001",
        "URL": "https://arxiv.org/abs/2401.00001",
    }
    article = found["lukasz2023strasse"]
    assert (article["type"], article["DOI"]) == ("article-journal", "10.1000/abc_(1)<2>")
    assert article["author"] == [{"family": "Łukasz"}, {"literal": "others"}]
    assert found["ada2020data"]["type"] == "document"
    assert found["initiativeweb"]["type"] == "webpage"
    assert found["initiativeweb"]["author"] == [{"literal": "Open Source Initiative"}]
    assert found["talk"].keys() == {"id", "type", "title", "URL"}


def test_a_processor_of_citations_takes_it() -> None:
    with warnings.catch_warnings():
        # It knows a part of the standard alone and warns of itself.
        warnings.simplefilter("ignore")
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        source = CiteProcJSON(made()[1])
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        shelf = CitationStylesBibliography(style, source, formatter.plain)
        for key in source:
            shelf.register(Citation([CitationItem(key)]))
        lines = [str(line) for line in shelf.bibliography()]
    assert len(lines) == 5
    assert any("Gödel" in line and "On 100% & {braces}" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "form"), [("references.bib", "bibtex"), ("references.json", "csljson")]
)
def test_pandoc_takes_it(name: str, form: str, tmp_path: Path) -> None:
    needs("pandoc")
    file = tmp_path / name
    file.write_bytes(rendered(FILES, TOML, ["bibliography"])[name])
    done = subprocess.run(
        ["pandoc", "-f", form, "-t", "csljson", str(file)], capture_output=True, check=True
    )
    found = {item["id"]: item for item in json.loads(done.stdout)}
    assert done.stderr == b""
    assert len(found) == 5
    assert found["initiativeweb"]["title"] == "On 日本 the web"
    names = [name["family"] for name in found["godel2024100"]["author"]]
    assert names == ["Gödel", "Neumann"]


def test_two_works_that_would_have_one_key() -> None:
    line = "- original: [Scaling {0}](https://example.org/{0}), Ada 2024\n"
    two = note("C.\n\n## Sources\n\n" + line.format("a") + line.format("b"), title="T", status="o")
    keys = [item["id"] for item in made({"Post.md": POST, "Claims/a.md": two})[1]]
    assert len(set(keys)) == 2
    assert all(key.startswith("ada2024scaling-") for key in keys)
    turned = note(
        "C.\n\n## Sources\n\n" + line.format("b") + line.format("a"), title="T", status="o"
    )
    assert made({"Post.md": POST, "Claims/a.md": turned}) == made(
        {"Post.md": POST, "Claims/a.md": two}
    )


def test_a_work_of_which_no_word_is_latin() -> None:
    files = {
        "Post.md": POST,
        "Claims/a.md": note(
            "C.\n\n## Sources\n\n- original: [日本](https://example.org/x)\n", title="T", status="o"
        ),
    }
    (item,) = made(files)[1]
    assert item["id"].startswith("work-")


def test_nothing_cited_is_no_entry() -> None:
    assert made({"Post.md": "Words.\n"}) == ("", [])


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))))
def test_any_title_stays_within_its_braces(text: str) -> None:
    bib = f"@misc{{a,\n  title = {{{{{latex(text)}}}}},\n  note = {{end}},\n}}\n"
    assert dict(parse_string(bib, "bibtex").entries["a"].fields)["note"] == "end"
