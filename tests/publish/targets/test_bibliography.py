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
from tests.blocks.sample import TOML as SAMPLE
from tests.blocks.sample import block, note
from tests.conftest import needs
from tests.publish.biber import read_back
from tests.publish.pages import rendered

from vaultsync.publish.targets.works import latex

TOML = f'{SAMPLE}\n[publish]\njournals = ["Nature"]\n'
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


def entries(files: dict[str, str] = FILES) -> dict[str, Entry]:
    return dict(parse_string(made(files)[0], "bibtex").entries.items())


def cited(*sources: str) -> dict[str, str]:
    """Return a vault with a note for each of these sources."""
    notes = {
        f"Claims/{number}.md": note(
            f"C.\n\n## Sources\n\n- original: {source}\n", title="T", status="o"
        )
        for number, source in enumerate(sources)
    }
    return {"Post.md": POST, **notes}


def test_each_work_is_there_once_by_key() -> None:
    bib, items = made()
    keys = ["ada2020data", "godel2024100", "lukasz2023strasse", "opensourceinitiativeweb", "talk"]
    assert list(entries()) == [item["id"] for item in items] == keys
    assert "SECRET" not in bib + str(items)


def test_an_arxiv_paper() -> None:
    found = entries()["godel2024100"]
    assert found.type == "inproceedings"
    assert dict(found.fields) == {
        "title": r"{On 100\% \& \{braces\}: C\_1 \# \$5 {\textasciitilde} {\textasciicircum} "
        r'{\textbackslash} "quotes"}',
        "booktitle": "NeurIPS",
        "year": "2024",
        "eprint": "2401.00001",
        "archiveprefix": "arXiv",
        "url": "https://arxiv.org/abs/2401.00001",
    }
    names = [(p.prelast_names, p.last_names) for p in found.persons["author"]]
    assert names == [([], ["Gödel"]), (["von"], ["Neumann"])]


def test_a_work_with_a_doi() -> None:
    found = entries()
    article, data = found["lukasz2023strasse"], found["ada2020data"]
    assert (article.type, data.type) == ("article", "misc")
    assert article.fields["journal"] == "Nature"
    assert article.fields["doi"] == "10.1000/abc_(1)<2>"
    assert article.fields["title"] == r"Straße {\textbraceleft}alone"
    assert [p.last_names for p in article.persons["author"]] == [["Łukasz"], ["others"]]
    assert data.fields["doi"] == "10.5281/zenodo.1"


def test_what_is_on_the_web() -> None:
    found = entries()
    page, talk = found["opensourceinitiativeweb"], found["talk"]
    assert page.fields["title"] == "On 日本 the web"
    assert page.fields["url"] == "https://example.org/a_b?x=1&y=%20#part"
    assert [p.last_names for p in page.persons["author"]] == [["{Open Source Initiative}"]]
    assert dict(talk.fields) == {
        "title": "A talk",
        "url": "https://example.org/%7Bx%7D",
    }


ARXIV = "https://arxiv.org/abs/2401.0000"


@pytest.mark.parametrize(
    ("source", "type_", "fields"),
    [
        (f"[T]({ARXIV}1), A 2023; ICML 2024; section 2", "inproceedings", "booktitle=ICML,2024"),
        (f"[T]({ARXIV}1), A 2023; ICML 2024 (talk)", "inproceedings", "booktitle=ICML,2024,talk"),
        (f"[T]({ARXIV}1), A 2023; Nature, 2024", "article", "journal=Nature,2024"),
        ("[T](https://example.org), A 2023; Nature; page 2", "article", "journal=Nature,2023"),
        (
            "[T](https://doi.org/10.1000/1), A 2023; Some Letters",
            "article",
            "journal=Some Letters,2023",
        ),
        ("[T](https://doi.org/10.1000/1), A 2023; section 2", "misc", "2023"),
        (f"[T]({ARXIV}1), A 2023; arXiv 2024; page 2", "misc", "2024"),
        (f"[T]({ARXIV}1), A 2023; arXiv; section 2", "misc", "2023"),
        (f"[T]({ARXIV}1), A 2023; section 2", "misc", "2023"),
        ("[T](https://example.org), A 2023; A Forum; page 2", "misc", "howpublished=A Forum,2023"),
        ("[T](https://example.org), A; ICML 2024", "inproceedings", "booktitle=ICML,2024"),
    ],
)
def test_a_venue_decides_the_type_and_the_year(source: str, type_: str, fields: str) -> None:
    (found,) = entries(cited(source)).values()
    places = {name: found.fields.get(name) for name in ("booktitle", "journal", "howpublished")}
    shown = [f"{name}={value}" for name, value in places.items() if value]
    shown += [found.fields[name] for name in ("year", "note") if name in found.fields]
    assert (found.type, ",".join(shown)) == (type_, fields)
    assert ("eprint" in found.fields) == ("arxiv" in source)
    (item,) = made(cited(source))[1]
    csl = {"article": "article-journal", "inproceedings": "paper-conference"}.get(type_)
    assert item["type"] == csl or (not csl and item["type"] in {"article", "document", "webpage"})
    assert item.get("note") == found.fields.get("note")
    assert item["issued"] == {"date-parts": [[int(found.fields["year"])]]}


def test_csl_tells_the_same() -> None:
    found = {item["id"]: item for item in made()[1]}
    assert found["godel2024100"] == {
        "id": "godel2024100",
        "type": "paper-conference",
        "title": 'On 100% & {braces}: C_1 # $5 ~ ^ \\ "quotes"',
        "author": [{"family": "Gödel"}, {"family": "von Neumann"}],
        "issued": {"date-parts": [[2024]]},
        "container-title": "NeurIPS",
        "URL": "https://arxiv.org/abs/2401.00001",
    }
    article = found["lukasz2023strasse"]
    assert (article["type"], article["DOI"]) == ("article-journal", "10.1000/abc_(1)<2>")
    assert article["author"] == [{"family": "Łukasz"}, {"literal": "others"}]
    assert found["ada2020data"]["type"] == "document"
    assert found["opensourceinitiativeweb"]["type"] == "webpage"
    assert found["opensourceinitiativeweb"]["author"] == [{"literal": "Open Source Initiative"}]
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


def test_biber_takes_it(tmp_path: Path) -> None:
    found, undated = read_back(made()[0].encode(), tmp_path)
    # What has no date is cited without one.
    assert undated == {"opensourceinitiativeweb", "talk"}
    paper = found["godel2024100"]
    assert [str(name) for name in paper.persons["author"]] == ["Gödel", "von Neumann"]
    assert (paper.fields["eprinttype"], paper.fields["eprint"]) == ("arXiv", "2401.00001")
    assert (paper.fields["booktitle"], paper.fields["date"]) == ("NeurIPS", "2024")
    assert found["lukasz2023strasse"].fields["journaltitle"] == "Nature"
    assert found["lukasz2023strasse"].persons["author"][1].last_names == ["others"]


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
    assert found["opensourceinitiativeweb"]["title"] == "On 日本 the web"
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


@pytest.mark.parametrize(("who", "start"), [("", "work-"), (", 王 2024", "work2024-")])
def test_a_work_of_which_no_word_is_latin(who: str, start: str) -> None:
    (item,) = made(cited(f"[日本](https://example.org/x){who}"))[1]
    assert item["id"].startswith(start)
    assert len(item["id"]) == len(start) + 6


def test_nothing_cited_is_no_entry() -> None:
    assert made({"Post.md": "Words.\n"}) == ("", [])


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))))
def test_any_title_stays_within_its_braces(text: str) -> None:
    bib = f"@misc{{a,\n  title = {{{{{latex(text)}}}}},\n  note = {{end}},\n}}\n"
    assert dict(parse_string(bib, "bibtex").entries["a"].fields)["note"] == "end"
